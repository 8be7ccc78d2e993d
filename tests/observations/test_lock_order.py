"""Whoever holds several things on PostgreSQL takes them in one order, as CONTRIBUTING has it. Nobody waits in a circle.

Each test lays its circle out on purpose, by transactions that hold what the others wait for.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.accounts import devices
from app.accounts import queries as accounts
from app.accounts.models import Device, Enrolment, LoginSession
from app.accounts.service import remove_member
from app.cases.documents.service import DOCUMENTS
from app.cases.hearings import service as hearings
from app.cases.sealing import Keeper
from app.evidence import service as evidence
from app.evidence.schemas import Limits, Metadata
from app.journal import service as journal
from app.journal.service import Journal
from app.kit.database import Database
from app.kit.errors import IN_USE, Problem
from app.kit.ids import new_id
from app.observations import queries, tally
from app.observations.arrivals import Parcel
from app.observations.intake import Intake
from tests.support.benches import KEY, Bench
from tests.support.world import NOW

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

        return self.doing(lambda session: self.written(session, body, self.intake))

    def locking(self, hearing):
        """A coordinator locks a hearing."""

        def lock(session):
            keeper = Keeper(self.bench.world.scope("COO"), KEY)
            hearings.lock_hearing(session, keeper, self.bench.world.hearings[hearing], "Read against the record.")
            session.flush()
            Journal().seal(session)

        return self.doing(lock)

    def doing(self, act):
        """Somebody does something, and commits."""

        def do():
            with self.session() as session:
                found = act(session)
                session.commit()
                return found

        return self.pool.submit(do)

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


def test_an_upload_for_a_document_and_the_deletion_of_that_document_do_not_wait_for_each_other(street):
    world, scope = street.bench.world, street.bench.world.scope("COO")
    begun = Metadata(document_id=world.documents["judgment"], filetype="image/jpeg")

    def delete(session):
        DOCUMENTS.remove(session, scope, world.documents["judgment"])
        Journal().seal(session)

    with street.session() as first:
        journal.hold(first, [world.programme])
        beginning = street.doing(lambda session: evidence.create(session, scope, (begun, 10), Limits(), KEY))
        street.until_waiting(1)
        deleting = street.doing(delete)
        street.until_waiting(2)
    upload, is_new = beginning.result(20)
    assert (upload.length, is_new) == (10, True)
    with pytest.raises(Problem) as refused:
        deleting.result(20)
    assert refused.value.kind is IN_USE


def test_a_phone_that_refreshes_and_the_removal_of_its_member_do_not_wait_for_each_other(street):
    world = street.bench.world
    with street.session() as session:
        phone = a_device(session, world)
        session.commit()
    with street.session() as refreshing:
        bound, _ = accounts.locked_session(refreshing, phone.session_id)
        removing = street.doing(lambda session: remove_member(session, world.scope("COO"), world.programme, phone.member_id, expected=None))
        street.until_waiting(1)
        bound.refresh_counter += 1
        devices.see(refreshing, accounts.device_of_session(refreshing, bound.id), NOW)
        refreshing.commit()
    removing.result(20)
    with street.session() as session:
        assert accounts.device_of_session(session, phone.session_id).revoked_at is not None


def a_device(session, world):
    """A phone of the first observer, let in."""
    of = {"programme_id": world.programme, "member_id": world.members["OBS1"]}
    code = Enrolment(**of, id=new_id(), code_mac=b"c" * 32, created_at=NOW, expires_at=NOW)
    bound = LoginSession(id=new_id(), account_id=world.accounts["OBS1"], issued_at=NOW, last_used_at=NOW, absolute_expires_at=NOW)
    session.add_all([code, bound])
    session.flush()
    found = Device(**of, id=new_id(), enrolment_id=code.id, session_id=bound.id, label="Phone", public_key=b"k", enrolled_at=NOW)
    session.add(found)
    return found
