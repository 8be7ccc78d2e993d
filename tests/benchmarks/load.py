"""The load: observations posted over kept-alive connections, by a process of its own that costs little.

`python -m tests.benchmarks.load` reads a plan (JSON) from standard input and prints what happened. Everything that is sent is encoded
before the clock starts, and looked at after it has stopped.
"""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from time import perf_counter

import orjson
import uvloop

from tests.benchmarks.filing import bodies

GOOD = {"created"}


@dataclass
class Stream:
    """One connection and what it sends, one request after the other. An uploader beside the others goes on until those are done."""

    requests: int
    batch: int = 1
    token: str = ""
    case: str = ""
    hearing: str = ""
    path: str = "/v1/observations"
    is_beside: bool = False


@dataclass
class Happened:
    """What became of a load. `filed` counts observations that the server says it stored, `bad` what it answered otherwise, by kind."""

    seconds: float
    filed: int
    latencies: list[float]
    bad: dict[str, int] = field(default_factory=dict)

    def median(self) -> float:
        """The median time of an answer, in seconds."""
        return sorted(self.latencies)[len(self.latencies) // 2]


def run(port: int, streams: list[Stream]) -> Happened:
    """Send a load to a server of this machine from a process of its own."""
    plan = json.dumps({"port": port, "streams": [asdict(stream) for stream in streams]})
    done = subprocess.run([sys.executable, "-m", "tests.benchmarks.load"], input=plan, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the load could not be sent: {done.stderr[-2000:]}")
    return Happened(**json.loads(done.stdout))


def encoded(stream: Stream) -> Iterator[bytes]:
    """The bytes of a stream's requests."""
    if not stream.case:
        head = f"GET {stream.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        yield from (head for _ in range(stream.requests))
        return
    path = stream.path if stream.batch == 1 else f"{stream.path}/batch"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {stream.token}\r\nContent-Type: application/json\r\n"
    for body in bodies(stream.case, stream.hearing, stream.requests, stream.batch):
        yield f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Sender(asyncio.Protocol):
    """Sends the next request when the answer to the last is whole."""

    def __init__(self, requests: list[bytes]) -> None:
        self.requests = iter(requests)
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.answers: list[tuple[int, bytes]] = []
        self.latencies: list[float] = []
        self.stopping = False
        self._buffer = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def connection_lost(self, fault: Exception | None) -> None:
        if not self.done.done():
            self.answers.append((0, b""))
            self.done.set_result(None)

    def send(self) -> None:
        """Send the next request, or be done."""
        request = None if self.stopping else next(self.requests, None)
        if request is None:
            self.done.set_result(None)
            return
        self._sent = perf_counter()
        self.transport.write(request)

    def data_received(self, piece: bytes) -> None:
        self._buffer += piece
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        start = head.find(b"content-length:") + 15
        length = int(head[start : start + 12].split(b"\r")[0])
        if len(self._buffer) < end + 4 + length:
            return
        self.latencies.append(perf_counter() - self._sent)
        self.answers.append((int(head[9:12]), self._buffer[end + 4 :]))
        self._buffer = b""
        self.send()


async def _send(port: int, streams: list[Stream]) -> Happened:
    loop = asyncio.get_running_loop()
    senders = [(await loop.create_connection(lambda s=stream: Sender(list(encoded(s))), "127.0.0.1", port))[1] for stream in streams]
    first = [sender for sender, stream in zip(senders, streams, strict=True) if not stream.is_beside]
    beside = [sender for sender in senders if sender not in first]
    for sender in beside:
        sender.send()
    started = perf_counter()
    for sender in first:
        sender.send()
    await asyncio.gather(*(sender.done for sender in first))
    seconds = perf_counter() - started
    for sender in beside:
        sender.stopping = True
    await asyncio.gather(*(sender.done for sender in beside))
    told = Counter(kind for sender in senders for answer in sender.answers for kind in _kinds(*answer))
    filed = sum(told.pop(kind, 0) for kind in GOOD)
    return Happened(seconds, filed, [each for sender in first for each in sender.latencies], dict(told))


def _kinds(status: int, body: bytes) -> list[str]:
    if status == 0 or status >= 300:
        return [f"status {status}"]
    if not body.startswith(b"{"):
        return []
    found = orjson.loads(body)
    return [each["status"] for each in found.get("results", [found])]


def main() -> None:
    """Send the plan on standard input."""
    plan = json.load(sys.stdin)
    happened = uvloop.run(_send(plan["port"], [Stream(**each) for each in plan["streams"]]))
    json.dump(asdict(happened), sys.stdout)


if __name__ == "__main__":
    main()
