"""Two databases behind one door: engines, types, constraint names, and where SQLite and PostgreSQL differ.

Reads have an engine of their own that cannot write: a pragma on SQLite, read-only transactions on PostgreSQL. All writes go through
`app.kit.writer`, which alone uses the writing engine.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any
from uuid import UUID
from weakref import ref

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, SQLModel

from app.kit import clock

SQLITE = "sqlite"
POSTGRESQL = "postgresql"

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(sa.TypeDecorator[datetime]):
    """The one time type: a moment in UTC with microseconds; text that sorts on SQLite, `timestamptz` on PostgreSQL."""

    impl = sa.String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """`timestamptz` on PostgreSQL, text of 27 characters on SQLite."""
        return dialect.type_descriptor(sa.DateTime(timezone=True) if dialect.name == POSTGRESQL else sa.String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """A moment with an offset, as the database keeps it."""
        if value is None or dialect.name == POSTGRESQL:
            return value
        return clock.stamp(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The moment, in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else datetime.fromisoformat(value)


def is_sqlite(bind: sa.Engine | sa.Connection) -> bool:
    """Whether a connection speaks SQLite."""
    return bind.dialect.name == SQLITE


_CONNECTION = "kit.connection"


def connection_of(session: Session) -> sa.Connection:
    """The connection of a session's transaction; SQLAlchemy itself looks for it at length each time it is asked."""
    transaction = session.get_transaction()
    kept: tuple[Any, sa.Connection] | None = session.info.get(_CONNECTION)
    if kept is not None and transaction is not None and kept[0]() is transaction:
        return kept[1]
    connection = session.connection()
    session.info[_CONNECTION] = ref(session.get_transaction()), connection
    return connection


_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "busy_timeout=10000",
    "temp_store=MEMORY",
)
_SQLITE_PEN = ("cache_size=-16000", "wal_autocheckpoint=4000")
"""What the pen has beside: 16 MB of pages at hand, and the log copied into the database every 16 MB, for ids arrive in no order and each
group touches pages all over. What is committed is on the disk before and after."""


def _prepare_sqlite(engine: sa.Engine, begin: str, *extra: str) -> None:
    """Set a SQLite connection up for evidence, and begin transactions ourselves: the driver's own begin is too late."""

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: DBAPIConnection, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (*_SQLITE_PRAGMAS, *extra):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    @sa.event.listens_for(engine, "checkin")
    def _checkin(connection: Any, _: Any) -> None:
        # A commit that fails leaves a SQLite transaction open, and SQLAlchemy takes it for ended: the next to begin would fail for it.
        if connection is not None and connection.in_transaction:
            connection.rollback()


QUIET = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
"""Under these settings PostgreSQL's own log holds neither statements nor values: the DETAIL of a violation would quote the row."""


def _prepare_postgresql(engine: sa.Engine) -> None:
    """Keep values out of the database's log, where our role may decide it; elsewhere its administrator does."""

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        if connection.info.parameter_status("is_superuser") == "on":
            connection.execute(f"SELECT {', '.join(['set_config(%s, %s, false)'] * len(QUIET))}", list(chain.from_iterable(QUIET.items())))
            connection.commit()


def _url(address: str) -> sa.URL:
    url = sa.make_url(address)
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


