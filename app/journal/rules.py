"""Hashing of the journal (RFC 6962, section 2.1) and the canonical form of its leaves (RFC 8785).

Values in, values out. `docs/reference/journal.md` states the same with test vectors.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

LEAF = b"\x00"
NODE = b"\x01"
HASH_LENGTH = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def canonical(value: Any) -> bytes:
    """Canonical JSON: keys sorted, no blanks, UTF-8. Keys are ASCII and numbers are integers, so this is RFC 8785."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def commitment_to_showing(log: str, salt: bytes, said: bytes) -> bytes:
    """What a leaf says of who was shown what, without saying it."""
    return hashlib.sha256(b"hearsight-shown-1\x00" + log.encode() + b"\x00" + salt + said).digest()


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf's bytes."""
    return hashlib.sha256(LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(NODE + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """A growing Merkle tree by its size and the roots of its perfect subtrees, largest first (at most 64)."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def read(cls, size: int, stored: bytes) -> "Frontier":
        """The frontier from its stored form."""
        return cls(size, [stored[start : start + HASH_LENGTH] for start in range(0, len(stored), HASH_LENGTH)])

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        carried, size = leaf, self.size
        while size & 1:
            carried = node_hash(self.peaks.pop(), carried)
            size >>= 1
        self.peaks.append(carried)
        self.size += 1

    def stored(self) -> bytes:
        """The peaks as they are kept."""
        return b"".join(self.peaks)

    def root(self) -> bytes:
        """The Merkle tree hash of all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()
