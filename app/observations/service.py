"""Reading observations: lists, one whole, receipts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from app.cases.sealing import Keeper
from app.journal import reading
from app.journal import service as journal
from app.journal.schemas import Entry, EventKind
from app.journal.showing import Showing, Thing, What, things_of
from app.journal.shown import Proven
from app.kit import clock, errors, ids
from app.kit.access import COORDINATOR, OBSERVER, Scope
from app.kit.database import as_id
from app.kit.errors import Fault, Problem
from app.kit.paging import Cursors, Page, cut
from app.kit.problems import FaultShown
from app.observations import clocks, plain, queries, rules, thread
from app.observations.beside import ATTACHMENTS
from app.observations.models import Observation
from app.observations.preparation import stored_answers
from app.observations.queries import Asked, Readable
from app.observations.schemas import (
    AttachmentsShown,
    ObservationListed,
    ObservationShown,
    Receipt,
    ReceiptsAnswer,
    ReceiptShown,
    VersionShown,
)

_LIST = "observations"
SIFTED_AT_ONCE = 200
SIFTINGS = 3
"""So many waiting observations are looked at together, and so many times for one page: one that holds less than asked for may go on."""
SHOWN_AGAIN = timedelta(hours=1)
OWN_SHOWN_AGAIN = timedelta(days=1)
"""For how long a narrative that is shown to the same reader again is the same showing; to who wrote it, for longer."""
Places = Mapping[tuple[UUID, UUID], tuple[int, bytes]]
"""(log, observation) -> the number and hash of the entry that acknowledged it."""


def readable(scope: Scope) -> Readable:
    """What a caller may read: a coordinator all of her programmes, an observer what she filed."""
    return Readable(scope.programmes(COORDINATOR), [each.member_id for each in scope.memberships if each.role == OBSERVER])


def find(session: Session, scope: Scope, observation_id: UUID, *, place: str | None = None) -> Observation:
    """An observation that the caller may read; 404 (at `place`) otherwise, 403 for members who read no observations at all."""
    row = queries.find(session, scope.programmes(), observation_id)
    may = readable(scope)
    if row is not None and (row.programme_id in may.programmes or row.member_id in may.members):
        return row
    if row is not None and scope.member(row.programme_id, OBSERVER) is None:
        raise Problem(errors.FORBIDDEN)
    # Another observer's filing: that it exists is none of an observer's business.
    raise errors.missing(place)


def find_readable(session: Session, scope: Scope, observation_id: UUID) -> Observation | None:
    """An observation that the caller may read; nothing else is told of any other."""
    row = queries.find(session, scope.programmes(), observation_id)
    may = readable(scope)
    return row if row is not None and (row.programme_id in may.programmes or row.member_id in may.members) else None


def of_member(session: Session, programme_id: UUID, observation_id: UUID, member_id: UUID) -> Observation | None:
    """An observation, where it was filed by that member."""
    row = queries.find(session, [programme_id], observation_id)
    return row if row is not None and row.member_id == member_id else None


def people_in(session: Session, programme_id: UUID, observation_id: UUID) -> set[UUID]:
    """The participants whom an observation names."""
    return queries.people_in(session, programme_id, observation_id)


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
    if asked.plain is not None and not scope.programmes(COORDINATOR):
        raise Problem(errors.FORBIDDEN)
    position = cursors.read(_LIST, cursor)
    behind = (datetime.fromisoformat(position[0]), UUID(position[1])) if position else None
    if asked.plain is None:
        found, seen = queries.page(session, readable(scope), asked, behind, limit), None
    else:
        found, seen = _sifted(session, scope, asked, behind, limit)
    shown, following = cut(found, limit, lambda pair: _cursor(cursors, _position(pair[0])))
    if following is None and seen is not None:
        following = _cursor(cursors, seen)
    return Page(items=[listed(row, observer) for row, observer in shown], next_cursor=following)


def _cursor(cursors: Cursors, behind: queries.Position) -> str:
    return cursors.make(_LIST, [clock.stamp(behind[0]), str(behind[1])])


def _position(row: Observation) -> queries.Position:
    return row.updated_at, row.id


def _sifted(
    session: Session, scope: Scope, asked: Asked, behind: queries.Position | None, limit: int
) -> tuple[Sequence[tuple[Observation, str]], queries.Position | None]:
    """What is plain, or what is not, one more than the limit, and behind what to go on where not all was looked at.

    Only of what the caller coordinates, for it tells of other observers.
    """
    may = Readable(scope.programmes(COORDINATOR), [])
    found: list[tuple[Observation, str]] = []
    for _ in range(SIFTINGS):
        some = queries.page(session, may, asked, behind, SIFTED_AT_ONCE)
        good = plain.plain(session, [row for row, _ in some])
        found += [pair for pair in some if (pair[0].id in good) == asked.plain]
        if len(found) > limit or len(some) <= SIFTED_AT_ONCE:
            return found[: limit + 1], None
        behind = _position(some[-1][0])
    return found, behind


def listed(row: Observation, observer: str) -> ObservationListed:
    """An observation without its answers."""
    fields = row.model_dump(include=set(ObservationListed.model_fields))
    return ObservationListed(**fields, observer=observer, flags=flags_of(row))


def flags_of(row: Observation) -> list[str]:
    """What a reader should know of how an observation came, in codes."""
    found = {rules.CLOCK_SKEW: row.has_clock_skew, rules.HEARING_LOCKED: row.is_late}
    return [flag for flag, stands in found.items() if stands]


def show(session: Session, keeper: Keeper, observation_id: UUID) -> tuple[ObservationShown, list[Entry]]:
    """An observation whole, its receipt with what proves it where a checkpoint covers it by now.

    With it, what the journal must hold before anybody is shown it.
    """
    row = find(session, keeper.scope, observation_id)
    found = _whole(session, keeper, row)
    receipt = found.receipt
    leaf = {receipt.seq: bytes.fromhex(receipt.leaf_hash)}
    proof = reading.prove(session, receipt.log, leaf)
    return found.model_copy(update={"receipt": proven(receipt, proof)}), showings(session, keeper.scope, row)


def note(session: Session, entries: Iterable[Entry]) -> None:
    """Tell the journal what is about to be shown."""
    for each in entries:
        journal.record(session, each)


def shown(session: Session, keeper: Keeper, row: Observation, faults: Sequence[Fault] = ()) -> ObservationShown:
    """A stored observation whole, for who changes something of it: that it is shown is noted with the change.

    `faults` are what kept it from being released.
    """
    note(session, showings(session, keeper.scope, row))
    return _whole(session, keeper, row, faults)


def showings(session: Session, scope: Scope, row: Observation) -> list[Entry]:
    """The entry that says who is shown a narrative; none where one says so already, not long ago.

    Reading it again and again fills nobody's journal: not a coordinator's page that is opened anew, and no phone that asks for its own.
    """
    reader = scope.member(row.programme_id, COORDINATOR)
    is_own = reader is None or reader.member_id == row.member_id
    reader_id = row.member_id if reader is None else reader.member_id
    since = clock.now() - (OWN_SHOWN_AGAIN if is_own else SHOWN_AGAIN)
    if journal.was_shown(session, row.programme_id, reader_id, row.id, since):
        return []
    people = queries.people_in(session, row.programme_id, row.id)
    things = things_of(Thing.OBSERVATION, [row.id]) | things_of(Thing.PARTICIPANT, people)
    showing = Showing(What.NARRATIVE, reader_id, things)
    return [Entry(EventKind.NARRATIVE_SHOWN, ids.new_id(), row.programme_id, showing=showing)]


def _whole(session: Session, keeper: Keeper, row: Observation, faults: Sequence[Fault] = ()) -> ObservationShown:
    """Only the code of its observer stands for a person."""
    chain = queries.chain(session, row.programme_id, [row.root_id])
    decided, spoken = thread.told(session, keeper, row.programme_id, [each.id for each in chain], row.id)
    about = listed(row, queries.code_of_member(session, row.programme_id, row.member_id))
    return ObservationShown(
        **about.model_dump(),
        answers=stored_answers(row.answers, row.narrative),
        receipt=receipt_of(session, row),
        clock=clocks.clock_of(session, row),
        attachments=attachments_of(session, row),
        versions=[VersionShown(id=each.id, status=each.status, received_at=each.received_at, replaces=each.replaces) for each in chain],
        decisions=decided,
        thread=spoken,
        errors=[FaultShown(pointer=fault.pointer, code=fault.code) for fault in faults],
    )


def attachments_of(session: Session, row: Observation) -> AttachmentsShown:
    """How many files are expected of an observation, and how many are here."""
    return ATTACHMENTS.counted(session, [row.programme_id], [row.id]).get((row.programme_id, row.id), AttachmentsShown())


def receipt_of(session: Session, row: Observation) -> Receipt:
    """The receipt that was given when the observation was taken in."""
    seq, digest = queries.leaf_of(session, row.programme_id, row.id)
    return Receipt(log=row.programme_id, seq=seq, leaf_hash=digest.hex(), received_at=clock.stamp(row.received_at))


def proven(receipt: Receipt, proofs: Mapping[int, Proven]) -> Receipt:
    """A receipt with its checkpoint and proof, where there is one among these."""
    found = proofs.get(receipt.seq)
    return receipt if found is None else receipt.model_copy(update={"checkpoint": found.checkpoint, "proof": found.proof})


def confirm(session: Session, scope: Scope, wanted: Sequence[UUID]) -> ReceiptsAnswer:
    """Which of these are safely stored with their files, of those that the caller may read."""
    may = readable(scope)
    rows = {row.id: row for row in queries.find_many(session, scope.programmes(COORDINATOR, OBSERVER), wanted)}
    mine = {each: row for each, row in rows.items() if row.programme_id in may.programmes or row.member_id in may.members}
    programmes = {row.programme_id for row in mine.values()}
    found = queries.receipts(session, programmes, list(mine))
    places = {(as_id(log), as_id(each)): place for (log, each), place in found.items()}
    proofs = {log: reading.prove(session, log, _leaves(places, log)) for log in {log for log, _ in places}}
    files = ATTACHMENTS.counted(session, programmes, list(mine)) if mine else {}
    given = {row.id: _given(row, places[row.programme_id, row.id], proofs[row.programme_id]) for row in mine.values()}
    return ReceiptsAnswer(
        results=[
            _confirmed(mine[each], given[each], files.get((mine[each].programme_id, each)) or AttachmentsShown())
            if each in mine
            else ReceiptShown(id=each, status="unknown")
            for each in wanted
        ]
    )


def _leaves(places: Places, log: UUID) -> dict[int, bytes]:
    return {seq: digest for (programme, _), (seq, digest) in places.items() if programme == log}


def _given(row: Observation, place: tuple[int, bytes], proofs: Mapping[int, Proven]) -> Receipt:
    seq, digest = place
    receipt = Receipt(log=row.programme_id, seq=seq, leaf_hash=digest.hex(), received_at=clock.stamp(row.received_at))
    return proven(receipt, proofs)


def _confirmed(row: Observation, receipt: Receipt, files: AttachmentsShown) -> ReceiptShown:
    return ReceiptShown(
        id=row.id,
        status="held" if row.status == rules.HELD else "stored",
        observation_status=row.status,
        flags=flags_of(row),
        receipt=receipt,
        attachments=files,
        safe_to_delete=not files.missing,
    )
