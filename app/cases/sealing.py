"""What is sealed in a programme and opened again: names, and reasons, which tend to name people."""

import secrets
from dataclasses import dataclass
from typing import NamedTuple

from app.cases.errors import IDENTITY_UNREADABLE
from app.kit.access import Scope
from app.kit.crypto import SALT_LENGTH, Place, Unreadable, commit, open_, seal
from app.kit.errors import Problem


class Sealed(NamedTuple):
    """A sealed field, and the commitment to it that may stand in the journal."""

    blob: bytes
    commitment: str


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who acts on what is sealed: the caller, and the key of the server."""

    scope: Scope
    key: bytes

    def seal(self, place: Place, plaintext: bytes) -> Sealed:
        """A plaintext sealed for its place."""
        salt = secrets.token_bytes(SALT_LENGTH)
        return Sealed(seal(self.key, place, plaintext, salt=salt), commit(place, salt, plaintext))

    def open(self, place: Place, blob: bytes) -> bytes:
        """What is sealed at a place; 500 `identity_unreadable` where somebody changed or moved it, or the key is another."""
        try:
            return open_(self.key, place, blob).plaintext
        except Unreadable:
            raise Problem(IDENTITY_UNREADABLE) from None
