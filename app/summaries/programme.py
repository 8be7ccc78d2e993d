"""A programme as its cases add up: what each case gives to the whole, so that a case is folded once and a programme from its cases."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.summaries.attendance import Grasp
from app.summaries.caveats import caveats_of
from app.summaries.complaint_figures import by_form, complainants
from app.summaries.consistency import consistency
from app.summaries.counting import Figure
from app.summaries.coverage import Coverage, languages_of, spoken
from app.summaries.coverage_figures import counted_ids
from app.summaries.facts import CaseFacts, establish
from app.summaries.lexicon import Lexicon, lexicon_of
from app.summaries.records import Member, Note, ProgrammeRecords, Stored
from app.summaries.roles import Roles
from app.taxonomy.catalogue import Taxonomy


@dataclass(frozen=True, slots=True)
class CaseInBrief:
    """What a programme needs of one case: `known` and `observed` are ids of hearings, `counted` ids of filings by origin.

    `complaints` is how many complained, `forms` the same by the form of the complaint.
    """

    id: str
    code: str
    monitoring: str
    revision: int
    known: tuple[str, ...]
    observed: tuple[str, ...]
    grasp: Mapping[str, Grasp]
    languages: frozenset[str]
    complaints: Figure
    verdict_on: str | None
    forms: Figure
    stored: Stored
    counted: Stored
    caveats: tuple[str, ...]
    ratings: Mapping[str, str]
    """Its ratings by right; `contested` where the facts are."""


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """A programme's cases in brief, by code, its observers and its own notes."""

    id: str
    lexicon: Lexicon
    cases: tuple[CaseInBrief, ...]
    members: tuple[Member, ...]
    notes: tuple[Note, ...]

    def coverage(self) -> Coverage:
        """The coverage of all cases together; the observers whose languages count are all of the programme's."""
        grasp: dict[str, Grasp] = {}
        for case in self.cases:
            for observer, each in case.grasp.items():
                grasp[observer] = grasp.get(observer, Grasp()) + each
        return Coverage(
            known=sum(len(each.known) for each in self.cases),
            observed=sum(len(each.observed) for each in self.cases),
            monitoring=Counter(each.monitoring for each in self.cases),
            languages=frozenset[str]().union(*(each.languages for each in self.cases)),
            speakers=languages_of(self.members),
            complaints=tuple(each.complaints for each in self.cases),
            grasp={observer: grasp[observer] for observer in sorted(grasp)},
        )


def in_brief(facts: CaseFacts) -> CaseInBrief:
    """What a case gives to its programme."""
    records, attendance, roles = facts.records, facts.attendance, Roles(facts.docket.people)
    ids = {code: hearing.id for code, hearing in facts.docket.hearings.items()}
    return CaseInBrief(
        id=records.id,
        code=records.code,
        monitoring=records.monitoring,
        revision=records.revision,
        known=tuple(ids[code] for code in attendance.known),
        observed=tuple(ids[code] for code in attendance.observed),
        grasp=attendance.grasp,
        languages=spoken(facts),
        complaints=complainants(facts, roles),
        verdict_on=records.verdict_on,
        forms=by_form(facts, roles),
        stored=records.stored,
        counted=counted_ids(facts),
        caveats=tuple(caveats_of(facts, consistency(facts))),
        ratings={code: each.rating or each.status for code, each in facts.assessment.rights.items()},
    )


def programme_facts(records: ProgrammeRecords, taxonomy: Taxonomy) -> ProgrammeFacts:
    """A programme from the records of all its cases."""
    briefs = (in_brief(establish(each, taxonomy)) for each in records.cases)
    return programme_of(records.id, briefs, records.members, records.notes, taxonomy)


def programme_of(
    programme_id: str, cases: Iterable[CaseInBrief], members: Iterable[Member], notes: Iterable[Note], taxonomy: Taxonomy
) -> ProgrammeFacts:
    """A programme from cases in brief."""
    return ProgrammeFacts(
        id=programme_id,
        lexicon=lexicon_of(taxonomy),
        cases=tuple(sorted(cases, key=lambda each: each.code)),
        members=tuple(sorted(members, key=lambda each: each.code)),
        notes=tuple(notes),
    )
