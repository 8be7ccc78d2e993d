"""Two decisions about one observation at the same moment: the second sees what the first did."""

import threading
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.observations import service
from tests.support.trial import a_trial

pytestmark = pytest.mark.one_server
SUMS = sa.text("SELECT status, SUM(n) FROM tally WHERE indicator = '' AND case_id = :of GROUP BY status").bindparams(
    sa.bindparam("of", type_=sa.Uuid())
)


def sums(trial):
    """How many observations of a case the sums hold in each status."""
    with trial.server.store.read() as session:
        found = session.connection().execute(SUMS, {"of": UUID(trial.case)})
        return {status: int(number) for status, number in found if number}


@pytest.fixture
def meanwhile(monkeypatch):
    """Has something done between what the next decision reads and what it locks; where one writes at a time, that waits its turn."""
    find, others = service.find, []

    def late(*args):
        found = find(*args)
        if others and not others[0].ident:
            others[0].start()
            others[0].join(0.5)
        return found

    monkeypatch.setattr(service, "find", late)
    yield lambda act: others.append(threading.Thread(target=act))
    others[0].join()


def test_a_decision_that_another_one_forestalled_counts_nothing_twice(server, meanwhile):
    trial = a_trial(server)
    observation = trial.filed()
    meanwhile(lambda: trial.review(observation, "reject", "Not there."))
    assert trial.review(observation).status_code == 200
    trial.review(observation)
    assert (sums(trial), trial.status(observation)) == ({"accepted": 1}, "accepted")


def test_what_two_release_at_once_is_released_once(server, meanwhile):
    trial = a_trial(server, assigned=False)
    body, answers = trial.body(), []
    assert trial.file(body).status_code == 202
    path = f"/v1/observations/{body['id']}/release"

    def release():
        answers.append(server.post(path, {"reason": "She was there."}, token=trial.coordinator.token).status_code)

    meanwhile(release)
    release()
    assert (sums(trial), trial.status(body["id"])) == ({"submitted": 1}, "submitted")
    assert len(answers) < 2 or sorted(answers) == [200, 409]
