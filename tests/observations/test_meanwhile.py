"""What changed while a phone had no network: nothing of what it brings is lost, and each answer is one that the phone has words for."""

import json

import pytest

from app.kit import clock
from app.kit.errors import CATALOGUE
from app.observations.errors import BASE_MISSING, BASE_WITHDRAWN, INVALID_SUPERSEDES, NOT_ASSIGNED, UNKNOWN_FORM_VERSION
from tests.support.forms import all_clear
from tests.support.house import ROOT
from tests.support.phones import a_phone
from tests.support.trial import a_trial

pytestmark = pytest.mark.one_server
WORDS = json.loads((ROOT / "app" / "webform" / "static" / "words" / "kk.json").read_text(encoding="utf-8"))


@pytest.fixture
def trial(server):
    return a_trial(server)


def sent(trial, *bodies, token=None):
    """The results of a batch, as a phone sends it."""
    answer = trial.server.post("/v1/observations/batch", {"items": list(bodies)}, token=token or trial.observer.token)
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


def receipts(trial, *ids, token=None):
    return trial.server.post("/v1/observations/receipts", {"ids": list(ids)}, token=token or trial.observer.token).json()["results"]


def change(trial, path, **changes):
    answer = trial.server.patch(f"/v1/{path}", changes, token=trial.coordinator.token)
    assert answer.status_code == 200, answer.text
    return answer


def test_an_app_three_versions_old_brings_all_that_it_has_and_is_told_that_it_waits(trial):
    old = [trial.body(form_version=each, answers={"asked_then": ["x"], "note": "Seen."}) for each in ("0.9.0", "0.8.0", "0.7.3")]
    own = trial.body(form="custom", form_code="x_courthouse", form_version="1", answers=[{"question": "lift", "value": "no"}])
    results = sent(trial, *old, own, trial.body())
    assert [(each["status"], each.get("code")) for each in results] == [("held", "unknown_form_version")] * 4 + [("created", None)]
    assert all(each["safe_to_delete"] for each in receipts(trial, *(each["id"] for each in (*old, own))))
    assert trial.get(old[0]["id"]).json()["answers"] == {"asked_then": ["x"], "note": "Seen."}


def test_a_hearing_cancelled_meanwhile_takes_in_what_was_seen_and_is_not_plain(trial):
    change(trial, f"hearings/{trial.hearings['H-01']}", status="cancelled")
    body = trial.body(captured_at=clock.stamp(clock.now()))
    assert [each["status"] for each in sent(trial, body)] == ["created"]
    assert trial.get(body["id"]).json()["flags"] == []
    waiting = trial.server.get("/v1/observations?plain=false&status=submitted", token=trial.coordinator.token).json()["items"]
    assert [each["id"] for each in waiting] == [body["id"]]
    assert trial.review(body["id"]).json()["status"] == "accepted"
    told = trial.server.get("/v1/bootstrap", token=trial.observer.token).json()["hearings"][0]
    assert told["status"] == "cancelled"
    assert "mine.cancelled" in WORDS


def test_an_observer_removed_meanwhile_is_refused_and_loses_nothing_of_before_or_after(trial):
    phone, member = (
        a_phone(trial.server, trial.programme, trial.observer),
        f"programmes/{trial.programme.id}/members/{trial.observer.member_id}",
    )
    before, after = trial.body(), trial.body()
    (first,) = sent(trial, before, token=phone.token)
    change(trial, member, status="removed")
    for path, body in (("observations/batch", {"items": [before, after]}), ("observations", after), ("observations/receipts", {"ids": []})):
        answer = trial.server.post(f"/v1/{path}", body, token=phone.token)
        assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")
    assert trial.get(after["id"]).status_code == 404
    change(trial, member, status="active")
    # A phone that was put out stays out: the same phone comes back with a new code, and sends what it kept.
    again = a_phone(trial.server, trial.programme, trial.observer)
    results = sent(trial, before, after, token=again.token)
    assert [each["status"] for each in results] == ["duplicate", "created"]
    assert results[0]["receipt"] == first["receipt"]
    assert all(each["safe_to_delete"] for each in receipts(trial, before["id"], after["id"], token=again.token))


