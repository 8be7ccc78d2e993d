"""Clients as phones are: each sends a batch until it is acknowledged, over a connection that may break at any moment."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

import httpx2
import orjson

from tests.benchmarks.filing import a_filing
from tests.benchmarks.floor import hearings_of
from tests.drills.notebook import Exchange, Notebook, bare
from tests.support.people import PASSWORD
from tests.support.world import World

BATCH = 20
CLIENTS = 8
OK, OUTDATED, UNAVAILABLE, FULL = 200, 401, 503, 507
BROKEN = (OSError, asyncio.IncompleteReadError)


@dataclass
class Place:
    """As whom somebody files, and about which hearing."""

    observer: str
    token: str
    case: UUID
    hearing: UUID


class Client:
    """One client; `pending` is the batch that it was not told is stored."""

    def __init__(self, port: int, place: Place, notebook: Notebook, *, batch: int = BATCH, patient: frozenset[int] = frozenset()) -> None:
        self.port, self.place, self.notebook, self.batch = port, place, notebook, batch
        self._patient = patient
        self.pending: list[dict] = []

    def prepare(self) -> list[dict]:
        """The batch that goes out next: the one that waits, or a new one."""
        if not self.pending:
            self.pending = [a_filing(str(self.place.case), str(self.place.hearing)) for _ in range(self.batch)]
        return self.pending

    async def talk(self, *, batches: int | None = None, is_over: Callable[[], bool] = lambda: False) -> None:
        """Send batch after batch over one connection, until it breaks, so many are stored, or it is over."""
        with contextlib.suppress(*BROKEN):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                while not is_over() and batches != 0:
                    is_stored = await self._exchange(reader, writer)
                    batches = batches if batches is None or not is_stored else batches - 1
            finally:
                writer.close()

    async def persist(self, is_over: Callable[[], bool]) -> None:
        """Go on for as long as it is not over, with a new connection whenever one breaks."""
        while not is_over():
            await self.talk(is_over=is_over)
            await asyncio.sleep(0.05)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the batch was stored whole; raises where the connection breaks."""
        batch = self.prepare()
        self.notebook.sent.update(bare(each["id"]) for each in batch)
        sent, status = time.monotonic(), 0
        try:
            writer.write(self.request(batch))
            status, headers, body = await answer_of(reader)
        finally:
            self.notebook.exchanges.append(Exchange(sent, time.monotonic(), status))
        if status != OK:
            await self._be_refused(status, headers)
            return False
        for result in orjson.loads(body)["results"]:
            self.notebook.heard(result)
        self.pending = [each for each in batch if bare(each["id"]) not in self.notebook.receipts]
        return not self.pending

    async def _be_refused(self, status: int, headers: bytes) -> None:
        if status == OUTDATED:
            # A drill may take longer than the ten minutes for which a token is good.
            self.place.token = await asyncio.to_thread(sign_in, self.port, self.place.observer)
        elif status not in self._patient or b"retry-after:" not in headers:
            self.notebook.faults[f"a batch was answered {status}"] += 1
        await asyncio.sleep(0.2)

    def request(self, batch: Sequence[dict]) -> bytes:
        """The bytes that send a batch."""
        body = orjson.dumps({"items": batch})
        head = f"POST /v1/observations/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.place.token}\r\n"
        return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def answer_of(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    """Status, headers in small letters, and body of the next answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    start = head.find(b"content-length:") + len(b"content-length:")
    body = await reader.readexactly(int(head[start : head.find(b"\r\n", start)]))
    return int(head[9:12]), head, body


def places(port: int, world: World, number: int = CLIENTS) -> list[Place]:
    """Observers of the world who are signed in, each at a hearing."""
    hearings = hearings_of(world)
    observers = [f"OBS{n + 1}" for n in range(number)]
    return [Place(code, sign_in(port, code), world.case, hearings[n % len(hearings)]) for n, code in enumerate(observers)]


def sign_in(port: int, code: str) -> str:
    """The token of a member of the world."""
    form = urlencode({"grant_type": "password", "username": f"world-{code}".lower(), "password": PASSWORD})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = httpx2.post(f"http://127.0.0.1:{port}/v1/auth/token", content=form.encode(), headers=headers)
    answer.raise_for_status()
    token: str = answer.json()["access_token"]
    return token


async def resend(clients: Sequence[Client]) -> None:
    """Whoever was not told of every receipt sends once more."""
    await asyncio.gather(*(client.talk(batches=1) for client in clients if client.pending))


async def while_they_talk(clients: Sequence[Client], act: Callable[[], Awaitable[None]]) -> None:
    """Do something while clients send; returns when all of them have stopped, which ending the server makes them do."""
    for client in clients:
        client.prepare()
    talking = [asyncio.ensure_future(client.talk()) for client in clients]
    await act()
    await asyncio.gather(*talking)
