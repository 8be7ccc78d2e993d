"""One house for all refusals of a module: a refusal changes nothing, which every one of these tests checks."""

import pytest

from tests.support.databases import DIALECTS
from tests.support.servers import Server
from tests.support.trial import a_trial


@pytest.fixture(scope="module", params=DIALECTS)
def standing(request, tmp_path_factory):
    """A running application on each database, kept for a module."""
    templates = request.getfixturevalue(f"{request.param}_templates")
    address = templates.fresh()
    with Server(address, tmp_path_factory.mktemp("house")) as running:
        yield running
    templates.drop(address)


@pytest.fixture(scope="module")
def trial(standing):
    """A trial in that house."""
    return a_trial(standing)
