"""Any single file call that fails leaves a good database, and what could not be synced is never called stored (P2).

With strace each file call of storing a batch fails in turn (EIO), and kills in turn. Everywhere, files of a SQLite server are kept from
growing at ever later places. After each: the set checker, the journal, the database's own check, and the same batch again.
"""

import asyncio
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.drills import strace
from tests.drills.clients import OK, UNAVAILABLE, Client
from tests.drills.full import limit_files
from tests.drills.oracle import Finding
from tests.drills.postgres import Postgres
from tests.drills.stage import Scene, Stage
from tests.drills.upgrade import spread

CALLS = ("pwrite64", "fdatasync", "fsync", "openat", "unlink", "rename", "ftruncate")
WRITING = ("pwrite64", "fdatasync", "fsync")
PAGE = 4096
PLACES = 20
PATIENCE = 30.0
LATER = 3


@dataclass
class Struck:
    """A scene with one client, and what went wrong so far."""

    stage: Stage
    scene: Scene
    client: Client
    faults: list[str] = field(default_factory=list)

    def blame(self, what: str, *found: str) -> None:
        self.faults += [f"{what}: {fault}" for fault in found]


def run(stage: Stage, dialect: str, times: int | None) -> Finding:
    """Every call in turn; at most so many of each kind where a number is given."""
    with stage.scene(dialect) as scene:
        scene.server.start()
        (client,) = scene.clients(1, patient=frozenset({UNAVAILABLE}))
        struck = Struck(stage, scene, client)
        asyncio.run(_strike(struck, times))
        finding = scene.at_the_end()
        finding.faults += struck.faults
        return finding


async def _strike(struck: Struck, times: int | None) -> None:
    dialect = struck.scene.dialect
    await struck.client.talk(batches=2)
    if dialect == "sqlite":
        await _files_that_cannot_grow(struck, min(times or PLACES, PLACES))
    if not strace.is_there():
        struck.stage.teller.say(f"{dialect}: single file calls were NOT made to fail, for strace is not installed")
    elif dialect == "sqlite":
        await _each_call(struck, times)
    else:
        await _each_call_of_postgresql(struck, times)


async def _files_that_cannot_grow(struck: Struck, places: int) -> None:
    server, wal = struck.scene.server, Path(struck.scene.address.removeprefix("sqlite:///") + "-wal")
    for number in range(1, places + 1):
        size = wal.stat().st_size  # noqa: ASYNC240 - nothing else goes on
        limit_files(server.pid, size // 2 + number * PAGE)
        await _once(struck)
        limit_files(server.pid, resource.RLIM_INFINITY)
        await _judge(struck, f"no file beyond page {number}")
        struck.stage.teller.progress("sqlite: files that cannot grow", number, places, _beside(struck))


async def _each_call(struck: Struck, times: int | None) -> None:
    with strace.traced(lambda: [struck.scene.server.pid], CALLS) as trace:
        await struck.client.talk(batches=1)
    points = list(_points(trace.most(), times))
    for number, (call, when, blow) in enumerate(points, start=1):
        await _strike_server(struck, call, when, blow)
        struck.stage.teller.progress("sqlite: a file call fails or kills", number, len(points), f"{call} {when}, {blow}; {_beside(struck)}")


def _points(counted: dict[str, int], times: int | None) -> Iterator[tuple[str, int, str]]:
    for blow in ("error=EIO", "signal=KILL"):
        for call, number in counted.items():
            for place in spread(number, min(number, times or number)):
                yield call, place + 1, blow


async def _strike_server(struck: Struck, call: str, when: int, blow: str) -> None:
    scene = struck.scene
    with strace.traced(lambda: [scene.server.pid], CALLS, f"{call}:{blow}:when={when}") as trace:
        status = await _once(struck)
    what = f"{call} {when} with {blow}"
    is_of_the_log = any("-wal>" in line for line in trace.struck())
    if is_of_the_log and blow == "error=EIO" and call in WRITING and status == OK:
        struck.blame(what, "a batch whose log could not be written was acknowledged")
    if blow == "signal=KILL" and not await asyncio.to_thread(scene.server.answers):
        await asyncio.to_thread(scene.server.start)
    await _judge(struck, what)


async def _each_call_of_postgresql(struck: Struck, times: int | None) -> None:
    postgres = Postgres(struck.stage.postgresql())
    points = [
        (call, when, blow)
        for blow in ("error=EIO", "signal=KILL")
        for call in WRITING[:2]
        for when in range(1, min(times or LATER, LATER) + 1)
    ]
    for number, (call, when, blow) in enumerate(points, start=1):
        with strace.traced(postgres.children, WRITING, f"{call}:{blow}:when={when}"):
            await _once(struck)
        await asyncio.to_thread(postgres.find)
        await _judge(struck, f"{call} {when} of PostgreSQL with {blow}")
        struck.stage.teller.progress(
            "postgresql: a file call fails or kills", number, len(points), f"{call} {when}, {blow}; {_beside(struck)}"
        )


async def _once(struck: Struck) -> int:
    """The status of one try to send a batch; 0 where it was cut off."""
    tries = iter((False, True))
    await struck.client.talk(batches=1, is_over=lambda: next(tries))
    return struck.scene.notebook.exchanges[-1].status


async def _judge(struck: Struck, what: str) -> None:
    """After a blow: the database is good, and the same batch can be sent again."""
    await _send_again(struck, what)
    finding = struck.scene.oracle.look()
    struck.blame(what, *finding.faults, *([f"{finding.lost} lost"] if finding.lost else []))
    if struck.scene.dialect == "sqlite":
        with closing(sqlite3.connect(struck.scene.address.removeprefix("sqlite:///"))) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
        struck.blame(what, *([] if answer == "ok" else ["the database is not whole"]))


async def _send_again(struck: Struck, what: str) -> None:
    latest = time.monotonic() + PATIENCE
    while struck.client.pending and time.monotonic() < latest:
        await struck.client.talk(batches=1)
    if struck.client.pending:
        struck.blame(what, "the same batch cannot be stored any more")


def _beside(struck: Struck) -> str:
    book = struck.scene.notebook
    return f"answers: {book.count(OK)} stored, {book.count(UNAVAILABLE)} unavailable, {book.count(0)} cut off"
