"""What coordinators do with participants."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.cases import queries
from app.cases.casefiles.service import CASES, check_case
from app.cases.errors import ROLE_EXISTS, refuse
from app.cases.ledger import Events, Ledger, born
from app.cases.models import Participant, ParticipantRole
from app.cases.participants import rules
from app.cases.participants.schemas import (
    ContestedRole,
    NewParticipant,
    ParticipantChanges,
    ParticipantShown,
    PlaceholderShown,
    RoleShown,
)
from app.cases.schemas import columns_of, source_of
from app.cases.sources import check_source
from app.journal.schemas import EventKind
from app.kit import errors
from app.kit.access import Scope
from app.kit.errors import CODE_TAKEN, Problem
from app.kit.paging import Page
from app.kit.windows import Window


def _show(session: Session, rows: Sequence[Participant]) -> list[ParticipantShown]:
    programmes, people = {row.programme_id for row in rows}, [row.id for row in rows]
    roles: dict[UUID, list[ParticipantRole]] = defaultdict(list)
    for role in queries.roles_of(session, programmes, people):
        roles[role.participant_id].append(role)
    named = queries.identified(session, programmes, people)
    merges = queries.merges(session, programmes, {row.case_id for row in rows if row.merged_into is not None})
    return [_show_one(row, roles[row.id], has_identity=row.id in named, merges=merges) for row in rows]


def _show_one(row: Participant, roles: Sequence[ParticipantRole], *, has_identity: bool, merges: Mapping[UUID, UUID]) -> ParticipantShown:
    end = rules.end_of(merges, row.id)
    columns = {**row.model_dump(), "has_identity": has_identity, "merged_into": end if end != row.id else None}
    placeholder = None
    if row.stands_for is not None:
        parts = {"stands_for": row.stands_for, "count": row.stands_for_count, "at_least": row.stands_for_at_least}
        placeholder = PlaceholderShown.model_validate(parts)
    return ParticipantShown(**columns, placeholder=placeholder, roles=[_show_role(each) for each in roles])


def _show_role(row: ParticipantRole) -> RoleShown:
    return RoleShown(**row.model_dump(), source=source_of(row))


PARTICIPANTS = Ledger(
    Participant,
    Events(EventKind.PARTICIPANT_CREATED, EventKind.PARTICIPANT_DELETED, EventKind.PARTICIPANT_CHANGED),
    _show,
    told=("code",),
    order=("code_key", "id"),
    code="code",
    refusals={"uq_participant_programme_id_case_id_code_key": CODE_TAKEN},
)
ROLES = Ledger(
    ParticipantRole,
    Events(EventKind.ROLE_CONTESTED, EventKind.ROLE_WITHDRAWN),
    lambda _, rows: [_show_role(row) for row in rows],
    told=("participant_id", "role", "reading"),
)


def create_participant(session: Session, scope: Scope, new: NewParticipant) -> ParticipantShown:
    """Add a participant to a case; 409 `code_taken`."""
    case = CASES.find(session, scope, new.case_id, place="/case_id")
    return PARTICIPANTS.add(session, scope, Participant(**{**born(case.programme_id), **_columns(new)}))


def change_participant(
    session: Session, scope: Scope, participant_id: UUID, changes: ParticipantChanges, if_match: str | None
) -> ParticipantShown:
    """Change what was sent of a participant."""
    participant = PARTICIPANTS.open(session, scope, participant_id, if_match)
    return PARTICIPANTS.change(session, scope, participant, _columns(changes))


def list_participants(session: Session, scope: Scope, window: Window, case_id: UUID | None, **wanted: Any) -> Page[ParticipantShown]:
    """Participants by code."""
    check_case(session, scope, case_id)
    return PARTICIPANTS.page(session, scope, window, case_id=case_id, **wanted)


def remove_participant(session: Session, scope: Scope, participant_id: UUID, if_match: str | None) -> None:
    """Remove a participant and what it is called; 409 `in_use` while something hangs on it, an opened name or a merge among others."""
    participant = PARTICIPANTS.open(session, scope, participant_id, if_match)
    queries.forget_identity(session, participant.programme_id, participant.id)
    PARTICIPANTS.remove(session, scope, participant_id, if_match)


def _columns(body: ParticipantChanges) -> dict[str, Any]:
    columns = columns_of(body)
    if "placeholder" not in columns:
        return columns
    refuse(rules.placeholder_faults(body.placeholder))
    parts = columns.pop("placeholder") or {}
    names = {"stands_for": "stands_for", "stands_for_count": "count", "stands_for_at_least": "at_least"}
    return {**columns, **{name: parts.get(part) for name, part in names.items()}}


def contest_role(session: Session, scope: Scope, participant_id: UUID, body: ContestedRole) -> tuple[RoleShown, bool]:
    """The role that a source gives a participant under a reading, and whether it is new.

    422 `too_many_readings` for a fifth reading of the case, 409 `role_exists` where the same source says another role already.
    """
    participant = PARTICIPANTS.open(session, scope, participant_id, None)
    # Readings are counted over the case: only one at a time may add one.
    CASES.open(session, scope, participant.case_id, None)
    check_source(session, participant.programme_id, participant.case_id, body.source)
    known = queries.readings_of(session, participant.programme_id, participant.case_id)
    columns = {**columns_of(body), "reading": rules.spelled(body.reading, known)}
    standing = _same_source(session, participant, columns)
    if standing is not None:
        if standing.role != body.role:
            raise Problem(ROLE_EXISTS)
        return _show_role(standing), False
    refuse(rules.reading_faults(columns["reading"], known))
    participant.version += 1
    row = ParticipantRole(**born(participant.programme_id), case_id=participant.case_id, participant_id=participant.id, **columns)
    return ROLES.add(session, scope, row), True


def withdraw_role(session: Session, scope: Scope, participant_id: UUID, role_id: UUID) -> None:
    """Take a contested role back."""
    participant = PARTICIPANTS.open(session, scope, participant_id, None)
    role = ROLES.find(session, scope, role_id)
    if role.participant_id != participant.id:
        raise errors.missing()
    participant.version += 1
    ROLES.remove(session, scope, role_id)


def withdraw_same_role(session: Session, scope: Scope, participant_id: UUID, body: ContestedRole) -> None:
    """Take back the contested role that was entered with the same words; 404 where there is none."""
    participant = PARTICIPANTS.open(session, scope, participant_id, None)
    known = queries.readings_of(session, participant.programme_id, participant.case_id)
    standing = _same_source(session, participant, {**columns_of(body), "reading": rules.spelled(body.reading, known)})
    if standing is None or standing.role != body.role:
        raise errors.missing()
    withdraw_role(session, scope, participant_id, standing.id)


def _same_source(session: Session, participant: Participant, columns: Mapping[str, Any]) -> ParticipantRole | None:
    names = ("reading", "source_document_id", "source_observation_id", "source_locator")
    roles = queries.roles_of(session, [participant.programme_id], [participant.id])
    return next((role for role in roles if all(getattr(role, name) == columns[name] for name in names)), None)


def same_person(session: Session, programmes: Collection[UUID], participant_id: UUID) -> set[UUID]:
    """Every participant of some programmes who is the same person as one of them after all merges; that one, where there is nobody."""
    row = queries.find(session, Participant, programmes, participant_id)
    if row is None:
        return {participant_id}
    merges = queries.merges(session, [row.programme_id], [row.case_id])
    end = rules.end_of(merges, row.id)
    return {row.id, end, *(each for each in merges if rules.end_of(merges, each) == end)}
