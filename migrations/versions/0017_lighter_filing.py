"""Less to write for each filing: indexes that leave out what corrects nothing, and checks of marks that SQLite makes without a list.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from app.kit.database import is_sqlite

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_COLUMNS = """
    programme_id, observation_id, n, indicator, unit, value, basis, participant_id, document_id, informant_role, informant, aspect, listed
"""


def upgrade() -> None:
    _index("root_id", sa.text("root_id <> id"))
    _index("supersedes", sa.text("supersedes IS NOT NULL"))
    _check_marks(
        "unit = 'hearing' OR unit = 'case' OR unit = 'participant' OR unit = 'all_concerned'",
        "value = 'present' OR value = 'absent' OR value = 'unsure'",
    )


def downgrade() -> None:
    _check_marks("unit IN ('hearing','case','participant','all_concerned')", "value IN ('present','absent','unsure')")
    _index("supersedes", None)
    _index("root_id", None)


def _index(column: str, where: sa.TextClause | None) -> None:
    name = f"ix_observation_{column}"
    op.drop_index(name, "observation")
    op.create_index(name, "observation", ["programme_id", column], sqlite_where=where, postgresql_where=where)


def _check_marks(unit: str, value: str) -> None:
    """SQLite changes a check only by making the table anew; for PostgreSQL both spellings are one condition."""
    if not is_sqlite(op.get_bind()):
        return
    op.rename_table("mark", "mark_before")
    op.create_table(
        "mark",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("indicator", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=8), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("informant_role", sa.String(length=32), nullable=True),
        sa.Column("informant", sa.String(length=16), nullable=True),
        sa.Column("aspect", sa.String(length=32), nullable=True),
        sa.Column("listed", sa.Text(), nullable=True),
        sa.CheckConstraint(unit, name=op.f("ck_mark_unit")),
        sa.CheckConstraint(value, name=op.f("ck_mark_value")),
        sa.ForeignKeyConstraint(
            ["programme_id", "observation_id"],
            ["observation.programme_id", "observation.id"],
            name=op.f("fk_mark_programme_id_observation_id"),
        ),
        sa.PrimaryKeyConstraint("programme_id", "observation_id", "n", name=op.f("pk_mark")),
    )
    op.execute(f"INSERT INTO mark ({_COLUMNS}) SELECT {_COLUMNS} FROM mark_before")  # noqa: S608 - our own columns
    op.drop_table("mark_before")
