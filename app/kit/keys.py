"""Key files: read with care, made once by `migrate`, never shown.

Four files under `$HEARSIGHT_DATA_DIR/keys`, mode 0400: `token.json` holds the ring of 32-byte token keys by their ids, `server.json` one
32-byte key from which keys for other purposes follow (RFC 5869 in spirit: one HMAC per purpose), `identity.json` the 32-byte key that names
of people are sealed with, `checkpoint.json` the 32-byte Ed25519 key that signs what the journal holds, with the id of the installation. The
last two have files of their own, so that they can lie apart from what they open, and outlive every other key.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

KEY_LENGTH = 32
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Keys:
    """What a server signs and recognises with. `ring` is newest first."""

    ring: dict[str, bytes]
    server: bytes
    identity: bytes
    checkpoint: bytes
    instance: UUID

    def derive(self, purpose: str) -> bytes:
        """A key for one purpose; keys of two purposes tell nothing of each other."""
        return hmac.digest(self.server, b"hearsight-1\0" + purpose.encode(), hashlib.sha256)


class KeyFault(RuntimeError):  # noqa: N818 - not an error of the program
    """A key file that cannot be used; the text names the file and no key."""


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """Where a server's keys lie."""

    token: Path
    server: Path
    identity: Path
    checkpoint: Path


def load(files: KeyFiles) -> Keys:
    """The keys of a server; `KeyFault` where a file is missing, readable by others or not of the right shape."""
    ring = {kid: _decode(key, files.token) for kid, key in _read(files.token).items()}
    if not ring:
        raise KeyFault(f"{files.token} holds no key")
    return Keys(
        ring,
        _only("server", files.server),
        _only("identity", files.identity),
        checkpoint=_only("checkpoint", files.checkpoint),
        instance=_instance(files.checkpoint),
    )


def make(files: KeyFiles) -> None:
    """Make the key files that are missing."""
    if not files.checkpoint.exists():
        _write(files.checkpoint, {"instance": str(uuid4()), "checkpoint": _fresh()})
    for name, file in (("server", files.server), ("identity", files.identity), (f"k{secrets.token_hex(4)}", files.token)):
        if not file.exists():
            _write(file, {name: _fresh()})


def _only(name: str, file: Path) -> bytes:
    return _decode(_read(file).get(name, ""), file)


def _instance(file: Path) -> UUID:
    try:
        return UUID(_read(file).get("instance", ""))
    except ValueError:
        raise KeyFault(f"{file} does not say whose key it is") from None


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_LENGTH)).decode()


def _write(file: Path, content: dict[str, str]) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "w", encoding="ascii") as target:
        json.dump(content, target)


def _read(file: Path) -> dict[str, str]:
    try:
        if file.stat().st_mode & _OTHERS:
            raise KeyFault(f"{file} can be read by others; its mode must be 0400")
        found = json.loads(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        raise KeyFault(f"{file} is missing or cannot be read; `python3 -m app migrate` makes it") from None
    if not isinstance(found, dict):
        raise KeyFault(f"{file} has not the shape of a key file")
    return found


def _decode(text: str, file: Path) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        key = b""
    if len(key) != KEY_LENGTH:
        raise KeyFault(f"{file} holds a key that is not 32 bytes long")
    return key
