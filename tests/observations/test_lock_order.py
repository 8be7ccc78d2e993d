"""Whoever holds several things on PostgreSQL takes them in one order: hearings, observations, heads of journals. Nobody waits in a circle.

Each test lays its circle out on purpose, by transactions that hold what the others wait for.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.cases.hearings import service as hearings
from app.cases.sealing import Keeper
from app.journal import service as journal
from app.journal.service import Journal
from app.kit.database import Database
from app.observations import queries, tally
from app.observations.arrivals import Parcel
from app.observations.intake import Intake
from tests.support.benches import KEY, Bench

WAITING = sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


class Street:
    """Several processes on one PostgreSQL, each a thread with a connection of its own."""

    def __init__(self, address, review):
        self.database = Database(address)
        self.bench = Bench(self.database, review=review)
        self.intake = Intake(self.bench.scopes, Journal((tally.project,)).seal, KEY)
        self.pool = ThreadPoolExecutor(4)

    def session(self):
        return Session(self.database.writing, expire_on_commit=False)

    def written(self, session, body, intake=None):
        (intake or self.bench.intake).write(session, [Parcel(self.bench.world.accounts["OBS1"], (self.bench.ready(body),))])

    def filing(self, body):
        """Another process files something, and commits."""

        def file():
            with self.session() as session:
                self.written(session, body, self.intake)
                session.commit()

        return self.pool.submit(file)

    def locking(self, hearing):
        """A coordinator locks a hearing."""

        def lock():
            with self.session() as session:
                keeper = Keeper(self.bench.world.scope("COO"), KEY)
                hearings.lock_hearing(session, keeper, self.bench.world.hearings[hearing], "Read against the record.")
                session.flush()
                Journal().seal(session)
                session.commit()

        return self.pool.submit(lock)

    def until_waiting(self, number):
        until = time.monotonic() + 20
        with self.database.writing.connect() as connection:
            while connection.execute(WAITING).scalar_one() != number:
                assert time.monotonic() < until
                connection.rollback()
                time.sleep(0.01)

    def close(self):
        self.pool.shutdown()
        self.database.close()


@pytest.fixture
def street(postgresql_templates, request):
    address = postgresql_templates.fresh()
    found = Street(address, getattr(request, "param", "required"))
    yield found
    found.close()
    postgresql_templates.drop(address)


@pytest.mark.parametrize("street", ["trusted"], indirect=True)
def test_a_correction_whose_base_comes_meanwhile_and_the_lock_of_the_hearing_of_that_base_do_not_wait_for_each_other(street):
    base = street.bench.body(hearing="H-02")
    correction = street.bench.body(supersedes=base["id"])
    with street.session() as first:
        street.written(first, base)
        # Behind the head, which the first holds; then somebody locks the hearing, which the first has read.
        filing = street.filing(correction)
        street.until_waiting(1)
        locking = street.locking("H-02")
        street.until_waiting(2)
        first.commit()
    locking.result(20)
    filing.result(20)
    assert [street.bench.status(each["id"]) for each in (base, correction)] == [("accepted", None), ("submitted", None)]


def test_a_base_whose_correction_comes_meanwhile_and_a_decision_about_that_do_not_wait_for_each_other(street):
    base = street.bench.body()
    correction = street.bench.body(supersedes=base["id"])
    world, held, has_head, may_go = street.bench.world, [], threading.Event(), threading.Event()

    def hold_head():
        with street.session() as session:
            journal.hold(session, [world.programme])
            has_head.set()
            may_go.wait(20)

    def decide():
        with street.session() as session:
            held.extend(queries.chain(session, world.programme, [correction["id"]], lock=True))
            journal.hold(session, [world.programme])

    with street.session() as first:
        street.written(first, correction)
        between = street.pool.submit(hold_head)
        street.until_waiting(1)
        filing = street.filing(base)
        street.until_waiting(2)
        first.commit()
    assert has_head.wait(20)
    deciding = street.pool.submit(decide)
    street.until_waiting(2)
    may_go.set()
    for each in (between, deciding, filing):
        each.result(20)
    assert [each.held_code for each in held] == ["base_missing"]
    assert [street.bench.status(each["id"]) for each in (base, correction)] == [("submitted", None)] * 2
