"""The demonstration's own data folder: made fresh at each start, unless a demonstration still runs on it."""

import fcntl
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

NAME = "demo-data"
MARK = "demonstration"
"""The file that tells our folder from another of the same name. Whoever runs a demonstration holds a lock on it."""


class FolderError(Exception):
    """The folder cannot be used; the text says why on one line."""


@dataclass
class Folder:
    """The folder while its lock is held. The server inherits the lock, so that it outlives a demonstration that was killed."""

    path: Path
    lock: int

    @property
    def shown(self) -> str:
        """The folder as the person who started the demonstration can type it."""
        here = Path.cwd()
        return str(self.path.relative_to(here)) if self.path.is_relative_to(here) else str(self.path)

    @property
    def log(self) -> Path:
        """What the server says while it runs."""
        return self.path / "server.log"

    def note_server(self, address: str, process: int) -> None:
        """Write down where the server listens, for whoever starts a second demonstration."""
        os.ftruncate(self.lock, 0)
        os.pwrite(self.lock, json.dumps({"address": address, "process": process}).encode(), 0)

    def write_accounts(self, accounts: Mapping[str, Mapping[str, str]]) -> None:
        """One file for each account, readable for people and for `curl --data @FILE` alike."""
        folder = self.path / "sign-in"
        folder.mkdir(mode=0o700)
        for account in accounts.values():
            form = {"grant_type": "password", "username": account["username"], "password": account["password"]}
            file = folder / account["username"]
            file.touch(mode=0o600)
            file.write_text(urlencode(form), encoding="ascii")

    def close(self) -> None:
        """Give the lock up."""
        os.close(self.lock)


def freshen(path: Path) -> Folder:
    """An empty folder of ours, locked; raises FolderError where another demonstration runs on it, or where it is not ours."""
    try:
        if path.exists() and not (path / MARK).is_file() and (not path.is_dir() or any(path.iterdir())):
            raise FolderError(f"{path.name} is there already and was not made by a demonstration; move it away")
        path.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(path / MARK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise FolderError(f"{path.name} cannot be made here: {error.strerror}") from None
    _take(lock)
    for each in path.iterdir():
        if each.name != MARK:
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    return Folder(path, lock)


def _take(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        running = _noted(lock)
        os.close(lock)
        where = f" on {running['address']}; `kill {running['process']}` stops it" if running else ""
        raise FolderError(f"a demonstration already runs{where}") from None


def _noted(lock: int) -> dict[str, Any]:
    try:
        found = json.loads(os.pread(lock, 1000, 0) or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
