"""The tables of the journal: entries that nobody changes, one head per log, what was signed of it, and how often each case was touched.

Beside it stands who was shown what: entries only commit to that, so that it can be kept for some time and not for ever.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.kit.database import Moment

_OF_NO_CASE = sa.text("case_id IS NULL")
SERVER_LOG = UUID(int=0)
"""The log of what belongs to no programme: accounts, programmes."""


class JournalEntry(SQLModel, table=True):
    """One leaf of a log. `leaf` is canonical JSON without any text; its hash is RFC 6962's."""

    __tablename__ = "journal"
    __table_args__ = (
        sa.Index("ix_journal_case_id", "log", "case_id", "seq"),
        sa.Index("ix_journal_subject_id", "log", "subject_id", "seq"),
        sa.Index("ix_journal_kind", "log", "kind", "seq", sqlite_where=_OF_NO_CASE, postgresql_where=_OF_NO_CASE),
    )

    log: UUID = Field(primary_key=True)
    seq: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    kind: str = Field(max_length=48)
    subject_id: UUID
    case_id: UUID | None = None
    hearing_id: UUID | None = None
    actor: UUID | None = None
    audience: str | None = Field(default=None, max_length=32)
    at: datetime = Field(sa_type=Moment)
    leaf: bytes
    leaf_hash: bytes


class JournalHead(SQLModel, table=True):
    """The size of a log and the roots of its perfect subtrees, largest first: all that is needed to go on.

    `changed` is how large it was when something was last changed, `beside` the number of the last change that names no case: entries that
    tell of something read leave both as they are.
    """

    __tablename__ = "journal_head"

    log: UUID = Field(primary_key=True)
    size: int = Field(sa_type=sa.BigInteger)
    peaks: bytes
    changed: int = Field(default=0, sa_type=sa.BigInteger, sa_column_kwargs={"server_default": "0"})
    beside: int = Field(default=0, sa_type=sa.BigInteger, sa_column_kwargs={"server_default": "0"})


class Checkpoint(SQLModel, table=True):
    """What was signed of a log: that its first `size` entries have this root. `text` is the checkpoint as it is handed out."""

    __tablename__ = "checkpoint"

    log: UUID = Field(primary_key=True)
    size: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    root: bytes
    issued_at: datetime = Field(sa_type=Moment)
    text: str = Field(sa_type=sa.Text)


class JournalNode(SQLModel, table=True):
    """The hash of a perfect subtree under a checkpoint: the `place`-th one of 2^`level` leaves. Proofs are made from these.

    Smaller ones are computed from their leaves.
    """

    __tablename__ = "journal_node"

    log: UUID = Field(primary_key=True)
    level: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True, autoincrement=False))
    place: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    digest: bytes


class CaseRevision(SQLModel, table=True):
    """How many journal entries changed something of a case: whatever is computed from it is as new as this number."""

    __tablename__ = "case_revision"

    case_id: UUID = Field(primary_key=True)
    revision: int = Field(sa_type=sa.BigInteger)


class Disclosure(SQLModel, table=True):
    """That somebody was shown something, which entry `seq` of a log commits to under `salt`.

    Without a salt it was read out of entries from before there were commitments, which say the same in clear.
    """

    __tablename__ = "disclosure"
    __table_args__ = (
        sa.ForeignKeyConstraint(["log", "seq"], ["journal.log", "journal.seq"]),
        sa.Index("ix_disclosure_reader", "log", "reader", "seq"),
        sa.Index("ix_disclosure_what", "log", "what", "seq"),
    )

    log: UUID = Field(primary_key=True)
    seq: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    what: str = Field(max_length=16)
    reader: UUID | None = None
    is_whole: bool = False
    salt: bytes | None = None
    at: datetime = Field(sa_type=Moment)


class DisclosedThing(SQLModel, table=True):
    """What was shown, and the people whom it is about."""

    __tablename__ = "disclosed_thing"
    __table_args__ = (
        sa.ForeignKeyConstraint(["log", "seq"], ["disclosure.log", "disclosure.seq"]),
        sa.Index("ix_disclosed_thing_subject_id", "log", "subject_id", "seq"),
    )

    log: UUID = Field(primary_key=True)
    seq: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    subject_id: UUID = Field(primary_key=True)
    thing: str = Field(max_length=16)


class Exposure(SQLModel, table=True):
    """That a phone (or a member without one: zeros) was given a package, and on which days for the first and the last time."""

    __tablename__ = "exposure"
    __table_args__ = (sa.Index("ix_exposure_last_on", "last_on"),)

    programme_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)
    device_id: UUID = Field(primary_key=True)
    digest: bytes = Field(primary_key=True)
    first_on: date
    last_on: date


class ExposedPackage(SQLModel, table=True):
    """What a package named, under the digest of it: `things` is JSON, ids by kind. Many phones are given the same one."""

    __tablename__ = "exposed_package"

    programme_id: UUID = Field(primary_key=True)
    digest: bytes = Field(primary_key=True)
    things: str = Field(sa_type=sa.Text)
