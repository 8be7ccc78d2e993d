"""The file in which a server remembers every checkpoint that it signed: only ever added to, and on the disk before anybody is shown one.

A database can be set back to an earlier state, by accident or on purpose. This file then still knows what had been signed.
"""

import os
import threading
from pathlib import Path

from app.journal import notes
from app.journal.notes import Stated

SEPARATOR = "\n"


class Remembered:
    """The largest checkpoint of each log that a file knows. Several processes may share the file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._largest: dict[str, Stated] = {}
        self._read = 0
        self._lock = threading.Lock()

    def latest(self, origin: str) -> Stated | None:
        """The largest checkpoint of a log; none where none was signed here."""
        return self.all().get(origin)

    def all(self) -> dict[str, Stated]:
        """The largest checkpoint of each log, by origin."""
        with self._lock:
            self._catch_up()
            return dict(self._largest)

    def append(self, text: str) -> None:
        """Add a checkpoint; when this returns, it is on the disk."""
        is_new = not self._file.exists()
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # One write, so that two processes cannot mix their lines. A line that a crash cut short is ended first.
            os.write(handle, (self._gap(handle) + text).encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        if is_new:
            _sync_folder(self._file.parent)

    @staticmethod
    def _gap(handle: int) -> str:
        size = os.fstat(handle).st_size
        if not size:
            return ""
        return SEPARATOR if os.pread(handle, 1, size - 1) == b"\n" else 2 * SEPARATOR

    def _catch_up(self) -> None:
        size = self._file.stat().st_size if self._file.exists() else 0
        if size == self._read:
            return
        self._largest.clear()
        for stated in notes.read(self._file.read_text(encoding="utf-8", errors="replace")):
            known = self._largest.get(stated.origin)
            if known is None or known.size < stated.size:
                self._largest[stated.origin] = stated
        self._read = size


def _sync_folder(folder: Path) -> None:
    """Put a new file's name on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
