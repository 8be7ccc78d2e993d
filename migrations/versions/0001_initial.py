"""The first schema: accounts, what is monitored, observations with their marks and sums, and the journal.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from app.kit.database import Moment, append_only

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "account",
    "case_revision",
    "journal",
    "journal_head",
    "login_delay",
    "programme",
    "tally",
    "court",
    "login_session",
    "member",
    "court_case",
    "document",
    "hearing",
    "participant",
    "assignment",
    "note",
    "observation",
    "outcome",
    "participant_role",
    "citation",
    "decision",
    "mark",
)


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("username_key", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=True),
        sa.Column("secret_expires_at", Moment(), nullable=True),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username_key", name=op.f("uq_account_username_key")),
    )
    op.create_table(
        "case_revision",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_revision")),
    )
    op.create_table(
        "journal",
        sa.Column("log", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("hearing_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("audience", sa.String(length=32), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log", "seq", name=op.f("pk_journal")),
    )
    op.create_index("ix_journal_case_id", "journal", ["log", "case_id", "seq"])
    op.create_index("ix_journal_subject_id", "journal", ["log", "subject_id", "seq"])

    op.create_table(
        "journal_head",
        sa.Column("log", sa.Uuid(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "login_delay",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_login_delay")),
    )
    op.create_index("ix_login_delay_last_failed_at", "login_delay", ["last_failed_at"])

    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("default_language", sa.String(length=2), nullable=False),
        sa.Column("review", sa.String(length=16), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("review IN ('required','trusted')", name=op.f("ck_programme_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("slug", name=op.f("uq_programme_slug")),
    )
    op.create_table(
        "tally",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("indicator", sa.String(length=80), nullable=False),
        sa.Column("value", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "case_id", "hearing_id", "form", "indicator", "value", "status", name=op.f("pk_tally")),
    )
    op.create_table(
        "court",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_key", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=True),
        sa.Column("place", sa.String(length=500), nullable=True),
        sa.Column("region", sa.String(length=500), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("sought", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_court_programme_id")),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_court")),
        sa.UniqueConstraint("programme_id", "code_key", name=op.f("uq_court_programme_id_code_key")),
    )
    op.create_table(
        "login_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("refresh_counter", sa.Integer(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("last_used_at", Moment(), nullable=False),
        sa.Column("absolute_expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_login_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
    )
    op.create_index("ix_login_session_account_id", "login_session", ["account_id"])

    op.create_table(
        "member",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_key", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("joins_at_sign_in", sa.Boolean(), nullable=False),
        sa.Column("accepted_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('observer','coordinator','custodian','analyst','auditor')", name=op.f("ck_member_role")),
        sa.CheckConstraint("status IN ('invited','active','removed')", name=op.f("ck_member_status")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_member_account_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_member_programme_id")),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_member")),
        sa.UniqueConstraint("programme_id", "code_key", name=op.f("uq_member_programme_id_code_key")),
    )
    op.create_index("ix_member_account_id", "member", ["account_id"])

    op.create_table(
        "court_case",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_key", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("court_id", sa.Uuid(), nullable=False),
        sa.Column("charge_articles", sa.Text(), nullable=False),
        sa.Column("defendants_stated", sa.Integer(), nullable=True),
        sa.Column("monitoring", sa.String(length=16), nullable=False),
        sa.Column("monitoring_note", sa.Text(), nullable=True),
        sa.Column("verdict_on", sa.String(length=10), nullable=True),
        sa.Column("sought", sa.Text(), nullable=False),
        sa.CheckConstraint("monitoring IN ('full','partly','none','not_stated')", name=op.f("ck_court_case_monitoring")),
        sa.ForeignKeyConstraint(
            ["programme_id", "court_id"], ["court.programme_id", "court.id"], name=op.f("fk_court_case_programme_id_court_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_court_case_programme_id")),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_court_case")),
        sa.UniqueConstraint("programme_id", "code_key", name=op.f("uq_court_case_programme_id_code_key")),
    )
    op.create_index("ix_court_case_court_id", "court_case", ["programme_id", "court_id"])

    op.create_table(
        "document",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_key", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("dated", sa.String(length=10), nullable=True),
        sa.Column("sought", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('judgment','appeal_decision','hearing_record','decision','official_statement','report','other')",
            name=op.f("ck_document_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "case_id"], ["court_case.programme_id", "court_case.id"], name=op.f("fk_document_programme_id_case_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_document_programme_id")),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_document")),
        sa.UniqueConstraint("programme_id", "code_key", name=op.f("uq_document_programme_id_code_key")),
    )
    op.create_index("ix_document_case_id", "document", ["programme_id", "case_id"])

    op.create_table(
        "hearing",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_key", sa.String(length=100), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("court_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", Moment(), nullable=True),
        sa.Column("instance", sa.String(length=32), nullable=False),
        sa.Column("hearing_type", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=32), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=32), nullable=True),
        sa.CheckConstraint("status IN ('scheduled','held','postponed','cancelled')", name=op.f("ck_hearing_status")),
        sa.ForeignKeyConstraint(
            ["programme_id", "case_id"], ["court_case.programme_id", "court_case.id"], name=op.f("fk_hearing_programme_id_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "court_id"], ["court.programme_id", "court.id"], name=op.f("fk_hearing_programme_id_court_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_hearing")),
        sa.UniqueConstraint("programme_id", "case_id", "code_key", name=op.f("uq_hearing_programme_id_case_id_code_key")),
    )
    op.create_index("ix_hearing_court_id", "hearing", ["programme_id", "court_id"])
    op.create_index("ix_hearing_date", "hearing", ["programme_id", "date", "id"])

    op.create_table(
        "participant",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("code_key", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("is_protected", sa.Boolean(), nullable=False),
        sa.Column("named_in_source", sa.Boolean(), nullable=False),
        sa.Column("stands_for", sa.String(length=8), nullable=True),
        sa.Column("stands_for_count", sa.Integer(), nullable=True),
        sa.Column("stands_for_at_least", sa.Integer(), nullable=True),
        sa.CheckConstraint("stands_for IN ('person','group')", name=op.f("ck_participant_stands_for")),
        sa.ForeignKeyConstraint(
            ["programme_id", "case_id"], ["court_case.programme_id", "court_case.id"], name=op.f("fk_participant_programme_id_case_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_participant")),
        sa.UniqueConstraint("programme_id", "case_id", "code_key", name=op.f("uq_participant_programme_id_case_id_code_key")),
    )
    op.create_table(
        "assignment",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("hearing_id", sa.Uuid(), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("in_case_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(hearing_id IS NULL) <> (case_id IS NULL)", name=op.f("ck_assignment_one_target")),
        sa.ForeignKeyConstraint(
            ["programme_id", "hearing_id"], ["hearing.programme_id", "hearing.id"], name=op.f("fk_assignment_programme_id_hearing_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "in_case_id"], ["court_case.programme_id", "court_case.id"], name=op.f("fk_assignment_programme_id_in_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "member_id"], ["member.programme_id", "member.id"], name=op.f("fk_assignment_programme_id_member_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("programme_id", "member_id", "target_id", name=op.f("uq_assignment_programme_id_member_id_target_id")),
    )
    op.create_index("ix_assignment_hearing_id", "assignment", ["programme_id", "hearing_id"])
    op.create_index("ix_assignment_in_case_id", "assignment", ["programme_id", "in_case_id"])

    op.create_table(
        "note",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("code_key", sa.String(length=100), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("target_kind", sa.String(length=32), nullable=True),
        sa.Column("target", sa.String(length=80), nullable=True),
        sa.Column("source_document_id", sa.Uuid(), nullable=True),
        sa.Column("source_observation_id", sa.Uuid(), nullable=True),
        sa.Column("source_locator", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "kind IN ('discrepancy','stated_finding','identity_question','assumption','coverage')", name=op.f("ck_note_kind")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "case_id"], ["court_case.programme_id", "court_case.id"], name=op.f("fk_note_programme_id_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "participant_id"],
            ["participant.programme_id", "participant.id"],
            name=op.f("fk_note_programme_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "source_document_id"],
            ["document.programme_id", "document.id"],
            name=op.f("fk_note_programme_id_source_document_id"),
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_note_programme_id")),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_note")),
        sa.UniqueConstraint("programme_id", "parent_id", "code_key", name=op.f("uq_note_programme_id_parent_id_code_key")),
    )
    op.create_index("ix_note_case_id", "note", ["programme_id", "case_id"])
    op.create_index("ix_note_participant_id", "note", ["programme_id", "participant_id"])
    op.create_index("ix_note_source_document_id", "note", ["programme_id", "source_document_id"])

    op.create_table(
        "observation",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("form_code", sa.String(length=64), nullable=True),
        sa.Column("form_version", sa.String(length=32), nullable=False),
        sa.Column("captured_at", sa.String(length=40), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("has_clock_skew", sa.Boolean(), nullable=False),
        sa.Column("supersedes", sa.Uuid(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("answers_salt", sa.LargeBinary(), nullable=False),
        sa.Column("narrative_salt", sa.LargeBinary(), nullable=False),
        sa.Column("content_mac", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("held_code", sa.String(length=32), nullable=True),
        sa.Column("read_as", sa.String(length=32), nullable=True),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", Moment(), nullable=True),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.CheckConstraint("origin IN ('observer','document')", name=op.f("ck_observation_origin")),
        sa.CheckConstraint(
            "status IN ('submitted','held','returned','rejected','accepted','superseded','withdrawn')", name=op.f("ck_observation_status")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "case_id"], ["court_case.programme_id", "court_case.id"], name=op.f("fk_observation_programme_id_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "hearing_id"], ["hearing.programme_id", "hearing.id"], name=op.f("fk_observation_programme_id_hearing_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "member_id"], ["member.programme_id", "member.id"], name=op.f("fk_observation_programme_id_member_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_observation")),
        sa.UniqueConstraint("programme_id", "replaces", name=op.f("uq_observation_programme_id_replaces")),
    )
    op.create_index("ix_observation_case_id", "observation", ["programme_id", "case_id", "updated_at", "id"])
    op.create_index("ix_observation_member_id", "observation", ["programme_id", "member_id", "updated_at", "id"])
    op.create_index("ix_observation_root_id", "observation", ["programme_id", "root_id"])
    op.create_index("ix_observation_supersedes", "observation", ["programme_id", "supersedes"])
    op.create_index("ix_observation_updated_at", "observation", ["programme_id", "updated_at", "id"])

    op.create_table(
        "outcome",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("group_note", sa.Text(), nullable=True),
        sa.Column("instance", sa.String(length=32), nullable=False),
        sa.Column("decided_on", sa.String(length=10), nullable=True),
        sa.Column("verdict", sa.String(length=32), nullable=True),
        sa.Column("result", sa.String(length=32), nullable=True),
        sa.Column("sentences", sa.Text(), nullable=True),
        sa.Column("term_months", sa.Integer(), nullable=True),
        sa.Column("new_term_months", sa.Integer(), nullable=True),
        sa.Column("custody_status", sa.String(length=16), nullable=True),
        sa.Column("status_as_of", sa.String(length=10), nullable=True),
        sa.Column("source_document_id", sa.Uuid(), nullable=False),
        sa.Column("source_locator", sa.String(length=500), nullable=True),
        sa.CheckConstraint("custody_status IN ('released','in_custody','unknown')", name=op.f("ck_outcome_custody_status")),
        sa.ForeignKeyConstraint(
            ["programme_id", "case_id"], ["court_case.programme_id", "court_case.id"], name=op.f("fk_outcome_programme_id_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "participant_id"],
            ["participant.programme_id", "participant.id"],
            name=op.f("fk_outcome_programme_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "source_document_id"],
            ["document.programme_id", "document.id"],
            name=op.f("fk_outcome_programme_id_source_document_id"),
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_outcome")),
    )
    op.create_index("ix_outcome_case_id", "outcome", ["programme_id", "case_id", "id"])
    op.create_index("ix_outcome_participant_id", "outcome", ["programme_id", "participant_id"])
    op.create_index("ix_outcome_source_document_id", "outcome", ["programme_id", "source_document_id"])
    op.create_index(
        "uq_outcome_programme_id_participant_id",
        "outcome",
        ["programme_id", "participant_id"],
        unique=True,
        sqlite_where=sa.text("instance = 'first'"),
        postgresql_where=sa.text("instance = 'first'"),
    )

    op.create_table(
        "participant_role",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("reading", sa.String(length=32), nullable=False),
        sa.Column("source_document_id", sa.Uuid(), nullable=True),
        sa.Column("source_observation_id", sa.Uuid(), nullable=True),
        sa.Column("source_locator", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id", "case_id"], ["court_case.programme_id", "court_case.id"], name=op.f("fk_participant_role_programme_id_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "participant_id"],
            ["participant.programme_id", "participant.id"],
            name=op.f("fk_participant_role_programme_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "source_document_id"],
            ["document.programme_id", "document.id"],
            name=op.f("fk_participant_role_programme_id_source_document_id"),
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_participant_role")),
    )
    op.create_index("ix_participant_role_case_id", "participant_role", ["programme_id", "case_id"])
    op.create_index("ix_participant_role_participant_id", "participant_role", ["programme_id", "participant_id"])
    op.create_index("ix_participant_role_source_document_id", "participant_role", ["programme_id", "source_document_id"])

    op.create_table(
        "citation",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id", "document_id"], ["document.programme_id", "document.id"], name=op.f("fk_citation_programme_id_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "observation_id"],
            ["observation.programme_id", "observation.id"],
            name=op.f("fk_citation_programme_id_observation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "participant_id"],
            ["participant.programme_id", "participant.id"],
            name=op.f("fk_citation_programme_id_participant_id"),
        ),
        sa.PrimaryKeyConstraint("programme_id", "observation_id", "n", name=op.f("pk_citation")),
    )
    op.create_index("ix_citation_document_id", "citation", ["programme_id", "document_id"])
    op.create_index("ix_citation_participant_id", "citation", ["programme_id", "participant_id"])

    op.create_table(
        "decision",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id", "member_id"], ["member.programme_id", "member.id"], name=op.f("fk_decision_programme_id_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "observation_id"],
            ["observation.programme_id", "observation.id"],
            name=op.f("fk_decision_programme_id_observation_id"),
        ),
        sa.PrimaryKeyConstraint("programme_id", "id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_observation_id", "decision", ["programme_id", "observation_id", "id"])

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
        sa.CheckConstraint("unit IN ('hearing','case','participant','all_concerned')", name=op.f("ck_mark_unit")),
        sa.CheckConstraint("value IN ('present','absent','unsure')", name=op.f("ck_mark_value")),
        sa.ForeignKeyConstraint(
            ["programme_id", "observation_id"],
            ["observation.programme_id", "observation.id"],
            name=op.f("fk_mark_programme_id_observation_id"),
        ),
        sa.PrimaryKeyConstraint("programme_id", "observation_id", "n", name=op.f("pk_mark")),
    )
    for statement in append_only("journal", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION journal_append_only()")
