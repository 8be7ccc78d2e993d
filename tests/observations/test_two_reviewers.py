"""Two decisions about one observation at the same moment: the second sees what the first did."""

import threading

import sqlalchemy as sa

from app.observations import queries
from tests.support.trial import a_trial

SUMS = sa.text("SELECT status, SUM(n) FROM tally WHERE indicator = '' GROUP BY status")


def test_a_decision_that_another_one_forestalled_counts_nothing_twice(server, monkeypatch):
    trial = a_trial(server)
    observation = trial.filed()
    chain, others = queries.chain, []

    def late(*args, lock=False):
        """Between what a decision reads and what it locks there is time for another; where one writes at a time, that one waits."""
        if lock and not others:
            others.append(threading.Thread(target=trial.review, args=(observation, "reject", "Not there.")))
            others[0].start()
            others[0].join(0.5)
        return chain(*args, lock=lock)

    monkeypatch.setattr(queries, "chain", late)
    trial.review(observation)
    others[0].join()
    with server.store.read() as session:
        sums = {status: int(number) for status, number in session.connection().execute(SUMS)}
    assert {status: number for status, number in sums.items() if number} == {trial.status(observation): 1}
