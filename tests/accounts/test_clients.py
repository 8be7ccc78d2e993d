"""Service clients: made with a secret shown once, let in by it, admitted where a scope of theirs opens a route, ended at once."""

import base64
from datetime import UTC, datetime
from urllib.parse import quote_plus
from uuid import uuid4

import pytest

from app.accounts.models import ServiceClient
from app.accounts.rules import basic_credentials
from app.kit.access import CLIENT_SCOPES
from tests.support.clients import a_client, admitted, ask_for_token
from tests.support.clocks import FakeClock
from tests.support.monitored import Docket
from tests.support.people import a_member, a_programme
from tests.support.servers import PASSWORDS

ALL = sorted(CLIENT_SCOPES)


@pytest.fixture
def programme(server):
    return a_programme(server)


def path(programme, rest=""):
    return f"/v1/programmes/{programme.id}/clients{rest}"


def post(server, programme, *, token=None, **body):
    asked = {"label": "Figures for the website", "scopes": ["summaries:read"], **body}
    return server.post(path(programme), asked, token=token or programme.token)


def test_a_client_is_made_with_a_secret_that_is_shown_once_and_kept_nowhere(server, programme):
    answer = post(server, programme, scopes=["summaries:read", "journal:read"])
    assert answer.status_code == 201
    made = answer.json()
    secret = made.pop("secret")
    assert len(secret) >= 43
    assert made["scopes"] == ["journal:read", "summaries:read"]
    assert (made["created_by"], made["revoked_at"]) == (programme.coordinator.member_id, None)
    assert answer.headers["location"] == path(programme, f"/{made['id']}")
    assert server.get(answer.headers["location"], token=programme.token).json() == made
    assert server.get(path(programme), token=programme.token).json() == {"items": [made], "next_cursor": None}
    with server.store.read() as session:
        (row,) = session.connection().execute(ServiceClient.__table__.select())
    assert secret not in str(tuple(row))
    assert len(row.secret_hash) == 32


def test_a_client_is_let_in_by_its_secret_for_ten_minutes_and_without_a_refresh_token(server, programme):
    made = a_client(server, programme, ALL)
    answer = ask_for_token(server, made)
    assert answer.status_code == 200
    shown = answer.json()
    assert set(shown) == {"access_token", "token_type", "expires_in", "scope"}
    assert (shown["token_type"], shown["expires_in"]) == ("bearer", 600)
    assert shown["scope"].split() == ALL
    assert server.get("/v1/programmes", token=shown["access_token"]).json()["items"][0]["id"] == programme.id


def test_id_and_secret_may_stand_in_a_header_and_not_in_two_places(server, programme):
    made = a_client(server, programme, ALL)
    header = {"Authorization": "Basic " + base64.b64encode(f"{made['id']}:{made['secret']}".encode()).decode()}
    form = {"grant_type": "client_credentials"}
    assert server.client.post("/v1/auth/token", data=form, headers=header).status_code == 200
    twice = {**form, "client_id": made["id"], "client_secret": made["secret"]}
    assert server.client.post("/v1/auth/token", data=twice, headers=header).json()["code"] == "invalid_client"


def test_a_header_is_read_as_oauth2_spells_it():
    def header(text):
        return "Basic " + base64.b64encode(text.encode()).decode()

    assert basic_credentials(header(f"{quote_plus('a:b c')}:{quote_plus('d+e%')}")) == ("a:b c", "d+e%")
    for odd in (None, "", "Basic", "Basic x", "Bearer YTpi", header("no colon"), "Basic " + base64.b64encode(b"\xff:x").decode()):
        assert basic_credentials(odd) is None


def told(answer):
    body = answer.json()
    del body["request_id"]
    return answer.status_code, body, {name: value for name, value in answer.headers.items() if name != "x-request-id"}


