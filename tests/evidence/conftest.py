"""A house for each module, in which every test has an observer, an observation and a phone of its own."""

import dataclasses

import pytest

from tests.support.databases import DIALECTS
from tests.support.people import a_member
from tests.support.servers import Server
from tests.support.trial import a_trial
from tests.support.tus import Phone


@pytest.fixture(scope="module", params=DIALECTS)
def house(request, tmp_path_factory):
    """A trial in a running application on each database."""
    templates = request.getfixturevalue(f"{request.param}_templates")
    address = templates.fresh()
    with Server(address, tmp_path_factory.mktemp("house")) as running:
        yield a_trial(running)
    templates.drop(address)


@pytest.fixture
def server(house):
    """The application, with the patience and the limits that it had."""
    reception = house.server.app.state.evidence
    before = reception.patience, reception.limits
    yield house.server
    reception.patience, reception.limits = before


@pytest.fixture
def trial(server, house):
    """The trial, watched by an observer who was not there before."""
    observer = a_member(server, house.programme)
    house.made("/v1/assignments", {"case_id": house.case, "member_id": observer.member_id})
    return dataclasses.replace(house, observer=observer)


@pytest.fixture
def observation(trial):
    return trial.filed()


@pytest.fixture
def phone(server, trial, observation):
    """The phone of whoever filed the observation."""
    return Phone(server, trial.observer.token, observation)


@pytest.fixture
def lying(server):
    """Gives the names of everything that came into the store since the test began."""
    blobs = server.app.state.evidence.vault.blobs
    before = set(blobs.names())
    return lambda: sorted(set(blobs.names()) - before)
