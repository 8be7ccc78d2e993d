"""Signing in with a password: equal answers, growing delays, bounded work."""

import statistics
import threading
import time
import unicodedata

import pytest

from app.accounts import service
from app.accounts.passwords import FULL_WORK, Passwords, Work
from app.kit.codes import folded
from app.kit.errors import Problem
from tests.support.clocks import FakeClock
from tests.support.people import PASSWORD, a_username, an_account, sign_in
from tests.support.servers import PASSWORDS


def grant(server, **form):
    return server.client.post("/v1/auth/token", data=form)


def told(answer):
    """Everything of an answer but what differs between any two requests."""
    body = answer.json()
    del body["request_id"]
    return answer.status_code, body, {name: value for name, value in answer.headers.items() if name != "x-request-id"}


def an_account_with(server, password):
    name = a_username()
    newcomer = server.app.state.sign_in.newcomer(name, password)
    server.store.write(lambda session: service.open_account(session, newcomer))
    return name


def a_disabled_account(server):
    name = an_account(server)
    server.store.write(lambda session: service.switch_account(session, name, is_active=False))
    return name


def test_a_right_password_opens_a_session(server):
    answer = sign_in(server, an_account(server, "Aigul"), PASSWORD)
    assert answer.status_code == 200
    tokens = answer.json()
    assert set(tokens) == {"access_token", "token_type", "expires_in", "refresh_token", "scope"}
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 600)
    assert answer.headers["cache-control"] == "no-store"
    assert server.get("/v1/me", token=tokens["access_token"]).json()["account"]["username"] == "Aigul"


def test_a_user_name_is_compared_without_case_and_outer_blanks(server):
    an_account(server, "Әсел")
    assert sign_in(server, " әСЕЛ ").status_code == 200


def test_a_password_is_the_same_however_its_letters_are_composed(server):
    password = "йод, café, Ёлка и ҚАЗ"
    name = an_account_with(server, password)
    assert sign_in(server, name, unicodedata.normalize("NFD", password)).status_code == 200


def test_no_character_of_a_long_password_is_cut(server):
    password = "қара ағаш, " * 18
    for wrong in (password[:-1], password + "x"):
        name = an_account_with(server, password)
        assert sign_in(server, name, wrong).status_code == 401
        assert sign_in(server, name, password).status_code == 200


def test_nobody_learns_from_an_answer_which_names_exist(server, monkeypatch):
    clock = FakeClock(monkeypatch)
    secretly = server.app.state.sign_in.newcomer("without", None)
    server.store.write(lambda session: service.open_account(session, secretly))
    names = [an_account(server), a_disabled_account(server), "without", "nobody", "\u0000nobody", "n" * 5000, "\u202enobody"]
    for _ in range(6):
        answers = [told(sign_in(server, name, "quite another thing")) for name in names if len(name) < 4096]
        assert answers[0][0] == 401
        assert answers[0][1]["code"] == "invalid_credentials"
        assert answers.count(answers[0]) == len(answers)
        delayed = [told(sign_in(server, name, "quite another thing")) for name in names if len(name) < 4096]
        assert delayed.count(delayed[0]) == len(delayed)
        clock.advance(seconds=60)


def test_a_disabled_account_is_answered_as_a_wrong_password_is(server):
    assert told(sign_in(server, a_disabled_account(server))) == told(sign_in(server, an_account(server), "quite another thing"))


@pytest.mark.parametrize("name", ["known", "unknown", "disabled", "without"])
def test_argon2_runs_once_for_every_password_grant(server, monkeypatch, name):
    names = {"known": an_account(server), "unknown": "nobody", "disabled": a_disabled_account(server), "without": "without"}
    server.store.write(lambda session: service.open_account(session, server.app.state.sign_in.newcomer("without", None)))
    runs = []
    verify = PASSWORDS._hasher.verify
    monkeypatch.setattr(PASSWORDS._hasher, "verify", lambda *given: runs.append(1) or verify(*given))
    sign_in(server, names[name], "quite another thing")
    assert len(runs) == 1


def test_argon2_never_runs_for_a_request_without_a_password_to_check(server, monkeypatch):
    tokens = sign_in(server, an_account(server)).json()
    monkeypatch.setattr(PASSWORDS, "_hasher", None)
    assert grant(server, grant_type="refresh_token", refresh_token=tokens["refresh_token"]).status_code == 200
    assert grant(server, grant_type="refresh_token", refresh_token="x").status_code == 401
    assert grant(server, grant_type="client_credentials", client_id="x", client_secret="y").status_code == 401
    assert grant(server, grant_type="password", username="x").status_code == 422


