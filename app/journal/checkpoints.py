"""Signing what a log holds: never before it was recomputed from its stored bytes, and never against what was signed before."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from uuid import UUID

import orjson
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.journal import proofs, queries, rules
from app.journal.errors import SetBack, Unsound
from app.journal.models import Checkpoint
from app.journal.notes import Signer, Stated
from app.journal.proofs import Node
from app.journal.remembered import Remembered
from app.journal.rules import Frontier
from app.kit import clock
from app.kit.database import Database
from app.kit.errors import BUSY, Problem
from app.kit.ids import parse_id
from app.kit.writer import Writer

EVERY = timedelta(minutes=10)
LEAST_LEVEL = 4
"""Subtrees of fewer than 16 leaves are not stored."""
ATTEMPTS = 5
log = logging.getLogger("hearsight.journal")


@dataclass(slots=True)
class Survey:
    """What a log holds in one snapshot, recomputed: the size last signed (0: none), and what is to be signed now."""

    base: int
    size: int
    root: bytes = rules.EMPTY_ROOT
    nodes: list[tuple[Node, bytes]] = field(default_factory=list)


class Checkpoints:
    """Issues the checkpoints of a server's logs. What it reads is one snapshot; only the last step waits for the pen."""

    def __init__(self, database: Database, writer: Writer, signer: Signer, remembered: Remembered) -> None:
        self._database = database
        self._writer = writer
        self.signer = signer
        self._remembered = remembered

    def issue(self, log_id: UUID, size: int | None = None) -> Checkpoint:
        """The checkpoint over the first `size` entries of a log, over all that are there where none is given; the one there is, if so.

        `Unsound` where the log is not what was written or signed, `SetBack` where entries are gone that were signed.
        """
        for _ in range(ATTEMPTS):
            with self._database.read() as session:
                survey = self._survey(session, log_id, size)
                known = queries.checkpoint_at(session, log_id, survey.size)
            kept = known or self._writer.run(lambda session, found=survey: self._keep(session, log_id, found))  # type: ignore[misc]
            if kept is not None:
                return kept
        raise Problem(BUSY, headers={"Retry-After": "1"})

    def issue_due(self) -> list[UUID]:
        """Issue what is due: for each log that grew, ten minutes after its last checkpoint. Gives the logs that cannot be signed."""
        with self._database.read() as session:
            due = queries.grown(session, clock.now() - EVERY)
        return [each for each in due if not self._issued(each)]

    def _issued(self, log_id: UUID) -> bool:
        try:
            with self._database.read() as session:
                if log_id not in queries.grown(session, clock.now() - EVERY):
                    return True
                survey = self._survey(session, log_id, None)
            # Where another process was quicker, here or before the survey, its checkpoint will do.
            self._writer.run(lambda session: self._keep(session, log_id, survey))
        except (Unsound, SQLAlchemyError, OSError, Problem) as fault:
            log.error("no checkpoint was signed", extra={"facts": {"fault": type(fault).__name__, "programme": str(log_id)}})  # noqa: TRY400
            return False
        return True

    def check(self) -> None:
        """Refuse a database whose logs do not go on from what was signed: `Unsound`, or `SetBack` where it is an earlier state."""
        with self._database.read() as session:
            prefix = f"{self.signer.instance}/"
            named = (parse_id(origin.removeprefix(prefix)) for origin in self._remembered.all() if origin.startswith(prefix))
            signed = {each for each in queries.logs(session) if queries.last_checkpoint(session, each) is not None}
            for log_id in sorted(signed | {each for each in named if each is not None}):
                self._survey(session, log_id, None, read=stored_hashes)

    def _survey(self, session: Session, log_id: UUID, size: int | None, *, read: "Reader | None" = None) -> Survey:
        """A log, recomputed from its last checkpoint on and held against its head and everything signed."""
        head = queries.head_of(session, log_id)
        signed = self._signed(session, log_id)
        known = max(*signed, size or 0, 0)
        if head.size < known:
            raise SetBack(f"log {log_id} holds {head.size} entries, but {known} were signed: the database is an earlier state")
        last = queries.last_checkpoint(session, log_id)
        base = last.size if last is not None else 0
        survey = Survey(base, head.size if size is None else size)
        frontier = frontier_at(session, log_id, base)
        roots = {at: frontier_at(session, log_id, at).root() for at in {*signed, survey.size} if at < base}
        roots[base] = frontier.root()
        for digest in (read or recomputed)(session, log_id, base):
            survey.nodes.extend(each for each in proofs.grow(frontier, digest, LEAST_LEVEL) if each[0].end <= survey.size)
            if frontier.size in signed or frontier.size == survey.size:
                roots[frontier.size] = frontier.root()
        if (head.size, head.peaks) != (frontier.size, frontier.peaks):
            raise Unsound(f"the head of log {log_id} does not follow from its {frontier.size} entries")
        compare(log_id, signed, roots)
        survey.root = roots[survey.size]
        return survey

    def _signed(self, session: Session, log_id: UUID) -> dict[int, bytes]:
        """What was signed last by what the database holds, and by what this server remembers: root by size."""
        last = queries.last_checkpoint(session, log_id)
        remembered = self._remembered.latest(self.signer.origin(log_id))
        found = {} if last is None else {last.size: bytes(last.root)}
        if remembered is not None and found.setdefault(remembered.size, remembered.root) != remembered.root:
            raise Unsound(f"log {log_id} has another root over {remembered.size} entries than was signed")
        return found

    def _keep(self, session: Session, log_id: UUID, survey: Survey) -> Checkpoint | None:
        """Sign and store what was surveyed; nothing where somebody else signed meanwhile. The head's row is the lock between processes."""
        queries.lock_head(session, log_id)
        last = queries.last_checkpoint(session, log_id)
        if (last.size if last is not None else 0) != survey.base or queries.checkpoint_at(session, log_id, survey.size) is not None:
            return None
        text = self.signer.sign(Stated(self.signer.origin(log_id), survey.size, survey.root))
        made = Checkpoint(log=log_id, size=survey.size, root=survey.root, issued_at=clock.now(), text=text)
        queries.keep_checkpoint(session, made, survey.nodes)
        # Before the transaction ends: what the database holds, the file knows, whatever happens in between.
        self._remembered.append(text)
        return made


