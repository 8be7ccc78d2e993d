"""The tables of what is monitored. Every one belongs to a programme.

`code_key` holds a code as it is compared, `sought` what a search looks into: titles and labels without case.
"""

import datetime as dt
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlmodel import Field, SQLModel

from app.kit.database import Moment

_PROGRAMME = (["programme_id"], ["programme.id"])
_COURT = (["programme_id", "court_id"], ["court.programme_id", "court.id"])
_CASE = (["programme_id", "case_id"], ["court_case.programme_id", "court_case.id"])
_HEARING = (["programme_id", "hearing_id"], ["hearing.programme_id", "hearing.id"])
_PARTICIPANT = (["programme_id", "participant_id"], ["participant.programme_id", "participant.id"])
_MEMBER = (["programme_id", "member_id"], ["member.programme_id", "member.id"])
_SOURCE = (["programme_id", "source_document_id"], ["document.programme_id", "document.id"])


class JsonText(sa.TypeDecorator[Any]):
    """A JSON value kept as text, the same on both databases."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The value as text."""
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """The value that the text holds."""
        return None if value is None else orjson.loads(value)


class Kept(SQLModel):
    """What every row has: its programme, its id, and since when."""

    programme_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    created_at: dt.datetime = Field(sa_type=Moment)


class Edited(Kept):
    """A row that can be edited; its version counts the edits."""

    version: int = 1


class Court(Edited, table=True):
    """A court; without a time zone, the programme's holds."""

    __tablename__ = "court"
    __table_args__ = (sa.ForeignKeyConstraint(*_PROGRAMME), sa.UniqueConstraint("programme_id", "code_key"))

    code: str = Field(max_length=32)
    code_key: str = Field(max_length=100)
    label: str = Field(max_length=500)
    name: str | None = Field(default=None, max_length=500)
    place: str | None = Field(default=None, max_length=500)
    region: str | None = Field(default=None, max_length=500)
    timezone: str | None = Field(default=None, max_length=64)
    sought: str = Field(sa_type=sa.Text)


class Case(Edited, table=True):
    """A trial that a programme follows; `verdict_on` is a date as printed, maybe in part."""

    __tablename__ = "court_case"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_PROGRAMME),
        sa.ForeignKeyConstraint(*_COURT),
        sa.UniqueConstraint("programme_id", "code_key"),
        sa.CheckConstraint("monitoring IN ('full','partly','none','not_stated')", name="monitoring"),
        sa.Index("ix_court_case_court_id", "programme_id", "court_id"),
    )

    code: str = Field(max_length=32)
    code_key: str = Field(max_length=100)
    title: str = Field(max_length=500)
    court_id: UUID
    charge_articles: list[str] = Field(sa_type=JsonText)
    defendants_stated: int | None = None
    monitoring: str = Field(max_length=16)
    monitoring_note: str | None = Field(default=None, sa_type=sa.Text)
    verdict_on: str | None = Field(default=None, max_length=10)
    sought: str = Field(sa_type=sa.Text)


class Hearing(Edited, table=True):
    """One day of a case in court: `date` is the plain day in the court's zone, `starts_at` a moment. No court: the case's.

    `locked_at` stands while the hearing is locked: from then on observers change only through review what counts of it.
    """

    __tablename__ = "hearing"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_CASE),
        sa.ForeignKeyConstraint(*_COURT),
        sa.UniqueConstraint("programme_id", "case_id", "code_key"),
        sa.CheckConstraint("status IN ('scheduled','held','postponed','cancelled')", name="status"),
        sa.Index("ix_hearing_court_id", "programme_id", "court_id"),
        sa.Index("ix_hearing_date", "programme_id", "date", "id"),
    )

    case_id: UUID
    code: str = Field(max_length=32)
    code_key: str = Field(max_length=100)
    date: dt.date
    court_id: UUID | None = None
    starts_at: dt.datetime | None = Field(default=None, sa_type=Moment)
    instance: str = Field(max_length=32)
    hearing_type: str = Field(max_length=32)
    language: str | None = Field(default=None, max_length=32)
    status: str = Field(max_length=16)
    mode: str | None = Field(default=None, max_length=32)
    locked_at: dt.datetime | None = Field(default=None, sa_type=Moment)


