"""Lets go of what came of uploads that were never finished, while a server runs: a look every hour, in every process."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from app.evidence.reception import Reception
from app.kit.whereabouts import kind_of

LOOK_EVERY = 3600.0
log = logging.getLogger("hearsight.evidence")


@asynccontextmanager
async def running(reception: Reception, *, every: float = LOOK_EVERY) -> AsyncIterator[None]:
    """Look again and again until the server stops; a look that has begun is finished first."""
    stopping = asyncio.Event()
    task = asyncio.create_task(_look(reception, stopping, every))
    try:
        yield
    finally:
        stopping.set()
        await task


async def _look(reception: Reception, stopping: asyncio.Event, every: float) -> None:
    while not stopping.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), every)
            return
        try:
            await asyncio.to_thread(reception.expire)
        except Exception as fault:  # noqa: BLE001 - whatever happened, the next look may go better
            log.error("expired uploads were not looked at", extra={"facts": {"fault": kind_of(fault)}})  # noqa: TRY400 - no text of others
