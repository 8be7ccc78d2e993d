"""The table of performance targets: `python -m app bench` measures each, prints it, and fails where a must is missed."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks import aggregates, chain, fold, processor, summary, throughput, waiting
from tests.benchmarks.stage import note, stores
from tests.benchmarks.targets import Effort, Measured, Target

TARGETS: tuple[Target, ...] = (
    *throughput.TARGETS,
    *chain.TARGETS,
    *processor.TARGETS,
    *waiting.TARGETS,
    *fold.TARGETS,
    *summary.TARGETS,
    *aggregates.TARGETS,
)
QUICK = (3, 960)
FULL = (5, 3200)

Row = tuple[Target, Measured]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what was asked for; 1 where a must is missed, or an answer or a row was not as it must be."""
    asked = _parser().parse_args(argv)
    rounds, posts = QUICK if asked.quick else FULL
    chosen = [target for target in TARGETS if asked.only is None or target.name in asked.only]
    with stores() as made:
        effort = Effort(asked.rounds or rounds, posts, made, is_full=asked.full)
        rows = [_measured(target, effort) for target in chosen]
    rows.append((_errors(effort), Measured(effort.errors)))
    sys.stdout.write(table(rows))
    if asked.json is not None:
        asked.json.write_text(json.dumps(machine_form(rows, effort), indent=2) + "\n", encoding="utf-8")
    return int(any(target.verdict(measured.value) == "MISSED" for target, measured in rows))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app bench", description=__doc__)
    parser.add_argument("--rounds", type=int, help="rounds a target, 5 by default")
    parser.add_argument("--quick", action="store_true", help="three short rounds")
    parser.add_argument("--full", action="store_true", help="aggregates over a million observations; minutes and gigabytes to write")
    parser.add_argument("--only", action="append", choices=[target.name for target in TARGETS], help="measure this target; may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table for machines")
    return parser


def _measured(target: Target, effort: Effort) -> Row:
    note(f"{target.title} …")
    return target, target.measure(effort)


def _errors(effort: Effort) -> Target:
    title = "errors at 32 clients: bad answers, lost or double rows"
    return Target("errors", title, "", 0, 0, lambda _: Measured(effort.errors), is_ceiling=True)


def table(rows: Sequence[Row]) -> str:
    """The table for people."""
    lines = [("target", "measured", "must", "strive", "verdict", "medians behind it")]
    for target, measured in rows:
        behind = ", ".join(f"{name} {value:.4g}" for name, value in measured.behind.items())
        figures = (f"{number:.4g}{target.unit}" for number in (measured.value, target.must, target.strive))
        lines.append((target.title, *figures, target.verdict(measured.value), behind))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines)


def machine_form(rows: Sequence[Row], effort: Effort) -> dict[str, Any]:
    """The table for machines, with what it was measured on."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "python": sys.version.split()[0],
        "rounds": effort.rounds,
        "posts_per_round": effort.posts,
        "targets": [
            {
                "name": target.name,
                "title": target.title,
                "measured": measured.value,
                "must": target.must,
                "strive": target.strive,
                "is_ceiling": target.is_ceiling,
                "verdict": target.verdict(measured.value),
                "behind": dict(measured.behind),
            }
            for target, measured in rows
        ],
    }
