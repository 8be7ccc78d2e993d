"""What no other test noticed when it was planted as a defect (`planted_defects.py`): each of these was written for one of them."""

import threading
import time
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session, select

from app.cases.models import Identity, IdentityReveal
from app.journal.schemas import Entry, EventKind
from app.journal.service import Journal, record, verify
from app.kit.crypto import Place, commit, open_
from app.kit.database import Database
from app.kit.wire import Body
from app.kit.writer import Ticket, Writer
from tests.support.named import Named

VALUE = "Амберова Сайпан"
DEFERRED = "REFERENCES seen (n) DEFERRABLE INITIALLY DEFERRED"
"""A fault of which a database tells at the commit, and not before."""


class Typed(Body):
    """A body with one field of each kind that people type."""

    name: str
    number: int


@pytest.fixture
def numbers(templates):
    """A database with one table of numbers."""
    address = templates.empty()
    found = Database(address)
    with found.writing.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE seen (n INTEGER PRIMARY KEY, told TEXT NOT NULL, after INTEGER {DEFERRED})")
    yield found
    found.close()
    templates.drop(address)


def stored(database):
    with database.read() as session:
        return session.connection().exec_driver_sql("SELECT n FROM seen ORDER BY n").scalars().all()


def put(session, contents, after=None):
    for number in contents:
        row = {"n": number, "told": VALUE, "after": after}
        session.connection().execute(sa.text("INSERT INTO seen VALUES (:n, :told, :after)"), row)
    return list(contents)


def put_after_nothing(session, contents):
    return put(session, contents, after=99)


def asked(writer, contents):
    """What each of some tickets was answered, and what was stored by then."""
    answers, done = [], threading.Event()

    def deliver(answer):
        answers.append((answer, stored(writer._database)))
        if len(answers) == len(contents):
            done.set()

    writer.submit([Ticket(each, deliver) for each in contents])
    assert done.wait(30)
    return answers


def test_whoever_is_answered_finds_it_stored_already(numbers):
    writer = Writer(numbers, seal=lambda session: None, write_group=put)
    assert asked(writer, [1, 2]) == [(1, [1, 2]), (2, [1, 2])]
    writer.close()


def test_nothing_is_acknowledged_whose_commit_fails(numbers):
    writer = Writer(numbers, seal=lambda session: None, write_group=put_after_nothing)
    answers = asked(writer, [1])
    assert [(type(answer), found) for answer, found in answers] == [(sa.exc.IntegrityError, [])]
    with pytest.raises(sa.exc.IntegrityError):
        writer.run(lambda session: put_after_nothing(session, [2]))
    assert writer.run(lambda session: put(session, [3])) == [3]
    writer.close()
    assert stored(numbers) == [3]


def test_the_text_of_a_database_fault_holds_no_parameter(numbers):
    row = {"n": 1, "told": VALUE}
    for statement in ("INSERT INTO seen (n, told) VALUES (:n, :told), (:n, :told)", "INSERT INTO nowhere VALUES (:n, :told)"):
        with pytest.raises(sa.exc.DBAPIError) as caught, numbers.writing.begin() as connection:
            connection.execute(sa.text(statement), row)
        assert VALUE not in str(caught.value)
        assert "hide_parameters" in str(caught.value)


@pytest.mark.parametrize("given", [{"name": VALUE, "number": VALUE}, {"name": 7, VALUE: VALUE, "number": 7}, VALUE])
def test_the_text_of_a_fault_in_a_body_does_not_repeat_it(given):
    with pytest.raises(ValidationError) as caught:
        Typed.model_validate(given)
    told = str(caught.value).replace(f"\n{VALUE}\n", "\n")
    assert VALUE not in told, "the name of a field may stand there, what it holds may not"
    with pytest.raises(ValidationError):
        TypeAdapter(Typed).validate_python(given)


def test_a_name_in_the_journal_is_committed_to_as_it_was_typed_and_not_as_it_is_sealed(server):
    """Else another key, or the same name sealed anew, could not be held against what the journal says (finding 6)."""
    named = Named(server)
    named.identify(named.participant, VALUE)
    named.reveal(named.participant, "The registry asks.")
    with server.store.read() as session:
        identity, reveal = session.exec(select(Identity)).one(), session.exec(select(IdentityReveal)).one()
    places = [
        (Place(identity.programme_id, "identity", "sealed", identity.participant_id, identity.version), identity.sealed),
        (Place(reveal.programme_id, "identity_reveal", "reason", reveal.id), reveal.reason),
    ]
    opened = [(place, open_(server.store.keys.identity, place, blob)) for place, blob in places]
    told = [leaf["facts"]["commitment"] for _, leaf in named.told("identity.written", "identity.revealed")]
    assert told == [commit(place, found.salt, found.plaintext) for place, found in opened]
    assert [found.plaintext.decode() == "The registry asks." for _, found in opened] == [False, True]


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_two_who_write_into_one_log_take_their_numbers_one_after_the_other(server):
    """On SQLite one writes at a time anyway; on PostgreSQL the row of the log's head is what they wait at."""
    log, sealing = uuid4(), Journal()
    engine = server.store.database.writing
    record_in(engine, sealing, log, wait_for=lambda: None)
    second = threading.Thread(target=record_in, args=(engine, sealing, log, lambda: None))

    def somebody_waits():
        second.start()
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not waiting(engine):
            time.sleep(0.01)

    record_in(engine, sealing, log, wait_for=somebody_waits)
    second.join()
    with server.store.read() as session:
        assert verify(session, log) == 3


def record_in(engine, sealing, log, wait_for):
    with Session(engine) as session:
        record(session, Entry(EventKind.PROGRAMME_CHANGED, UUID(int=1), log=log))
        sealing.seal(session)
        wait_for()
        session.commit()


def waiting(engine):
    """How many wait for a lock of somebody else."""
    with engine.connect() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted").scalar()
