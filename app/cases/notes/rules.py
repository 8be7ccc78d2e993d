"""What the values of a note have to hold, kind by kind."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.kit import errors
from app.kit.errors import Fault
from app.kit.ids import parse_id
from app.taxonomy.catalogue import Taxonomy

BETWEEN = ("complaint", "judgment", "outcome")
CONFIDENCE = ("certain", "likely", "uncertain")
_FIGURE = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_CODE = re.compile(r"[a-z0-9_.:/-]{1,64}")


def values_faults(kind: str, values: Mapping[str, Any], taxonomy: Taxonomy) -> Iterator[Fault]:
    """What is wrong with a note's values; what a kind does not ask for may stand in them."""
    if kind == "identity_question":
        yield from _identity(values)
    elif kind == "stated_finding":
        yield from _finding(values)
    elif kind == "coverage" and values.get("caveat") is not None:
        yield from _among(values, "caveat", taxonomy.vocabularies["coverage_caveat"])


def _identity(values: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _participant(values.get("participant"))
    yield from _among(values, "confidence", CONFIDENCE)
    between = values.get("between")
    if between is None:
        yield Fault("/values/between", errors.REQUIRED)
    elif not isinstance(between, list):
        yield Fault("/values/between", errors.WRONG_TYPE)
    else:
        yield from _places(between)


def _participant(participant: Any) -> Iterator[Fault]:
    if participant is None:
        yield Fault("/values/participant", errors.REQUIRED)
    elif not isinstance(participant, str):
        yield Fault("/values/participant", errors.WRONG_TYPE)
    elif parse_id(participant) is None:
        yield Fault("/values/participant", errors.WRONG_FORMAT)


def _places(between: list[Any]) -> Iterator[Fault]:
    """The lists in which the same person may stand: at least one, each once."""
    if not between:
        yield Fault("/values/between", errors.TOO_FEW_ITEMS)
    for n, place in enumerate(between):
        if place not in BETWEEN:
            yield Fault(f"/values/between/{n}", errors.NOT_IN_VOCABULARY)
        elif place in between[:n]:
            yield Fault("/values/between", errors.DUPLICATE_ITEM)


def _finding(values: Mapping[str, Any]) -> Iterator[Fault]:
    """A source's own verdict (`status`), or what it states of a figure (`about`, `stated`)."""
    if values.get("about") is None:
        yield from _code(values, "status")
        return
    yield from _code(values, "about", _FIGURE)
    if values.get("stated") is None:
        yield Fault("/values/stated", errors.REQUIRED)
    if not isinstance(values.get("cell", ""), str):
        yield Fault("/values/cell", errors.WRONG_TYPE)


def _code(values: Mapping[str, Any], name: str, shape: re.Pattern[str] = _CODE) -> Iterator[Fault]:
    value = values.get(name)
    if value is None:
        yield Fault(f"/values/{name}", errors.REQUIRED)
    elif not isinstance(value, str):
        yield Fault(f"/values/{name}", errors.WRONG_TYPE)
    elif not shape.fullmatch(value):
        yield Fault(f"/values/{name}", errors.WRONG_FORMAT)


def _among(values: Mapping[str, Any], name: str, terms: Mapping[str, Any] | tuple[str, ...]) -> Iterator[Fault]:
    value = values.get(name)
    if value is None:
        yield Fault(f"/values/{name}", errors.REQUIRED)
    elif not isinstance(value, str):
        yield Fault(f"/values/{name}", errors.WRONG_TYPE)
    elif value not in terms:
        yield Fault(f"/values/{name}", errors.NOT_IN_VOCABULARY)
