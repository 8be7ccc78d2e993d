"""What a reader must keep in mind about a case: the taxonomy's caveats that need no rating."""

from app.summaries.consistency import Check
from app.summaries.facts import CaseFacts
from app.summaries.notes import caveats_set

NOT_CLOSED = frozenset({"open", "could_not_tell"})
NOT_RECORDED = "torture.complaint_not_recorded"


def caveats_of(facts: CaseFacts, checks: list[Check]) -> list[str]:
    """The caveats that hold, in vocabulary order; coordinators set some by a note."""
    found = {name for name, holds in _flags(facts, checks).items() if holds}
    known = facts.lexicon.ranks.get("coverage_caveat", {})
    found |= {each for each in caveats_set((*facts.records.notes, *facts.records.programme_notes)) if each in known}
    return facts.lexicon.in_order("coverage_caveat", found)


def _flags(facts: CaseFacts, checks: list[Check]) -> dict[str, bool]:
    attendance, records = facts.attendance, facts.records
    able = [each.is_able for each in attendance.grasp.values()]
    known, observed = len(attendance.known), len(attendance.observed)
    return {
        "hearings_unobserved": observed < known,
        "low_hearing_share": 2 * observed < known or not known,
        "observers_without_language": 2 * sum(able) < len(able),
        "closed_hearings": any(each.answers.get("openness", "open") not in NOT_CLOSED for each in facts.docket.of("hearing")),
        "judgment_not_obtained": bool(records.verdict_on) and all(each.kind != "judgment" for each in records.documents),
        "record_not_obtained": not set(facts.complaints.by_person) <= _looked_for_in_record(facts),
        "figures_do_not_add_up": not all(each.holds for each in checks),
    }


def _looked_for_in_record(facts: CaseFacts) -> set[str]:
    """Persons of whose complaint some filing says whether it is in the hearing record."""
    marks = ((filing, mark) for filing in facts.docket.filings for mark in filing.marks if mark.indicator == NOT_RECORDED)
    return {unit for filing, mark in marks for unit in facts.docket.units(filing, mark)}
