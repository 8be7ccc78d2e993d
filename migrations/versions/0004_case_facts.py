"""What each case comes to, for sums over many cases.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("case_folded", "case_fact")


def upgrade() -> None:
    op.create_table(
        "case_folded",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("beside", sa.BigInteger(), nullable=False),
        sa.Column("taxonomy", sa.String(length=32), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("programme_id", "case_id", name=op.f("pk_case_folded")),
    )
    op.create_table(
        "case_fact",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("measure", sa.String(length=24), nullable=False),
        sa.Column("grain", sa.String(length=4), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("right_code", sa.String(length=80), nullable=True),
        sa.Column("indicator", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("value", sa.String(length=32), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("is_minimum", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "case_id", "place", name=op.f("pk_case_fact")),
    )
    op.create_index("ix_case_fact_measure", "case_fact", ["programme_id", "measure", "grain"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
