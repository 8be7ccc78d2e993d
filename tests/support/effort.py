"""What a database does for a question, counted and not timed: statements, rows given, and the work inside, which no clock disturbs."""

from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

_TUPLES = "SELECT CAST(COALESCE(SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)), 0) AS BIGINT) FROM pg_stat_xact_user_tables"


@dataclass
class Effort:
    """`work` is SQLite's instructions, or the rows that PostgreSQL read from its tables."""

    statements: int = 0
    work: int = 0


@contextmanager
def counted(database):
    """Count what is read in a block by one session."""
    effort, engine = Effort(), database.reading
    listeners = [(engine, "before_cursor_execute", lambda *_: _add(effort, "statements", 1))]
    if engine.dialect.name == "sqlite":
        watch = (engine.pool, "checkout", lambda connection, *_: connection.set_progress_handler(lambda: _add(effort, "work", 1), 1))
        leave = (engine.pool, "checkin", lambda connection, *_: connection.set_progress_handler(None, 0))
        listeners += [watch, leave]
    else:
        listeners.append((engine, "rollback", lambda connection: _add(effort, "work", _read(connection))))
    for each in listeners:
        sa.event.listen(*each)
    try:
        yield effort
    finally:
        for each in listeners:
            sa.event.remove(*each)


def _add(effort, what, number):
    setattr(effort, what, getattr(effort, what) + number)
    return 0


def _read(connection):
    cursor = connection.connection.cursor()
    return cursor.execute(_TUPLES).fetchone()[0]
