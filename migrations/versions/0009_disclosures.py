"""Who was shown what, beside the entries that commit to it; how far a log had come when something was last changed, for reading changes nothing.

What earlier entries say in clear of who was shown what is read out of them.

Revision ID: 0009
Revises: 0008
"""

import json

import sqlalchemy as sa
from alembic import op

from app.kit.database import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TOLD = {"identity.revealed": "identity", "identity.searched": "identity", "journal.exported": "export"}
STANDING = """
UPDATE journal_head SET changed = size,
    beside = COALESCE((SELECT MAX(j.seq) FROM journal AS j WHERE j.log = journal_head.log AND j.case_id IS NULL), 0)
"""
JOURNAL = sa.table(
    "journal",
    sa.column("log", sa.Uuid()),
    sa.column("seq", sa.BigInteger()),
    sa.column("kind", sa.String()),
    sa.column("subject_id", sa.Uuid()),
    sa.column("actor", sa.Uuid()),
    sa.column("at", Moment()),
    sa.column("leaf", sa.LargeBinary()),
)


def upgrade() -> None:
    disclosure = op.create_table(
        "disclosure",
        sa.Column("log", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("reader", sa.Uuid(), nullable=True),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["log", "seq"], ["journal.log", "journal.seq"], name=op.f("fk_disclosure_log_seq")),
        sa.PrimaryKeyConstraint("log", "seq", name=op.f("pk_disclosure")),
    )
    op.create_index("ix_disclosure_reader", "disclosure", ["log", "reader", "seq"])
    op.create_index("ix_disclosure_what", "disclosure", ["log", "what", "seq"])
    thing = op.create_table(
        "disclosed_thing",
        sa.Column("log", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("thing", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["log", "seq"], ["disclosure.log", "disclosure.seq"], name=op.f("fk_disclosed_thing_log_seq")),
        sa.PrimaryKeyConstraint("log", "seq", "subject_id", name=op.f("pk_disclosed_thing")),
    )
    op.create_index("ix_disclosed_thing_subject_id", "disclosed_thing", ["log", "subject_id", "seq"])
    for name in ("changed", "beside"):
        op.add_column("journal_head", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    # Not less than what was computed from: an entry that told of something read counted until now.
    op.execute(STANDING)
    of_no_case = sa.text("case_id IS NULL")
    op.create_index("ix_journal_kind", "journal", ["log", "kind", "seq"], sqlite_where=of_no_case, postgresql_where=of_no_case)
    told = op.get_bind().execute(sa.select(JOURNAL).where(JOURNAL.c.kind.in_(TOLD))).all()
    if told:
        op.bulk_insert(disclosure, [shown(each) for each in told])
    revealed = [each for each in told if each.kind == "identity.revealed"]
    if revealed:
        place = [{"log": each.log, "seq": each.seq, "subject_id": each.subject_id, "thing": "participant"} for each in revealed]
        op.bulk_insert(thing, place)


def shown(entry: sa.Row) -> dict[str, object]:
    """What an entry says in clear, as it is kept from now on. It commits to nothing, so there is no salt."""
    is_whole = entry.kind == "journal.exported" and bool(json.loads(entry.leaf)["facts"].get("openings"))
    place = {"log": entry.log, "seq": entry.seq, "at": entry.at}
    return {**place, "what": TOLD[entry.kind], "reader": entry.actor, "is_whole": is_whole, "salt": None}


def downgrade() -> None:
    op.drop_index("ix_journal_kind", "journal")
    for name in ("changed", "beside"):
        op.drop_column("journal_head", name)
    op.drop_table("disclosed_thing")
    op.drop_table("disclosure")
