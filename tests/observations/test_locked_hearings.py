"""A locked hearing: nothing that observers send of it is lost, and nothing of it counts, or stops counting, but through a coordinator."""

import threading

import pytest

from tests.support.audit import Audit
from tests.support.forms import all_clear
from tests.support.leaks import STORY
from tests.support.trial import a_trial

pytestmark = pytest.mark.one_server


@pytest.fixture
def trial(server):
    return a_trial(server, review="trusted")


def turn(trial, verb="lock", *, by=None, hearing="H-01"):
    path = f"/v1/hearings/{trial.hearings[hearing]}/{verb}"
    return trial.server.post(path, {"reason": f"Read against the record. {STORY}"}, token=(by or trial.coordinator).token)


def withdraw(trial, observation):
    return trial.server.post(f"/v1/observations/{observation}/withdraw", {"reason": "Another day."}, token=trial.observer.token)


def flags(trial, observation):
    return trial.get(observation).json()["flags"]


def test_what_comes_after_the_lock_is_kept_flagged_and_waits_even_where_observers_are_trusted(trial):
    before = trial.filed()
    shown = turn(trial).json()
    assert shown["locked_at"] is not None
    correction, late, elsewhere = trial.filed(supersedes=before), trial.filed(), trial.filed(hearing="H-02")
    assert [trial.status(each) for each in (before, correction, late, elsewhere)] == ["accepted", "submitted", "submitted", "accepted"]
    assert [flags(trial, each)[1:] for each in (before, correction, late, elsewhere)] == [[], ["hearing_locked"], ["hearing_locked"], []]
    receipts = trial.server.post("/v1/observations/receipts", {"ids": [late, before]}, token=trial.observer.token).json()["results"]
    assert [("hearing_locked" in each["flags"], each["safe_to_delete"]) for each in receipts] == [(True, True), (False, True)]
    assert trial.review(correction).json()["status"] == "accepted"
    assert trial.status(before) == "superseded"


def test_what_counts_of_a_locked_hearing_is_not_withdrawn_and_what_does_not_count_is(trial):
    before = trial.filed()
    turn(trial)
    correction, late = trial.filed(supersedes=before), trial.filed()
    for counting in (correction, before):
        answer = withdraw(trial, counting)
        assert answer.status_code == 409
        if counting == correction:
            assert answer.json()["code"] == "hearing_locked"
    assert [trial.status(each) for each in (before, correction)] == ["accepted", "submitted"]
    assert withdraw(trial, late).json()["status"] == "withdrawn"
    turn(trial, "unlock")
    assert withdraw(trial, correction).json()["status"] == "withdrawn"


def test_a_base_that_comes_late_and_a_release_do_not_slip_past_the_lock(trial):
    turn(trial)
    base, correction, old = trial.body(), trial.body(answers=all_clear(note="Two.")), trial.body(form_version="0.9.0")
    correction["supersedes"] = base["id"]
    assert [trial.file(each).status_code for each in (correction, old, base)] == [202, 202, 201]
    path = f"/v1/observations/{old['id']}/release"
    trial.server.post(path, {"form_version": "1.1.0", "reason": "Old app."}, token=trial.coordinator.token)
    assert [trial.status(each["id"]) for each in (base, correction, old)] == ["submitted"] * 3


def test_a_correction_that_names_another_hearing_does_not_slip_past_the_lock_of_what_it_corrects(trial):
    before = trial.filed()
    turn(trial)
    moved = trial.filed(supersedes=before, hearing="H-02")
    again = trial.filed(supersedes=moved, hearing="H-02")
    assert [trial.status(each) for each in (before, moved, again)] == ["accepted", "submitted", "submitted"]
    assert [flags(trial, each)[1:] for each in (moved, again)] == [["hearing_locked"]] * 2
    assert (withdraw(trial, again).status_code, trial.status(before)) == (409, "accepted")


