"""Checkpoints as text: C2SP tlog-checkpoint, signed as C2SP signed-note says. `docs/reference/journal.md` states the same."""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from app.kit import crypto

ED25519 = b"\x01"
ID_LENGTH = 4
_NOTE = re.compile(
    r"^(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n\n(?:— [^\s+]+ [A-Za-z0-9+/=]+\n)+", re.MULTILINE
)


class Stated(NamedTuple):
    """What a checkpoint says of a log: the origin, how many leaves, and their root."""

    origin: str
    size: int
    root: bytes


def origin_of(instance: UUID, log: UUID) -> str:
    """The first line of a log's checkpoints."""
    return f"{instance}/{log}"


def body(stated: Stated) -> str:
    """What is signed of a checkpoint."""
    return f"{stated.origin}\n{stated.size}\n{_base64(stated.root)}\n"


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature names its key."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:ID_LENGTH]


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one installation."""

    instance: UUID
    seed: bytes

    def origin(self, log: UUID) -> str:
        """The origin of a log of this installation."""
        return origin_of(self.instance, log)

    def sign(self, stated: Stated) -> str:
        """The text of a checkpoint."""
        text = body(stated)
        signed = key_id(stated.origin, crypto.public_key(self.seed)) + crypto.sign(self.seed, text.encode())
        return f"{text}\n— {stated.origin} {_base64(signed)}\n"

    def key(self, log: UUID) -> str:
        """The key that checks the checkpoints of a log, as it is handed out."""
        name, public = self.origin(log), crypto.public_key(self.seed)
        return f"{name}+{key_id(name, public).hex()}+{_base64(ED25519 + public)}"


def read(text: str) -> Iterator[Stated]:
    """What the checkpoints in a text say, in their order; whatever else stands there is passed over, signatures are not looked at."""
    for found in _NOTE.finditer(text):
        yield Stated(found["origin"], int(found["size"]), base64.b64decode(found["root"]))


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
