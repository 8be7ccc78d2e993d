"""What a cold summary costs does not depend on the other cases of the store: the same statements, the same rows, the same work inside."""

import orjson
import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.cases.models import Note, Outcome, ParticipantRole
from app.journal import service as journal
from app.journal.schemas import Entry, EventKind
from app.kit.database import Database, is_sqlite
from app.kit.ids import new_id
from app.summaries import queries, service
from tests.benchmarks.large_case import a_large_case
from tests.support.copies import copy_case
from tests.support.effort import counted
from tests.support.world import NOW

FEW, MANY = 1, 200
FILED = 8 * 5 + 24


@pytest.fixture
def database(database_address):
    made = Database(database_address)
    yield made
    made.close()


@pytest.fixture
def world(database):
    """A case in which there is something of everything that a summary is folded from."""
    with Session(database.writing) as session:
        world = a_large_case(session, hearings=8, events=24, defendants=6)
        journal.record(session, Entry(EventKind.CASE_CREATED, world.case, log=world.programme, case_id=world.case))
        about = {
            "programme_id": world.programme,
            "case_id": world.case,
            "created_at": NOW,
            "source_document_id": world.documents["judgment"],
        }
        for code in (f"D{n:02d}" for n in range(1, 7)):
            person = {**about, "participant_id": world.participants[code]}
            session.add(ParticipantRole(**person, id=new_id(), role="witness", reading="B"))
            session.add(Outcome(**person, id=new_id(), instance="first", verdict="acquitted", sentences=[]))
            note = {"kind": "stated_finding", "key": code, "code_key": code.lower(), "statement": "Said.", "given": {"status": "alleged"}}
            session.add(Note(**about, **note, id=new_id(), parent_id=world.case))
        session.commit()
    return world


@pytest.fixture
def given(monkeypatch):
    """How many rows each statement of summaries gave."""
    numbers = []
    fetch = queries._fetch
    monkeypatch.setattr(queries, "_fetch", lambda *args, **named: numbers.append(len(rows := fetch(*args, **named))) or rows)
    return numbers


def cold(database, world, given):
    """A cold summary: what is said, and what it took."""
    given.clear()
    with counted(database) as effort, database.read() as session:
        told = service.case_summary(session, world.scope("COO"), service.Memory(), world.case, service.Asked())
    return orjson.loads(told.content), (effort.statements, list(given)), effort.work


def add_cases(database, world, numbers):
    """Put copies of the case beside it; how many observations there are then."""
    with Session(database.writing) as session:
        copy_case(session, world.case, numbers)
        session.commit()
        if not is_sqlite(session.connection()):
            # PostgreSQL counts what it holds by itself, some time later; SQLite plans without.
            session.connection().exec_driver_sql("ANALYZE")
            session.commit()
        return session.connection().execute(sa.text("SELECT COUNT(*) FROM observation")).scalar()


def test_a_cold_summary_costs_the_same_beside_one_other_case_and_beside_two_hundred(database, world, given):
    assert add_cases(database, world, range(FEW)) == FILED * (1 + FEW)
    few_said, few_read, few_work = cold(database, world, given)
    assert add_cases(database, world, range(FEW, MANY)) == FILED * (1 + MANY)
    many_said, many_read, many_work = cold(database, world, given)
    assert few_read[0] > 10
    assert sum(few_read[1]) > 10 * FILED
    assert (many_said, many_read) == (few_said, few_read)
    assert 0 < many_work < 1.2 * few_work
