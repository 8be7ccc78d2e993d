"""People who are signed in: an operator, a programme with its coordinator, members of any role. Valid by default."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from app.accounts import service
from app.accounts.schemas import Newcomer
from app.kit.codes import folded
from tests.support.leaks import MARK
from tests.support.servers import PASSWORDS

PASSWORD = "seven grey cranes over a river"
PASSWORD_HASH = PASSWORDS.hash(PASSWORD)
_numbers = count(1)


@dataclass
class Person:
    """Somebody with a session; `token` is what a request carries."""

    username: str
    token: str
    refresh_token: str
    member_id: str | None = None
    code: str | None = None
    languages: dict[str, str] = field(default_factory=dict)


@dataclass
class ProgrammeMade:
    """A programme and its coordinator."""

    id: str
    shown: dict[str, Any]
    coordinator: Person

    @property
    def token(self):
        return self.coordinator.token


def a_username(kind="person"):
    return f"{MARK}-{kind}-{next(_numbers)}"


def a_slug(kind="programme"):
    return f"{kind}-{next(_numbers)}"


def sign_in(server, username, password=PASSWORD):
    """The answer to a sign-in."""
    return server.client.post("/v1/auth/token", data={"grant_type": "password", "username": username, "password": password})


def signed_in(server, username, **facts):
    """A person with a session."""
    answer = sign_in(server, username)
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    return Person(username, tokens["access_token"], tokens["refresh_token"], **facts)


def an_account(server, username=None, *, is_operator=False):
    """The user name of a new account with `PASSWORD`, that belongs to no programme."""
    name = username or a_username()
    newcomer = Newcomer(name, folded(name), PASSWORD_HASH, None, None)
    server.store.write(lambda session: service.open_account(session, newcomer, is_operator=is_operator))
    return name


def an_operator(server, username=None):
    """A signed-in operator of the server."""
    return signed_in(server, an_account(server, username or a_username("operator"), is_operator=True))


def a_programme(server, operator=None, *, slug=None, coordinator=None, review="required", **body):
    """A programme whose coordinator is signed in."""
    operator = operator or an_operator(server)
    username = coordinator or a_username("coordinator")
    asked = {
        "slug": slug or a_slug(),
        "name": "Trials of one winter",
        "timezone": "Asia/Almaty",
        "default_language": "en",
        "review": review,
        "coordinator": {"username": username, "password": PASSWORD},
        **body,
    }
    answer = server.post("/v1/programmes", asked, token=operator.token)
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    member = shown["coordinator"]
    return ProgrammeMade(shown["id"], shown, signed_in(server, username, member_id=member["id"], code=member["code"]))


def a_member(server, programme, *, role="observer", code=None, languages=None, username=None):
    """A signed-in member of a programme, with a new account."""
    number = next(_numbers)
    asked = {
        "username": username or a_username(role),
        "password": PASSWORD,
        "code": code or f"{role[:3].upper()}{number}",
        "role": role,
        "languages": {"kk": "full", "ru": "full"} if languages is None else languages,
    }
    answer = server.post(f"/v1/programmes/{programme.id}/members", asked, token=programme.coordinator.token)
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    return signed_in(server, asked["username"], member_id=shown["id"], code=shown["code"], languages=shown["languages"])
