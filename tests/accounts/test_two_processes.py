"""Whatever ends a right ends it on the next request in every process: two servers of their own, each asked over a line already open."""

from contextlib import ExitStack

import httpx2
import pytest

from app.accounts import service
from tests.drills import servers
from tests.support import leaks, phones
from tests.support.clients import a_client, ask_for_token
from tests.support.people import PASSWORD, a_member, a_programme, signed_in
from tests.support.servers import Server
from tests.support.trial import a_trial

OVER = (401, "session_ended")


class Far(Server):
    """A server that runs in a process of its own, asked as one in this process is."""

    def __init__(self, running) -> None:
        asking = {"base_url": f"http://127.0.0.1:{running.port}", "headers": leaks.HEADERS, "trust_env": False}
        self.client = httpx2.Client(event_hooks={"response": [leaks.answered]}, **asking)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()


@pytest.fixture
def trial(database_address, tmp_path):
    """Made in this process, which is then a third one on the same database."""
    with Server(database_address, tmp_path) as server:
        yield a_trial(server)


@pytest.fixture
def processes(trial, database_address, tmp_path):
    """Two servers, with the database and the keys of the trial."""
    with ExitStack() as closing:
        made = [servers.Server(database_address, tmp_path) for _ in range(2)]
        for each in made:
            closing.callback(each.end)
            each.start()
        yield [closing.enter_context(Far(each)) for each in made]
    leaks.hear(made[0].log.read_text(encoding="utf-8"))


def told(answer):
    return answer.status_code, answer.json().get("code") if answer.is_error else None


def mine(person):
    return lambda server: server.get("/v1/me", token=person.token)


def signing_out(trial, near):
    person = signed_in(trial.server, trial.observer.username)
    return mine(person), lambda: near.client.post("/v1/auth/revoke", data={"token": person.refresh_token})


def a_refresh_token_that_came_again(trial, near):
    person = signed_in(trial.server, trial.observer.username)

    def refresh(token):
        return near.client.post("/v1/auth/token", data={"grant_type": "refresh_token", "refresh_token": token})

    second = refresh(person.refresh_token).json()["refresh_token"]
    refresh(second)
    return mine(person), lambda: refresh(person.refresh_token)


def an_account_disabled(trial, near):
    person = a_member(trial.server, trial.programme)
    return mine(person), lambda: trial.server.store.write(lambda session: service.switch_account(session, person.username, is_active=False))


def another_password(trial, near):
    person = a_member(trial.server, trial.programme)
    newcomer = trial.server.app.state.sign_in.newcomer(person.username, None)
    trial.server.store.write(lambda session: service.renew_secret(session, newcomer))
    body = {"username": person.username, "secret": newcomer.secret, "password": f"{PASSWORD} again"}
    return mine(person), lambda: near.post("/v1/auth/password", body)


def the_only_membership(trial, near):
    person = a_member(trial.server, trial.programme)
    return mine(person), lambda: near.delete(f"/v1/programmes/{trial.programme.id}/members/{person.member_id}", token=trial.programme.token)


def a_filing_observers_membership(trial, near):
    """Filings go a road of their own, where many share a transaction."""
    person = a_member(trial.server, trial.programme)
    path = f"/v1/programmes/{trial.programme.id}/members/{person.member_id}"
    batch = {"items": [trial.body()]}
    return (
        lambda server: server.post("/v1/observations/batch", batch, token=person.token),
        lambda: near.patch(path, {"status": "removed"}, token=trial.programme.token),
    )


def a_service_client(trial, near):
    client = a_client(trial.server, trial.programme, ["observations:read"])
    token = ask_for_token(trial.server, client).json()["access_token"]
    path = f"/v1/programmes/{trial.programme.id}/clients/{client['id']}"
    return lambda server: server.get("/v1/observations", token=token), lambda: near.delete(path, token=trial.programme.token)


def a_phone(trial, near):
    phone = phones.a_phone(trial.server, trial.programme, a_member(trial.server, trial.programme))
    return mine(phone), lambda: near.delete(f"/v1/devices/{phone.id}", token=trial.programme.token)


def a_filing_phone_of_a_removed_member(trial, near):
    person = a_member(trial.server, trial.programme)
    phone = phones.a_phone(trial.server, trial.programme, person)
    path, batch = f"/v1/programmes/{trial.programme.id}/members/{person.member_id}", {"items": [trial.body()]}
    return (
        lambda server: server.post("/v1/observations/batch", batch, token=phone.token),
        lambda: near.delete(path, token=trial.programme.token),
    )


ENDINGS = (
    signing_out,
    a_refresh_token_that_came_again,
    an_account_disabled,
    another_password,
    the_only_membership,
    a_filing_observers_membership,
    a_service_client,
    a_phone,
    a_filing_phone_of_a_removed_member,
)


def one_of_two_memberships(trial, near, far):
    person, second = a_member(trial.server, trial.programme, role="coordinator"), a_programme(trial.server)
    asked = {"username": person.username, "code": "X1", "role": "coordinator"}
    invited = near.post(f"/v1/programmes/{second.id}/members", asked, token=second.token).json()
    near.post(f"/v1/me/invitations/{invited['id']}/accept", token=person.token)
    paths = [f"/v1/programmes/{each.id}" for each in (trial.programme, second)]
    assert [far.get(path, token=person.token).status_code for path in paths] == [200, 200]
    near.delete(f"{paths[0]}/members/{person.member_id}", token=trial.programme.token)
    assert [far.get(path, token=person.token).status_code for path in paths] == [404, 200]


def one_of_two_roles(trial, near, far):
    person = a_member(trial.server, trial.programme, role="coordinator")
    path = f"/v1/programmes/{trial.programme.id}/members"
    near.post(path, {"username": person.username, "code": "OBS9", "role": "observer"}, token=trial.programme.token)
    assert told(far.get(path, token=person.token)) == (200, None)
    near.delete(f"{path}/{person.member_id}", token=trial.programme.token)
    assert told(far.get(path, token=person.token)) == (403, "forbidden")


def test_what_ended_in_one_process_is_refused_on_the_next_request_in_the_other(trial, processes):
    near, far = processes
    for ending in ENDINGS:
        ask, end = ending(trial, near)
        assert [told(ask(server)) for server in (far, near)] == [(200, None)] * 2, ending
        end()
        assert [told(ask(server)) for server in (far, near)] == [OVER] * 2, ending
    one_of_two_memberships(trial, near, far)
    one_of_two_roles(trial, near, far)
