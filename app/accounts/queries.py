"""Every SQL statement about accounts, sessions, programmes, memberships and service clients."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.models import Account, LoginDelay, LoginSession, Member, Programme, ServiceClient
from app.kit.database import Moment, fetch_among

_SCOPES = """
SELECT s.id, a.id, a.is_operator, m.programme_id, m.id, m.code, m.role
FROM login_session AS s
JOIN account AS a ON a.id = s.account_id
LEFT JOIN member AS m ON m.account_id = a.id AND m.status = 'active'
WHERE s.ended_at IS NULL AND a.is_active AND s.id AMONG
ORDER BY m.id
"""

_FAILED = sa.text(
    """
    INSERT INTO login_delay (subject, failures, last_failed_at) VALUES (:subject, 1, :at)
    ON CONFLICT (subject) DO UPDATE SET failures = login_delay.failures + 1, last_failed_at = excluded.last_failed_at
    """
).bindparams(sa.bindparam("at", type_=Moment()))


def scopes(session: Session, session_ids: Iterable[UUID]) -> Sequence[Any]:
    """Session, account, whether it is an operator, and one membership in force (or nulls) a row, of sessions that are alive."""
    return fetch_among(session, _SCOPES, session_ids)


def codes(session: Session, member_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The codes of members by their ids."""
    query = select(Member.id, Member.code).where(col(Member.id).in_(list(member_ids)))
    return dict(session.exec(query).all())


def slugs(session: Session) -> dict[UUID, str]:
    """The slug of every programme by its id, in the order of ids."""
    return dict(session.exec(select(Programme.id, Programme.slug).order_by(col(Programme.id))).all())


def account_by_key(session: Session, username_key: str, *, for_update: bool = False) -> Account | None:
    """The account of a user name."""
    query = select(Account).where(Account.username_key == username_key)
    return session.exec(query.with_for_update() if for_update else query).first()


def failures_of(session: Session, subject: str) -> LoginDelay | None:
    """How often a user name was tried in vain of late."""
    return session.get(LoginDelay, subject)


def note_failure(session: Session, subject: str, at: datetime, forget_before: datetime) -> None:
    """Count a failure, and forget those of long ago."""
    session.exec(sa.delete(LoginDelay).where(col(LoginDelay.last_failed_at) < forget_before))
    session.connection().execute(_FAILED, {"subject": subject, "at": at})


def forget_failures(session: Session, subject: str) -> None:
    """Start counting anew, after a sign-in."""
    session.exec(sa.delete(LoginDelay).where(col(LoginDelay.subject) == subject))


def session_of(session: Session, session_id: UUID) -> LoginSession | None:
    """A session by its id, whether it is over or not."""
    return session.get(LoginSession, session_id)


def account(session: Session, account_id: UUID) -> Account | None:
    """An account by its id, held until the transaction ends."""
    return session.get(Account, account_id, with_for_update=True)


def locked_session(session: Session, session_id: UUID) -> tuple[LoginSession, Account] | None:
    """A session and its account, the session's row held until the transaction ends."""
    query = select(LoginSession, Account).join(Account, col(Account.id) == LoginSession.account_id).where(LoginSession.id == session_id)
    found = session.exec(query.with_for_update(of=LoginSession)).first()
    return (found[0], found[1]) if found else None


def end_sessions(session: Session, account_id: UUID, at: datetime) -> None:
    """End every session of an account."""
    alive = col(LoginSession.ended_at).is_(None)
    session.exec(sa.update(LoginSession).where(col(LoginSession.account_id) == account_id, alive).values(ended_at=at))


def memberships_of(session: Session, account_id: UUID) -> Sequence[tuple[Member, Programme]]:
    """Every membership of an account that was not removed, with its programme."""
    query = (
        select(Member, Programme)
        .join(Programme, col(Programme.id) == Member.programme_id)
        .where(Member.account_id == account_id, Member.status != "removed")
        .order_by(col(Member.id))
    )
    return [(member, programme) for member, programme in session.exec(query)]


def members_of_account(session: Session, account_id: UUID, programme_id: UUID | None = None) -> Sequence[Member]:
    """The memberships of an account that were not removed, in one programme or in all."""
    query = select(Member).where(Member.account_id == account_id, Member.status != "removed")
    return session.exec(query if programme_id is None else query.where(Member.programme_id == programme_id)).all()


def programme(session: Session, programme_id: UUID, *, for_update: bool = False) -> Programme | None:
    """A programme by its id."""
    return session.get(Programme, programme_id, with_for_update=for_update or None)


def programmes(session: Session, among: Sequence[UUID] | None, after: UUID | None, limit: int) -> Sequence[Programme]:
    """Programmes in the order of their ids: of a set, or all there are."""
    query = select(Programme).order_by(col(Programme.id)).limit(limit)
    if among is not None:
        query = query.where(col(Programme.id).in_(among))
    return session.exec(query if after is None else query.where(col(Programme.id) > after)).all()


def member(session: Session, programme_id: UUID, member_id: UUID) -> tuple[Member, str] | None:
    """A member of a programme, with the user name."""
    query = (
        select(Member, Account.username)
        .join(Account, col(Account.id) == Member.account_id)
        .where(Member.programme_id == programme_id, Member.id == member_id)
    )
    found = session.exec(query).first()
    return (found[0], found[1]) if found else None


def members(session: Session, programme_id: UUID, after: UUID | None, limit: int) -> Sequence[tuple[Member, str]]:
    """The members of a programme with their user names, in the order of their ids."""
    query = (
        select(Member, Account.username)
        .join(Account, col(Account.id) == Member.account_id)
        .where(Member.programme_id == programme_id)
        .order_by(col(Member.id))
        .limit(limit)
    )
    found = session.exec(query if after is None else query.where(col(Member.id) > after))
    return [(each, username) for each, username in found]


def invitation(session: Session, account_id: UUID, member_id: UUID) -> tuple[Member, Programme] | None:
    """An invitation of an account that waits for an answer."""
    return next(
        ((each, programme) for each, programme in memberships_of(session, account_id) if each.id == member_id and each.status == "invited"),
        None,
    )


def members_with_role(session: Session, programme_id: UUID, role: str) -> Sequence[Member]:
    """Every member of a programme with a role, removed ones included, by code."""
    query = select(Member).where(Member.programme_id == programme_id, Member.role == role)
    return session.exec(query.order_by(col(Member.code_key))).all()


def clients_among(session: Session, client_ids: Iterable[UUID]) -> Sequence[ServiceClient]:
    """Service clients by their ids, revoked and expired ones included."""
    return session.exec(select(ServiceClient).where(col(ServiceClient.id).in_(list(client_ids)))).all()


def client(session: Session, programme_id: UUID, client_id: UUID, *, for_update: bool = False) -> ServiceClient | None:
    """A service client of a programme."""
    return session.get(ServiceClient, (programme_id, client_id), with_for_update=for_update or None)


def clients(session: Session, programme_id: UUID, after: UUID | None, limit: int) -> Sequence[ServiceClient]:
    """The service clients of a programme, revoked ones included, in the order of their ids."""
    query = select(ServiceClient).where(ServiceClient.programme_id == programme_id).order_by(col(ServiceClient.id)).limit(limit)
    return session.exec(query if after is None else query.where(col(ServiceClient.id) > after)).all()
