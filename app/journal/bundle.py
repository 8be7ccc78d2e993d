"""Bundles: all that anybody needs to check a log without the server. `docs/reference/journal.md` says what stands in them."""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.journal import queries, rules
from app.journal.checkpoints import Checkpoints
from app.journal.errors import Unsound
from app.journal.models import Checkpoint
from app.journal.proofs import joined
from app.journal.rules import canonical
from app.journal.schemas import Entry, EventKind
from app.journal.service import record
from app.journal.showing import Showing, What
from app.kit import clock
from app.kit.database import Database
from app.kit.errors import Problem
from app.kit.writer import Writer

FORMAT = "hearsight-journal-1"
LONGEST_LEAF = 1024 * 1024
NOT_SHOWN = b"null"
_EPOCH = (1980, 1, 1, 0, 0, 0)

Stored = Callable[[Session, UUID], Iterable[Mapping[str, Any]]]
"""Lines about what a programme stores, from one snapshot."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a bundle's lines about observations come from: what is stored of each, and salt and text of each column."""

    stored: Stored
    openings: Stored


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of an export: how many entries, the checkpoint over them, or why there is none."""

    size: int
    checkpoint: Checkpoint | None
    fault: str | None = None


class Exporter:
    """Writes bundles of a server's logs."""

    def __init__(self, database: Database, writer: Writer, checkpoints: Checkpoints, sources: Sources) -> None:
        self._database = database
        self._writer = writer
        self._checkpoints = checkpoints
        self._sources = sources

    def export(self, log_id: UUID, file: Path, *, with_openings: bool) -> Exported:
        """Write the bundle of a log; the export is journalled, and a checkpoint covers it.

        A log that cannot be signed is written all the same: the bundle is how one finds out what is wrong with it. `FileExistsError`.
        """
        with zipfile.ZipFile(file, "x", zipfile.ZIP_STORED) as archive:
            exported = Entry(
                EventKind.JOURNAL_EXPORTED,
                log_id,
                log_id,
                facts={"openings": with_openings},
                showing=Showing(What.EXPORT, is_whole=with_openings),
            )
            self._writer.run(lambda session: record(session, exported))
            with self._database.read() as session:
                # What is read from here on is one snapshot, and the checkpoint covers exactly that.
                size = queries.size_of(session, log_id)
                checkpoint, fault = self._sign(log_id, size)
                for name, lines in self._members(session, log_id, checkpoint, with_openings=with_openings):
                    write(archive, name, lines)
        return Exported(size, checkpoint, fault)

    def _sign(self, log_id: UUID, size: int) -> tuple[Checkpoint | None, str | None]:
        try:
            return self._checkpoints.issue(log_id, size), None
        except Unsound as fault:
            return None, str(fault)
        except Problem as problem:
            return None, problem.kind.code

    def _members(
        self, session: Session, log_id: UUID, checkpoint: Checkpoint | None, *, with_openings: bool
    ) -> Iterator[tuple[str, Iterable[bytes]]]:
        signer = self._checkpoints.signer
        yield "manifest.jsonl", self._manifest(session, log_id)
        yield "leaves.jsonl", leaves(session, log_id)
        yield "checkpoints.txt", checkpoints(session, log_id, checkpoint)
        yield "keys.txt", [f"{signer.key(log_id)}\n".encode()]
        if with_openings:
            yield "openings.jsonl", (canonical(each) + b"\n" for each in self._sources.openings(session, log_id))

    def _manifest(self, session: Session, log_id: UUID) -> Iterator[bytes]:
        size, root = _counted(session, log_id)
        about = {"format": FORMAT, "instance": self._checkpoints.signer.instance, "log": log_id, "size": size, "root": root.hex()}
        yield canonical({**about, "made_at": clock.stamp(clock.now())}) + b"\n"
        for each in self._sources.stored(session, log_id):
            yield canonical(each) + b"\n"


def _counted(session: Session, log_id: UUID) -> tuple[int, bytes]:
    """How many entries there are, and the root of their stored hashes."""
    frontier = rules.Frontier()
    for _, digest in queries.hashes_of(session, log_id):
        frontier.append(digest)
    return frontier.size, joined(frontier.peaks)


def leaves(session: Session, log_id: UUID) -> Iterator[bytes]:
    """The lines of `leaves.jsonl`: bytes and hash of each entry as they are stored."""
    for _, leaf, digest in queries.leaves_of(session, log_id):
        yield b'{"leaf":%b,"leaf_hash":"%b"}\n' % (leaf if is_a_line(leaf) else NOT_SHOWN, digest.hex().encode())


def is_a_line(leaf: bytes) -> bool:
    """Whether the bytes of a leaf can stand in a line of text; those that the server wrote can."""
    try:
        return "\n" not in leaf.decode() and len(leaf) <= LONGEST_LEAF
    except UnicodeDecodeError:
        return False


def checkpoints(session: Session, log_id: UUID, last: Checkpoint | None) -> Iterator[bytes]:
    """The text of `checkpoints.txt`; the last one may be too new for the snapshot."""
    size = queries.size_of(session, log_id)
    texts = {at: text for at, _, text in queries.checkpoint_texts(session, log_id, size)}
    if last is not None:
        texts[last.size] = last.text
    yield "\n".join(texts[at] for at in sorted(texts)).encode()


def write(archive: zipfile.ZipFile, name: str, lines: Iterable[bytes]) -> None:
    """Write one member, not compressed, line by line: a log may be larger than memory."""
    with archive.open(zipfile.ZipInfo(name, _EPOCH), "w", force_zip64=True) as member:
        for line in lines:
            member.write(line)
