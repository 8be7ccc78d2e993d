"""A trial with an observation, and phones that send files about it."""

import pytest

from tests.support.trial import a_trial
from tests.support.tus import Phone


@pytest.fixture
def trial(server):
    return a_trial(server)


@pytest.fixture
def observation(trial):
    return trial.filed()


@pytest.fixture
def phone(server, trial, observation):
    """The phone of whoever filed the observation."""
    return Phone(server, trial.observer.token, observation)
