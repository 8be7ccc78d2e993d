"""The command line, as an operator meets it: first account, refusals with one line, the API document."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app import __version__
from app.cli import cli
from app.kit.database import Database
from app.kit.durability import Unsafe, check
from tests.support.people import PASSWORD, a_member, a_programme, sign_in, signed_in
from tests.support.phones import Phone
from tests.support.servers import Server

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Ended:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(tmp_path):
    """Runs a command in this process: starting Python for each would take most of the time."""
    umask = os.umask(0o077)

    def running(*arguments, typed=None, **settings):
        environment = {"HEARSIGHT_DATA_DIR": str(tmp_path / "data"), **settings}
        found = CliRunner().invoke(cli, arguments, input=typed, env=environment)
        return Ended(found.exit_code, found.stdout, found.stderr)

    yield running
    os.umask(umask)


def test_a_fresh_server_is_migrated_and_lets_its_first_operator_in(run, tmp_path):
    migrated = run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert migrated.stdout.splitlines()[0].startswith("0001  ")
    assert run("migrate").stdout == "The database has this release's schema.\n"
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "data" / "keys").iterdir()} == {0o400}
    made = run("account", "create", "Root", "--operator", "--password-stdin", typed=PASSWORD + "\n")
    assert (made.returncode, made.stdout) == (0, "The account was made.\n"), made.stderr
    with Server(f"sqlite:///{tmp_path / 'data' / 'hearsight.db'}", tmp_path / "data") as server:
        shown = server.get("/v1/me", token=signed_in(server, "root").token).json()
        assert shown["account"]["is_operator"]


def test_what_belongs_to_no_file_is_counted(run):
    run("migrate")
    counted, removed = run("sweep"), run("sweep", "--remove")
    assert (counted.returncode, counted.stdout) == (0, "0 pieces of 0 bytes belong to no file. `sweep --remove` removes them.\n")
    assert (removed.returncode, removed.stdout) == (0, "0 pieces of 0 bytes belong to no file; they were removed.\n")


def test_an_account_can_be_opened_by_a_secret_kept_out_and_let_in_again(run, tmp_path):
    run("migrate")
    printed = run("account", "create", "sara").stdout
    secret = printed.split()[-1]
    with Server(f"sqlite:///{tmp_path / 'data' / 'hearsight.db'}", tmp_path / "data") as server:
        redeemed = server.post("/v1/auth/password", {"username": "sara", "secret": secret, "password": PASSWORD})
        assert redeemed.status_code == 204
        assert run("account", "disable", "SARA").stdout == "The account is disabled.\n"
        assert sign_in(server, "sara").status_code == 401
        assert run("account", "enable", "sara").stdout == "The account is active.\n"
        assert sign_in(server, "sara").status_code == 200
        renewed = run("account", "secret", "sara").stdout.split()[-1]
        again = server.post("/v1/auth/password", {"username": "sara", "secret": renewed, "password": "a password of another day"})
        assert again.status_code == 204


def test_what_is_wrong_with_an_account_is_said_on_one_line(run):
    run("migrate")
    run("account", "create", "sara")
    for arguments, typed, line in [
        (("create", "SARA"), None, "hearsight: that name is taken\n"),
        (("create", "other", "--password-stdin"), "elevenchars\n", "hearsight: weak_password\n"),
        (("create", " "), None, "hearsight: required\n"),
        (("secret", "nobody"), None, "hearsight: there is no such account\n"),
        (("disable", "nobody"), None, "hearsight: there is no such account\n"),
    ]:
        found = run("account", *arguments, typed=typed)
        assert (found.returncode, found.stdout, found.stderr) == (1, "", line)


def test_a_code_for_a_phone_is_printed_in_letters_and_as_a_picture(run, tmp_path):
    run("migrate")
    with Server(f"sqlite:///{tmp_path / 'data' / 'hearsight.db'}", tmp_path / "data") as server:
        programme = a_programme(server)
        observer, slug = a_member(server, programme), programme.shown["slug"]
        asked = ("enrol", "--programme", slug, "--member")
        made = run(*asked, observer.code.lower(), "--address", "https://hearsight.example.org/")
        assert made.returncode == 0, made.stderr
        code, payload = made.stdout.split()[0], made.stdout.splitlines()[1]
        assert payload == f"https://hearsight.example.org/observe#enrol={code.replace('-', '')}"
        assert made.stdout.count("█") > 100
        assert Phone(server).ask(code).status_code == 201
        for arguments, line in [
            ((*asked, "NOBODY", "--address", "https://x.example"), "there is no such member"),
            ((*asked, "COORD", "--address", "https://x.example"), "not_an_observer"),
            ((*asked, observer.code), "say where phones reach the server: --address https://…, or HEARSIGHT_PUBLIC_ADDRESS"),
        ]:
            found = run(*arguments)
            assert (found.returncode, found.stdout, found.stderr) == (1, "", f"hearsight: {line}\n")


def refusal(found):
    assert (found.returncode, found.stdout) == (78, "")
    (line,) = found.stderr.splitlines()
    return line


def test_a_server_that_is_not_fit_to_run_refuses_with_one_line(run, tmp_path):
    data = tmp_path / "data"
    assert "migrate" in refusal(run("serve"))
    data.mkdir()
    assert "older schema" in refusal(run("serve"))
    run("migrate")
    key = data / "keys" / "server.json"
    kept = key.read_bytes()
    key.chmod(0o444)
    assert "read by others" in refusal(run("serve"))
    key.unlink()
    assert "is missing" in refusal(run("serve"))
    key.write_bytes(kept)
    key.chmod(0o400)
    engine = sa.create_engine(f"sqlite:///{data / 'hearsight.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'ffff'"))
    engine.dispose()
    for command in ("serve", "migrate"):
        assert "newer schema" in refusal(run(command))


def test_a_database_that_could_lose_what_it_acknowledged_is_refused(database_address, dialect):
    database = Database(database_address)
    check(database)
    unsafe = "PRAGMA synchronous=NORMAL" if dialect == "sqlite" else "SET synchronous_commit = off"

    @sa.event.listens_for(database.writing, "begin")
    def weaken(connection):
        connection.exec_driver_sql("COMMIT" if dialect == "sqlite" else "SELECT 1")
        connection.exec_driver_sql(unsafe)
        connection.exec_driver_sql("BEGIN" if dialect == "sqlite" else "SELECT 1")

    with pytest.raises(Unsafe, match="synchronous"):
        check(database)
    database.close()


def test_a_real_process_refuses_without_a_trace(tmp_path):
    environment = {"HEARSIGHT_ENV": "off", "HEARSIGHT_DATA_DIR": str(tmp_path), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "app", "serve"]
    found = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert "older schema" in refusal(found)


def test_the_version_and_the_api_document_are_printed(run):
    assert run("version").stdout == f"{__version__}\n"
    document = json.loads(run("openapi").stdout)
    assert document["openapi"].startswith("3.1")
    assert "/v1/auth/token" in document["paths"]


def test_tests_that_need_a_missing_tool_say_so_and_end_with_two(run):
    for flag, tool in [("--browser", "chromium"), ("--clients", "node")]:
        found = run("test", flag, PATH="/nowhere")
        assert (found.returncode, found.stdout) == (2, "")
        (line,) = found.stderr.splitlines()
        assert tool in line
