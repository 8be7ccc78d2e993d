"""Where observers differ about one thing at one hearing, and what cannot be assessed because an observer did not understand.

Compared are marks, the form of a complaint, an outcome's verdict, sentences and term, roles heard and things counted, each about one unit
at one hearing. What says nothing (`unknown`, `could_not_tell`, `not_described`, `no_reason_given`, `unsure`) differs from nothing.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.summaries.attendance import Attendance
from app.summaries.docket import EVERYBODY, Docket, named
from app.summaries.outcomes import Reported, reports_of, rows_of
from app.summaries.records import Filing, Mark, Outcome

SAYS_NOTHING = frozenset({"unknown", "could_not_tell", "not_described", "no_reason_given", "unsure"})
COMPARED_AS_COMPLAINT = "torture.complaint_raised"


class Topic(NamedTuple):
    """One thing at one hearing that observers can differ about; `kind` is mark, answer, role or count."""

    hearing: str
    kind: str
    what: str
    unit: str


class Said(NamedTuple):
    """One observer's answer on a topic."""

    topic: Topic
    value: Any
    observer: str


class Stance(NamedTuple):
    """A value and the observers who gave it, sorted.

    What an outcome row says and no observer shares stands with nobody, and decides unless another row says something else.
    """

    value: Any
    observers: tuple[str, ...]
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A topic with its two or more values, in the order of their canonical JSON."""

    topic: Topic
    stances: tuple[Stance, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing the observers of a case showed; both lists are sorted by topic."""

    disagreements: tuple[Disagreement, ...]
    not_assessable: tuple[Said, ...]


class _Table:
    """The values given on each topic by their canonical JSON, and who gave them."""

    def __init__(self) -> None:
        self.values: dict[Topic, dict[str, tuple[Any, set[str]]]] = defaultdict(dict)
        self.undecided: set[Topic] = set()
        self.not_assessable: list[Said] = []

    def take(self, said: Said, *, counts: bool) -> None:
        if not counts:
            self.not_assessable.append(said)
        elif isinstance(said.value, list) or said.value not in SAYS_NOTHING:
            self.stand(said.topic, said.value, {said.observer})

    def stand(self, topic: Topic, value: Any, observers: Iterable[str] = ()) -> None:
        """Set a value beside what others said; a row's value has no observers."""
        self.values[topic].setdefault(_canonical(value), (value, set()))[1].update(observers)


