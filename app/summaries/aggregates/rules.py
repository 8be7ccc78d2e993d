"""What may be asked of aggregates, and how an answer is put together from sums."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from app.kit import errors
from app.kit.errors import Fault, Problem
from app.summaries.aggregates.measures import (
    DATES,
    DIMENSIONS,
    INDICATOR,
    KIND,
    LANGUAGE,
    MOST_DIMENSIONS,
    OBSERVATIONS,
    RATING,
    RATINGS,
    RIGHT,
    SUBJECTS,
    Measure,
)
from app.taxonomy.catalogue import Indicator, Taxonomy

_FILTERS = (RIGHT, INDICATOR, KIND, RATING, LANGUAGE)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a measure, along which dimensions, and what it is narrowed to. Days are inclusive."""

    programme_id: UUID
    measure: Measure
    group_by: tuple[str, ...] = ()
    case_id: UUID | None = None
    court_id: UUID | None = None
    region: str | None = None
    since: date | None = None
    until: date | None = None
    only: Mapping[str, str] | None = None
    """The values of right, indicator, kind, rating and language that it is narrowed to, by dimension."""

    @property
    def narrowed(self) -> Mapping[str, str]:
        """What it is narrowed to, besides places and days."""
        return self.only or {}

    @property
    def told_apart(self) -> frozenset[str]:
        """The dimensions along which the rows must be told apart."""
        return frozenset(self.group_by) | frozenset(self.narrowed)

    @property
    def told_in_total(self) -> frozenset[str]:
        """The same for the total. Where observations are told by what they are about, statements are counted, in the total too."""
        about = SUBJECTS & self.told_apart if self.measure.name == OBSERVATIONS else frozenset[str]()
        return frozenset(self.narrowed) | about

    @property
    def needs_days(self) -> bool:
        """Whether it depends on when something was."""
        return bool(DATES & set(self.group_by)) or self.since is not None or self.until is not None

    @property
    def needs_facts(self) -> bool:
        """Whether cases must have been folded for it."""
        return self.needs_days or not self.is_in_tally(self.told_apart)

    def is_in_tally(self, told: Collection[str]) -> bool:
        """Whether the tally tells these dimensions apart; where days matter, it does so but for what was observed at no hearing."""
        return self.measure.name == OBSERVATIONS and LANGUAGE not in told


class Sum(NamedTuple):
    """How many under some values of the dimensions asked for."""

    values: tuple[str | None, ...]
    n: int
    is_minimum: bool = False


def dimensions_in(text: str) -> tuple[str, ...]:
    """Comma-separated dimensions; 422 `invalid_parameter` for one that there is not, one named twice, or too many."""
    found = tuple(text.split(",")) if text else ()
    if not set(found) <= set(DIMENSIONS):
        raise _invalid("group_by", errors.NOT_IN_VOCABULARY)
    if len(set(found)) < len(found):
        raise _invalid("group_by", errors.DUPLICATE_ITEM)
    if len(found) > MOST_DIMENSIONS:
        raise _invalid("group_by", errors.TOO_MANY_ITEMS)
    return found


def check(question: Question, taxonomy: Taxonomy) -> None:
    """422 `invalid_parameter` where a measure cannot be told so, or a value is no term of the taxonomy."""
    faults = [Fault(errors.pointer("query", place), code) for place, code in _faults(question, taxonomy)]
    if faults:
        raise Problem(errors.INVALID_PARAMETER, faults)


def _faults(question: Question, taxonomy: Taxonomy) -> Iterator[tuple[str, str]]:
    measure, offered = question.measure, question.measure.dimensions
    if not set(question.group_by) <= offered:
        yield "group_by", errors.NOT_IN_VOCABULARY
    if measure.name == RATINGS and not question.told_apart & {RIGHT, RATING}:
        yield "group_by", errors.REQUIRED
    if measure.name == RATINGS:
        yield from ((name, errors.UNKNOWN_FIELD) for name, day in (("from", question.since), ("to", question.until)) if day is not None)
    if question.since is not None and question.until is not None and question.since > question.until:
        yield "to", errors.OUT_OF_RANGE
    for name, value in question.narrowed.items():
        if name not in offered:
            yield name, errors.UNKNOWN_FIELD
        elif name != LANGUAGE and value not in _terms(name, measure, taxonomy):
            yield name, errors.NOT_IN_VOCABULARY


def _terms(dimension: str, measure: Measure, taxonomy: Taxonomy) -> Iterable[str]:
    match dimension:
        case "right":
            return taxonomy.rights
        case "indicator":
            return taxonomy.indicators
        case "rating":
            return (*taxonomy.vocabularies["rating"], "contested")
        case _:
            return taxonomy.vocabularies[measure.kinds or ""]


def _invalid(parameter: str, code: str) -> Problem:
    return Problem(errors.INVALID_PARAMETER, [Fault(errors.pointer("query", parameter), code)])


def indicators_of(question: Question, taxonomy: Taxonomy) -> list[str] | None:
    """The indicators that a question is narrowed to; None where it is not narrowed to any."""
    narrowed = {name: value for name, value in question.narrowed.items() if name in SUBJECTS}
    if not narrowed:
        return None
    return [code for code, each in taxonomy.indicators.items() if all(_of(each, name) == value for name, value in narrowed.items())]


def told_by_subject(sums: Iterable[Sum], names: Sequence[str], taxonomy: Taxonomy) -> Iterator[Sum]:
    """Sums whose last value is an indicator, told by the dimensions asked for instead."""
    for values, n, is_minimum in sums:
        *others, code = values
        about, rest = taxonomy.indicators.get(code or ""), iter(others)
        told = tuple((_of(about, name) if about else None) if name in SUBJECTS else next(rest) for name in names)
        yield Sum(told, n, is_minimum)


def _of(indicator: Indicator, dimension: str) -> str:
    return {RIGHT: indicator.right, INDICATOR: indicator.code, KIND: indicator.kind}[dimension]


def together(sums: Iterable[Sum]) -> list[Sum]:
    """Sums under the same values added up, in the order of their values; what is not known comes last."""
    numbers: dict[tuple[str | None, ...], int] = defaultdict(int)
    minimums: dict[tuple[str | None, ...], bool] = defaultdict(bool)
    for values, n, is_minimum in sums:
        numbers[values] += n
        minimums[values] |= is_minimum
    return [Sum(values, numbers[values], minimums[values]) for values in sorted(numbers, key=_sorting)]


def answer(question: Question, rows: Sequence[Sum], total: Sequence[Sum]) -> dict[str, Any]:
    """The answer as it crosses the wire. Where nobody was there to see, the total is null and not zero."""
    shown = [{**dict(zip(question.group_by, each.values, strict=True)), **_number("value", each)} for each in rows]
    whole = total[0] if total else None
    known = {"total": None} if whole is None and question.measure.is_sighting else _number("total", whole or Sum((), 0))
    return {"measure": question.measure.name, "group_by": list(question.group_by), "rows": shown, **known}


def _number(name: str, found: Sum) -> dict[str, Any]:
    return {name: found.n, **({"at_least": True} if found.is_minimum else {})}


def _sorting(values: tuple[str | None, ...]) -> list[tuple[bool, str]]:
    return [(value is None, value or "") for value in values]
