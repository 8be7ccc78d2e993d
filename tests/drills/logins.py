"""A flood of wrong passwords: the owner's known device gets in, others notice nothing, and two passwords are hashed at once at most (P40).

A thousand wrong passwords a minute for one name, from fifty addresses; then so many names at once that not all find a place to hash in. The
addresses are this machine's, so the server sees what it sees behind a proxy: no network tells anybody apart, and the owner is known by a
refresh token alone. Passwords are hashed at full cost, and the server is the real one; only its hasher is watched.
"""

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx2
import sqlalchemy as sa
from sqlmodel import Session

from app.accounts.models import Account
from app.accounts.passwords import AT_ONCE, QUEUE, Passwords
from app.kit.database import Database
from tests.drills.servers import command
from tests.drills.stage import Scene, Stage
from tests.support.people import PASSWORD

TIMES = 1000
SECONDS_EACH = 0.06
ADDRESSES = 50
CROWD = 60
OWNER_WITHIN, OTHERS_WITHIN = 2.0, 0.5
OWNER, READER = "world-obs1", "world-obs2"
OTHERS = tuple(f"world-obs{n}" for n in range(3, 9))
OK, REFUSED, DELAYED = 200, 401, 429


@dataclass
class Flooded:
    """What was measured, and whatever is not as it must be, in words. Times are the slowest of all, in milliseconds."""

    tried: int = 0
    sent_away: int = 0
    owner_ms: int = 0
    others_ms: int = 0
    reading_ms: int = 0
    hashes_at_once: int = 0
    places_at_once: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.faults

    def numbers(self) -> dict[str, int]:
        """The numbers, for machines."""
        return {name: value for name, value in vars(self).items() if name != "faults"}

    def took(self, name: str, seconds: float) -> None:
        """Remember how long something took, if nothing took longer."""
        setattr(self, name, max(getattr(self, name), round(seconds * 1000)))

    def judge(self) -> None:
        """What of the numbers is not as promised."""
        limits = {"owner_ms": OWNER_WITHIN * 1000, "others_ms": OTHERS_WITHIN * 1000, "reading_ms": OTHERS_WITHIN * 1000}
        limits |= {"hashes_at_once": AT_ONCE, "places_at_once": AT_ONCE + QUEUE}
        for name, most in limits.items():
            if (number := getattr(self, name)) > most:
                self.faults.append(f"{name} is {number}, and at most {most:.0f} is promised")
        if not self.sent_away or not self.hashes_at_once:
            self.faults.append("nobody was sent away, or nothing was hashed: that proves nothing")


def run(stage: Stage, dialect: str, times: int | None) -> Flooded:
    """So many wrong passwords (1,000), a thousand a minute, and a crowd at the end."""
    with stage.scene(dialect) as scene:
        harden(scene)
        peaks = scene.folder / "peaks"
        scene.server.life = partial(_watched, peaks=str(peaks))
        scene.server.start()
        found = asyncio.run(_flood(stage, scene, times or TIMES))
        found.hashes_at_once, found.places_at_once = json.loads(peaks.read_text(encoding="utf-8"))
    found.judge()
    return found


def harden(scene: Scene) -> None:
    """Have everybody's password hashed at full cost: the world's are cheap."""
    database = Database(scene.address)
    with Session(database.writing) as session:
        session.connection().execute(sa.update(Account).values(password_hash=Passwords().hash(PASSWORD)))
        session.commit()
    database.close()


def _watched(arguments: list[str], environment: dict[str, str], log: str, *, peaks: str) -> None:
    """The server's life, while somebody counts how many hash and how many hold a place, and writes down the most of both."""
    lock, running, most = threading.Lock(), [0], [0, 0]

    def saw(which: int, number: int) -> None:
        if number > most[which]:
            most[which] = number
            Path(peaks).write_text(json.dumps(most), encoding="utf-8")

    take, holds = Passwords._take, Passwords.holds

    def taking(self: Passwords, network: bytes | None) -> None:
        take(self, network)
        with lock:
            saw(1, self._taken.total())

    def holding(self: Passwords, password: str, kept: str | None) -> bool:
        with lock:
            running[0] += 1
            saw(0, running[0])
        try:
            return holds(self, password, kept)
        finally:
            with lock:
                running[0] -= 1

    Passwords._take, Passwords.holds = taking, holding  # type: ignore[method-assign]
    command(arguments, environment, log)