def test_whatever_is_wrong_with_a_client_the_answer_is_the_same(server, programme, monkeypatch):
    good, revoked = a_client(server, programme, ALL), a_client(server, programme, ALL)
    server.delete(path(programme, f"/{revoked['id']}"), token=programme.token)
    wrong = [{**good, "secret": revoked["secret"]}, {**good, "secret": ""}, {**good, "secret": "\x00é" * 500}, revoked]
    wrong += [{**good, "id": odd} for odd in (str(uuid4()), "x", "", good["id"].replace("-", ""), "\x00")]
    wrong.append({"id": programme.coordinator.member_id, "secret": good["secret"]})
    monkeypatch.setattr(PASSWORDS, "_hasher", None)
    answers = [told(ask_for_token(server, each)) for each in wrong]
    assert answers[0][:1] == (401,)
    assert answers[0][1]["code"] == "invalid_client"
    assert answers.count(answers[0]) == len(answers)
    assert told(server.client.post("/v1/auth/token", data={"grant_type": "client_credentials", "client_id": good["id"]})) == answers[0]
    assert ask_for_token(server, good).status_code == 200


OPEN = {
    "summaries:read": ["/v1/cases/{case}/summary", "/v1/aggregates?measure=observations&programme_id={programme}"],
    "monitored:read": ["/v1/cases/{case}", "/v1/hearings", "/v1/participants/{participant}", "/v1/documents", "/v1/courts", "/v1/outcomes"],
    "observations:read": ["/v1/observations?programme_id={programme}"],
    "journal:read": ["/v1/journal?programme_id={programme}", "/v1/journal/checkpoints"],
}
ALWAYS = ["/v1/taxonomy", "/v1/forms", "/v1/programmes/{programme}"]
NEVER = ["/v1/me", "/v1/notes", "/v1/assignments", "/v1/programmes/{programme}/members", "/v1/programmes/{programme}/clients"]


@pytest.mark.parametrize("scope", OPEN)
def test_a_scope_opens_its_routes_and_no_other(server, scope):
    docket = Docket(server)
    known = {"programme": docket.programme.id, "case": docket.case["id"], "participant": docket.participant["id"]}
    token = admitted(server, docket.programme, [scope])
    other = admitted(server, a_programme(server), ALL)
    for opening, paths in {**OPEN, "always": ALWAYS, "never": NEVER}.items():
        for each in paths:
            answer = server.get(each.format(**known), token=token)
            assert answer.status_code == (200 if opening in (scope, "always") else 403), (each, answer.text)
            if "{" in each:
                assert server.get(each.format(**known), token=other).status_code == (403 if opening == "never" else 404), each


def test_a_client_writes_nothing_and_opens_no_name(server):
    docket = Docket(server)
    token = admitted(server, docket.programme, ALL)
    named = f"/v1/participants/{docket.participant['id']}/identity"
    assert server.put(named, {"names": [{"text": "Aliya"}]}, token=token).status_code == 403
    assert server.post(f"{named}/reveal", {"reason": "I want to know."}, token=token).status_code == 403
    for thing in ("courts", "cases", "participants"):
        assert server.post(f"/v1/{thing}", docket.body(thing), token=token).status_code == 403
    assert post(server, docket.programme, token=token).status_code == 403


def test_a_client_may_file_nothing(server):
    docket = Docket(server)
    token = admitted(server, docket.programme, ALL)
    body = {"id": str(uuid4()), "form": "case_fact", "form_version": "1.1.0", "case_id": docket.case["id"], "hearing_id": None}
    facts = {"counted": [{"subject": "persons_charged", "value": 3}], "basis": "seen", "confidence": "high"}
    filed = {**body, "supersedes": None, "captured_at": "2012-04-02T13:00:00+05:00", "answers": facts}
    assert server.post("/v1/observations", filed, token=token).json()["code"] == "forbidden"
    for body in (filed, {**filed, "case_id": str(uuid4())}, {}):
        for path, sent in (("/v1/observations", body), ("/v1/observations/batch", {"items": [body]}), ("/v1/observations/batch", {})):
            answer = server.post(path, sent, token=token)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (path, sent)
    assert server.get("/v1/observations", token=docket.token).json()["items"] == []


