"""strace on running processes: their system calls counted, and one of them made to fail or to kill."""

import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 10.0
LETTING_GO = 1.0
TRIES = 5
_LINE = re.compile(r"(\d+) +(\w+)\((.*)")


def is_there() -> bool:
    """Whether this machine can do it."""
    return shutil.which("strace") is not None


@dataclass
class Trace:
    """What was written down of some processes; it is there when they are left alone again."""

    text: str = ""

    def calls(self) -> list[tuple[int, str, str]]:
        """Thread, call, and the rest of the line, in the order in which they began."""
        found = (_LINE.match(line) for line in self.text.splitlines())
        return [(int(each[1]), each[2], each[3]) for each in found if each is not None]

    def most(self) -> dict[str, int]:
        """How often any one thread made each call."""
        counted = Counter((thread, call) for thread, call, _ in self.calls())
        return {call: max(n for (_, each), n in counted.items() if each == call) for _, call in counted}

    def struck(self) -> list[str]:
        """The lines of the calls that were made to fail."""
        return [rest for _, _, rest in self.calls() if "(INJECTED)" in rest]


@contextmanager
def traced(find: Callable[[], Sequence[int]], calls: Sequence[str], inject: str | None = None) -> Iterator[Trace]:
    """Watch processes with all their threads; `inject` strikes, counted for each thread by itself from the beginning of the block."""
    with tempfile.TemporaryDirectory(prefix="hearsight-trace-") as folder:
        trace, lines = Trace(), Path(folder) / "trace"
        command = [
            "strace",
            "-f",
            "-y",
            "-o",
            str(lines),
            "-e",
            f"trace={','.join(calls)}",
            *(["-e", f"inject={inject}"] if inject else []),
        ]
        watching = _watch(command, find, Path(folder) / "words")
        try:
            yield trace
        finally:
            _let_go(watching)
            trace.text = lines.read_text(errors="replace")


def _watch(command: list[str], find: Callable[[], Sequence[int]], words: Path) -> subprocess.Popen:
    """A watcher that holds every process; some may end while it reaches for them, then it tries again."""
    for _ in range(TRIES):
        pids = find()
        with words.open("wb") as output:
            watching = subprocess.Popen([*command, *(each for pid in pids for each in ("-p", str(pid)))], stdout=output, stderr=output)
        if _holds(watching, words, len(pids)):
            return watching
        _let_go(watching)
    raise RuntimeError(f"strace could not watch: {words.read_text(errors='replace')[-500:]}")


def _let_go(watching: subprocess.Popen) -> None:
    """End the watching. Of a process that was killed it may wait for threads that are gone: then it has nothing more to tell."""
    if watching.poll() is None:
        watching.send_signal(signal.SIGINT)
    try:
        watching.wait(LETTING_GO)
    except subprocess.TimeoutExpired:
        watching.kill()
        watching.wait()


def _holds(watching: subprocess.Popen, words: Path, number: int) -> bool:
    """Whether it gets hold of so many processes."""
    latest = time.monotonic() + PATIENCE
    while time.monotonic() < latest and watching.poll() is None:
        if words.read_text(errors="replace").count(" attached") >= number:
            return True
        time.sleep(0.005)
    return False
