"""Every SQL statement of the journal."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby, islice
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.journal.models import (
    SERVER_LOG,
    CaseRevision,
    Checkpoint,
    DisclosedThing,
    Disclosure,
    JournalEntry,
    JournalHead,
    JournalNode,
)
from app.journal.proofs import Node
from app.journal.rules import Frontier
from app.journal.schemas import EventKind
from app.journal.showing import What
from app.kit.database import BulkInsert, connection_of, execute, is_sqlite

AT_ONCE = 500
READ_AT_ONCE = 1000

_LEAVES = BulkInsert(
    JournalEntry,
    ("log", "seq", "kind", "subject_id", "case_id", "hearing_id", "actor", "audience", "at", "leaf", "leaf_hash"),
    rare=("audience",),
)
_REVISIONS = BulkInsert(CaseRevision, ("case_id", "revision"))
_DISCLOSURES = BulkInsert(Disclosure, ("log", "seq", "what", "reader", "is_whole", "salt", "at"))
_THINGS = BulkInsert(DisclosedThing, ("log", "seq", "subject_id", "thing"))
_NODES = BulkInsert(JournalNode, ("log", "level", "place", "digest"))
_JOURNAL: sa.Table = JournalEntry.__table__  # type: ignore[attr-defined]


class Row(Protocol):
    """An entry as it is stored, every column of it."""

    log: UUID
    seq: int
    kind: str
    subject_id: UUID
    case_id: UUID | None
    hearing_id: UUID | None
    actor: UUID | None
    at: datetime
    leaf: bytes
    leaf_hash: bytes


def lock_head(session: Session, log: UUID) -> Frontier:
    """The head of a log, held until the transaction ends; made where the log is new."""
    query = "SELECT size, peaks FROM journal_head WHERE log = ?"
    if not is_sqlite(connection_of(session)):
        query += " FOR UPDATE"
    found = execute(session, query, log, returns=True)
    if not found:
        execute(session, "INSERT INTO journal_head (log, size, peaks) VALUES (?, 0, ?) ON CONFLICT DO NOTHING", log, b"")
        found = execute(session, query, log, returns=True)
    size, peaks = found[0]
    return Frontier.read(size, bytes(peaks))


def move_head(session: Session, log: UUID, frontier: Frontier, changed: int | None, beside: int | None) -> None:
    """Store a head that grew; what is None stays as it was."""
    statement = "UPDATE journal_head SET size = ?, peaks = ?, changed = COALESCE(?, changed), beside = COALESCE(?, beside) WHERE log = ?"
    execute(session, statement, frontier.size, frontier.stored(), changed, beside, log)


def insert_leaves(session: Session, rows: list[tuple[object, ...]]) -> None:
    """Store leaves in their order."""
    _LEAVES.run(session, rows)


def raise_revisions(session: Session, touched: Iterable[tuple[str, int]]) -> None:
    """Raise the revisions of cases by as many entries as named them; in the order of ids, as every lock is taken."""
    rows = sorted(touched)
    _REVISIONS.run(session, rows, tail="ON CONFLICT (case_id) DO UPDATE SET revision = case_revision.revision + excluded.revision")


def revision_of(session: Session, case_id: UUID) -> int:
    """The revision of a case; 0 where nothing ever touched it."""
    return session.exec(select(CaseRevision.revision).where(CaseRevision.case_id == case_id)).first() or 0


def size_of(session: Session, log: UUID) -> int:
    """How many entries a log holds."""
    return session.exec(select(JournalHead.size).where(JournalHead.log == log)).first() or 0


def leaves_of(session: Session, log: UUID, since: int = 0) -> Iterator[tuple[int, bytes, bytes]]:
    """Every leaf of a log in order, from a number on: number, bytes, hash."""
    return _in_order(session, sa.select(_JOURNAL.c.seq, _JOURNAL.c.leaf, _JOURNAL.c.leaf_hash), log, since)


def entries_of(session: Session, log: UUID, since: int = 0) -> Iterator[Row]:
    """Every entry of a log in order, from a number on, with all its columns."""
    return _in_order(session, sa.select(_JOURNAL), log, since)


def hashes_of(session: Session, log: UUID, since: int = 0) -> Iterator[tuple[int, bytes]]:
    """Every leaf's number and stored hash in order, from a number on."""
    return _in_order(session, sa.select(_JOURNAL.c.seq, _JOURNAL.c.leaf_hash), log, since)


