"""The words that go with decisions about observations and with answers, sealed.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remark",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id", "id"], ["decision.programme_id", "decision.id"], name=op.f("fk_remark_programme_id_id")),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_remark")),
    )


def downgrade() -> None:
    op.drop_table("remark")
