"""A server of its own, as it is run in earnest, at DEBUG: what it prints and logs while names, passwords and narratives pass through it."""

import json
import re
import socket
from contextlib import suppress

import httpx2
import pytest

from tests.benchmarks.children import serving
from tests.support import leaks
from tests.support.house import ROOT
from tests.support.leaks import HEADERS, MARK, STORY
from tests.support.people import PASSWORD
from tests.support.servers import Server
from tests.support.trial import a_trial

NAME = f"{MARK} Амберова"


@pytest.fixture
def trial(database_address, tmp_path):
    """A trial on a database that a server of its own will open; keys in the same folder."""
    with Server(database_address, tmp_path) as server:
        yield a_trial(server)


def ask_everything(trial, address):
    """Requests that succeed, that are refused, and that are no HTTP; the statuses of the answers."""
    form = {"grant_type": "password", "username": trial.observer.username}
    with httpx2.Client(base_url=address, headers=HEADERS, trust_env=False) as client:
        tokens = client.post("/v1/auth/token", data={**form, "password": PASSWORD}).json()
        for name, token in tokens.items():
            if name.endswith("_token"):
                leaks.NEEDLES.give_out(f"the {name}", token)
        caller = {"Authorization": f"Bearer {tokens['access_token']}"}
        wrong = {**trial.body(), MARK: STORY, NAME: STORY}
        answers = [
            client.post("/v1/auth/token", data={**form, "password": STORY}),
            client.post("/v1/observations", json=trial.body(), headers=caller),
            client.post("/v1/observations", json=wrong, headers=caller),
            client.post("/v1/observations", content=STORY.encode(), headers={**caller, "Content-Type": "application/json"}),
            client.get(f"/v1/cases/{NAME}", params={"q": STORY, "lang": MARK}, headers=caller),
            client.get(f"/{NAME}"),
            client.get("/v1/courts", params={"cursor": NAME}, headers=caller),
            client.get("/v1/me", headers={"Authorization": f"Bearer eyJ{MARK}.eyJ{MARK}.x"}),
            client.request(MARK.upper(), "/v1/me"),
        ]
    return [each.status_code for each in answers]


def say_nonsense(port):
    """Bytes that are no HTTP, each on a connection of its own."""
    for nonsense in (
        f"GET /{MARK} HTTP/9.9\r\n\r\n",
        f"{MARK} {STORY}\r\n\r\n",
        f"GET / HTTP/1.1\r\n{MARK}: {STORY * 5000}\r\n\r\n",
        "\0" * 99,
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as asking, suppress(OSError):
            asking.sendall(nonsense.encode())
            asking.recv(65536)


def test_a_server_at_debug_says_nothing_of_what_passes_through_it(trial, database_address, tmp_path):
    log = tmp_path / "said"
    settings = {"HEARSIGHT_DATA_DIR": str(tmp_path), "HEARSIGHT_DATABASE_URL": database_address, "HEARSIGHT_LOG_LEVEL": "DEBUG"}
    with serving(["app", "serve", "--port", "PORT"], log, {**settings, "HEARSIGHT_ENV": "off", "PYTHONPATH": str(ROOT)}) as child:
        statuses = ask_everything(trial, f"http://127.0.0.1:{child.port}")
        say_nonsense(child.port)
    assert statuses == [401, 201, 422, 400, 404, 404, 422, 401, 400]
    said = log.read_text(encoding="utf-8")
    leaks.hear(said)
    first, *lines = said.splitlines()
    assert re.fullmatch(r"Hearsight \S+ on http://127\.0\.0\.1:\d+", first)
    told = [json.loads(line) for line in lines]
    assert ("/v1/observations", 201) in [(each.get("route"), each.get("status")) for each in told]
    assert ("unrouted", 404) in [(each.get("route"), each.get("status")) for each in told]
    assert [each for each in told if each["level"] == "ERROR"] == []
