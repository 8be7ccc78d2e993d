"""Issues checkpoints while a server runs: a look every minute, in every process; a row's lock keeps two from doing it twice."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from app.journal.checkpoints import Checkpoints

LOOK_EVERY = 60.0
log = logging.getLogger("hearsight.journal")


@asynccontextmanager
async def running(checkpoints: Checkpoints, *, every: float = LOOK_EVERY) -> AsyncIterator[None]:
    """Issue what is due, again and again, until the server stops; a look that has begun is finished first."""
    stopping = asyncio.Event()
    task = asyncio.create_task(_look(checkpoints, stopping, every))
    try:
        yield
    finally:
        stopping.set()
        await task


async def _look(checkpoints: Checkpoints, stopping: asyncio.Event, every: float) -> None:
    while not stopping.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), every)
            return
        try:
            await asyncio.to_thread(checkpoints.issue_due)
        except Exception as fault:  # noqa: BLE001 - whatever happened, the next look may go better
            log.error("checkpoints were not looked at", extra={"facts": {"fault": type(fault).__name__}})  # noqa: TRY400 - no text of others
