"""Locked hearings, and what came of them while they were locked.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from app.kit.database import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hearing", sa.Column("locked_at", Moment(), nullable=True))
    op.create_table(
        "hearing_lock",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("what IN ('locked','unlocked')", name=op.f("ck_hearing_lock_what")),
        sa.ForeignKeyConstraint(
            ["programme_id", "hearing_id"],
            ["hearing.programme_id", "hearing.id"],
            name=op.f("fk_hearing_lock_programme_id_hearing_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "member_id"], ["member.programme_id", "member.id"], name=op.f("fk_hearing_lock_programme_id_member_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_hearing_lock")),
    )
    op.create_index("ix_hearing_lock_hearing_id", "hearing_lock", ["programme_id", "hearing_id", "id"])
    op.add_column("observation", sa.Column("is_late", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("observation", "is_late")
    op.drop_table("hearing_lock")
    op.drop_column("hearing", "locked_at")
