"""Stores that are out, for as long as a block lasts: full, or not to be reached. What is broken is real wherever a test may break it."""

import resource
from contextlib import contextmanager

from app.kit.database import SQLITE

SMALL = 16 * 1024
TRIGGER = "nothing_fits"
SLOW = "commits_wait"


@contextmanager
def full(store):
    """No room for another page on SQLite; on PostgreSQL, what it says when its disk is full."""
    with _FULL[store.database.dialect](store.database):
        yield


@contextmanager
def unreachable(store, templates):
    """Every write of a file fails on SQLite (EFBIG); PostgreSQL has gone away and takes nobody in."""
    if store.database.dialect == SQLITE:
        with no_file_grows():
            yield
        return
    name = store.database.writing.url.database
    try:
        templates._run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        templates._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        yield
    finally:
        templates._run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@contextmanager
def no_file_grows(largest=SMALL):
    """No file of this process can be written beyond a few thousand bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def no_more_pages(database):
    """A SQLite database as large as it may be, for the one connection that writes."""

    def pragma(name):
        with database.writing.connect() as connection:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

    allowed = pragma("max_page_count")
    pragma(f"max_page_count = {pragma('page_count')}")
    try:
        yield
    finally:
        pragma(f"max_page_count = {allowed}")


@contextmanager
def disk_full(database):
    """What PostgreSQL says of every observation when its disk is full."""
    raising = (
        f"CREATE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$"
    )
    setting = f"CREATE TRIGGER {TRIGGER} BEFORE INSERT ON observation FOR EACH STATEMENT EXECUTE FUNCTION {TRIGGER}()"
    _execute(database, raising, setting)
    try:
        yield
    finally:
        _execute(database, f"DROP FUNCTION {TRIGGER} CASCADE")


@contextmanager
def slow_commits(database, seconds=0.03):
    """PostgreSQL takes its time for each COMMIT, and gives it up where nobody waits for it any more (see `watch_clients`)."""
    waiting = f"CREATE FUNCTION {SLOW}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep({seconds}); RETURN NULL; END $$"
    last = f"CREATE CONSTRAINT TRIGGER {SLOW} AFTER UPDATE ON journal_head DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    _execute(database, waiting, f"{last} EXECUTE FUNCTION {SLOW}()")
    try:
        yield
    finally:
        _execute(database, f"DROP FUNCTION {SLOW} CASCADE")


def watch_clients(database):
    """Have PostgreSQL see within a millisecond that a client is gone, in every session that begins from now on."""
    _execute(database, f"ALTER DATABASE {database.writing.url.database} SET client_connection_check_interval = '1ms'")


def _execute(database, *statements):
    with database.writing.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


_FULL = {"sqlite": no_more_pages, "postgresql": disk_full}
