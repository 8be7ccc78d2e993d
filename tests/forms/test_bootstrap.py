"""What a phone is given: enough to work without a network, of its own cases only, and never a name."""

import gzip

import pytest

from app.forms.schemas import Bootstrap
from app.taxonomy.catalogue import current
from tests.support.effort import counted
from tests.support.monitored import Docket
from tests.support.people import a_member, a_programme
from tests.support.trial import a_trial

PACKED = 60_000
"""What the package of a small programme may weigh on the wire: a phone has 400 kbit/s."""


def asked(server, person, headers=None, **query):
    return server.get("/v1/bootstrap", token=person.token, params=query, headers={"Accept-Encoding": "identity", **(headers or {})})


def given(server, person, **query):
    answer = asked(server, person, **query)
    assert answer.status_code == 200, answer.text
    Bootstrap.model_validate_json(answer.content)
    return answer.json()


@pytest.fixture
def trial(server):
    return a_trial(server, assigned=False)


def test_an_observer_gets_the_hearings_she_is_assigned_to_and_what_stands_around_them(server, trial):
    empty = given(server, trial.observer)
    assert [empty[what] for what in ("assignments", "cases", "hearings", "participants", "documents", "courts")] == [[]] * 6
    assert (empty["member"]["code"], empty["member"]["role"]) == ("OBS1", "observer")
    trial.made("/v1/assignments", {"hearing_id": trial.hearings["H-02"], "member_id": trial.observer.member_id})
    found = given(server, trial.observer)
    assert [each["id"] for each in found["hearings"]] == [trial.hearings["H-02"]]
    assert [(each["hearing_id"], each["case_id"]) for each in found["assignments"]] == [(trial.hearings["H-02"], None)]
    assert [each["id"] for each in found["cases"]] == [trial.case]
    assert [(each["id"], each["timezone"]) for each in found["courts"]] == [(trial.court, "Asia/Aqtau")]
    assert {each["code"]: each["id"] for each in found["participants"]} == trial.participants
    assert [each["id"] for each in found["documents"]] == [trial.document]
    trial.made("/v1/assignments", {"case_id": trial.case, "member_id": trial.observer.member_id})
    assert [each["code"] for each in given(server, trial.observer)["hearings"]] == ["H-01", "H-02"]


def test_a_coordinator_gets_every_case_that_is_still_open(server):
    docket = Docket(server)
    decided = docket.make("cases", verdict_on="2012-06")
    appealed = docket.make("cases", verdict_on="2012-06")
    docket.make("hearings", case_id=appealed["id"], status="scheduled")
    found = {each["id"] for each in given(server, docket.programme.coordinator)["cases"]}
    assert found == {docket.case["id"], appealed["id"]}
    assert decided["id"] not in found


def test_forms_stand_there_as_their_own_route_shows_them_with_every_vocabulary_they_choose_from(server, trial):
    found = given(server, trial.observer, lang="kk")
    assert [each["code"] for each in found["forms"]] == list(current().forms)
    for form in found["forms"]:
        shown = server.get(f"/v1/forms/{form['code']}/versions/{form['version']}", token=trial.observer.token, params={"lang": "kk"})
        assert shown.json() == form
    asked_for = {question["choices"] for form in found["forms"] for each in form["sections"] for question in each["questions"]}
    assert asked_for - {None} <= found["vocabularies"].keys()
    for code, terms in found["vocabularies"].items():
        assert [each["code"] for each in terms] == list(current().vocabularies[code])
        assert all(set(each["label"]) == {"en", "kk", "ru"} for each in terms)
    assert [each["code"] for each in found["indicators"]] == [each.code for each in current().indicators.values() if not each.derived]


def test_what_has_not_changed_is_not_sent_again(server, trial):
    first = asked(server, trial.observer)
    assert first.headers["Cache-Control"] == "no-store"
    again = asked(server, trial.observer, {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    packed = asked(server, trial.observer, {"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content == first.content
    assert packed.headers["ETag"] == first.headers["ETag"]
    assert len(gzip.compress(first.content, 6)) < PACKED
    assert "Content-Encoding" not in asked(server, trial.observer, {"Accept-Encoding": "br, gzip;q=0"}).headers
    trial.made("/v1/assignments", {"case_id": trial.case, "member_id": trial.observer.member_id})
    assert asked(server, trial.observer, {"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_nothing_that_anybody_noted_or_is_called_is_given_to_a_phone(server):
    docket = Docket(server)
    docket.make("notes")
    docket.make("outcomes")
    server.patch(f"/v1/cases/{docket.case['id']}", {"monitoring_note": "marmalade"}, token=docket.token)
    person = docket.participant["id"]
    assert server.put(f"/v1/participants/{person}/identity", {"names": [{"text": "marmalade"}]}, token=docket.token).status_code < 300
    other, observer = docket.make("participants"), docket.an_observer()
    docket.contest(docket.participant)
    assert server.post(f"/v1/participants/{other['id']}/merge", {"into": person, "reason": "marmalade"}, token=docket.token).is_success
    docket.make("assignments", member_id=observer.member_id)
    for one in (observer, docket.programme.coordinator):
        answer = asked(server, one)
        assert b"marmalade" not in answer.content
        people = {each["id"]: each for each in answer.json()["participants"]}
        assert set(people[person]) == {"id", "case_id", "code", "role", "roles", "stands_for", "merged_into"}
        assert (people[person]["roles"], people[other["id"]]["merged_into"]) == (["witness"], person)


def test_whoever_works_in_two_programmes_says_which_one_is_meant(server, trial):
    other = a_programme(server)
    made = {"username": trial.coordinator.username, "code": "C2", "role": "observer"}
    invited = server.post(f"/v1/programmes/{other.id}/members", made, token=other.token).json()
    assert server.post(f"/v1/me/invitations/{invited['id']}/accept", token=trial.coordinator.token).is_success
    answer = asked(server, trial.coordinator)
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"pointer": "/query/programme_id", "code": "required"}])
    assert given(server, trial.coordinator, programme_id=other.id)["member"]["role"] == "observer"
    assert given(server, trial.coordinator, programme_id=trial.programme.id)["member"]["role"] == "coordinator"
    assert asked(server, trial.observer, programme_id=other.id).status_code == 404
    analyst = a_member(server, trial.programme, role="analyst")
    assert [asked(server, analyst, **query).status_code for query in ({}, {"programme_id": trial.programme.id})] == [403, 403]


def test_what_it_costs_follows_from_the_own_cases_and_not_from_what_else_there_is(server, trial, dialect):
    trial.made("/v1/assignments", {"case_id": trial.case, "member_id": trial.observer.member_id})
    with counted(server.store.database) as before:
        given(server, trial.observer)
    docket = Docket(server)
    for _ in range(5):
        trial.made("/v1/cases", {**docket.body("cases"), "programme_id": trial.programme.id, "court_id": trial.court})
        docket.make("hearings")
        docket.make("participants")
    with counted(server.store.database) as after:
        given(server, trial.observer)
    assert after.statements == before.statements < 20
    # PostgreSQL reads tables as small as these whole.
    assert dialect == "postgresql" or after.work <= before.work * 1.05
