"""Reading again why something was done: reasons are sealed, for they tend to name people, and who reads one is noted before."""

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session

from app.journal.schemas import Entry, EventKind
from app.journal.service import record
from app.journal.showing import Showing, Thing, What, things_of
from app.kit import ids
from app.kit.access import COORDINATOR, Scope
from app.kit.store import Store

Shown = TypeVar("Shown")


def reading_of(scope: Scope, programme_id: UUID, kind: Thing, about: Iterable[UUID]) -> Entry:
    """The entry that says that a coordinator is shown the reasons for what was done about something."""
    reader = scope.require(programme_id, COORDINATOR).member_id
    showing = Showing(What.REASON, reader, things_of(kind, about))
    return Entry(EventKind.REASON_SHOWN, ids.new_id(), programme_id, showing=showing)


def noted_first(store: Store, look: Callable[[Session], tuple[Shown, Entry | None]]) -> Shown:
    """What `look` finds, once the journal holds the entry that it must before that is shown."""
    with store.read() as session:
        found, telling = look(session)
    if telling is not None:
        store.write(lambda session: record(session, telling))
    return found
