"""Every SQL statement of what is monitored."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.accounts.models import Member
from app.cases.models import Assignment, HearingLock, Identity, Kept, Participant, ParticipantMerge, ParticipantRole
from app.kit.codes import code_key, folded

Row = TypeVar("Row", bound=Kept)
Clause = sa.ColumnElement[bool]


def find(session: Session, table: type[Row], programmes: Collection[UUID], row_id: UUID, *, lock: bool = False) -> Row | None:
    """A row by its id within some programmes; `lock` keeps others from changing it until the transaction ends."""
    query = select(table).where(col(table.id) == row_id, col(table.programme_id).in_(programmes))
    # The weaker lock lets others point at the row meanwhile, as a foreign key does.
    return session.exec(query.with_for_update(key_share=True) if lock else query).first()


def page(
    session: Session, table: type[Row], where: Iterable[Clause], order: Sequence[str], *, after: Sequence[str] | None, limit: int
) -> Sequence[Row]:
    """Rows in the order of some columns, from behind a position on."""
    columns = [getattr(table, name) for name in order]
    query = select(table).where(*where).order_by(*columns).limit(limit)
    if after is not None:
        position = [_as_stored(column, value) for column, value in zip(columns, after, strict=True)]
        query = query.where(sa.tuple_(*columns) > sa.tuple_(*position))
    return session.exec(query).all()


def _as_stored(column: Any, value: str) -> sa.ColumnElement[Any]:
    read: Callable[[str], Any] = str
    if isinstance(column.type, sa.Date):
        read = dt.date.fromisoformat
    elif isinstance(column.type, sa.Uuid):
        read = UUID
    return sa.literal(read(value), column.type)


def matching(table: Any, wanted: Mapping[str, Any]) -> list[Clause]:
    """Conditions that columns have some values, `q` that a row mentions a text; what is None is not asked for."""
    return [_condition(table, name, value) for name, value in wanted.items() if value is not None]


def _condition(table: Any, name: str, value: Any) -> Clause:
    if name == "q":
        return _mentions(table, value)
    return cast("Clause", getattr(table, name) == value)


def _mentions(table: Any, text: str) -> Clause:
    in_code = table.code_key.contains(code_key(text), autoescape=True)
    return sa.or_(in_code, table.sought.contains(folded(text), autoescape=True) if hasattr(table, "sought") else sa.false())


def within(table: Any, programmes: Collection[UUID]) -> Clause:
    """The condition that a row belongs to one of some programmes."""
    return col(table.programme_id).in_(programmes)


def roles_of(session: Session, programmes: Collection[UUID], participants: Collection[UUID]) -> Sequence[ParticipantRole]:
    """The contested roles of some participants, in the order in which they were entered."""
    query = select(ParticipantRole).where(within(ParticipantRole, programmes), col(ParticipantRole.participant_id).in_(participants))
    return session.exec(query.order_by(col(ParticipantRole.id))).all()


def readings_of(session: Session, programme_id: UUID, case_id: UUID) -> set[str]:
    """The names of the readings of a case."""
    query = select(ParticipantRole.reading).where(ParticipantRole.programme_id == programme_id, ParticipantRole.case_id == case_id)
    return set(session.exec(query.distinct()))


def is_member(session: Session, programmes: Collection[UUID], member_id: UUID) -> bool:
    """Whether somebody belongs to one of some programmes."""
    query = select(Member.id).where(col(Member.programme_id).in_(programmes), Member.id == member_id, Member.status != "removed")
    return session.exec(query).first() is not None


def is_assigned(session: Session, programme_id: UUID, member_id: UUID, targets: Collection[UUID]) -> bool:
    """Whether a member is assigned to one of some hearings or cases."""
    query = select(Assignment.id).where(Assignment.programme_id == programme_id, Assignment.member_id == member_id)
    return session.exec(query.where(col(Assignment.target_id).in_(targets))).first() is not None


def identity_of(session: Session, programme_id: UUID, participant_id: UUID) -> Identity | None:
    """The sealed identity of a participant."""
    return session.get(Identity, (programme_id, participant_id))


def forget_identity(session: Session, programme_id: UUID, participant_id: UUID) -> None:
    """Remove what a participant is called."""
    row = identity_of(session, programme_id, participant_id)
    if row is not None:
        session.delete(row)
        session.flush()


def identified(session: Session, programmes: Collection[UUID], participants: Collection[UUID]) -> set[UUID]:
    """Which of some participants have an identity."""
    query = select(Identity.participant_id).where(within(Identity, programmes), col(Identity.participant_id).in_(participants))
    return set(session.exec(query))


def merges(session: Session, programmes: Collection[UUID], cases: Collection[UUID]) -> dict[UUID, UUID]:
    """Who of some cases is merged, and into whom."""
    query = select(Participant.id, Participant.merged_into).where(within(Participant, programmes), col(Participant.case_id).in_(cases))
    return {found: into for found, into in session.exec(query.where(col(Participant.merged_into).is_not(None))) if into is not None}


def locks_of(session: Session, programme_id: UUID, hearing_id: UUID, *, after: UUID | None, limit: int) -> Sequence[Any]:
    """(lock or unlocking, code of who) of a hearing as they were done, behind one."""
    where = (HearingLock.programme_id == programme_id, HearingLock.hearing_id == hearing_id)
    query = select(HearingLock, Member.code).join(Member, _is_by(HearingLock)).where(*where, *_behind(HearingLock, after))
    return session.exec(query.order_by(col(HearingLock.id)).limit(limit)).all()


def merges_of(session: Session, programme_id: UUID, participant_id: UUID, *, after: UUID | None, limit: int) -> Sequence[Any]:
    """(merge or its undoing, code of the one, of the other, of who) of what was merged into or from a participant, behind one."""
    one, other = aliased(Participant), aliased(Participant)
    same = [sa.and_(col(of.programme_id) == ParticipantMerge.programme_id, col(of.id) == place) for of, place in _ends(one, other)]
    theirs = sa.or_(col(ParticipantMerge.participant_id) == participant_id, col(ParticipantMerge.into_id) == participant_id)
    query = select(ParticipantMerge, one.code, other.code, Member.code).join(one, same[0]).join(other, same[1])
    query = query.join(Member, _is_by(ParticipantMerge)).where(ParticipantMerge.programme_id == programme_id, theirs)
    return session.exec(query.where(*_behind(ParticipantMerge, after)).order_by(col(ParticipantMerge.id)).limit(limit)).all()


def _ends(one: Any, other: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    return (one, ParticipantMerge.participant_id), (other, ParticipantMerge.into_id)


def _is_by(table: Any) -> Clause:
    return sa.and_(col(Member.programme_id) == table.programme_id, col(Member.id) == table.member_id)


def _behind(table: Any, after: UUID | None) -> list[Clause]:
    return [] if after is None else [col(table.id) > after]


def people(session: Session, programme_id: UUID, case_id: UUID | None) -> Sequence[Any]:
    """Everybody of a programme or of one case of it: id, code, whom merged into; the sealed identity and its version, if there is one."""
    is_theirs = sa.and_(col(Identity.programme_id) == Participant.programme_id, col(Identity.participant_id) == Participant.id)
    columns = [col(Participant.id), col(Participant.code), col(Participant.merged_into), col(Identity.sealed), col(Identity.version)]
    query = sa.select(*columns).join(Identity, is_theirs, isouter=True).where(col(Participant.programme_id) == programme_id)
    return session.connection().execute(query if case_id is None else query.where(col(Participant.case_id) == case_id)).all()
