"""Decisions of coordinators: which side of a disagreement they take, and whether a grade stands.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from app.kit.database import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CASE = (["programme_id", "case_id"], ["court_case.programme_id", "court_case.id"])
_MEMBER = (["programme_id", "member_id"], ["member.programme_id", "member.id"])


def upgrade() -> None:
    op.create_table(
        "disagreement_decision",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.CheckConstraint("kind IN ('mark','answer','role','count')", name=op.f("ck_disagreement_decision_kind")),
        sa.CheckConstraint("unit IN ('hearing','case','participant')", name=op.f("ck_disagreement_decision_unit")),
        sa.ForeignKeyConstraint(*_CASE, name=op.f("fk_disagreement_decision_programme_id_case_id")),
        sa.ForeignKeyConstraint(
            ["programme_id", "hearing_id"],
            ["hearing.programme_id", "hearing.id"],
            name=op.f("fk_disagreement_decision_programme_id_hearing_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "participant_id"],
            ["participant.programme_id", "participant.id"],
            name=op.f("fk_disagreement_decision_programme_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(*_MEMBER, name=op.f("fk_disagreement_decision_programme_id_member_id")),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_disagreement_decision")),
    )
    op.create_index("ix_disagreement_decision_case_id", "disagreement_decision", ["programme_id", "case_id", "id"])
    op.create_table(
        "grade_decision",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(length=16), nullable=True),
        sa.Column("computed", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.CheckConstraint("decision IN ('confirm','depart')", name=op.f("ck_grade_decision_decision")),
        sa.CheckConstraint("(decision = 'depart') = (value IS NOT NULL)", name=op.f("ck_grade_decision_value")),
        sa.ForeignKeyConstraint(*_CASE, name=op.f("fk_grade_decision_programme_id_case_id")),
        sa.ForeignKeyConstraint(*_MEMBER, name=op.f("fk_grade_decision_programme_id_member_id")),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_grade_decision")),
    )
    op.create_index("ix_grade_decision_case_id", "grade_decision", ["programme_id", "case_id", "id"])


def downgrade() -> None:
    op.drop_table("grade_decision")
    op.drop_table("disagreement_decision")
