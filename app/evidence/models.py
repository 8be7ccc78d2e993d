"""The tables of attachments: each upload, and the pieces in which it lies."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.kit.database import Moment


class Attachment(SQLModel, table=True):
    """A file of an observation or of a document, from the creation of its upload on.

    `received` is what is durable of its `length`; at the end it is whole, and `received_at` says since when. `filename` is sealed. `folder`
    is the random name under which its pieces lie, sealed, for good; `thumbnail` and `public` are the names of its copies without metadata.
    `expires_at` is when pieces of an upload that is not whole are let go. `declared_type` is what the phone said, `type` what the content
    says. `salt` is for the commitment in the journal. The observation may come after its files: nothing holds the two together but its id.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        sa.ForeignKeyConstraint(["programme_id", "document_id"], ["document.programme_id", "document.id"]),
        sa.ForeignKeyConstraint(["programme_id", "member_id"], ["member.programme_id", "member.id"]),
        sa.CheckConstraint("(observation_id IS NULL) <> (document_id IS NULL)", name="belongs"),
        sa.CheckConstraint("received <= length", name="received"),
        sa.Index("ix_attachment_observation_id", "programme_id", "observation_id"),
        sa.Index("ix_attachment_document_id", "programme_id", "document_id"),
        sa.Index("ix_attachment_created_at", "programme_id", "created_at", "id"),
        sa.Index("ix_attachment_expires_at", "expires_at"),
    )

    programme_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    observation_id: UUID | None = None
    document_id: UUID | None = None
    member_id: UUID
    filename: bytes | None = None
    declared_type: str | None = Field(default=None, max_length=255)
    declared_sha256: str | None = Field(default=None, max_length=64)
    length: int = Field(sa_type=sa.BigInteger)
    received: int = Field(default=0, sa_type=sa.BigInteger)
    folder: str = Field(max_length=32)
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)
    received_at: datetime | None = Field(default=None, sa_type=Moment)
    sha256: str | None = Field(default=None, max_length=64)
    salt: bytes | None = None
    type: str | None = Field(default=None, max_length=64)
    flags: str = Field(default="", max_length=200)
    width: int | None = None
    height: int | None = None
    thumbnail: str | None = Field(default=None, max_length=80)
    public: str | None = Field(default=None, max_length=80)


class AttachmentPiece(SQLModel, table=True):
    """A durable part of a file: where it begins, how long it is, the name under which it lies, sealed."""

    __tablename__ = "attachment_piece"
    __table_args__ = (sa.ForeignKeyConstraint(["programme_id", "attachment_id"], ["attachment.programme_id", "attachment.id"]),)

    programme_id: UUID = Field(primary_key=True)
    attachment_id: UUID = Field(primary_key=True)
    start: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    length: int
    name: str = Field(max_length=80)
