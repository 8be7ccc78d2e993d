"""Everything that is decided about a case before anything is counted."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.assessment.assess import Assessment
from app.summaries.assessing import assessment_of
from app.summaries.attendance import Attendance, attend
from app.summaries.complaints import Complaints, complaints_of
from app.summaries.counting import Behind, Tracer
from app.summaries.docket import Docket, docket_of
from app.summaries.lexicon import Lexicon
from app.summaries.outcomes import FirstInstance, first_instance
from app.summaries.records import CaseRecords
from app.summaries.restrictions import Restriction, restrictions_of
from app.summaries.retractions import Retraction, retractions_of
from app.summaries.roles import readings_of
from app.taxonomy.catalogue import Taxonomy


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case as decided; what depends on a reading of its roles is not among it."""

    docket: Docket
    attendance: Attendance
    complaints: Complaints
    first: FirstInstance
    restrictions: tuple[Restriction, ...]
    retractions: Mapping[str, Retraction]
    readings: tuple[str, ...]
    assessment: Assessment
    """Its rights as rated, under the default reading."""

    @property
    def records(self) -> CaseRecords:
        """What the facts were established from."""
        return self.docket.records

    @property
    def lexicon(self) -> Lexicon:
        """The words of the taxonomy."""
        return self.docket.lexicon

    @property
    def tracer(self) -> Tracer:
        """What turns records into references."""
        return self.docket.tracer

    @property
    def registered_defendants(self) -> int:
        """Defendants on record under the default reading; a placeholder is none."""
        return len(self.docket.defendants)

    @property
    def has_minimum(self) -> bool:
        """Whether numbers of complainants are minimums: a known hearing that nobody understood, none known, or a placeholder among them."""
        return not self.attendance.is_whole or any(self.docket.is_placeholder(code) for code in self.complaints.by_person)

    def behind_complaint(self, person: str) -> Behind:
        """The filings that name a complainant."""
        return self.tracer.filings(self.complaints.by_person[person].filings)


def establish(records: CaseRecords, taxonomy: Taxonomy) -> CaseFacts:
    """The facts of a case, from its records alone."""
    docket = docket_of(records, taxonomy)
    attendance = attend(docket)
    first = first_instance(docket, attendance)
    return CaseFacts(
        docket=docket,
        attendance=attendance,
        complaints=complaints_of(docket, attendance),
        first=first,
        restrictions=restrictions_of(docket),
        retractions=retractions_of(docket),
        readings=readings_of(records.participants),
        assessment=assessment_of(docket, attendance, first),
    )
