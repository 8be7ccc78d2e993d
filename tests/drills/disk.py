"""The disk fails: full, at a single call, without syncing, at once. What could not be run on this machine is said."""

from tests.drills import faults, full, power, syncs
from tests.drills.oracle import Finding
from tests.drills.stage import Stage


def run(stage: Stage, dialect: str, times: int | None) -> Finding:
    """All of them, one after the other; a number bounds each."""
    found = Finding(0, 0, 0, 0)
    for part in (full, syncs, faults, power):
        found += part.run(stage, dialect, times)
    return found
