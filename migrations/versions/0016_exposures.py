"""What phones were given to carry with them, by ids, for ninety days.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exposure",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "member_id", "device_id", "digest", name=op.f("pk_exposure")),
    )
    op.create_index("ix_exposure_last_on", "exposure", ["last_on"])
    op.create_table(
        "exposed_package",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("things", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "digest", name=op.f("pk_exposed_package")),
    )


def downgrade() -> None:
    op.drop_table("exposed_package")
    op.drop_table("exposure")
