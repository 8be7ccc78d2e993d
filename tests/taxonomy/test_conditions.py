"""The grammar of conditions, operator by operator."""

import pytest

from app.taxonomy.conditions import condition_of, holds


def leaf(operator, value=None):
    return {"q": "a", "op": operator, **({} if value is None else {"value": value})}


TABLE = [
    (leaf("eq", "x"), "x", True),
    (leaf("eq", "x"), "y", False),
    (leaf("eq", "x"), None, False),
    (leaf("ne", "x"), "y", True),
    (leaf("ne", "x"), "x", False),
    (leaf("ne", "x"), None, False),
    (leaf("in", ["x", "y"]), "y", True),
    (leaf("in", ["x", "y"]), "z", False),
    (leaf("in", ["x", "y"]), ["x"], False),
    (leaf("not_in", ["x", "y"]), "z", True),
    (leaf("not_in", ["x", "y"]), "x", False),
    (leaf("not_in", ["x", "y"]), None, False),
    (leaf("contains", "x"), ["w", "x"], True),
    (leaf("contains", "x"), ["w"], False),
    (leaf("contains", "x"), "wxy", False),
    (leaf("contains", "x"), 5, False),
    (leaf("answered"), False, True),
    (leaf("answered"), [], True),
    (leaf("answered"), None, False),
    ({"any": [leaf("eq", "x"), leaf("eq", "y")]}, "y", True),
    ({"any": [leaf("eq", "x"), leaf("eq", "y")]}, "z", False),
    ({"all": [leaf("ne", "x"), leaf("ne", "y")]}, "z", True),
    ({"all": [leaf("ne", "x"), leaf("ne", "y")]}, "y", False),
    ({"all": [leaf("answered"), {"any": [leaf("eq", "x"), leaf("eq", "y")]}]}, "x", True),
]


@pytest.mark.parametrize(("condition", "answer", "expected"), TABLE)
def test_a_condition_holds_or_not(condition, answer, expected):
    assert holds(condition_of(condition), {"a": answer}) is expected
    if answer is None:
        assert holds(condition_of(condition), {}) is expected


def test_no_condition_always_holds():
    assert holds(None, {}) is True
