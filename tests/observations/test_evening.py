"""A coordinator's evening, step by step as `docs/how-to/review-in-the-evening.md` tells it."""

import pytest

from app.kit import clock
from tests.support.forms import all_clear
from tests.support.people import a_member
from tests.support.two_observers import a_bench

pytestmark = pytest.mark.one_server


@pytest.fixture
def bench(server):
    return a_bench(server)


def filed(bench, status=201, *, by=None, **changed):
    """The id of what a phone with a right clock brings."""
    body = bench.trial.body(**{"captured_at": clock.stamp(clock.now()), "answers": all_clear(), **changed})
    answer = bench.trial.file(body, by=by)
    assert answer.status_code == status, answer.text
    return body["id"]


def ids_of(bench, **asked):
    params = {"programme_id": bench.trial.programme.id, "limit": 200, **asked}
    answer = bench.trial.server.get("/v1/observations", token=bench.token, params=params)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


def post(bench, path, *, by=None, **body):
    return bench.trial.server.post(f"/v1/{path}", body, token=(by or bench.trial.coordinator).token)


def released(bench, observation, **asked):
    return post(bench, f"observations/{observation}/release", reason="Read.", **asked).json()


def test_an_evening_goes_as_it_is_told(bench):
    trial = bench.trial
    stranger = a_member(trial.server, trial.programme, code="OBS3")
    plain = [filed(bench), filed(bench, by=bench.other)]
    odd = filed(bench, hearing="H-02", captured_at="2106-02-07T06:28:15Z")
    unassigned, old = filed(bench, 202, by=stranger), filed(bench, 202, form_version="0.9.0")
    base = trial.body(hearing="H-02", answers=all_clear(note="One."))
    first, second = (filed(bench, 202, hearing="H-02", supersedes=base["id"], answers=all_clear(note=each)) for each in ("Two.", "Three."))

    assert ids_of(bench, plain="true") == plain
    told = post(bench, "reviews", ids=[*plain, plain[0], old], decision="accept").json()["results"]
    assert [(each["status"], each["code"]) for each in told] == [("done", None), ("done", None), ("done", None), ("conflict", "held")]
    again = post(bench, "reviews", ids=plain, decision="accept").json()["results"]
    assert {each["status"] for each in again} == {"unchanged"}

    assert ids_of(bench, plain="false", status="submitted") == [odd]
    shown = trial.get(odd).json()
    assert (shown["flags"], shown["attachments"]["missing"]) == (["clock_skew"], [])
    assert set(shown["clock"]) == {"skew_seconds", "told", "estimated_at", "not_before", "not_after"}
    for words in ("Which of the two?", "Which of the two?", "And when?"):
        assert trial.review(odd, "return", words).json()["status"] == "returned"
    assert [each["text"] for each in trial.get(odd, by=trial.observer).json()["thread"]] == ["Which of the two?", "And when?"]
    post(bench, f"observations/{odd}/answer", by=trial.observer, text="The first, at noon.")
    assert trial.review(odd).json()["status"] == "accepted"

    held = {each: trial.get(each).json()["held_code"] for each in ids_of(bench, status="held")}
    waits = {unassigned: "not_assigned", old: "unknown_form_version", first: "base_missing", second: "base_missing"}
    assert held == waits
    assert released(bench, unassigned, assign=True)["status"] == "submitted"
    assert released(bench, old, form_version="1.1.0")["status"] == "submitted"
    assert trial.file(base).status_code == 201
    assert [trial.get(each).json()["held_code"] for each in (first, second)] == [None, "stale_version"]
    assert released(bench, second)["errors"] == [{"pointer": "/supersedes", "code": "stale_version"}]
    assert trial.get(second).json()["held_code"] == "stale_version"
    versions = trial.server.get(f"/v1/observations/{first}/differences", token=bench.token).json()["versions"]
    assert [each["collision"] is not None for each in versions] == [False, False, True]

    hearing = trial.hearings["H-01"]
    assert post(bench, f"hearings/{hearing}/lock", reason="Complete.").json()["locked_at"] is not None
    correction = filed(bench, supersedes=plain[0])
    refused = post(bench, f"observations/{correction}/withdraw", by=trial.observer, reason="No.")
    assert (refused.status_code, refused.json()["code"]) == (409, "hearing_locked")
    assert (trial.status(plain[0]), trial.get(correction).json()["flags"]) == ("accepted", ["hearing_locked"])
    assert trial.review(correction, "reject", "Not so.").json()["status"] == "rejected"
    own = filed(bench, by=trial.coordinator)
    assert trial.get(own).json()["flags"] == []
    assert post(bench, f"hearings/{hearing}/unlock", reason="One more.").json()["locked_at"] is None