class HearingLock(Kept, table=True):
    """That a hearing was locked, or unlocked again: by whom, and why (sealed)."""

    __tablename__ = "hearing_lock"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_HEARING),
        sa.ForeignKeyConstraint(*_MEMBER),
        sa.CheckConstraint("what IN ('locked','unlocked')", name="what"),
        sa.Index("ix_hearing_lock_hearing_id", "programme_id", "hearing_id", "id"),
    )

    hearing_id: UUID
    what: str = Field(max_length=8)
    member_id: UUID
    reason: bytes = Field(sa_type=sa.LargeBinary)


class Participant(Edited, table=True):
    """Somebody in a case, under a code and without a name. `stands_for` makes it a placeholder: one unit, whatever its size.

    `merged_into` is the participant of the same case who is the same person. `participant_merge` keeps whoever is named there.
    """

    __tablename__ = "participant"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_CASE),
        sa.UniqueConstraint("programme_id", "case_id", "code_key"),
        sa.CheckConstraint("stands_for IN ('person','group')", name="stands_for"),
    )

    case_id: UUID
    code: str = Field(max_length=32)
    code_key: str = Field(max_length=100)
    role: str = Field(max_length=32)
    is_anonymous: bool
    is_protected: bool
    named_in_source: bool
    stands_for: str | None = Field(default=None, max_length=8)
    stands_for_count: int | None = None
    stands_for_at_least: int | None = None
    merged_into: UUID | None = None


class Document(Edited, table=True):
    """Something that can be cited, before or without a file; `dated` is a date as printed, maybe in part."""

    __tablename__ = "document"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_PROGRAMME),
        sa.ForeignKeyConstraint(*_CASE),
        sa.UniqueConstraint("programme_id", "code_key"),
        sa.CheckConstraint(
            "kind IN ('judgment','appeal_decision','hearing_record','decision','official_statement','report','other')", name="kind"
        ),
        sa.Index("ix_document_case_id", "programme_id", "case_id"),
    )

    case_id: UUID | None = None
    code: str = Field(max_length=32)
    code_key: str = Field(max_length=100)
    kind: str = Field(max_length=32)
    title: str = Field(max_length=500)
    dated: str | None = Field(default=None, max_length=10)
    attachment_id: UUID | None = None
    sought: str = Field(sa_type=sa.Text)


class ParticipantRole(Kept, table=True):
    """The role that a source gives a participant, under the name of a reading: one role for each participant, reading and source."""

    __tablename__ = "participant_role"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_CASE),
        sa.ForeignKeyConstraint(*_PARTICIPANT),
        sa.ForeignKeyConstraint(*_SOURCE),
        sa.Index("ix_participant_role_participant_id", "programme_id", "participant_id"),
        sa.Index("ix_participant_role_case_id", "programme_id", "case_id"),
        sa.Index("ix_participant_role_source_document_id", "programme_id", "source_document_id"),
    )

    case_id: UUID
    participant_id: UUID
    role: str = Field(max_length=32)
    reading: str = Field(max_length=32)
    source_document_id: UUID | None = None
    source_observation_id: UUID | None = None
    source_locator: str | None = Field(default=None, max_length=500)


class Identity(SQLModel, table=True):
    """Who a participant is: names and a contact, sealed under the identity key for this row and version."""

    __tablename__ = "identity"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_PARTICIPANT),
        sa.ForeignKeyConstraint(["programme_id", "updated_by"], ["member.programme_id", "member.id"]),
    )

    programme_id: UUID = Field(primary_key=True)
    participant_id: UUID = Field(primary_key=True)
    sealed: bytes = Field(sa_type=sa.LargeBinary)
    version: int = 1
    updated_at: dt.datetime = Field(sa_type=Moment)
    updated_by: UUID


class IdentityReveal(Kept, table=True):
    """That a name was opened: by whom, and why (sealed, for reasons tend to name people)."""

    __tablename__ = "identity_reveal"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_PARTICIPANT),
        sa.ForeignKeyConstraint(*_MEMBER),
        sa.Index("ix_identity_reveal_participant_id", "programme_id", "participant_id", "id"),
    )

    participant_id: UUID
    member_id: UUID
    reason: bytes = Field(sa_type=sa.LargeBinary)


class ParticipantMerge(Kept, table=True):
    """That two participants were found to be one person, or not to be one after all: by whom, and why (sealed)."""

    __tablename__ = "participant_merge"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_PARTICIPANT),
        sa.ForeignKeyConstraint(["programme_id", "into_id"], ["participant.programme_id", "participant.id"]),
        sa.ForeignKeyConstraint(*_MEMBER),
        sa.CheckConstraint("what IN ('merged','unmerged')", name="what"),
        sa.Index("ix_participant_merge_participant_id", "programme_id", "participant_id", "id"),
        sa.Index("ix_participant_merge_into_id", "programme_id", "into_id"),
    )

    participant_id: UUID
    into_id: UUID
    what: str = Field(max_length=8)
    member_id: UUID
    reason: bytes = Field(sa_type=sa.LargeBinary)