def test_known_and_unknown_names_take_the_same_time():
    passwords = Passwords(Work(memory=4096, passes=1))
    kept = passwords.hash(PASSWORD)
    times = {kept: [], None: []}
    for _ in range(30):
        for which, spent in times.items():
            started = time.thread_time()
            passwords.holds("quite another thing", which)
            spent.append(time.thread_time() - started)
    known, unknown = (statistics.median(spent) for spent in times.values())
    assert 0.7 < known / unknown < 1.4


def test_passwords_are_hashed_as_owasp_recommends():
    assert (FULL_WORK.memory, FULL_WORK.passes) == (19_456, 2)
    assert Passwords()._hasher.hash("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_delay_grows_with_each_failure_and_ends_by_itself(server, monkeypatch):
    clock = FakeClock(monkeypatch)
    name = an_account(server)
    for delay in (0, 1, 2, 4, 8, 16, 32, 42, 42):
        assert sign_in(server, name, "quite another thing").status_code == 401
        if delay:
            refused = sign_in(server, name, PASSWORD)
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
            assert refused.headers["retry-after"] == str(delay)
            clock.advance(seconds=delay)
    assert sign_in(server, name, PASSWORD).status_code == 200
    assert sign_in(server, name, "quite another thing").status_code == 401
    assert sign_in(server, name, PASSWORD).status_code == 200


def test_failures_of_one_name_delay_no_other(server, monkeypatch):
    FakeClock(monkeypatch)
    name, other = an_account(server), an_account(server)
    for _ in range(3):
        sign_in(server, name, "quite another thing")
    assert sign_in(server, name).status_code == 429
    assert sign_in(server, other).status_code == 200


def test_old_failures_are_forgotten_and_leave_no_row(server, monkeypatch):
    clock = FakeClock(monkeypatch)
    for name in ("one", "two", "three"):
        sign_in(server, name, "quite another thing")
    clock.advance(minutes=16)
    sign_in(server, "four", "quite another thing")
    with server.store.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM login_delay").scalar() == 1


def test_no_user_name_is_kept_for_a_failure(server):
    sign_in(server, "somebody-with-a-name", "quite another thing")
    with server.store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT subject FROM login_delay").fetchall()
    assert rows
    assert all("somebody" not in subject for (subject,) in rows)


def test_two_passwords_are_hashed_at_once_eight_wait_and_the_next_is_sent_away():
    passwords = Passwords(Work(memory=8, passes=1))
    inside, done, most = threading.Semaphore(0), threading.Event(), []

    def hashing():
        with passwords.turn():
            most.append(1)
            inside.release()
            done.wait(20)

    threads = [threading.Thread(target=hashing) for _ in range(10)]
    for thread in threads:
        thread.start()
    assert inside.acquire(timeout=20)
    assert inside.acquire(timeout=20)
    deadline = time.monotonic() + 20
    while passwords._taken.total() < 10 and time.monotonic() < deadline:
        time.sleep(0.005)
    assert len(most) == 2
    with pytest.raises(Problem) as caught, passwords.turn():
        pass
    assert (caught.value.kind.status, caught.value.kind.code, caught.value.headers["Retry-After"]) == (429, "too_many_requests", "1")
    done.set()
    for thread in threads:
        thread.join()
    with passwords.turn():
        pass


def test_other_grants_are_refused_by_name(server):
    assert (
        told(grant(server, grant_type="client_credentials"))[:2] == told(grant(server, grant_type="client_credentials", client_id="x"))[:2]
    )
    assert grant(server, grant_type="client_credentials").json()["code"] == "invalid_client"
    answer = grant(server, grant_type="authorization_code")
    assert (answer.status_code, answer.json()["code"]) == (400, "unsupported_grant_type")


def test_a_field_that_a_grant_needs_is_named_where_it_lacks(server):
    for form, field in [({}, "grant_type"), ({"grant_type": "password"}, "username"), ({"grant_type": "refresh_token"}, "refresh_token")]:
        answer = grant(server, **form)
        assert answer.status_code == 422
        assert answer.json()["errors"] == [{"pointer": f"/{field}", "code": "required"}]


@pytest.mark.parametrize(
    "body", [b"grant_type=password&username=%ff%fe&password=%00", b"grant_type=password&username=a&password=%ED%A0%80"]
)
def test_bytes_that_are_no_text_are_a_wrong_password(server, body):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = server.request("POST", "/v1/auth/token", content=b"grant_type=password&" + body, headers=form)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


def test_neither_name_nor_password_is_logged_or_answered(server, caplog):
    caplog.set_level("DEBUG")
    name = an_account(server, "canary-name")
    texts = [sign_in(server, name, "canary-password").text, sign_in(server, name).text]
    assert folded(name) not in caplog.text
    assert not any(canary in text for text in [*texts, caplog.text] for canary in ("canary-password", PASSWORD))
