"""The tables of decisions. Rows are never changed: a later decision stands in the place of an earlier one, which is kept."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.kit.database import Moment

_CASE = (["programme_id", "case_id"], ["court_case.programme_id", "court_case.id"])
_HEARING = (["programme_id", "hearing_id"], ["hearing.programme_id", "hearing.id"])
_PARTICIPANT = (["programme_id", "participant_id"], ["participant.programme_id", "participant.id"])
_MEMBER = (["programme_id", "member_id"], ["member.programme_id", "member.id"])


class DisagreementDecision(SQLModel, table=True):
    """The side that a coordinator takes where observers differ: `value` is canonical JSON, `reason` her own words.

    `unit` says what they differ about: the hearing, the case, or the participant who is named. Ids stand here and no codes, so that a
    decision follows a hearing or a participant whose code is corrected.
    """

    __tablename__ = "disagreement_decision"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_CASE),
        sa.ForeignKeyConstraint(*_HEARING),
        sa.ForeignKeyConstraint(*_PARTICIPANT),
        sa.ForeignKeyConstraint(*_MEMBER),
        sa.CheckConstraint("kind IN ('mark','answer','role','count')", name="kind"),
        sa.CheckConstraint("unit IN ('hearing','case','participant')", name="unit"),
        sa.Index("ix_disagreement_decision_case_id", "programme_id", "case_id", "id"),
    )

    programme_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    case_id: UUID
    hearing_id: UUID
    kind: str = Field(max_length=8)
    what: str = Field(max_length=80)
    unit: str = Field(max_length=16)
    participant_id: UUID | None = None
    value: str = Field(sa_type=sa.Text)
    reason: str = Field(sa_type=sa.Text)
    member_id: UUID
    decided_at: dt.datetime = Field(sa_type=Moment)


class GradeDecision(SQLModel, table=True):
    """Whether a coordinator confirms a case's computed grade or departs from it.

    `computed` is canonical JSON of the grade that was decided on, or of its range: once another is computed, the decision is history.
    """

    __tablename__ = "grade_decision"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_CASE),
        sa.ForeignKeyConstraint(*_MEMBER),
        sa.CheckConstraint("decision IN ('confirm','depart')", name="decision"),
        sa.CheckConstraint("(decision = 'depart') = (value IS NOT NULL)", name="value"),
        sa.Index("ix_grade_decision_case_id", "programme_id", "case_id", "id"),
    )

    programme_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    case_id: UUID
    decision: str = Field(max_length=8)
    value: str | None = Field(default=None, max_length=16)
    computed: str = Field(sa_type=sa.Text)
    reason: str = Field(sa_type=sa.Text)
    member_id: UUID
    decided_at: dt.datetime = Field(sa_type=Moment)
