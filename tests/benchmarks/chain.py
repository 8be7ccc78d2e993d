"""What the journal costs: the same observations written by the product with chain and rollup, with the chain alone, and with neither.

Everything else is the same on all sides: looking up, deciding, rows of observations and marks, commitments, one commit a group. There is no
HTTP and no server: that would only hide the difference. The chain is an entry for each observation, its leaf, hash and row, and the head of
the log; the rollup are the sums of marks and the revision of the case, kept up in the same transaction.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from app.journal import service as journal
from app.journal.schemas import Leaf
from app.kit import clock
from app.kit.database import Database
from app.observations import tally
from app.observations.arrivals import Parcel
from app.observations.intake import Intake
from app.observations.preparation import Prepared, prepare
from tests.benchmarks.filing import COUNTERS, MARKS, a_filing
from tests.benchmarks.floor import KEY, hearings_of
from tests.benchmarks.stage import counted_in, note
from tests.benchmarks.targets import Effort, Measured, Target
from tests.support.world import World

GROUP = 500
WITH, CHAIN, WITHOUT = "chain and rollup", "chain alone", "neither"
Seal = Callable[[Session], list[Leaf]]


def _neither(session: Session) -> list[Leaf]:
    """What was noted is dropped, and receipts name places that are nowhere."""
    session.info.pop(tally._NOTED, None)
    at = clock.stamp(clock.now())
    return [Leaf(entry, seq, bytes(32), at) for seq, entry in enumerate(session.info.pop(journal._NOTED, ()))]


def _chain_alone(session: Session) -> list[Leaf]:
    session.info.pop(tally._NOTED, None)
    return _CHAIN.seal(session)


_CHAIN = journal.Journal()
_CHAIN._projections = ()
SEALS: dict[str, tuple[Seal, tuple[int, int]]] = {
    WITH: (journal.Journal((tally.project,)).seal, (COUNTERS, 1)),
    CHAIN: (_chain_alone, (0, 1)),
    WITHOUT: (_neither, (0, 0)),
}
"""Each way to end a transaction, and what it leaves for an observation: counted in sums, entries."""


class Side:
    """The product's own writing, ended in one of the ways, on a database of its own."""

    def __init__(self, address: str, world: World, name: str) -> None:
        seal, self._left = SEALS[name]
        self._session_id = uuid4()
        self._intake = Intake(self._scopes, seal, KEY)
        self._database, self._world, self._written = Database(address), world, 0
        self.name = name

    def _scopes(self, _session: Session, session_ids: Any) -> dict[UUID, Any]:
        return dict.fromkeys(session_ids, self._world.scope("OBS1"))

    def write(self) -> float:
        """Seconds that a group takes; it is made ready before the clock starts."""
        group = self._group()
        started = perf_counter()
        with Session(self._database.writing, expire_on_commit=False) as session:
            self._intake.write(session, [Parcel(self._session_id, group)])
            session.commit()
        self._written += GROUP
        return perf_counter() - started

    def _group(self) -> tuple[Prepared, ...]:
        hearings = [str(each) for each in hearings_of(self._world)]
        filings = [a_filing(str(self._world.case), hearings[n % len(hearings)]) for n in range(GROUP)]
        return tuple(_ready(each) for each in filings)

    def wrong(self) -> int:
        """How many rows are lost or double, and where there are any, sums and entries."""
        counters, entries = self._left
        due = [self._written, self._written * MARKS, self._written * counters, self._written * entries]
        with self._database.read() as session:
            return sum(abs(found - due) for found, due in zip(counted_in(session, self._world, has_journal=entries > 0), due, strict=True))

    def close(self) -> None:
        """Close the connections."""
        self._database.close()


def _ready(filing: dict[str, Any]) -> Prepared:
    made = prepare(filing, key=KEY, today=date.max)
    assert isinstance(made, Prepared)
    return made


def cost(dialect: str, effort: Effort) -> Measured:
    """By how much longer an observation takes with chain and rollup than with neither, in groups of 500."""
    with ExitStack() as closing:
        sides = [_side(closing, effort, dialect, name) for name in SEALS]
        # The first round fills caches on all sides and is not counted.
        rounds = [_round(sides, effort) for _ in range(effort.rounds + 1)][1:]
        effort.errors += sum(side.wrong() for side in sides)
    behind = {f"{name} us": median(each[name] for each in rounds) for name in SEALS}
    return Measured(median(each[WITH] / each[WITHOUT] for each in rounds), behind)


def _side(closing: ExitStack, effort: Effort, dialect: str, name: str) -> Side:
    side = Side(*closing.enter_context(effort.stores.fresh(dialect)), name)
    closing.callback(side.close)
    return side


def _round(sides: Sequence[Side], effort: Effort) -> dict[str, float]:
    """Microseconds an observation of each side. They take turns group by group, and each begins as often as the others."""
    turns = max(1, effort.posts // GROUP)
    spent: Counter[str] = Counter()
    for turn in range(turns):
        first = turn % len(sides)
        for side in (*sides[first:], *sides[:first]):
            spent[side.name] += side.write()
    found = {name: 1e6 * spent[name] / (turns * GROUP) for name in SEALS}
    note("  " + ", ".join(f"{name} {micros:.0f} us" for name, micros in found.items()))
    return found


_TITLE = "filing in groups of 500 with chain and rollup / the same rows without"
TARGETS = (
    Target("sqlite-journal", f"SQLite {_TITLE}", "x", 2.0, 1.5, lambda e: cost("sqlite", e), is_ceiling=True),
    Target("pg-journal", f"PostgreSQL {_TITLE}", "x", 2.0, 1.5, lambda e: cost("postgresql", e), is_ceiling=True),
)
