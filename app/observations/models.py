"""The tables of observations: what was filed, what it marks, what was decided about it, and the sums that follow."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.kit.database import Moment

STATUSES = ("submitted", "held", "returned", "rejected", "accepted", "superseded", "withdrawn")
# What corrects nothing, as most do, is its own root: an index by root that held it would be one more place to write for each filing.
_IS_LATER = sa.text("root_id <> id")
_CORRECTS = sa.text("supersedes IS NOT NULL")


def one_of(column: str, *terms: str) -> str:
    """A condition on a column that SQLite checks by comparing; for `IN` with more than two terms it builds a list for each row."""
    return " OR ".join(f"{column} = '{term}'" for term in terms)


class Observation(SQLModel, table=True):
    """One filled form by one observer, exactly as it was acknowledged.

    `answers` and `narrative` are canonical JSON, each with a 32-byte salt and a commitment that stands in the journal; `content_mac` tells
    whether the same id came again with the same content. Only `status` and what follows it ever changes. `read_as` is the form version
    under which a coordinator released it, where the phone's own was never known here. `is_late`: an observer sent it while its hearing,
    or one of an earlier version, was locked. `skew_seconds`: how far the phone's clock was behind the server's (ahead: less than none) when
    it was sent.
    """

    __tablename__ = "observation"
    __table_args__ = (
        sa.ForeignKeyConstraint(["programme_id", "case_id"], ["court_case.programme_id", "court_case.id"]),
        sa.ForeignKeyConstraint(["programme_id", "hearing_id"], ["hearing.programme_id", "hearing.id"]),
        sa.ForeignKeyConstraint(["programme_id", "member_id"], ["member.programme_id", "member.id"]),
        sa.UniqueConstraint("programme_id", "replaces"),
        sa.CheckConstraint("status IN ('submitted','held','returned','rejected','accepted','superseded','withdrawn')", name="status"),
        sa.CheckConstraint("origin IN ('observer','document')", name="origin"),
        sa.Index("ix_observation_case_id", "programme_id", "case_id", "updated_at", "id"),
        sa.Index("ix_observation_member_id", "programme_id", "member_id", "updated_at", "id"),
        sa.Index("ix_observation_updated_at", "programme_id", "updated_at", "id"),
        sa.Index("ix_observation_root_id", "programme_id", "root_id", sqlite_where=_IS_LATER, postgresql_where=_IS_LATER),
        sa.Index("ix_observation_supersedes", "programme_id", "supersedes", sqlite_where=_CORRECTS, postgresql_where=_CORRECTS),
    )

    programme_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    case_id: UUID
    hearing_id: UUID | None = None
    member_id: UUID
    origin: str = Field(max_length=16)
    form: str = Field(max_length=64)
    form_code: str | None = Field(default=None, max_length=64)
    form_version: str = Field(max_length=32)
    captured_at: str = Field(max_length=40)
    received_at: datetime = Field(sa_type=Moment)
    has_clock_skew: bool = False
    supersedes: UUID | None = None
    answers: str = Field(sa_type=sa.Text)
    narrative: str = Field(sa_type=sa.Text)
    answers_salt: bytes
    narrative_salt: bytes
    content_mac: bytes
    status: str = Field(max_length=16)
    held_code: str | None = Field(default=None, max_length=32)
    read_as: str | None = Field(default=None, max_length=32)
    root_id: UUID
    replaces: UUID | None = None
    accepted_at: datetime | None = Field(default=None, sa_type=Moment)
    skew_seconds: int | None = Field(default=None, sa_type=sa.BigInteger)
    is_late: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    updated_at: datetime = Field(sa_type=Moment)


class Mark(SQLModel, table=True):
    """What an observation itself says of one indicator; `listed` is a JSON list of participants that an `all_concerned` leaves out.

    `informant` is a keyed digest: equal for the same informant of a case, and no text. Whom a mark names stands in `citation` too, which
    keeps it from being deleted.
    """

    __tablename__ = "mark"
    __table_args__ = (
        sa.ForeignKeyConstraint(["programme_id", "observation_id"], ["observation.programme_id", "observation.id"]),
        sa.CheckConstraint(one_of("unit", "hearing", "case", "participant", "all_concerned"), name="unit"),
        sa.CheckConstraint(one_of("value", "present", "absent", "unsure"), name="value"),
    )

    programme_id: UUID = Field(primary_key=True)
    observation_id: UUID = Field(primary_key=True)
    n: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True, autoincrement=False))
    indicator: str = Field(max_length=80)
    unit: str = Field(max_length=16)
    value: str = Field(max_length=8)
    basis: str = Field(max_length=32)
    participant_id: UUID | None = None
    document_id: UUID | None = None
    informant_role: str | None = Field(default=None, max_length=32)
    informant: str | None = Field(default=None, max_length=16)
    aspect: str | None = Field(default=None, max_length=32)
    listed: str | None = Field(default=None, sa_type=sa.Text)


class Citation(SQLModel, table=True):
    """A participant or document that an observation's answers name: it cannot be deleted while the observation stands."""

    __tablename__ = "citation"
    __table_args__ = (
        sa.ForeignKeyConstraint(["programme_id", "observation_id"], ["observation.programme_id", "observation.id"]),
        sa.ForeignKeyConstraint(["programme_id", "participant_id"], ["participant.programme_id", "participant.id"]),
        sa.ForeignKeyConstraint(["programme_id", "document_id"], ["document.programme_id", "document.id"]),
        sa.Index("ix_citation_participant_id", "programme_id", "participant_id"),
        sa.Index("ix_citation_document_id", "programme_id", "document_id"),
    )

    programme_id: UUID = Field(primary_key=True)
    observation_id: UUID = Field(primary_key=True)
    n: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True, autoincrement=False))
    participant_id: UUID | None = None
    document_id: UUID | None = None


class Decision(SQLModel, table=True):
    """What somebody decided about an observation, or answered when asked. `reason` is of before words were sealed in `Remark`."""

    __tablename__ = "decision"
    __table_args__ = (
        sa.ForeignKeyConstraint(["programme_id", "observation_id"], ["observation.programme_id", "observation.id"]),
        sa.ForeignKeyConstraint(["programme_id", "member_id"], ["member.programme_id", "member.id"]),
        sa.Index("ix_decision_observation_id", "programme_id", "observation_id", "id"),
    )

    programme_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    observation_id: UUID
    member_id: UUID
    decided_at: datetime = Field(sa_type=Moment)
    decision: str = Field(max_length=16)
    reason: str | None = Field(default=None, sa_type=sa.Text)


class Remark(SQLModel, table=True):
    """The words that go with a decision or an answer, sealed; its id is that of the decision."""

    __tablename__ = "remark"
    __table_args__ = (sa.ForeignKeyConstraint(["programme_id", "id"], ["decision.programme_id", "decision.id"]),)

    programme_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    text: bytes


NOWHERE = UUID(int=0)
"""Stands in a tally for "no hearing", because a key holds no null."""


class Tally(SQLModel, table=True):
    """How many marks (and, with an empty indicator, how many observations) stand in each status; no person is in its key."""

    __tablename__ = "tally"

    programme_id: UUID = Field(primary_key=True)
    case_id: UUID = Field(primary_key=True)
    hearing_id: UUID = Field(primary_key=True)
    form: str = Field(primary_key=True, max_length=64)
    indicator: str = Field(primary_key=True, max_length=80)
    value: str = Field(primary_key=True, max_length=8)
    status: str = Field(primary_key=True, max_length=16)
    n: int = Field(sa_type=sa.BigInteger)
