"""What goes over the wire: a plain relay before a server that counts bytes both ways, headers and all."""

import asyncio
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Counted:
    """Bytes so far."""

    up: int = 0
    down: int = 0

    @property
    def both_ways(self):
        return self.up + self.down


@contextmanager
def counted(address):
    """An address that leads to another, and what went over it."""
    port, wire, found, ready = urlsplit(address).port, Counted(), {}, threading.Event()

    async def live():
        found["loop"], found["over"] = asyncio.get_running_loop(), asyncio.Event()
        async with await asyncio.start_server(lambda *ends: _relayed(port, wire, *ends), "127.0.0.1", 0) as server:
            found["port"] = server.sockets[0].getsockname()[1]
            ready.set()
            await found["over"].wait()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    assert ready.wait(10)
    try:
        yield f"http://127.0.0.1:{found['port']}", wire
    finally:
        found["loop"].call_soon_threadsafe(found["over"].set)
        thread.join()


async def _relayed(port, wire, reader, writer):
    there, back = await asyncio.open_connection("127.0.0.1", port)
    try:
        # What is cut off at the end is no fault.
        with suppress(asyncio.CancelledError):
            await asyncio.gather(_poured(reader, back, wire, "up"), _poured(there, writer, wire, "down"))
    finally:
        for end in (back, writer):
            end.close()
            with suppress(OSError):
                await end.wait_closed()


async def _poured(source, sink, wire, way):
    with suppress(OSError):
        while part := await source.read(65536):
            setattr(wire, way, getattr(wire, way) + len(part))
            sink.write(part)
            await sink.drain()
        sink.write_eof()
