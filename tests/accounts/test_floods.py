"""A flood of wrong passwords shuts nobody out: not the owner who is known, nobody else, no other route. No address is kept for it."""

import threading
import time
from contextlib import contextmanager

import pytest
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from app.accounts import service
from app.accounts.passwords import Passwords, Work
from app.accounts.sources import Sources
from app.kit.errors import Problem
from tests.support.clocks import FakeClock
from tests.support.people import PASSWORD, a_username, an_account, sign_in, signed_in
from tests.support.servers import PASSWORDS
from tests.support.trial import a_trial

HOME, ELSEWHERE, WRONG = "81.88.144.7", "5.34.96.201", "quite another thing"


def ask(server, username, password=PASSWORD, *, address=ELSEWHERE, **form):
    """The answer to a sign-in from an address."""
    client = TestClient(server.app, base_url="http://127.0.0.1", client=(address, 50_000), raise_server_exceptions=False)
    return client.post("/v1/auth/token", data={"grant_type": "password", "username": username, "password": password, **form})


def told(answer):
    return answer.status_code, answer.json().get("code")


OK, REFUSED, DELAYED = (200, None), (401, "invalid_credentials"), (429, "too_many_requests")


def flood(server, clock, username, *, addresses=50):
    """Wrong passwords from many networks, each as soon as it may be tried, so that the delay is as long as it gets."""
    for number in range(addresses):
        answer = ask(server, username, WRONG, address=f"9.{number}.1.1")
        while answer.status_code == 429:
            clock.advance(seconds=int(answer.headers["Retry-After"]))
            answer = ask(server, username, WRONG, address=f"9.{number}.1.1")
        assert told(answer) == REFUSED
    assert told(ask(server, username)) == DELAYED


@pytest.fixture
def clock(monkeypatch):
    return FakeClock(monkeypatch)


@pytest.fixture
def counted(monkeypatch):
    """How often Argon2 ran, in either direction."""
    runs = []
    for name in ("hash", "verify"):
        real = getattr(PASSWORDS._hasher, name)
        monkeypatch.setattr(PASSWORDS._hasher, name, lambda *given, real=real, name=name: runs.append(name) or real(*given))
    return runs


@contextmanager
def busy_hashing(monkeypatch, server, names):
    """Sign-ins under way for these names, none of which goes on before the end."""
    free, real = threading.Event(), PASSWORDS.holds
    monkeypatch.setattr(PASSWORDS, "holds", lambda *given: free.wait(60) and real(*given))
    answers = []
    threads = [threading.Thread(target=lambda name=name: answers.append(ask(server, name))) for name in names]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 60
    while PASSWORDS._taken.total() < len(names) and time.monotonic() < deadline:
        time.sleep(0.005)
    try:
        yield answers
    finally:
        free.set()
        for thread in threads:
            thread.join()


def test_blanks_around_a_name_are_no_other_name_to_guess_under(server, clock):
    name = an_account(server)
    for blanks in ("", " ", "  ", "\u00a0", "\t", "\n"):
        ask(server, f"{blanks}{name.upper()}{blanks}", WRONG)
    assert [told(ask(server, f"{blanks}{name}")) for blanks in ("", " ", "\u3000")] == [DELAYED] * 3


def test_whoever_shows_a_refresh_token_of_the_account_does_not_wait_for_strangers(server, clock):
    owner = signed_in(server, an_account(server))
    flood(server, clock, owner.username)
    assert told(ask(server, owner.username, refresh_token=owner.refresh_token)) == OK
    assert told(ask(server, owner.username, address="9.9.9.9")) == DELAYED, "the owner's success does not free the strangers"


def test_a_refresh_token_that_has_run_out_still_tells_the_owner_from_strangers(server, clock):
    owner = signed_in(server, an_account(server))
    clock.advance(days=200)
    flood(server, clock, owner.username)
    over = server.client.post("/v1/auth/token", data={"grant_type": "refresh_token", "refresh_token": owner.refresh_token})
    assert told(over) == (401, "session_ended")
    assert told(ask(server, owner.username, refresh_token=owner.refresh_token)) == OK


