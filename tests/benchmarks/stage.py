"""Where product and floor are measured: databases of both kinds with the same world in them, and the product's real server on one."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import sqlalchemy as sa
from sqlmodel import Session, select

from app.accounts.models import Account
from app.journal import service as journal
from app.kit.database import Database
from app.observations.models import Mark, Observation, Tally
from tests.benchmarks.children import Child, serving
from tests.benchmarks.filing import COUNTERS, MARKS
from tests.benchmarks.floor import FLOORS, Rows, hearings_of
from tests.benchmarks.load import Happened, Stream, run
from tests.support.databases import PostgresqlTemplates, SqliteTemplates
from tests.support.people import PASSWORD, PASSWORD_HASH
from tests.support.world import World, a_world

CLIENTS = 32
HEARINGS = 8


class Stores:
    """Fresh databases with the world of the benchmarks; the PostgreSQL server starts when it is first asked for."""

    def __init__(self, folder: Path, closing: ExitStack) -> None:
        self.folder = folder
        self._closing = closing
        self._templates = cache(self._make_templates)

    def _make_templates(self, dialect: str):
        folder = self.folder / dialect
        folder.mkdir()
        if dialect == "sqlite":
            return SqliteTemplates(folder)
        made = PostgresqlTemplates(folder)
        self._closing.callback(made.close)
        return made

    @contextmanager
    def fresh(self, dialect: str) -> Iterator[tuple[str, World]]:
        """The address of a database, and what is in it: a case with hearings, and an observer for each client."""
        templates = self._templates(dialect)
        address = templates.fresh()
        database = Database(address)
        observers = tuple(f"OBS{n}" for n in range(1, CLIENTS + 1))
        with Session(database.writing) as session:
            world = a_world(session, hearings=HEARINGS, observers=observers)
            session.exec(sa.update(Account).values(password_hash=PASSWORD_HASH))
            session.commit()
        database.close()
        yield address, world
        templates.drop(address)

    @contextmanager
    def product(self, dialect: str) -> "Iterator[Product]":
        """The real server, one worker, on a fresh database."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        with self.fresh(dialect) as (address, world):
            settings = {"HEARSIGHT_DATA_DIR": str(folder), "HEARSIGHT_DATABASE_URL": address, "HEARSIGHT_ENV": "off"}
            # It makes the server's keys; the schema is there already.
            subprocess.run([sys.executable, "-m", "app", "migrate"], env={**os.environ, **settings}, check=True, capture_output=True)
            with serving(["app", "serve", "--port", "PORT"], folder / "log", settings) as child:
                yield Product(address, world, child)

    @contextmanager
    def floor(self, dialect: str) -> "Iterator[Floor]":
        """The bare driver on a fresh database."""
        with self.fresh(dialect) as (address, world):
            made = Floor(dialect, address, world)
            yield made
            made.close()

    @contextmanager
    def hello(self) -> Iterator[Child]:
        """The least of servers."""
        with serving(["tests.benchmarks.hello", "PORT"], self.folder / "hello.log") as child:
            yield child


@dataclass
class Product:
    """A running server with the world it was given."""

    address: str
    world: World
    child: Child
    filed: int = 0

    def streams(self, requests: int, clients: int = CLIENTS, batch: int = 1, *, is_beside: bool = False) -> list[Stream]:
        """What several observers send, each from a hearing, signed in as anybody would be."""
        hearings = hearings_of(self.world)
        return [
            Stream(requests, batch, self._token(f"OBS{n + 1}"), str(self.world.case), str(hearings[n % HEARINGS]), is_beside=is_beside)
            for n in range(clients)
        ]

    def _token(self, code: str) -> str:
        form = urlencode({"grant_type": "password", "username": f"world-{code}".lower(), "password": PASSWORD})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = httpx2.post(f"http://127.0.0.1:{self.child.port}/v1/auth/token", content=form.encode(), headers=headers)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def take(self, streams: list[Stream]) -> Happened:
        """What became of a load."""
        happened = run(self.child.port, streams)
        self.filed += happened.filed
        return happened

    def wrong(self, happened: Happened) -> int:
        """How many answers were not as they must be, and rows lost or double; raises where the journal does not hold."""
        return sum(happened.bad.values()) + misfit(self.address, self.world, self.filed, has_journal=True)


class Floor:
    """The bare driver with rows for one world."""

    def __init__(self, dialect: str, address: str, world: World) -> None:
        self._address, self._world = address, world
        self._rows = Rows(world)
        self._writer = FLOORS[dialect](address, world.programme)
        self._written = 0

    def write(self, number: int, size: int) -> float:
        """Observations a second, in groups of a size."""
        seconds = self._writer.write(self._rows.groups(number, size))
        self._written += number
        return number / seconds

    def wrong(self) -> int:
        """How many rows are lost or double."""
        return misfit(self._address, self._world, self._written, has_journal=False)

    def close(self) -> None:
        """Close the connection."""
        self._writer.close()


def misfit(address: str, world: World, filed: int, *, has_journal: bool) -> int:
    """By how many rows a database differs from what was filed: observations, marks, counters, and the journal's own check."""
    database = Database(address)
    with database.read() as session:
        found = counted_in(session, world, has_journal=has_journal)
    database.close()
    wanted = (filed, filed * MARKS, filed * COUNTERS, filed)
    return sum(abs(number - due) for number, due in zip(found, wanted, strict=True))


def counted_in(session: Session, world: World, *, has_journal: bool) -> tuple[int, int, int, int]:
    """Observations, marks, what the counters add up to, and entries of the log; `AssertionError` where the journal does not hold."""
    observations, marks = (session.exec(select(sa.func.count()).select_from(table)).one() for table in (Observation, Mark))
    counted = int(session.exec(select(sa.func.sum(Tally.n))).one() or 0)
    leaves = journal.verify(session, world.programme) if has_journal else journal.size(session, world.programme)
    return observations, marks, counted, leaves


@contextmanager
def stores() -> Iterator[Stores]:
    """Databases in a folder of their own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hearsight-bench-", ignore_cleanup_errors=True) as folder, ExitStack() as closing:
        yield Stores(Path(folder), closing)


def note(text: str) -> None:
    """Tell how it goes, beside the table."""
    sys.stderr.write(f"{text}\n")
