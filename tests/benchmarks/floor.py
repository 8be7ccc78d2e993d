"""The floor: the rows that filings become, written by the bare driver in large transactions. No HTTP, no checking, no hashing.

The rows, the statements' columns, the schema with its indexes, and the settings of the database are the product's own; they are made
before the clock starts. What is left is what the database itself costs.
"""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg

from app.journal import queries as journal_queries
from app.journal.rules import Frontier, canonical
from app.journal.schemas import Entry, EventKind
from app.journal.service import leaf_of
from app.kit import clock
from app.kit.database import _SQLITE_PEN, _SQLITE_PRAGMAS, BulkInsert
from app.observations import inserts
from app.observations.arrivals import commitments
from app.observations.preparation import Prepared, prepare
from app.observations.rows import mark_rows, observation_row
from tests.benchmarks.filing import a_filing
from tests.support.world import World

KEY = bytes(32)
STATUS = "submitted"
_TALLY_KEY = "programme_id, case_id, hearing_id, form, indicator, value, status"
_ADD_TO_TALLY = f"ON CONFLICT ({_TALLY_KEY}) DO UPDATE SET n = tally.n + excluded.n"
_RAISE = "ON CONFLICT (case_id) DO UPDATE SET revision = case_revision.revision + excluded.revision"


@dataclass
class Group:
    """What one transaction writes: rows of each table, and the head of the log behind them."""

    observations: list[tuple[Any, ...]]
    marks: list[tuple[Any, ...]]
    leaves: list[tuple[Any, ...]]
    sums: list[tuple[Any, ...]]
    revisions: list[tuple[Any, ...]]
    head: tuple[int, bytes]

    def parts(self) -> list[tuple[BulkInsert, list[tuple[Any, ...]], str]]:
        """Each table's statement, its rows, and what goes behind the statement."""
        return [
            (inserts.OBSERVATIONS, self.observations, ""),
            (inserts.MARKS, self.marks, ""),
            (journal_queries._LEAVES, self.leaves, ""),
            (inserts.TALLY, self.sums, _ADD_TO_TALLY),
            (journal_queries._REVISIONS, self.revisions, _RAISE),
        ]


def hearings_of(world: World) -> list[UUID]:
    """The hearings of the world's first case."""
    return [made for code, made in world.hearings.items() if code.startswith("H")]


class Rows:
    """Makes groups for one world, one after the other: the log goes on where the last group ended."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._frontier = Frontier()
        self._hearings = hearings_of(world)

    def groups(self, number: int, size: int) -> list[Group]:
        """Groups of so many observations, the last one smaller."""
        return [self._group(min(size, number - start)) for start in range(0, number, size)]

    def _group(self, size: int) -> Group:
        now = clock.now()
        group = Group([], [], [], [], [], (0, b""))
        sums: Counter[tuple[str, ...]] = Counter()
        for n in range(size):
            hearing = self._hearings[n % len(self._hearings)]
            made = prepare(a_filing(str(self._world.case), str(hearing)), key=KEY, today=date.max)
            assert isinstance(made, Prepared)
            self._add(group, sums, made, now)
        group.observations.sort()
        group.sums = [(*key, n) for key, n in sorted(sums.items())]
        group.revisions = [(str(self._world.case), size)]
        group.head = (self._frontier.size, self._frontier.stored())
        return group

    def _add(self, group: Group, sums: Counter, made: Prepared, now: Any) -> None:
        programme, member = self._world.programme, self._world.members["OBS1"]
        group.observations.append(observation_row(made, (programme, member, "observer"), (STATUS, None), None, now))
        group.marks.extend(mark_rows(programme, made.id, made.case_id, made.marks, KEY))
        group.leaves.append(self._leaf(made, programme, member))
        place = (str(programme), str(made.case_id), str(made.hearing_id), made.form)
        sums.update([(*place, "", "", STATUS), *((*place, mark.indicator, mark.value, STATUS) for mark in made.marks)])

    def _leaf(self, made: Prepared, programme: UUID, member: UUID) -> tuple[Any, ...]:
        at, seq, digest = clock.stamp(clock.now()), self._frontier.size, made.content_mac
        facts = {"form": made.form, "form_version": made.form_version, "status": STATUS, "received_at": at, **commitments(made, programme)}
        entry = Entry(EventKind.OBSERVATION_FILED, made.id, programme, made.case_id, made.hearing_id, member, None, facts)
        self._frontier.append(digest)
        refs = (str(made.id), str(made.case_id), str(made.hearing_id), str(member))
        return (str(programme), seq, entry.kind.value, *refs, None, at, canonical(leaf_of(entry, seq, at)), digest)


class SqliteFloor:
    """The standard library's driver under the settings of the product."""

    def __init__(self, address: str, log: UUID) -> None:
        self._connection = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in (*_SQLITE_PRAGMAS, *_SQLITE_PEN):
            self._connection.execute(f"PRAGMA {pragma}")
        self._log = log.hex
        self._connection.execute("INSERT INTO journal_head (log, size, peaks) VALUES (?, 0, x'')", (self._log,))

    def write(self, groups: Sequence[Group]) -> float:
        """Seconds that it takes to write groups, a transaction each."""
        ready = [
            [(f"{part.sqlite} {tail}", part._for_sqlite(rows, range(len(rows[0])))) for part, rows, tail in group.parts()]
            for group in groups
        ]
        cursor = self._connection.cursor()
        started = perf_counter()
        for group, statements in zip(groups, ready, strict=True):
            cursor.execute("BEGIN IMMEDIATE")
            for statement, rows in statements:
                cursor.executemany(statement, rows)
            cursor.execute("UPDATE journal_head SET size = ?, peaks = ? WHERE log = ?", (*group.head, self._log))
            cursor.execute("COMMIT")
        return perf_counter() - started

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class PostgresqlFloor:
    """psycopg with one JSON parameter a table; making the parameter is the driver's work and is measured."""

    def __init__(self, address: str, log: UUID) -> None:
        self._connection = psycopg.connect(address)
        self._log = log
        self._connection.execute("INSERT INTO journal_head (log, size, peaks) VALUES (%s, 0, '')", (log,))
        self._connection.commit()

    def write(self, groups: Sequence[Group]) -> float:
        """Seconds that it takes to write groups, a transaction each."""
        cursor = self._connection.cursor()
        started = perf_counter()
        for group in groups:
            for part, rows, tail in group.parts():
                cursor.execute(f"{part.postgresql} {tail}", (part._for_postgresql(rows),))
            cursor.execute("UPDATE journal_head SET size = %s, peaks = %s WHERE log = %s", (*group.head, self._log))
            self._connection.commit()
        seconds = perf_counter() - started
        # As the product does: without it PostgreSQL keeps the plans that it made when the tables were empty.
        self._connection.execute("ANALYZE observation, mark, journal")
        self._connection.commit()
        return seconds

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


FLOORS = {"sqlite": SqliteFloor, "postgresql": PostgresqlFloor}
