"""A sealed field opens where it was sealed, with the key that sealed it, unchanged, and nowhere else."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.crypto import Place, Unreadable, commit, kid_of, open_, seal

KEY = bytes(range(32))
PLACE = Place(UUID(int=1), "identity", "sealed", UUID(int=2), 3)
ELSEWHERE = {
    "programme_id": UUID(int=9),
    "table": "identity_reveal",
    "column": "reason",
    "row_id": UUID(int=9),
    "version": 4,
}


@given(st.binary(max_size=9000))
def test_what_was_sealed_comes_back_as_it_was(plaintext):
    assert open_(KEY, PLACE, seal(KEY, PLACE, plaintext)).plaintext == plaintext


@pytest.mark.parametrize("part", ELSEWHERE)
def test_a_blob_moved_to_another_place_does_not_open(part):
    blob = seal(KEY, PLACE, b"a name")
    with pytest.raises(Unreadable):
        open_(KEY, replace(PLACE, **{part: ELSEWHERE[part]}), blob)


def test_no_bit_of_a_blob_can_be_turned():
    blob = seal(KEY, PLACE, b"a name")
    for place in range(len(blob) * 8):
        turned = bytearray(blob)
        turned[place // 8] ^= 1 << place % 8
        with pytest.raises(Unreadable):
            open_(KEY, PLACE, bytes(turned))


def test_a_blob_cut_or_lengthened_does_not_open():
    blob = seal(KEY, PLACE, b"a name")
    for changed in (b"", blob[:16], blob[:-1], blob + b"\0"):
        with pytest.raises(Unreadable):
            open_(KEY, PLACE, changed)


def test_another_key_opens_nothing_even_under_the_right_kid():
    other = bytes(32)
    blob = seal(KEY, PLACE, b"a name")
    with pytest.raises(Unreadable):
        open_(other, PLACE, blob)
    with pytest.raises(Unreadable):
        open_(other, PLACE, blob[:1] + kid_of(other) + blob[5:])


@pytest.mark.parametrize(
    ("length", "padded"),
    [(0, 64), (28, 64), (29, 256), (220, 256), (221, 1024), (988, 1024), (989, 4096), (4060, 4096), (4061, 8192), (8157, 12288)],
)
def test_a_blob_tells_of_a_plaintext_only_which_step_it_fits(length, padded):
    assert len(seal(KEY, PLACE, bytes(length))) == 17 + padded + 16


def test_the_same_plaintext_sealed_twice_gives_two_blobs_and_two_salts():
    first, second = seal(KEY, PLACE, b"a name"), seal(KEY, PLACE, b"a name")
    assert first[5:] != second[5:]
    assert open_(KEY, PLACE, first).salt != open_(KEY, PLACE, second).salt


def test_a_commitment_holds_for_one_plaintext_one_salt_and_one_place():
    salt = open_(KEY, PLACE, seal(KEY, PLACE, b"a name")).salt
    assert open_(KEY, PLACE, seal(KEY, PLACE, b"a name", salt=salt)).salt == salt
    told = commit(PLACE, salt, b"a name")
    others = [commit(PLACE, salt, b"a game"), commit(PLACE, bytes(32), b"a name"), commit(replace(PLACE, version=4), salt, b"a name")]
    assert told not in others
    assert len(told) == 64


def test_a_refusal_says_nothing_of_key_or_content():
    with pytest.raises(Unreadable) as refusal:
        open_(KEY, PLACE, seal(bytes(32), PLACE, b"a name"))
    assert str(refusal.value) == ""
    assert refusal.value.__cause__ is None
