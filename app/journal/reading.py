"""What auditors and coordinators read of the journal: entries, checkpoints, and proofs that each holds what the other says."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from sqlmodel import Session

from app.journal import proofs, queries
from app.journal.checkpoints import frontier_at, range_hashes
from app.journal.errors import Unsound, told_to_callers
from app.journal.models import SERVER_LOG, Checkpoint, JournalEntry
from app.journal.notes import Signer
from app.journal.queries import Sought
from app.journal.shown import CheckpointShown, Consistency, Covering, EntryShown, Inclusion, Proven
from app.kit import errors
from app.kit.access import AUDITOR, COORDINATOR, Scope
from app.kit.errors import Fault, Problem
from app.kit.paging import Page
from app.kit.windows import Window

READERS = (AUDITOR, COORDINATOR)
log = logging.getLogger("hearsight.journal")

CodesOf = Callable[[Session, Iterable[UUID]], Mapping[UUID, str]]
"""The codes of members by their ids: session, ids."""


@dataclass
class Actors:
    """Where to ask who somebody is: named when the program is put together, for people are kept in a package above."""

    codes: CodesOf = lambda _session, _ids: {}


ACTORS = Actors()


def logs_of(scope: Scope, programme_id: UUID | None) -> list[UUID]:
    """The logs that a caller may read, or the one that is asked for: a programme's, or for operators the server's."""
    if programme_id is not None:
        if programme_id != SERVER_LOG or not scope.is_operator:
            scope.require(programme_id, *READERS)
        return [programme_id]
    return [*([SERVER_LOG] if scope.is_operator else []), *scope.programmes(*READERS)]


def list_entries(session: Session, scope: Scope, window: Window, programme_id: UUID | None, sought: Sought) -> Page[EntryShown]:
    """A page of entries in their order."""
    logs = logs_of(scope, programme_id)
    of = f"journal {programme_id} {sought}"
    position = window.after(of)
    after = (UUID(position[0]), int(position[1])) if position else None
    found = queries.page(session, logs, sought, after=after, limit=window.limit + 1)
    rows, next_cursor = window.cut(of, found, lambda last: [str(last.log), last.seq])
    codes = ACTORS.codes(session, {each.actor for each in rows if each.actor is not None})
    return Page(items=[_entry(each, codes) for each in rows], next_cursor=next_cursor)


def _entry(row: JournalEntry, codes: Mapping[UUID, str]) -> EntryShown:
    return EntryShown(
        **row.model_dump(include={"log", "seq", "kind", "subject_id", "case_id", "hearing_id", "actor", "at"}),
        actor_code=codes.get(row.actor) if row.actor is not None else None,
        facts=orjson.loads(row.leaf)["facts"],
        leaf=row.leaf.decode(),
        leaf_hash=row.leaf_hash.hex(),
    )


def list_checkpoints(session: Session, scope: Scope, window: Window, programme_id: UUID | None, signer: Signer) -> Page[CheckpointShown]:
    """A page of checkpoints, the newest of each log first."""
    logs = logs_of(scope, programme_id)
    of = f"checkpoints {programme_id}"
    position = window.after(of)
    after = (UUID(position[0]), int(position[1])) if position else None
    found = queries.checkpoints(session, logs, after=after, limit=window.limit + 1)
    rows, next_cursor = window.cut(of, found, lambda last: [str(last.log), last.size])
    return Page(items=[show(each, signer) for each in rows], next_cursor=next_cursor)


def show(row: Checkpoint, signer: Signer) -> CheckpointShown:
    """A checkpoint, with the key that checks it."""
    fields = row.model_dump(include={"log", "size", "issued_at", "text"})
    return CheckpointShown(**fields, root=row.root.hex(), key=signer.key(row.log))


def prove_inclusion(session: Session, scope: Scope, signer: Signer, programme_id: UUID, *, seq: int, size: int | None) -> Inclusion:
    """That an entry is among the first ones of a log, under the last checkpoint or a smaller size; 404 before there is a checkpoint."""
    last = _last(session, scope, programme_id)
    among = _within(size, last.size, "size")
    _within(seq + 1, among, "seq")
    with told_to_callers():
        root = _root(session, last, among)
        digest = queries.leaf_hashes(session, programme_id, [seq]).get(seq, b"")
        proof = range_hashes(session, programme_id, proofs.inclusion_ranges(seq, among))
        if not proofs.includes(digest, seq, among, proof, root):
            raise Unsound(f"entry {seq} of log {programme_id} is not what was signed")
    return Inclusion(
        log=programme_id,
        seq=seq,
        leaf_hash=digest.hex(),
        size=among,
        root=root.hex(),
        proof=[each.hex() for each in proof],
        checkpoint=show(last, signer),
    )


def prove_consistency(session: Session, scope: Scope, programme_id: UUID, *, first: int, second: int | None) -> Consistency:
    """That the first entries of a log begin more of them, up to the last checkpoint; 404 before there is a checkpoint."""
    last = _last(session, scope, programme_id)
    later = _within(second, last.size, "to")
    _within(first, later, "from")
    with told_to_callers():
        proof, old, new = _extension(session, programme_id, first, later)
        if new != _root(session, last, later):
            raise Unsound(f"log {programme_id} has another root over {later} entries than was signed")
    told = {"from_root": old.hex(), "to_root": new.hex(), "proof": [each.hex() for each in proof]}
    return Consistency(log=programme_id, since=first, to=later, **told)


def prove(session: Session, log_id: UUID, leaves: Mapping[int, bytes]) -> dict[int, Proven]:
    """By their numbers, of leaves those that the last checkpoint of their log covers, with the proof; the others are too new.

    What cannot be proven any more is left out, and the log of the server says so: a receipt stays a receipt.
    """
    last = queries.last_checkpoint(session, log_id)
    if last is None:
        return {}
    covering = Covering(size=last.size, root=last.root.hex(), text=last.text)
    ranges = {seq: proofs.inclusion_ranges(seq, last.size) for seq in leaves if seq < last.size}
    try:
        parts = iter(range_hashes(session, log_id, [each for some in ranges.values() for each in some]))
    except Unsound:
        _complain(log_id)
        return {}
    found = {seq: [next(parts) for _ in some] for seq, some in ranges.items()}
    good = {seq: proof for seq, proof in found.items() if proofs.includes(leaves[seq], seq, last.size, proof, last.root)}
    if len(good) < len(found):
        _complain(log_id)
    return {seq: Proven(checkpoint=covering, proof=[each.hex() for each in proof]) for seq, proof in good.items()}


def _complain(log_id: UUID) -> None:
    log.error("receipts cannot be proven", extra={"facts": {"programme": str(log_id)}})


def _last(session: Session, scope: Scope, programme_id: UUID) -> Checkpoint:
    logs_of(scope, programme_id)
    found = queries.last_checkpoint(session, programme_id)
    if found is None:
        raise errors.missing()
    return found


def _within(asked: int | None, largest: int, name: str) -> int:
    if asked is not None and asked > largest:
        raise Problem(errors.INVALID_PARAMETER, [Fault(errors.pointer("query", name), errors.OUT_OF_RANGE)])
    return largest if asked is None else asked


def _root(session: Session, last: Checkpoint, size: int) -> bytes:
    """The root over the first entries of a log, proven to begin what was signed last."""
    if size == last.size:
        return last.root
    _, old, new = _extension(session, last.log, size, last.size)
    if new != last.root:
        raise Unsound(f"log {last.log} has another root over {last.size} entries than was signed")
    return old


def _extension(session: Session, log_id: UUID, first: int, second: int) -> tuple[Sequence[bytes], bytes, bytes]:
    """The proof that the first entries begin more of them, with both roots."""
    old, new = (frontier_at(session, log_id, each).root() for each in (first, second))
    proof = range_hashes(session, log_id, proofs.consistency_ranges(first, second))
    if not proofs.extends(first, second, proof, old, new):
        raise Unsound(f"the first {first} entries of log {log_id} do not begin the first {second}")
    return proof, old, new
