"""Assignments: a member observes one hearing, or a whole case."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.monitored import codes

pytestmark = pytest.mark.one_server


def test_an_assignment_is_to_a_hearing_or_to_a_case(docket):
    observer = docket.an_observer()
    to_hearing = docket.make("assignments", member_id=observer.member_id)
    assert (to_hearing["hearing_id"], to_hearing["case_id"]) == (docket.hearing["id"], None)
    to_case = docket.make("assignments", member_id=observer.member_id, hearing_id=..., case_id=docket.case["id"])
    assert (to_case["hearing_id"], to_case["case_id"]) == (None, docket.case["id"])
    assert codes(docket.post("assignments", hearing_id=...)) == ["required", "/hearing_id required"]
    assert codes(docket.post("assignments", case_id=docket.case["id"])) == ["not_relevant", "/case_id not_relevant"]


def test_who_is_assigned_already_is_not_assigned_again(docket):
    made = docket.make("assignments")
    assert codes(docket.post("assignments", member_id=made["member_id"])) == ["already_assigned"]
    body = docket.body("assignments")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: docket.server.post("/v1/assignments", body, token=docket.token), range(8)))
    assert sorted(each.status_code for each in answers) == [201] + [409] * 7
    assert docket.delete("assignments", made).status_code == 204
    assert docket.make("assignments", member_id=made["member_id"])["id"] != made["id"]


def test_somebody_who_was_removed_is_missing(docket):
    observer = docket.an_observer()
    members = f"/v1/programmes/{docket.programme.id}/members"
    assert docket.server.delete(f"{members}/{observer.member_id}", token=docket.token).status_code == 204
    assert codes(docket.post("assignments", member_id=observer.member_id)) == ["not_found", "/member_id not_found"]


def test_there_is_nothing_to_change_of_an_assignment(docket):
    assert docket.patch("assignments", docket.make("assignments"), {}).status_code == 405
