"""How every kind of monitored thing is kept: found, listed, added, changed and removed, each change told to the journal.

Nothing here knows what a court or a hearing is; a `Ledger` says that for each kind.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.cases import queries
from app.cases.models import Kept
from app.journal import service as journal
from app.journal.schemas import Entry, EventKind
from app.kit import clock, errors, etags, ids
from app.kit.access import COORDINATOR, Scope
from app.kit.codes import code_key, folded
from app.kit.database import violated
from app.kit.errors import Kind, Problem
from app.kit.paging import Page
from app.kit.windows import Window

Row = TypeVar("Row", bound=Kept)
Shown = TypeVar("Shown")


def born(programme_id: UUID) -> dict[str, Any]:
    """The columns that every new row has."""
    return {"programme_id": programme_id, "id": ids.new_id(), "created_at": clock.now()}


@dataclass(frozen=True, slots=True)
class Events:
    """What the journal calls the changes of one kind of thing; `changed` is missing where nothing can be changed."""

    created: EventKind
    deleted: EventKind
    changed: EventKind | None = None


@dataclass(frozen=True, slots=True)
class Ledger(Generic[Row, Shown]):
    """One kind of thing: its table, how it is shown, what the journal says of it, and in which order lists give it.

    `case_of` and `hearing_of` lead from a row to the case and the hearing that a change of it touches; `told` names columns with codes that
    may stand in the journal; `code` is the column with the code, `searched` those with titles; `refusals` say what a constraint means.
    """

    table: type[Row]
    events: Events
    show: Callable[[Session, Sequence[Row]], list[Shown]]
    told: tuple[str, ...] = ()
    case_of: Callable[[Row], UUID | None] = field(default=lambda row: getattr(row, "case_id", None))
    hearing_of: Callable[[Row], UUID | None] = field(default=lambda row: getattr(row, "hearing_id", None))
    order: tuple[str, ...] = ("id",)
    code: str | None = None
    searched: tuple[str, ...] = ()
    refusals: Mapping[str, Kind] = field(default_factory=dict)

    def find(self, session: Session, scope: Scope, row_id: UUID, *, place: str | None = None, lock: bool = False) -> Row:
        """A row that the caller coordinates; 404 (at `place`) where it is invisible, 403 where the caller only sees its programme."""
        row = queries.find(session, self.table, scope.programmes(), row_id, lock=lock)
        scope.require(row.programme_id if row else None, COORDINATOR, place=place)
        assert row is not None
        return row

    def open(self, session: Session, scope: Scope, row_id: UUID, if_match: str | None) -> Row:
        """A row to be edited, held until the transaction ends; 409 `stale_version` where the caller read another version."""
        row = self.find(session, scope, row_id, lock=True)
        etags.check(if_match, getattr(row, "version", 1))
        return row

    def within(self, session: Session, programme_id: UUID, row_id: UUID, place: str, case_id: UUID | None = None) -> Row:
        """What a body refers to: a row of the same programme and, where one is given, of the same case; else 404 at `place`."""
        row = queries.find(session, self.table, [programme_id], row_id)
        if row is None or (case_id is not None and getattr(row, "case_id", case_id) != case_id):
            raise errors.missing(place)
        return row

    def get(self, session: Session, scope: Scope, row_id: UUID) -> Shown:
        """One of the kind, shown."""
        return self.shown(session, self.find(session, scope, row_id))

    def shown(self, session: Session, row: Row) -> Shown:
        """One row, shown."""
        return self.show(session, [row])[0]

    def page(self, session: Session, scope: Scope, window: Window, *, programme_id: UUID | None = None, **wanted: Any) -> Page[Shown]:
        """A page of what the caller coordinates, in one programme or all; `wanted` are columns with their values, and `q`."""
        if programme_id is not None:
            scope.require(programme_id, COORDINATOR)
        programmes = scope.programmes(COORDINATOR) if programme_id is None else [programme_id]
        # Part of the cursor's signature: a cursor is good for the same question only.
        of = f"{self.table.__tablename__} {programme_id} {sorted(wanted.items())}"
        where = [queries.within(self.table, programmes), *queries.matching(self.table, wanted)]
        found = queries.page(session, self.table, where, self.order, after=window.after(of), limit=window.limit + 1)
        rows, next_cursor = window.cut(of, found, self._position)
        return Page(items=self.show(session, rows), next_cursor=next_cursor)

    def _position(self, row: Row) -> list[str]:
        return [str(getattr(row, name)) for name in self.order]

    def add(self, session: Session, scope: Scope, row: Row) -> Shown:
        """Add a row, and show it. 409 where its code, or what else is unique, is taken, in a race too."""
        self._derive(row)
        session.add(row)
        self._flush(session, in_the_way=None)
        self.record(session, scope, row, self.events.created)
        return self.shown(session, row)

    def change(self, session: Session, scope: Scope, row: Row, columns: Mapping[str, Any]) -> Shown:
        """Set columns of a row, and show it; what stands there already changes nothing, no version and no journal."""
        changed = sorted(name for name, value in columns.items() if getattr(row, name) != value)
        if changed:
            for name in changed:
                setattr(row, name, columns[name])
            self.raise_version(session, scope, row, changed)
        return self.shown(session, row)

    def raise_version(self, session: Session, scope: Scope, row: Any, changed: Sequence[str]) -> None:
        """Store a changed row under its next version."""
        assert self.events.changed is not None
        row.version += 1
        self._derive(row)
        self._flush(session, in_the_way=None)
        self.record(session, scope, row, self.events.changed, fields=list(changed))

    def remove(self, session: Session, scope: Scope, row_id: UUID, if_match: str | None = None) -> None:
        """Remove a row; 409 `in_use` while something hangs on it."""
        row = self.open(session, scope, row_id, if_match)
        self.record(session, scope, row, self.events.deleted)
        session.delete(row)
        self._flush(session, in_the_way=errors.IN_USE)

    def record(self, session: Session, scope: Scope, row: Row, kind: EventKind, **facts: Any) -> None:
        """Tell the journal, in codes and ids only."""
        member = scope.require(row.programme_id, COORDINATOR)
        told = {name: value for name in self.told if (value := getattr(row, name)) is not None}
        case_id, hearing_id = self.case_of(row), self.hearing_of(row)
        journal.record(session, Entry(kind, row.id, row.programme_id, case_id, hearing_id, member.member_id, facts={**told, **facts}))

    def _derive(self, row: Any) -> None:
        """Set the columns that follow from others: the code as it is compared, and what a search looks into."""
        if self.code is not None:
            row.code_key = code_key(getattr(row, self.code))
        if self.searched:
            row.sought = folded("\n".join(filter(None, (getattr(row, name) for name in self.searched))))

    def _flush(self, session: Session, in_the_way: Kind | None) -> None:
        try:
            session.flush()
        except IntegrityError as error:
            name = violated(error)
            if name in self.refusals:
                raise Problem(self.refusals[name]) from None
            if name.startswith("fk"):
                # What a new row points at was there a moment ago; what still points at a row keeps it from being removed.
                raise (Problem(in_the_way) if in_the_way else errors.missing()) from None
            raise
