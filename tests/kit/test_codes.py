"""Codes that a reader would take for one another."""

import pytest

from app.kit.codes import code_key, folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("D01", "d01"),
        ("D-А1", "D-A1"),  # noqa: RUF001 - the first has a Cyrillic letter, which is the point
        ("ОВS1", "OBS1"),  # noqa: RUF001
        ("КЕНСТ", "KEHCT"),  # noqa: RUF001
        ("ҮҺІ", "YHI"),
        ("Ё1", "Ë1"),
        ("E\u0301", "\u00c9"),
        ("STRASSE", "straße"),
    ],
)
def test_codes_that_look_alike_are_one(one, other):
    assert one != other
    assert code_key(one) == code_key(other)


@pytest.mark.parametrize(("one", "other"), [("D01", "D02"), ("D-1", "D_1"), ("Д1", "D1"), ("O1", "01"), ("Ж", "Х")])  # noqa: RUF001
def test_codes_that_look_different_are_two(one, other):
    assert code_key(one) != code_key(other)


def test_user_names_of_two_scripts_stay_apart():
    assert folded("Сара") != folded("Capa")  # noqa: RUF001
    assert folded("САРА") == folded("сара")  # noqa: RUF001
