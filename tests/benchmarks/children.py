"""Servers as child processes: started on a free port, waited for, asked how much processor time they took, and stopped."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60
_SCHEDULED = 2
"""`CPUCLOCK_SCHED` of Linux: nanoseconds as the scheduler counts them."""


@dataclass(frozen=True)
class Child:
    """A running server."""

    pid: int
    port: int

    def cpu(self) -> float:
        """Seconds of processor time so far, of all its threads, by the clock that the kernel keeps for a process (clock_getcpuclockid(3)).

        The hundredths of proc(5) are too coarse: all hellos of a short round take five of them.
        """
        return time.clock_gettime(~self.pid << 3 | _SCHEDULED)


@contextmanager
def serving(arguments: list[str], log: Path, environment: Mapping[str, str] | None = None) -> Iterator[Child]:
    """A server started with `python -m` and these arguments, in which `PORT` stands for its port."""
    port = _free_port()
    command = [sys.executable, "-m", *(str(port) if each == "PORT" else each for each in arguments)]
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, **(environment or {})}) as child,
    ):
        try:
            _wait_for(child, port, log)
            yield Child(child.pid, port)
        finally:
            child.terminate()
            child.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _wait_for(child: subprocess.Popen, port: int, log: Path) -> None:
    latest = time.monotonic() + PATIENCE
    while time.monotonic() < latest and child.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")
