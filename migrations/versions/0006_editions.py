"""Editions: summaries frozen so that they can be cited. Nobody changes them and nobody deletes them.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from app.kit.database import Moment, append_only

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("edition", "edition_text")


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("taxonomy_version", sa.String(length=32), nullable=False),
        sa.Column("case_revision", sa.BigInteger(), nullable=False),
        sa.Column("journal_size", sa.BigInteger(), nullable=False),
        sa.Column("observations", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("frozen_at", Moment(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_edition_number")),
        sa.ForeignKeyConstraint(
            ["programme_id", "case_id"], ["court_case.programme_id", "court_case.id"], name=op.f("fk_edition_programme_id_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "member_id"], ["member.programme_id", "member.id"], name=op.f("fk_edition_programme_id_member_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_edition")),
        sa.UniqueConstraint("programme_id", "case_id", "number", name=op.f("uq_edition_programme_id_case_id_number")),
    )
    op.create_table(
        "edition_text",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id", "edition_id"], ["edition.programme_id", "edition.id"], name=op.f("fk_edition_text_programme_id_edition_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", "edition_id", "language", name=op.f("pk_edition_text")),
    )
    for statement in (each for table in TABLES for each in append_only(table, op.get_bind().dialect.name)):
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
