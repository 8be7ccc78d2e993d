"""Bringing a database to the newest schema, and refusing to work on any other."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.kit.database import Database

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


class WrongSchema(RuntimeError):  # noqa: N818 - not an error of the program
    """The database is not at the schema that this release was built for; the text says which of the two is older."""


def config(connection: sa.Connection | None = None) -> Config:
    """Alembic's configuration, working on an open connection."""
    found = Config()
    found.set_main_option("script_location", str(FOLDER))
    found.attributes["connection"] = connection
    return found


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring a database up to a revision, in one transaction."""
    with database.writing.connect() as connection:
        command.upgrade(config(connection), revision)


def check(database: Database) -> None:
    """Refuse a database that is not at the head of the migrations; an old release refuses a newer schema too."""
    script = ScriptDirectory.from_config(config())
    with database.reading.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    head = script.get_current_head()
    if current == head:
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if current is None or current in known:
        raise WrongSchema("the database has an older schema than this release; run `python3 -m app migrate`")
    raise WrongSchema("the database has a newer schema than this release; upgrade the program")