class Reader(Protocol):
    """Gives the hashes of a log's entries from a number on."""

    def __call__(self, session: Session, log_id: UUID, since: int) -> Iterator[bytes]:
        """The hashes, in order."""


def stored_hashes(session: Session, log_id: UUID, since: int) -> Iterator[bytes]:
    """The hashes of entries as they are stored, from a number on; `Unsound` at a gap."""
    for at, (seq, digest) in enumerate(queries.hashes_of(session, log_id, since), since):
        if seq != at:
            raise Unsound(f"entry {at} of log {log_id} is missing")
        yield bytes(digest)


def recomputed(session: Session, log_id: UUID, since: int) -> Iterator[bytes]:
    """The hashes of entries, computed from their stored bytes; `Unsound` at the first that is not what it was."""
    for at, entry in enumerate(queries.entries_of(session, log_id, since), since):
        if entry.seq != at:
            raise Unsound(f"entry {at} of log {log_id} is missing")
        digest = rules.leaf_hash(entry.leaf)
        if digest != entry.leaf_hash or not is_told(entry):
            raise Unsound(f"entry {at} of log {log_id} is not what was written")
        yield digest


def is_told(entry: queries.Row) -> bool:
    """Whether the columns by which an entry is found say what its leaf says."""
    columns = {"case": entry.case_id, "hearing": entry.hearing_id, "actor": entry.actor, "id": entry.subject_id, "log": entry.log}
    said: dict[str, str | int] = {name: str(value) for name, value in columns.items() if value is not None}
    said |= {"seq": entry.seq, "kind": entry.kind, "at": clock.stamp(entry.at), "v": 1}
    try:
        leaf = orjson.loads(entry.leaf)
    except ValueError:
        return False
    return isinstance(leaf, dict) and {name: value for name, value in leaf.items() if name != "facts"} == said


def compare(log_id: UUID, signed: Mapping[int, bytes], roots: Mapping[int, bytes]) -> None:
    """Refuse a log with another root than was signed; `roots` holds its roots at every size that was."""
    for size, root in sorted(signed.items()):
        if roots[size] != root:
            raise Unsound(f"log {log_id} has another root over {size} entries than was signed")


def frontier_at(session: Session, log_id: UUID, size: int) -> Frontier:
    """The tree over the first entries of a log, no more of them than were signed."""
    parts = proofs.perfect_parts(0, size)
    found = hashes(session, log_id, parts)
    return Frontier(size, [found[each] for each in parts])


def range_hashes(session: Session, log_id: UUID, ranges: Sequence[proofs.Range]) -> list[bytes]:
    """The hashes of ranges of a log, as a proof needs them; none may reach beyond what was signed."""
    parts = [proofs.perfect_parts(*each) for each in ranges]
    found = hashes(session, log_id, {node for some in parts for node in some})
    return [proofs.joined([found[node] for node in some]) for some in parts]


def hashes(session: Session, log_id: UUID, wanted: Iterable[Node]) -> dict[Node, bytes]:
    """The hashes of subtrees; `Unsound` where one cannot be had."""
    asked = set(wanted)
    low = {each for each in asked if each.level < LEAST_LEVEL}
    found = queries.stored_nodes(session, log_id, asked - low)
    leaves = queries.leaf_hashes(session, log_id, {seq for each in low for seq in range(each.place << each.level, each.end)})
    try:
        found |= {each: rules.root_of([leaves[seq] for seq in range(each.place << each.level, each.end)]) for each in low}
    except KeyError as gone:
        raise Unsound(f"entry {gone.args[0]} of log {log_id} is missing") from None
    if missing := asked - found.keys():
        raise Unsound(f"a hash over the entries before {min(each.end for each in missing)} of log {log_id} is missing")
    return found
