"""Fixtures that every test may ask for: a database of each kind, a server on it, and people who can sign in."""

import logging
from contextlib import ExitStack
from functools import cache

import pytest

from tests.support import leaks
from tests.support.databases import DIALECTS, PostgresqlTemplates, SqliteTemplates, a_folder_in_memory
from tests.support.people import PASSWORD
from tests.support.servers import Server

leaks.NEEDLES.plant("a name", leaks.MARK, "Амберова", "Amberova", "Turmalin")
leaks.NEEDLES.plant("a password", PASSWORD, "quite another thing")
leaks.NEEDLES.plant("a narrative", leaks.STORY, "Trials of one winter")
leaks.NEEDLES.plant("an address", leaks.CLIENT[0], leaks.FORWARDED)


def pytest_configure(config):
    """Every server that the tests start logs into one place."""
    leaks.listen()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test in which something planted comes out has failed."""
    report = yield
    leaks.judge(report)
    return report


@pytest.fixture(autouse=True)
def logging_as_it_was():
    """What a test configures of logging ends with it: a handler would go on writing to that test's captured output."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory):
    with a_folder_in_memory(tmp_path_factory.mktemp("sqlite")) as folder:
        yield SqliteTemplates(folder)


@pytest.fixture(scope="session")
def postgresql_templates(tmp_path_factory):
    with a_folder_in_memory(tmp_path_factory.mktemp("postgresql")) as folder:
        templates = PostgresqlTemplates(folder)
        yield templates
        said = templates.log()
        templates.close()
    found = leaks.NEEDLES.found_in(said, "PostgreSQL's log")
    if found:
        pytest.fail("\n".join(found[:10]), pytrace=False)


@pytest.fixture(params=DIALECTS)
def dialect(request):
    """Both databases, in turn."""
    return request.param


@pytest.fixture
def templates(dialect, request):
    return request.getfixturevalue(f"{dialect}_templates")


@pytest.fixture
def database_address(templates):
    """The address of a fresh, migrated database."""
    address = templates.fresh()
    yield address
    templates.drop(address)


@pytest.fixture(scope="module")
def shared_servers(request, tmp_path_factory):
    """The one server of a module on each kind of database, started when it is first asked for."""
    with ExitStack() as closing:

        @cache
        def of(dialect):
            templates = request.getfixturevalue(f"{dialect}_templates")
            address = templates.fresh()
            closing.callback(templates.drop, address)
            return closing.enter_context(Server(address, tmp_path_factory.mktemp("shared")))

        yield of


@pytest.fixture
def server(dialect, request):
    """A running application, answering in process: on a fresh database, or the one of a module that is marked `one_server`.

    Of such a module, a test that counts what is in a whole database, or names what may be there once, is marked `own_server`.
    """
    if request.node.get_closest_marker("one_server") and not request.node.get_closest_marker("own_server"):
        yield request.getfixturevalue("shared_servers")(dialect)
        return
    with Server(request.getfixturevalue("database_address"), request.getfixturevalue("tmp_path")) as running:
        yield running
