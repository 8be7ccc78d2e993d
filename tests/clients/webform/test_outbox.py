"""The phone's outbox, uploads and codes, tried by Node's own test runner: see `outbox.test.js`.

Needs Node, so it runs only where it is asked for (`python3 -m app test --clients`).
"""

import re
import shutil
import subprocess
from pathlib import Path

from app.webform.files import served

HERE = Path(__file__).parent


def test_the_phones_outbox_loses_nothing_and_doubles_nothing(tmp_path):
    for name, file in served("static").items():
        if "/" not in name and name.endswith(".js"):
            (tmp_path / name).write_bytes(file.content)
    shutil.copy(HERE / "outbox.test.js", tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    node = shutil.which("node")
    ended = subprocess.run([node, "--test", "outbox.test.js"], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert int(re.search("(?:#|\N{INFORMATION SOURCE}) pass (\\d+)", ended.stdout).group(1)) >= 15
