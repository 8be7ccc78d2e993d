"""Chains of corrections: moving versions between statuses, and linking what arrived before its base."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.journal import service as journal
from app.journal.schemas import Entry, EventKind
from app.kit.database import connection_of, is_sqlite
from app.kit.errors import STALE_VERSION
from app.observations import queries, rules, tally
from app.observations.errors import BASE_MISSING, BASE_WITHDRAWN, INVALID_SUPERSEDES
from app.observations.models import Observation
from app.observations.queries import Key
from app.observations.rules import Move, Version

OBSERVED = "observer"
Facts = Mapping[Move, Mapping[str, str]]
"""What else the journal holds of a change of status: which decision it was, and the commitment to its words."""
_TOLD = {
    rules.ACCEPTED: EventKind.OBSERVATION_ACCEPTED,
    rules.RETURNED: EventKind.OBSERVATION_RETURNED,
    rules.REJECTED: EventKind.OBSERVATION_REJECTED,
    rules.SUPERSEDED: EventKind.OBSERVATION_SUPERSEDED,
    rules.WITHDRAWN: EventKind.OBSERVATION_WITHDRAWN,
}


def version_of(row: Observation) -> Version:
    """A stored observation, as far as a decision about its chain needs it."""
    return Version(row.id, row.status, row.replaces, row.accepted_at)


def move(
    session: Session, rows: Iterable[Observation], moves: Sequence[Move], actor: UUID, now: datetime, *, facts: Facts | None = None
) -> None:
    """Carry out changes of status: the rows, the sums and the journal."""
    by_id = {row.id: row for row in rows}
    touched = [by_id[each.id] for each in moves]
    marks = marks_of(session, touched)
    for each in moves:
        row = by_id[each.id]
        counts = marks.get(row.id, [])
        kind = _kind_of(row.status, each.status)
        tally.note(session, place_of(row), row.status, counts, -1)
        row.status = each.status
        row.held_code = None
        row.updated_at = now
        if each.status == rules.ACCEPTED:
            row.accepted_at = now
        elif each.status in (rules.RETURNED, rules.REJECTED):
            # Somebody took it out of the count: undoing a later acceptance must not bring it back.
            row.accepted_at = None
        tally.note(session, place_of(row), row.status, counts, 1)
        session.add(row)
        journal.record(session, entry_of(row, kind, actor, **(facts or {}).get(each, {})))


def tell_again(session: Session, row: Observation, actor: UUID, now: datetime, *, facts: Mapping[str, str]) -> None:
    """Tell of one more decision that leaves a status as it is; whoever follows the list of changes sees it."""
    row.updated_at = now
    session.add(row)
    journal.record(session, entry_of(row, _TOLD[row.status], actor, **facts))


def _kind_of(before: str, after: str) -> EventKind:
    """What the journal calls a change of status: a held one is released, a returned one is answered."""
    if after == rules.SUBMITTED:
        return EventKind.OBSERVATION_RELEASED if before == rules.HELD else EventKind.OBSERVATION_ANSWERED
    return _TOLD[after]


def place_of(row: Observation) -> tuple[UUID, UUID, UUID | None, str]:
    """Where an observation stands in the sums."""
    return row.programme_id, row.case_id, row.hearing_id, row.form_code or row.form


def marks_of(session: Session, rows: Sequence[Observation]) -> dict[UUID, list[tuple[str, str, int]]]:
    """The marks of observations of one programme, counted by indicator and value."""
    found: dict[UUID, list[tuple[str, str, int]]] = {}
    if rows:
        for observation, indicator, value, number in queries.mark_counts(session, rows[0].programme_id, [row.id for row in rows]):
            found.setdefault(observation, []).append((indicator, value, number))
    return found


def entry_of(row: Observation, kind: EventKind, actor: UUID, **facts: str) -> Entry:
    """A journal entry about a stored observation."""
    return Entry(
        kind, row.id, log=row.programme_id, case_id=row.case_id, hearing_id=row.hearing_id, actor=actor, facts={"form": row.form, **facts}
    )


def follow(session: Session, arrived: Sequence[Key], trusting: set[str], now: datetime) -> None:
    """Link what waited for these observations (programme, id).

    One that corrects another observer's, another form's or an already corrected observation stays held, under the code that says why.
    """
    waiting = _waiting(session, arrived) if arrived else []
    if not waiting:
        return
    _hold_with_bases(session, waiting)
    for row, base, code in _paired(session, waiting):
        if code is not None:
            _refuse(session, row, code, now)
        else:
            _link(session, row, base, now)
            if is_withdrawn(base):
                _refuse(session, row, BASE_WITHDRAWN, now)
            elif row.held_code == BASE_MISSING:
                activate(session, row, row.member_id, now, is_trusted=str(row.programme_id) in trusting)


def is_withdrawn(base: queries.Known) -> bool:
    """Whether an observation was taken back, or waits because what it corrects was: what corrects it waits for a coordinator."""
    return base.status == rules.WITHDRAWN or base.held_code == BASE_WITHDRAWN


def is_awaited(session: Session, arrived: Sequence[Key], held: Sequence[Key]) -> bool:
    """Whether something waits for these observations, or some of them that are `held` wait for what is here by now."""
    paired = _paired(session, _waiting(session, arrived, held))
    return any(code is None or row.held_code == BASE_MISSING for row, _, code in paired)


def _waiting(session: Session, arrived: Sequence[Key], held: Sequence[Key] = ()) -> Sequence[Observation]:
    programmes = {programme for programme, _ in arrived}
    return queries.waiting_for(session, programmes, [each for _, each in arrived], [each for _, each in held])


def _hold_with_bases(session: Session, waiting: Sequence[Observation]) -> None:
    """Keep what waits, and what it waits for, as it is; somebody may have released it or put it in its place before that."""
    if not is_sqlite(connection_of(session)):
        programmes = {row.programme_id for row in waiting}
        bases = queries.known(session, programmes, [row.supersedes for row in waiting if row.supersedes])
        hold(session, programmes, {*(str(row.root_id) for row in waiting), *(base.root_id for base in bases.values())})
        for row in waiting:
            session.refresh(row)


def _paired(session: Session, waiting: Sequence[Observation]) -> Iterator[tuple[Observation, queries.Known, str | None]]:
    """Of what waits, with what it corrects, that of which this is here; and why it is no version of that, where it is none."""
    programmes = {row.programme_id for row in waiting}
    named = [row.supersedes for row in waiting if row.supersedes and row.replaces is None]
    bases = queries.known(session, programmes, named) if named else {}
    taken = queries.replaced(session, programmes, named) if bases else set()
    for row in waiting:
        place = (str(row.programme_id), str(row.supersedes))
        base = bases.get(place)
        if base is None or row.replaces is not None:
            continue
        if (base.member_id, base.form, base.case_id) != (str(row.member_id), row.form_code or row.form, str(row.case_id)):
            yield row, base, INVALID_SUPERSEDES
        elif place in taken:
            yield row, base, STALE_VERSION.code
        else:
            taken.add(place)
            yield row, base, None


def _refuse(session: Session, row: Observation, code: str, now: datetime) -> None:
    if row.held_code == BASE_MISSING:
        row.held_code = code
        row.updated_at = now
        session.add(row)
        journal.record(session, entry_of(row, EventKind.OBSERVATION_CONFLICTED, row.member_id, code=code))


def _link(session: Session, row: Observation, base: queries.Known, now: datetime) -> None:
    row.replaces = row.supersedes
    row.updated_at = now
    session.add(row)
    session.flush()
    queries.reroot(session, row.programme_id, row.id, UUID(base.root_id))
    session.refresh(row)


def activate(
    session: Session, row: Observation, actor: UUID, now: datetime, *, is_trusted: bool, facts: Mapping[str, str] | None = None
) -> None:
    """Let a held observation go on as if it had just arrived in order; what came of a locked hearing, or changes one, is not trusted."""
    onward = Move(row.id, rules.SUBMITTED)
    move(session, [row], [onward], actor, now, facts={onward: facts or {}})
    if row.replaces is not None:
        close_question(session, row, actor, now)
    if is_trusted and not row.is_late:
        session.flush()
        if not locked_chains(session, {row.programme_id}, {row.root_id}):
            accept(session, row, actor, now)


def is_locked(session: Session, row: Observation) -> bool:
    """Whether an observation is an observer's, of a hearing that is locked."""
    hearing = row.hearing_id
    return row.origin == OBSERVED and hearing is not None and bool(queries.locked(session, [row.programme_id], [hearing]))


