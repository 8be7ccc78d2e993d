"""What coordinators do about participants who are one person."""

from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.cases import queries
from app.cases.casefiles.service import CASES
from app.cases.errors import NOT_MERGED, refuse
from app.cases.ledger import born
from app.cases.merges import rules
from app.cases.merges.schemas import MergeBody, MergeShown
from app.cases.models import Participant, ParticipantMerge
from app.cases.participants.schemas import ParticipantShown
from app.cases.participants.service import PARTICIPANTS
from app.cases.reasons import reading_of
from app.cases.sealing import Keeper
from app.journal.schemas import Entry, EventKind
from app.journal.showing import Thing
from app.kit import errors
from app.kit.access import COORDINATOR, Scope
from app.kit.crypto import Place
from app.kit.errors import Problem
from app.kit.paging import Page
from app.kit.windows import Window

What = Literal["merged", "unmerged"]
_EVENTS: dict[What, EventKind] = {"merged": EventKind.PARTICIPANT_MERGED, "unmerged": EventKind.PARTICIPANT_UNMERGED}


def merge_participant(session: Session, keeper: Keeper, participant_id: UUID, body: MergeBody) -> ParticipantShown:
    """Let a participant be another of the same case, or whoever that one was merged into. The same again changes nothing."""
    participant = _held(session, keeper.scope, participant_id)
    target = PARTICIPANTS.within(session, participant.programme_id, body.into, "/into", participant.case_id)
    merges = queries.merges(session, [participant.programme_id], [participant.case_id])
    end_id = rules.check_merge(merges, participant.id, target.id)
    end = PARTICIPANTS.within(session, participant.programme_id, end_id, "/into", participant.case_id)
    refuse(rules.placeholder_faults(is_placeholder=participant.stands_for is not None, into_placeholder=end.stands_for is not None))
    if participant.id not in merges:
        participant.merged_into = end.id
        _keep(session, keeper, _Step("merged", participant, end), body.reason)
    return PARTICIPANTS.shown(session, participant)


def unmerge_participant(session: Session, keeper: Keeper, participant_id: UUID, reason: str) -> ParticipantShown:
    """Let a participant be a person of its own again, as if it had never been merged; 409 `not_merged`."""
    participant = _held(session, keeper.scope, participant_id)
    if participant.merged_into is None:
        raise Problem(NOT_MERGED)
    former = PARTICIPANTS.within(session, participant.programme_id, participant.merged_into, "/into")
    participant.merged_into = None
    _keep(session, keeper, _Step("unmerged", participant, former), reason)
    return PARTICIPANTS.shown(session, participant)


def list_merges(session: Session, keeper: Keeper, window: Window, participant_id: UUID) -> tuple[Page[MergeShown], Entry | None]:
    """Who was found to be a participant, or a participant to be whom, and not to be after all, by whom and why, as it was done.

    With it, what the journal must hold before that is shown.
    """
    participant = PARTICIPANTS.find(session, keeper.scope, participant_id)
    of = f"participant_merge {participant_id}"
    position = window.after(of)
    after = UUID(position[0]) if position else None
    found = queries.merges_of(session, participant.programme_id, participant.id, after=after, limit=window.limit + 1)
    rows, following = window.cut(of, found, lambda last: [str(last[0].id)])
    about = {each for row, *_ in rows for each in (row.participant_id, row.into_id)}
    told = reading_of(keeper.scope, participant.programme_id, Thing.PARTICIPANT, about) if rows else None
    return Page(items=[_merge(keeper, *each) for each in rows], next_cursor=following), told


def _merge(keeper: Keeper, row: ParticipantMerge, code: str, into: str, by: str) -> MergeShown:
    what: What = "merged" if row.what == "merged" else "unmerged"
    return MergeShown(
        id=row.id,
        what=what,
        participant_id=row.participant_id,
        participant=code,
        into_id=row.into_id,
        into=into,
        by=by,
        at=row.created_at,
        reason=keeper.open(_place(row.programme_id, row.id), row.reason).decode(),
    )


def _place(programme_id: UUID, merge_id: UUID) -> Place:
    return Place(programme_id, "participant_merge", "reason", merge_id)


def _held(session: Session, scope: Scope, participant_id: UUID) -> Participant:
    """The participant, with its case held: one merge at a time in a case, so that two of them close no circle."""
    participant = PARTICIPANTS.open(session, scope, participant_id, None)
    CASES.open(session, scope, participant.case_id, None)
    return participant


class _Step(NamedTuple):
    what: What
    participant: Participant
    other: Participant


def _keep(session: Session, keeper: Keeper, step: _Step, reason: str) -> None:
    """Store what was done, by whom and why, and tell the journal of it without the reason."""
    what, participant, other = step
    made = born(participant.programme_id)
    sealed = keeper.seal(_place(participant.programme_id, made["id"]), reason.encode())
    member_id = keeper.scope.require(participant.programme_id, COORDINATOR).member_id
    participant.version += 1
    columns: dict[str, Any] = {
        "participant_id": participant.id,
        "into_id": other.id,
        "what": what,
        "member_id": member_id,
        "reason": sealed.blob,
    }
    session.add(ParticipantMerge(**made, **columns))
    try:
        session.flush()
    except IntegrityError:
        # The other was there a moment ago.
        raise errors.missing("/into") from None
    facts = {"into": str(other.id), "into_code": other.code, "merge": str(made["id"]), "commitment": sealed.commitment}
    PARTICIPANTS.record(session, keeper.scope, participant, _EVENTS[what], **facts)