def compare(docket: Docket, attendance: Attendance) -> Comparison:
    """Compare what the observers of a case said of the same things."""
    table = _Table()
    _compare_complaints(docket, attendance, table)
    _compare_outcomes(docket, attendance, table)
    _compare_roles_and_counts(docket, attendance, table)
    _compare_marks(docket, attendance, table)
    differing = sorted(((topic, values) for topic, values in table.values.items() if len(values) > 1), key=lambda each: each[0])
    return Comparison(
        tuple(Disagreement(topic, _stances(values, is_decided=topic not in table.undecided)) for topic, values in differing),
        tuple(sorted(table.not_assessable, key=lambda each: (each.topic, each.observer, _canonical(each.value)))),
    )


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same; a claim is no number."""
    return _canonical(one) == _canonical(other)


def _stances(values: dict[str, tuple[Any, set[str]]], *, is_decided: bool) -> tuple[Stance, ...]:
    in_order = (each for _, each in sorted(values.items(), key=lambda each: each[0]))
    return tuple(Stance(value, tuple(sorted(observers)), is_decided and not observers) for value, observers in in_order)


def _canonical(value: Any) -> str:
    return json.dumps(value)


def _compare_complaints(docket: Docket, attendance: Attendance, table: _Table) -> None:
    for filing in docket.of("torture_complaint"):
        form = filing.answers.get("form")
        for person in named(filing)[:1] if filing.hearing and form is not None else ():
            said = Said(Topic(str(filing.hearing), "answer", "torture_complaint.form", person), form, filing.observer)
            table.take(said, counts=attendance.can_assess(filing, filing.answers.get("basis"), content=True))


def _compare_outcomes(docket: Docket, attendance: Attendance, table: _Table) -> None:
    """Reports with each other and, where they can be assessed, with the rows of the same person and instance, field by field."""
    rows = rows_of(docket.records.outcomes)
    for report in reports_of(docket):
        if not report.filing.hearing:
            continue
        counts = attendance.can_assess(report.filing, report.filing.answers.get("basis"), content=True)
        shown = [_fields_of_row(each) for each in rows.get((report.person, report.instance), ()) if counts]
        for field, value in _fields_of_report(report).items():
            topic = Topic(report.filing.hearing, "answer", f"outcome.{field}", report.person)
            table.take(Said(topic, value, report.filing.observer), counts=counts)
            _stand_rows(table, topic, value, [each[field] for each in shown if each[field] is not None])


def _stand_rows(table: _Table, topic: Topic, reported: Any, shown: list[Any]) -> None:
    for value in shown:
        if value != reported:
            table.stand(topic, value)
        if value != shown[0]:
            table.undecided.add(topic)


def _fields_of_report(report: Reported) -> dict[str, Any]:
    fields = {"verdict": report.verdict, "sentences": list(report.sentences), "term_months": report.term_months}
    return {field: value for field, value in fields.items() if value is not None}


def _fields_of_row(row: Outcome) -> dict[str, Any]:
    sentences = sorted(row.sentences) if row.sentences is not None else None
    return {"verdict": row.verdict, "sentences": sentences, "term_months": row.term_months}


def _compare_roles_and_counts(docket: Docket, attendance: Attendance, table: _Table) -> None:
    for filing in docket.of("hearing", "case_fact"):
        if not filing.hearing:
            continue
        for topic, value, content in _heard(docket, filing):
            basis = _basis_of_what_was_heard(filing)
            table.take(Said(topic, value, filing.observer), counts=attendance.can_assess(filing, basis, content=content))


def _heard(docket: Docket, filing: Filing) -> Iterator[tuple[Topic, Any, bool]]:
    """Roles and numbers of a filing, each with whether it depends on understanding."""
    hearing = str(filing.hearing)
    for each in filing.answers.get("roles_heard") or ():
        yield Topic(hearing, "role", "roles_heard", each["participant_ref"]), each["role"], True
    for each in filing.answers.get("counted") or ():
        yield Topic(hearing, "count", each["subject"], hearing), each["value"], each["subject"] in docket.lexicon.content_counts


def _basis_of_what_was_heard(filing: Filing) -> object:
    """Roles and numbers noted at a hearing were heard, whatever the basis of the form as a whole; other forms say their basis."""
    return "heard" if filing.form == "hearing" else filing.answers.get("basis")


def _compare_marks(docket: Docket, attendance: Attendance, table: _Table) -> None:
    """Marks on the same indicator at one hearing. Whom they are about is worked out only where some value differs."""
    for (hearing, indicator), marks in _by_indicator(docket, attendance, table).items():
        if len({mark.value for _, mark in marks} - SAYS_NOTHING) > 1:
            _compare_units(docket, hearing, indicator, marks, table)


def _compare_units(docket: Docket, hearing: str, indicator: str, marks: list[tuple[Filing, Mark]], table: _Table) -> None:
    by_unit: dict[str, dict[str, set[str]]] = {unit: defaultdict(set) for unit in _units_that_can_differ(docket, marks)}
    for filing, mark in marks:
        for unit in by_unit.keys() & docket.units(filing, mark) if mark.value not in SAYS_NOTHING else ():
            by_unit[unit][mark.value].add(filing.observer)
    for unit, values in by_unit.items():
        for value, observers in values.items() if len(values) > 1 else ():
            table.stand(Topic(hearing, "mark", indicator, unit), value, observers)


def _units_that_can_differ(docket: Docket, marks: list[tuple[Filing, Mark]]) -> set[str]:
    """Units that a mark names itself; where all marks about everybody say the same, nobody else can differ."""
    everybody = {mark.value for _, mark in marks if mark.unit == EVERYBODY}
    named = (each for each in marks if each[1].unit != EVERYBODY or len(everybody) > 1)
    return {unit for filing, mark in named for unit in docket.units(filing, mark)}


def _by_indicator(docket: Docket, attendance: Attendance, table: _Table) -> dict[tuple[str, str], list[tuple[Filing, Mark]]]:
    """The marks that can be assessed, by hearing and indicator; those that cannot go to the table at once."""
    content = docket.lexicon.content_indicators
    out: dict[tuple[str, str], list[tuple[Filing, Mark]]] = defaultdict(list)
    for filing in docket.filings:
        if not filing.hearing:
            continue
        is_deaf = (filing.observer, filing.hearing) in attendance.deaf
        for mark in filing.marks:
            if mark.indicator == COMPARED_AS_COMPLAINT:
                continue
            if is_deaf and not attendance.can_assess(filing, mark.basis, content=mark.indicator in content):
                table.not_assessable.extend(_about_units(docket, filing, mark))
            else:
                out[(filing.hearing, mark.indicator)].append((filing, mark))
    return out


def _about_units(docket: Docket, filing: Filing, mark: Mark) -> Iterator[Said]:
    for unit in docket.units(filing, mark):
        yield Said(Topic(str(filing.hearing), "mark", mark.indicator, unit), mark.value, filing.observer)
