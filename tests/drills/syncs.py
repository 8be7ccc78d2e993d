"""Commits reach the disk: at least one sync for each observation that was acknowledged by itself (P3)."""

import asyncio

from tests.drills import strace
from tests.drills.clients import Client
from tests.drills.oracle import Finding
from tests.drills.postgres import Postgres
from tests.drills.stage import Scene, Stage

COMMITS = 100
CALLS = ("fdatasync", "fsync")


def run(stage: Stage, dialect: str, times: int | None) -> Finding:
    """File so many observations (100), one after the other, and count the syncs of whoever writes the files."""
    if not strace.is_there():
        stage.teller.say(f"{dialect}: syncs were NOT counted, for strace is not installed")
        return Finding(0, 0, 0, 0)
    with stage.scene(dialect) as scene:
        scene.server.start()
        (client,) = scene.clients(1, batch=1)
        return asyncio.run(_count(stage, scene, client, min(times or COMMITS, COMMITS)))


async def _count(stage: Stage, scene: Scene, client: Client, times: int) -> Finding:
    await client.talk(batches=1)
    with strace.traced(Postgres(stage.postgresql()).children if scene.dialect != "sqlite" else lambda: [scene.server.pid], CALLS) as trace:
        await client.talk(batches=times)
    syncs = len([line for _, _, line in trace.calls() if "resumed" not in line])
    stage.teller.say(f"{scene.dialect}: {times} commits, one after the other: {syncs} syncs")
    finding = scene.at_the_end()
    if syncs < times:
        finding.faults.append(f"{times} commits made {syncs} syncs")
    return finding
