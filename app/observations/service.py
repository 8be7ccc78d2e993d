"""Reading observations: lists, one whole, receipts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.journal import reading as journal
from app.journal.shown import Proven
from app.kit import clock, errors
from app.kit.access import COORDINATOR, OBSERVER, Scope
from app.kit.database import as_id
from app.kit.errors import Fault, Problem
from app.kit.paging import Cursors, Page, cut
from app.kit.problems import FaultShown
from app.observations import queries
from app.observations.models import Observation
from app.observations.preparation import stored_answers
from app.observations.queries import Asked, Readable
from app.observations.schemas import (
    DecisionShown,
    ObservationListed,
    ObservationShown,
    Receipt,
    ReceiptsAnswer,
    ReceiptShown,
    VersionShown,
)

_LIST = "observations"
Places = Mapping[tuple[UUID, UUID], tuple[int, bytes]]
"""(log, observation) -> the number and hash of the entry that acknowledged it."""


def readable(scope: Scope) -> Readable:
    """What a caller may read: a coordinator all of her programmes, an observer what she filed."""
    return Readable(scope.programmes(COORDINATOR), [each.member_id for each in scope.memberships if each.role == OBSERVER])


def find(session: Session, scope: Scope, observation_id: UUID) -> Observation:
    """An observation that the caller may read; 404 otherwise, 403 for members who read no observations at all."""
    row = queries.find(session, scope.programmes(), observation_id)
    may = readable(scope)
    if row is not None and (row.programme_id in may.programmes or row.member_id in may.members):
        return row
    if row is not None and scope.member(row.programme_id, OBSERVER) is None:
        raise Problem(errors.FORBIDDEN)
    # Another observer's filing: that it exists is none of an observer's business.
    raise errors.missing()


def exists(session: Session, programme_id: UUID, case_id: UUID | None, observation_id: UUID) -> bool:
    """Whether a programme (and, where one is given, a case of it) has an observation."""
    row = queries.find(session, [programme_id], observation_id)
    return row is not None and case_id in (None, row.case_id)


def list_observations(
    session: Session, scope: Scope, asked: Asked, place: tuple[Cursors, str | None], limit: int
) -> Page[ObservationListed]:
    """A page of what the caller may read; `place` is where it begins."""
    cursors, cursor = place
    if asked.programme_id is not None:
        scope.require(asked.programme_id, COORDINATOR, OBSERVER)
    position = cursors.read(_LIST, cursor)
    behind = (datetime.fromisoformat(position[0]), UUID(position[1])) if position else None
    found = queries.page(session, readable(scope), asked, behind, limit)
    shown, following = cut(found, limit, lambda pair: cursors.make(_LIST, [clock.stamp(pair[0].updated_at), str(pair[0].id)]))
    return Page(items=[listed(row, observer) for row, observer in shown], next_cursor=following)


def listed(row: Observation, observer: str) -> ObservationListed:
    """An observation without its answers."""
    fields = row.model_dump(include=set(ObservationListed.model_fields))
    return ObservationListed(**fields, observer=observer, flags=["clock_skew"] if row.has_clock_skew else [])


def show(session: Session, scope: Scope, observation_id: UUID) -> ObservationShown:
    """An observation whole, its receipt with what proves it where a checkpoint covers it by now."""
    found = shown(session, find(session, scope, observation_id))
    receipt = found.receipt
    leaf = {receipt.seq: bytes.fromhex(receipt.leaf_hash)}
    return found.model_copy(update={"receipt": proven(receipt, journal.prove(session, receipt.log, leaf))})


def shown(session: Session, row: Observation, faults: Sequence[Fault] = ()) -> ObservationShown:
    """A stored observation whole: only the code of its observer stands for a person. `faults` are what kept it from being released."""
    chain = queries.chain(session, row.programme_id, [row.root_id])
    about = listed(row, queries.code_of_member(session, row.programme_id, row.member_id))
    return ObservationShown(
        **about.model_dump(),
        answers=stored_answers(row.answers, row.narrative),
        receipt=receipt_of(session, row),
        versions=[VersionShown(id=each.id, status=each.status, received_at=each.received_at, replaces=each.replaces) for each in chain],
        decisions=[
            DecisionShown(decision=each.decision, by=code, at=each.decided_at, reason=each.reason)
            for each, code in queries.decisions(session, row.programme_id, row.id)
        ],
        errors=[FaultShown(pointer=fault.pointer, code=fault.code) for fault in faults],
    )


def receipt_of(session: Session, row: Observation) -> Receipt:
    """The receipt that was given when the observation was taken in."""
    seq, digest = queries.leaf_of(session, row.programme_id, row.id)
    return Receipt(log=row.programme_id, seq=seq, leaf_hash=digest.hex(), received_at=clock.stamp(row.received_at))


def proven(receipt: Receipt, proofs: Mapping[int, Proven]) -> Receipt:
    """A receipt with its checkpoint and proof, where there is one among these."""
    found = proofs.get(receipt.seq)
    return receipt if found is None else receipt.model_copy(update={"checkpoint": found.checkpoint, "proof": found.proof})


def confirm(session: Session, scope: Scope, ids: Sequence[UUID]) -> ReceiptsAnswer:
    """Which of these are safely stored, of those that the caller may read."""
    may = readable(scope)
    rows = {row.id: row for row in queries.find_many(session, scope.programmes(COORDINATOR, OBSERVER), ids)}
    mine = {each: row for each, row in rows.items() if row.programme_id in may.programmes or row.member_id in may.members}
    found = queries.receipts(session, {row.programme_id for row in mine.values()}, list(mine))
    places = {(as_id(log), as_id(each)): place for (log, each), place in found.items()}
    proofs = {log: journal.prove(session, log, _leaves(places, log)) for log in {log for log, _ in places}}
    return ReceiptsAnswer(results=[_confirmed(each, mine.get(each), places, proofs) for each in ids])


def _leaves(places: Places, log: UUID) -> dict[int, bytes]:
    return {seq: digest for (programme, _), (seq, digest) in places.items() if programme == log}


def _confirmed(observation_id: UUID, row: Observation | None, places: Places, proofs: Mapping[UUID, Mapping[int, Proven]]) -> ReceiptShown:
    if row is None:
        return ReceiptShown(id=observation_id, is_stored=False)
    seq, digest = places[row.programme_id, row.id]
    receipt = Receipt(log=row.programme_id, seq=seq, leaf_hash=digest.hex(), received_at=clock.stamp(row.received_at))
    return ReceiptShown(id=observation_id, is_stored=True, status=row.status, receipt=proven(receipt, proofs[row.programme_id]))