def _in_order(session: Session, query: sa.Select[Any], log: UUID, since: int) -> Iterator[Any]:
    """What a query gives of a log from a number on, a part at a time: a long log does not fit into memory."""
    query = query.where(_JOURNAL.c.log == log).order_by(_JOURNAL.c.seq).limit(READ_AT_ONCE)
    while some := session.connection().execute(query.where(_JOURNAL.c.seq >= since)).all():
        yield from some
        since = some[-1].seq + 1


def head_of(session: Session, log: UUID) -> Frontier:
    """The head of a log, as it is."""
    found = session.exec(select(JournalHead.size, JournalHead.peaks).where(JournalHead.log == log)).first()
    return Frontier.read(*found) if found else Frontier()


def logs(session: Session) -> list[UUID]:
    """Every log, in the order of ids."""
    return list(session.exec(select(JournalHead.log).order_by(col(JournalHead.log))))


def grown(session: Session, before: datetime) -> list[UUID]:
    """The logs that have grown since their last checkpoint, where that was issued before a moment or there is none."""
    last = sa.select(col(Checkpoint.log), sa.func.max(col(Checkpoint.size)).label("size")).group_by(col(Checkpoint.log)).subquery()
    is_last = sa.and_(col(Checkpoint.log) == last.c.log, col(Checkpoint.size) == last.c.size)
    query = select(JournalHead.log).outerjoin(last, last.c.log == col(JournalHead.log)).outerjoin(Checkpoint, is_last)
    is_due = sa.or_(last.c.size.is_(None), col(Checkpoint.issued_at) < before)
    return list(session.exec(query.where(col(JournalHead.size) > sa.func.coalesce(last.c.size, 0), is_due).order_by(col(JournalHead.log))))


def checkpoint_at(session: Session, log: UUID, size: int) -> Checkpoint | None:
    """The checkpoint over exactly the first entries of a log."""
    return session.get(Checkpoint, (log, size))


def last_checkpoint(session: Session, log: UUID) -> Checkpoint | None:
    """The largest checkpoint of a log."""
    return session.exec(select(Checkpoint).where(Checkpoint.log == log).order_by(col(Checkpoint.size).desc()).limit(1)).first()


def checkpoints(session: Session, logs: Sequence[UUID], *, after: tuple[UUID, int] | None, limit: int) -> Sequence[Checkpoint]:
    """Checkpoints of logs, the largest of each first, behind one."""
    query = select(Checkpoint).where(col(Checkpoint.log).in_(logs))
    if after is not None:
        query = query.where(
            sa.or_(col(Checkpoint.log) > after[0], sa.and_(col(Checkpoint.log) == after[0], col(Checkpoint.size) < after[1]))
        )
    return session.exec(query.order_by(col(Checkpoint.log), col(Checkpoint.size).desc()).limit(limit)).all()


def checkpoint_texts(session: Session, log: UUID, size: int) -> list[tuple[int, bytes, str]]:
    """Size, root and text of every checkpoint of a log up to a size, the smallest first."""
    query = select(Checkpoint.size, Checkpoint.root, Checkpoint.text).where(Checkpoint.log == log, col(Checkpoint.size) <= size)
    return list(session.exec(query.order_by(col(Checkpoint.size))))


def keep_checkpoint(session: Session, checkpoint: Checkpoint, nodes: Iterable[tuple[Node, bytes]]) -> None:
    """Store a checkpoint and the subtrees that it adds."""
    session.add(checkpoint)
    session.flush()
    _NODES.run(session, [(checkpoint.log, node.level, node.place, digest) for node, digest in nodes])


