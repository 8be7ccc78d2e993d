"""SIGKILL while batches are being stored: nothing that was acknowledged is lost, and sending again makes the rest exact (P1)."""

import asyncio
import time

from tests.drills.clients import CLIENTS, resend, while_they_talk
from tests.drills.oracle import Finding
from tests.drills.stage import Scene, Stage

TIMES = 20
KEPT_EVERY = 10
PATIENCE = 5.0
LATEST = 0.080
"""Seconds within which the blow falls: in turn after the clients begin, and after the first of them was told of a receipt."""


def run(stage: Stage, dialect: str, times: int | None) -> Finding:
    """Kill the server so many times (20), and see what is left each time."""
    with stage.scene(dialect) as scene:
        return asyncio.run(_kills(stage, scene, times or TIMES))


async def _kills(stage: Stage, scene: Scene, times: int) -> Finding:
    scene.server.start()
    clients = scene.clients(CLIENTS)
    unheard = 0
    for number in range(1, times + 1):
        await while_they_talk(clients, lambda is_warm=number % 2 == 0: _blow(scene, is_warm=is_warm))
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
