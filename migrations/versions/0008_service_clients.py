"""Service clients: programs that read in one programme by themselves.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from app.kit.database import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_client",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id", "created_by"], ["member.programme_id", "member.id"], name=op.f("fk_service_client_programme_id_created_by")
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_service_client")),
        sa.UniqueConstraint("id", name=op.f("uq_service_client_id")),
    )


def downgrade() -> None:
    op.drop_table("service_client")
