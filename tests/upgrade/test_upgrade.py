"""Databases that were filled under earlier schemas, brought to this one (P41): all is there, and they say what they said."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

from app import models  # noqa: F401 - so that every table is known
from app.kit import migrations
from tests.support import frozen
from tests.support.filings import bodies_of
from tests.support.people import sign_in
from tests.support.reference import load_file

SETS = frozen.frozen_sets()


@pytest.fixture(params=SETS, ids=lambda each: each.revision)
def old(request):
    """Every set that was ever frozen."""
    return request.param


@pytest.fixture
def server(old, dialect, templates, tmp_path):
    """This release, on a frozen database."""
    address = templates.empty()
    with old.upgraded(dialect, address, tmp_path) as running:
        yield running
    templates.drop(address)


@pytest.fixture
def expected(old, dialect):
    return old.expected[dialect]


def test_a_frozen_database_is_of_its_own_schema(old, dialect, templates, tmp_path):
    address = templates.empty()
    old.thaw(dialect, address, tmp_path)
    engine = sa.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == old.revision
    engine.dispose()
    templates.drop(address)


def test_an_upgraded_database_agrees_with_the_models(server):
    migrations.check(server.store.database)
    with server.store.database.reading.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_nothing_that_was_filed_is_lost_or_doubled(server, expected):
    address = server.settings.address
    assert frozen.filed(address) == expected["observations"]
    assert len(expected["observations"]) > len(bodies_of(load_file("zhanaozen_filings.json")))


def test_the_journal_still_follows_from_its_bytes(server, expected):
    assert frozen.heads(server.settings.address, expected["logs"]) == expected["logs"]
    assert not any(head.startswith("0:") for head in expected["logs"].values())


def test_summaries_and_editions_say_what_they_said(server, expected):
    assert frozen.said(server, expected) == {name: expected[name] for name in ("summaries", "editions")}


def test_a_server_goes_on_where_the_earlier_one_ended(server, expected):
    answer = sign_in(server, "obs1", load_file("zhanaozen_filings.json")["accounts"]["OBS1"]["password"])
    token = answer.json()["access_token"]
    listed = server.get("/v1/observations", token=token).json()["items"]
    shown = server.get(f"/v1/observations/{listed[0]['id']}", token=token).json()
    names = ("form", "form_version", "case_id", "hearing_id", "captured_at", "answers")
    again = {"id": str(uuid4()), **{name: shown[name] for name in names}}
    assert server.post("/v1/observations", again, token=token).status_code == 201
    heads = frozen.heads(server.settings.address, expected["logs"])
    assert all(int(heads[log].partition(":")[0]) > int(before.partition(":")[0]) for log, before in expected["logs"].items())
