"""Where observations arrive: batches made ready on the loop, single ones in their group, all answered when they are durable."""

import asyncio
import zlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.kit import clock, errors
from app.kit.access import Holder
from app.kit.errors import Fault, Problem
from app.kit.writer import Promise, Tray, Writer
from app.observations.arrivals import Answer, Parcel
from app.observations.preparation import Prepared, Refused, last_day, prepare
from app.observations.schemas import MAX_BATCH

CHUNK = 50
AHEAD = 8
LARGEST_BATCH = 4 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Failed:
    """An observation that could not be written, through no fault of its own: sending it again can help."""

    id: str
    fault: Exception


Outcome = Answer | Refused | Failed
"""What became of one observation: an answer, its own faults, or what kept it from being written."""


Ready = Prepared | Refused


class Reception:
    """Takes observations to the pen and waits for its answers, without ever blocking the loop."""

    def __init__(self, writer: Writer, key: bytes) -> None:
        self.key = key
        self._tray = Tray(writer)

    def make_ready(self, value: Any) -> Ready:
        """One observation, checked by itself, as far as that can be done without the store."""
        return prepare(value, key=self.key, today=last_day(clock.now()))

    async def file(self, holder: Holder, raw: bytes, skew: int | None = None) -> Answer | Refused:
        """What became of one observation, which is read in its group; raises what kept it from being read or written."""
        answer = await self._tray.put(Parcel(holder, (), skew, raw), 1)
        if isinstance(answer, Exception):
            raise answer
        found: Answer | Refused = answer[0]
        return found

    async def file_batch(self, holder: Holder, values: Sequence[Any], skew: int | None = None) -> list[Outcome]:
        """What became of each of up to 500 observations, in the order sent.

        They go to the pen by 50, with a turn of the queue between, so that a batch does not hold up single posts. While chunks are written,
        the next are made ready, a few ahead: what waits together is written together. The whole batch is durable before it is answered.
        """
        found: list[Outcome] = []
        under_way: deque[tuple[list[Ready], Promise | None]] = deque()
        for start in range(0, len(values), CHUNK):
            if len(under_way) == AHEAD:
                found.extend(await _told(*under_way.popleft()))
            ready = [self.make_ready(value) for value in values[start : start + CHUNK]]
            under_way.append((ready, self._begin(holder, ready, skew)))
            # A turn of the loop: the chunk leaves, and whoever else waits is served before the next is made ready.
            await asyncio.sleep(0)
        for chunk in under_way:
            found.extend(await _told(*chunk))
        return found

    def _begin(self, holder: Holder, ready: Sequence[Ready], skew: int | None) -> Promise | None:
        good = tuple(each for each in ready if isinstance(each, Prepared))
        return self._tray.put(Parcel(holder, good, skew), len(good)) if good else None


async def _told(ready: Sequence[Ready], writing: Promise | None) -> list[Outcome]:
    """What became of a chunk, once it is written."""
    good = [each for each in ready if isinstance(each, Prepared)]
    answers = iter(_shared(await writing, good) if writing is not None else [])
    return [next(answers) if isinstance(each, Prepared) else each for each in ready]


def _shared(answer: Any, prepared: Sequence[Prepared]) -> list[Answer | Failed]:
    """The answer of the pen for each observation; raises 401 where the session has ended, for then nothing was kept."""
    answers = answer if isinstance(answer, list) else [answer] * len(prepared)
    ended = next((each for each in answers if isinstance(each, Problem) and each.kind is errors.SESSION_ENDED), None)
    if ended is not None:
        raise ended
    pairs = zip(prepared, answers, strict=True)
    return [Failed(each.id, found) if isinstance(found, Exception) else found for each, found in pairs]


def inflate(raw: bytes) -> bytes:
    """The content of a gzip body, never more than a batch may hold: 413 beyond, 400 for what is no gzip."""
    stream = zlib.decompressobj(_GZIP)
    try:
        found = stream.decompress(raw, LARGEST_BATCH + 1)
    except zlib.error:
        raise Problem(errors.MALFORMED_JSON) from None
    if len(found) > LARGEST_BATCH:
        raise Problem(errors.BODY_TOO_LARGE)
    if not stream.eof or stream.unused_data:
        raise Problem(errors.MALFORMED_JSON)
    return found


def items_of(body: Any) -> list[Any]:
    """The observations of a batch, not looked at yet; 422 where the envelope is wrong."""
    if not isinstance(body, dict):
        raise errors.invalid(Fault("", errors.WRONG_TYPE))
    unknown = sorted(name for name in body if name != "items")
    if unknown:
        raise errors.invalid(*(Fault(errors.pointer(name), errors.UNKNOWN_FIELD) for name in unknown))
    if "items" not in body:
        raise errors.invalid(Fault("/items", errors.REQUIRED))
    items = body["items"]
    if not isinstance(items, list):
        raise errors.invalid(Fault("/items", errors.WRONG_TYPE))
    if not items:
        raise errors.invalid(Fault("/items", errors.TOO_FEW_ITEMS))
    if len(items) > MAX_BATCH:
        raise errors.invalid(Fault("/items", errors.TOO_MANY_ITEMS))
    return items