class Assignment(Kept, table=True):
    """Who observes what: one hearing, or a whole case.

    `target_id` is the id of either, so that a pair can stand only once; `in_case_id` is the case in which it lies, for both.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_MEMBER),
        sa.ForeignKeyConstraint(["programme_id", "in_case_id"], ["court_case.programme_id", "court_case.id"]),
        sa.ForeignKeyConstraint(*_HEARING),
        sa.UniqueConstraint("programme_id", "member_id", "target_id"),
        sa.CheckConstraint("(hearing_id IS NULL) <> (case_id IS NULL)", name="one_target"),
        sa.Index("ix_assignment_in_case_id", "programme_id", "in_case_id"),
        sa.Index("ix_assignment_hearing_id", "programme_id", "hearing_id"),
    )

    member_id: UUID
    case_id: UUID | None = None
    hearing_id: UUID | None = None
    target_id: UUID
    in_case_id: UUID


class Outcome(Edited, table=True):
    """What a document shows of how a case ended for one participant, or (without one) for a group; terms are in months."""

    __tablename__ = "outcome"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_CASE),
        sa.ForeignKeyConstraint(*_PARTICIPANT),
        sa.ForeignKeyConstraint(*_SOURCE),
        sa.CheckConstraint("custody_status IN ('released','in_custody','unknown')", name="custody_status"),
        # A person is judged once at first instance; groups have no participant, and nulls never collide.
        sa.Index(
            "uq_outcome_programme_id_participant_id",
            "programme_id",
            "participant_id",
            unique=True,
            sqlite_where=sa.text("instance = 'first'"),
            postgresql_where=sa.text("instance = 'first'"),
        ),
        sa.Index("ix_outcome_case_id", "programme_id", "case_id", "id"),
        sa.Index("ix_outcome_participant_id", "programme_id", "participant_id"),
        sa.Index("ix_outcome_source_document_id", "programme_id", "source_document_id"),
    )

    case_id: UUID
    participant_id: UUID | None = None
    count: int | None = None
    group_note: str | None = Field(default=None, sa_type=sa.Text)
    instance: str = Field(max_length=32)
    decided_on: str | None = Field(default=None, max_length=10)
    verdict: str | None = Field(default=None, max_length=32)
    result: str | None = Field(default=None, max_length=32)
    sentences: list[str] | None = Field(default=None, sa_type=JsonText)
    term_months: int | None = None
    new_term_months: int | None = None
    custody_status: str | None = Field(default=None, max_length=16)
    status_as_of: str | None = Field(default=None, max_length=10)
    source_document_id: UUID
    source_locator: str | None = Field(default=None, max_length=500)


class Note(Edited, table=True):
    """What a coordinator read somewhere; `given` are its values.

    `parent_id` is the case or, for a note about no case, the programme: keys are unique in it. `participant_id` is whom an identity
    question is about, so that nobody can be deleted while the question stands.
    """

    __tablename__ = "note"
    __table_args__ = (
        sa.ForeignKeyConstraint(*_PROGRAMME),
        sa.ForeignKeyConstraint(*_CASE),
        sa.ForeignKeyConstraint(*_SOURCE),
        sa.ForeignKeyConstraint(*_PARTICIPANT),
        sa.UniqueConstraint("programme_id", "parent_id", "code_key"),
        sa.CheckConstraint("kind IN ('discrepancy','stated_finding','identity_question','assumption','coverage')", name="kind"),
        sa.Index("ix_note_case_id", "programme_id", "case_id"),
        sa.Index("ix_note_participant_id", "programme_id", "participant_id"),
        sa.Index("ix_note_source_document_id", "programme_id", "source_document_id"),
    )

    case_id: UUID | None = None
    parent_id: UUID
    participant_id: UUID | None = None
    kind: str = Field(max_length=32)
    key: str = Field(max_length=32)
    code_key: str = Field(max_length=100)
    statement: str = Field(sa_type=sa.Text)
    given: dict[str, Any] = Field(sa_type=JsonText)
    target_kind: str | None = Field(default=None, max_length=32)
    target: str | None = Field(default=None, max_length=80)
    source_document_id: UUID | None = None
    source_observation_id: UUID | None = None
    source_locator: str | None = Field(default=None, max_length=500)
