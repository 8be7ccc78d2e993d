"""Restarts under load: whoever asks is told to come back, nobody waits long, and nothing is lost (P6).

PostgreSQL is restarted under a server that goes on. SQLite has no database server: there the server itself is asked to end, which it must
do in good order while batches arrive, and is started again.
"""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.drills.clients import CLIENTS, OK, UNAVAILABLE, resend
from tests.drills.oracle import Finding
from tests.drills.postgres import Postgres
from tests.drills.stage import Scene, Stage

TIMES = 20
EVERY = 3.0
RECOVERED_IN = 5.0
LONGEST = 10.0
"""Seconds: from one restart to the next, until something is stored again, and of any request."""

Blow = Callable[[], Awaitable[list[str]]]
"""Restarts something; tells what went wrong with it."""


def run(stage: Stage, dialect: str, times: int | None) -> Finding:
    """Restart so many times (20), every three seconds."""
    with stage.scene(dialect) as scene:
        blow = server_restarted(scene) if dialect == "sqlite" else database_restarted(Postgres(stage.postgresql()))
        what = "server ended and started" if dialect == "sqlite" else "database restarted"
        return asyncio.run(under_load(stage, scene, times or TIMES, (what, blow)))


def database_restarted(postgres: Postgres) -> Blow:
    """Restarts PostgreSQL at once; what serves it stays."""

    async def blow() -> list[str]:
        await asyncio.to_thread(postgres.restart)
        return []

    return blow


def server_restarted(scene: Scene) -> Blow:
    """Asks the server to end, and starts it again."""

    async def blow() -> list[str]:
        began = time.monotonic()
        code = await asyncio.to_thread(scene.server.stop)
        took = time.monotonic() - began
        # SQLite takes its log away when the last connection is closed.
        is_open = Path(scene.address.removeprefix("sqlite:///") + "-wal").exists()  # noqa: ASYNC240 - nothing else goes on
        await asyncio.to_thread(scene.server.start)
        # It ends in good order and then by the signal it was sent, so that whoever watches it knows why.
        faults = [] if code in (0, -signal.SIGTERM) else [f"the server ended with {code}"]
        faults += ["the server left its database open"] if is_open else []
        return [*faults, f"the server took {took:.1f} s to end"] if took > LONGEST else faults

    return blow


async def under_load(stage: Stage, scene: Scene, times: int, told: tuple[str, Blow]) -> Finding:
    """Strike while clients send, then let them send until all is stored; what is there at the end."""
    what, blow = told
    scene.server.start()
    clients = scene.clients(CLIENTS, patient=frozenset({UNAVAILABLE}))
    is_over = False
    talking = [asyncio.ensure_future(client.persist(lambda: is_over)) for client in clients]
    faults, recoveries = [], []
    for number in range(1, times + 1):
        struck = time.monotonic()
        faults += await blow()
        recoveries.append(await _recovery(scene, time.monotonic()))
        stage.teller.progress(f"{scene.dialect}: {what}", number, times, f"stores again after {recoveries[-1]:.2f} s; {_beside(scene)}")
        await asyncio.to_thread(scene.keep_a_checkpoint)
        await asyncio.sleep(max(0.0, struck + EVERY - time.monotonic()))
    is_over = True
    await asyncio.gather(*talking)
    await resend(clients)
    return _judged(scene, faults, recoveries)


async def _recovery(scene: Scene, since: float) -> float:
    """Seconds until a batch is stored again, however long it takes."""
    exchanges = scene.notebook.exchanges
    while time.monotonic() < since + 2 * RECOVERED_IN:
        if any(each.status == OK and each.sent > since for each in exchanges[-2 * CLIENTS :]):
            break
        await asyncio.sleep(0.01)
    return time.monotonic() - since


def _judged(scene: Scene, faults: list[str], recoveries: list[float]) -> Finding:
    finding = scene.at_the_end()
    finding.faults += faults
    if max(recoveries) > RECOVERED_IN:
        finding.faults.append(f"it took {max(recoveries):.1f} s until something was stored again")
    if scene.notebook.slowest() > LONGEST:
        finding.faults.append(f"a request took {scene.notebook.slowest():.1f} s")
    return finding


def _beside(scene: Scene) -> str:
    book = scene.notebook
    told = {"answered": OK, "told to come back": UNAVAILABLE, "cut off": 0}
    batches = ", ".join(f"{book.count(status)} {what}" for what, status in told.items())
    return f"batches: {batches}, longest {book.slowest():.1f} s"
