"""Refusing a database that would acknowledge what it might lose: asked once, when a server starts."""

import logging
from collections.abc import Mapping

import sqlalchemy as sa

from app.kit.database import QUIET, SQLITE, Database

log = logging.getLogger("hearsight.database")

_FULL = 2
_SQLITE = {"journal_mode": "wal", "synchronous": _FULL, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0, "cell_size_check": 1}
_POSTGRESQL = {"fsync": "on", "full_page_writes": "on"}


class Unsafe(RuntimeError):  # noqa: N818 - not an error of the program
    """The database is set up so that an acknowledged observation could be lost; the text names the setting."""


def check(database: Database) -> None:
    """Refuse settings under which a commit may not be on the disk (SQLite: `synchronous` below FULL; PostgreSQL: `fsync` off)."""
    with database.writing.connect() as connection:
        if database.dialect == SQLITE:
            demand({name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _SQLITE}, _SQLITE)
            return
        demand({name: _shown(connection, name) for name in _POSTGRESQL}, _POSTGRESQL)
        if _shown(connection, "synchronous_commit") == "off":
            raise Unsafe("the database has synchronous_commit = off; acknowledged observations could be lost")


def tell_talkative(database: Database) -> None:
    """Warn of settings under which PostgreSQL's own log could quote what it is sent; `docs/how-to/postgresql.md` says how to set them."""
    if database.dialect != SQLITE:
        with database.writing.connect() as connection:
            for name, wanted in QUIET.items():
                if _shown(connection, name) != wanted:
                    log.warning("the database may log values", extra={"facts": {"setting": name}})


def _shown(connection: sa.Connection, name: str) -> object:
    return connection.exec_driver_sql(f"SHOW {name}").scalar()


def demand(found: Mapping[str, object], wanted: Mapping[str, object]) -> None:
    """Raise for the first setting that is not as it must be."""
    for name, value in wanted.items():
        if found[name] != value:
            raise Unsafe(f"the database has {name} = {found[name]}, it must be {value}; acknowledged observations could be lost")
