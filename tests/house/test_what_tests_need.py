"""Tests that need more than Python say so in one line, and run only where they are asked for."""

import os
import subprocess
import sys

import pytest

from tests.support.house import ROOT


@pytest.mark.parametrize(("option", "tool"), [("--clients", "node"), ("--browser", "chromium")])
def test_without_the_tool_the_command_ends_with_2_and_one_line(option, tool):
    environment = {**os.environ, "PATH": "/nowhere", "HEARSIGHT_ENV": "off"}
    command = [sys.executable, "-m", "app", "test", option]
    ended = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert tool in ended.stderr
