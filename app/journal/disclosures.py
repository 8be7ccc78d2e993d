"""Who was shown what: what auditors read of it, each line held against the entry that commits to it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlmodel import Session

from app.journal import queries
from app.journal.errors import Unsound, told_to_callers
from app.journal.models import Disclosure, JournalEntry
from app.journal.queries import Inquiry
from app.journal.reading import ACTORS
from app.journal.showing import Showing, Thing, What
from app.journal.shown import DisclosureShown
from app.kit.access import AUDITOR, Scope
from app.kit.paging import Page
from app.kit.windows import Window

SamePerson = Callable[[Session, Collection[UUID], UUID], Collection[UUID]]
"""Every participant who is the same person as one of some programmes: session, programmes, participant."""


@dataclass
class People:
    """Where to ask who else somebody is: named when the program is put together, for participants are kept in a package above."""

    same: SamePerson = lambda _session, _programmes, participant_id: [participant_id]


PEOPLE = People()


class Asked(NamedTuple):
    """What an auditor asks for: by reader, by whose record, by what was shown, and when."""

    reader: UUID | None = None
    participant_id: UUID | None = None
    observation_id: UUID | None = None
    kind: What | None = None
    since: datetime | None = None
    until: datetime | None = None


def list_disclosures(session: Session, scope: Scope, window: Window, programme_id: UUID | None, asked: Asked) -> Page[DisclosureShown]:
    """A page of who was shown what in the programmes that the caller audits, the newest of each first.

    500 `journal_unsound` where what is kept is not what an entry committed to.
    """
    if programme_id is not None:
        scope.require(programme_id, AUDITOR)
    logs = scope.programmes(AUDITOR) if programme_id is None else [programme_id]
    of = f"disclosures {programme_id} {asked}"
    position = window.after(of)
    after = (UUID(position[0]), int(position[1])) if position else None
    found = queries.disclosures(session, logs, _inquiry(session, logs, asked), after=after, limit=window.limit + 1)
    rows, next_cursor = window.cut(of, found, lambda last: [str(last[0].log), last[0].seq])
    return Page(items=_shown(session, rows), next_cursor=next_cursor)


def _inquiry(session: Session, logs: Sequence[UUID], asked: Asked) -> Inquiry:
    about = [] if asked.observation_id is None else [frozenset({asked.observation_id})]
    if asked.participant_id is not None:
        about.append(frozenset(PEOPLE.same(session, logs, asked.participant_id)))
    return Inquiry(asked.reader, asked.kind, asked.since, asked.until, tuple(about))


def _shown(session: Session, rows: Sequence[tuple[Disclosure, JournalEntry]]) -> list[DisclosureShown]:
    things = queries.disclosed_things(session, [(row.log, row.seq) for row, _ in rows])
    codes = ACTORS.codes(session, {row.reader for row, _ in rows if row.reader is not None})
    with told_to_callers():
        return [_line(row, entry, things.get((row.log, row.seq), []), codes) for row, entry in rows]


def _line(row: Disclosure, entry: JournalEntry, things: Sequence[tuple[str, UUID]], codes: Mapping[UUID, str]) -> DisclosureShown:
    return DisclosureShown(
        programme_id=row.log,
        seq=row.seq,
        event=entry.kind,
        kind=What(row.what),
        at=row.at,
        reader=row.reader,
        reader_code=codes.get(row.reader) if row.reader is not None else None,
        observation_ids=[each for kind, each in things if kind == Thing.OBSERVATION],
        attachment_ids=[each for kind, each in things if kind == Thing.ATTACHMENT],
        participant_ids=[each for kind, each in things if kind == Thing.PARTICIPANT],
        hearing_ids=[each for kind, each in things if kind == Thing.HEARING],
        is_whole=row.is_whole,
        leaf_hash=entry.leaf_hash.hex(),
        commitment=_commitment(row, entry, things),
        salt=row.salt.hex() if row.salt is not None else None,
    )


def _commitment(row: Disclosure, entry: JournalEntry, things: Sequence[tuple[str, UUID]]) -> str | None:
    """What the entry commits to, seen to be what is kept; `Unsound` where it is not."""
    said: str | None = orjson.loads(entry.leaf)["facts"].get("shown")
    named = frozenset((Thing(kind), each) for kind, each in things)
    kept = None if row.salt is None else Showing(What(row.what), row.reader, named, row.is_whole, row.salt).commitment(row.log)
    if said != kept or row.at != entry.at:
        raise Unsound(f"what is kept beside entry {row.seq} of log {row.log} is not what was shown")
    return said
