"""The phone's outbox, uploads, codes and session, tried by Node's own test runner: see `outbox.test.js` and `session.test.js`.

Needs Node, so it runs only where it is asked for (`python3 -m app test --clients`).
"""

import re
import shutil
import subprocess
from pathlib import Path

from app.webform.files import served

HERE = Path(__file__).parent


TESTS = ("outbox.test.js", "session.test.js")


def test_the_phones_outbox_loses_nothing_and_doubles_nothing(tmp_path):
    without_a_browser = tmp_path / "in_memory"
    without_a_browser.mkdir()
    for name, file in served("static").items():
        if "/" not in name and name.endswith(".js"):
            (tmp_path / name).write_bytes(file.content)
            (without_a_browser / name).write_bytes(file.content)
    shutil.copy(HERE / "memory.js", without_a_browser / "store.js")
    for name in ("memory.js", *TESTS):
        shutil.copy(HERE / name, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    node = shutil.which("node")
    ended = subprocess.run([node, "--test", *TESTS], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert int(re.search("(?:#|\N{INFORMATION SOURCE}) pass (\\d+)", ended.stdout).group(1)) >= 30
