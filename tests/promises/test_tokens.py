"""Forged tokens over HTTP, each under the server's own key and for a session that is alive: refused for the one thing wrong with them."""

from datetime import timedelta

import pytest

from app.kit import clock
from app.kit.tokens import LIFETIME
from tests.support.clocks import FakeClock
from tests.support.every_route import RAW
from tests.support.forged import Forger
from tests.support.people import PASSWORD
from tests.support.refusals import listening, nothing_written
from tests.support.trial import a_trial

ROADS = [("GET", "/v1/me"), ("POST", RAW[0]), ("POST", RAW[1]), ("GET", "/v1/cases"), ("POST", "/v1/cases")]
"""A route of the framework's, both short roads of intake, and what a role is needed for."""


def forger(server, token):
    """Knows the newest key of a server, and the session behind a token."""
    reader = server.app.state.sign_in._reader
    claims = reader.claims_of(token)
    kid, key = next(iter(server.store.keys.ring.items()))
    return Forger(kid, key, claims.account_id, claims.session_id, int(clock.now().timestamp()))


def told(answer):
    """Everything of an answer but what differs between any two requests."""
    body = answer.json()
    assert body.pop("request_id")
    return answer.status_code, body, {name: value for name, value in answer.headers.items() if name != "x-request-id"}


def test_the_forger_makes_tokens_that_are_taken_where_nothing_is_wrong_with_them(trial):
    made = forger(trial.server, trial.coordinator.token)
    assert trial.server.get("/v1/cases", token=made.good()).status_code == 200
    assert trial.file(trial.body(form="case_fact"), by=type("By", (), {"token": made.good()})).status_code != 401


def test_every_forged_token_gets_the_same_answer_on_every_road(trial, caplog):
    made = forger(trial.server, trial.coordinator.token)
    forged = {**made.forgeries(), "a refresh token": trial.coordinator.refresh_token, "a password": PASSWORD}
    answers = []
    with nothing_written(trial.server), listening(caplog):
        for method, path in ROADS:
            first = told(trial.server.request(method, path, content=b"{"))
            assert (first[0], first[1]["code"], first[1]["errors"]) == (401, "invalid_token", [])
            for how, token in forged.items():
                answer = trial.server.request(method, path, token=token.encode(), content=b"{")
                assert told(answer) == first, (how, path)
                answers.append(first)
    assert all(answer == answers[0] for answer in answers)
    assert len(forged) > 50


def test_a_token_is_no_less_forged_when_a_good_one_was_seen_before(trial):
    """Which signatures were good is remembered by the whole token, never by its parts."""
    made = forger(trial.server, trial.coordinator.token)
    good = made.good()
    assert trial.server.get("/v1/me", token=good).status_code == 200
    head, payload, signature = good.split(".")
    other = made.good(sub=str(trial.observer.member_id))
    for mixed in (f"{head}.{other.split('.')[1]}.{signature}", f"{head}.{payload}.{other.split('.')[2]}", good + " ", good.upper()):
        assert trial.server.get("/v1/me", token=mixed).json()["code"] == "invalid_token"


def test_a_session_of_somebody_else_in_a_token_of_this_server_is_theirs_alone(trial):
    """The account of a token says nothing: rights come from the session's row."""
    made = forger(trial.server, trial.observer.token)
    other = forger(trial.server, trial.coordinator.token)
    mixed = made.good(sub=other.claims["sub"])
    assert trial.server.get("/v1/me", token=mixed).json()["account"]["username"] == trial.observer.username


@pytest.mark.parametrize("is_known", [False, True], ids=["never seen", "seen before"])
def test_a_token_ends_by_the_servers_clock(server, monkeypatch, is_known):
    fake = FakeClock(monkeypatch)
    trial = a_trial(server)
    token = trial.coordinator.token
    if is_known:
        assert server.get("/v1/me", token=token).status_code == 200
    fake.advance(seconds=LIFETIME - 1)
    assert server.get("/v1/me", token=token).status_code == 200
    fake.advance(seconds=1)
    for path in ("/v1/me", "/v1/cases"):
        assert server.get(path, token=token).json()["code"] == "invalid_token"
    fake.advance(seconds=1)
    assert server.post(RAW[0], trial.body(), token=token).json()["code"] == "invalid_token"


@pytest.mark.parametrize("off", [timedelta(days=-3), timedelta(days=3), timedelta(days=-400), timedelta(days=29_200)])
def test_a_phone_whose_clock_is_off_files_as_any_other(trial, off):
    """Its time is kept as it claims it and flagged; whether its token is good, only the server's clock says."""
    claimed = clock.now() + off
    body = trial.body(captured_at=claimed.strftime("%Y-%m-%dT%H:%M:%SZ"))
    answer = trial.file(body, headers={"Date": claimed.strftime("%a, %d %b %Y %H:%M:%S GMT")})
    assert answer.status_code == 201, answer.text
    shown = trial.get(body["id"]).json()
    assert (shown["captured_at"], shown["flags"]) == (body["captured_at"], ["clock_skew"])
