"""Killed while a frozen database is brought to the newest schema: begun again, it arrives, and nothing is missing (P41).

The command is the operator's own, `python -m app migrate`. It carries a charge that kills it at one of its statements or commits; the
points are spread evenly over all of them.
"""

import itertools
import os
import signal
from contextlib import closing
from pathlib import Path

import httpx2
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

from app import models  # noqa: F401 - so that every table is known
from app.kit.database import Database
from tests.drills.oracle import Finding
from tests.drills.servers import Server, a_server, forked, write_to
from tests.drills.stage import Stage, verified
from tests.support import frozen
from tests.support.frozen import Frozen

POINTS = 20
NEVER = -1
KILLED = -signal.SIGKILL


def run(stage: Stage, dialect: str, times: int | None) -> Finding:
    """Kill the upgrade of every frozen set at so many points (20)."""
    found = Finding(0, 0, 0, 0)
    for old in frozen.frozen_sets():
        steps = count_steps(stage, old, dialect)
        points = spread(steps, times or POINTS)
        for number, point in enumerate(points, start=1):
            found += killed_at(stage, old, dialect, point)
            beside = f"killed at step {point + 1} of {steps}; {found.stored} of {found.acknowledged} observations there"
            stage.teller.progress(f"{dialect}: upgrade from {old.revision}", number, len(points), beside)
    return found


def spread(steps: int, number: int) -> list[int]:
    """Evenly spread places among so many, the first and the last among them."""
    return sorted({round(n * (steps - 1) / max(1, number - 1)) for n in range(number)})


def count_steps(stage: Stage, old: Frozen, dialect: str) -> int:
    """How many statements and commits an upgrade takes."""
    folder = stage.a_folder()
    counted = folder / "steps"
    with stage.empty(dialect) as address:
        old.thaw(dialect, address, folder)
        forked(migrate_with_a_charge, environment(address, folder), NEVER, counted).join()
    return int(counted.read_text())


def killed_at(stage: Stage, old: Frozen, dialect: str, point: int) -> Finding:
    """What is there after an upgrade was killed at a point, and begun again."""
    folder = stage.a_folder()
    with stage.empty(dialect) as address:
        old.thaw(dialect, address, folder)
        child = forked(migrate_with_a_charge, environment(address, folder), point, folder / "steps")
        child.join()
        faults = [] if child.exitcode == KILLED else [f"the upgrade ended with {child.exitcode} where it was to be killed"]
        with a_server(address, folder) as server:
            finding = judged(old.expected[dialect], address, server)
    finding.faults += faults
    return finding


def environment(address: str, folder: Path) -> dict[str, str]:
    """What the command is told."""
    return {"HEARSIGHT_DATA_DIR": str(folder), "HEARSIGHT_DATABASE_URL": address}


def migrate_with_a_charge(given: dict[str, str], point: int, counted: Path) -> None:
    """Run `migrate`; at the given step it dies."""
    os.environ.update(given)
    write_to(os.fspath(counted.parent / "log"))
    steps = itertools.count()

    def step(*_: object) -> None:
        if next(steps) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    for event in ("before_cursor_execute", "commit"):
        sa.event.listen(sa.Engine, event, step)
    from app.cli import cli

    cli(["migrate"], standalone_mode=False)
    counted.write_text(str(next(steps)))


def judged(expected: dict, address: str, server: Server) -> Finding:
    """Whether an upgraded database has this release's schema, holds what it held, and says what it said."""
    wanted, there = expected["observations"], frozen.filed(address)
    finding = Finding(len(wanted), len(set(there)), len(set(wanted) - set(there)), len(there) - len(set(there)))
    if differences := differences_from_models(address):
        finding.faults.append(f"the schema differs from the models in {differences} places")
    if frozen.heads(address, expected["logs"]) != expected["logs"]:
        finding.faults.append("the journal is not what it was")
    for slug in slugs(address):
        finding.faults += verified(server, slug)
    server.start()
    with closing(Guest(server.port)) as guest:
        if frozen.said(guest, expected) != {name: expected[name] for name in ("summaries", "editions")}:
            finding.faults.append("a summary or an edition says something else")
    server.stop()
    return finding


def differences_from_models(address: str) -> int:
    """In how many places a schema is not what the models say."""
    database = Database(address)
    with database.reading.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found = len(compare_metadata(context, SQLModel.metadata))
    database.close()
    return found


def slugs(address: str) -> list[str]:
    """The programmes of a database."""
    database = Database(address)
    with database.reading.connect() as connection:
        found = [str(row[0]) for row in connection.exec_driver_sql("SELECT slug FROM programme")]
    database.close()
    return found


class Guest:
    """Asks a server over HTTP, in the way that tests ask one in process."""

    def __init__(self, port: int) -> None:
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{port}")

    def get(self, path, *, token):
        return self.client.get(path, headers={"Authorization": f"Bearer {token}"})

    def close(self) -> None:
        self.client.close()
