"""Who complained of torture, in what form, and how far each complaint can be traced: one complaint for each complainant of a case.

Stages (vocabulary `complaint_trace_stage`) are answered each on its own. Documentary answers go before others; answers of the same rank
that differ leave the stage contested; `not_yet`, `unknown` and no answer are unknown. `complaint_in_judgment` answers two stages as well:

- mentioned in the judgment: no where it is absent, yes where it is mentioned, rejected or examined;
- evaluated: yes where it is examined or rejected for other reasons; no where it is absent, only mentioned, or waved away as an attempt
  to avoid responsibility, which weighs the complainant and not the complaint.

`no_complaint` and `text_not_obtained` say nothing about a complaint.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.summaries.attendance import Attendance
from app.summaries.docket import Docket, named
from app.summaries.records import Filing

UNKNOWN = "unknown"
CONTESTED = "contested"

FORM_RANKS = ("both", "written", "through_counsel", "oral")
TRACE_QUESTIONS = {
    "raised": "trace_raised",
    "in_hearing_record": "trace_in_hearing_record",
    "in_case_file": "trace_in_case_file",
    "mentioned_in_judgment": "trace_mentioned_in_judgment",
    "evaluated": "trace_evaluated",
    "investigated": "trace_investigated",
}
SAYS_NOTHING = frozenset({"no_complaint", "text_not_obtained"})
IN_JUDGMENT = {
    "mentioned_in_judgment": {
        "absent": "no",
        "mentioned_only": "yes",
        "dismissed_as_avoidance": "yes",
        "dismissed_other": "yes",
        "examined": "yes",
    },
    "evaluated": {"absent": "no", "mentioned_only": "no", "dismissed_as_avoidance": "no", "dismissed_other": "yes", "examined": "yes"},
}


@dataclass(frozen=True, slots=True)
class Settled:
    """What answers of several filings come to: one value, `contested` or `unknown`, and the filings that decided it."""

    value: str = UNKNOWN
    filings: tuple[Filing, ...] = ()


NOT_ANSWERED = Settled()


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complainant's complaint: its filings, its form, its stages by name, and what the court answered (codes in vocabulary order)."""

    participant: str
    filings: tuple[Filing, ...]
    form: str
    forms: frozenset[str]
    treatment: Settled
    stages: Mapping[str, Settled]
    responses: tuple[str, ...]

    @property
    def investigated(self) -> Settled:
        """Whether somebody investigated."""
        return self.stages["investigated"]


@dataclass(frozen=True, slots=True)
class Complaints:
    """Complaints by complainant, sorted; `treatments` is by any person whom a filing traces, complainant or not."""

    by_person: Mapping[str, Complaint]
    treatments: Mapping[str, Settled]

    def treatment(self, person: str) -> str:
        """What the judgment did with a complaint."""
        return self.treatments.get(person, NOT_ANSWERED).value


@dataclass(frozen=True, slots=True)
class _Answer:
    documentary: bool
    value: str
    filing: Filing


_Answers = Mapping[str, list[_Answer]]


def complaints_of(docket: Docket, attendance: Attendance) -> Complaints:
    """Every complaint of a case."""
    treatments = {person: _settle(answers) for person, answers in _treatments(docket).items()}
    stages = {stage: _stage_answers(docket, stage) for stage in TRACE_QUESTIONS}
    by_person: dict[str, list[Filing]] = defaultdict(list)
    for filing in docket.of("torture_complaint"):
        for person in named(filing)[:1]:
            by_person[person].append(filing)
    found = {
        person: _complaint(docket, attendance, tuple(filings), person=person, treatment=treatments.get(person, NOT_ANSWERED), stages=stages)
        for person, filings in sorted(by_person.items())
    }
    return Complaints(found, treatments)


def _complaint(
    docket: Docket,
    attendance: Attendance,
    filings: tuple[Filing, ...],
    *,
    person: str,
    treatment: Settled,
    stages: Mapping[str, _Answers],
) -> Complaint:
    clear = [each for each in filings if attendance.can_assess(each, each.answers.get("basis"), content=True)]
    forms = frozenset(str(each.answers.get("form", UNKNOWN)) for each in clear)
    return Complaint(
        participant=person,
        filings=filings,
        form=next((form for form in FORM_RANKS if form in forms), UNKNOWN),
        forms=forms,
        treatment=treatment,
        stages={stage: _settle(answers.get(person, ())) for stage, answers in stages.items()},
        responses=tuple(docket.lexicon.in_order("court_response", (code for each in clear for code in each.answers.get("responses", ())))),
    )


def _settle(answers: Iterable[_Answer]) -> Settled:
    given = list(answers)
    best = [each for each in given if each.documentary] or given
    values = {each.value for each in best}
    if not values:
        return NOT_ANSWERED
    filings = tuple({each.filing.id: each.filing for each in best}.values())
    return Settled(values.pop() if len(values) == 1 else CONTESTED, filings)


def _treatments(docket: Docket) -> _Answers:
    """What filings say that the judgment did, by person."""
    out: dict[str, list[_Answer]] = defaultdict(list)
    for filing in docket.of("complaint_trace", "outcome"):
        value = filing.answers.get("complaint_in_judgment")
        if value is not None and value not in SAYS_NOTHING:
            for person in named(filing):
                out[person].append(_Answer(docket.is_documentary(filing), value, filing))
    return out


def _stage_answers(docket: Docket, stage: str) -> _Answers:
    """The yes and no that filings give on one stage, by person."""
    out: dict[str, list[_Answer]] = defaultdict(list)
    for filing in docket.of("torture_complaint", "complaint_trace", "outcome"):
        for value in _answered(filing, stage):
            for person in named(filing):
                out[person].append(_Answer(docket.is_documentary(filing), value, filing))
    return out


def _answered(filing: Filing, stage: str) -> Iterator[str]:
    direct = filing.answers.get(TRACE_QUESTIONS[stage])
    if direct in ("yes", "no"):
        yield str(direct)
    if stage in IN_JUDGMENT and filing.form != "torture_complaint":
        derived = IN_JUDGMENT[stage].get(str(filing.answers.get("complaint_in_judgment")))
        if derived:
            yield derived