def stored_nodes(session: Session, log: UUID, wanted: Iterable[Node]) -> dict[Node, bytes]:
    """The hashes of subtrees that are stored, of those that are asked for."""
    found: dict[Node, bytes] = {}
    place = sa.tuple_(col(JournalNode.level), col(JournalNode.place))
    for some in _portions(wanted):
        query = select(JournalNode.level, JournalNode.place, JournalNode.digest).where(JournalNode.log == log, place.in_(some))
        found |= {Node(level, at): bytes(digest) for level, at, digest in session.exec(query)}
    return found


def leaf_hashes(session: Session, log: UUID, wanted: Iterable[int]) -> dict[int, bytes]:
    """The hashes of leaves by their numbers."""
    found: dict[int, bytes] = {}
    for some in _portions(wanted):
        query = select(JournalEntry.seq, JournalEntry.leaf_hash).where(JournalEntry.log == log, col(JournalEntry.seq).in_(some))
        found |= {seq: bytes(digest) for seq, digest in session.exec(query)}
    return found


def _portions(wanted: Iterable[Any]) -> Iterator[list[Any]]:
    """Few at a time: databases bound the number of parameters."""
    left = iter(wanted)
    while some := list(islice(left, AT_ONCE)):
        yield some


class Sought(NamedTuple):
    """What somebody looks for in a log."""

    case_id: UUID | None = None
    subject_id: UUID | None = None
    actor: UUID | None = None
    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def page(session: Session, logs: Sequence[UUID], sought: Sought, *, after: tuple[UUID, int] | None, limit: int) -> Sequence[JournalEntry]:
    """Entries of logs in their order, behind one."""
    query = select(JournalEntry).where(col(JournalEntry.log).in_(logs))
    if after is not None:
        query = query.where(
            sa.or_(col(JournalEntry.log) > after[0], sa.and_(col(JournalEntry.log) == after[0], col(JournalEntry.seq) > after[1]))
        )
    for condition in _conditions(sought):
        query = query.where(condition)
    return session.exec(query.order_by(col(JournalEntry.log), col(JournalEntry.seq)).limit(limit)).all()


def _conditions(sought: Sought) -> Iterator[sa.ColumnElement[bool]]:
    for column in ("case_id", "subject_id", "actor"):
        if (value := getattr(sought, column)) is not None:
            yield getattr(JournalEntry, column) == value
    if sought.kind is not None:
        kind = col(JournalEntry.kind)
        yield kind == sought.kind if "." in sought.kind else kind.startswith(sought.kind + ".", autoescape=True)
    if sought.since is not None:
        yield col(JournalEntry.at) >= sought.since
    if sought.until is not None:
        yield col(JournalEntry.at) < sought.until


def logs_that_tell_of(session: Session, subjects: Iterable[UUID]) -> dict[UUID, UUID]:
    """Of ids those that some programme's log tells of, with the log: whatever was ever made has an entry there."""
    found: dict[UUID, UUID] = {}
    logs = select(JournalHead.log).where(JournalHead.log != SERVER_LOG)
    for some in _portions(subjects):
        is_told = col(JournalEntry.kind) != EventKind.ACCESS_REFUSED.value
        query = select(JournalEntry.subject_id, JournalEntry.log).where(col(JournalEntry.log).in_(logs), is_told)
        found |= dict(session.exec(query.where(col(JournalEntry.subject_id).in_(some)).distinct()).all())
    return found


Rows = list[tuple[object, ...]]
Place = tuple[UUID, int]
"""A log, and the number of an entry in it."""


def insert_disclosures(session: Session, rows: Rows, things: Rows) -> None:
    """Store who was shown what, and what of it."""
    _DISCLOSURES.run(session, rows)
    _THINGS.run(session, things)


def was_shown(session: Session, log: UUID, reader: UUID, subject_id: UUID, since: datetime) -> bool:
    """Whether somebody was shown something, not before a moment."""
    query = select(Disclosure.seq).join(DisclosedThing, _is_of(col(Disclosure.log), col(Disclosure.seq)))
    query = query.where(col(DisclosedThing.log) == log, DisclosedThing.subject_id == subject_id)
    return session.exec(query.where(Disclosure.reader == reader, col(Disclosure.at) >= since).limit(1)).first() is not None