class Database:
    """The writing and the reading engine of one database."""

    def __init__(self, address: str) -> None:
        url = _url(address)
        common: dict[str, Any] = {"hide_parameters": True, "pool_pre_ping": url.drivername != SQLITE}
        if url.get_backend_name() == SQLITE:
            arguments = {"connect_args": {"check_same_thread": False}}
            self.writing = sa.create_engine(url, poolclass=sa.QueuePool, pool_size=1, max_overflow=0, **arguments, **common)
            self.reading = sa.create_engine(url, poolclass=sa.QueuePool, pool_size=8, max_overflow=56, **arguments, **common)
            _prepare_sqlite(self.writing, "BEGIN IMMEDIATE", *_SQLITE_PEN)
            _prepare_sqlite(self.reading, "BEGIN", "query_only=ON")
        else:
            self.writing = sa.create_engine(url, pool_size=8, max_overflow=24, **common)
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            self.reading = sa.create_engine(url, pool_size=8, max_overflow=24, execution_options=options, **common)
            _prepare_postgresql(self.writing)
            _prepare_postgresql(self.reading)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.writing.dialect.name

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one snapshot and cannot write."""
        with Session(self.reading) as session:
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.reading.dispose()
        self.writing.dispose()


def begin_anew(session: Session) -> None:
    """Undo what a transaction did and noted, and let go of all that it holds, so that it can be carried out once more."""
    session.rollback()
    session.info.clear()


def violated(error: IntegrityError) -> str:
    """The name of the constraint that was violated, the same on both databases; empty where the database does not say.

    SQLite names the columns of a unique constraint and nothing of a foreign key: the name follows from the naming convention.
    """
    driver = error.orig
    if isinstance(driver, sqlite3.IntegrityError):
        what, _, columns = str(driver).partition(": ")
        if what != "UNIQUE constraint failed":
            return "fk" if what.startswith("FOREIGN KEY") else columns
        table = columns.partition(".")[0]
        return f"uq_{table}_" + "_".join(column.partition(".")[2] for column in columns.split(", "))
    return str(getattr(getattr(driver, "diag", None), "constraint_name", None) or "")


def append_only(table: str, dialect: str) -> list[str]:
    """Statements that make a table refuse updates and deletions, whoever asks."""
    if dialect == SQLITE:
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'append only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    function = f"{table}_append_only"
    return [
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append only'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
    ]


_PG_TYPES: tuple[tuple[type[Any], str], ...] = (
    (sa.Uuid, "uuid"),
    (Moment, "timestamptz"),
    (sa.Date, "date"),
    (sa.LargeBinary, "text"),
    (sa.Boolean, "boolean"),
    (sa.BigInteger, "bigint"),
    (sa.Integer, "integer"),
)


_BLOCKS = (128, 64, 32, 16, 8, 4, 2, 1)
"""Few sizes, so that the driver keeps each statement prepared."""


def _row_of(columns: int) -> str:
    return f"({', '.join('?' * columns)})"


def _blocks(rows: list[tuple[Any, ...]]) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """The rows in their order, in the largest blocks that they fill."""
    start = 0
    for size in _BLOCKS:
        while len(rows) - start >= size:
            yield size, rows[start : start + size]
            start += size


class _Shape:
    """A statement on SQLite that fills some columns: for each size of block, one text."""

    def __init__(self, table: str, columns: tuple[str, ...], places: Sequence[int]) -> None:
        self.places = places
        into = f"INSERT INTO {table} ({', '.join(columns[place] for place in places)})"
        self.blocks = {size: f"{into} VALUES {', '.join([_row_of(len(places))] * size)}" for size in _BLOCKS}


class BulkInsert:
    """Many rows into one table by few statements: blocks of rows on SQLite, one JSON parameter on PostgreSQL.

    SQLite's driver hands the interpreter's lock back before each step of a statement and has to wait for it afterwards. By `executemany`
    it waits once a row, behind a loop that is busy making the next rows ready; by blocks, once a block.

    Rows are tuples in the order of `columns`. Ids are given as `UUID` or in their 36 characters, moments as `clock.stamp` writes them.
    `rare` are columns that most rows leave empty: such rows go by a statement without them, because the driver takes longer to hand over
    a null than a text (it looks for an adapter first, in vain). For the same reason it gets blobs as `bytearray`.
    """

    def __init__(self, table: type[SQLModel], columns: tuple[str, ...], rare: tuple[str, ...] = ()) -> None:
        self._table: sa.Table = table.__table__  # type: ignore[attr-defined]
        self._columns = columns
        types = [self._table.c[name].type for name in columns]
        self._ids = {place for place, kind in enumerate(types) if isinstance(kind, sa.Uuid)}
        self._blobs = {place for place, kind in enumerate(types) if isinstance(kind, sa.LargeBinary)}
        self._is_split = bool(rare)
        self._pick = itemgetter(*(columns.index(name) for name in rare or columns))
        self._nothing = self._pick((None,) * len(columns))
        # Names of tables and columns come from the models, never from a request.
        into = f"INSERT INTO {self._table.name} ({', '.join(columns)})"
        self.sqlite = f"{into} VALUES {_row_of(len(columns))}"
        self._whole = _Shape(self._table.name, columns, range(len(columns)))
        self._spare = _Shape(self._table.name, columns, [place for place in range(len(columns)) if columns[place] not in rare])
        shape = ", ".join(f"{name} {_pg_type(kind)}" for name, kind in zip(columns, types, strict=True))
        taken = ", ".join(f"decode({name}, 'hex')" if place in self._blobs else name for place, name in enumerate(columns))
        self.postgresql = f"{into} SELECT {taken} FROM json_to_recordset(%s::json) AS given({shape})"  # noqa: S608

    def run(self, session: Session, rows: list[tuple[Any, ...]], *, tail: str = "", returns: bool = False) -> list[Any]:
        """Insert the rows; `tail` (ON CONFLICT or RETURNING) goes behind the statement; with `returns`, the rows that it answers."""
        if not rows:
            return []
        connection = connection_of(session)
        if is_sqlite(connection):
            self._run_blocks(connection, rows, tail)
            return []
        return _execute(connection, f"{self.postgresql} {tail}", (self._for_postgresql(rows),), returns=returns)

    def _run_blocks(self, connection: sa.Connection, rows: list[tuple[Any, ...]], tail: str) -> None:
        pick, nothing = self._pick, self._nothing
        whole = [row for row in rows if pick(row) != nothing] if self._is_split else rows
        spare = [row for row in rows if pick(row) == nothing] if len(whole) < len(rows) else []
        for shape, some in ((self._whole, whole), (self._spare, spare)):
            for size, block in _blocks(self._for_sqlite(some, shape.places)):
                _execute(connection, f"{shape.blocks[size]} {tail}", list(chain.from_iterable(block)))

    def _for_sqlite(self, rows: Sequence[tuple[Any, ...]], places: Iterable[int]) -> list[tuple[Any, ...]]:
        """The values of some columns, as the driver takes them."""
        columns = list(zip(*rows, strict=True))
        return list(zip(*(self._column(place, columns[place]) for place in places), strict=True)) if columns else []

    def _column(self, place: int, values: Sequence[Any]) -> Sequence[Any]:
        if place in self._ids:
            if values.count(values[0]) == len(values) and values[0] is not None:
                return [_bare(values[0])] * len(values)
            return [each.replace("-", "") if each.__class__ is str else each and each.hex for each in values]
        return [each and bytearray(each) for each in values] if place in self._blobs else values

    def _for_postgresql(self, rows: list[tuple[Any, ...]]) -> str:
        found = []
        for row in rows:
            values = dict(zip(self._columns, row, strict=True))
            for place in self._blobs:
                if row[place] is not None:
                    values[self._columns[place]] = row[place].hex()
            found.append(values)
        return orjson.dumps(found).decode()


def _pg_type(kind: sa.types.TypeEngine[Any]) -> str:
    return next((name for each, name in _PG_TYPES if isinstance(kind, each)), "text")


@cache
def _among(statement: str, dialect: str) -> str:
    return statement.replace("AMONG", "IN (SELECT value FROM json_each(?))" if dialect == SQLITE else "= ANY(%s::uuid[])")


def _bare(given: UUID | str) -> str:
    """The 32 characters in which SQLite keeps an id."""
    return given.hex if given.__class__ is UUID else given.replace("-", "")  # type: ignore[union-attr]


def fetch_among(session: Session, statement: str, *ids: Iterable[UUID | str]) -> Sequence[Any]:
    """The rows of a constant statement in which each `AMONG` stands for one set of ids: one parameter, however many there are."""
    connection = connection_of(session)
    if is_sqlite(connection):
        given = tuple(orjson.dumps([_bare(each) for each in some]).decode() for some in ids)
    else:
        given = tuple(list(some) for some in ids)  # type: ignore[misc]
    return _execute(connection, _among(statement, connection.dialect.name), given, returns=True)


@cache
def _marked(statement: str, dialect: str) -> str:
    return statement if dialect == SQLITE else statement.replace("?", "%s")


def execute(session: Session, statement: str, *parameters: Any, returns: bool = False) -> list[Any]:
    """The rows of a constant statement with a `?` for each parameter; ids are given as `UUID`."""
    connection = connection_of(session)
    given = [each.hex if isinstance(each, UUID) else each for each in parameters] if is_sqlite(connection) else parameters
    return _execute(connection, _marked(statement, connection.dialect.name), given, returns=returns)


def _execute(
    connection: sa.Connection, statement: str, parameters: Sequence[Any], *, is_many: bool = False, returns: bool = False
) -> list[Any]:
    """The rows of a hand-written statement, by the driver's own cursor in the open transaction.

    The group writer runs a dozen of these for each group; SQLAlchemy's way round would cost more than most of them do. Failures are
    raised as SQLAlchemy raises them.
    """
    try:
        cursor = connection.connection.cursor()
        (cursor.executemany if is_many else cursor.execute)(statement, parameters)
        found = cursor.fetchall() if returns else []
        cursor.close()
    except connection.dialect.loaded_dbapi.Error as fault:
        raise DBAPIError.instance(statement, None, fault, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect) from fault
    return list(found)


def as_id(value: Any) -> UUID:
    """An id as either driver gives it."""
    return value if isinstance(value, UUID) else UUID(value)
