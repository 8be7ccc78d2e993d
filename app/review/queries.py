"""Every SQL statement of decisions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import Session, col, select

from app.accounts.models import Member
from app.cases.models import Hearing, Participant
from app.review.models import DisagreementDecision, GradeDecision

Decision = DisagreementDecision | GradeDecision


def disagreement_decisions(session: Session, case: tuple[UUID, UUID], *, after: UUID | None, limit: int) -> Sequence[Any]:
    """Decisions on disagreements of a case (its programme, its id) in order: row, code of the hearing, of the participant, of who."""
    query = (
        select(DisagreementDecision, Hearing.code, Participant.code, Member.code)
        .join(Hearing, _leads_to(DisagreementDecision, Hearing, DisagreementDecision.hearing_id))
        .join(Participant, _leads_to(DisagreementDecision, Participant, DisagreementDecision.participant_id), isouter=True)
        .join(Member, _leads_to(DisagreementDecision, Member, DisagreementDecision.member_id))
    )
    return list(session.exec(_page(query, DisagreementDecision, case, after, limit)))


def grade_decisions(session: Session, case: tuple[UUID, UUID], *, after: UUID | None, limit: int) -> Sequence[Any]:
    """Decisions on the grade of a case as they were made: row, code of who."""
    query = select(GradeDecision, Member.code).join(Member, _leads_to(GradeDecision, Member, GradeDecision.member_id))
    return list(session.exec(_page(query, GradeDecision, case, after, limit)))


def _leads_to(table: type[Decision], other: Any, column: UUID | InstrumentedAttribute[UUID] | None) -> Any:
    return (col(other.programme_id) == table.programme_id) & (col(other.id) == column)


def _page(query: Any, table: type[Decision], case: tuple[UUID, UUID], after: UUID | None, limit: int) -> Any:
    query = query.where(table.programme_id == case[0], table.case_id == case[1])
    query = query.where(col(table.id) > after) if after is not None else query
    return query.order_by(col(table.id)).limit(limit)
