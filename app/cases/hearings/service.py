"""What coordinators do with hearings."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlmodel import Session

from app.cases import queries
from app.cases.casefiles.service import CASES, check_case
from app.cases.courts.service import COURTS
from app.cases.hearings.schemas import HearingChanges, HearingShown, LockShown, NewHearing
from app.cases.ledger import Events, Ledger, born
from app.cases.models import Hearing, HearingLock
from app.cases.reasons import reading_of
from app.cases.schemas import columns_of
from app.cases.sealing import Keeper
from app.journal.schemas import Entry, EventKind
from app.journal.showing import Thing
from app.kit import clock
from app.kit.access import COORDINATOR, Scope
from app.kit.crypto import Place
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


class _Step(NamedTuple):
    what: Literal["locked", "unlocked"]
    kind: EventKind


_LOCKING = _Step("locked", EventKind.HEARING_LOCKED)
_UNLOCKING = _Step("unlocked", EventKind.HEARING_UNLOCKED)


def lock_hearing(session: Session, keeper: Keeper, hearing_id: UUID, reason: str) -> HearingShown:
    """Lock a hearing; of one that is locked nothing changes."""
    return _turn(session, keeper, hearing_id, _LOCKING, reason)


def unlock_hearing(session: Session, keeper: Keeper, hearing_id: UUID, reason: str) -> HearingShown:
    """Unlock a hearing; of one that is not locked nothing changes. What waits for review goes on waiting."""
    return _turn(session, keeper, hearing_id, _UNLOCKING, reason)


def _turn(session: Session, keeper: Keeper, hearing_id: UUID, step: _Step, reason: str) -> HearingShown:
    hearing = HEARINGS.open(session, keeper.scope, hearing_id, None)
    if (hearing.locked_at is None) == (step is _LOCKING):
        hearing.locked_at = clock.now() if step is _LOCKING else None
        hearing.version += 1
        _keep(session, keeper, hearing, step, reason)
    return HEARINGS.shown(session, hearing)


def list_locks(session: Session, keeper: Keeper, window: Window, hearing_id: UUID) -> tuple[Page[LockShown], Entry | None]:
    """When a hearing was locked and unlocked, by whom and why, as it was done; with what the journal must hold before that is shown."""
    hearing = HEARINGS.find(session, keeper.scope, hearing_id)
    of = f"hearing_lock {hearing_id}"
    position = window.after(of)
    after = UUID(position[0]) if position else None
    found = queries.locks_of(session, hearing.programme_id, hearing.id, after=after, limit=window.limit + 1)
    rows, following = window.cut(of, found, lambda last: [str(last[0].id)])
    told = reading_of(keeper.scope, hearing.programme_id, Thing.HEARING, [hearing.id]) if rows else None
    return Page(items=[_lock(keeper, *each) for each in rows], next_cursor=following), told


def _lock(keeper: Keeper, row: HearingLock, by: str) -> LockShown:
    reason = keeper.open(_place(row.programme_id, row.id), row.reason).decode()
    what: Literal["locked", "unlocked"] = "locked" if row.what == "locked" else "unlocked"
    return LockShown(id=row.id, what=what, by=by, at=row.created_at, reason=reason)


def _place(programme_id: UUID, lock_id: UUID) -> Place:
    return Place(programme_id, "hearing_lock", "reason", lock_id)


def _keep(session: Session, keeper: Keeper, hearing: Hearing, step: _Step, reason: str) -> None:
    """Store by whom and why, and tell the journal of it without the reason."""
    made = born(hearing.programme_id)
    sealed = keeper.seal(_place(hearing.programme_id, made["id"]), reason.encode())
    member_id = keeper.scope.require(hearing.programme_id, COORDINATOR).member_id
    session.add(HearingLock(**made, hearing_id=hearing.id, what=step.what, member_id=member_id, reason=sealed.blob))
    session.flush()
    HEARINGS.record(session, keeper.scope, hearing, step.kind, lock=str(made["id"]), commitment=sealed.commitment)
