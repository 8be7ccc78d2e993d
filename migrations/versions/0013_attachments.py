"""Attachments: files of observations and documents, and the pieces in which they lie.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from app.kit.database import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.LargeBinary(), nullable=True),
        sa.Column("declared_type", sa.String(length=255), nullable=True),
        sa.Column("declared_sha256", sa.String(length=64), nullable=True),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("folder", sa.String(length=32), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("received_at", Moment(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("type", sa.String(length=64), nullable=True),
        sa.Column("flags", sa.String(length=200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("thumbnail", sa.String(length=80), nullable=True),
        sa.Column("public", sa.String(length=80), nullable=True),
        sa.CheckConstraint("(observation_id IS NULL) <> (document_id IS NULL)", name=op.f("ck_attachment_belongs")),
        sa.CheckConstraint("received <= length", name=op.f("ck_attachment_received")),
        sa.ForeignKeyConstraint(
            ["programme_id", "document_id"], ["document.programme_id", "document.id"], name=op.f("fk_attachment_programme_id_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "member_id"], ["member.programme_id", "member.id"], name=op.f("fk_attachment_programme_id_member_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_observation_id", "attachment", ["programme_id", "observation_id"])
    op.create_index("ix_attachment_document_id", "attachment", ["programme_id", "document_id"])
    op.create_index("ix_attachment_created_at", "attachment", ["programme_id", "created_at", "id"])
    op.create_index("ix_attachment_expires_at", "attachment", ["expires_at"])
    op.create_table(
        "attachment_piece",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id", "attachment_id"],
            ["attachment.programme_id", "attachment.id"],
            name=op.f("fk_attachment_piece_programme_id_attachment_id"),
        ),
        sa.PrimaryKeyConstraint("programme_id", "attachment_id", "start", name=op.f("pk_attachment_piece")),
    )
    op.add_column("document", sa.Column("attachment_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("document") as document:
        document.drop_column("attachment_id")
    op.drop_table("attachment_piece")
    op.drop_table("attachment")
