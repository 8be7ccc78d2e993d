"""Reviewing, correcting, withdrawing and releasing over HTTP, and what counts afterwards."""

from uuid import UUID, uuid4

import pytest

from app.observations.beside import ATTACHMENTS
from app.observations.schemas import AttachmentsShown
from tests.support.forms import all_clear
from tests.support.people import a_member
from tests.support.trial import a_trial

pytestmark = pytest.mark.one_server


@pytest.fixture
def trial(server):
    return a_trial(server)


def bulk(trial, ids, decision="accept", reason=None):
    body = {"ids": ids, "decision": decision, **({"reason": reason} if reason else {})}
    return trial.server.post("/v1/reviews", body, token=trial.coordinator.token)


def act(trial, observation, verb, *, by=None, **body):
    return trial.server.post(f"/v1/observations/{observation}/{verb}", body, token=(by or trial.observer).token)


def test_an_observation_counts_only_once_it_is_accepted(trial):
    observation = trial.filed()
    assert trial.status(observation) == "submitted"
    assert trial.review(observation).json()["status"] == "accepted"
    assert trial.status(observation) == "accepted"


@pytest.mark.parametrize("decision", ["return", "reject"])
@pytest.mark.parametrize("reason", [None, " \u200b\u00a0"])
def test_returning_and_rejecting_need_a_reason_that_shows_something(trial, decision, reason):
    answer = trial.review(trial.filed(), decision, reason)
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"pointer": "/reason", "code": "required"}])


def test_the_observer_sees_what_was_decided_and_why(trial):
    observation = trial.filed()
    trial.review(observation, "return", "Which of the two?")
    decision = trial.get(observation, by=trial.observer).json()["decisions"][0]
    assert (decision["decision"], decision["reason"], decision["by"]) == ("return", "Which of the two?", trial.coordinator.code)


def test_bulk_results_stand_in_the_order_of_the_ids_sent(trial):
    first, second, random = trial.filed(), trial.filed(), str(uuid4())
    trial.review(first)
    answer = bulk(trial, [random, second, first, second])
    told = [(each["id"], each["status"]) for each in answer.json()["results"]]
    assert told == [(random, "not_found"), (second, "done"), (first, "unchanged"), (second, "done")]


def test_a_held_observation_cannot_be_accepted_only_released(trial):
    other = a_member(trial.server, trial.programme, code="OBS2")
    body = trial.body()
    trial.file(body, by=other)
    assert (trial.review(body["id"]).status_code, trial.review(body["id"]).json()["code"]) == (409, "held")
    assert bulk(trial, [body["id"]]).json()["results"][0] == {"id": body["id"], "status": "conflict", "code": "held"}
    released = act(trial, body["id"], "release", by=trial.coordinator, assign=True, reason="She stood in.")
    assert (released.status_code, released.json()["status"]) == (200, "submitted")
    assert trial.file(trial.body(), by=other).status_code == 201


def test_releasing_what_is_not_held_is_a_conflict(trial):
    answer = act(trial, trial.filed(), "release", by=trial.coordinator, reason="No reason.")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_held")


def test_an_unknown_form_version_is_released_under_a_known_one_or_stays_held_with_its_faults(trial):
    good, bad = trial.body(form_version="0.9.0"), trial.body(form_version="0.9.0", answers={"openness": "ajar"})
    for body in (good, bad):
        assert trial.file(body).status_code == 202
    unknown = act(trial, good["id"], "release", by=trial.coordinator, reason="Old app.")
    assert (unknown.json()["status"], unknown.json()["errors"]) == (
        "held",
        [{"pointer": "/form_version", "code": "unknown_form_version"}],
    )
    kept = act(trial, bad["id"], "release", by=trial.coordinator, form_version="1.1.0", reason="Old app.").json()
    assert kept["status"] == "held"
    assert {"pointer": "/answers/openness", "code": "not_in_vocabulary"} in kept["errors"]
    released = act(trial, good["id"], "release", by=trial.coordinator, form_version="1.1.0", reason="Old app.").json()
    assert (released["status"], released["form_version"]) == ("submitted", "0.9.0")
    assert trial.review(good["id"]).json()["status"] == "accepted"


