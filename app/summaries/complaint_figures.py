"""Figures about complaints of torture: every complainant counts once in each, whatever the number of filings."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.summaries.complaints import UNKNOWN as NOT_KNOWN
from app.summaries.complaints import Complaint
from app.summaries.counting import UNKNOWN, Behind, Contribution, Figure, codes, count, share, table, together
from app.summaries.facts import CaseFacts
from app.summaries.notes import identity_questions
from app.summaries.person_figures import behind_case
from app.summaries.roles import Roles
from app.summaries.rule import FigureRule

ABSENT = "absent"
WRITTEN = frozenset({"written", "both"})


def complainants(facts: CaseFacts, _roles: Roles) -> Figure:
    """Persons who complained, placeholders included."""
    return count(_each(facts, _all(facts), lambda _: ()), at_least=facts.has_minimum)


def complainants_by_role(facts: CaseFacts, roles: Roles) -> Figure:
    """The same by role."""
    return table(("role",), _each(facts, _all(facts), lambda each: (roles[each.participant],)), at_least=facts.has_minimum)


def identified(facts: CaseFacts, _roles: Roles) -> Figure:
    """Complainants whom the source names."""
    return count(_each(facts, _identified(facts), lambda _: ()), at_least=facts.has_minimum)


def identified_by_role(facts: CaseFacts, roles: Roles) -> Figure:
    """The same by role."""
    return table(("role",), _each(facts, _identified(facts), lambda each: (roles[each.participant],)), at_least=facts.has_minimum)


def by_form(facts: CaseFacts, _roles: Roles) -> Figure:
    """Complaints by form."""
    return table(("form",), _each(facts, _all(facts), lambda each: (each.form,)), at_least=facts.has_minimum)


def by_treatment(facts: CaseFacts, _roles: Roles) -> Figure:
    """What the judgment did with them."""
    return table(("treatment",), _traced(facts, _all(facts), lambda each: (each.treatment.value,)))


def by_form_and_treatment(facts: CaseFacts, _roles: Roles) -> Figure:
    """Form and treatment crossed."""
    return table(("form", "treatment"), _traced(facts, _all(facts), lambda each: (each.form, each.treatment.value)))


def share_of_defendants(facts: CaseFacts, roles: Roles) -> Figure:
    """Complainants who are defendants, of the defendants that the case was entered with."""
    stated = facts.records.defendants_stated
    if not stated:
        return Figure(None, facts.has_minimum)
    part = _each(facts, (each for each in _all(facts) if roles[each.participant] == "defendant"), lambda _: ())
    return share(part, [Contribution((), behind_case(facts), stated)], at_least=facts.has_minimum)


def absent(facts: CaseFacts, roles: Roles) -> Figure:
    """Complaints that the judgment does not mention, by role and whether the complainant is anonymous."""

    def cell(each: Complaint) -> tuple[Any, ...]:
        person = facts.docket.people.get(each.participant)
        return (roles[each.participant], person is not None and person.is_anonymous)

    return table(("role", "anonymous"), _traced(facts, _absent(facts), cell))


def share_absent(facts: CaseFacts, _roles: Roles) -> Figure:
    """Complaints that the judgment does not mention, of those that were looked for in it."""
    traced = (each for each in _all(facts) if each.treatment.value != NOT_KNOWN)
    return share(_traced(facts, _absent(facts), lambda _: ()), _traced(facts, traced, lambda _: ()))


def absent_and_uncertain(facts: CaseFacts, _roles: Roles) -> Figure:
    """Complainants whose complaint is absent and who are perhaps not the person whom the judgment names."""
    doubts: dict[str, Behind] = {}
    for each in identity_questions(facts.records):
        if each.confidence == "uncertain" and each.between >= {"complaint", "judgment"}:
            doubts[each.participant] = doubts.get(each.participant, frozenset()) | facts.tracer.note(each.note)
    uncertain = [each for each in _absent(facts) if each.participant in doubts]
    return codes(
        Contribution(each.cell, each.behind | doubts[each.cell[0]]) for each in _traced(facts, uncertain, lambda one: (one.participant,))
    )


def in_judgment_not_written(facts: CaseFacts, _roles: Roles) -> Figure:
    """Complaints that the judgment deals with although no written form of them is known."""
    mine = (each for each in _all(facts) if each.treatment.value not in (ABSENT, NOT_KNOWN) and each.form not in WRITTEN)
    return codes(_traced(facts, mine, lambda each: (each.participant,)))


def investigations(facts: CaseFacts, _roles: Roles) -> Figure:
    """Complaints that were investigated; unknown where nobody's is known to have been or not to have been."""
    told = [each for each in _all(facts) if each.investigated.value in ("yes", "no")]
    if not told:
        return UNKNOWN
    return count(
        (Contribution((), facts.tracer.filings(each.investigated.filings)) for each in told if each.investigated.value == "yes"),
        at_least=len(told) < len(facts.complaints.by_person),
        looked_at=together(facts.tracer.filings(each.investigated.filings) for each in told),
    )


def _all(facts: CaseFacts) -> Iterable[Complaint]:
    return facts.complaints.by_person.values()


def _absent(facts: CaseFacts) -> list[Complaint]:
    return [each for each in _all(facts) if each.treatment.value == ABSENT]


def _identified(facts: CaseFacts) -> list[Complaint]:
    people = facts.docket.people
    known = (each for each in _all(facts) if each.participant in people and not facts.docket.is_placeholder(each.participant))
    return [each for each in known if people[each.participant].named_in_source]


def _each(facts: CaseFacts, complaints: Iterable[Complaint], cell: Callable[[Complaint], tuple[Any, ...]]) -> list[Contribution]:
    """One contribution for each complainant, behind which stand the filings that name the person."""
    return [Contribution(cell(each), facts.behind_complaint(each.participant)) for each in complaints]


def _traced(facts: CaseFacts, complaints: Iterable[Complaint], cell: Callable[[Complaint], tuple[Any, ...]]) -> list[Contribution]:
    """The same, with the filings that show what the judgment did."""
    return [
        Contribution(cell(each), facts.behind_complaint(each.participant) | facts.tracer.filings(each.treatment.filings))
        for each in complaints
    ]


RULES: Mapping[str, FigureRule] = {
    "complaints.total": complainants,
    "complaints.by_role": complainants_by_role,
    "complaints.identified": identified,
    "complaints.identified_by_role": identified_by_role,
    "complaints.by_form": by_form,
    "complaints.by_judgment_treatment": by_treatment,
    "complaints.by_form_and_judgment": by_form_and_treatment,
    "complaints.defendants_share": share_of_defendants,
    "complaints.absent_from_judgment": absent,
    "complaints.absent_share": share_absent,
    "complaints.absent_identity_uncertain": absent_and_uncertain,
    "complaints.in_judgment_not_written": in_judgment_not_written,
    "investigations.opened": investigations,
}
