"""What is kept, for how long, and that nothing depends on it."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
import sqlalchemy as sa

from app.summaries.shelf import Shelf
from tests.support.trial import a_trial


@pytest.fixture
def made():
    """How often each thing was made."""
    return {}


def take(shelf, made, key, value):
    def make():
        made[key] = made.get(key, 0) + 1
        return value

    return shelf.take(key, make)


def test_what_is_kept_is_not_made_again(made):
    shelf = Shelf(10, len)
    assert [take(shelf, made, "a", "xx") for _ in range(3)] == ["xx"] * 3
    assert made == {"a": 1}


def test_what_was_not_asked_for_longest_goes_first(made):
    shelf = Shelf(6, len)
    for key in ("a", "b", "c", "a", "d", "a", "c", "b"):
        take(shelf, made, key, "xx")
    assert made == {"a": 1, "b": 2, "c": 1, "d": 1}


def test_what_is_heavier_than_the_shelf_is_given_and_not_kept(made):
    shelf = Shelf(3, len)
    take(shelf, made, "a", "xx")
    assert take(shelf, made, "b", "xxxx") == "xxxx"
    take(shelf, made, "b", "xxxx")
    take(shelf, made, "a", "xx")
    assert made == {"a": 1, "b": 2}


def test_a_fault_in_the_making_keeps_nothing():
    shelf = Shelf(3, len)
    with pytest.raises(ZeroDivisionError):
        shelf.take("a", lambda: 1 / 0)
    assert shelf.take("a", lambda: "x") == "x"


def test_threads_may_ask_at_once():
    shelf, numbers = Shelf(50, lambda _: 1), count()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: shelf.take(n % 100, lambda: (n % 100, next(numbers))), range(5000)))
    assert all(key == n % 100 for n, (key, _) in enumerate(found))
    assert shelf._taken == len(shelf._kept) <= 50


def statements(trial, path):
    """How many statements one read of a summary takes, those that know the caller included."""
    seen = []
    engine = trial.server.store.database.reading
    sa.event.listen(engine, "before_cursor_execute", seen_by := lambda *args: seen.append(args[2]))
    try:
        answer = trial.server.get(path, token=trial.coordinator.token)
    finally:
        sa.event.remove(engine, "before_cursor_execute", seen_by)
    assert answer.status_code == 200
    return len(seen)


def test_a_case_is_read_in_as_many_statements_however_large_it_is(server):
    trial = a_trial(server, hearings=4, participants=6)
    path = f"/v1/cases/{trial.case}/summary"
    small = statements(trial, path)
    again = statements(trial, path)
    for hearing in trial.hearings:
        trial.review(trial.filed(hearing=hearing))
    assert statements(trial, path) == small
    assert again < small / 3
