"""What searches the suite for leaks finds them: each kind is planted once, in a run of its own, and fails the test it came from."""

import base64
import json
import re
import subprocess
import sys
from urllib.parse import quote

import pytest

from tests.support import leaks
from tests.support.house import ROOT

HEAD = """
import logging, sys
import pytest
from fastapi.responses import PlainTextResponse
from tests.conftest import *
from tests.support.leaks import CLIENT, MARK, STORY
from tests.support.people import PASSWORD, a_username, an_account, sign_in, signed_in
log = logging.getLogger("hearsight.planted")

@pytest.fixture
def dialect():
    return "sqlite"
"""
CLEAN = {
    "silence": "(): log.warning('request')",
    "a_server_at_work": "(server): assert server.get('/v1/me', token=signed_in(server, an_account(server)).token).is_success",
    "what_others_say_which_the_product_drops": "(): logging.getLogger('uvicorn.error').error(PASSWORD)",
}
LEAKS = {
    "a_name_in_an_event": "(): log.error('no such account as ' + MARK)",
    "a_name_in_a_fact_that_would_be_dropped": "(): log.error('request', extra={'facts': {'username': a_username()}})",
    "a_password_as_an_argument": "(): log.error('tried %s', PASSWORD)",
    "a_name_as_the_name_of_a_logger": "(): logging.getLogger(MARK).error('x')",
    "the_text_of_an_exception": "(): log.error('internal fault', exc_info=ValueError(STORY))",
    "a_text_printed": "(): print(STORY)",
    "an_address_printed_as_an_error": "(): print('of', CLIENT[0], file=sys.stderr)",
    "an_access_token": "(server): log.error('x %s', signed_in(server, an_account(server)).token)",
    "a_refresh_token": "(server): print(signed_in(server, an_account(server)).refresh_token)",
    "an_error_body": """(server):
    server.app.add_route("/echo", lambda request: PlainTextResponse(request.query_params["q"], 422))
    server.get("/echo", params={"q": PASSWORD})
""",
}
IN_A_DATABASE = """(postgresql_templates):
    with pytest.raises(Exception): postgresql_templates._run(f"SELECT '{PASSWORD}'::uuid")
"""


def ended(folder, tests):
    """The names of the tests that fail in a run of these, and all that it says."""
    (folder / "conftest.py").write_text("from tests.conftest import *\n", encoding="utf-8")
    written = HEAD + "\n".join(f"def test_{name}{code}" for name, code in tests.items())
    (folder / "test_planted.py").write_text(written, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-rfE", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
    done = subprocess.run(
        [*command, f"--basetemp={folder / 'run'}", str(folder / "test_planted.py")], cwd=ROOT, check=False, capture_output=True, text=True
    )
    said = done.stdout + done.stderr
    return set(re.findall(r"^(?:FAILED|ERROR) \S*::test_(\w+)", said, re.MULTILINE)), said


def test_the_tests_that_let_something_out_fail_and_no_others(tmp_path):
    failed, said = ended(tmp_path, {**CLEAN, **LEAKS})
    assert failed == set(LEAKS), said
    assert [name for name in LEAKS if f"test_{name} let out what was planted" not in said] == []


def test_what_a_database_writes_into_its_own_log_fails_the_run(tmp_path):
    failed, said = ended(tmp_path, {"in_a_database": IN_A_DATABASE})
    assert failed == {"in_a_database"}, said
    assert "a password in PostgreSQL's log" in said


@pytest.mark.parametrize("text", ["kanareika-1", "Амберова", 'a "name" & more', "пароль + мышь/7", leaks.CLIENT[0]])
@pytest.mark.parametrize("before", ["", "x", "xy"])
def test_every_spelling_of_a_planted_text_is_found(text, before):
    needles = leaks.Needles()
    needles.plant("a name", text)
    raw = (before + text + " and so on").encode()
    spelt = [text, text.casefold(), json.dumps(text), quote(text), raw.hex(), raw.hex().upper(), repr(raw), repr(text)]
    spelt += [base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()]
    assert [each for each in spelt if not needles.found_in(f"… {each} …", "a log")] == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Authorization: Bearer abcdefgh.ijkl", True),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x", True),
        ("$argon2id$v=19$m=8", True),
        ("from 81.88.144.7:5000", True),
        ("on http://127.0.0.1:8000, version 1.1.0, 10.5 ms, PostgreSQL 18.4", False),
        ("www-authenticate: Bearer", False),
    ],
)
def test_tokens_hashes_and_addresses_are_known_by_their_form(text, is_found):
    assert bool(leaks.Needles().found_in(text, "a log")) == is_found
