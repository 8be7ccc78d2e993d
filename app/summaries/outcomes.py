"""What was decided: at first instance a person's outcome row decides, a report fills in where there is neither row nor group.

A person has two rows of one instance where two participants turned out to be one. Where these say different things, nobody here decides
which is right: a claim about the person holds where it holds by every row, and is contested where it holds by one but not by another.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.summaries.attendance import Attendance
from app.summaries.counting import Behind, together
from app.summaries.docket import Docket, named
from app.summaries.lexicon import Lexicon
from app.summaries.records import Filing, Outcome


@dataclass(frozen=True, slots=True)
class Decided:
    """An outcome of one person (`person` is a code) or of a group (`person` is None); `count` is None where no number is stated.

    `others` are what further rows about the same person say, where they say something else.
    """

    person: str | None
    count: int | None
    verdict: str | None
    sentences: tuple[str, ...]
    term_months: int | None
    custody_status: str | None
    behind: Behind
    others: tuple["Decided", ...] = ()

    @property
    def weight(self) -> int:
        """For how many it counts; an unstated number counts for none and makes totals minimums."""
        return self.count or 0

    @property
    def versions(self) -> tuple["Decided", ...]:
        """What each row says."""
        return (self, *self.others)

    @property
    def term(self) -> int | None:
        """The term in months; unknown where rows differ about it."""
        terms = {each.term_months for each in self.versions}
        return terms.pop() if len(terms) == 1 else None


Claim = Callable[[Decided], bool]


@dataclass(frozen=True, slots=True)
class FirstInstance:
    """The outcomes of the first instance, persons by code, then groups."""

    outcomes: tuple[Decided, ...]
    lexicon: Lexicon

    @property
    def is_vague(self) -> bool:
        """Whether some group has no number."""
        return any(each.count is None for each in self.outcomes)

    def of(self, claim: Claim) -> list[Decided]:
        """Those of whom a claim holds, whichever of their rows is right."""
        return [each for each in self.outcomes if all(map(claim, each.versions))]

    def contested(self, claim: Claim) -> list[Decided]:
        """Those of whom a claim holds by one of their rows and not by another."""
        return [each for each in self.outcomes if len(set(map(claim, each.versions))) > 1]

    def is_conviction(self, decided: Decided) -> bool:
        """Whether a verdict is a conviction."""
        return decided.verdict in self.lexicon.convictions

    def is_sentence(self, decided: Decided) -> bool:
        """Whether it is a conviction with a sentence."""
        return self.is_conviction(decided) and bool(decided.sentences)

    def is_prison(self, decided: Decided) -> bool:
        """Whether it is a conviction with a custodial sentence."""
        return self.is_conviction(decided) and not self.lexicon.custodial.isdisjoint(decided.sentences)

    @property
    def convicted(self) -> list[Decided]:
        """Verdicts that are convictions."""
        return self.of(self.is_conviction)

    @property
    def sentenced(self) -> list[Decided]:
        """Convictions with a sentence."""
        return self.of(self.is_sentence)

    @property
    def custodial(self) -> list[Decided]:
        """Convictions with a custodial sentence."""
        return self.of(self.is_prison)

    @property
    def persons(self) -> frozenset[str]:
        """Who has an outcome of their own."""
        return frozenset(each.person for each in self.outcomes if each.person is not None)


def first_instance(docket: Docket, attendance: Attendance) -> FirstInstance:
    """The outcomes of the first instance (figures, rule `outcomes.first`)."""
    rows = [each for each in docket.records.outcomes if each.instance == "first"]
    persons = {person: _by_rows(docket, mine) for (person, _), mine in rows_of(rows).items()}
    groups = [_decided(docket, each) for each in sorted(rows, key=lambda each: each.id) if is_group(each)]
    reported = {} if groups else {str(each.person): each for each in _agreed_reports(docket, attendance)}
    own = {**reported, **persons}
    return FirstInstance((*(own[code] for code in sorted(own)), *groups), docket.lexicon)


def is_group(outcome: Outcome) -> bool:
    """Whether an outcome is one of a group: of nobody by name."""
    return outcome.is_group or outcome.participant is None


def rows_of(rows: Iterable[Outcome]) -> Mapping[tuple[str, str], list[Outcome]]:
    """The rows about persons by whom they are about and by instance, in the order of their ids."""
    by_person: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for each in sorted(rows, key=lambda each: each.id):
        if each.participant is not None and not each.is_group:
            by_person[each.participant, each.instance].append(each)
    return {key: by_person[key] for key in sorted(by_person)}


def said_of(row: Outcome) -> Mapping[str, Any]:
    """What a row says of a first instance; what it leaves open it does not say. Sentences are sorted."""
    said = {name: getattr(row, name) for name in ("verdict", "term_months", "custody_status")}
    said["sentences"] = sorted(row.sentences or ())
    return {name: value for name, value in said.items() if value not in (None, [])}


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


def _by_rows(docket: Docket, rows: list[Outcome]) -> Decided:
    """What the rows about one person say, each way of it once; all of them stand behind it."""
    versions: list[Decided] = []
    behind = together(docket.tracer.outcome(each) for each in rows)
    for row in rows:
        version = replace(_decided(docket, _completed(row, rows)), behind=behind)
        versions += [] if version in versions else [version]
    return replace(versions[0], others=tuple(versions[1:]))


def _completed(row: Outcome, rows: list[Outcome]) -> Outcome:
    """A row with what it leaves open and the other rows with its verdict all say alike."""
    said = [said_of(each) for each in rows if each.verdict == row.verdict]
    open_ = {"sentences", "term_months", "custody_status"} - said_of(row).keys()
    told = {name: [each[name] for each in said if name in each] for name in open_}
    return replace(row, **{name: values[0] for name, values in told.items() if values and all(each == values[0] for each in values)})


def _decided(docket: Docket, row: Outcome) -> Decided:
    return Decided(
        person=None if is_group(row) else row.participant,
        count=row.count if is_group(row) else 1,
        verdict=row.verdict,
        sentences=tuple(sorted(row.sentences or ())),
        term_months=row.term_months,
        custody_status=row.custody_status,
        behind=docket.tracer.outcome(row),
    )


def behind_all(outcomes: Iterable[Decided]) -> Behind:
    """What is behind several outcomes."""
    return together(each.behind for each in outcomes)
