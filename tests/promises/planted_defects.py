"""Defects, each planted once in a copy of the program, and the one test that must notice it: else that test is decoration.

`python -m tests.promises.planted_defects [NAME …]` plants all of them or some, one by one; it ends with 1 where one is not noticed.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.defects import DEFECTS, Defect

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("app", "migrations", "tests", "openapi", "docs")
PATIENCE = 240
"""Seconds that a test may take; one that hangs notices nothing."""
NOTICED = 1
"""The exit code of a pytest run in which tests ran and failed; a test that is not found, or cannot be read, gives another."""
HUNG = -1


@dataclass(frozen=True)
class Verdict:
    """What became of a defect."""

    defect: str
    test: str
    is_noticed: bool
    seconds: float
    said: str


class Copy:
    """The program with its tests, to be spoilt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "typescript", "*.db"))
        for file in ROOT.glob("*.*"):
            if file.is_file():
                shutil.copy(file, folder)

    @contextmanager
    def with_defect(self, defect: Defect) -> Iterator[None]:
        """The copy as it is with a defect; `ValueError` where the text that it changes does not stand there, or stands there twice."""
        file = self.folder / defect.file
        kept = file.read_text(encoding="utf-8")
        if kept.count(defect.old) != 1:
            raise ValueError(f"{defect.name}: the text to change stands {kept.count(defect.old)} times in {defect.file}")
        file.write_text(kept.replace(defect.old, defect.new), encoding="utf-8")
        try:
            yield
        finally:
            file.write_text(kept, encoding="utf-8")

    def tested(self, *tests: str) -> tuple[int, str]:
        """The exit code of a run of some tests on the copy, and what it said."""
        with tempfile.TemporaryDirectory() as scratch:
            command = [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-n0", "--show-capture=no", f"--basetemp={scratch}/run", *tests]
            try:
                done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=PATIENCE * len(tests))
            except subprocess.TimeoutExpired:
                return HUNG, f"no end after {PATIENCE * len(tests)} s"
        return done.returncode, done.stdout + done.stderr


def run(defects: Sequence[Defect] = DEFECTS, tell: Callable[[str], object] = print) -> list[Verdict]:
    """What became of each defect. First, all of the tests must succeed without any: else that one fails says nothing."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder) / "copy")
        code, said = copy.tested(*dict.fromkeys(each.test for each in defects))
        if code:
            raise RuntimeError(f"the tests fail without any defect:\n{said[-3000:]}")
        return [_judged(copy, each, tell) for each in defects]


def _judged(copy: Copy, defect: Defect, tell: Callable[[str], object]) -> Verdict:
    began = time.monotonic()
    with copy.with_defect(defect):
        code, said = copy.tested(defect.test)
    verdict = Verdict(defect.name, defect.test, code == NOTICED, time.monotonic() - began, said)
    tell(f"{'noticed' if verdict.is_noticed else 'NOT NOTICED'} after {verdict.seconds:.1f} s: {defect.name}\n    by {defect.test}")
    return verdict


def main(names: Sequence[str]) -> int:
    """Plant the defects whose names hold one of some texts, or all of them."""
    chosen = [each for each in DEFECTS if not names or any(name in each.name for name in names)]
    missed = [each for each in run(chosen) if not each.is_noticed]
    print(f"{len(chosen) - len(missed)} of {len(chosen)} defects were noticed")  # noqa: T201 - a command line prints
    for each in missed:
        print(each.said[-2000:])  # noqa: T201 - the same
    return int(bool(missed) or not chosen)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
