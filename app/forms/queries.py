"""What a phone is given, read for its own cases only: every statement goes by an index of the programme."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.cases.models import Assignment, Case, Court, Document, Hearing, Participant, ParticipantRole

Row = TypeVar("Row", Case, Court, Document, Hearing, Participant)


def assignments_of(session: Session, programme_id: UUID, members: Collection[UUID]) -> Sequence[Assignment]:
    """What some members are to observe."""
    query = select(Assignment).where(Assignment.programme_id == programme_id, col(Assignment.member_id).in_(members))
    return session.exec(query.order_by(col(Assignment.id))).all()


def open_cases(session: Session, programme_id: UUID) -> set[UUID]:
    """The cases of a programme that wait for a verdict or for a hearing."""
    is_its = sa.and_(col(Hearing.programme_id) == programme_id, col(Hearing.case_id) == col(Case.id))
    to_come = select(Hearing.id).where(is_its, Hearing.status == "scheduled")
    query = select(Case.id).where(Case.programme_id == programme_id, sa.or_(col(Case.verdict_on).is_(None), to_come.exists()))
    return set(session.exec(query))


def by_ids(session: Session, table: type[Row], programme_id: UUID, ids: Iterable[UUID]) -> Sequence[Row]:
    """Rows by their ids, in the order of their codes."""
    return _sorted(session, table, programme_id, col(table.id).in_(set(ids)))


def of_cases(session: Session, table: type[Row], programme_id: UUID, cases: Collection[UUID]) -> Sequence[Row]:
    """What belongs to some cases, in the order of codes."""
    owner: Any = table
    return _sorted(session, table, programme_id, col(owner.case_id).in_(cases))


def of_no_case(session: Session, programme_id: UUID) -> Sequence[Document]:
    """The documents that belong to the programme as a whole."""
    return _sorted(session, Document, programme_id, col(Document.case_id).is_(None))


def _sorted(session: Session, table: type[Row], programme_id: UUID, wanted: sa.ColumnElement[bool]) -> Sequence[Row]:
    query = select(table).where(col(table.programme_id) == programme_id, wanted)
    return session.exec(query.order_by(col(table.code_key), col(table.id))).all()


def contested_roles(session: Session, programme_id: UUID, cases: Collection[UUID]) -> Sequence[tuple[UUID, str]]:
    """(participant, role) of every role that a source gives somebody of some cases."""
    query = select(ParticipantRole.participant_id, ParticipantRole.role).where(
        ParticipantRole.programme_id == programme_id, col(ParticipantRole.case_id).in_(cases)
    )
    return session.exec(query.order_by(col(ParticipantRole.id))).all()
