"""The power is cut: what is left is a clean prefix of what was committed, and all of what was acknowledged (P4).

SQLite: its log is cut at places drawn by lot, as a disk would leave it that had not written the rest. PostgreSQL: its postmaster is killed
under load.
"""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID

from app.journal import service as journal
from app.journal.schemas import EventKind
from app.kit.database import Database
from tests.drills.notebook import bare
from tests.drills.oracle import Finding
from tests.drills.postgres import Postgres
from tests.drills.restart import under_load
from tests.drills.stage import Stage
from tests.support.servers import Server
from tests.support.trial import a_trial

CUTS = 500
COMMITS = 200
KILLS = 20


def run(stage: Stage, dialect: str, times: int | None) -> Finding:
    """Cut the log at so many places (500), or kill so many times (20)."""
    if dialect == "sqlite":
        return cuts(stage, min(times or CUTS, CUTS))
    with stage.scene(dialect) as scene:
        postgres = Postgres(stage.postgresql())

        async def blow() -> list[str]:
            await asyncio.to_thread(postgres.kill)
            return []

        return asyncio.run(under_load(stage, scene, min(times or KILLS, KILLS), ("postmaster killed", blow)))


def cuts(stage: Stage, times: int) -> Finding:
    """Cut the log of a database that was filled observation by observation."""
    folder, random = stage.a_folder(), Random(f"{stage.seed} power")
    with stage.stores.fresh("sqlite") as (address, _):
        left = filled(address, folder, min(COMMITS, times))
        finding, prefixes = Finding(len(left.order), len(left.order), 0, 0), set()
        for number in range(1, times + 1):
            offset = random.randrange(left.length + 1)
            try:
                prefixes.add(left.after(offset, folder / "cut.db"))
            except (ValueError, sqlite3.DatabaseError) as fault:
                finding.faults.append(f"log cut at {offset}: {fault}")
            stage.teller.progress("sqlite: log cut", number, times, f"{len(prefixes)} different prefixes, {len(finding.faults)} not whole")
    return finding


@dataclass(frozen=True)
class Left:
    """A database and its log, as they lie on the disk; `order` is that of its commits, one observation each."""

    database: Path
    log: Path
    programme: UUID
    order: tuple[str, ...]

    @property
    def length(self) -> int:
        """Bytes of the log."""
        return self.log.stat().st_size

    def after(self, offset: int, copy: Path) -> int:
        """How many observations are there when the log is cut at an offset; raises `ValueError` where it is no clean prefix."""
        shutil.copyfile(self.database, copy)
        with self.log.open("rb") as whole:
            Path(f"{copy}-wal").write_bytes(whole.read(offset))
        try:
            return self._prefix(copy)
        finally:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{copy}{suffix}").unlink(missing_ok=True)

    def _prefix(self, copy: Path) -> int:
        with closing(sqlite3.connect(copy)) as connection:
            (whole,) = connection.execute("PRAGMA integrity_check").fetchone()
            rows = {bare(each) for (each,) in connection.execute("SELECT id FROM observation")}
            filed = connection.execute("SELECT subject_id FROM journal WHERE kind = ? ORDER BY seq", (EventKind.OBSERVATION_FILED,))
            leaves = tuple(bare(each) for (each,) in filed)
        if whole != "ok" or leaves != self.order[: len(leaves)] or rows != set(leaves):
            raise ValueError(f"{len(leaves)} leaves and {len(rows)} rows are no prefix: {whole}")
        database = Database(f"sqlite:///{copy}")
        with database.read() as session:
            journal.verify(session, self.programme)
        database.close()
        return len(leaves)


def filled(address: str, folder: Path, number: int) -> Left:
    """A database filled with single observations, none of which has left the log; copied while its server still runs."""
    with Server(address, folder) as server:
        trial = a_trial(server)
        database, log = Path(address.removeprefix("sqlite:///")), folder / "left-wal"
        with server.store.database.writing.connect() as connection:
            # What stands in the database already is checkpointed; from here on it stays in the log.
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("PRAGMA wal_autocheckpoint = 0")
            connection.exec_driver_sql("BEGIN")
        order = tuple(bare(trial.filed()) for _ in range(number))
        copy = Path(shutil.copy(database, folder / "left"))
        shutil.copy(f"{database}-wal", log)
        return Left(copy, log, UUID(trial.programme.id), order)
