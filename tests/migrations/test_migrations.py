"""One chain of migrations for both databases: up, down, in agreement with the models, and the door that refuses another schema."""

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from app import models  # noqa: F401 - so that every table is known
from app.kit import migrations
from app.kit.database import Database


@pytest.fixture
def database(templates):
    address = templates.empty()
    found = Database(address)
    yield found
    found.close()
    templates.drop(address)


def tables(database):
    with database.reading.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


def set_revision(database, revision):
    with database.writing.connect() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        connection.commit()


def test_an_empty_database_is_brought_to_the_head_and_agrees_with_the_models(database):
    migrations.upgrade(database)
    with database.reading.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_upgrading_twice_changes_nothing(database):
    migrations.upgrade(database)
    before = tables(database)
    migrations.upgrade(database)
    assert tables(database) == before


def test_every_step_goes_up_and_down_and_up_again(database):
    steps = [revision.revision for revision in ScriptDirectory.from_config(migrations.config()).walk_revisions()][::-1]
    seen = []
    for step in steps:
        migrations.upgrade(database, step)
        seen.append(tables(database))
    for before in [*seen[-2::-1], {"alembic_version"}]:
        with database.writing.connect() as connection:
            command.downgrade(migrations.config(connection), "-1")
        assert tables(database) == before
    migrations.upgrade(database)
    assert tables(database) == seen[-1]


def test_a_database_without_a_schema_is_refused(database):
    with pytest.raises(migrations.WrongSchema, match="older"):
        migrations.check(database)


def test_a_newer_schema_is_refused_by_an_older_release(database):
    migrations.upgrade(database)
    set_revision(database, "9999")
    with pytest.raises(migrations.WrongSchema, match="newer"):
        migrations.check(database)


def test_the_head_is_let_in(database):
    migrations.upgrade(database)
    migrations.check(database)


def test_the_journal_refuses_changes_whoever_asks(database):
    migrations.upgrade(database)
    leaf = "INSERT INTO journal (log, seq, kind, subject_id, at, leaf, leaf_hash) VALUES (:id, 0, 'x', :id, :at, :leaf, :leaf)"
    given = {"id": "0" * 32, "at": "2026-11-25T00:00:00.000000Z", "leaf": b"l"}
    with database.writing.connect() as connection:
        connection.execute(sa.text(leaf), given)
        connection.commit()
    for change in ("UPDATE journal SET kind = 'y'", "DELETE FROM journal"):
        with database.writing.connect() as connection, pytest.raises(sa.exc.DBAPIError):
            connection.exec_driver_sql(change)
    with database.reading.connect() as connection:
        assert connection.exec_driver_sql("SELECT kind FROM journal").scalar() == "x"
