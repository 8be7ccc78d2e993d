"""A server with a planted defect: it acknowledges the last observation of each batch without keeping it."""

from dataclasses import replace

from app.observations.reception import Reception
from tests.drills.servers import command


def forgetting(arguments, environment, log):
    """The life of such a server, otherwise as `python -m app` lives it."""
    file_batch = Reception.file_batch

    async def all_but_the_last(self, holder, values, *more):
        kept = await file_batch(self, holder, values[: max(1, len(values) - 1)], *more)
        return [*kept, replace(kept[0], id=values[-1]["id"])] if len(values) > 1 else kept

    Reception.file_batch = all_but_the_last
    command(arguments, environment, log)
