"""How long a single post waits beside uploads of 500, by how long it waits without them."""

from statistics import median

from tests.benchmarks.stage import CLIENTS, Product, note
from tests.benchmarks.targets import Effort, Measured, Target
from tests.benchmarks.throughput import BATCH, UPLOADERS

UPLOADS = 40


def beside_uploads(effort: Effort) -> Measured:
    """The median answer time of single posts with two uploaders beside them, by the same without."""
    with effort.stores.product("sqlite") as product:
        pairs = [_round(effort, product) for _ in range(effort.rounds + 1)][1:]
    beside, alone = (median(pair[side] for pair in pairs) * 1e3 for side in (0, 1))
    return Measured(median(a / b for a, b in pairs), {"beside ms": beside, "alone ms": alone})


def _round(effort: Effort, product: Product) -> tuple[float, float]:
    number = effort.posts // CLIENTS
    waits = []
    for uploaders in (UPLOADERS, 0):
        streams = product.streams(number) + product.streams(UPLOADS, uploaders, BATCH, is_beside=True)
        happened = product.take(streams)
        effort.errors += product.wrong(happened)
        waits.append(happened.median())
    note(f"  beside {waits[0] * 1e3:.1f} ms, alone {waits[1] * 1e3:.1f} ms")
    return waits[0], waits[1]


TARGETS = (
    Target("p50-beside-uploads", "p50 of single posts beside two uploads of 500 / without", "x", 3, 2, beside_uploads, is_ceiling=True),
)
