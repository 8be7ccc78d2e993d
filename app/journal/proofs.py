"""Proofs over a Merkle tree (RFC 6962, 2.1.1 and 2.1.2; RFC 9162, 2.1.3 and 2.1.4): what they are made of, and whether they hold.

Values in, values out. A proof is a list of hashes from the leaf towards the root; each is the hash of a range of leaves, and each range
falls into perfect subtrees, whose hashes never change once they are there.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.journal.rules import EMPTY_ROOT, Frontier, node_hash

Range = tuple[int, int]
"""Leaves from the first number up to, and without, the second."""


class Node(NamedTuple):
    """A perfect subtree: the `place`-th one of 2^`level` leaves."""

    level: int
    place: int

    @property
    def end(self) -> int:
        """The number behind its last leaf."""
        return (self.place + 1) << self.level


def largest_power_below(n: int) -> int:
    """The largest power of two smaller than n (n > 1)."""
    return 1 << (n - 1).bit_length() - 1


def inclusion_ranges(seq: int, size: int) -> list[Range]:
    """The ranges whose hashes prove that leaf `seq` is among the first `size` (0 <= seq < size), in the order of the proof."""
    found: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + largest_power_below(end - start)
        if seq < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(first: int, second: int) -> list[Range]:
    """The ranges whose hashes prove that the first `first` leaves begin the first `second` (0 < first <= second)."""
    found: list[Range] = []
    start, end = 0, second
    while first != end:
        middle = start + largest_power_below(end - start)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    # What is left ends where the old tree ends. Where it is all of the old tree, its root is known to who asks.
    return ([(start, end)] if start else []) + found[::-1]


def perfect_parts(start: int, end: int) -> list[Node]:
    """The perfect subtrees that a range of a proof falls into, from left to right; its start is a multiple of each."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(Node(level, start >> level))
        start += 1 << level
    return found


def joined(parts: Sequence[bytes]) -> bytes:
    """The hash of a range from those of its perfect subtrees."""
    if not parts:
        return EMPTY_ROOT
    found = parts[-1]
    for part in reversed(parts[:-1]):
        found = node_hash(part, found)
    return found


def grow(frontier: Frontier, leaf: bytes, level: int) -> Iterator[tuple[Node, bytes]]:
    """Add a leaf to a tree; gives the perfect subtrees that it completes, from a level upwards, with their hashes."""
    carried, size, height = leaf, frontier.size, 0
    frontier.size += 1
    while True:
        if height >= level:
            yield Node(height, (frontier.size >> height) - 1), carried
        if not size & 1:
            break
        carried = node_hash(frontier.peaks.pop(), carried)
        size >>= 1
        height += 1
    frontier.peaks.append(carried)


def includes(leaf: bytes, seq: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that the hash of a leaf stands at `seq` among `size` (RFC 9162, 2.1.3.2)."""
    if not 0 <= seq < size:
        return False
    at, last, found = seq, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(each, found)
            at, last = _up_to_a_right_child(at, last)
        else:
            found = node_hash(found, each)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def extends(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Whether a proof shows that a tree of `first` leaves begins one of `second` (RFC 9162, 2.1.4.2)."""
    if first == second:
        return not proof and first_root == second_root
    if not 0 < first < second or not proof:
        return False
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(each, old), node_hash(each, new)
            at, last = _up_to_a_right_child(at, last)
        else:
            new = node_hash(new, each)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _up_to_a_right_child(at: int, last: int) -> tuple[int, int]:
    """Both numbers as many levels up as the first is a left child on; the way from there on is the same for both trees."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last
