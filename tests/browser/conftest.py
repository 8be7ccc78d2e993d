"""What the tests in a browser share: a server behind a socket with a Chromium before it, trials, and the coordinator's page."""

import pytest

from tests.support.browsers import Desk, House, Pocket, a_chromium
from tests.support.databases import SqliteTemplates
from tests.support.servers import Server
from tests.support.sockets import on_a_socket
from tests.support.trial import a_trial


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """A server behind a socket, a browser, and a folder for what the browser is handed."""
    templates = SqliteTemplates(tmp_path_factory.mktemp("sqlite"))
    with Server(templates.fresh(), tmp_path_factory.mktemp("server")) as server, on_a_socket(server) as address, a_chromium() as browser:
        yield House(server, address, browser, tmp_path_factory.mktemp("axe"))


@pytest.fixture
def trial(house):
    return a_trial(house.server, participants=14, observer="OBS1")


@pytest.fixture
def pocket(house, tmp_path):
    """A phone whose storage outlives its browser."""
    found = Pocket(house.browser, house.address, tmp_path / "profile")
    yield found
    found.kill()


@pytest.fixture
def desk(house, trial):
    """The coordinator's page, signed in."""
    with Desk(house.browser, house.address, trial) as made:
        yield made
