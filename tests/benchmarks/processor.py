"""Processor time of the server for a single post, by that of the least that Starlette can do."""

from statistics import median

from tests.benchmarks.children import Child
from tests.benchmarks.load import Happened, Stream, run
from tests.benchmarks.stage import CLIENTS, Product, note
from tests.benchmarks.targets import Effort, Measured, Target


def single_post(effort: Effort) -> Measured:
    """Processor time of a single post to SQLite (which works inside the server's process) by that of a hello."""
    with effort.stores.product("sqlite") as product, effort.stores.hello() as hello:
        pairs = [_round(effort, product, hello) for _ in range(effort.rounds + 1)][1:]
    post, least = (median(pair[side] for pair in pairs) * 1e6 for side in (0, 1))
    return Measured(median(a / b for a, b in pairs), {"post us": post, "hello us": least})


def _round(effort: Effort, product: Product, hello: Child) -> tuple[float, float]:
    number = effort.posts // CLIENTS
    streams = product.streams(number)
    before = product.child.cpu()
    happened = product.take(streams)
    post = (product.child.cpu() - before) / (number * CLIENTS)
    effort.errors += product.wrong(happened)
    least = _hello(hello, number)
    note(f"  post {post * 1e6:.0f} us, hello {least * 1e6:.0f} us")
    return post, least


def _hello(child: Child, number: int) -> float:
    before = child.cpu()
    happened: Happened = run(child.port, [Stream(number, path="/") for _ in range(CLIENTS)])
    if happened.bad or len(happened.latencies) != number * CLIENTS:
        raise RuntimeError("the hello did not answer")
    return (child.cpu() - before) / (number * CLIENTS)


TARGETS = (Target("single-cpu", "CPU of a single post / Starlette hello", "x", 8, 5, single_post, is_ceiling=True),)
