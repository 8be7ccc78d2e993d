"""What aggregates cost, in processor time of a read on SQLite: in a large programme by a small one, and by a query over all marks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import process_time

import orjson

from app.kit.database import Database
from app.kit.store import Store
from app.summaries.aggregates import service
from app.summaries.aggregates.measures import MEASURES
from app.summaries.aggregates.rules import Question
from app.taxonomy.catalogue import current
from tests.benchmarks.many_cases import MARKS, counted_by_marks, fill
from tests.benchmarks.stage import note
from tests.benchmarks.targets import Effort, Measured, Target
from tests.support.world import World

SMALL, LARGE, LARGEST = 10_000, 100_000, 1_000_000
ASKED = (("observations", "month", "indicator"), ("observations", "case"), ("incidents", "month", "right"), ("incidents", "case"))


@dataclass
class Programme:
    """A programme of one size."""

    world: World
    store: Store
    number: int

    def ask(self, measure: str, *group_by: str) -> list[dict]:
        """The rows of an answer."""
        question = Question(self.world.programme, MEASURES[measure], group_by)
        return orjson.loads(service.aggregate(self.store, self.world.scope("COO"), current(), question))["rows"]

    def asked(self) -> float:
        """Milliseconds for every question once."""
        start = process_time()
        for each in ASKED:
            self.ask(*each)
        return (process_time() - start) * 1000


@contextmanager
def a_programme(effort: Effort, number: int) -> Iterator[Programme]:
    """A programme with so many observations."""
    with effort.stores.fresh("sqlite") as (address, world):
        database = Database(address)
        note(f"  writing {number} observations with {number * MARKS} marks")
        fill(database, world, number)
        # Nothing is stale, so that nothing is written and no writer is needed.
        yield Programme(world, Store(database, None, None, None), number)
        database.close()


def growth(effort: Effort) -> Measured:
    """Processor time of aggregates in a large programme by that in a small one."""
    with a_programme(effort, SMALL) as small, a_programme(effort, _large(effort)) as large:
        effort.errors += _wrong(large)
        pairs = [(large.asked(), small.asked()) for _ in range(5 * effort.rounds + 1)][1:]
    behind = {f"ms at {each.number}": median(pair[side] for pair in pairs) for side, each in enumerate((large, small))}
    return Measured(median(a / b for a, b in pairs), behind)


def against_marks(effort: Effort) -> Measured:
    """Processor time of an aggregate by that of the same numbers taken from all marks, which grows with them: as it is at a million."""
    with a_programme(effort, _large(effort)) as large:
        slow = median(_by_marks(large) for _ in range(effort.rounds))
        quick = median(_by_tally(large) for _ in range(5 * effort.rounds))
    behind = {f"aggregate ms at {large.number}": quick, f"marks ms at {large.number}": slow}
    return Measured(quick / slow * large.number / LARGEST, behind)


def _large(effort: Effort) -> int:
    return LARGEST if effort.is_full else LARGE


def _by_tally(programme: Programme) -> float:
    start = process_time()
    programme.ask(*ASKED[0])
    return (process_time() - start) * 1000


def _by_marks(programme: Programme) -> float:
    with programme.store.read() as session:
        start = process_time()
        counted_by_marks(session, programme.world)
        return (process_time() - start) * 1000


def _wrong(programme: Programme) -> int:
    """In how many rows aggregates and marks differ."""
    with programme.store.read() as session:
        wanted = counted_by_marks(session, programme.world)
    given = {(row["month"], row["indicator"]): row["value"] for row in programme.ask(*ASKED[0])}
    return len(given.items() ^ wanted.items())


TARGETS = (
    Target("aggregate-growth", "aggregates in a large programme / at 10k observations", "x", 2, 1.2, growth, is_ceiling=True),
    Target(
        "aggregate-marks",
        "aggregate / GROUP BY over all marks, scaled to 1M observations",
        "x",
        1 / 100,
        1 / 1000,
        against_marks,
        is_ceiling=True,
    ),
)
