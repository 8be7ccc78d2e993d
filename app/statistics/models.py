"""The table of official statistics: what a coordinator typed of them, whole, one row for each programme."""

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.kit.database import Moment


class OfficialStatistics(SQLModel, table=True):
    """Statistics as printed: `content` is canonical JSON. The document that they are read in is named once more, so that it cannot go."""

    __tablename__ = "official_statistics"
    __table_args__ = (
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.ForeignKeyConstraint(["programme_id", "source_document_id"], ["document.programme_id", "document.id"]),
    )

    programme_id: UUID = Field(primary_key=True)
    version: int
    content: str = Field(sa_type=sa.Text)
    source_document_id: UUID | None = None
    changed_at: dt.datetime = Field(sa_type=Moment)
