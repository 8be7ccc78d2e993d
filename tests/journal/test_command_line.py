"""The journal on the command line, and servers that refuse to start on what was set back."""

import os
import re
import shutil
import zipfile
from uuid import UUID

import pytest
from typer.testing import CliRunner

from app.cli import CANNOT_SIGN, cli
from app.journal.errors import SetBack, Unsound
from tests.support.journals import checkpoints_of, entries, unguarded
from tests.support.servers import Server
from tests.support.trial import a_trial


@pytest.fixture
def trial(server):
    return a_trial(server)


@pytest.fixture
def run(server):
    umask = os.umask(0o077)

    def running(*arguments):
        settings = server.settings
        environment = {"HEARSIGHT_DATA_DIR": str(settings.data_dir), "HEARSIGHT_DATABASE_URL": settings.database_url}
        found = CliRunner().invoke(cli, arguments, env=environment)
        return found.exit_code, found.stdout, found.stderr

    yield running
    os.umask(umask)


def slug_of(trial):
    return trial.programme.shown["slug"]


def test_checkpoints_of_every_log_are_printed_as_they_are_kept_on_paper(trial, run):
    code, printed, _ = run("journal", "checkpoint")
    assert code == 0
    log = checkpoints_of(trial.server).issue(UUID(trial.programme.id))
    assert f"{slug_of(trial)}  {log.size}:{log.root.hex()}" in printed.splitlines()
    assert re.search(r"^\(server\)  [0-9]+:[0-9a-f]{64}$", printed, re.MULTILINE)
    assert run("journal", "checkpoint") == (0, printed, "")


def test_a_programme_is_exported_and_the_line_to_keep_is_printed(trial, run, tmp_path):
    file = tmp_path / "bundle.zip"
    code, printed, complaint = run("journal", "export", str(file), "--programme", slug_of(trial))
    assert code == 0, complaint
    made = checkpoints_of(trial.server).issue(UUID(trial.programme.id))
    assert printed == f"{file} holds {made.size} entries. Keep this on paper: {made.size}:{made.root.hex()}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert run("journal", "export", str(tmp_path / "server.zip"))[0] == 0
    run("journal", "export", str(tmp_path / "open.zip"), "--programme", slug_of(trial), "--openings")
    with zipfile.ZipFile(tmp_path / "open.zip") as archive:
        assert "openings.jsonl" in archive.namelist()


def test_an_export_that_cannot_be_written_says_so_in_one_line(trial, run, tmp_path):
    (tmp_path / "there.zip").touch()
    assert run("journal", "export", str(tmp_path / "there.zip"))[::2] == (
        1,
        f"hearsight: {tmp_path / 'there.zip'} cannot be written: File exists\n",
    )
    assert run("journal", "export", str(tmp_path / "no" / "such.zip"))[0] == 1
    assert run("journal", "export", str(tmp_path / "new.zip"), "--programme", "nobody")[::2] == (
        1,
        "hearsight: there is no such programme\n",
    )
    assert not (tmp_path / "new.zip").exists()


def test_what_was_changed_is_not_signed_and_is_exported_with_exit_code_5(trial, run, tmp_path):
    log = trial.programme.id
    seq = entries(trial.server, log)[-1].seq
    with unguarded(trial.server) as connection:
        connection.exec_driver_sql(f"UPDATE journal SET kind = 'court.deleted' WHERE seq = {seq}")
    code, printed, complaint = run("journal", "checkpoint")
    assert (code, complaint) == (CANNOT_SIGN, f"hearsight: entry {seq} of log {log} is not what was written\n")
    assert printed.startswith("(server)  ") or seq < 3
    code, _, complaint = run("journal", "export", str(tmp_path / "bundle.zip"), "--programme", slug_of(trial))
    assert code == CANNOT_SIGN
    assert complaint.endswith(f"no checkpoint over them was signed: entry {seq} of log {log} is not what was written\n")
    assert zipfile.is_zipfile(tmp_path / "bundle.zip")


def test_a_database_restored_from_before_a_checkpoint_neither_signs_nor_serves(tmp_path, sqlite_templates, monkeypatch):
    address, folder = sqlite_templates.fresh(), tmp_path / "data"
    file = address.removeprefix("sqlite:///")
    with Server(address, folder) as server:
        trial = a_trial(server)
    shutil.copyfile(file, tmp_path / "backup.db")
    with Server(address, folder) as server:
        trial.server = server
        trial.filed()
        size = checkpoints_of(server).issue(UUID(trial.programme.id)).size
    shutil.copyfile(tmp_path / "backup.db", file)
    monkeypatch.setenv("HEARSIGHT_DATA_DIR", str(folder))
    monkeypatch.setenv("HEARSIGHT_DATABASE_URL", address)
    told = f"hearsight: log {trial.programme.id} holds {size - 1} entries, but {size} were signed: the database is an earlier state\n"
    for command, expected in {("serve", "--port", "0"): 78, ("fold",): 78, ("journal", "checkpoint"): CANNOT_SIGN}.items():
        found = CliRunner().invoke(cli, command)
        assert (found.exit_code, found.stderr) == (expected, told), command
    with pytest.raises(SetBack), Server(address, folder):
        pass
    # Grown again past what was signed, it is another log, and still not the one that was signed.
    folder.joinpath("checkpoints.txt").rename(folder / "kept.txt")
    with Server(address, folder) as server:
        trial.server = server
        trial.filed()
        trial.filed()
    (folder / "kept.txt").rename(folder / "checkpoints.txt")
    with pytest.raises(Unsound, match=f"another root over {size} entries"), Server(address, folder):
        pass
    sqlite_templates.drop(address)
