"""The tutorial's commands are played as they are printed, and what its text says comes out."""

import json
import re
import shlex

import pytest

from app.accounts.schemas import Newcomer
from app.accounts.service import open_account
from app.kit.codes import folded
from tests.support.house import ROOT
from tests.support.people import sign_in
from tests.support.servers import PASSWORDS

PASSWORD = "a long enough passphrase"
COMMAND = re.compile(r"(?:(?P<kept>[A-Z]+)=\$\()?(?P<verb>send|enter) (?P<words>.*?)(?P<piped> \| id)?\)?", re.DOTALL)


@pytest.fixture
def dialect():
    """One database is enough: what the commands do is tested on both elsewhere."""
    return "sqlite"


def statements():
    """The statements of the page's shell blocks but the first, which defines the functions; each may run over several lines."""
    page = (ROOT / "docs" / "tutorial" / "first-summary.md").read_text(encoding="utf-8")
    for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL)[1:]:
        statement = ""
        for line in block.splitlines():
            statement += line + "\n"
            if statement.count("'") % 2 == 0:
                yield statement.strip()
                statement = ""


class Shell:
    """As much of a shell as the page needs."""

    def __init__(self, server) -> None:
        self.server = server
        self.values = {}
        self.answers = []

    def expand(self, text):
        return re.sub(r"\$([A-Z]+)", lambda found: self.values[found[1]], text)

    def run(self, statement):
        command = COMMAND.fullmatch(statement)
        if command is None:
            name, _, value = statement.partition("=")
            self.values[name] = self.expand(shlex.split(value)[0])
            return
        words = [self.expand(word) for word in shlex.split(command["words"])]
        answer = self.enter(*words) if command["verb"] == "enter" else self.send(*words)
        if command["kept"]:
            self.values[command["kept"]] = answer["id"] if command["piped"] else answer["access_token"]

    def enter(self, username):
        return sign_in(self.server, username, PASSWORD).json()

    def send(self, method, path, body=None):
        content = {} if body is None else {"json": json.loads(body)}
        answer = self.server.request(method, path, token=self.values["TOKEN"], **content)
        assert answer.is_success, (method, path, answer.text)
        self.answers.append((method, path, answer))
        return answer.json()


def figure(answer, key):
    return next(each for each in answer.json()["figures"] if each["key"] == key)


def test_the_tutorial_does_what_it_says(server):
    boss = Newcomer("boss", folded("boss"), PASSWORDS.hash(PASSWORD), None, None)
    server.store.write(lambda session: open_account(session, boss, is_operator=True).id)
    shell = Shell(server)
    for statement in statements():
        shell.run(statement)
    before, after = [answer for _, path, answer in shell.answers if path.endswith("/summary")]
    first, again = [answer for _, path, answer in shell.answers if path == "/v1/observations"]
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["receipt"] == again.json()["receipt"]
    assert [(figure(each, "complaints.total")["value"], figure(each, "complaints.total")["at_least"]) for each in (before, after)] == [
        (0, True),
        (1, True),
    ]
    assert [each["id"] for each in before.json()["coverage"]["statements"]] == ["not_all_hearings_observed"]
    assert shell.values["OBSERVATION"] in shell.answers[-1][2].text
