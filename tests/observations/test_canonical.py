"""The canonical form is RFC 8785's, whatever stands in an observation."""

from uuid import UUID

import pytest

from app.observations.canonical import canonical, commitment, content_mac, informant_digest, is_simple, number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (1.5, "1.5"),
        (-2.25, "-2.25"),
        (333333333.33333329, "333333333.3333333"),
        (1e30, "1e+30"),
        (4.50, "4.5"),
        (2e-3, "0.002"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (1.5e-27, "1.5e-27"),
        (9007199254740994.0, "9007199254740994"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (123456789012345680000.0, "123456789012345680000"),
    ],
)
def test_a_number_is_written_as_ecmascript_writes_it(value, text):
    assert number(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_has_no_number_for_is_refused(value):
    with pytest.raises(ValueError):
        number(value)


def test_keys_are_sorted_by_utf_16_code_units():
    # U+1F600 is the surrogate pair D83D DE00 and so sorts before U+FB33, although its code point is larger.
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == '{"a":3,"\U0001f600":2,"\ufb33":1}'


def test_the_fast_and_the_slow_way_write_the_same():
    value = {"b": [1, True, None, 'ә\n\u0001"'], "a": {"z": "x", "y": []}}
    assert is_simple(value)
    slow = canonical({**value, "f": 1.5})
    assert slow == canonical(value)[:-1] + ',"f":1.5}'


def test_a_commitment_binds_place_column_salt_and_text():
    log, observation = UUID(int=1), UUID(int=2)
    made = commitment(log, observation, "answers", salt=b"s" * 32, text="{}")
    others = [
        commitment(UUID(int=3), observation, "answers", salt=b"s" * 32, text="{}"),
        commitment(log, UUID(int=3), "answers", salt=b"s" * 32, text="{}"),
        commitment(log, observation, "narrative", salt=b"s" * 32, text="{}"),
        commitment(log, observation, "answers", salt=b"t" * 32, text="{}"),
        commitment(log, observation, "answers", salt=b"s" * 32, text="{ }"),
        commitment(log, observation, "answers", salt=b"s" * 32, text="{}", version=2),
    ]
    assert len({made, *others}) == 7


def test_equal_content_is_recognised_only_under_the_same_key():
    assert content_mac(b"k", "a", "n") == content_mac(b"k", "a", "n")
    assert len({content_mac(b"k", "a", "n"), content_mac(b"l", "a", "n"), content_mac(b"k", "an", ""), content_mac(b"k", "a", "m")}) == 4


def test_an_informant_is_the_same_within_a_case_and_another_elsewhere():
    assert informant_digest(b"k", "case", "L1") == informant_digest(b"k", "case", "L1")
    assert informant_digest(b"k", "case", "L1") != informant_digest(b"k", "other", "L1")
    assert len(informant_digest(b"k", "case", "L1")) == 16
