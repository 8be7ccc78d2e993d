"""What coordinators do with hearings."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.cases.casefiles.service import CASES, check_case
from app.cases.courts.service import COURTS
from app.cases.hearings.schemas import HearingChanges, HearingShown, NewHearing
from app.cases.ledger import Events, Ledger, born
from app.cases.models import Hearing
from app.cases.schemas import columns_of
from app.journal.schemas import EventKind
from app.kit.access import Scope
from app.kit.errors import CODE_TAKEN
from app.kit.paging import Page
from app.kit.windows import Window


def _show(_: Session, rows: Sequence[Hearing]) -> list[HearingShown]:
    return [HearingShown.model_validate(row) for row in rows]


HEARINGS = Ledger(
    Hearing,
    Events(EventKind.HEARING_CREATED, EventKind.HEARING_DELETED, EventKind.HEARING_CHANGED),
    _show,
    told=("code",),
    hearing_of=lambda hearing: hearing.id,
    order=("date", "id"),
    code="code",
    refusals={"uq_hearing_programme_id_case_id_code_key": CODE_TAKEN},
)


def create_hearing(session: Session, scope: Scope, new: NewHearing) -> HearingShown:
    """Add a hearing to a case; 409 `code_taken`, 404 at `/court_id` for a court of another programme."""
    case = CASES.find(session, scope, new.case_id, place="/case_id")
    columns = columns_of(new)
    _check_court(session, case.programme_id, columns)
    return HEARINGS.add(session, scope, Hearing(**{**born(case.programme_id), **columns}))


def change_hearing(session: Session, scope: Scope, hearing_id: UUID, changes: HearingChanges, if_match: str | None) -> HearingShown:
    """Change what was sent of a hearing."""
    hearing = HEARINGS.open(session, scope, hearing_id, if_match)
    columns = columns_of(changes)
    _check_court(session, hearing.programme_id, columns)
    return HEARINGS.change(session, scope, hearing, columns)


def list_hearings(session: Session, scope: Scope, window: Window, case_id: UUID | None, **wanted: Any) -> Page[HearingShown]:
    """Hearings by date."""
    check_case(session, scope, case_id)
    return HEARINGS.page(session, scope, window, case_id=case_id, **wanted)


def _check_court(session: Session, programme_id: UUID, columns: Mapping[str, Any]) -> None:
    if columns.get("court_id") is not None:
        COURTS.within(session, programme_id, columns["court_id"], "/court_id")
