"""The tables of editions. What was frozen is never changed and never deleted: somebody may have cited it."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.kit.database import Moment


class Edition(SQLModel, table=True):
    """A case's summary as it stood. `observations` is JSON: the id of each that counted, with the id of the first of its corrections.

    `journal_size` is how many entries the programme's log held: everything before that is in it, nothing after. `journal_root` is their
    root in hex, which a checkpoint of the log signs; editions from before there were checkpoints have none.
    """

    __tablename__ = "edition"
    __table_args__ = (
        sa.ForeignKeyConstraint(["programme_id", "case_id"], ["court_case.programme_id", "court_case.id"]),
        sa.ForeignKeyConstraint(["programme_id", "member_id"], ["member.programme_id", "member.id"]),
        sa.UniqueConstraint("programme_id", "case_id", "number"),
        sa.CheckConstraint("number > 0", name="number"),
    )

    programme_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    case_id: UUID
    number: int
    digest: str = Field(max_length=64)
    taxonomy_version: str = Field(max_length=32)
    case_revision: int = Field(sa_type=sa.BigInteger)
    journal_size: int = Field(sa_type=sa.BigInteger)
    journal_root: str | None = Field(default=None, max_length=64)
    observations: str = Field(sa_type=sa.Text)
    member_id: UUID
    frozen_at: dt.datetime = Field(sa_type=Moment)


class EditionText(SQLModel, table=True):
    """An edition in one language, byte for byte as it is given, with its SHA-256."""

    __tablename__ = "edition_text"
    __table_args__ = (sa.ForeignKeyConstraint(["programme_id", "edition_id"], ["edition.programme_id", "edition.id"]),)

    programme_id: UUID = Field(primary_key=True)
    edition_id: UUID = Field(primary_key=True)
    language: str = Field(primary_key=True, max_length=2)
    content: str = Field(sa_type=sa.Text)
    sha256: str = Field(max_length=64)
