"""Who may keep what is monitored: coordinators of its programme. What others may not know of looks as if it never was."""

from uuid import uuid4

import pytest

from tests.support.monitored import EDITABLE, THINGS, Docket, codes, without_request_id
from tests.support.people import an_operator

pytestmark = pytest.mark.one_server

REFERENCES = {
    "courts": {"programme_id": "programme"},
    "cases": {"programme_id": "programme", "court_id": "court"},
    "hearings": {"case_id": "case", "court_id": "court"},
    "participants": {"case_id": "case"},
    "assignments": {"member_id": "member", "hearing_id": "hearing"},
    "documents": {"programme_id": "programme", "case_id": "case"},
    "outcomes": {"case_id": "case", "participant_id": "participant"},
    "notes": {"programme_id": "programme", "case_id": "case"},
}


def requests_about(docket, thing, thing_id):
    """Everything that can be asked about one thing."""
    address = f"/v1/{thing}/{thing_id}"
    yield "GET", address, {}
    yield "DELETE", address, {}
    if thing in EDITABLE:
        yield "PATCH", address, {"json": {}}
    if thing == "participants":
        body = {"role": "witness", "reading": "A", "source": docket.source()}
        yield "POST", f"{address}/roles", {"json": body}
        yield "DELETE", f"{address}/roles", {"json": body}
        yield "DELETE", f"{address}/roles/{uuid4()}", {}


@pytest.mark.parametrize("thing", THINGS)
def test_a_thing_of_another_programme_looks_as_if_it_never_was(running, docket, thing):
    theirs = Docket(running).make(thing)
    for method, path, options in requests_about(docket, thing, theirs["id"]):
        foreign = running.request(method, path, token=docket.token, **options)
        never = running.request(method, path.replace(theirs["id"], str(uuid4())), token=docket.token, **options)
        assert foreign.status_code == never.status_code == 404
        assert without_request_id(foreign) == without_request_id(never)


@pytest.mark.parametrize("thing", THINGS)
def test_an_operator_learns_nothing_of_any_thing(running, docket, thing):
    mine = docket.make(thing)
    operator = an_operator(running)
    answers = {running.request(m, p, token=operator.token, **o).status_code for m, p, o in requests_about(docket, thing, mine["id"])}
    assert answers == {404}
    assert running.post(f"/v1/{thing}", docket.body(thing), token=operator.token).status_code == 404
    assert running.get(f"/v1/{thing}", token=operator.token).json() == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("role", ["observer", "custodian", "analyst", "auditor"])
def test_other_members_see_that_a_thing_is_there_and_may_do_nothing(running, docket, role):
    member = docket.an_observer(role=role)
    for thing in THINGS:
        mine = docket.make(thing)
        answers = {running.request(m, p, token=member.token, **o).status_code for m, p, o in requests_about(docket, thing, mine["id"])}
        assert answers == {403}, thing
        assert running.post(f"/v1/{thing}", docket.body(thing), token=member.token).status_code == 403
        assert running.get(f"/v1/{thing}", token=member.token).json()["items"] == []
        of_programme = running.get(f"/v1/{thing}", params={"programme_id": docket.programme.id}, token=member.token)
        assert codes(of_programme) == ["forbidden"]


@pytest.mark.parametrize("thing", THINGS)
def test_a_reference_into_another_programme_is_as_missing_as_any(running, docket, thing):
    theirs = Docket(running)
    foreign = {name: getattr(theirs, name)["id"] for name in ("court", "case", "hearing", "participant")}
    foreign |= {"programme": theirs.programme.id, "member": theirs.an_observer().member_id}
    for field, kind in REFERENCES[thing].items():
        answer, never = docket.post(thing, **{field: foreign[kind]}), docket.post(thing, **{field: str(uuid4())})
        assert answer.status_code == never.status_code == 404
        assert codes(answer) == ["not_found", f"/{field} not_found"]
        assert without_request_id(answer) == without_request_id(never)


@pytest.mark.parametrize("thing", ["outcomes", "notes"])
def test_a_source_in_another_programme_is_missing(running, docket, thing):
    theirs = Docket(running)
    answer = docket.post(thing, source=theirs.source())
    assert codes(answer) == ["not_found", "/source/document_id not_found"]


@pytest.mark.parametrize(
    ("thing", "parents"), [("hearings", "case"), ("participants", "case"), ("cases", "court"), ("assignments", "hearing")]
)
def test_a_list_of_what_one_may_not_know_is_missing(running, docket, thing, parents):
    theirs = Docket(running)
    for query, foreign in ((f"{parents}_id", getattr(theirs, parents)["id"]), ("programme_id", theirs.programme.id)):
        answer = running.get(f"/v1/{thing}", params={query: foreign}, token=docket.token)
        never = running.get(f"/v1/{thing}", params={query: str(uuid4())}, token=docket.token)
        assert answer.status_code == 404
        assert without_request_id(answer) == without_request_id(never)


def test_lists_show_only_what_one_coordinates(running, docket):
    theirs = Docket(running)
    for thing in THINGS:
        mine = docket.make(thing)
        foreign = theirs.make(thing)
        shown = {each["id"] for each in docket.listed(thing)}
        assert mine["id"] in shown
        assert foreign["id"] not in shown


def test_nobody_is_told_anything_without_a_token(running):
    for thing in THINGS:
        assert running.get(f"/v1/{thing}").status_code == 401
        assert running.post(f"/v1/{thing}", {"nonsense": True}).status_code == 401
        assert running.get(f"/v1/{thing}/{uuid4()}").status_code == 401