def test_what_is_released_may_point_only_to_what_is_in_its_case(trial):
    picks = [{"indicator": "counsel.confidential_time_limited", "value": "present", "participant_refs": [trial.participants["D01"]]}]
    bodies = [trial.body(form_version="0.9.0", answers=all_clear(other_facts=some)) for some in (picks, a_stranger_in(picks))]
    for body in bodies:
        assert trial.file(body).status_code == 202
    good, bad = (act(trial, body["id"], "release", by=trial.coordinator, form_version="1.1.0", reason="Old app.").json() for body in bodies)
    assert (good["status"], good["errors"]) == ("submitted", [])
    assert (bad["status"], [each["code"] for each in bad["errors"]]) == ("held", ["not_found"])


def a_stranger_in(picks):
    return [{**pick, "participant_refs": [str(uuid4())]} for pick in picks]


def test_what_is_released_in_a_programme_that_trusts_its_observers_counts(server):
    trusting = a_trial(server, review="trusted")
    body = trusting.body(form_version="0.9.0")
    assert trusting.file(body).status_code == 202
    released = act(trusting, body["id"], "release", by=trusting.coordinator, form_version="1.1.0", reason="Old app.").json()
    assert released["status"] == "accepted"


def test_an_accepted_version_counts_until_its_correction_is_accepted(trial):
    first = trial.filed()
    trial.review(first)
    second = trial.filed(supersedes=first)
    assert (trial.status(first), trial.status(second)) == ("accepted", "submitted")
    trial.review(second)
    assert (trial.status(first), trial.status(second)) == ("superseded", "accepted")
    assert [each["id"] for each in trial.get(second).json()["versions"]] == [first, second]


def test_a_correction_is_accepted_without_its_base_having_been(trial):
    first = trial.filed()
    second = trial.filed(supersedes=first)
    assert [each["status"] for each in bulk(trial, [second, first]).json()["results"]] == ["done", "conflict"]
    assert (trial.status(first), trial.status(second)) == ("superseded", "accepted")


def test_bulk_acceptance_of_a_whole_chain_counts_its_last_version_only(trial):
    first = trial.filed()
    second = trial.filed(supersedes=first)
    assert [each["status"] for each in bulk(trial, [first, second]).json()["results"]] == ["done", "done"]
    assert (trial.status(first), trial.status(second)) == ("superseded", "accepted")


def test_undoing_an_acceptance_lets_the_version_before_it_count_again(trial):
    first = trial.filed()
    trial.review(first)
    second = trial.filed(supersedes=first)
    trial.review(second)
    trial.review(second, "reject", "It was the other hearing.")
    assert (trial.status(first), trial.status(second)) == ("accepted", "rejected")


@pytest.mark.parametrize("decision", ["return", "reject"])
def test_what_a_coordinator_took_out_of_the_count_does_not_come_back_by_undoing_a_later_acceptance(trial, decision):
    first = trial.filed()
    trial.review(first)
    trial.review(first, decision, "Which of the two?")
    second = trial.filed(supersedes=first)
    trial.review(second)
    trial.review(second, "reject", "It was the other hearing.")
    assert (trial.status(first) == "accepted", trial.status(second)) == (False, "rejected")


def test_withdrawing_the_last_version_takes_the_chain_out(trial):
    first = trial.filed()
    second = trial.filed(supersedes=first)
    stale = act(trial, first, "withdraw", reason="A mistake.")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert act(trial, second, "withdraw", reason="A mistake.").json()["status"] == "withdrawn"
    assert (trial.status(first), trial.status(second)) == ("withdrawn", "withdrawn")
    assert (trial.review(second).status_code, trial.review(second).json()["code"]) == (409, "withdrawn")


def test_only_who_filed_it_withdraws_it(trial):
    observation = trial.filed()
    assert act(trial, observation, "withdraw", by=trial.coordinator, reason="Mine now.").status_code == 403
    other = a_member(trial.server, trial.programme, code="OBS2")
    assert act(trial, observation, "withdraw", by=other, reason="Mine now.").status_code == 404