class Door:
    """The way in, from one address."""

    def __init__(self, port: int, address: str) -> None:
        transport = httpx2.AsyncHTTPTransport(local_address=address)
        self.client = httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=60)

    async def try_in(self, username: str, password: str, **form: str) -> httpx2.Response:
        """The answer to a sign-in."""
        asked = {"grant_type": "password", "username": username, "password": password, **form}
        return await self.client.post("/v1/auth/token", data=asked)


async def _flood(stage: Stage, scene: Scene, times: int) -> Flooded:
    found = Flooded()
    async with AsyncExitStack() as closing:
        doors = [Door(scene.server.port, f"127.9.{n}.1") for n in range(1, ADDRESSES + 1)]
        home = Door(scene.server.port, "127.0.0.1")
        for door in (*doors, home):
            await closing.enter_async_context(door.client)
        owner = (await home.try_in(OWNER, PASSWORD)).json()
        token = (await home.try_in(READER, PASSWORD)).json()["access_token"]
        names = itertools.cycle(OTHERS)
        beside = [
            (0.7, "owner_ms", lambda: home.try_in(OWNER, PASSWORD, refresh_token=owner["refresh_token"])),
            (0.3, "others_ms", lambda: home.try_in(next(names), PASSWORD)),
            (0.1, "reading_ms", lambda: home.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})),
        ]
        await _while(found, beside, lambda: _drip(stage, scene, found, doors, times))
        await _while(found, beside[2:], lambda: _crowd(found, doors))
    return found


Ask = Callable[[], Awaitable[httpx2.Response]]


async def _while(found: Flooded, beside: list[tuple[float, str, Ask]], act: Callable[[], Awaitable[None]]) -> None:
    """Do something while others do theirs over and over, each of which must succeed, and is timed."""
    over = asyncio.Event()
    asking = [asyncio.ensure_future(_over_and_over(found, each, over)) for each in beside]
    await act()
    over.set()
    await asyncio.gather(*asking)


async def _over_and_over(found: Flooded, beside: tuple[float, str, Ask], over: asyncio.Event) -> None:
    pause, name, ask = beside
    while True:
        began = time.monotonic()
        answer = await ask()
        found.took(name, time.monotonic() - began)
        if answer.status_code != OK:
            found.faults.append(f"{name.removesuffix('_ms')} was answered {answer.status_code}")
        if over.is_set():
            return
        await asyncio.sleep(pause)


async def _drip(stage: Stage, scene: Scene, found: Flooded, doors: list[Door], times: int) -> None:
    """Wrong passwords for one name, each at its time whether or not the last one was answered."""
    began, trying = time.monotonic(), []
    for number in range(times):
        await asyncio.sleep(max(0.0, began + number * SECONDS_EACH - time.monotonic()))
        trying.append(asyncio.ensure_future(_try(found, doors[number % len(doors)], OWNER)))
        told = f"owner {found.owner_ms} ms, others {found.others_ms} ms, reading {found.reading_ms} ms at most"
        stage.teller.progress(f"{scene.dialect}: wrong password", number + 1, times, told)
    await asyncio.gather(*trying)


async def _crowd(found: Flooded, doors: list[Door]) -> None:
    """Many names at once, more than there are places."""
    await asyncio.gather(*(_try(found, doors[n % len(doors)], f"nobody-{n}") for n in range(CROWD)))


async def _try(found: Flooded, door: Door, username: str) -> None:
    answer = await door.try_in(username, "quite another thing")
    found.tried += 1
    is_delayed = answer.status_code == DELAYED
    found.sent_away += is_delayed
    if not is_delayed and answer.status_code != REFUSED:
        found.faults.append(f"a wrong password was answered {answer.status_code}")
    if is_delayed and int(answer.headers.get("retry-after", "0")) < 1:
        found.faults.append("somebody was sent away and not told until when")
