"""One running server per database for all tests here: each test has a programme of its own, which is as good as a fresh database."""

import pytest

from tests.support.databases import DIALECTS
from tests.support.monitored import Docket
from tests.support.servers import Server


@pytest.fixture(scope="session", params=DIALECTS)
def running(request, tmp_path_factory):
    templates = request.getfixturevalue(f"{request.param}_templates")
    address = templates.fresh()
    with Server(address, tmp_path_factory.mktemp("running")) as server:
        yield server
    templates.drop(address)


@pytest.fixture
def docket(running):
    return Docket(running)
