"""Where what is on record does not agree with itself: the checks on a case (those on official statistics stand with the statistics).

Each check yields what differs, with where each value comes from. No check names a case, and nothing is decided here: both sides are shown.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import orjson

from app.summaries.counting import Figure, cell_value
from app.summaries.facts import CaseFacts
from app.summaries.figures import Figures, Reckoned
from app.summaries.notes import StatedNumber, identity_questions, stated_numbers
from app.summaries.outcome_figures import weight
from app.summaries.outcomes import is_group, rows_of, said_of
from app.summaries.records import Source


class Valued(NamedTuple):
    """One side of a discrepancy and where it comes from."""

    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """What a check found: the check's code, what it is about, and the values that do not agree."""

    check: str
    subject: str
    values: tuple[Valued, ...]


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """What the catalogue says of a check."""

    code: str
    label: dict[str, str]
    severity: str


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the checks look at: a case as decided, and its figures."""

    facts: CaseFacts
    figures: Figures

    def value(self, key: str) -> Any:
        return self.figures[key].default.value

    def shown(self, *keys: str) -> tuple[Valued, ...]:
        return tuple(Valued(self.value(key), f"figure:{key}") for key in keys)

    def cell(self, key: str, name: str, figure: Figure | None = None) -> int:
        reckoned = self.figures[key]
        return cell_value(figure or reckoned.default, reckoned.entry.dims, name) or 0


@cache
def check_catalogue() -> dict[str, CheckEntry]:
    """Every check of the product by code, in the order of the catalogue."""
    raw = orjson.loads(files(__package__).joinpath("checks.json").read_bytes())
    return {each["check"]: CheckEntry(each["check"], each["label"], each["severity"]) for each in raw}


def discrepancies(facts: CaseFacts, figures: Figures) -> list[Discrepancy]:
    """Every discrepancy of a case: by check in the catalogue's order, then by subject and values."""
    ground = _Ground(facts, figures)
    found = [each for check in CHECKS for each in check(ground)]
    places = {code: place for place, code in enumerate(check_catalogue())}
    return sorted(found, key=lambda each: (places[each.check], each.subject, _canonical(each.values)))


def source_text(source: Source) -> str:
    """Where something was read, as the contract writes it: `document:CODE LOCATOR` or `observation:ID LOCATOR`."""
    place = f"document:{source.document}" if source.document else f"observation:{source.observation}"
    return f"{place} {source.locator}" if source.locator else place


def _role_differs(ground: _Ground) -> Iterator[Discrepancy]:
    for code, person in ground.facts.docket.people.items():
        told = [Valued(each.role, source_text(each.source)) for each in person.roles]
        if {role for _, role in person.merged} - {person.role}:
            own = ((code, person.role), *person.merged)
            told += [Valued(role, f"participant:{each}") for each, role in own]
        if len({each.value for each in told}) > 1:
            yield Discrepancy("role_differs", f"participant:{code}", tuple(sorted(told)))


def _identity_uncertain(ground: _Ground) -> Iterator[Discrepancy]:
    for question in identity_questions(ground.facts.records):
        if question.confidence == "certain":
            continue
        values = [Valued(question.confidence, f"note:{question.note.key}")]
        if question.confidence == "uncertain":
            values += _with_and_without(ground, question.participant, question.between)
        yield Discrepancy("identity_uncertain", f"participant:{question.participant}", tuple(values))


def _with_and_without(ground: _Ground, person: str, between: frozenset[str]) -> Iterator[Valued]:
    """The counts that change if the person is not the same."""
    if "judgment" in between and person in ground.value("complaints.absent_identity_uncertain"):
        yield from _less_one(ground.cell("complaints.by_judgment_treatment", "absent"), "figure:complaints.by_judgment_treatment/absent")
    if "outcome" in between and person in ground.value("outcomes.custodial_complainants"):
        yield from _less_one(len(ground.value("outcomes.custodial_complainants")), "figure:outcomes.custodial_complainants")


def _less_one(number: int, source: str) -> tuple[Valued, Valued]:
    return Valued(number, source), Valued(number - 1, f"{source} if not the same")


def _listed_against_counted(ground: _Ground) -> Iterator[Discrepancy]:
    counted, listed = (ground.figures[key] for key in ("complaints.by_role", "complaints.identified_by_role"))
    for role in sorted({row["role"] for figure in (counted.default, *counted.readings.values()) for row in figure.value}):
        if any(
            ground.cell(counted.entry.key, role, counted.under(r)) != ground.cell(listed.entry.key, role, listed.under(r))
            for r in _readings(counted)
        ):
            values = (*_by_reading(ground, counted, role), *_by_reading(ground, listed, role))
            yield Discrepancy("listed_against_counted", f"complaints.by_role/{role}", values)


def _readings(figure: Reckoned) -> tuple[str | None, ...]:
    return (None, *figure.readings)


def _by_reading(ground: _Ground, figure: Reckoned, cell: str) -> list[Valued]:
    """One cell: once where it is the same under every reading, else under each."""
    key = figure.entry.key
    default = ground.cell(key, cell)
    under = {reading: ground.cell(key, cell, each) for reading, each in sorted(figure.readings.items())}
    if all(value == default for value in under.values()):
        return [Valued(default, f"figure:{key}/{cell}")]
    return [Valued(value, f"figure:{key}/{cell}@{reading}") for reading, value in under.items()]


