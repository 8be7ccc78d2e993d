"""A TypeScript client: types made from the committed OpenAPI document hold under the strictest compiler, and do the main job.

Needs Node with npm and a package registry, so it runs only where it is asked for (`python3 -m app test --clients`).
"""

import json
import shutil
from pathlib import Path

import pytest

from tests.support.commands import carry_out
from tests.support.forms import answers_of
from tests.support.house import ROOT
from tests.support.people import PASSWORD
from tests.support.sockets import on_a_socket
from tests.support.trial import a_trial

HERE = Path(__file__).parent
SOURCES = ("package.json", "tsconfig.json", "main.ts")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The program, compiled in a folder of its own."""
    folder = tmp_path_factory.mktemp("typescript")
    for name in SOURCES:
        shutil.copy(HERE / name, folder)
    shutil.copy(ROOT / "openapi" / "openapi.json", folder)
    carry_out(folder, "npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--silent")
    carry_out(folder, "node_modules/.bin/openapi-typescript", "openapi.json", "--output", "api.ts")
    carry_out(folder, "node_modules/.bin/tsc", "--project", ".")
    return folder / "made" / "main.js"


def test_a_complaint_is_filed_accepted_and_summed_up_by_the_typescript_client(server, program):
    trial = a_trial(server)
    answers = answers_of("torture_complaint", participant_ref=trial.participants["D01"], hearing_ref=...)
    filing = trial.body(form="torture_complaint", answers=answers)
    people = {"observer": trial.observer.username, "coordinator": trial.coordinator.username, "password": PASSWORD}
    with on_a_socket(server) as address:
        found = json.loads(carry_out(program.parent, "node", program.name, json.dumps({"address": address, **people, "filing": filing})))
    assert found == {
        "filed": "created",
        "again": "duplicate",
        "refused": [{"pointer": "/captured_at", "code": "invalid_time"}],
        "accepted": "accepted",
        "complaints": 1,
        "ledger": ["D01"],
    }
