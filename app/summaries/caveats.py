"""What a reader must keep in mind about a case: the taxonomy's caveats, each with the rights that it is about."""

from collections.abc import Iterable

from app.assessment.inputs import Span
from app.summaries.assessing import span_of
from app.summaries.consistency import Check
from app.summaries.facts import CaseFacts
from app.summaries.notes import caveats_set
from app.summaries.records import Filing

NOT_CLOSED = frozenset({"open", "could_not_tell"})
MOST_OF_IT = 0.75
"""Of the time at a hearing: who was there for less attended it in part (taxonomy, caveat_rules)."""
MANY_OF_THEM = 1 / 3
NOT_RECORDED = "torture.complaint_not_recorded"


def caveats_of(facts: CaseFacts, checks: list[Check]) -> dict[str, tuple[str, ...]]:
    """The caveats that hold, in vocabulary order, each with the rights it is about (none: the case); coordinators set some by a note."""
    found = {name for name, holds in _flags(facts, checks).items() if holds}
    known = facts.lexicon.ranks.get("coverage_caveat", {})
    found |= {each for each in caveats_set((*facts.records.notes, *facts.records.programme_notes)) if each in known}
    rated = facts.assessment.caveats
    return {each: rated.get(each, ()) for each in facts.lexicon.in_order("coverage_caveat", found | rated.keys())}


def _flags(facts: CaseFacts, checks: list[Check]) -> dict[str, bool]:
    attendance, records = facts.attendance, facts.records
    able = [each.is_able for each in attendance.grasp.values()]
    known, observed = len(attendance.known), len(attendance.observed)
    return {
        "hearings_unobserved": observed < known,
        "low_hearing_share": 2 * observed < known or not known,
        "observers_without_language": 2 * sum(able) < len(able),
        "closed_hearings": any(each.answers.get("openness", "open") not in NOT_CLOSED for each in facts.docket.of("hearing")),
        "partial_attendance": _often_left(facts),
        "judgment_not_obtained": bool(records.verdict_on) and all(each.kind != "judgment" for each in records.documents),
        "record_not_obtained": not set(facts.complaints.by_person) <= _looked_for_in_record(facts),
        "figures_do_not_add_up": not all(each.holds for each in checks),
    }


def _often_left(facts: CaseFacts) -> bool:
    """Whether nobody was there for most of the time at many of the observed hearings."""
    attendance = facts.attendance
    left = sum(_was_left(attendance.reports[hearing]) for hearing in attendance.observed)
    return bool(left) and left >= MANY_OF_THEM * len(attendance.observed)


def _was_left(reports: Iterable[Filing]) -> bool:
    """Whether no observer was there for most of the time between the first arrival and the last leaving that are known."""
    spans = [span for each in reports if (span := span_of(each.answers)) is not None]
    if not spans:
        return False
    whole = _minutes((min(came for came, _ in spans), max(left for _, left in spans)))
    return max(map(_minutes, spans)) < MOST_OF_IT * whole


def _minutes(span: Span) -> int:
    (came, left) = (60 * int(each[:2]) + int(each[3:]) for each in span)
    return left - came


def _looked_for_in_record(facts: CaseFacts) -> set[str]:
    """Persons of whose complaint some filing says whether it is in the hearing record."""
    marks = ((filing, mark) for filing in facts.docket.filings for mark in filing.marks if mark.indicator == NOT_RECORDED)
    return {unit for filing, mark in marks for unit in facts.docket.units(filing, mark)}
