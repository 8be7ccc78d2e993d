"""The reference client of tus sends files to the server: cut, resumed, refused.

Needs Node with npm and a package registry, so it runs only where it is asked for (`python3 -m app test --clients`).
"""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.support.commands import carry_out
from tests.support.people import a_member
from tests.support.sockets import on_a_socket
from tests.support.trial import a_trial
from tests.support.tus import Phone

HERE = Path(__file__).parent
SOURCES = ("package.json", "package-lock.json", "upload.js")
MEBIBYTES = 200


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The program, with the client that its lock names."""
    folder = tmp_path_factory.mktemp("tus")
    for name in SOURCES:
        shutil.copy(HERE / name, folder)
    carry_out(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent")
    return folder / "upload.js"


def test_the_reference_client_sends_and_resumes_and_is_refused(server, program):
    trial = a_trial(server)
    observation = trial.filed()
    people = {"token": trial.observer.token, "stranger": a_member(server, trial.programme).token}
    with on_a_socket(server) as address:
        given = {"address": address, **people, "observation": observation, "mebibytes": MEBIBYTES}
        found = json.loads(carry_out(program.parent, "node", program.name, json.dumps(given)))
    phone = Phone(server, trial.observer.token, observation)
    whole = [found.pop(name) for name in ("bad_line", "switched_off", "wrong_offset")]
    for upload in whole:
        assert upload["status"] == "sent"
        assert hashlib.sha256(phone.get(upload["path"]).content).hexdigest() == upload["sha256"]
    bad_line, switched_off, wrong_offset = whole
    assert bad_line["cuts_left"] == 0
    # Whoever comes back while the server still stores what came before the cut is told so, and asks once more.
    assert bad_line["asked"]["POST"] == 1
    assert bad_line["asked"]["HEAD"] >= 5
    assert (switched_off["halfway"], switched_off["same"]) == (3 * 1024 * 1024, True)
    assert switched_off["asked"] == {"HEAD": 1, "PATCH": 1}
    assert wrong_offset["asked"] == {"POST": 1, "PATCH": 2, "HEAD": 1}
    assert found == {
        "too_large": {"status": 413, "code": "body_too_large", "asked": {"POST": 1}},
        "wrong_digest": {"status": 422, "code": "digest_mismatch", "asked": {"POST": 1, "PATCH": 1}},
        "another": {"resumed": 404, "ended": 404, "own": 204},
    }
    assert [each["state"] for each in phone.listed(observation_id=observation)] == ["complete"] * 3
