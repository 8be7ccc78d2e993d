"""Every SQL statement of editions."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from app.accounts.models import Member, Programme
from app.cases.models import Case
from app.editions.models import Edition, EditionText
from app.observations.models import Observation


def case_of(session: Session, programmes: Collection[UUID], case_id: UUID) -> tuple[UUID, str] | None:
    """The programme of a case of one of some programmes, and its language."""
    query = select(Programme.id, Programme.default_language).join(Case, col(Case.programme_id) == Programme.id)
    return session.exec(query.where(Case.id == case_id, col(Programme.id).in_(programmes))).first()


def lock_case(session: Session, programme_id: UUID, case_id: UUID) -> bool:
    """Hold a case until the transaction ends, so that its editions are numbered one by one; whether it is there. Filings go on."""
    query = select(Case.id).where(Case.programme_id == programme_id, Case.id == case_id)
    return session.exec(query.with_for_update(key_share=True)).first() is not None


def roots(session: Session, programme_id: UUID, case_id: UUID) -> dict[str, str]:
    """The accepted observations of a case, each with the first of its chain of corrections."""
    query = select(Observation.id, Observation.root_id).where(Observation.programme_id == programme_id, Observation.case_id == case_id)
    return {str(found): str(root) for found, root in session.exec(query.where(Observation.status == "accepted"))}


def latest(session: Session, programme_id: UUID, case_id: UUID) -> Edition | None:
    """The newest edition of a case."""
    query = select(Edition).where(Edition.programme_id == programme_id, Edition.case_id == case_id)
    return session.exec(query.order_by(col(Edition.number).desc())).first()


def page(session: Session, programme_id: UUID, case_id: UUID, *, after: int, limit: int) -> Sequence[tuple[Edition, str]]:
    """Editions of a case by number, each with the code of who froze it."""
    is_theirs = (col(Member.programme_id) == Edition.programme_id) & (col(Member.id) == Edition.member_id)
    query = select(Edition, Member.code).join(Member, is_theirs).where(Edition.programme_id == programme_id, Edition.case_id == case_id)
    return session.exec(query.where(Edition.number > after).order_by(col(Edition.number)).limit(limit)).all()


def text(session: Session, programme_id: UUID, case_id: UUID, number: int, language: str) -> EditionText | None:
    """An edition in one language."""
    is_its = (col(EditionText.programme_id) == Edition.programme_id) & (col(EditionText.edition_id) == Edition.id)
    query = select(EditionText).join(Edition, is_its).where(Edition.programme_id == programme_id, Edition.case_id == case_id)
    return session.exec(query.where(Edition.number == number, EditionText.language == language)).first()


def code_of(session: Session, programme_id: UUID, member_id: UUID) -> str:
    """The code of a member."""
    return session.exec(select(Member.code).where(Member.programme_id == programme_id, Member.id == member_id)).one()


def find(session: Session, programme_id: UUID, case_id: UUID, number: int) -> Edition | None:
    """An edition of a case by its number."""
    query = select(Edition).where(Edition.programme_id == programme_id, Edition.case_id == case_id, Edition.number == number)
    return session.exec(query).first()
