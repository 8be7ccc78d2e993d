"""Enrolled phones, and whether a programme requires them.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from app.kit.database import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both databases take a column with its check; Alembic would have SQLite copy the whole table.
    op.execute(
        "ALTER TABLE programme ADD COLUMN devices VARCHAR(16) DEFAULT 'optional' NOT NULL "
        "CONSTRAINT ck_programme_devices CHECK (devices IN ('optional','required'))"
    )
    op.create_table(
        "enrolment",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id", "created_by"], ["member.programme_id", "member.id"], name=op.f("fk_enrolment_programme_id_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "member_id"], ["member.programme_id", "member.id"], name=op.f("fk_enrolment_programme_id_member_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("code_mac", name=op.f("uq_enrolment_code_mac")),
    )
    op.create_index("ix_enrolment_member_id", "enrolment", ["programme_id", "member_id"])
    op.create_table(
        "device",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=True),
        sa.Column("nonce_body", sa.LargeBinary(), nullable=True),
        sa.Column("enrolled_at", Moment(), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id", "enrolment_id"], ["enrolment.programme_id", "enrolment.id"], name=op.f("fk_device_programme_id_enrolment_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "member_id"], ["member.programme_id", "member.id"], name=op.f("fk_device_programme_id_member_id")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["login_session.id"], name=op.f("fk_device_session_id")),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_device")),
        sa.UniqueConstraint("programme_id", "enrolment_id", name=op.f("uq_device_programme_id_enrolment_id")),
        sa.UniqueConstraint("session_id", name=op.f("uq_device_session_id")),
    )
    op.create_index("ix_device_member_id", "device", ["programme_id", "member_id"])


def downgrade() -> None:
    op.drop_table("device")
    op.drop_table("enrolment")
    op.drop_column("programme", "devices")
