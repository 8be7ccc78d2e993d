"""Checkpoints: what was signed of each log, and the subtrees that proofs are made from. Editions name the root that they stand on.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from app.kit.database import Moment, append_only

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("checkpoint", "journal_node")


def upgrade() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("log", sa.Uuid(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("log", "size", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "journal_node",
        sa.Column("log", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log", "level", "place", name=op.f("pk_journal_node")),
    )
    # Empty for what was frozen before there were checkpoints: nobody may write into it any more.
    op.add_column("edition", sa.Column("journal_root", sa.String(length=64), nullable=True))
    for statement in (each for table in TABLES for each in append_only(table, op.get_bind().dialect.name)):
        op.execute(statement)


def downgrade() -> None:
    op.drop_column("edition", "journal_root")
    for table in reversed(TABLES):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_append_only()")
