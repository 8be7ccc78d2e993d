"""What a coordinator decides on, found in the summary as it stands: a disagreement with its values, and the computed grade."""

from uuid import UUID

from sqlmodel import Session

from app.kit import errors
from app.kit.access import COORDINATOR, Scope
from app.kit.errors import Fault
from app.review.schemas import DisagreementDecided
from app.review.service import Disputed, Graded
from app.summaries.assessed import computed_grade
from app.summaries.disagreements import Topic, compare, same
from app.summaries.facts import CaseFacts
from app.summaries.service import Memory, case_standing


def disputed(session: Session, scope: Scope, memory: Memory, case_id: UUID, body: DisagreementDecided) -> Disputed:
    """What a decision is about, by ids; 404 where no such disagreement stands, 422 for a value that nobody stands on."""
    standing = case_standing(session, scope, memory, case_id)
    scope.require(standing.state.programme_id, COORDINATOR)
    facts, topic = standing.facts, Topic(body.hearing, body.kind, body.what, body.unit)
    found = next((each for each in compare(facts.docket, facts.attendance).disagreements if each.topic == topic), None)
    if found is None:
        raise errors.missing("")
    if not any(same(each.value, body.value) for each in found.stances):
        raise errors.invalid(Fault("/value", errors.NOT_IN_VOCABULARY))
    unit = _unit(facts, topic)
    person = UUID(facts.docket.people[topic.unit].id) if unit == "participant" else None
    return Disputed(standing.state.programme_id, case_id, UUID(facts.docket.hearings[topic.hearing].id), unit, person)


def graded(session: Session, scope: Scope, memory: Memory, case_id: UUID) -> Graded:
    """The grade of a case as it is computed now."""
    standing = case_standing(session, scope, memory, case_id)
    scope.require(standing.state.programme_id, COORDINATOR)
    return Graded(standing.state.programme_id, case_id, computed_grade(standing.facts.assessment.grade), memory.taxonomy)


def _unit(facts: CaseFacts, topic: Topic) -> str:
    """What kind of thing observers differ about."""
    if topic.unit in facts.docket.people:
        return "participant"
    return "hearing" if topic.unit == topic.hearing else "case"
