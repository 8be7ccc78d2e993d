"""SIGKILL while batches are being stored: nothing that was acknowledged is lost, and sending again makes the rest exact (P1).

A receipt that is given before COMMIT is good for as long as nothing happens in between. So half of the blows fall soon after a receipt; and
on PostgreSQL, which goes on without its client and commits within a millisecond, a COMMIT takes its time then, and is given up when the
client is gone.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from app.kit.database import SQLITE, Database
from tests.drills.clients import CLIENTS, resend, while_they_talk
from tests.drills.oracle import Finding
from tests.drills.stage import Scene, Stage
from tests.support import outages

TIMES = 20
KEPT_EVERY = 10
PATIENCE = 5.0
LATEST = 0.080
"""Seconds within which the blow falls: in turn after the clients begin, and after the first of them was told of a receipt."""


def run(stage: Stage, dialect: str, times: int | None) -> Finding:
    """Kill the server so many times (20), and see what is left each time."""
    with stage.scene(dialect) as scene, _commits(scene) as slowly:
        return asyncio.run(_kills(stage, scene, slowly, times or TIMES))


Slowly = Callable[[], AbstractContextManager[None]]
"""A block in which a COMMIT takes its time."""


@contextmanager
def _commits(scene: Scene) -> Iterator[Slowly]:
    if scene.dialect == SQLITE:
        # The commit is the server's own work there, and ends with it.
        yield nullcontext
        return
    database = Database(scene.address)
    outages.watch_clients(database)
    yield lambda: outages.slow_commits(database)
    database.close()


async def _kills(stage: Stage, scene: Scene, slowly: Slowly, times: int) -> Finding:
    scene.server.start()
    clients = scene.clients(CLIENTS)
    unheard = 0
    for number in range(1, times + 1):
        is_warm = number % 2 == 0
        with slowly() if is_warm else nullcontext():
            await while_they_talk(clients, lambda is_warm=is_warm: _blow(scene, is_warm=is_warm))
        recovery = scene.server.start()
        finding = scene.oracle.look()
        if not finding.is_good:
            return finding
        if number % KEPT_EVERY == 0:
            await asyncio.to_thread(scene.keep_a_checkpoint)
        unheard = max(unheard, finding.stored - finding.acknowledged)
        stage.teller.progress(f"{scene.dialect}: kill", number, times, _beside(finding, recovery))
    await resend(clients)
    finding = scene.at_the_end()
    stage.teller.say(f"{scene.dialect}: all was sent again; before, up to {unheard} stood stored and unheard of")
    return finding


async def _blow(scene: Scene, *, is_warm: bool) -> None:
    drawn = scene.random.random()
    if is_warm:
        await _first_receipt(scene)
        # Soon after a receipt more often than late: that is when one would show that was given too early.
        drawn **= 3
    await asyncio.sleep(drawn * LATEST)
    scene.server.kill()


async def _first_receipt(scene: Scene) -> None:
    """Return when somebody is told of a receipt."""
    before, latest = len(scene.notebook.receipts), time.monotonic() + PATIENCE
    while len(scene.notebook.receipts) == before and time.monotonic() < latest:  # noqa: ASYNC110 - seen within a millisecond, at no cost
        await asyncio.sleep(0.001)


def _beside(finding: Finding, recovery: float) -> str:
    told = ", ".join(f"{number} {name}" for name, number in finding.numbers().items())
    return f"{told}; up again in {recovery:.2f} s"