def test_a_revoked_client_is_out_at_once_and_for_ever(server, programme):
    made = a_client(server, programme, ALL)
    token = ask_for_token(server, made).json()["access_token"]
    assert server.get("/v1/cases", token=token).status_code == 200
    for _ in range(2):
        assert server.delete(path(programme, f"/{made['id']}"), token=programme.token).status_code == 204
    answer = server.get("/v1/cases", token=token)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")
    assert server.post("/v1/observations", {}, token=token).json()["code"] == "session_ended"
    assert server.post("/v1/observations/batch", {"items": [{}]}, token=token).json()["code"] == "session_ended"
    assert server.get(path(programme, f"/{made['id']}"), token=programme.token).json()["revoked_at"] is not None


def test_a_client_ends_by_itself_on_the_day_that_was_said(server, monkeypatch):
    clock, programme = FakeClock(monkeypatch), a_programme(server)
    made = a_client(server, programme, ALL, expires_at="2026-03-02T09:05:00Z")
    token = ask_for_token(server, made).json()["access_token"]
    clock.advance(minutes=4, seconds=59)
    assert server.get("/v1/cases", token=token).status_code == 200
    clock.advance(seconds=1)
    assert server.get("/v1/cases", token=token).json()["code"] == "session_ended"
    assert ask_for_token(server, made).json()["code"] == "invalid_client"


def test_no_client_lives_longer_than_a_year(server, monkeypatch):
    FakeClock(monkeypatch, datetime(2027, 3, 1, tzinfo=UTC))
    programme = a_programme(server)
    assert post(server, programme).json()["expires_at"] == "2028-03-01T00:00:00Z"
    assert post(server, programme, expires_at="2028-03-01T00:00:00Z").status_code == 201
    for odd in ("2028-03-01T00:00:01Z", "2027-03-01T00:00:00Z", "2012-01-01T00:00:00Z"):
        answer = post(server, programme, expires_at=odd)
        assert (answer.status_code, answer.json()["errors"]) == (422, [{"pointer": "/expires_at", "code": "out_of_range"}])


@pytest.mark.parametrize(
    ("body", "place", "code"),
    [
        ({"scopes": []}, "/scopes", "too_few_items"),
        ({"scopes": ["identity:read"]}, "/scopes/0", "not_in_vocabulary"),
        ({"scopes": ["journal:read", "journal:read"]}, "/scopes", "duplicate_item"),
        ({"label": " \u200b"}, "/label", "required"),
        ({"label": "x" * 501}, "/label", "too_long"),
        ({"role": "coordinator"}, "/role", "unknown_field"),
    ],
)
def test_what_is_wrong_with_a_new_client_is_named_by_its_place(server, programme, body, place, code):
    answer = post(server, programme, **body)
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"pointer": place, "code": code}])


def test_only_coordinators_make_see_and_end_clients(server, programme):
    made = a_client(server, programme, ALL)
    stranger = a_programme(server)
    for role in ("observer", "custodian", "analyst", "auditor"):
        token = a_member(server, programme, role=role).token
        assert post(server, programme, token=token).status_code == 403
        assert server.get(path(programme), token=token).status_code == 403
        assert server.delete(path(programme, f"/{made['id']}"), token=token).status_code == 403
    for rest in ("", f"/{made['id']}"):
        assert server.get(path(programme, rest), token=stranger.token).status_code == 404
    # Its own coordinator, by the path of another programme.
    assert server.delete(path(stranger, f"/{made['id']}"), token=stranger.token).status_code == 404
    assert ask_for_token(server, made).status_code == 200


def test_a_token_of_a_client_ends_no_client(server, programme):
    """RFC 7009 lets a server decide which tokens can be revoked: whoever holds a client's token may not end the client."""
    made = a_client(server, programme, ALL)
    token = ask_for_token(server, made).json()["access_token"]
    assert server.client.post("/v1/auth/revoke", data={"token": token}).status_code == 200
    assert server.get("/v1/cases", token=token).status_code == 200
