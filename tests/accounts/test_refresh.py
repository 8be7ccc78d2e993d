"""Refreshing: each token once, a lost reply forgiven, a replay fatal to its whole family."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.clocks import FakeClock
from tests.support.people import a_member, a_programme, an_account, an_operator, signed_in


def refresh(server, token):
    return server.client.post("/v1/auth/token", data={"grant_type": "refresh_token", "refresh_token": token})


def refreshed(server, token):
    answer = refresh(server, token)
    assert answer.status_code == 200, answer.text
    return answer.json()["refresh_token"]


def code_of(answer):
    return answer.status_code, answer.json()["code"]


def kinds(server):
    with server.store.read() as session:
        return [kind for (kind,) in session.connection().exec_driver_sql("SELECT kind FROM journal ORDER BY seq")]


@pytest.fixture
def person(server):
    return signed_in(server, an_account(server))


def test_a_refresh_gives_new_tokens_of_the_same_session(server, person):
    tokens = refresh(server, person.refresh_token).json()
    assert tokens["refresh_token"] != person.refresh_token
    assert server.get("/v1/me", token=tokens["access_token"]).status_code == 200
    assert server.get("/v1/me", token=person.token).status_code == 200


def test_a_token_resent_after_a_lost_reply_gives_the_same_successor(server, person):
    successor = refreshed(server, person.refresh_token)
    assert refreshed(server, person.refresh_token) == successor
    assert refreshed(server, person.refresh_token) == successor
    assert refreshed(server, successor) != successor


def test_a_token_used_after_its_successor_ends_the_whole_family(server, person):
    successor = refreshed(server, person.refresh_token)
    newest = refresh(server, successor).json()
    assert code_of(refresh(server, person.refresh_token)) == (401, "session_ended")
    for token in (newest["refresh_token"], successor, person.refresh_token):
        assert code_of(refresh(server, token)) == (401, "session_ended")
    for token in (person.token, newest["access_token"]):
        assert code_of(server.get("/v1/me", token=token)) == (401, "session_ended")
    assert kinds(server).count("session.replayed") == 1


def test_a_replay_ends_no_other_session_of_the_account(server, person):
    other = signed_in(server, person.username)
    refreshed(server, refreshed(server, person.refresh_token))
    refresh(server, person.refresh_token)
    assert server.get("/v1/me", token=other.token).status_code == 200


def test_five_refreshes_at_once_are_one_family_and_lock_nobody_out(server, person):
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: refresh(server, person.refresh_token), range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    (successor,) = {answer.json()["refresh_token"] for answer in answers}
    assert refreshed(server, successor)


def test_what_is_no_refresh_token_is_no_token(server, person):
    answers = [refresh(server, token) for token in (person.token, "x", "é", person.refresh_token[:-1], "z" + person.refresh_token[1:])]
    assert [code_of(answer) for answer in answers] == [(401, "invalid_token")] * 5
    assert refreshed(server, person.refresh_token)


def test_the_database_holds_no_refresh_token(server, person):
    with server.store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT * FROM login_session").fetchall()
    assert rows
    assert person.refresh_token not in str(rows)


def test_an_observers_session_lives_thirty_days_unused_and_ninety_in_all(server, monkeypatch):
    clock = FakeClock(monkeypatch)
    programme = a_programme(server)
    observer = a_member(server, programme)
    idle = signed_in(server, observer.username)
    token = observer.refresh_token
    for _ in range(4):
        clock.advance(days=22)
        token = refreshed(server, token)
    assert code_of(refresh(server, idle.refresh_token)) == (401, "session_ended")
    clock.advance(days=3)
    assert code_of(refresh(server, token)) == (401, "session_ended")


@pytest.mark.parametrize("who", ["coordinator", "operator"])
def test_a_session_with_more_rights_lives_twelve_hours_unused_and_seven_days_in_all(server, monkeypatch, who):
    clock = FakeClock(monkeypatch)
    person = a_programme(server).coordinator if who == "coordinator" else an_operator(server)
    idle = signed_in(server, person.username)
    clock.advance(hours=11)
    token = refreshed(server, person.refresh_token)
    clock.advance(hours=2)
    assert code_of(refresh(server, idle.refresh_token)) == (401, "session_ended")
    for _ in range(17):
        clock.advance(hours=9)
        token = refreshed(server, token)
    clock.advance(hours=9)
    assert code_of(refresh(server, token)) == (401, "session_ended")


def test_the_clock_of_a_device_changes_nothing(server, monkeypatch):
    clock = FakeClock(monkeypatch)
    person = signed_in(server, an_account(server))
    clock.advance(seconds=599)
    assert server.get("/v1/me", token=person.token, headers={"Date": "Thu, 01 Jan 2099 00:00:00 GMT"}).status_code == 200
    clock.advance(seconds=2)
    assert code_of(server.get("/v1/me", token=person.token)) == (401, "invalid_token")
