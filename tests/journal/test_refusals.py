"""Who asks for what belongs to another programme learns nothing, and that programme's auditors learn of it."""

import json
import time
from uuid import uuid4

import pytest

from tests.support.forms import all_clear
from tests.support.journals import entries
from tests.support.monitored import Docket
from tests.support.own_forms import Desk, filled
from tests.support.trial import a_trial

pytestmark = pytest.mark.one_server


@pytest.fixture
def other(server):
    return Docket(server)


def refused(docket):
    return [each for each in entries(docket.server, docket.programme.id) if each.kind == "access.refused"]


def waited(docket, n):
    """The refusals noted, once there are as many as are waited for: they are noted after the answer."""
    until = time.monotonic() + 10
    while len(refused(docket)) < n and time.monotonic() < until:
        time.sleep(0.01)
    return refused(docket)


def account_of(docket):
    return docket.server.get("/v1/me", token=docket.token).json()["account"]["id"]


def test_an_id_in_an_address_a_query_and_a_body_is_noted_where_it_belongs(docket, other):
    server = docket.server
    server.get(f"/v1/cases/{docket.case['id']}", token=other.token)
    server.get("/v1/hearings", token=other.token, params={"programme_id": docket.programme.id})
    assert other.post("hearings", case_id=docket.case["id"]).status_code == 404
    assert other.post("cases", court_id=docket.court["id"]).status_code == 404
    found = waited(docket, 3)
    # The same case was asked for twice within the hour.
    assert sorted(str(each.subject_id) for each in found) == sorted([docket.case["id"], docket.programme.id, docket.court["id"]])
    assert {str(each.actor) for each in found} == {account_of(other)}
    routes = {str(each.subject_id): json.loads(each.leaf)["facts"] for each in found}
    assert routes[docket.case["id"]] == {"route": "GET /v1/cases/{case_id}"}
    assert routes[docket.court["id"]] == {"route": "POST /v1/cases"}
    assert refused(other) == []


def test_what_is_nowhere_and_what_is_ones_own_and_gone_is_noted_nowhere(docket, other):
    server = docket.server
    gone = docket.make("notes")
    docket.delete("notes", gone)
    for token, thing in ((docket.token, gone["id"]), (docket.token, str(uuid4())), (other.token, "nonsense")):
        assert server.get(f"/v1/notes/{thing}", token=token).status_code == 404
    assert server.get(f"/v1/notes/{gone['id']}", token=other.token).status_code == 404
    (found,) = waited(docket, 1)
    assert str(found.subject_id) == gone["id"]
    assert refused(other) == []


def test_a_refusal_is_no_trace_by_which_the_next_could_be_noted(docket, other):
    """An entry about an id in some log does not make the id that programme's own."""
    server, third = docket.server, Docket(docket.server)
    unknown = str(uuid4())
    for each in (other, third):
        server.get(f"/v1/cases/{docket.case['id']}", token=each.token)
        server.get(f"/v1/cases/{unknown}", token=each.token)
    assert len(waited(docket, 2)) == 2
    assert refused(other) == refused(third) == []


@pytest.mark.parametrize("in_batch", [False, True])
def test_a_filing_for_another_programmes_case_is_noted_where_that_belongs(server, in_batch):
    mine, other = a_trial(server), a_trial(server)
    body = mine.body(case_id=other.case)
    path, sent = ("/v1/observations/batch", {"items": [mine.body(), body]}) if in_batch else ("/v1/observations", body)
    answer = server.post(path, sent, token=mine.observer.token)
    assert answer.status_code == (200 if in_batch else 404)
    (found,) = waited(other, 1)
    assert str(found.subject_id) == other.case
    assert json.loads(found.leaf)["facts"] == {"route": f"POST {path}"}


@pytest.mark.parametrize("in_batch", [False, True])
def test_another_programmes_participant_in_an_answer_is_noted_by_core_and_own_forms(server, in_batch):
    mine, other = a_trial(server), a_trial(server, participants=4)
    Desk(server, mine.programme).published()
    people = [other.participants["D03"], other.participants["D04"]]
    picks = [{"indicator": "counsel.confidential_time_limited", "value": "present", "participant_refs": [people[1]]}]
    for body in (filled(mine, who=people[0]), mine.body(answers=all_clear(other_facts=picks))):
        path, sent = ("/v1/observations/batch", {"items": [body]}) if in_batch else ("/v1/observations", body)
        assert server.post(path, sent, token=mine.observer.token).status_code == (200 if in_batch else 404)
    assert {str(each.subject_id) for each in waited(other, 2)} == set(people)
