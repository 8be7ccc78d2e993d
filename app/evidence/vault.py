"""Files as they lie: in sealed pieces under random names, each bound to its file and to where in the file it begins.

Whoever takes the disk or the bucket has bytes; a piece that was changed, or moved to another place or another file, does not open.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from secrets import token_hex

from app.evidence.schemas import Piece, Place
from app.kit import crypto, errors
from app.kit.blobs import Blobs
from app.kit.errors import Problem

CONTENT = "content"
_TOLD_APART = 16
_RETRY_AFTER = {"Retry-After": "60"}


@dataclass(frozen=True, slots=True)
class Vault:
    """A store, and the key with which everything in it is sealed."""

    blobs: Blobs
    key: bytes

    def keep(self, place: Place, content: bytes, *, part: str = CONTENT, start: int = 0) -> str:
        """The name under which a part of a file lies from now on."""
        name = f"{place.folder}/{token_hex(16)}"
        self.blobs.put(name, crypto.seal(self.key, _where(place, part, start), content))
        return name

    def open(self, place: Place, name: str, *, part: str = CONTENT, start: int = 0) -> bytes:
        """What was kept; 503 `storage_unavailable` where it is not what it was, or not there: somebody must look after the store."""
        try:
            return crypto.open_(self.key, _where(place, part, start), self.blobs.read(name)).plaintext
        except (KeyError, crypto.Unreadable):
            raise Problem(errors.STORAGE_UNAVAILABLE, headers=_RETRY_AFTER) from None

    def contents(self, place: Place, pieces: Iterable[Piece]) -> Iterator[bytes]:
        """A file, a piece at a time."""
        for each in pieces:
            yield self.open(place, each.name, start=each.start)

    def is_mine(self, name: str) -> bool:
        """Whether what lies under a name was sealed with this key, and not left there by another server or a person."""
        return crypto.is_sealed_with(self.key, self.blobs.beginning(name, _TOLD_APART))

    def clear(self, place: Place) -> None:
        """Let go of all that lies of a file."""
        self.blobs.remove(*self.blobs.names(place.folder))


def _where(place: Place, part: str, start: int) -> crypto.Place:
    return crypto.Place(place.programme_id, "attachment", part, place.id, start)
