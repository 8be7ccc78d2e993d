"""Filing over HTTP: every case of the contract's table, one by one and in batches."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.support.forms import all_clear
from tests.support.people import a_member, a_programme
from tests.support.trial import FACT, a_trial

pytestmark = pytest.mark.one_server


@pytest.fixture
def trial(server):
    return a_trial(server)


def batch(trial, items, *, by=None, **options):
    return trial.server.post("/v1/observations/batch", {"items": items}, token=(by or trial.observer).token, **options)


def problem(answer):
    content = answer.json()
    return answer.status_code, content["code"], [(each["pointer"], each["code"]) for each in content["errors"]]


def test_a_stored_observation_is_answered_with_its_place_and_a_receipt(trial):
    body = trial.body()
    answer = trial.file(body)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/observations/{body['id']}"
    receipt = answer.json()["receipt"]
    assert receipt["log"] == trial.programme.id
    assert len(receipt["leaf_hash"]) == 64
    assert trial.get(body["id"]).json()["receipt"] == receipt


def test_the_same_again_is_200_with_the_same_receipt(trial):
    body = trial.body()
    first, again = trial.file(body), trial.file(body)
    assert (again.status_code, again.json()["status"]) == (200, "duplicate")
    assert again.json()["receipt"] == first.json()["receipt"]


def test_a_left_out_null_and_an_explicit_one_are_the_same_content(trial):
    body = trial.body(answers=all_clear(note=None))
    trial.file(body)
    leaner = {**body, "answers": all_clear()}
    del leaner["supersedes"]
    assert trial.file(leaner).status_code == 200


def test_other_content_under_the_same_id_is_409_and_the_first_stays(trial):
    body = trial.body()
    trial.file(body)
    assert problem(trial.file({**body, "answers": all_clear(openness="could_not_tell")}))[:2] == (409, "id_conflict")
    assert trial.get(body["id"]).json()["answers"]["openness"] == "open"


def test_twenty_parallel_identical_posts_leave_one_observation_and_twenty_equal_receipts(trial):
    body = trial.body()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: trial.file(body), range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({json.dumps(answer.json()["receipt"]) for answer in answers}) == 1
    listed = trial.server.get(f"/v1/observations?case_id={trial.case}", token=trial.coordinator.token).json()["items"]
    assert [each["id"] for each in listed] == [body["id"]]


@pytest.mark.own_server
def test_a_batch_of_500_with_three_bad_ones_stores_497(trial):
    items = [trial.body() for _ in range(500)]
    items[7]["answers"]["openness"] = "ajar"
    items[123]["hearing_id"] = str(uuid4())
    del items[400]["id"]
    results = batch(trial, items).json()["results"]
    assert [each["id"] for each in results] == [each.get("id") for each in items]
    bad = {n: (each["status"], each["code"], each["errors"][0]["pointer"]) for n, each in enumerate(results) if each["status"] != "created"}
    assert bad == {
        7: ("invalid", "not_in_vocabulary", "/answers/openness"),
        123: ("invalid", "not_found", "/hearing_id"),
        400: ("invalid", "required", "/id"),
    }
    assert len({each["receipt"]["seq"] for each in results if each["status"] == "created"}) == 497
    table = trial.server.store.read()
    with table as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM observation").scalar() == 497


def test_a_batch_sent_twice_gives_each_observation_once(trial):
    items = [trial.body() for _ in range(60)]
    first, again = batch(trial, items).json()["results"], batch(trial, items).json()["results"]
    assert {each["status"] for each in again} == {"duplicate"}
    assert [each["receipt"] for each in again] == [each["receipt"] for each in first]


def test_crossed_ids_from_eight_writers_neither_deadlock_nor_double(trial):
    items = [trial.body() for _ in range(40)]
    orders = [items[n:] + items[:n] if n % 2 else list(reversed(items[n:] + items[:n])) for n in range(0, 40, 5)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda order: batch(trial, order).json()["results"], orders))
    receipts = {each["id"]: set() for each in items}
    for results in answers:
        for each in results:
            assert each["status"] in ("created", "duplicate")
            receipts[each["id"]].add(each["receipt"]["seq"])
    assert all(len(seqs) == 1 for seqs in receipts.values())


def test_a_gzipped_batch_is_taken_and_a_gzipped_single_is_not(trial):
    raw = gzip.compress(json.dumps({"items": [trial.body()]}).encode())
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    token = trial.observer.token
    taken = trial.server.request("POST", "/v1/observations/batch", token=token, content=raw, headers=headers)
    assert taken.json()["results"][0]["status"] == "created"
    single = trial.server.request("POST", "/v1/observations", token=token, content=raw, headers=headers)
    assert problem(single)[:2] == (415, "unsupported_encoding")


@pytest.mark.parametrize(
    "raw", [gzip.compress(b" " * (5 * 1024 * 1024)), b"no gzip", gzip.compress(b"{}")[:-4]], ids=["bomb", "none", "cut"]
)
def test_a_gzip_bomb_or_broken_gzip_is_refused(trial, raw):
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = trial.server.request("POST", "/v1/observations/batch", token=trial.observer.token, content=raw, headers=headers)
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"items": []}, [("/items", "too_few_items")]),
        ({"items": [{}] * 501}, [("/items", "too_many_items")]),
        ({"items": {}}, [("/items", "wrong_type")]),
        ({}, [("/items", "required")]),
        ({"items": [{}], "more": 1}, [("/more", "unknown_field")]),
    ],
)
def test_a_batch_with_a_wrong_envelope_is_refused_whole(trial, body, faults):
    answer = trial.server.post("/v1/observations/batch", body, token=trial.observer.token)
    assert problem(answer) == (422, faults[0][1], faults)


def test_answers_that_break_the_form_name_every_place(trial):
    answers = all_clear(openness="ajar", any_restriction=..., unheard_of=1, absent_who=[trial.participants["D01"]])
    status, code, faults = problem(trial.file(trial.body(answers=answers)))
    assert status == 422
    assert set(faults) == {
        ("/answers/openness", "not_in_vocabulary"),
        ("/answers/any_restriction", "required"),
        ("/answers/unheard_of", "unknown_field"),
        ("/answers/absent_who", "not_relevant"),
    }
    assert code in {each for _, each in faults}


def test_the_hearing_may_be_said_twice_but_not_differently(trial):
    same = all_clear(hearing_ref=trial.hearings["H-01"])
    assert trial.file(trial.body(answers=same)).status_code == 201
    other = all_clear(hearing_ref=trial.hearings["H-02"])
    assert problem(trial.file(trial.body(answers=other))) == (
        422,
        "differs_from_hearing",
        [("/answers/hearing_ref", "differs_from_hearing")],
    )


def test_the_claimed_time_is_kept_exactly_and_flagged_when_far_off(trial):
    body = trial.body(captured_at="2106-02-07T06:28:15.5+05:00")
    trial.file(body)
    shown = trial.get(body["id"]).json()
    assert (shown["captured_at"], shown["flags"]) == ("2106-02-07T06:28:15.5+05:00", ["clock_skew"])


def test_superseding_oneself_is_refused(trial):
    body = trial.body()
    body["supersedes"] = body["id"]
    assert problem(trial.file(body)) == (422, "invalid_supersedes", [("/supersedes", "invalid_supersedes")])


def test_a_superseded_version_cannot_be_corrected_again(trial):
    first = trial.filed()
    trial.filed(supersedes=first)
    assert problem(trial.file(trial.body(supersedes=first)))[:2] == (409, "stale_version")


def test_a_correction_of_another_form_is_refused(trial):
    first = trial.filed()
    body = trial.body(supersedes=first, form="case_fact", hearing=None, answers=FACT)
    assert problem(trial.file(body))[:2] == (422, "invalid_supersedes")


def test_an_observer_without_assignment_has_it_kept_and_held(trial):
    other = a_member(trial.server, trial.programme, code="OBS2")
    answer = trial.file(trial.body(), by=other)
    assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (202, "held", "not_assigned")
    assert answer.json()["receipt"]["seq"] > 0


def test_a_hearing_assignment_covers_that_hearing_only(trial):
    other = a_member(trial.server, trial.programme, code="OBS2")
    trial.made("/v1/assignments", {"hearing_id": trial.hearings["H-02"], "member_id": other.member_id})
    assert trial.file(trial.body(hearing="H-02"), by=other).status_code == 201
    assert trial.file(trial.body(hearing="H-01"), by=other).status_code == 202
    assert trial.file(trial.body(hearing=None, form="case_fact", answers=FACT), by=other).status_code == 202


def test_another_programmes_case_and_a_random_one_are_answered_alike(trial):
    stranger = a_programme(trial.server)
    seen = {
        json.dumps({**trial.file(trial.body(case_id=case), by=stranger.coordinator).json(), "request_id": ""})
        for case in (trial.case, str(uuid4()))
    }
    assert len(seen) == 1
    assert '"not_found"' in seen.pop()


def test_an_analyst_may_not_file(trial):
    analyst = a_member(trial.server, trial.programme, role="analyst", code="ANA")
    assert problem(trial.file(trial.body(), by=analyst))[:2] == (403, "forbidden")


def test_a_custom_form_that_is_not_known_here_is_kept_and_held(trial):
    body = trial.body(form="custom", answers=[{"question": "mood", "value": 1.5}, {"question": "who", "value": ["a"]}])
    body["form_code"] = "x_mood"
    answer = trial.file(body)
    assert (answer.status_code, answer.json()["code"]) == (202, "unknown_form_version")
    assert trial.get(body["id"]).json()["answers"] == {"mood": 1.5, "who": ["a"]}


@pytest.mark.parametrize("token", [None, "x.y.z"])
def test_without_a_good_token_nothing_is_said_about_the_body(trial, token):
    for raw in (b"{", b"[]", json.dumps(trial.body()).encode()):
        for path in ("/v1/observations", "/v1/observations/batch"):
            answer = trial.server.request("POST", path, token=token, content=raw, headers={"Content-Type": "application/json"})
            assert problem(answer) == (401, "invalid_token", [])


def test_a_removed_member_is_refused_before_anything_about_the_body_is_said(trial):
    gone = trial.server.delete(f"/v1/programmes/{trial.programme.id}/members/{trial.observer.member_id}", token=trial.coordinator.token)
    assert gone.status_code in (200, 204)
    assert problem(trial.file(trial.body()))[:2] in [(401, "session_ended"), (404, "not_found")]


def test_what_is_not_json_of_utf_8_is_refused_alike_on_both_roads(trial):
    for path in ("/v1/observations", "/v1/observations/batch"):
        for raw in (b"", b"{", b"nul", '{"a":1}'.encode("utf-16"), b"\xef\xbb\xbf{}", b'{"a":"\xff"}', b'{"a":NaN}'):
            answer = trial.server.request(
                "POST", path, token=trial.observer.token, content=raw, headers={"Content-Type": "application/json"}
            )
            assert problem(answer)[:2] == (400, "malformed_json"), raw


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data", "application/json; charset=utf-16", ""])
def test_only_json_is_taken(trial, content_type):
    headers = {"Content-Type": content_type}
    answer = trial.server.request("POST", "/v1/observations", token=trial.observer.token, content=b"{}", headers=headers)
    assert problem(answer)[:2] == (415, "unsupported_media_type")
