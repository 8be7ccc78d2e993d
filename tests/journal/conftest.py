"""A programme whose journal holds something."""

import pytest

from tests.support.monitored import Docket


@pytest.fixture
def docket(server):
    return Docket(server)
