"""Every SQL statement of the journal."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.journal.models import CaseRevision, JournalEntry, JournalHead
from app.journal.rules import Frontier
from app.kit.database import BulkInsert, is_sqlite

_LEAVES = BulkInsert(
    JournalEntry,
    ("log", "seq", "kind", "subject_id", "case_id", "hearing_id", "actor", "audience", "at", "leaf", "leaf_hash"),
)
_HEADS = sa.table("journal_head", sa.column("log", sa.Uuid()), sa.column("size"), sa.column("peaks"))
_REVISIONS = BulkInsert(CaseRevision, ("case_id", "revision"))


def lock_head(session: Session, log: UUID) -> Frontier:
    """The head of a log, held until the transaction ends; made where the log is new."""
    query = select(JournalHead.size, JournalHead.peaks).where(JournalHead.log == log)
    found = session.exec(query if is_sqlite(session.connection()) else query.with_for_update()).first()
    if found is not None:
        return Frontier.read(*found)
    made = "INSERT INTO journal_head (log, size, peaks) VALUES (:log, 0, :peaks) ON CONFLICT DO NOTHING"
    session.connection().execute(sa.text(made).bindparams(sa.bindparam("log", type_=sa.Uuid())), {"log": log, "peaks": b""})
    return Frontier.read(*session.exec(query if is_sqlite(session.connection()) else query.with_for_update()).one())


def move_head(session: Session, log: UUID, frontier: Frontier) -> None:
    """Store a head that grew."""
    session.connection().execute(_HEADS.update().where(_HEADS.c.log == log).values(size=frontier.size, peaks=frontier.stored()))


def insert_leaves(session: Session, rows: list[tuple[object, ...]]) -> None:
    """Store leaves in their order."""
    _LEAVES.run(session, rows)


def raise_revisions(session: Session, touched: Iterable[tuple[UUID, int]]) -> None:
    """Raise the revisions of cases by as many entries as named them; in the order of ids, as every lock is taken."""
    rows = [(str(case), number) for case, number in sorted(touched)]
    _REVISIONS.run(session, rows, tail="ON CONFLICT (case_id) DO UPDATE SET revision = case_revision.revision + excluded.revision")


def revision_of(session: Session, case_id: UUID) -> int:
    """The revision of a case; 0 where nothing ever touched it."""
    return session.exec(select(CaseRevision.revision).where(CaseRevision.case_id == case_id)).first() or 0


def size_of(session: Session, log: UUID) -> int:
    """How many entries a log holds."""
    return session.exec(select(JournalHead.size).where(JournalHead.log == log)).first() or 0


def leaves_of(session: Session, log: UUID) -> Iterable[tuple[int, bytes, bytes]]:
    """Every leaf of a log in order: number, bytes, hash."""
    query = (
        select(JournalEntry.seq, JournalEntry.leaf, JournalEntry.leaf_hash).where(JournalEntry.log == log).order_by(col(JournalEntry.seq))
    )
    return session.exec(query.execution_options(yield_per=1000))


def head_of(session: Session, log: UUID) -> Frontier:
    """The head of a log, as it is."""
    found = session.exec(select(JournalHead.size, JournalHead.peaks).where(JournalHead.log == log)).first()
    return Frontier.read(*found) if found else Frontier()
