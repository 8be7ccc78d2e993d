"""A line as in a courthouse: it loses what is sent or what is answered, cuts, delays, doubles, delivers late and out of order.

What befalls a request is drawn by lot: the same lots for the same seed. Every request goes to the server over a connection of its own.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping
from random import Random

from tests.drills.clients import BROKEN, answer_of

GOOD = "answered"
LOST = "lost on the way there"
CUT = "cut in the middle"
UNHEARD = "answered unheard"
DOUBLED = "delivered twice at once"
LATE = "delivered late, out of order"
BAD: Mapping[str, int] = {GOOD: 50, LOST: 12, CUT: 6, UNHEARD: 14, DOUBLED: 9, LATE: 9}
"""How often each befalls a request, of a hundred."""
SOUND: Mapping[str, int] = {GOOD: 100}
SLOW, LATEST, PATIENCE = 0.02, 0.5, 30.0
"""Seconds: by how much a request is delayed at most, how late one comes that is late, and how long an answer is waited for."""

Answer = tuple[int, bytes, bytes]
"""Status, headers in small letters, body."""


class Line:
    """The way from one phone to a server; whoever asks is answered, or told (`OSError`) that the line broke."""

    def __init__(self, port: int, random: Random, fates: Mapping[str, int] = BAD) -> None:
        self.port, self.random, self.fates = port, random, fates
        self.befell: Counter[str] = Counter()
        self._late: set[asyncio.Task[None]] = set()

    async def ask(self, request: bytes, *, without: frozenset[str] = frozenset()) -> Answer:
        """The answer to a request. `without` names what does not befall this one."""
        fate = self._draw(without)
        self.befell[fate] += 1
        await asyncio.sleep(self.random.random() * SLOW)
        if fate == GOOD:
            return await self._delivered(request)
        if fate == DOUBLED:
            answers = await asyncio.gather(self._delivered(request), self._delivered(request))
            return self.random.choice(answers)
        if fate == UNHEARD:
            await self._delivered(request)
        elif fate == CUT:
            await self._begun(request[: self.random.randrange(1, len(request))])
        elif fate == LATE:
            self._deliver_later(request)
        raise ConnectionResetError(fate)

    async def settled(self) -> None:
        """Return when all that was late has arrived."""
        await asyncio.gather(*self._late)

    def _draw(self, without: frozenset[str]) -> str:
        (fate,) = self.random.choices(list(self.fates), list(self.fates.values()))
        return GOOD if fate in without else fate

    async def _delivered(self, request: bytes) -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            return await asyncio.wait_for(answer_of(reader), PATIENCE)
        finally:
            writer.close()

    async def _begun(self, part: bytes) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(part)
        with contextlib.suppress(OSError):
            await writer.drain()
        writer.close()

    def _deliver_later(self, request: bytes) -> None:
        task = asyncio.ensure_future(self._after(self.random.random() * LATEST, request))
        self._late.add(task)

    async def _after(self, seconds: float, request: bytes) -> None:
        await asyncio.sleep(seconds)
        # Nobody hears what becomes of it.
        with contextlib.suppress(*BROKEN):
            await self._delivered(request)