def _judged_though_not_written(ground: _Ground) -> Iterator[Discrepancy]:
    key = "complaints.in_judgment_not_written"
    if ground.value(key):
        written = Valued(ground.cell("complaints.by_form", "written"), "figure:complaints.by_form/written")
        yield Discrepancy("listed_against_counted", key, (*ground.shown(key), written))


def _anonymous_group(ground: _Ground) -> Iterator[Discrepancy]:
    for code, person in ground.facts.docket.people.items():
        group = person.placeholder
        if group and person.is_anonymous and group.stands_for == "group":
            values = (*ground.shown("witnesses.anonymous"), Valued(group.count or group.at_least, f"participant:{code}"))
            yield Discrepancy("listed_against_counted", "witnesses.anonymous", values)


def _parts_against_total(ground: _Ground) -> Iterator[Discrepancy]:
    first = ground.facts.first
    if ground.value("outcomes.balance") is False:
        all_of_them = Valued(weight(first.outcomes), "outcomes of the first instance")
        sentenced = Valued(weight(first.sentenced), "convicted with a sentence")
        values = (*ground.shown("defendants.stated"), all_of_them, *ground.shown("outcomes.convicted"), sentenced)
        yield Discrepancy("parts_against_total", "outcomes.balance", values)
    if ground.value("outcomes.custody_balance") is False:
        values = ground.shown("outcomes.custodial", "outcomes.released", "outcomes.held")
        yield Discrepancy("parts_against_total", "outcomes.custody_balance", values)
    if ground.value("outcomes.released_unexplained"):
        values = ground.shown("outcomes.released", "outcomes.commuted", "outcomes.custodial")
        yield Discrepancy("parts_against_total", "outcomes.released", values)


def _number_missing(ground: _Ground) -> Iterator[Discrepancy]:
    retracted = ground.figures["retractions.persons"].default
    if retracted.value and retracted.at_least and ground.value("retractions.stated") is None:
        yield Discrepancy("number_missing", "retractions.persons", ground.shown("retractions.stated", "retractions.persons"))
    for row in ground.facts.records.outcomes:
        if is_group(row) and row.count is None:
            subject = f"outcomes.{row.instance}/{row.verdict or row.result}"
            yield Discrepancy("number_missing", subject, (Valued(None, source_text(row.source)),))


def _order_unknown(ground: _Ground) -> Iterator[Discrepancy]:
    without = sum(each.order is None for each in ground.facts.restrictions)
    if without:
        placed = len(ground.facts.restrictions) - without
        values = (Valued(placed, "restrictions with a place"), Valued(without, "restrictions without a place"))
        yield Discrepancy("order_unknown", "restrictions.sequence", values)


def _cross_table_incomplete(ground: _Ground) -> Iterator[Discrepancy]:
    left = ground.value("outcomes.unattributed")
    if left is not None and left > 0:
        own = Valued(len(ground.facts.first.persons), "persons with an outcome of their own")
        yield Discrepancy("cross_table_incomplete", "complaints and outcomes", (own, *ground.shown("outcomes.unattributed")))


def _statements(ground: _Ground) -> Iterator[Discrepancy]:
    """Sources against each other; where they agree, against the figure. A note about no figure of a case is compared with nothing."""
    by_subject: dict[tuple[str, str | None], list[StatedNumber]] = defaultdict(list)
    for each in stated_numbers(ground.facts.records):
        if each.about in ground.figures:
            by_subject[(each.about, each.cell)].append(each)
    for (key, cell), told in by_subject.items():
        values = _in_order(Valued(each.stated, source_text(each.note.source)) for each in told)
        name = f"{key}/{cell}" if cell else key
        have = _figure_or_cell(ground, key, cell)
        if len({_canonical(each.value) for each in values}) > 1:
            yield Discrepancy("statements_differ", name, values)
        elif have is not None and _canonical(have) != _canonical(values[0].value):
            yield Discrepancy("statement_against_figure", name, (Valued(have, f"figure:{name}"), *values))


def _outcomes_differ(ground: _Ground) -> Iterator[Discrepancy]:
    """What two documents say of one person's verdict: each was entered for a participant, and these turned out to be the same."""
    first = [each for each in ground.facts.records.outcomes if each.instance == "first"]
    for (person, _), rows in rows_of(first).items():
        for field in ("verdict", "sentences", "term_months", "custody_status"):
            told = [Valued(said_of(each)[field], source_text(each.source)) for each in rows if field in said_of(each)]
            if len({_canonical(each.value) for each in told}) > 1:
                yield Discrepancy("statements_differ", f"outcomes.first/{person}/{field}", _in_order(told))


def _in_order(values: Iterable[Valued]) -> tuple[Valued, ...]:
    return tuple(sorted(values, key=lambda each: (_canonical(each.value), each.source)))


def _figure_or_cell(ground: _Ground, key: str, cell: str | None) -> Any:
    figure = ground.figures[key]
    return cell_value(figure.default, figure.entry.dims, cell) if cell else figure.default.value


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


CHECKS: tuple[Callable[[_Ground], Iterator[Discrepancy]], ...] = (
    _role_differs,
    _identity_uncertain,
    _listed_against_counted,
    _judged_though_not_written,
    _anonymous_group,
    _parts_against_total,
    _number_missing,
    _order_unknown,
    _cross_table_incomplete,
    _statements,
    _outcomes_differ,
)
