"""The table of forms that programmes make for themselves."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.kit.database import Moment


class ProgrammeForm(SQLModel, table=True):
    """A version of a programme's own form. `definition` is JSON in the taxonomy's shape, `digest` its SHA-256 in hex.

    A draft may be replaced or deleted. Once published it never changes and never goes: observations were filled by it.
    """

    __tablename__ = "programme_form"
    __table_args__ = (
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.ForeignKeyConstraint(["programme_id", "written_by"], ["member.programme_id", "member.id"]),
        sa.ForeignKeyConstraint(["programme_id", "published_by"], ["member.programme_id", "member.id"]),
        sa.UniqueConstraint("programme_id", "code", "version"),
        sa.CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name="published"),
    )

    programme_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    code: str = Field(max_length=64)
    version: str = Field(max_length=32)
    definition: str = Field(sa_type=sa.Text)
    digest: str = Field(max_length=64)
    written_by: UUID
    written_at: datetime = Field(sa_type=Moment)
    published_by: UUID | None = None
    published_at: datetime | None = Field(default=None, sa_type=Moment)
