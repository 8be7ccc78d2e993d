"""Whether a case's own numbers agree: the taxonomy's consistency checks K1 to K4, K6 and K7 (K5 is about official statistics)."""

from dataclasses import dataclass

from app.summaries.complaints import CONTESTED, Complaint
from app.summaries.complaints import UNKNOWN as NOT_KNOWN
from app.summaries.facts import CaseFacts
from app.summaries.outcome_figures import in_known_custody, weight

READINGS_OF_FORM = ("written", "oral")


@dataclass(frozen=True, slots=True)
class Check:
    """One check with its two sides; it holds where they are equal."""

    check: str
    left: int | list[int]
    right: int | list[int]

    @property
    def holds(self) -> bool:
        """Whether the sides agree."""
        return self.left == self.right


def consistency(facts: CaseFacts) -> list[Check]:
    """Every check of a case. A side that nothing is known of counts nobody, so that an unfinished record shows as one."""
    first, people = facts.first, facts.complaints.by_person
    treatments = facts.complaints.treatments.values()
    defendants = facts.records.defendants_stated or facts.registered_defendants
    return [
        Check("K1", weight(first.outcomes), defendants),
        Check("K2", weight(first.sentenced), weight(first.convicted)),
        Check("K3", sum(each.value != CONTESTED for each in treatments), len(treatments)),
        Check("K4", [_forms(facts, preferred) for preferred in READINGS_OF_FORM], [len(people)] * len(READINGS_OF_FORM)),
        Check("K6", sum(_goes_on_unraised(each) for each in people.values()), 0),
        Check("K7", weight(in_known_custody(facts)), weight(first.custodial)),
    ]


def _forms(facts: CaseFacts, preferred: str) -> int:
    """Complainants by form, added up, where a contested form is read as the preferred one."""
    read = [_read(each, preferred) for each in facts.complaints.by_person.values()]
    return sum(read.count(form) for form in ("written", "oral", "both", "through_counsel", NOT_KNOWN))


def _read(complaint: Complaint, preferred: str) -> str:
    return preferred if preferred in complaint.forms else complaint.form


def _goes_on_unraised(complaint: Complaint) -> bool:
    """Whether a later stage is answered yes while the complaint is said not to have been raised."""
    later = (settled.value for stage, settled in complaint.stages.items() if stage != "raised")
    return complaint.stages["raised"].value == "no" and "yes" in later
