"""Forms that programmes make for themselves, in versions.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from app.kit.database import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "programme_form",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", Moment(), nullable=True),
        sa.CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name=op.f("ck_programme_form_published")),
        sa.ForeignKeyConstraint(
            ["programme_id", "published_by"], ["member.programme_id", "member.id"], name=op.f("fk_programme_form_programme_id_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "written_by"], ["member.programme_id", "member.id"], name=op.f("fk_programme_form_programme_id_written_by")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_programme_form_programme_id")),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_programme_form")),
        sa.UniqueConstraint("programme_id", "code", "version", name=op.f("uq_programme_form_programme_id_code_version")),
    )


def downgrade() -> None:
    op.drop_table("programme_form")
