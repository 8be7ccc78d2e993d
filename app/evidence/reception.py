"""Taking in the parts of an upload as they arrive: pieces of two mebibytes, each durable before it counts, and one at a time in memory.

What is acknowledged is what the database knows; a server that is killed in between has stored a piece that nobody will ask for. The last
piece and the end of the upload are one transaction, so that an upload never looks whole while it is not.
"""

import asyncio
import contextlib
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from app.evidence import copies, service, sniffing
from app.evidence.errors import CHECKSUM_MISMATCH, DIGEST_MISMATCH, IMAGE_TOO_LARGE, UPLOAD_TOO_SLOW
from app.evidence.rules import METADATA, Checksum
from app.evidence.schemas import Flag, Limits, Piece, Upload, Whole
from app.kit import errors
from app.kit.access import Scope, too_large
from app.kit.blobs import Blobs
from app.kit.errors import Fault, Problem, pointer
from app.kit.store import Store

PIECE = 2 * 1024 * 1024
PATIENCE = 60.0
LEAST = 32 * 1024
"""Whoever brings less than this within `PATIENCE` seconds is cut: half a kibibyte a second is slower than the slowest phone network."""
AT_ONCE = 2
log = logging.getLogger("hearsight.evidence")


class Refused(Exception):  # noqa: N818 - what befell a file is no error of ours
    """A file that came whole and is not what it should be; with the fault that says so."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass
class Reception:
    """Where uploads arrive in one process."""

    store: Store
    blobs: Blobs
    limits: Limits = field(default_factory=Limits)
    patience: float = PATIENCE
    finishing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def take(self, scope: Scope, upload: Upload, body: AsyncIterator[bytes], checksum: Checksum | None) -> int:
        """How much of an upload is durable after a part of it: what comes before a cut counts, where it has no checksum of its own.

        Raises 460 `checksum_mismatch` and forgets the part, 408 `upload_too_slow` and keeps what came, 413 `body_too_large` and gives the
        upload up, 422 `digest_mismatch` and `image_too_large` and keeps nothing.
        """
        part = _Part(self, scope, upload, checksum)
        try:
            async for content in paced(body, self.patience):
                await part.add(content)
        except Problem as problem:
            if problem.kind is UPLOAD_TOO_SLOW:
                await part.interrupted()
            elif problem.kind is errors.BODY_TOO_LARGE:
                await self.give_up(upload, problem.kind.code)
            else:
                await part.forget()
            raise
        except OSError:
            # Whoever was sending is gone.
            await part.interrupted()
            return part.durable
        await part.finished()
        return part.durable

    async def give_up(self, upload: Upload, code: str) -> None:
        """Let go of an upload and of all that came of it."""
        await asyncio.to_thread(self.store.write, lambda session: service.refuse(session, upload, code))
        await self.clear(upload)

    async def clear(self, upload: Upload) -> None:
        """Remove the pieces of an upload from the store. Should that fail, they take room and nothing leads to them."""
        await asyncio.to_thread(self._clear, upload.folder)

    def _clear(self, folder: str) -> None:
        with _forgiving():
            self.blobs.remove(*self.blobs.names(_pieces_of(folder)))

    def drop(self, whole: Whole) -> None:
        """Remove a file that lost its place to another of the same upload."""
        with _forgiving():
            self.blobs.remove(*whole.names)


@contextlib.contextmanager
def _forgiving() -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        log.warning("pieces were left behind", extra={"facts": {"code": problem.kind.code}})


def _pieces_of(folder: str) -> str:
    return f"pieces/{folder}"


async def paced(body: AsyncIterator[bytes], patience: float) -> AsyncIterator[bytes]:
    """The same stream, which ends in 408 `upload_too_slow` where next to nothing of it comes for too long."""
    coming: asyncio.Task[bytes] = asyncio.ensure_future(anext(body))
    began, came = time.monotonic(), 0
    try:
        while True:
            left = began + patience - time.monotonic()
            if left <= 0 and came < LEAST:
                raise Problem(UPLOAD_TOO_SLOW, headers={"Connection": "close"})
            if left <= 0:
                began, came = time.monotonic(), 0
                continue
            await asyncio.wait({coming}, timeout=left)
            if not coming.done():
                continue
            try:
                content = coming.result()
            except StopAsyncIteration:
                return
            came += len(content)
            yield content
            coming = asyncio.ensure_future(anext(body))
    finally:
        coming.cancel()


@dataclass
class _Part:
    """One part of an upload while it arrives. `pending` are pieces that are durable and do not count yet."""

    reception: Reception
    scope: Scope
    upload: Upload
    checksum: Checksum | None
    buffer: bytearray = field(default_factory=bytearray)
    pending: list[Piece] = field(default_factory=list)
    durable: int = 0
    stored: int = 0
    hash: Any = None

    def __post_init__(self) -> None:
        self.durable = self.stored = self.upload.received
        self.hash = self.checksum.begin() if self.checksum else None

    async def add(self, content: bytes) -> None:
        """Take what came; 413 where it is more than was announced."""
        if self.stored + len(self.buffer) + len(content) > self.upload.length:
            raise too_large()
        self.buffer += content
        while len(self.buffer) >= PIECE:
            await self._store(PIECE)

    async def _store(self, size: int) -> None:
        content = bytes(self.buffer[:size])
        del self.buffer[:size]
        name = f"{_pieces_of(self.upload.folder)}/{token_hex(16)}"
        await asyncio.to_thread(self._put, name, content)
        self.pending.append(Piece(self.stored, len(content), name))
        self.stored += len(content)
        if self.checksum is None and self.stored < self.upload.length:
            await self._count()

    def _put(self, name: str, content: bytes) -> None:
        if self.hash is not None:
            self.hash.update(content)
        self.reception.blobs.put(name, content)

    async def _count(self) -> None:
        pieces = list(self.pending)
        await asyncio.to_thread(self.reception.store.write, lambda session: service.keep(session, self.upload, pieces))
        self.durable, self.pending = self.stored, []

    async def interrupted(self) -> None:
        """Keep what came before a part broke off, where nothing was promised of the part as a whole."""
        if self.checksum is None:
            await self.finished()
        else:
            await self.forget()

    async def finished(self) -> None:
        """Make durable what came, compare it with what it should hash to, and have the upload whole where this was the last of it."""
        try:
            if self.buffer:
                await self._store(len(self.buffer))
            self._compare()
            if self.pending and self.stored < self.upload.length:
                await self._count()
            elif self.pending:
                await self._complete()
        except Problem:
            await self.forget()
            raise

    def _compare(self) -> None:
        if self.checksum is not None and self.hash.digest() != self.checksum.digest:
            raise Problem(CHECKSUM_MISMATCH)

    async def forget(self) -> None:
        """Remove pieces that will never count."""
        names, self.pending = [each.name for each in self.pending], []
        with _forgiving():
            await asyncio.to_thread(self.reception.blobs.remove, *names)

    async def _complete(self) -> None:
        reception, upload = self.reception, self.upload
        async with reception.finishing:
            try:
                whole = await asyncio.to_thread(self._assemble)
            except Refused as refused:
                await reception.give_up(upload, refused.fault.code)
                raise errors.invalid(refused.fault) from None
        try:
            await asyncio.to_thread(
                reception.store.write, lambda session: service.complete(session, self.scope, upload, self.durable, whole)
            )
        except BaseException:
            await asyncio.to_thread(reception.drop, whole)
            raise
        self.durable, self.pending = self.stored, []
        await reception.clear(upload)

    def _assemble(self) -> Whole:
        with self.reception.store.read() as session:
            pieces = [*service.pieces_of(session, self.upload), *self.pending]
        return assemble(self.reception.blobs, self.upload, pieces)


def assemble(blobs: Blobs, upload: Upload, pieces: Sequence[Piece]) -> Whole:
    """The file of which all pieces are there, as one, with what it is found to be. `Refused` leaves nothing but the pieces."""
    reading = _Reading(blobs, pieces)
    head = reading.head()
    found = sniffing.sniff(head, reading.tail())
    size = copies.measure(head, found.type)
    if copies.is_too_large(size):
        raise Refused(Fault("", IMAGE_TOO_LARGE))
    original = f"files/{token_hex(16)}"
    blobs.put(original, reading.whole())
    sha256 = reading.digest.hexdigest()
    if upload.declared_sha256 not in {None, sha256}:
        blobs.remove(original)
        raise Refused(Fault(pointer(METADATA, "sha256"), DIGEST_MISMATCH))
    return _with_copies(blobs, upload, found, size, (original, sha256))


def _with_copies(blobs: Blobs, upload: Upload, found: sniffing.Sniffed, size: tuple[int, int] | None, kept: tuple[str, str]) -> Whole:
    original, sha256 = kept
    made = None
    if found.type in copies.FORMATS and upload.length <= copies.MOST_READ:
        content = b"".join(blobs.read(original))
        size = size or copies.measure(content, found.type)
        if copies.is_too_large(size):
            blobs.remove(original)
            raise Refused(Fault("", IMAGE_TOO_LARGE))
        made = copies.make_copies(content, found.type)
    names: dict[str, str | None] = {"thumbnail": None, "public": None}
    for name in names if made is not None else ():
        names[name] = f"files/{token_hex(16)}"
        blobs.put(str(names[name]), getattr(made, name))
    return Whole(sha256, found.type, flags_of(upload, found), size, original, names["thumbnail"], names["public"])


def flags_of(upload: Upload, found: sniffing.Sniffed) -> tuple[Flag, ...]:
    """What to be careful about with a file."""
    raised: dict[Flag, bool] = {
        "type_mismatch": sniffing.is_other(upload.declared_type, found),
        "unlisted_type": found.type not in sniffing.LISTED,
        "undeclared_digest": upload.declared_sha256 is None,
    }
    return tuple(flag for flag, is_raised in raised.items() if is_raised)


class _Reading:
    """A file that lies in pieces, read a piece at a time."""

    def __init__(self, blobs: Blobs, pieces: Sequence[Piece]) -> None:
        self._blobs = blobs
        self._pieces = sorted(pieces, key=lambda each: each.start)
        self.digest = hashlib.sha256()

    def head(self) -> bytes:
        found = b""
        for each in self._pieces:
            found += b"".join(self._blobs.read(each.name))
            if len(found) >= sniffing.HEAD:
                break
        return found[: sniffing.HEAD]

    def tail(self) -> bytes:
        found = b""
        for each in reversed(self._pieces):
            found = b"".join(self._blobs.read(each.name)) + found
            if len(found) >= sniffing.TAIL:
                break
        return found[-sniffing.TAIL :]

    def whole(self) -> Iterator[bytes]:
        for each in self._pieces:
            for content in self._blobs.read(each.name):
                self.digest.update(content)
                yield content
