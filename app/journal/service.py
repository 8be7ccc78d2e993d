"""Telling the journal: entries are noted while a transaction goes on and get their place just before it commits."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlmodel import Session

from app.journal import queries, rules
from app.journal.schemas import CHANGING_NOTHING, Entry, Leaf
from app.kit import clock

Projection = Callable[[Session, Sequence[Leaf]], None]
"""What must follow at once, in the same transaction; it reads its own tables only."""

_NOTED = "journal.noted"
_HELD = "journal.held"


def record(session: Session, entry: Entry) -> None:
    """Note that something happened; it becomes a leaf when the transaction is sealed."""
    session.info.setdefault(_NOTED, []).append(entry)


def hold(session: Session, logs: Iterable[UUID]) -> None:
    """Lock the heads of logs before the transaction is sealed: from here on, whoever else writes there has committed or waits."""
    locked: dict[UUID, rules.Frontier] = session.info.setdefault(_HELD, {})
    for log in sorted(set(logs) - locked.keys()):
        locked[log] = queries.lock_head(session, log)


class Journal:
    """Seals transactions: numbers what was noted, hashes it, stores it and lets projections follow."""

    def __init__(self, projections: Sequence[Projection] = ()) -> None:
        self._projections = (case_revisions, disclosures, *projections)

    def seal(self, session: Session) -> list[Leaf]:
        """The leaves of everything noted in this transaction, in the order in which it was noted within each log.

        The head row of each log is locked, in the order of log ids: order is commit order and leaves no gap.
        """
        noted: list[Entry] = session.info.pop(_NOTED, [])
        hold(session, map(UUID, set(map(_log_of, noted))))
        leaves: list[Leaf] = []
        # As texts: one transaction may note entries with ids of both kinds.
        for log, entries in groupby(sorted(noted, key=_log_of), key=_log_of):
            leaves.extend(_append(session, UUID(log), list(entries)))
        session.info.pop(_HELD, None)
        for project in self._projections if leaves else ():
            project(session, leaves)
        return leaves


def _append(session: Session, log: UUID, entries: list[Entry]) -> list[Leaf]:
    frontier: rules.Frontier = session.info[_HELD].pop(log)
    # Taken after the lock, so that times never run against the order of numbers within a log.
    at = clock.stamp(clock.now())
    rows: list[tuple[object, ...]] = []
    leaves = []
    for entry in entries:
        seq = frontier.size
        leaf = rules.canonical(leaf_of(entry, seq, at))
        digest = rules.leaf_hash(leaf)
        frontier.append(digest)
        rows.append((log, seq, entry.kind.value, *_refs(entry), entry.audience, at, leaf, digest))
        leaves.append(Leaf(entry, seq, digest, at))
    queries.insert_leaves(session, rows)
    queries.move_head(session, log, frontier, *_last_changes(leaves))
    return leaves


def _last_changes(leaves: Sequence[Leaf]) -> tuple[int | None, int | None]:
    """The size of the log after the last of these that changed something, and the number of the last of those that names no case."""
    changing = [leaf for leaf in leaves if leaf.entry.kind not in CHANGING_NOTHING]
    beside = next((leaf.seq for leaf in reversed(changing) if leaf.entry.case_id is None), None)
    return (changing[-1].seq + 1 if changing else None), beside


def _log_of(entry: Entry) -> str:
    return str(entry.log)


def _refs(entry: Entry) -> tuple[UUID | str | None, ...]:
    return entry.subject_id, entry.case_id, entry.hearing_id, entry.actor


def leaf_of(entry: Entry, seq: int, at: str) -> dict[str, object]:
    """The content of a leaf: `docs/reference/journal.md` lists the fields. Absent references are left out; ids become text in JSON."""
    subject, case, hearing, actor = _refs(entry)
    facts = entry.facts if entry.showing is None else {**entry.facts, "shown": entry.showing.commitment(entry.log)}
    leaf: dict[str, object] = {"v": 1, "log": entry.log, "seq": seq, "kind": entry.kind.value, "id": subject, "at": at, "facts": facts}
    return leaf | {name: value for name, value in (("case", case), ("hearing", hearing), ("actor", actor)) if value is not None}


def case_revisions(session: Session, leaves: Sequence[Leaf]) -> None:
    """Projection: every entry raises the revision of the case that it names, but for those that only tell of something read."""
    touched = Counter(str(leaf.entry.case_id) for leaf in leaves if _changes_a_case(leaf.entry))
    if touched:
        queries.raise_revisions(session, touched.items())


def _changes_a_case(entry: Entry) -> bool:
    return entry.case_id is not None and entry.kind not in CHANGING_NOTHING


def disclosures(session: Session, leaves: Sequence[Leaf]) -> None:
    """Projection: who was shown what is kept beside the entry that commits to it."""
    rows: list[tuple[object, ...]] = []
    things: list[tuple[object, ...]] = []
    for leaf in leaves:
        if (told := leaf.entry.showing) is not None:
            place = (leaf.entry.log, leaf.seq)
            rows.append((*place, told.what.value, told.reader, told.is_whole, told.salt, leaf.at))
            things.extend((*place, each, thing.value) for thing, each in told.things)
    if rows:
        queries.insert_disclosures(session, rows, things)


def was_shown(session: Session, log: UUID, reader: UUID, subject_id: UUID, since: datetime) -> bool:
    """Whether the journal tells already that a reader was shown something, not before a moment."""
    return queries.was_shown(session, log, reader, subject_id, since)


def revision(session: Session, case_id: UUID) -> int:
    """How new anything computed from a case can be."""
    return queries.revision_of(session, case_id)


def size(session: Session, log: UUID) -> int:
    """How many entries a log holds."""
    return queries.size_of(session, log)


def verify(session: Session, log: UUID) -> int:
    """The number of leaves of a log, recomputed from their stored bytes; `ValueError` names the first that does not hold."""
    frontier = rules.Frontier()
    for seq, leaf, digest in queries.leaves_of(session, log):
        if seq != frontier.size or rules.leaf_hash(leaf) != digest:
            raise ValueError(f"entry {seq} does not hold")
        frontier.append(digest)
    head = queries.head_of(session, log)
    if (head.size, head.peaks) != (frontier.size, frontier.peaks):
        raise ValueError(f"the head does not follow from {frontier.size} entries")
    return frontier.size
