"""What coordinators do with assignments."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.cases import queries
from app.cases.assignments.schemas import AssignmentShown, NewAssignment
from app.cases.casefiles.service import CASES, check_case
from app.cases.errors import ALREADY_ASSIGNED, NOT_RELEVANT, refuse
from app.cases.hearings.service import HEARINGS
from app.cases.ledger import Events, Ledger, born
from app.cases.models import Assignment, Case, Hearing
from app.journal.schemas import EventKind
from app.kit import errors
from app.kit.access import COORDINATOR, Scope
from app.kit.errors import Fault
from app.kit.paging import Page
from app.kit.windows import Window


def _show(_: Session, rows: Sequence[Assignment]) -> list[AssignmentShown]:
    return [AssignmentShown.model_validate(row) for row in rows]


ASSIGNMENTS = Ledger(
    Assignment,
    Events(EventKind.ASSIGNMENT_CREATED, EventKind.ASSIGNMENT_DELETED),
    _show,
    told=("member_id",),
    case_of=lambda assignment: assignment.in_case_id,
    refusals={"uq_assignment_programme_id_member_id_target_id": ALREADY_ASSIGNED},
)


def create_assignment(session: Session, scope: Scope, new: NewAssignment) -> AssignmentShown:
    """Assign a member to a hearing or to a case of the same programme; 409 `already_assigned`."""
    refuse(_target_faults(new))
    target = _target(session, scope, new)
    if not queries.is_member(session, [target.programme_id], new.member_id):
        raise errors.missing("/member_id")
    case_id = target.case_id if isinstance(target, Hearing) else target.id
    return _add(session, scope, target.programme_id, new.member_id, in_case_id=case_id, hearing_id=new.hearing_id)


def assign(session: Session, scope: Scope, programme_id: UUID, member_id: UUID, *, case_id: UUID, hearing_id: UUID | None) -> None:
    """Assign a member to a hearing, or without one to the whole case; who is assigned to either already stays so."""
    if not queries.is_assigned(session, programme_id, member_id, {hearing_id or case_id, case_id}):
        _add(session, scope, programme_id, member_id, in_case_id=case_id, hearing_id=hearing_id)


def _add(
    session: Session, scope: Scope, programme_id: UUID, member_id: UUID, *, in_case_id: UUID, hearing_id: UUID | None
) -> AssignmentShown:
    case_id = in_case_id if hearing_id is None else None
    target_id = hearing_id or in_case_id
    row = Assignment(
        **born(programme_id), member_id=member_id, case_id=case_id, hearing_id=hearing_id, target_id=target_id, in_case_id=in_case_id
    )
    return ASSIGNMENTS.add(session, scope, row)


def list_assignments(
    session: Session,
    scope: Scope,
    window: Window,
    *,
    programme_id: UUID | None,
    case_id: UUID | None,
    hearing_id: UUID | None,
    member_id: UUID | None,
) -> Page[AssignmentShown]:
    """Assignments in the order in which they were made; those of a case include those of its hearings."""
    check_case(session, scope, case_id)
    if hearing_id is not None:
        HEARINGS.find(session, scope, hearing_id)
    if member_id is not None and not queries.is_member(session, scope.programmes(COORDINATOR), member_id):
        raise errors.missing()
    wanted: dict[str, Any] = {"in_case_id": case_id, "hearing_id": hearing_id, "member_id": member_id}
    return ASSIGNMENTS.page(session, scope, window, programme_id=programme_id, **wanted)


def _target(session: Session, scope: Scope, new: NewAssignment) -> Hearing | Case:
    if new.hearing_id is not None:
        return HEARINGS.find(session, scope, new.hearing_id, place="/hearing_id")
    assert new.case_id is not None
    return CASES.find(session, scope, new.case_id, place="/case_id")


def _target_faults(new: NewAssignment) -> Iterator[Fault]:
    if new.hearing_id is None and new.case_id is None:
        yield Fault("/hearing_id", errors.REQUIRED)
    if new.hearing_id is not None and new.case_id is not None:
        yield Fault("/case_id", NOT_RELEVANT)
