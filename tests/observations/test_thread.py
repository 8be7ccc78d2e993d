"""Questions and answers about an observation: who sees and gives them, what follows, and that no word of them leaves their sealed place."""

import pytest
import sqlalchemy as sa

from tests.support.leaks import STORY
from tests.support.people import a_member
from tests.support.trial import a_trial

pytestmark = pytest.mark.one_server

QUESTION, ANSWER = f"Which of the two? {STORY}", f"The first. {STORY}"


@pytest.fixture
def trial(server):
    return a_trial(server)


def answer(trial, observation, text=ANSWER, *, by=None):
    return trial.server.post(f"/v1/observations/{observation}/answer", {"text": text}, token=(by or trial.observer).token)


def returned(trial):
    observation = trial.filed()
    assert trial.review(observation, "return", QUESTION).status_code == 200
    return observation


def said(shown):
    return [(each["kind"], each["by"], each["text"]) for each in shown["thread"]]


def stored_words(trial):
    """All that the database holds of decisions and in the journal, as text."""
    with trial.server.store.read() as session:
        rows = [session.connection().execute(sa.text(f"SELECT * FROM {table}")).all() for table in ("decision", "remark", "journal")]
    return repr([tuple(bytes(each) if isinstance(each, memoryview) else each for each in row) for some in rows for row in some])


def test_a_question_is_seen_and_answered_and_the_observation_waits_again(trial):
    observation = returned(trial)
    (waiting,) = trial.server.get("/v1/observations?status=returned", token=trial.observer.token).json()["items"]
    assert waiting["id"] == observation
    shown = answer(trial, observation).json()
    coordinator, observer = trial.coordinator.code, trial.observer.code
    assert shown["status"] == "submitted"
    assert said(shown) == [("returned", coordinator, QUESTION), ("answered", observer, ANSWER)]
    assert [each["reason"] for each in shown["decisions"]] == [QUESTION]
    trial.review(observation, "reject", "Still unclear.")
    assert said(trial.get(observation, by=trial.observer).json())[2:] == [("rejected", coordinator, "Still unclear.")]


def test_the_same_answer_again_changes_nothing_and_another_one_finds_no_question(trial):
    observation = returned(trial)
    first, again = answer(trial, observation), answer(trial, observation)
    assert (again.status_code, again.json()) == (200, first.json())
    other = answer(trial, observation, "No, the second.")
    assert (other.status_code, other.json()["code"]) == (409, "not_returned")


def test_a_second_question_is_asked_too_and_the_same_one_again_is_asked_once(trial):
    observation, other = returned(trial), returned(trial)
    before = trial.get(observation).json()["updated_at"]
    body = {"ids": [observation, other], "decision": "return", "reason": "And on which day?"}
    asked = [trial.server.post("/v1/reviews", body, token=trial.coordinator.token).json()["results"] for _ in range(2)]
    assert [[each["status"] for each in results] for results in asked] == [["done"] * 2, ["unchanged"] * 2]
    shown = trial.review(observation, "return", QUESTION).json()
    assert [text for _, _, text in said(shown)] == [QUESTION, "And on which day?"]
    assert (shown["status"], before < shown["updated_at"]) == ("returned", True)
    told = trial.server.get(f"/v1/journal?subject_id={observation}&kind=observation.returned", token=trial.coordinator.token)
    assert len({each["facts"]["commitment"] for each in told.json()["items"]}) == 2
    answer(trial, observation)
    trial.review(observation, "return", QUESTION)
    assert [kind for kind, _, _ in said(trial.get(observation).json())] == ["returned", "returned", "answered", "returned"]


def test_only_who_filed_it_answers(trial):
    observation = returned(trial)
    assert answer(trial, observation, by=trial.coordinator).status_code == 403
    assert answer(trial, observation, by=a_member(trial.server, trial.programme)).status_code == 404
    assert answer(trial, observation, " \u200b").json()["errors"] == [{"pointer": "/text", "code": "required"}]
    assert trial.status(observation) == "returned"


def test_a_correction_answers_the_question_and_carries_the_thread_on(trial):
    observation = returned(trial)
    correction = trial.filed(supersedes=observation)
    assert (trial.status(observation), trial.status(correction)) == ("submitted", "submitted")
    (spoken,) = trial.get(correction).json()["thread"]
    assert (spoken["observation"], spoken["kind"]) == (observation, "returned")
    assert answer(trial, observation).json()["code"] == "not_returned"


def test_a_correction_in_a_programme_that_trusts_its_observers_answers_and_counts_at_once(server):
    trial = a_trial(server, review="trusted")
    observation = returned(trial)
    correction = trial.filed(supersedes=observation)
    assert (trial.status(observation), trial.status(correction)) == ("superseded", "accepted")


@pytest.mark.own_server
def test_no_word_of_a_thread_stands_open_in_the_database_or_in_the_journal(trial):
    observation = returned(trial)
    answer(trial, observation)
    trial.review(observation, "reject", STORY)
    trial.server.post(f"/v1/observations/{observation}/withdraw", {"reason": STORY}, token=trial.observer.token)
    words = stored_words(trial)
    assert STORY not in words
    assert words.count("commitment") == 4
