"""A disk that fills up: who files is told so, reading goes on, nothing is lost, and it works again when there is room (P5).

SQLite lies on a small disk in memory where this user may mount one; else no file of the server may grow, which it must call unavailable and
not full. PostgreSQL is made to say what it says when its disk is full.
"""

import asyncio
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from app.kit.database import Database
from tests.drills.clients import CLIENTS, FULL, OK, UNAVAILABLE, Client, resend
from tests.drills.oracle import Finding
from tests.drills.stage import Scene, Stage
from tests.support import outages

TIMES = 3
PATIENCE = 30.0
STEP = 3 * 1024 * 1024


@dataclass
class Narrow:
    """A scene where there is soon no room, and the answer that says so; `lack` is a block in which there is none."""

    scene: Scene
    what: str
    answer: int
    lack: Callable[[], AbstractContextManager[None]]


def run(stage: Stage, dialect: str, times: int | None) -> Finding:
    """Fill up and make room so many times (3)."""
    with narrow(stage, dialect) as place:
        return asyncio.run(_cycles(stage, place, min(times or TIMES, TIMES)))


@contextmanager
def narrow(stage: Stage, dialect: str) -> Iterator[Narrow]:
    """A server without much room."""
    if dialect != "sqlite":
        with stage.scene(dialect) as scene, closing(_Closing(scene.address)) as held:
            yield Narrow(scene, "disk full (SQLSTATE 53100)", FULL, lambda: outages.disk_full(held.database))
        return
    with stage.stores.fresh(dialect) as (address, world), small_disk(stage.a_folder(), _size_of(address)) as disk:
        if disk is None:
            stage.teller.say("sqlite: no small disk, for this user may not mount one: files that cannot grow instead")
            with stage.around(dialect, address, world) as scene:
                yield Narrow(scene, "files that cannot grow", UNAVAILABLE, lambda: no_growth(scene))
            return
        moved = shutil.copy(address.removeprefix("sqlite:///"), disk.folder)
        with stage.around(dialect, f"sqlite:///{moved}", world) as scene:
            yield Narrow(scene, "disk full", FULL, disk.until_it_grows)


class _Closing:
    """A database to be closed."""

    def __init__(self, address: str) -> None:
        self.database = Database(address)

    def close(self) -> None:
        self.database.close()


@dataclass
class SmallDisk:
    """A disk in memory."""

    folder: Path
    size: int

    @contextmanager
    def until_it_grows(self) -> Iterator[None]:
        """It fills up by itself; afterwards there is more room."""
        yield
        self.size += STEP
        _mount("-o", f"remount,size={self.size}", str(self.folder))


@contextmanager
def small_disk(folder: Path, needed: int) -> Iterator[SmallDisk | None]:
    """A disk with little more room than is needed; none where this user may not mount."""
    disk = SmallDisk(folder, needed + STEP)
    if not sys.platform.startswith("linux") or not _mount("-t", "tmpfs", "-o", f"size={disk.size}", "tmpfs", str(folder)):
        yield None
        return
    try:
        yield disk
    finally:
        subprocess.run([shutil.which("umount") or "umount", "--lazy", str(folder)], check=False)


def _mount(*arguments: str) -> bool:
    tool = shutil.which("mount")
    return tool is not None and subprocess.run([tool, *arguments], check=False, capture_output=True).returncode == 0


@contextmanager
def no_growth(scene: Scene) -> Iterator[None]:
    """No file of the server can be written beyond a few thousand bytes, which the kernel refuses with EFBIG."""
    limit_files(scene.server.pid, outages.SMALL)
    try:
        yield
    finally:
        limit_files(scene.server.pid, resource.RLIM_INFINITY)


def limit_files(pid: int, largest: int) -> None:
    """How large a file a running process may write from now on."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))


def _size_of(address: str) -> int:
    return Path(address.removeprefix("sqlite:///")).stat().st_size


async def _cycles(stage: Stage, place: Narrow, times: int) -> Finding:
    scene = place.scene
    scene.server.start()
    clients = scene.clients(CLIENTS, patient=frozenset({place.answer}))
    is_over = False
    talking = [asyncio.ensure_future(client.persist(lambda: is_over)) for client in clients]
    faults = []
    for number in range(1, times + 1):
        with place.lack():
            faults += await _no_room(place, clients)
            stored = scene.notebook.count(OK)
        # Whoever had sent by then may take up the room that there is now: any batch that is stored from here on will do.
        faults += (
            [] if await _soon(lambda stored=stored: scene.notebook.count(OK) > stored) else ["nothing was stored again when there was room"]
        )
        told = f"{scene.notebook.count(OK)} batches stored, {scene.notebook.count(place.answer)} answered {place.answer}"
        stage.teller.progress(f"{scene.dialect}: {place.what}", number, times, told)
    is_over = True
    await asyncio.gather(*talking)
    await _finish(place, clients)
    finding = scene.at_the_end()
    finding.faults += faults
    return finding


async def _no_room(place: Narrow, clients: list[Client]) -> list[str]:
    """What is wrong while there is no room."""
    faults = [] if await _met(place, place.answer) else [f"nobody was answered {place.answer}"]
    statuses = [await asyncio.to_thread(_read, client, path) for client in clients[:2] for path in ("/v1/observations?limit=1", "/healthz")]
    return [*faults, *(f"reading was answered {status}" for status in statuses if status != OK)]


def _read(client: Client, path: str) -> int:
    headers = {"Authorization": f"Bearer {client.place.token}"}
    return httpx2.get(f"http://127.0.0.1:{client.port}{path}", headers=headers).status_code


async def _met(place: Narrow, status: int) -> bool:
    """Whether a batch that is sent from now on is answered so, before patience ends."""
    since, exchanges = time.monotonic(), place.scene.notebook.exchanges
    return await _soon(lambda: any(each.status == status and each.sent > since for each in exchanges[-2 * CLIENTS :]))


async def _soon(is_so: Callable[[], bool]) -> bool:
    """Whether it becomes so before patience ends."""
    latest = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > latest:
            return False
        await asyncio.sleep(0.01)
    return True


async def _finish(place: Narrow, clients: list[Client]) -> None:
    """Whoever waits sends again; a small disk may have to grow for it."""
    for _ in range(TIMES):
        with place.lack():
            pass
        await resend(clients)
