"""The set checker: what was acknowledged is stored, what is stored was sent, nothing is there twice, and the journal says the same."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.journal import service as journal
from app.journal.schemas import EventKind
from app.kit.database import Database
from tests.benchmarks.filing import COUNTERS, MARKS
from tests.drills.notebook import Notebook, bare

ARRIVED = (EventKind.OBSERVATION_FILED, EventKind.OBSERVATION_HELD)


@dataclass
class Finding:
    """Numbers of observations, and whatever else is not as it must be, in words."""

    acknowledged: int
    stored: int
    lost: int
    doubled: int
    faults: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.doubled or self.faults)

    def __add__(self, other: "Finding") -> "Finding":
        sums = {name: number + other.numbers()[name] for name, number in self.numbers().items()}
        return Finding(**sums, faults=[*self.faults, *other.faults])

    def numbers(self) -> dict[str, int]:
        """The numbers, for machines."""
        return {name: getattr(self, name) for name in ("acknowledged", "stored", "lost", "doubled")}


class Oracle:
    """Holds a notebook against a database, which it reads by itself."""

    def __init__(self, address: str, programme: UUID, notebook: Notebook) -> None:
        self._address, self._programme, self.notebook = address, programme, notebook

    def look(self) -> Finding:
        """What is there now."""
        database = Database(self._address)
        try:
            with database.read() as session:
                return self._found(session)
        finally:
            database.close()

    def look_at_the_end(self) -> Finding:
        """What is there once everybody was told of every receipt: sent, acknowledged and stored are the same."""
        found = self.look()
        sent = len(self.notebook.sent)
        if {found.acknowledged, found.stored} != {sent}:
            found.faults.append(f"sent {sent}, acknowledged {found.acknowledged}, stored {found.stored}")
        return found

    def _found(self, session: Session) -> Finding:
        book = self.notebook
        rows = Counter(bare(each) for (each,) in _rows(session, "SELECT id FROM observation"))
        filed = [each for each in _rows(session, "SELECT subject_id, seq, leaf_hash, kind FROM journal") if each[3] in ARRIVED]
        leaves = Counter(bare(each[0]) for each in filed)
        places = {(bare(subject), seq, bytes(digest).hex()) for subject, seq, digest, _ in filed}
        finding = Finding(
            acknowledged=len(book.receipts),
            stored=len(rows),
            lost=len(book.receipts.keys() - rows.keys()),
            doubled=sum(n > 1 for n in rows.values()) + sum(n > 1 for n in leaves.values()),
            faults=[f"{fault}, {number} times" for fault, number in book.faults.items() if number],
        )
        promised = {(each, *receipt) for each, receipt in book.receipts.items()}
        finding.faults += _told(
            {
                "stored observations that nobody sent": len(rows.keys() - book.sent),
                "observations without their leaf, or leaves without their observation": len(rows.keys() ^ leaves.keys()),
                "receipts that do not hold": len(promised - places),
                "marks too many or too few": _count(session, "SELECT count(*) FROM mark") - len(rows) * MARKS,
                "sums that are off": _count(session, "SELECT coalesce(sum(n), 0) FROM tally") - len(rows) * COUNTERS,
            }
        )
        finding.faults += self._journal(session)
        return finding

    def _journal(self, session: Session) -> list[str]:
        try:
            journal.verify(session, self._programme)
        except ValueError as fault:
            return [f"the journal: {fault}"]
        return []


def _rows(session: Session, statement: str) -> list[tuple]:
    return [tuple(row) for row in session.connection().exec_driver_sql(statement)]


def _count(session: Session, statement: str) -> int:
    return int(session.connection().execute(sa.text(statement)).scalar_one())


def _told(counted: dict[str, int]) -> list[str]:
    return [f"{number} {what}" for what, number in counted.items() if number]
