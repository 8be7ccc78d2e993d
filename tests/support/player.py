"""Plays a filings file through a server's public API, and reads back what came out."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from app.accounts import service
from app.accounts.schemas import Newcomer
from app.demo.player import STAGES, Player, Reply
from app.kit.codes import folded
from tests.support.people import sign_in
from tests.support.servers import PASSWORDS, Server


@contextmanager
def a_server(templates, folder):
    """A server on a fresh database, for as long as a whole module wants it."""
    address = templates.fresh()
    with Server(address, folder) as running:
        yield running
    templates.drop(address)


@contextmanager
def a_run(templates, folder, filings):
    """A file played on a server of its own."""
    with a_server(templates, folder) as server:
        yield play(server, filings)


@dataclass
class Run:
    """A file that was played; `texts` are all answers, those to questions asked afterwards included."""

    server: Any
    filings: Any
    player: Player
    texts: list[str] = field(default_factory=list)
    played: list[Any] = field(default_factory=list)

    @property
    def programme(self):
        return self.player.ids["$programme"]

    def case(self, code):
        return self.player.ids[f"$case:{code}"]

    def cases(self):
        """Case codes, in the order in which they were entered."""
        return [ref.removeprefix("$case:") for ref in self.player.ids if ref.startswith("$case:")]

    @property
    def token(self):
        """The coordinator's."""
        return self.player.token_of(self.filings["reviews"]["as"])

    def get(self, path, **options):
        answer = self.server.get(path, **{"token": self.token, **options})
        self.texts.append(answer.text)
        return answer

    def read(self, path, **options):
        answer = self.get(path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def summary(self, name, **params):
        """The summary of `programme` or of `case:CODE`."""
        of = f"programmes/{self.programme}" if name == "programme" else f"cases/{self.case(name.removeprefix('case:'))}"
        return self.read(f"/v1/{of}/summary", params={"lang": "en", **params})

    def summaries(self):
        """Every summary there is, by name."""
        return {name: self.summary(name) for name in ("programme", *(f"case:{code}" for code in self.cases()))}


def play(server, filings, stages=STAGES) -> Run:
    """Play a file on a server that does not know its people yet."""
    operator = filings["accounts"]["OPERATOR"]
    newcomer = Newcomer(operator["username"], folded(operator["username"]), PASSWORDS.hash(operator["password"]), None, None)
    server.store.write(lambda session: service.open_account(session, newcomer, is_operator=True))
    texts: list[str] = []

    def send(method, path, body, token):
        answer = server.request(method, path, json=body, token=token)
        texts.append(answer.text)
        return Reply(answer.status_code, answer.json())

    run = Run(server, filings, Player(filings, send, partial(_token, server)), texts)
    run.played = run.player.play(stages)
    return run


def _token(server, username, password):
    answer = sign_in(server, username, password)
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]
