"""Whatever ends a right ends it on the next request, in every process."""

import pytest

from app.accounts import service
from tests.support.people import a_member, a_programme, an_account, sign_in, signed_in
from tests.support.servers import Server


@pytest.fixture
def other(server, database_address, tmp_path):
    """A second process on the same database, with the same keys."""
    with Server(database_address, tmp_path) as running:
        yield running


def revoke(server, token):
    return server.client.post("/v1/auth/revoke", data={"token": token})


def status(server, token):
    answer = server.get("/v1/me", token=token)
    return answer.status_code, answer.json().get("code")


def test_signing_out_ends_the_session_with_either_token(server, other):
    for of in ("token", "refresh_token"):
        person = signed_in(server, an_account(server))
        assert status(other, person.token) == (200, None)
        assert revoke(server, getattr(person, of)).status_code == 200
        assert status(server, person.token) == (401, "session_ended")
        assert status(other, person.token) == (401, "session_ended")


def test_signing_out_says_nothing_about_a_token(server):
    person = signed_in(server, an_account(server))
    answers = [revoke(server, token) for token in (person.token, person.token, "nonsense", "é")]
    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"")] * 4


def test_signing_out_ends_no_other_session(server):
    person = signed_in(server, an_account(server))
    other = signed_in(server, person.username)
    revoke(server, other.token)
    assert status(server, person.token) == (200, None)


def test_a_disabled_account_is_out_at_once_and_in_again_only_by_signing_in(server, other):
    person = signed_in(server, an_account(server))
    assert status(other, person.token) == (200, None)
    server.store.write(lambda session: service.switch_account(session, person.username, is_active=False))
    assert status(server, person.token) == (401, "session_ended")
    assert status(other, person.token) == (401, "session_ended")
    assert sign_in(server, person.username).status_code == 401
    server.store.write(lambda session: service.switch_account(session, person.username, is_active=True))
    assert status(server, person.token) == (401, "session_ended")
    assert sign_in(server, person.username).status_code == 200


def test_a_member_who_is_removed_from_the_only_programme_is_signed_out_at_once(server, other):
    programme = a_programme(server)
    observer = a_member(server, programme)
    assert status(other, observer.token) == (200, None)
    assert server.delete(f"/v1/programmes/{programme.id}/members/{observer.member_id}", token=programme.token).status_code == 204
    assert status(server, observer.token) == (401, "session_ended")
    assert status(other, observer.token) == (401, "session_ended")


def test_a_role_that_was_taken_away_is_gone_on_the_next_request(server, other):
    programme = a_programme(server)
    second = a_member(server, programme, role="coordinator")
    a_further = {"username": second.username, "code": "OBS9", "role": "observer"}
    assert server.post(f"/v1/programmes/{programme.id}/members", a_further, token=programme.token).status_code == 201
    path = f"/v1/programmes/{programme.id}/members"
    assert other.get(path, token=second.token).status_code == 200
    server.delete(f"{path}/{second.member_id}", token=programme.token)
    for running in (server, other):
        assert running.get(path, token=second.token).json()["code"] == "forbidden"
        assert running.get(f"/v1/programmes/{programme.id}", token=second.token).status_code == 200


def test_a_member_of_two_programmes_keeps_the_other(server):
    one, two = a_programme(server), a_programme(server)
    person = a_member(server, one)
    invited = server.post(
        f"/v1/programmes/{two.id}/members", {"username": person.username, "code": "X1", "role": "observer"}, token=two.token
    )
    assert server.post(f"/v1/me/invitations/{invited.json()['id']}/accept", token=person.token).status_code == 200
    server.delete(f"/v1/programmes/{one.id}/members/{person.member_id}", token=one.token)
    assert server.get(f"/v1/programmes/{one.id}", token=person.token).status_code == 404
    assert server.get(f"/v1/programmes/{two.id}", token=person.token).status_code == 200
