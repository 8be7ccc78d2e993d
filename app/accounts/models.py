"""The tables of accounts: people, their sessions and phones, programmes, memberships, service clients, how long a sign-in has to wait."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.kit.database import Moment


class Account(SQLModel, table=True):
    """Somebody who can sign in. `secret_hash` is the SHA-256 of a one-time secret with which a password can be set once."""

    __tablename__ = "account"
    __table_args__ = (sa.UniqueConstraint("username_key"),)

    id: UUID = Field(primary_key=True)
    username: str = Field(max_length=64)
    username_key: str = Field(max_length=200)
    password_hash: str | None = Field(default=None, max_length=200)
    secret_hash: bytes | None = None
    secret_expires_at: datetime | None = Field(default=None, sa_type=Moment)
    is_operator: bool = False
    is_active: bool = True
    created_at: datetime = Field(sa_type=Moment)


class Programme(SQLModel, table=True):
    """A monitoring programme: the unit of membership and of the journal."""

    __tablename__ = "programme"
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        sa.CheckConstraint("review IN ('required','trusted')", name="review"),
        sa.CheckConstraint("devices IN ('optional','required')", name="devices"),
    )

    id: UUID = Field(primary_key=True)
    slug: str = Field(max_length=64)
    name: str = Field(max_length=500)
    timezone: str = Field(max_length=64)
    default_language: str = Field(max_length=2)
    review: str = Field(max_length=16)
    devices: str = Field(default="optional", max_length=16, sa_column_kwargs={"server_default": "optional"})
    created_at: datetime = Field(sa_type=Moment)
    version: int = 1


class Member(SQLModel, table=True):
    """What one account is in one programme, in one role. An account may hold several memberships.

    `languages` is JSON: language -> how well. `joins_at_sign_in`: the account was made for this membership; its first sign-in accepts it.
    """

    __tablename__ = "member"
    __table_args__ = (
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.UniqueConstraint("programme_id", "code_key"),
        sa.CheckConstraint("role IN ('observer','coordinator','custodian','analyst','auditor')", name="role"),
        sa.CheckConstraint("status IN ('invited','active','removed')", name="status"),
        sa.Index("ix_member_account_id", "account_id"),
    )

    programme_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    account_id: UUID
    code: str = Field(max_length=32)
    code_key: str = Field(max_length=100)
    role: str = Field(max_length=16)
    languages: str = Field(default="{}", sa_type=sa.Text)
    status: str = Field(max_length=16)
    joins_at_sign_in: bool = False
    accepted_at: datetime | None = Field(default=None, sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)
    version: int = 1


class ServiceClient(SQLModel, table=True):
    """A program that reads in one programme by itself. `secret_hash` is the SHA-256 of its secret, `scopes` a JSON list.

    It is no account and no member; a member's id stands behind `created_by`.
    """

    __tablename__ = "service_client"
    __table_args__ = (
        sa.ForeignKeyConstraint(["programme_id", "created_by"], ["member.programme_id", "member.id"]),
        sa.UniqueConstraint("id"),
    )

    programme_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    label: str = Field(max_length=500)
    secret_hash: bytes
    scopes: str = Field(sa_type=sa.Text)
    created_by: UUID
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class LoginSession(SQLModel, table=True):
    """One sign-in and everything refreshed from it. `refresh_counter` is the number of the newest refresh token; no token is kept."""

    __tablename__ = "login_session"
    __table_args__ = (
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.Index("ix_login_session_account_id", "account_id"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID
    refresh_counter: int = 0
    issued_at: datetime = Field(sa_type=Moment)
    last_used_at: datetime = Field(sa_type=Moment)
    absolute_expires_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class Enrolment(SQLModel, table=True):
    """A code with which one phone can be enrolled once. `code_mac` is a keyed digest of it: a database alone yields no code.

    `created_by` is a membership, or null for whoever sat at the server. `withdrawn_at`: the member was removed meanwhile.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        sa.ForeignKeyConstraint(["programme_id", "member_id"], ["member.programme_id", "member.id"]),
        sa.ForeignKeyConstraint(["programme_id", "created_by"], ["member.programme_id", "member.id"]),
        sa.UniqueConstraint("code_mac"),
        sa.Index("ix_enrolment_member_id", "programme_id", "member_id"),
    )

    programme_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    member_id: UUID
    code_mac: bytes
    created_by: UUID | None = None
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


class Device(SQLModel, table=True):
    """An enrolled phone: the key that it signs with, and the one session that is bound to it for good.

    `public_key` is a point on P-256 (65 bytes). `nonce` and `nonce_body` are the SHA-256 of the nonce and of the body of its last refresh.
    """

    __tablename__ = "device"
    __table_args__ = (
        sa.ForeignKeyConstraint(["programme_id", "member_id"], ["member.programme_id", "member.id"]),
        sa.ForeignKeyConstraint(["programme_id", "enrolment_id"], ["enrolment.programme_id", "enrolment.id"]),
        sa.ForeignKeyConstraint(["session_id"], ["login_session.id"]),
        sa.UniqueConstraint("programme_id", "enrolment_id"),
        sa.UniqueConstraint("session_id"),
        sa.Index("ix_device_member_id", "programme_id", "member_id"),
    )

    programme_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    member_id: UUID
    enrolment_id: UUID
    session_id: UUID
    label: str = Field(max_length=100)
    public_key: bytes
    nonce: bytes | None = None
    nonce_body: bytes | None = None
    enrolled_at: datetime = Field(sa_type=Moment)
    last_seen_on: date | None = None
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class LoginDelay(SQLModel, table=True):
    """How often a user name was tried in vain of late. `subject` is a keyed digest of the name, known or not: both wait alike."""

    __tablename__ = "login_delay"
    __table_args__ = (sa.Index("ix_login_delay_last_failed_at", "last_failed_at"),)

    subject: str = Field(primary_key=True, max_length=64)
    failures: int
    last_failed_at: datetime = Field(sa_type=Moment)
