"""Every SQL statement of the journal."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from app.journal.models import CaseRevision, JournalEntry, JournalHead
from app.journal.rules import Frontier
from app.kit.database import BulkInsert, execute, is_sqlite

_LEAVES = BulkInsert(
    JournalEntry,
    ("log", "seq", "kind", "subject_id", "case_id", "hearing_id", "actor", "audience", "at", "leaf", "leaf_hash"),
)
_REVISIONS = BulkInsert(CaseRevision, ("case_id", "revision"))


def lock_head(session: Session, log: UUID) -> Frontier:
    """The head of a log, held until the transaction ends; made where the log is new."""
    query = "SELECT size, peaks FROM journal_head WHERE log = ?"
    if not is_sqlite(session.connection()):
        query += " FOR UPDATE"
    found = execute(session, query, log, returns=True)
    if not found:
        execute(session, "INSERT INTO journal_head (log, size, peaks) VALUES (?, 0, ?) ON CONFLICT DO NOTHING", log, b"")
        found = execute(session, query, log, returns=True)
    size, peaks = found[0]
    return Frontier.read(size, bytes(peaks))


def move_head(session: Session, log: UUID, frontier: Frontier) -> None:
    """Store a head that grew."""
    execute(session, "UPDATE journal_head SET size = ?, peaks = ? WHERE log = ?", frontier.size, frontier.stored(), log)


def insert_leaves(session: Session, rows: list[tuple[object, ...]]) -> None:
    """Store leaves in their order."""
    _LEAVES.run(session, rows)


def raise_revisions(session: Session, touched: Iterable[tuple[UUID, int]]) -> None:
    """Raise the revisions of cases by as many entries as named them; in the order of ids, as every lock is taken."""
    rows = sorted(touched)
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
