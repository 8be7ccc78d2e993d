"""Drills: `python -m app drill NAME` breaks a real server on purpose, and counts what was acknowledged, stored, lost and doubled."""

import argparse
import json
import random
import signal
import sys
from collections.abc import Callable, Sequence

from tests.benchmarks.stage import stores
from tests.drills import disk, kill, parallel, restart, upgrade
from tests.drills.oracle import Finding
from tests.drills.servers import Fallen
from tests.drills.stage import Stage, Teller
from tests.support.databases import DIALECTS

Drill = Callable[[Stage, str, int | None], Finding]
DRILLS: dict[str, Drill] = {"kill": kill.run, "restart": restart.run, "disk": disk.run, "parallel": parallel.run, "upgrade": upgrade.run}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a drill; 1 where anything was lost or doubled, or is otherwise not as it must be."""
    asked = _parser().parse_args(argv)
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


def _run(stage: Stage, asked: argparse.Namespace, dialect: str) -> Finding:
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
    parser.add_argument("name", choices=DRILLS, metavar="NAME", help=", ".join(DRILLS))
    parser.add_argument("--n", type=int, help="how many times; each drill has its own measure")
    parser.add_argument("--database", choices=(*DIALECTS, "both"), default="both")
    parser.add_argument("--json", action="store_true", help="end with one line of numbers for machines")
    parser.add_argument("--seed", type=int, help="what is drawn by lot, drawn again")
    return parser
