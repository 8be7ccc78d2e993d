"""The tray between the loop and the pen: what is put on it in one turn, what comes back, and what finds no place."""

import asyncio
import threading

import pytest

from app.kit import writer as pens
from app.kit.database import Database
from app.kit.errors import BUSY, Problem
from app.kit.writer import ON_THE_LOOP, Tray, Writer


class Desk:
    """A pen that notes its groups and answers with what it was given; it waits until it may write."""

    def __init__(self, address):
        self.groups, self.threads = [], []
        self.may_write = threading.Event()
        self.database = Database(address)
        self.writer = Writer(self.database, seal=lambda _: None, write_group=self._write)
        # The pen is kept from its groups by what it runs before them.
        threading.Thread(target=self.writer.run, args=(lambda _: self.may_write.wait(30),)).start()

    def _write(self, _, contents):
        self.groups.append(list(contents))
        self.threads.append(threading.current_thread())
        return list(contents)

    def close(self):
        self.may_write.set()
        self.writer.close()
        self.database.close()


@pytest.fixture
def desk(sqlite_templates):
    address = sqlite_templates.fresh()
    made = Desk(address)
    yield made
    made.close()
    sqlite_templates.drop(address)


def test_what_arrives_in_one_turn_of_the_loop_is_one_group_and_each_gets_its_own_answer(desk):
    desk.may_write.set()

    async def put():
        tray = Tray(desk.writer)
        return await asyncio.gather(*(tray.put(n, 1) for n in range(20)))

    assert asyncio.run(put()) == list(range(20))
    assert desk.groups == [list(range(20))]


def test_what_finds_no_place_is_told_that_the_pen_is_busy_and_the_others_are_written(desk, monkeypatch):
    monkeypatch.setattr(pens, "QUEUE_LIMIT", 3)

    async def put():
        tray = Tray(desk.writer)
        waiting = [tray.put(n, 1) for n in range(8)]
        await asyncio.sleep(0.05)
        desk.may_write.set()
        return await asyncio.gather(*waiting)

    answers = asyncio.run(put())
    refused = [each for each in answers if isinstance(each, Problem)]
    written = [each for each in answers if not isinstance(each, Problem)]
    assert refused
    assert {each.kind for each in refused} == {BUSY}
    assert written == [each for group in desk.groups for each in group]
    assert len(refused) + len(written) == 8


def test_who_left_does_not_keep_the_others_from_their_answers(desk):
    async def put():
        tray = Tray(desk.writer)
        gone, staying = tray.put("gone", 1), tray.put("staying", 1)
        await asyncio.sleep(0)
        gone.cancel()
        desk.may_write.set()
        return await asyncio.wait_for(staying, 30)

    assert asyncio.run(put()) == "staying"
    assert desk.groups == [["gone", "staying"]]


def test_a_small_group_is_written_by_the_loops_thread_and_a_large_one_and_batches_by_the_pens(desk):
    desk.may_write.set()

    async def put():
        tray = Tray(desk.writer)
        for number in (ON_THE_LOOP, ON_THE_LOOP + 1):
            await asyncio.gather(*(tray.put(n, 1) for n in range(number)))
        await tray.put("a part of a batch", 2)

    asyncio.run(put())
    assert list(map(len, desk.groups)) == [ON_THE_LOOP, ON_THE_LOOP + 1, 1]
    assert [thread is threading.main_thread() for thread in desk.threads] == [True, False, False]


def test_a_loop_that_closes_the_pen_gets_what_waits_for_it_written_and_does_not_wait_for_itself(desk):
    async def put():
        waiting = Tray(desk.writer).put("late", 1)
        await asyncio.sleep(0)
        desk.may_write.set()
        # Until the pen has asked the loop, which does not come to it any more.
        while not desk.writer._errand:
            threading.Event().wait(0.001)
        desk.writer.close()
        return await waiting

    assert asyncio.run(put()) == "late"
    assert desk.groups == [["late"]]
    assert desk.threads != [threading.main_thread()]