def test_an_observer_reads_her_own_filings_and_no_others(trial):
    observation = trial.filed()
    other = a_member(trial.server, trial.programme, code="OBS2")
    assert trial.get(observation, by=trial.observer).status_code == 200
    assert trial.get(observation, by=other).status_code == 404
    assert trial.server.get("/v1/observations", token=other.token).json()["items"] == []
    assert [each["id"] for each in trial.server.get("/v1/observations", token=trial.observer.token).json()["items"]] == [observation]


def test_a_list_is_paged_without_repeating_or_missing_any(trial):
    ids = {trial.filed() for _ in range(7)}
    seen, cursor = [], ""
    while cursor is not None:
        page = trial.server.get(f"/v1/observations?limit=3{cursor and '&cursor=' + cursor}", token=trial.coordinator.token).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert len(seen) == 7
    assert set(seen) == ids


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "invalid_parameter"),
        ("limit=1e9", "invalid_parameter"),
        ("limit=-1", "invalid_parameter"),
        ("status=unheard", "invalid_parameter"),
        ("updated_after=yesterday", "invalid_parameter"),
        ("case_id=1", "invalid_parameter"),
        ("cursor=AAAA", "invalid_cursor"),
        ("cursor=%00", "invalid_cursor"),
    ],
)
def test_a_bad_query_parameter_is_told_apart(trial, query, code):
    answer = trial.server.get(f"/v1/observations?{query}", token=trial.coordinator.token)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_filters_narrow_a_list(trial):
    one, two = trial.filed(hearing="H-01"), trial.filed(hearing="H-02")
    trial.review(two)
    found = {}
    for query in (f"hearing_id={trial.hearings['H-01']}", "status=accepted", "observer=OBS1", "observer=OBS9", "form=outcome"):
        answer = trial.server.get(f"/v1/observations?{query}", token=trial.coordinator.token).json()
        found[query.partition("=")[2]] = {each["id"] for each in answer["items"]}
    assert list(found.values()) == [{one}, {two}, {one, two}, set(), set()]


def confirmed(trial, *ids, by=None):
    answer = trial.server.post("/v1/observations/receipts", {"ids": list(ids)}, token=(by or trial.observer).token)
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


NO_FILES = {"expected": 0, "present": 0, "missing": []}


def test_receipts_tell_what_is_safe_to_delete(trial):
    observation, random = trial.filed(), str(uuid4())
    held = trial.body(form_version="9.9.9")
    assert trial.file(held).status_code == 202
    found = confirmed(trial, random, observation, held["id"])
    assert [(each["id"], each["status"], each["observation_status"], each["safe_to_delete"]) for each in found] == [
        (random, "unknown", None, False),
        (observation, "stored", "submitted", True),
        (held["id"], "held", "held", True),
    ]
    assert found[0] == {
        **dict.fromkeys(found[0]),
        "id": random,
        "status": "unknown",
        "flags": [],
        "attachments": NO_FILES,
        "safe_to_delete": False,
    }
    assert found[1]["receipt"] == trial.get(observation).json()["receipt"]
    other = a_member(trial.server, trial.programme, code="OBS2")
    assert {each["status"] for each in confirmed(trial, observation, by=other)} == {"unknown"}
    assert {each["status"] for each in confirmed(trial, observation, by=trial.coordinator)} == {"stored"}


def test_what_is_stored_without_its_files_is_not_safe_to_delete(trial, monkeypatch):
    observation, whole, file = trial.filed(), trial.filed(hearing="H-02"), uuid4()
    counted = {
        (UUID(trial.programme.id), UUID(observation)): AttachmentsShown(expected=2, present=1, missing=[file]),
        (UUID(trial.programme.id), UUID(whole)): AttachmentsShown(expected=1, present=1),
    }
    monkeypatch.setattr(ATTACHMENTS, "counted", lambda _session, _programmes, _ids: counted)
    found = confirmed(trial, observation, whole)
    assert [(each["status"], each["safe_to_delete"]) for each in found] == [("stored", False), ("stored", True)]
    assert [each["attachments"] for each in found] == [
        {"expected": 2, "present": 1, "missing": [str(file)]},
        {"expected": 1, "present": 1, "missing": []},
    ]
