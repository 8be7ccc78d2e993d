"""People told apart: sealed names, who opened them and why, and participants that are one person.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from app.kit.database import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("identity", "identity_reveal", "participant_merge")


def upgrade() -> None:
    op.add_column("participant", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_table(
        "identity",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id", "participant_id"],
            ["participant.programme_id", "participant.id"],
            name=op.f("fk_identity_programme_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "updated_by"], ["member.programme_id", "member.id"], name=op.f("fk_identity_programme_id_updated_by")
        ),
        sa.PrimaryKeyConstraint("programme_id", "participant_id", name=op.f("pk_identity")),
    )
    op.create_table(
        "identity_reveal",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id", "participant_id"],
            ["participant.programme_id", "participant.id"],
            name=op.f("fk_identity_reveal_programme_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "member_id"], ["member.programme_id", "member.id"], name=op.f("fk_identity_reveal_programme_id_member_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_identity_reveal")),
    )
    op.create_index("ix_identity_reveal_participant_id", "identity_reveal", ["programme_id", "participant_id", "id"])
    op.create_table(
        "participant_merge",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("what IN ('merged','unmerged')", name=op.f("ck_participant_merge_what")),
        sa.ForeignKeyConstraint(
            ["programme_id", "participant_id"],
            ["participant.programme_id", "participant.id"],
            name=op.f("fk_participant_merge_programme_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "into_id"],
            ["participant.programme_id", "participant.id"],
            name=op.f("fk_participant_merge_programme_id_into_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "member_id"], ["member.programme_id", "member.id"], name=op.f("fk_participant_merge_programme_id_member_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_participant_merge")),
    )
    op.create_index("ix_participant_merge_participant_id", "participant_merge", ["programme_id", "participant_id", "id"])
    op.create_index("ix_participant_merge_into_id", "participant_merge", ["programme_id", "into_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("participant", "merged_into")
