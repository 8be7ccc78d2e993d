"""Proofs hold for what they are about and for nothing else: every size to 70 against the RFC word by word, larger ones by chance."""

import hashlib
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.journal import proofs, rules

SIZES = range(1, 71)
LEAVES = [rules.leaf_hash(str(n).encode()) for n in range(5000)]


def split(size):
    return 1 << (size - 1).bit_length() - 1


@cache
def root(start, end):
    """RFC 6962, 2.1."""
    if end == start:
        return hashlib.sha256().digest()
    if end - start == 1:
        return LEAVES[start]
    middle = start + split(end - start)
    return hashlib.sha256(b"\1" + root(start, middle) + root(middle, end)).digest()


def path(seq, start, end):
    """RFC 6962, 2.1.1."""
    if end - start == 1:
        return []
    middle = start + split(end - start)
    if seq < middle:
        return [*path(seq, start, middle), root(middle, end)]
    return [*path(seq, middle, end), root(start, middle)]


def subproof(size, start, end, *, is_known):
    """RFC 6962, 2.1.2."""
    if size == end:
        return [] if is_known else [root(start, end)]
    middle = start + split(end - start)
    if size <= middle:
        return [*subproof(size, start, middle, is_known=is_known), root(middle, end)]
    return [*subproof(size, middle, end, is_known=False), root(start, middle)]


def hashed(ranges):
    """The hashes of ranges, each put together from its perfect subtrees."""
    parts = [[root(node.place << node.level, node.end) for node in proofs.perfect_parts(*each)] for each in ranges]
    return [proofs.joined(each) for each in parts]


def spoilt(proof):
    """A proof with a node changed, dropped, doubled, put in at each place, and swapped with the next."""
    for at in range(len(proof)):
        yield [*proof[:at], rules.node_hash(proof[at], b""), *proof[at + 1 :]]
        yield [*proof[:at], *proof[at + 1 :]]
        yield [*proof[: at + 1], *proof[at:]]
        if at and proof[at] != proof[at - 1]:
            yield [*proof[: at - 1], proof[at], proof[at - 1], *proof[at + 1 :]]
    for at in range(len(proof) + 1):
        yield [*proof[:at], bytes(32), *proof[at:]]


@pytest.mark.parametrize("size", SIZES)
def test_an_inclusion_proof_is_that_of_the_book_and_shows_one_leaf_at_one_place_only(size):
    other = root(0, size + 1)
    for seq in range(size):
        proof = hashed(proofs.inclusion_ranges(seq, size))
        assert proof == path(seq, 0, size)
        assert proofs.includes(LEAVES[seq], seq, size, proof, root(0, size))
        assert not proofs.includes(LEAVES[seq], seq, size, proof, other)
        assert not proofs.includes(LEAVES[size], seq, size, proof, root(0, size))
        assert not any(proofs.includes(LEAVES[seq], at, size, proof, root(0, size)) for at in range(-1, size + 2) if at != seq)
        assert not any(proofs.includes(LEAVES[seq], seq, size, bad, root(0, size)) for bad in spoilt(proof))


@pytest.mark.parametrize("second", SIZES)
def test_a_consistency_proof_is_that_of_the_book_and_joins_these_two_trees_only(second):
    for first in range(1, second + 1):
        proof = hashed(proofs.consistency_ranges(first, second))
        assert proof == subproof(first, 0, second, is_known=True)
        old, new = root(0, first), root(0, second)
        assert proofs.extends(first, second, proof, old, new)
        assert not proofs.extends(first, second, proof, rules.leaf_hash(old), new)
        assert not proofs.extends(first, second, proof, old, rules.leaf_hash(new))
        assert not any(proofs.extends(first, second, bad, old, new) for bad in spoilt(proof))


@pytest.mark.parametrize("second", SIZES)
def test_a_tree_is_not_shown_to_begin_with_other_sizes(second):
    for first in range(1, second):
        proof = hashed(proofs.consistency_ranges(first, second))
        for other in range(second + 2):
            if other != first:
                assert not proofs.extends(other, second, proof, root(0, first), root(0, second))


def test_what_is_no_proof_at_all_holds_nothing():
    assert not proofs.includes(LEAVES[0], 0, 0, [], rules.EMPTY_ROOT)
    assert not proofs.extends(0, 3, [], rules.EMPTY_ROOT, root(0, 3))
    assert not proofs.extends(4, 3, [LEAVES[0]], root(0, 4), root(0, 3))
    assert not proofs.extends(2, 3, [], root(0, 2), root(0, 3))


places = st.integers(1, 5000).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1)))


@settings(max_examples=300, deadline=None)
@given(places, st.data())
def test_proofs_hold_in_trees_of_any_size(place, data):
    size, seq = place
    proof = hashed(proofs.inclusion_ranges(seq, size))
    assert proof == path(seq, 0, size)
    assert proofs.includes(LEAVES[seq], seq, size, proof, root(0, size))
    joint = hashed(proofs.consistency_ranges(seq + 1, size))
    assert joint == subproof(seq + 1, 0, size, is_known=True)
    assert proofs.extends(seq + 1, size, joint, root(0, seq + 1), root(0, size))
    if proof:
        at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
        proof[at] = (int.from_bytes(proof[at]) ^ 1 << bit).to_bytes(32)
        assert not proofs.includes(LEAVES[seq], seq, size, proof, root(0, size))


@pytest.mark.parametrize("level", [0, 1, 4])
def test_a_growing_tree_gives_every_perfect_subtree_once_and_keeps_its_peaks(level):
    frontier, plain, found = rules.Frontier(), rules.Frontier(), {}
    for size, leaf in enumerate(LEAVES[:200], 1):
        for node, digest in proofs.grow(frontier, leaf, level):
            assert node not in found
            found[node] = digest
        plain.append(leaf)
        assert (frontier.size, frontier.peaks, frontier.root()) == (size, plain.peaks, root(0, size))
    expected = {proofs.Node(height, at) for height in range(level, 8) for at in range(200 >> height)}
    assert found == {node: root(node.place << node.level, node.end) for node in expected}
