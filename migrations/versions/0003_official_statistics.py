"""Official statistics: what a coordinator typed of them, one row for each programme.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from app.kit.database import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "official_statistics",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("source_document_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_official_statistics_programme_id")),
        sa.ForeignKeyConstraint(
            ["programme_id", "source_document_id"],
            ["document.programme_id", "document.id"],
            name=op.f("fk_official_statistics_programme_id_source_document_id"),
        ),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_official_statistics")),
    )


def downgrade() -> None:
    op.drop_table("official_statistics")
