"""Phones whose clocks are off by days or years: nothing is lost, nothing of what they claim is touched, and the hearing's day decides."""

from datetime import UTC, datetime, timedelta

import pytest

from app.kit import clock
from app.kit.clock import moment_of
from app.observations.clocks import estimated, in_words
from tests.support.trial import a_trial

pytestmark = pytest.mark.one_server
DAY = 86_400
LATER = int((datetime(2106, 2, 7, tzinfo=UTC) - clock.now()).total_seconds())
OFF = {"-400 d": -400 * DAY, "-3 d": -3 * DAY, "+3 d": 3 * DAY, "2106": LATER}


@pytest.fixture
def trial(server):
    return a_trial(server)


def by_a_phone(trial, off, *, is_batch=False, told=None):
    """An observation made an hour ago and sent now by a phone whose clock is so many seconds ahead, with the time that it claims."""
    there = clock.now() + timedelta(seconds=off)
    claimed = (there - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    body = trial.body(captured_at=claimed)
    path, content = ("/v1/observations/batch", {"items": [body]}) if is_batch else ("/v1/observations", body)
    headers = {"Hearsight-Sent-At": clock.stamp(there) if told is None else told}
    answer = trial.server.post(path, content, token=trial.observer.token, headers=headers)
    assert answer.status_code in {200, 201}, answer.text
    shown = trial.server.get(f"/v1/observations/{body['id']}?lang=en", token=trial.coordinator.token).json()
    assert shown["captured_at"] == claimed
    return shown


def test_what_a_phone_files_is_kept_whatever_its_clock_says_and_its_time_is_put_right_beside_the_claim(trial):
    for is_batch, (name, off) in enumerate(OFF.items()):
        shown = by_a_phone(trial, off, is_batch=bool(is_batch % 2))
        about = shown["clock"]
        assert abs(shown["skew_seconds"] + off) <= 5, name
        assert about["skew_seconds"] == shown["skew_seconds"]
        assert shown["flags"] == ["clock_skew"]
        received, guessed = moment_of(shown["received_at"]), moment_of(about["estimated_at"])
        assert abs(received - timedelta(hours=1) - guessed) < timedelta(seconds=10)
        assert about["not_before"] < about["not_after"] == shown["received_at"]
        told = trial.server.get(f"/v1/journal?subject_id={shown['id']}", token=trial.coordinator.token).json()["items"]
        assert told[0]["facts"]["skew"] == shown["skew_seconds"]
    # Nothing of a claim enters what is counted: the day of the hearing does.
    query = f"/v1/aggregates?programme_id={trial.programme.id}&measure=observations&group_by=month"
    for shown in trial.server.get("/v1/observations", token=trial.coordinator.token).json()["items"]:
        trial.review(shown["id"])
    rows = trial.server.get(query, token=trial.coordinator.token).json()["rows"]
    assert rows == [{"month": "2012-04", "value": len(OFF)}]


def test_a_clock_that_cannot_be_read_keeps_nothing_back(trial):
    for told in ("yesterday", "", "2012-02-30T00:00:00Z", "9999-12-31T23:59:59-23:59", "2012-04-05", "x" * 5000):
        shown = by_a_phone(trial, 0, told=told)
        assert (shown["skew_seconds"], shown["clock"]["estimated_at"], shown["flags"]) == (None, None, [])
        assert shown["clock"]["told"] == "The phone did not tell what its clock said."


def test_the_bracket_begins_when_the_last_of_what_is_named_was_entered(trial):
    shown = by_a_phone(trial, 0)
    hearing = trial.server.get(f"/v1/hearings/{trial.hearings['H-01']}", token=trial.coordinator.token).json()
    assert shown["clock"]["not_before"] == hearing["created_at"]
    picks = [{"indicator": "counsel.confidential_time_limited", "value": "present", "participant_refs": [trial.participants["D02"]]}]
    body = trial.body(answers={**trial.body()["answers"], "other_facts": picks})
    trial.file(body)
    somebody = trial.server.get(f"/v1/participants/{trial.participants['D02']}", token=trial.coordinator.token).json()
    assert trial.get(body["id"]).json()["clock"]["not_before"] == somebody["created_at"]


def test_how_far_a_clock_was_off_is_said_in_words_of_the_reader():
    assert in_words(3 * DAY, "en") == "The phone's clock was behind the server's by 3 days."
    assert in_words(-400 * DAY, "ru").endswith("13 месяцев.")
    assert in_words(-3 * DAY, "kk").endswith("3 күн.")
    assert in_words(-30, "en") == in_words(0, "en") == "The phone's clock and the server's agreed."


def test_a_claim_at_the_end_of_time_has_no_estimate():
    assert estimated("9999-12-31T23:00:00Z", 400 * DAY) is None