def test_what_was_kept_while_it_was_locked_waits_for_review_though_it_is_unlocked_before_its_base_comes(trial):
    turn(trial)
    base, correction = trial.body(), trial.body(answers=all_clear(note="Two."))
    correction["supersedes"] = base["id"]
    assert trial.file(correction).status_code == 202
    turn(trial, "unlock")
    assert trial.file(base).status_code == 201
    assert [trial.status(each["id"]) for each in (base, correction)] == ["accepted", "submitted"]


def test_locking_is_told_once_without_its_reason_and_seen_by_phones_under_another_tag(trial):
    hearing, token = trial.hearings["H-01"], trial.observer.token
    before = trial.server.get("/v1/bootstrap", token=token)
    first, again = turn(trial), turn(trial)
    assert (again.status_code, again.json(), again.headers["etag"]) == (200, first.json(), first.headers["etag"])
    after = trial.server.get("/v1/bootstrap", token=token, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert trial.server.get("/v1/bootstrap", token=token, headers={"If-None-Match": after.headers["etag"]}).status_code == 304
    assert [bool(each["locked_at"]) for each in after.json()["hearings"]] == [True, False]
    for _ in range(2):
        assert turn(trial, "unlock").json()["locked_at"] is None
    assert trial.server.get("/v1/bootstrap", token=token).headers["etag"] == before.headers["etag"]
    told = trial.server.get(f"/v1/journal?subject_id={hearing}&programme_id={trial.programme.id}", token=trial.coordinator.token)
    assert [each["kind"] for each in told.json()["items"]] == ["hearing.created", "hearing.locked", "hearing.unlocked"]
    assert STORY not in told.text
    assert turn(trial, by=trial.observer).status_code == 403


def test_a_coordinator_reads_again_why_it_was_locked_and_auditors_see_that_she_did(trial):
    audit, path = Audit(trial.server, trial.programme), f"/v1/hearings/{trial.hearings['H-01']}/locks"
    assert trial.server.get(path, token=trial.coordinator.token).json()["items"] == []
    assert audit.lines(kind="reason") == []
    for verb in ("lock", "unlock"):
        turn(trial, verb)
    first = trial.server.get(path, token=trial.coordinator.token, params={"limit": 1}).json()
    following = {"limit": 1, "cursor": first["next_cursor"]}
    second = trial.server.get(path, token=trial.coordinator.token, params=following).json()
    found = [(each["what"], each["by"], each["reason"]) for page in (first, second) for each in page["items"]]
    reason = f"Read against the record. {STORY}"
    assert found == [(what, trial.coordinator.code, reason) for what in ("locked", "unlocked")]
    lines = [(each["event"], each["reader_code"], each["hearing_ids"]) for each in audit.lines(kind="reason")]
    assert lines == [("reason.shown", trial.coordinator.code, [trial.hearings["H-01"]])] * 2
    assert trial.server.get(path, token=trial.observer.token).status_code == 403


def test_what_is_filed_while_a_hearing_is_being_locked_comes_before_the_lock_or_waits(trial):
    """In each order that the two can come in, the journal tells the same as the statuses do."""
    for hearing in trial.hearings:
        filers = [threading.Thread(target=lambda hearing=hearing: [trial.filed(hearing=hearing) for _ in range(3)]) for _ in range(3)]
        for each in filers:
            each.start()
        assert turn(trial, hearing=hearing).status_code == 200
        for each in filers:
            each.join()
    query = f"/v1/journal?programme_id={trial.programme.id}&limit=200"
    told = trial.server.get(query, token=trial.coordinator.token).json()["items"]
    locked = {each["hearing_id"]: each["seq"] for each in told if each["kind"] == "hearing.locked"}
    filed = [each for each in told if each["kind"] == "observation.filed"]
    found = {(each["seq"] > locked[each["hearing_id"]], each["facts"]["status"], "flag" in each["facts"]) for each in filed}
    assert len(filed) == 9 * len(trial.hearings)
    assert found <= {(False, "accepted", False), (True, "submitted", True)}
