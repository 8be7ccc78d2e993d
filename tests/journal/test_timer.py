"""While a server runs it issues what is due, whatever befalls it, and stops when it is told to."""

import asyncio
import threading

from app.journal import timer


class Looked:
    """Counts how often it was asked; fails at first, as a database may."""

    def __init__(self):
        self.times = 0
        self.is_enough = threading.Event()

    def issue_due(self):
        self.times += 1
        if self.times == 3:
            self.is_enough.set()
        if self.times == 1:
            raise OSError("the disk is full")


def test_a_look_that_fails_is_followed_by_the_next(caplog):
    looked = Looked()

    async def run():
        async with timer.running(looked, every=0.01):
            assert await asyncio.to_thread(looked.is_enough.wait, 10)

    asyncio.run(run())
    assert looked.times >= 3
    (record,) = [each for each in caplog.records if each.name == "hearsight.journal"]
    assert record.facts == {"fault": "OSError"}


def test_nothing_is_looked_at_before_the_first_interval_is_over():
    looked = Looked()

    async def run():
        async with timer.running(looked, every=60):
            await asyncio.sleep(0.02)

    asyncio.run(asyncio.wait_for(run(), 5))
    assert looked.times == 0
