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
from dataclasses import dataclass, field, replace
from typing import Any

from app.evidence import copies, service, sniffing
from app.evidence.errors import CHECKSUM_MISMATCH, DIGEST_MISMATCH, IMAGE_TOO_LARGE, UPLOAD_TOO_SLOW
from app.evidence.rules import METADATA, Checksum
from app.evidence.schemas import Flag, Limits, Piece, Upload, Whole
from app.evidence.vault import Vault
from app.kit import errors
from app.kit.access import Scope
from app.kit.bodies import too_large
from app.kit.errors import Fault, Problem, pointer
from app.kit.store import Store

PIECE = 2 * 1024 * 1024
PATIENCE = 60.0
LEAST = 32 * 1024
"""Whoever brings less than this within `PATIENCE` seconds is cut: half a kibibyte a second is slower than the slowest phone network."""
AT_ONCE = 1
"""How many files are looked at, and copied, at the same time: a picture that is decoded takes a lot of memory."""
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
    vault: Vault
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
        await asyncio.to_thread(self._clear, upload)

    def _clear(self, upload: Upload) -> None:
        with _forgiving():
            self.vault.clear(upload)

    def expire(self) -> None:
        """Let go of what came of uploads whose rest did not come in time."""
        for upload in self.store.write(service.expire):
            self._clear(upload)


@contextlib.contextmanager
def _forgiving() -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        log.warning("pieces were left behind", extra={"facts": {"code": problem.kind.code}})


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
        content = bytes(memoryview(self.buffer)[:size])
        del self.buffer[:size]
        name = await asyncio.to_thread(self._keep, content)
        self.pending.append(Piece(self.stored, len(content), name))
        self.stored += len(content)
        if self.checksum is None and self.stored < self.upload.length:
            await self._count()

    def _keep(self, content: bytes) -> str:
        if self.hash is not None:
            self.hash.update(content)
        return self.reception.vault.keep(self.upload, content, start=self.stored)

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
            await asyncio.to_thread(self.reception.vault.blobs.remove, *names)

    async def _complete(self) -> None:
        reception, upload, pieces = self.reception, self.upload, list(self.pending)
        async with reception.finishing:
            try:
                whole = await asyncio.to_thread(self._examined)
            except Refused as refused:
                await reception.give_up(upload, refused.fault.code)
                raise errors.invalid(refused.fault) from None
        try:
            await asyncio.to_thread(reception.store.write, lambda session: service.complete(session, self.scope, upload, pieces, whole))
        except Problem:
            await asyncio.to_thread(reception.vault.blobs.remove, *whole.copies.values())
            raise
        self.durable, self.pending = self.stored, []

    def _examined(self) -> Whole:
        with self.reception.store.read() as session:
            pieces = [*service.pieces_of(session, self.upload), *self.pending]
        return examine(self.reception.vault, self.upload, pieces)


def examine(vault: Vault, upload: Upload, pieces: Sequence[Piece]) -> Whole:
    """What a file is found to be, all of whose pieces are there, with its copies. `Refused` where it is not what it should be."""
    head, tail, digest = b"", b"", hashlib.sha256()
    for content in vault.contents(upload, pieces):
        digest.update(content)
        head += content[: sniffing.HEAD - len(head)]
        tail = (tail + content)[-sniffing.TAIL :]
    if upload.declared_sha256 not in {None, digest.hexdigest()}:
        raise Refused(Fault(pointer(METADATA, "sha256"), DIGEST_MISMATCH))
    found = sniffing.sniff(head, tail)
    whole = Whole(digest.hexdigest(), found.type, flags_of(upload, found), _measured(head, found.type))
    is_copied = found.type in copies.FORMATS and upload.length <= copies.MOST_READ
    return _with_copies(vault, upload, pieces, whole) if is_copied else whole


def _measured(content: bytes, kind: str) -> tuple[int, int] | None:
    size = copies.measure(content, kind)
    if copies.is_too_large(size):
        raise Refused(Fault("", IMAGE_TOO_LARGE))
    return size


def _with_copies(vault: Vault, upload: Upload, pieces: Sequence[Piece], whole: Whole) -> Whole:
    content = b"".join(vault.contents(upload, pieces))
    # The size of a picture may stand behind more metadata than its beginning holds.
    size = whole.size or _measured(content, whole.type)
    made = copies.make_copies(content, whole.type)
    if made is None:
        return replace(whole, size=size)
    thumbnail, public = (vault.keep(upload, content, part=part) for part, content in made.parts())
    return replace(whole, size=size, thumbnail=thumbnail, public=public)


def flags_of(upload: Upload, found: sniffing.Sniffed) -> tuple[Flag, ...]:
    """What to be careful about with a file."""
    raised: dict[Flag, bool] = {
        "type_mismatch": sniffing.is_other(upload.declared_type, found),
        "unlisted_type": found.type not in sniffing.LISTED,
        "undeclared_digest": upload.declared_sha256 is None,
    }
    return tuple(flag for flag, is_raised in raised.items() if is_raised)
