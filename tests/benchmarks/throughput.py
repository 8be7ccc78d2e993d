"""Throughput against the bare driver: single posts of 32 clients, and batches of 500."""

from dataclasses import dataclass
from statistics import median

from tests.benchmarks.stage import CLIENTS, Floor, Product, note
from tests.benchmarks.targets import Effort, Measured, Target

BATCH = 500
UPLOADERS = 2


def singles(dialect: str, effort: Effort) -> Measured:
    """Single posts of 32 clients, by what the bare driver writes in groups of 32."""
    return _compared(dialect, effort, Load(CLIENTS, effort.posts // CLIENTS, 1))


def batches(dialect: str, effort: Effort) -> Measured:
    """Batches of 500 of two uploaders, by what the bare driver writes in groups of 500."""
    return _compared(dialect, effort, Load(UPLOADERS, max(1, effort.posts // BATCH), BATCH))


@dataclass(frozen=True)
class Load:
    """How many clients send how many requests of how many observations each."""

    clients: int
    requests: int
    batch: int

    @property
    def number(self) -> int:
        """All observations of a round."""
        return self.clients * self.requests * self.batch


def _compared(dialect: str, effort: Effort, load: Load) -> Measured:
    with effort.stores.product(dialect) as product, effort.stores.floor(dialect) as floor:
        # The first round fills caches on both sides and is not counted.
        counted = [_round(effort, product, floor, load, is_first=turn % 2 == 0) for turn in range(effort.rounds + 1)][1:]
    product_rate, floor_rate = (median(pair[side] for pair in counted) for side in (0, 1))
    return Measured(median(a / b for a, b in counted), {"product/s": product_rate, "floor/s": floor_rate})


def _round(effort: Effort, product: Product, floor: Floor, load: Load, *, is_first: bool) -> tuple[float, float]:
    """Observations a second of both, the floor first or last."""
    streams = product.streams(load.requests, load.clients, load.batch)
    size = max(load.clients, load.batch)
    before = floor.write(load.number, size) if is_first else None
    happened = product.take(streams)
    least = before or floor.write(load.number, size)
    effort.errors += product.wrong(happened) + floor.wrong()
    rate = happened.filed / happened.seconds
    note(f"  product {rate:.0f}/s, floor {least:.0f}/s")
    return rate, least


SQLITE, POSTGRESQL = "sqlite", "postgresql"
TARGETS = (
    Target("sqlite-singles", "SQLite single posts, 32 clients / driver, groups of 32", "", 0.25, 0.35, lambda e: singles(SQLITE, e)),
    Target("pg-singles", "PostgreSQL single posts, 32 clients / driver, groups of 32", "", 0.22, 0.30, lambda e: singles(POSTGRESQL, e)),
    Target("sqlite-batches", "SQLite batches of 500 / driver, groups of 500", "", 0.45, 0.60, lambda e: batches(SQLITE, e)),
    Target("pg-batches", "PostgreSQL batches of 500 / driver, groups of 500", "", 0.50, 0.70, lambda e: batches(POSTGRESQL, e)),
)
