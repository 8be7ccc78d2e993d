"""The real server as a child that can be killed and started again within a fifth of a second.

What costs time in starting is importing the program. So a process that has imported it, and opened nothing, is forked for each start: from
there on it is `python -m app serve`, which reads its settings, opens its database, recovers and listens.
"""

import contextlib
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

PATIENCE = 60.0


@cache
def _forks():
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["app.cli"])
    return found


def forked(life, *given):
    """A child that begins with the program imported, and does one thing."""
    child = _forks().Process(target=_live, args=(life, given))
    child.start()
    return child


def _live(life, given) -> None:
    for signal_ in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_, signal.SIG_DFL)
    life(*given)


def command(arguments: list[str], environment: Mapping[str, str], log: str) -> None:
    """The child's life: a command of the program, its output in a file."""
    os.environ.update(environment)
    write_to(log)
    from app.cli import cli

    cli(arguments)


def write_to(log: str) -> None:
    """Have all that this process prints written to a file."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)


class Fallen(RuntimeError):  # noqa: N818 - what befell a server is no error of ours
    """A server that does not start, or does not end; the text holds its last words."""


class Server:
    """A server on one port, with one database; it lives many times."""

    def __init__(self, address: str, data_dir: Path) -> None:
        self.port = free_port()
        self.log = data_dir / "log"
        self.environment = {"HEARSIGHT_DATA_DIR": str(data_dir), "HEARSIGHT_DATABASE_URL": address, "HEARSIGHT_LOG_LEVEL": "WARNING"}
        self.life = command
        self._child = None

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    def migrate(self) -> None:
        """Make keys, and bring the database to this release's schema, as an operator would."""
        child = self._fork(["migrate"])
        child.join(PATIENCE)
        if child.exitcode != 0:
            raise Fallen(f"the database could not be migrated: {self._last_words()}")

    def export(self, programme: str, bundle: Path) -> None:
        """Write all that a programme's log takes to be checked without the server, what observers wrote included."""
        child = self._fork(["journal", "export", str(bundle), "--programme", programme, "--openings"])
        child.join(PATIENCE)
        if child.exitcode != 0:
            raise Fallen(f"the journal could not be exported: {self._last_words()}")

    def checkpoint(self, programme: str) -> str:
        """Sign what a programme's log holds, and give it as it would be kept on paper: `size:root`."""
        child = self._fork(["journal", "checkpoint"])
        child.join(PATIENCE)
        told = [line.split() for line in self.log.read_text(errors="replace").splitlines() if line.startswith(f"{programme} ")]
        if child.exitcode != 0 or not told:
            raise Fallen(f"no checkpoint was signed: {self._last_words()}")
        return told[-1][1]

    def start(self) -> float:
        """Seconds until it answers."""
        began = time.monotonic()
        self._child = self._fork(["serve", "--port", str(self.port)])
        while not self._answers():
            if not self._child.is_alive() or time.monotonic() > began + PATIENCE:
                raise Fallen(f"the server did not start: {self._last_words()}")
            time.sleep(0.01)
        return time.monotonic() - began

    def kill(self) -> None:
        """SIGKILL: it has no say in the matter."""
        os.kill(self.pid, signal.SIGKILL)
        self._child.join()

    def is_alive(self) -> bool:
        return self._child is not None and self._child.is_alive()

    def answers(self) -> bool:
        """Whether it answers, once it does or is gone: what was killed may take a while to go."""
        latest = time.monotonic() + PATIENCE
        while self.is_alive() and time.monotonic() < latest:
            if self._answers():
                return True
            time.sleep(0.01)
        return False

    def stop(self) -> int | None:
        """Its exit code after SIGTERM; none where it does not end."""
        os.kill(self.pid, signal.SIGTERM)
        self._child.join(PATIENCE)
        return self._child.exitcode

    def end(self) -> None:
        """Leave nothing running."""
        if self.is_alive():
            self.kill()

    def _fork(self, arguments):
        return forked(self.life, arguments, self.environment, str(self.log))

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as asking:
            asking.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return asking.recv(12).endswith(b"200")
        return False

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-1000:] if self.log.exists() else ""


@contextmanager
def a_server(address: str, data_dir: Path) -> Iterator[Server]:
    """A server that was set up and does not run yet; nothing of it runs afterwards."""
    made = Server(address, data_dir)
    made.migrate()
    try:
        yield made
    finally:
        made.end()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