def locked_chains(session: Session, programmes: queries.Programmes, roots: queries.Ids) -> set[str]:
    """The roots of those chains in which an observer's version is of a locked hearing; a correction may name another hearing."""
    observed = queries.observed(session, programmes, roots)
    locked = queries.locked(session, programmes, {hearing for _, hearing in observed}) if observed else set()
    return {root for root, hearing in observed if hearing in locked}


def hold(session: Session, programmes: queries.Programmes, roots: queries.Ids) -> set[str]:
    """Keep chains as they are until the transaction ends, the hearings before their observations, as all take them.

    Gives the roots of those in which an observer's version is of a locked hearing.
    """
    locked = locked_chains(session, programmes, roots)
    queries.hold(session, programmes, roots)
    return locked


def close_question(session: Session, correction: Observation, actor: UUID, now: datetime) -> None:
    """A correction answers the question with which the version before it was returned: that one waits again, in its place."""
    base = queries.find(session, [correction.programme_id], correction.replaces) if correction.replaces else None
    if base is not None and base.status == rules.RETURNED:
        answered = Move(base.id, rules.SUBMITTED)
        move(session, [base], [answered], actor, now, facts={answered: {"correction": str(correction.id)}})
        session.flush()


def accept(session: Session, row: Observation, actor: UUID, now: datetime) -> None:
    """Accept an observation of a programme that trusts its observers, with all that follows for earlier versions.

    Not where one of these was taken back: trust does not say whether what corrects it is meant.
    """
    session.flush()
    chain = queries.chain(session, row.programme_id, [row.root_id])
    if any(each.status == rules.WITHDRAWN for each in chain):
        return
    moves = rules.review("accept", row.id, [version_of(each) for each in chain])
    if isinstance(moves, list):
        move(session, chain, moves, actor, now)