def test_a_participant_merged_meanwhile_is_taken_as_who_it_is_and_parted_again(trial):
    one, other = trial.participants["D02"], trial.participants["D01"]
    path = f"/v1/participants/{one}"
    assert trial.server.post(f"{path}/merge", {"into": other, "reason": "The same."}, token=trial.coordinator.token).status_code == 200
    body = trial.body(answers=all_clear(cage_or_restraints="yes", cage_who=[one]))
    assert [each["status"] for each in sent(trial, body)] == ["created"]
    assert trial.review(body["id"]).json()["answers"]["cage_who"] == [one]
    assert in_the_cage(trial) == ["D01"]
    assert trial.server.post(f"{path}/unmerge", {"reason": "Not so."}, token=trial.coordinator.token).status_code == 200
    assert in_the_cage(trial) == ["D02"]


def in_the_cage(trial):
    """The codes of whom a summary has in a cage."""
    query = f"/v1/cases/{trial.case}/rights/presumption_of_innocence/explanation?lang=en"
    found = json.dumps(trial.server.get(query, token=trial.coordinator.token).json())
    return [code for code in trial.participants if f'"{code}"' in found]


def test_the_same_draft_on_two_phones_is_one_where_it_is_the_same_and_a_conflict_that_keeps_both_where_not(trial):
    phones = [a_phone(trial.server, trial.programme, trial.observer) for _ in range(2)]
    body = trial.body()
    other = {**body, "answers": all_clear(note="Another note.")}
    results = [sent(trial, each, token=phone.token)[0] for each, phone in zip((body, body, other), (*phones, phones[1]), strict=True)]
    assert [(each["status"], each.get("code")) for each in results] == [("created", None), ("duplicate", None), ("conflict", "id_conflict")]
    assert results[0]["receipt"] == results[1]["receipt"]
    assert not results[2]["retryable"]
    assert trial.get(body["id"]).json()["answers"]["note"] == body["answers"]["note"]
    mended = {**other, "id": trial.body()["id"]}
    assert sent(trial, mended, token=phones[1].token)[0]["status"] == "created"


def test_a_correction_of_what_was_taken_back_meanwhile_is_kept_and_counts_only_when_a_coordinator_says_so(server):
    trial = a_trial(server, review="trusted")
    base = trial.filed()
    assert trial.server.post(f"/v1/observations/{base}/withdraw", {"reason": "Not mine."}, token=trial.observer.token).status_code == 200
    second = trial.body(supersedes=base)
    third = trial.body(supersedes=second["id"])
    found = sent(trial, third) + sent(trial, second)
    assert [(each["status"], each["code"]) for each in found] == [("held", "base_missing"), ("held", "base_withdrawn")]
    assert all(each["safe_to_delete"] for each in receipts(trial, second["id"], third["id"]))
    held = trial.server.get(f"/v1/observations?status=held&case_id={trial.case}", token=trial.coordinator.token).json()["items"]
    assert {(each["id"], each["held_code"]) for each in held} == {(each["id"], "base_withdrawn") for each in (second, third)}
    body = {"ids": [each["id"] for each in (second, third)], "decision": "accept"}
    bulk = trial.server.post("/v1/reviews", body, token=trial.coordinator.token).json()["results"]
    assert [(each["status"], each["code"]) for each in bulk] == [("conflict", "held")] * 2
    path = f"/v1/observations/{third['id']}/release"
    assert trial.server.post(path, {"reason": "She meant it."}, token=trial.coordinator.token).json()["status"] == "submitted"
    fourth = trial.filed(supersedes=third["id"])
    assert [trial.status(each) for each in (base, second["id"], third["id"], fourth)] == ["withdrawn", "held", "submitted", "submitted"]
    assert trial.review(third["id"]).json()["status"] == "accepted"
    assert [trial.status(each) for each in (base, second["id"], fourth)] == ["withdrawn", "superseded", "submitted"]


def test_whatever_a_phone_can_be_told_of_a_filing_it_has_words_for():
    held = {UNKNOWN_FORM_VERSION, NOT_ASSIGNED, BASE_MISSING, BASE_WITHDRAWN, INVALID_SUPERSEDES, "stale_version"}
    assert {f"mine.held.{code}" for code in held} == {key for key in WORDS if key.startswith("mine.held.")}
    told = {"forbidden", "device_required", "session_ended", "not_found", "id_conflict", "stale_version", "hearing_locked", "not_returned"}
    told |= {"withdrawn", "busy", "storage_unavailable", "storage_full", "too_many_requests"}
    assert told <= set(CATALOGUE.kinds)
    assert {f"fault.{code}" for code in (*told, INVALID_SUPERSEDES)} <= set(WORDS)
