"""What was decided: at first instance a person's outcome row decides, a report fills in where there is neither row nor group."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.summaries.attendance import Attendance
from app.summaries.counting import Behind, together
from app.summaries.docket import Docket, named
from app.summaries.lexicon import Lexicon
from app.summaries.records import Filing, Outcome


@dataclass(frozen=True, slots=True)
class Decided:
    """An outcome of one person (`person` is a code) or of a group (`person` is None); `count` is None where no number is stated."""

    person: str | None
    count: int | None
    verdict: str | None
    sentences: tuple[str, ...]
    term_months: int | None
    custody_status: str | None
    behind: Behind

    @property
    def weight(self) -> int:
        """For how many it counts; an unstated number counts for none and makes totals minimums."""
        return self.count or 0


@dataclass(frozen=True, slots=True)
class FirstInstance:
    """The outcomes of the first instance, persons by code, then groups."""

    outcomes: tuple[Decided, ...]
    lexicon: Lexicon

    @property
    def is_vague(self) -> bool:
        """Whether some group has no number."""
        return any(each.count is None for each in self.outcomes)

    @property
    def convicted(self) -> list[Decided]:
        """Verdicts that are convictions."""
        return [each for each in self.outcomes if each.verdict in self.lexicon.convictions]

    @property
    def sentenced(self) -> list[Decided]:
        """Convictions with a sentence."""
        return [each for each in self.convicted if each.sentences]

    @property
    def custodial(self) -> list[Decided]:
        """Convictions with a custodial sentence."""
        return [each for each in self.convicted if not self.lexicon.custodial.isdisjoint(each.sentences)]

    @property
    def persons(self) -> frozenset[str]:
        """Who has an outcome of their own."""
        return frozenset(each.person for each in self.outcomes if each.person is not None)


def first_instance(docket: Docket, attendance: Attendance) -> FirstInstance:
    """The outcomes of the first instance (figures, rule `outcomes.first`)."""
    rows = [each for each in docket.records.outcomes if each.instance == "first"]
    persons = {each.participant: _decided(docket, each) for each in one_a_person(rows)}
    groups = [_decided(docket, each) for each in sorted(rows, key=lambda each: each.id) if is_group(each)]
    reported = {} if groups else {each.person: each for each in _agreed_reports(docket, attendance)}
    own = {**reported, **persons}
    return FirstInstance((*(own[code] for code in sorted(own, key=str)), *groups), docket.lexicon)


def is_group(outcome: Outcome) -> bool:
    """Whether an outcome is one of a group: of nobody by name."""
    return outcome.is_group or outcome.participant is None


def one_a_person(rows: Iterable[Outcome]) -> list[Outcome]:
    """The rows of persons, one for each: a second row about the same person at the same instance counts nobody twice."""
    by_person: dict[tuple[str, str], Outcome] = {}
    for each in sorted(rows, key=lambda each: each.id):
        if each.participant is not None and not each.is_group:
            by_person.setdefault((each.participant, each.instance), each)
    return [by_person[key] for key in sorted(by_person)]


def row_of(docket: Docket) -> Mapping[tuple[str, str], Outcome]:
    """The row that decides about a person at an instance."""
    return {(str(each.participant), each.instance): each for each in one_a_person(docket.records.outcomes)}


@dataclass(frozen=True, slots=True)
class Reported:
    """What an observer's outcome filing says of one person; sentences are sorted."""

    person: str
    instance: str
    verdict: str | None
    sentences: tuple[str, ...]
    term_months: int | None
    filing: Filing

    @property
    def says(self) -> tuple[str | None, tuple[str, ...], int | None]:
        """What can be compared with another report."""
        return (self.verdict, self.sentences, self.term_months)


def reports_of(docket: Docket) -> Iterator[Reported]:
    """The outcome filings of a case, whether or not they can be assessed."""
    for filing in docket.of("outcome"):
        for person in named(filing)[:1]:
            answers = filing.answers
            yield Reported(
                person=person,
                instance=str(answers.get("instance")),
                verdict=answers.get("verdict"),
                sentences=tuple(sorted(answers.get("sentences") or ())),
                term_months=answers.get("term_months"),
                filing=filing,
            )


def _agreed_reports(docket: Docket, attendance: Attendance) -> Iterator[Decided]:
    """For each person the assessable reports of the first instance, where all say the same."""
    by_person: dict[str, list[Reported]] = defaultdict(list)
    for each in reports_of(docket):
        if each.instance == "first" and attendance.can_assess(each.filing, each.filing.answers.get("basis"), content=True):
            by_person[each.person].append(each)
    for person, reports in by_person.items():
        if len({json.dumps(each.says) for each in reports}) == 1:
            behind = docket.tracer.filings(each.filing for each in reports)
            yield Decided(person, 1, reports[0].verdict, reports[0].sentences, reports[0].term_months, None, behind)


def _decided(docket: Docket, row: Outcome) -> Decided:
    return Decided(
        person=None if is_group(row) else row.participant,
        count=row.count if is_group(row) else 1,
        verdict=row.verdict,
        sentences=tuple(row.sentences or ()),
        term_months=row.term_months,
        custody_status=row.custody_status,
        behind=docket.tracer.outcome(row),
    )


def behind_all(outcomes: Iterable[Decided]) -> Behind:
    """What is behind several outcomes."""
    return together(each.behind for each in outcomes)
