"""The pen: what it answers for is durable, and one group's fault stays its own."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import sqlalchemy as sa

from app.kit.database import Database
from app.kit.errors import Problem
from app.kit.writer import GROUP_SIZE, QUEUE_LIMIT, Ticket, Writer


@pytest.fixture
def database(templates):
    address = templates.empty()
    found = Database(address)
    with found.writing.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE seen (n INTEGER PRIMARY KEY)")
        connection.commit()
    yield found
    found.close()
    templates.drop(address)


def put(number):
    return lambda session: session.connection().exec_driver_sql(f"INSERT INTO seen VALUES ({number})").rowcount


def stored(database):
    with database.read() as session:
        return [row[0] for row in session.connection().exec_driver_sql("SELECT n FROM seen ORDER BY n")]


def group(session, contents):
    for number in contents:
        put(number)(session)
    return [number * 10 for number in contents]


def gather(writer, numbers):
    answers, done = {}, threading.Event()

    def deliver(number):
        def take(answer):
            answers[number] = answer
            if len(answers) == len(numbers):
                done.set()

        return take

    writer.submit([Ticket(number, deliver(number)) for number in numbers])
    assert done.wait(20)
    return answers


def test_what_run_gives_back_is_already_stored(database):
    writer = Writer(database, seal=lambda session: None)
    assert writer.run(put(1)) == 1
    assert stored(database) == [1]
    writer.close()


def test_a_function_that_fails_leaves_nothing_and_the_pen_goes_on(database):
    writer = Writer(database, seal=lambda session: None)

    def broken(session):
        put(1)(session)
        raise ValueError

    with pytest.raises(ValueError):
        writer.run(broken)
    writer.run(put(2))
    assert stored(database) == [2]
    writer.close()


def test_a_seal_that_fails_takes_the_rows_back(database):
    def seal(session):
        raise ValueError

    writer = Writer(database, seal=seal)
    with pytest.raises(ValueError):
        writer.run(put(1))
    assert stored(database) == []
    writer.close()


def test_a_group_is_answered_in_order_of_its_tickets(database):
    writer = Writer(database, seal=lambda session: None, write_group=group)
    assert gather(writer, [3, 1, 2]) == {3: 30, 1: 10, 2: 20}
    assert stored(database) == [1, 2, 3]
    writer.close()


def test_one_bad_ticket_does_not_harm_its_neighbours(database):
    writer = Writer(database, seal=lambda session: None, write_group=group)
    writer.run(put(2))
    answers = gather(writer, [1, 2, 3])
    assert answers[1] == 10
    assert answers[3] == 30
    assert isinstance(answers[2], sa.exc.IntegrityError)
    assert stored(database) == [1, 2, 3]
    writer.close()


def test_a_full_queue_says_busy_instead_of_blocking(database):
    writer = Writer(database, seal=lambda session: None, write_group=group)
    with pytest.raises(Problem) as caught:
        writer.submit([Ticket(0, lambda answer: None)] * (QUEUE_LIMIT + 1))
    assert (caught.value.kind.code, caught.value.headers["Retry-After"]) == ("busy", "1")
    writer.close()


def groups_of(database, weights):
    """The weights that the pen takes together, of tickets that all wait while it writes a first one."""
    taken, has_begun, may_go_on, done = [], threading.Event(), threading.Event(), threading.Event()

    def note(session, contents):
        has_begun.set()
        may_go_on.wait(20)
        taken.append(contents)
        if sum(map(len, taken)) == len(weights) + 1:
            done.set()
        return contents

    writer = Writer(database, seal=lambda session: None, write_group=note)
    writer.submit([Ticket("first", lambda answer: None)])
    assert has_begun.wait(20)
    writer.submit([Ticket(weight, lambda answer: None, weight) for weight in weights])
    may_go_on.set()
    assert done.wait(20)
    writer.close()
    return taken[1:]


def test_single_observations_go_before_parts_of_batches_and_with_one_of_them(database):
    assert groups_of(database, [50, 50, 1, 50, 1])[0] == [1, 1, 50]


def test_parts_of_batches_fill_a_group_when_nothing_else_waits(database):
    full = [50] * (GROUP_SIZE // 50)
    assert groups_of(database, [50, *full, *full])[1:] == [full, full]


def test_a_part_larger_than_a_group_is_taken_alone(database):
    assert groups_of(database, [GROUP_SIZE + 1, 1]) == [[1, GROUP_SIZE + 1]]


def test_the_reading_engine_cannot_write(database):
    with database.read() as session, pytest.raises(sa.exc.DBAPIError):
        put(1)(session)
    assert stored(database) == []


def test_two_that_wait_for_each_other_are_both_carried_out(postgresql_templates):
    """Whichever PostgreSQL puts out is tried once more: nobody is told to come again for what others do."""
    address = postgresql_templates.empty()
    database, both, tries = Database(address), threading.Barrier(2), []
    writer = Writer(database, seal=lambda session: None)
    with database.writing.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE seen (n INTEGER PRIMARY KEY, by INTEGER)")
        connection.exec_driver_sql("INSERT INTO seen VALUES (1), (2)")

    def mark(session, first, second):
        tries.append(first)
        session.connection().exec_driver_sql("SET LOCAL deadlock_timeout = '20ms'")
        for n in (first, second):
            session.connection().exec_driver_sql(f"UPDATE seen SET by = {first} WHERE n = {n}")
            if n == first and len(tries) < 3:
                both.wait(20)

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(writer.run, partial(mark, first=n, second=3 - n)) for n in (1, 2)]:
            each.result(20)
    assert len(tries) == 3
    writer.close()
    database.close()
    postgresql_templates.drop(address)