def test_a_live_session_refreshes_through_any_flood(server, clock):
    owner = signed_in(server, an_account(server))
    flood(server, clock, owner.username)
    answer = server.client.post("/v1/auth/token", data={"grant_type": "refresh_token", "refresh_token": owner.refresh_token})
    assert told(answer) == OK


def test_a_network_that_signed_in_today_does_not_wait_for_strangers(server, clock):
    name = an_account(server)
    assert told(ask(server, name, address=HOME)) == OK
    flood(server, clock, name)
    assert told(ask(server, name, address="81.88.144.250")) == OK
    clock.advance(days=1)
    flood(server, clock, name)
    assert told(ask(server, name, address=HOME)) == DELAYED, "yesterday's networks are forgotten"


def test_a_network_is_known_for_the_name_that_signed_in_from_it_alone(server, clock):
    name, other = an_account(server), an_account(server)
    assert told(ask(server, other, address=HOME)) == OK
    flood(server, clock, name)
    assert told(ask(server, name, address=HOME)) == DELAYED


def test_who_is_known_waits_for_their_own_failures(server, clock):
    owner = signed_in(server, an_account(server))
    for expected in (REFUSED, REFUSED, DELAYED):
        assert told(ask(server, owner.username, WRONG, refresh_token=owner.refresh_token)) == expected
    assert told(ask(server, owner.username)) == OK, "and strangers for theirs"


def test_a_token_that_is_not_the_owners_makes_nobody_known(server, clock):
    owner, other, ended = (signed_in(server, an_account(server)) for _ in range(3))
    again = signed_in(server, owner.username)
    server.client.post("/v1/auth/revoke", data={"token": again.token})
    flood(server, clock, owner.username)
    for token in (other.refresh_token, again.refresh_token, owner.token, owner.refresh_token[:-2] + "AA", "x", "é", ""):
        assert told(ask(server, owner.username, refresh_token=token)) == DELAYED
    assert told(ask(server, ended.username, refresh_token=owner.refresh_token)) == OK


def test_a_flood_on_one_name_takes_no_place_from_others(server, clock, counted):
    name, other = an_account(server), an_account(server)
    flood(server, clock, name, addresses=3)
    counted.clear()
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(told(ask(server, name, WRONG)))) for _ in range(20)]
    for thread in threads:
        thread.start()
    assert told(ask(server, other)) == OK
    for thread in threads:
        thread.join()
    assert answers == [DELAYED] * 20
    assert counted == ["verify"], "the other's, and not one of the flood's"


def test_while_all_places_are_taken_every_other_route_answers(server, monkeypatch):
    trial = a_trial(server)
    names = [an_account(server) for _ in range(10)]
    with busy_hashing(monkeypatch, server, names[:6]) as first:
        # Six are one network's at most: the seventh from there is sent away, and somebody else still finds a place.
        refused = ask(server, names[6])
        assert (told(refused), refused.headers["Retry-After"]) == (DELAYED, "1")
        assert trial.file().status_code == 201
        assert server.get("/v1/me", token=trial.observer.token).status_code == 200
        token = {"grant_type": "refresh_token", "refresh_token": trial.observer.refresh_token}
        assert server.client.post("/v1/auth/token", data=token).status_code == 200
        assert server.get("/healthz").status_code == 200
    assert [told(each) for each in first] == [OK] * 6
    assert told(ask(server, names[6])) == OK


def test_one_network_holds_six_of_the_ten_places():
    passwords = Passwords(Work(memory=8, passes=1))
    for _ in range(6):
        passwords._take(b"greedy")
    with pytest.raises(Problem) as caught:
        passwords._take(b"greedy")
    assert (caught.value.kind.status, caught.value.headers["Retry-After"]) == (429, "1")
    for network in (b"a", b"b", None, None):
        passwords._take(network)
    with pytest.raises(Problem):
        passwords._take(b"c")


