"""Drills: `python -m app drill NAME` breaks a real server on purpose, and counts what was acknowledged, stored, lost and doubled.

`logins` measures how long people wait during a flood of wrong passwords; `defects` breaks the program, and looks which tests notice.
"""

import argparse
import json
import random
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from tests.benchmarks.stage import stores
from tests.drills import disk, kill, logins, parallel, phones, restart, upgrade
from tests.drills.oracle import Finding
from tests.drills.servers import Fallen
from tests.drills.stage import Stage, Teller
from tests.promises import planted_defects
from tests.support.databases import DIALECTS


class Found(Protocol):
    """What a drill found: numbers, whether they are as promised, and what is not, in words."""

    faults: list[str]

    @property
    def is_good(self) -> bool: ...

    def numbers(self) -> Mapping[str, int]: ...


Drill = Callable[[Stage, str, int | None], Found]
DRILLS: dict[str, Drill] = {
    "kill": kill.run,
    "restart": restart.run,
    "disk": disk.run,
    "parallel": parallel.run,
    "upgrade": upgrade.run,
    "logins": logins.run,
    "phones": phones.run,
}
DEFECTS = "defects"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a drill; 1 where anything was lost or doubled, or is otherwise not as it must be."""
    asked = _parser().parse_args(argv)
    if asked.name == DEFECTS:
        return _plant(asked)
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(1_000_000)
    chosen = DIALECTS if asked.database == "both" else (asked.database,)
    teller = Teller()
    teller.say(f"drill {asked.name}, --seed {seed}")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    with stores() as made:
        stage = Stage(made, seed, teller)
        findings = {dialect: _run(stage, asked, dialect) for dialect in chosen}
    if asked.json:
        sys.stdout.write(json.dumps({dialect: finding.numbers() for dialect, finding in findings.items()}) + "\n")
    return int(not all(finding.is_good for finding in findings.values()))


def _end(number: int, _frame: object) -> None:
    """Whoever ends a drill leaves no server behind: every block is left in good order."""
    raise SystemExit(128 + number)


def _plant(asked: argparse.Namespace) -> int:
    """Plant the defects one by one; 1 where the test of one does not notice it."""
    chosen = planted_defects.DEFECTS[: asked.n]
    verdicts = planted_defects.run(chosen, Teller().say)
    noticed = sum(each.is_noticed for each in verdicts)
    sys.stdout.write(f"{noticed} of {len(chosen)} defects were noticed\n")
    if asked.json:
        told = [{"defect": each.defect, "test": each.test, "noticed": each.is_noticed} for each in verdicts]
        sys.stdout.write(json.dumps({DEFECTS: told}, ensure_ascii=False) + "\n")
    return int(noticed < len(chosen))


def _run(stage: Stage, asked: argparse.Namespace, dialect: str) -> Found:
    finding: Found
    try:
        finding = DRILLS[asked.name](stage, dialect, asked.n)
    except Fallen as fault:
        finding = Finding(0, 0, 0, 0, [str(fault)])
    numbers = ", ".join(f"{number} {name}" for name, number in finding.numbers().items())
    stage.teller.say(f"{dialect}: {numbers}: {'as promised' if finding.is_good else 'NOT AS PROMISED'}")
    for fault in finding.faults:
        stage.teller.say(f"{dialect}: {fault}")
    return finding


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app drill", description=__doc__)
    parser.add_argument("name", choices=(*DRILLS, DEFECTS), metavar="NAME", help=", ".join((*DRILLS, DEFECTS)))
    parser.add_argument("--n", type=int, help="how many times; each drill has its own measure")
    parser.add_argument("--database", choices=(*DIALECTS, "both"), default="both")
    parser.add_argument("--json", action="store_true", help="end with one line of numbers for machines")
    parser.add_argument("--seed", type=int, help="what is drawn by lot, drawn again")
    return parser
