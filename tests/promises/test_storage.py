"""The store is out: who files is told to come back, nobody is told of a receipt, reading goes on where it can, and it works again."""

import pytest

from tests.support import outages
from tests.support.people import sign_in
from tests.support.trial import a_trial

MANY = 20


@pytest.fixture
def trial(server):
    return a_trial(server)


def a_batch(trial):
    return [trial.body() for _ in range(MANY)]


def send(trial, batch):
    return trial.server.post("/v1/observations/batch", {"items": batch}, token=trial.observer.token)


def told(answer):
    """Status, code, and whether it says when to come back."""
    return answer.status_code, answer.json().get("code"), "Retry-After" in answer.headers


def states(answer):
    return [each["status"] for each in answer.json()["results"]]


def until_refused(trial):
    """The first answer to a single observation that is not stored: a last few may still find room."""
    while (answer := trial.file()).status_code == 201:
        pass
    return answer


def stored(trial):
    with trial.server.store.read() as session:
        return session.connection().exec_driver_sql("SELECT count(*) FROM observation").scalar()


def test_a_store_that_cannot_be_reached_answers_503_and_when_to_come_back(trial, templates):
    batch = a_batch(trial)
    with outages.unreachable(trial.server.store, templates):
        assert told(send(trial, batch)) == (503, "storage_unavailable", True)
        assert told(trial.file()) == (503, "storage_unavailable", True)
    assert states(send(trial, batch)) == ["created"] * MANY
    assert stored(trial) == MANY


def test_a_full_store_answers_507_and_reading_goes_on(trial):
    kept = trial.filed()
    batch = a_batch(trial)
    with outages.full(trial.server.store):
        assert told(send(trial, batch)) == (507, "storage_full", True)
        assert told(until_refused(trial)) == (507, "storage_full", True)
        assert trial.status(kept) == "submitted"
        assert trial.server.get("/v1/observations", token=trial.observer.token).status_code == 200
    before = stored(trial)
    assert states(send(trial, batch)) == ["created"] * MANY
    assert stored(trial) == before + MANY


def test_whoever_enters_or_signs_in_is_told_the_same_of_a_store_that_cannot_be_reached(trial, templates):
    case = {"programme_id": trial.programme.id, "code": "T-9", "title": "A trial", "court_id": trial.court}
    case |= {"charge_articles": [], "monitoring": "full"}
    with outages.unreachable(trial.server.store, templates):
        assert told(trial.server.post("/v1/cases", case, token=trial.coordinator.token)) == (503, "storage_unavailable", True)
        assert told(sign_in(trial.server, trial.observer.username)) == (503, "storage_unavailable", True)
    assert trial.server.post("/v1/cases", case, token=trial.coordinator.token).status_code == 201
    assert sign_in(trial.server, trial.observer.username).status_code == 200


def test_a_batch_with_faults_of_its_own_still_says_that_the_store_is_out(trial):
    batch = [*a_batch(trial), trial.body(answers={})]
    with outages.full(trial.server.store):
        assert told(send(trial, batch)) == (507, "storage_full", True)
    assert states(send(trial, batch)) == ["created"] * MANY + ["invalid"]


def test_a_batch_of_which_something_is_stored_already_is_refused_whole_and_may_be_sent_again(trial):
    first, *others = a_batch(trial)
    trial.file(first)
    with outages.full(trial.server.store):
        assert told(send(trial, [first, *others])) == (507, "storage_full", True)
    assert states(send(trial, [first, *others])) == ["duplicate"] + ["created"] * (MANY - 1)


def test_a_store_that_is_out_is_not_tried_again_for_each_observation_of_a_batch(trial, monkeypatch):
    writer = trial.server.store.writer
    tries = []
    attempt = writer._attempt
    monkeypatch.setattr(writer, "_attempt", lambda contents: tries.append(len(contents)) or attempt(contents))
    with outages.full(trial.server.store):
        send(trial, a_batch(trial))
    assert len(tries) == 1
