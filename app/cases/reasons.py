"""Reading again why something was done: reasons are sealed, for they tend to name people, and who reads one is noted before."""

from collections.abc import Iterable
from uuid import UUID

from app.journal.schemas import Entry, EventKind
from app.journal.showing import Showing, Thing, What, things_of
from app.kit import ids
from app.kit.access import COORDINATOR, Scope


def reading_of(scope: Scope, programme_id: UUID, kind: Thing, about: Iterable[UUID]) -> Entry:
    """The entry that says that a coordinator is shown the reasons for what was done about something."""
    reader = scope.require(programme_id, COORDINATOR).member_id
    showing = Showing(What.REASON, reader, things_of(kind, about))
    return Entry(EventKind.REASON_SHOWN, ids.new_id(), programme_id, showing=showing)
