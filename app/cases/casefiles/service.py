"""What coordinators do with cases."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.cases.casefiles.schemas import CaseChanges, CaseShown, NewCase
from app.cases.courts.service import COURTS
from app.cases.ledger import Events, Ledger, born
from app.cases.models import Case
from app.cases.schemas import columns_of
from app.journal.schemas import EventKind
from app.kit.access import COORDINATOR, Scope
from app.kit.errors import CODE_TAKEN
from app.kit.paging import Page
from app.kit.windows import Window


def _show(_: Session, rows: Sequence[Case]) -> list[CaseShown]:
    return [CaseShown.model_validate(row) for row in rows]


CASES = Ledger(
    Case,
    Events(EventKind.CASE_CREATED, EventKind.CASE_DELETED, EventKind.CASE_CHANGED),
    _show,
    told=("code",),
    case_of=lambda case: case.id,
    order=("code_key", "id"),
    code="code",
    searched=("title",),
    refusals={"uq_court_case_programme_id_code_key": CODE_TAKEN},
)


def create_case(session: Session, scope: Scope, new: NewCase) -> CaseShown:
    """Add a case to a programme; 409 `code_taken`, 404 at `/court_id` for a court of another programme."""
    scope.require(new.programme_id, COORDINATOR, place="/programme_id")
    COURTS.within(session, new.programme_id, new.court_id, "/court_id")
    return CASES.add(session, scope, Case(**{**born(new.programme_id), **columns_of(new)}))


def change_case(session: Session, scope: Scope, case_id: UUID, changes: CaseChanges, if_match: str | None) -> CaseShown:
    """Change what was sent of a case."""
    case = CASES.open(session, scope, case_id, if_match)
    columns = columns_of(changes)
    if "court_id" in columns:
        COURTS.within(session, case.programme_id, columns["court_id"], "/court_id")
    return CASES.change(session, scope, case, columns)


def list_cases(session: Session, scope: Scope, window: Window, court_id: UUID | None, **wanted: Any) -> Page[CaseShown]:
    """Cases by code; 404 for a court that is invisible."""
    if court_id is not None:
        COURTS.find(session, scope, court_id)
    return CASES.page(session, scope, window, court_id=court_id, **wanted)


def check_case(session: Session, scope: Scope, case_id: UUID | None) -> None:
    """Raise 404 where a list is asked for a case that is invisible, 403 where the caller does not coordinate it."""
    if case_id is not None:
        CASES.find(session, scope, case_id)
