"""The demonstration as a whole: a server of its own, real HTTP, both databases, and what can go wrong."""

import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import closing
from urllib.parse import parse_qs

import httpx2
import pytest

from app.demo import folder as folders
from app.demo import server as servers
from app.demo.main import load_filings, main
from tests.support import expectations
from tests.support.case_records import golden
from tests.support.house import ROOT

ONE_LINE = re.compile(r"hearsight demo: .+\n")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    """In an empty folder, with settings about that belong to another server."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEARSIGHT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HEARSIGHT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/real")


def refused(capsys, *arguments):
    """The one line with which the demonstration refuses."""
    assert main(["--once", *arguments]) == 1
    said = capsys.readouterr()
    assert ONE_LINE.fullmatch(said.err), said.err
    return said.err


def summaries_in(file):
    served = json.loads(file.read_text(encoding="utf-8"))
    return {"programme": served["programme"], **{f"case:{code}": case for code, case in served["cases"].items()}}


def test_the_demonstration_comes_to_the_expected_summaries(tmp_path, templates, dialect, capsys):
    address = templates.empty()
    arguments = ["--database", address] if dialect == "postgresql" else []
    try:
        assert main(["--once", "--json", "out.json", *arguments]) == 0
        said = capsys.readouterr()
        assert said.err == ""
        assert "Persons who complained of torture                             at least 37" in said.out
        assert "Observations, as phones would send them: 79/79" in said.out
        for compare in (expectations.figures, expectations.lists, expectations.coverage, expectations.notes):
            given, wanted = compare(golden().raw, summaries_in(tmp_path / "out.json"))
            assert given == wanted
        assert not (tmp_path / "data").exists()
        if dialect == "postgresql":
            assert "not empty" in refused(capsys, *arguments)
    finally:
        templates.drop(address)


def test_the_server_stays_until_it_is_stopped_and_what_is_printed_works(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HEARSIGHT_ENV": "off", "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "app", "demo", "--lang", "ru"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:
        page = ""
        while "Ctrl-C" not in page:
            line = running.stdout.readline()
            assert line, page
            page += line
        sign_in, read = (line for line in page.splitlines() if "curl -s" in line)
        look_around(tmp_path, sign_in, read)
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=30) == 0
    address = re.search(r"http://127\.0\.0\.1:\d+", read)[0]
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{address}/healthz", trust_env=False)


def look_around(folder, sign_in, read):
    """Does what the two printed commands do."""
    form, token_address = re.search(r"-d @(\S+) (\S+)", sign_in).groups()
    fields = {name: value for name, (value,) in parse_qs((folder / form).read_text(encoding="ascii")).items()}
    assert fields["password"] not in sign_in
    token = httpx2.post(token_address, data=fields, trust_env=False).json()["access_token"]
    address = re.search(r"'(http\S+)'", read)[1]
    answer = httpx2.get(address, headers={"Authorization": f"Bearer {token}"}, trust_env=False)
    assert answer.json()["case"]["code"] == "T-a"
    assert answer.headers["Content-Language"] == "ru"


def test_a_port_in_use_is_said_on_one_line(tmp_path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"port {port} cannot be used" in refused(capsys, "--port", str(port))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["-1", "65536", "99999999"])
def test_a_port_that_cannot_be_is_said_on_one_line(port, capsys):
    assert "cannot be used" in refused(capsys, "--port", port)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://somebody:very-secret@127.0.0.1:1/x", "cannot be reached"),
        ("nonsense", "not the address of a database"),
        ("oracle+nothing://x", "postgresql://"),
        ("sqlite:///somewhere.db", "postgresql://"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_on_one_line(address, said, tmp_path, capsys):
    line = refused(capsys, "--database", address)
    assert said in line
    assert "very-secret" not in line
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_start_is_said_on_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(servers, "ROOT", tmp_path)
    assert "the server did not start: " in refused(capsys)


def test_a_file_that_cannot_be_written_is_said_before_any_work(tmp_path, capsys):
    assert "cannot be written" in refused(capsys, "--json", "nowhere/out.json")
    assert list(tmp_path.iterdir()) == []


def test_a_second_demonstration_says_where_the_first_one_runs(tmp_path, capsys):
    with closing(folders.freshen(tmp_path / folders.NAME)) as running:
        running.note_server("http://127.0.0.1:12345", 4321)
        (running.path / "kept").touch()
        line = refused(capsys)
        assert "already runs on http://127.0.0.1:12345; `kill 4321` stops it" in line
        assert (running.path / "kept").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path, capsys):
    (tmp_path / folders.NAME).mkdir()
    (tmp_path / folders.NAME / "thesis").write_text("years of work", encoding="utf-8")
    assert "not made by a demonstration" in refused(capsys)
    assert (tmp_path / folders.NAME / "thesis").read_text(encoding="utf-8") == "years of work"


def test_a_folder_left_by_an_earlier_demonstration_is_made_fresh(tmp_path):
    with closing(folders.freshen(tmp_path / folders.NAME)) as earlier:
        (earlier.path / "hearsight.db").touch()
        (earlier.path / "keys").mkdir()
    with closing(folders.freshen(tmp_path / folders.NAME)) as later:
        assert [each.name for each in later.path.iterdir()] == [folders.MARK]
        with pytest.raises(BlockingIOError):
            fcntl.flock(os.open(later.path / folders.MARK, os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_the_passwords_stand_in_files_that_only_their_owner_reads(tmp_path):
    with closing(folders.freshen(tmp_path / folders.NAME)) as folder:
        folder.write_accounts(load_filings()["accounts"])
        files = list((folder.path / "sign-in").iterdir())
    assert len(files) == len(load_filings()["accounts"])
    assert {each.stat().st_mode & 0o777 for each in files} == {0o600}


def test_the_data_of_the_demonstration_are_the_golden_requests_without_what_must_come_out():
    filings, raw = load_filings(), golden().raw
    for stage in ("setup", "documents", "observations"):
        assert filings[stage] == [expectations.without(each, "expect", "golden") for each in raw[stage]]
    assert filings["reviews"] == raw["reviews"]
    assert not [key for key in filings if key == "expect" or key.startswith("golden")]
