"""What coordinators do with courts."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from app.cases.courts.schemas import CourtChanges, CourtShown, NewCourt
from app.cases.ledger import Events, Ledger, born
from app.cases.models import Court
from app.cases.schemas import columns_of
from app.journal.schemas import EventKind
from app.kit.access import COORDINATOR, Scope
from app.kit.errors import CODE_TAKEN


def _show(_: Session, rows: Sequence[Court]) -> list[CourtShown]:
    return [CourtShown.model_validate(row) for row in rows]


COURTS = Ledger(
    Court,
    Events(EventKind.COURT_CREATED, EventKind.COURT_DELETED, EventKind.COURT_CHANGED),
    _show,
    told=("code",),
    order=("code_key", "id"),
    code="code",
    searched=("label", "name", "place", "region"),
    refusals={"uq_court_programme_id_code_key": CODE_TAKEN},
)


def create_court(session: Session, scope: Scope, new: NewCourt) -> CourtShown:
    """Add a court to a programme; 409 `code_taken`."""
    scope.require(new.programme_id, COORDINATOR, place="/programme_id")
    return COURTS.add(session, scope, Court(**{**born(new.programme_id), **columns_of(new)}))


def change_court(session: Session, scope: Scope, court_id: UUID, changes: CourtChanges, if_match: str | None) -> CourtShown:
    """Change what was sent of a court."""
    court = COURTS.open(session, scope, court_id, if_match)
    return COURTS.change(session, scope, court, columns_of(changes))