def test_no_request_but_one_with_a_password_to_check_runs_argon2(server, counted):
    trial = a_trial(server)
    secretly = server.app.state.sign_in.newcomer("late", None)
    server.store.write(lambda session: service.open_account(session, secretly))
    tokens = sign_in(server, trial.observer.username).json()
    counted.clear()
    forms = [
        {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]},
        {"grant_type": "refresh_token", "refresh_token": "x"},
    ]
    forms += [{"grant_type": "client_credentials", "client_id": "x", "client_secret": WRONG}, {"grant_type": "password", "username": "x"}]
    assert [server.client.post("/v1/auth/token", data=form).status_code for form in forms] == [200, 401, 401, 422]
    assert trial.file().status_code == 201
    server.get("/v1/me", token=tokens["access_token"])
    server.client.post("/v1/auth/revoke", data={"token": tokens["refresh_token"]})
    for username in ("late", "nobody"):
        wrong = {"username": username, "secret": "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-F", "password": WRONG}
        assert told(server.post("/v1/auth/password", wrong)) == REFUSED
    assert counted == []
    assert server.post("/v1/auth/password", {"username": "late", "secret": secretly.secret, "password": WRONG}).status_code == 204
    assert counted == ["hash"]


def test_a_password_that_was_changed_while_it_was_checked_opens_nothing(server, monkeypatch):
    name, real = an_account(server), PASSWORDS.holds
    renewed = server.app.state.sign_in.newcomer(name, None)

    def checking(*given):
        monkeypatch.undo()
        server.store.write(lambda session: service.renew_secret(session, renewed))
        body = {"username": name, "secret": renewed.secret, "password": "a password of another day"}
        assert server.post("/v1/auth/password", body).status_code == 204
        return real(*given)

    monkeypatch.setattr(PASSWORDS, "holds", checking)
    assert told(sign_in(server, name)) == REFUSED
    with server.store.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM login_session WHERE ended_at IS NULL").scalar() == 0


def every_row(server):
    with server.store.read() as session:
        return [str(row) for table in SQLModel.metadata.sorted_tables for row in session.connection().execute(table.select())]


def test_no_address_is_kept_anywhere(server, clock):
    name = an_account(server)
    for address in (HOME, "2a03:6f00:1::7"):
        ask(server, name, address=address)
        ask(server, name, WRONG, address=address)
        ask(server, name, WRONG, address=address)
    kept = "\n".join([*every_row(server), repr(vars(server.app.state.sign_in._sources)), repr(vars(PASSWORDS))])
    assert name in kept
    for trace in ("81.88", "2a03", repr(bytes([81, 88, 144]))[2:-1], bytes([81, 88, 144]).hex(), "2a036f0000010000"):
        assert trace not in kept


@pytest.mark.parametrize(
    ("one", "other"),
    [("81.88.144.7", "81.88.144.250"), ("2a03:6f00:1:1::7", "2a03:6f00:1:ffff::1"), ("::ffff:81.88.144.7", "81.88.144.9")],
)
def test_addresses_of_one_network_are_one_source(one, other):
    sources = Sources()
    assert sources.network(one) == sources.network(other) is not None


@pytest.mark.parametrize(("one", "other"), [("81.88.144.7", "81.88.145.7"), ("2a03:6f00:1::7", "2a03:6f00:2::7")])
def test_addresses_of_two_networks_are_two_sources(one, other):
    sources = Sources()
    assert sources.network(one) != sources.network(other)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.9", "::ffff:127.0.0.1", "fd00::1", "testclient", "", None])
def test_an_address_of_the_house_names_no_network_for_a_proxy_stands_there(address):
    assert Sources().network(address) is None


def test_a_network_has_another_name_each_day_and_in_each_process(monkeypatch):
    clock, sources = FakeClock(monkeypatch), Sources()
    first = sources.network(HOME)
    assert first != Sources().network(HOME)
    sources.remember("x", first)
    assert sources.knows("x", first)
    clock.advance(days=1)
    assert sources.network(HOME) != first
    assert not sources.knows("x", first)


def test_what_is_remembered_of_networks_stays_bounded(monkeypatch):
    monkeypatch.setattr("app.accounts.sources.MOST_KNOWN", 3)
    sources = Sources()
    for _ in range(10):
        sources.remember(a_username(), sources.network(HOME))
    assert len(sources._known) <= 3