def _is_of(log: Any, seq: Any) -> Any:
    return sa.and_(col(DisclosedThing.log) == log, col(DisclosedThing.seq) == seq)


class Inquiry(NamedTuple):
    """What an auditor looks for among disclosures; of `about`, each is a set of ids one of which is to be among what was shown."""

    reader: UUID | None = None
    what: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    about: tuple[frozenset[UUID], ...] = ()


def disclosures(
    session: Session, logs: Sequence[UUID], inquiry: Inquiry, *, after: Place | None, limit: int
) -> Sequence[tuple[Disclosure, JournalEntry]]:
    """Disclosures of logs with the entries that commit to them, the newest of each log first, behind one."""
    entry = sa.and_(col(JournalEntry.log) == col(Disclosure.log), col(JournalEntry.seq) == col(Disclosure.seq))
    query = select(Disclosure, JournalEntry).join(JournalEntry, entry).where(col(Disclosure.log).in_(logs))
    if after is not None:
        query = query.where(
            sa.or_(col(Disclosure.log) > after[0], sa.and_(col(Disclosure.log) == after[0], col(Disclosure.seq) < after[1]))
        )
    for condition in _sought(logs, inquiry):
        query = query.where(condition)
    return session.exec(query.order_by(col(Disclosure.log), col(Disclosure.seq).desc()).limit(limit)).all()


def _sought(logs: Sequence[UUID], inquiry: Inquiry) -> Iterator[sa.ColumnElement[bool]]:
    if inquiry.reader is not None:
        yield col(Disclosure.reader) == inquiry.reader
    if inquiry.what is not None:
        yield col(Disclosure.what) == inquiry.what
    if inquiry.since is not None:
        yield col(Disclosure.at) >= inquiry.since
    if inquiry.until is not None:
        yield col(Disclosure.at) < inquiry.until
    for subjects in inquiry.about:
        yield sa.tuple_(col(Disclosure.log), col(Disclosure.seq)).in_(sa.union_all(_naming(logs, subjects), _whole(logs, subjects)))


def _naming(logs: Sequence[UUID], subjects: frozenset[UUID]) -> "sa.Select[UUID, int]":
    """The places of disclosures that name one of some things."""
    query = sa.select(col(DisclosedThing.log), col(DisclosedThing.seq))
    return query.where(col(DisclosedThing.log).in_(logs), col(DisclosedThing.subject_id).in_(subjects))


def _whole(logs: Sequence[UUID], subjects: frozenset[UUID]) -> "sa.Select[UUID, int]":
    """The places of those that showed everything, once one of some things was there."""
    whole, told = aliased(Disclosure), aliased(JournalEntry)
    earlier = sa.and_(col(told.log) == col(whole.log), col(told.seq) < col(whole.seq), col(told.kind) != EventKind.ACCESS_REFUSED.value)
    there = sa.exists().where(earlier, col(told.subject_id).in_(subjects))
    query = sa.select(col(whole.log), col(whole.seq)).where(col(whole.log).in_(logs), col(whole.what) == What.EXPORT.value)
    return query.where(col(whole.is_whole), there)


def disclosed_things(session: Session, places: Iterable[Place]) -> dict[Place, list[tuple[str, UUID]]]:
    """What was shown at each of some places: kind and id, in order."""
    of = sa.tuple_(col(DisclosedThing.log), col(DisclosedThing.seq))
    found: list[DisclosedThing] = []
    for some in _portions(places):
        found += session.exec(select(DisclosedThing).where(of.in_(some)))
    rows = sorted(found, key=lambda each: (each.log, each.seq, each.thing, each.subject_id))
    grouped = groupby(rows, key=lambda each: (each.log, each.seq))
    return {place: [(each.thing, each.subject_id) for each in some] for place, some in grouped}
