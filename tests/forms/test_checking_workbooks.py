"""`python3 -m app forms check`: a workbook is looked through without a server, as one would."""

import pytest
from typer.testing import CliRunner

from app.cli import cli
from tests.support.workbooks import SETTINGS, SURVEY, a_workbook, with_cell


@pytest.fixture
def check(tmp_path):
    """What the command says of a workbook: its exit code and its lines; it is given no settings and no server."""

    def checking(content, *options):
        file = tmp_path / "courthouse.xlsx"
        if content is not None:
            file.write_bytes(content)
        found = CliRunner().invoke(cli, ["forms", "check", str(file), *options], env={"HEARSIGHT_DATA_DIR": "/nowhere"})
        return found.exit_code, (found.stdout + found.stderr).splitlines()

    return checking


def test_a_workbook_that_a_server_would_take_is_told_in_short(check):
    assert check(a_workbook()) == (0, ["courthouse.xlsx: x_courthouse, version 1, 7 questions. It can be sent."])
    unnumbered = with_cell(SETTINGS, "D2", None)
    assert check(a_workbook(settings=unnumbered)) == (0, ["courthouse.xlsx: x_courthouse, the next version, 7 questions. It can be sent."])


def test_every_fault_stands_on_a_line_with_its_cell_and_what_it_means(check):
    survey = with_cell(with_cell(SURVEY, "A5", "geopoint"), "G6", "once(1)")
    code, lines = check(a_workbook(survey=survey))
    assert code == 1
    assert [line.split("  ")[:2] for line in lines] == [["survey A5", "unsupported"], ["survey G6", "unsupported"]]
    assert lines[0] == "survey A5  unsupported  This is not supported."
    assert check(a_workbook(survey=survey), "--language", "ru")[1][0].startswith("survey A5  unsupported  Это")


def test_what_is_no_workbook_is_said_to_be_none(check):
    assert check(None) == (1, [check(None)[1][0]])
    assert check(None)[1][0].endswith("cannot be read: No such file or directory")
    for content, fault in ((b"no archive", "unreadable_workbook"), (b"x" * (2 * 1024 * 1024 + 1), "workbook_too_large")):
        code, (line,) = check(content)
        assert (code, line.split("  ")[:2]) == (1, ["courthouse.xlsx", fault])
