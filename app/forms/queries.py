"""Every SQL statement of forms, and of what a phone is given: that is read for its own cases only, by indexes of the programme."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.accounts.models import Member
from app.cases.models import Assignment, Case, Court, Document, Hearing, Participant, ParticipantRole
from app.forms.models import ProgrammeForm

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


def find_form(session: Session, programme_id: UUID, code: str, version: str, *, lock: bool = False) -> ProgrammeForm | None:
    """A version of a programme's own form; `lock` keeps others from changing it until the transaction ends."""
    query = select(ProgrammeForm).where(
        ProgrammeForm.programme_id == programme_id, ProgrammeForm.code == code, ProgrammeForm.version == version
    )
    return session.exec(query.with_for_update().execution_options(populate_existing=True) if lock else query).first()


def versions_of(session: Session, programme_id: UUID, code: str) -> Sequence[ProgrammeForm]:
    """Every version of an own form, drafts included, in the order in which they were begun."""
    query = select(ProgrammeForm).where(ProgrammeForm.programme_id == programme_id, ProgrammeForm.code == code)
    return session.exec(query.order_by(col(ProgrammeForm.id))).all()


def codes_of(session: Session, programme_id: UUID) -> set[str]:
    """The codes of a programme's own forms."""
    return set(session.exec(select(ProgrammeForm.code).where(ProgrammeForm.programme_id == programme_id).distinct()))


def forms_after(session: Session, programme_id: UUID, after: UUID | None, limit: int) -> Sequence[tuple[ProgrammeForm, str, str | None]]:
    """Versions of own forms with the codes of who wrote and published them, by id."""
    wrote, published = aliased(Member), aliased(Member)
    query = (
        select(ProgrammeForm, wrote.code, published.code)
        .join(wrote, sa.and_(col(wrote.programme_id) == ProgrammeForm.programme_id, col(wrote.id) == ProgrammeForm.written_by))
        .outerjoin(
            published, sa.and_(col(published.programme_id) == ProgrammeForm.programme_id, col(published.id) == ProgrammeForm.published_by)
        )
        .where(ProgrammeForm.programme_id == programme_id)
        .order_by(col(ProgrammeForm.id))
        .limit(limit)
    )
    found = session.exec(query if after is None else query.where(col(ProgrammeForm.id) > after))
    return [(row[0], row[1], row[2]) for row in found]


def codes_of_members(session: Session, programme_id: UUID, members: Collection[UUID]) -> dict[UUID, str]:
    """The codes of some members."""
    query = select(Member.id, Member.code).where(Member.programme_id == programme_id, col(Member.id).in_(members))
    return dict(session.exec(query).all())


def published_forms(session: Session, programmes: Collection[UUID], codes: Collection[str] | None = None) -> Sequence[ProgrammeForm]:
    """Every published version of the own forms of some programmes, in the order of publication."""
    query = select(ProgrammeForm).where(col(ProgrammeForm.programme_id).in_(programmes), col(ProgrammeForm.published_at).is_not(None))
    query = query if codes is None else query.where(col(ProgrammeForm.code).in_(codes))
    return session.exec(query.order_by(col(ProgrammeForm.published_at), col(ProgrammeForm.id))).all()
