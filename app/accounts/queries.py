"""Every SQL statement about accounts, sessions, phones, programmes, memberships and service clients."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from app.accounts.models import Account, Device, Enrolment, LoginDelay, LoginSession, Member, Programme, ServiceClient
from app.journal.models import SERVER_LOG, JournalEntry
from app.journal.schemas import EventKind
from app.kit.database import Moment, fetch_among

_SCOPES = """
SELECT s.id, a.id, a.is_operator, d.id, m.programme_id, m.id, m.code, m.role, p.devices
FROM login_session AS s
JOIN account AS a ON a.id = s.account_id
LEFT JOIN device AS d ON d.session_id = s.id
LEFT JOIN member AS m ON m.account_id = a.id AND m.status = 'active'
    AND (d.id IS NULL OR d.programme_id = m.programme_id AND d.member_id = m.id)
LEFT JOIN programme AS p ON p.id = m.programme_id
WHERE s.ended_at IS NULL AND a.is_active AND (d.id IS NULL OR d.revoked_at IS NULL AND m.id IS NOT NULL) AND s.id AMONG
ORDER BY m.id
"""

_FAILED = sa.text(
    """
    INSERT INTO login_delay (subject, failures, last_failed_at) VALUES (:subject, 1, :at)
    ON CONFLICT (subject) DO UPDATE SET failures = login_delay.failures + 1, last_failed_at = excluded.last_failed_at
    """
).bindparams(sa.bindparam("at", type_=Moment()))


def scopes(session: Session, session_ids: Iterable[UUID]) -> Sequence[Any]:
    """A row for each membership in force (or nulls), with session, account, device and what its programme says of devices.

    Of a session that is bound to a device there is the device's membership alone, and nothing where either is out of force.
    """
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


def end_sessions(session: Session, account_id: UUID, at: datetime, *, with_phones: bool = True) -> None:
    """End every session of an account, or all but those that are bound to a phone."""
    query = sa.update(LoginSession).where(col(LoginSession.account_id) == account_id, col(LoginSession.ended_at).is_(None))
    if not with_phones:
        query = query.where(col(LoginSession.id).not_in(sa.select(col(Device.session_id))))
    session.exec(query.values(ended_at=at))


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


def member_named(session: Session, slug: str, code_key: str) -> Member | None:
    """The member of a programme, by the programme's slug and the key of the member's code."""
    query = select(Member).join(Programme, col(Programme.id) == Member.programme_id)
    return session.exec(query.where(Programme.slug == slug, Member.code_key == code_key)).first()


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


def enrolment_by_code(session: Session, code_mac: bytes) -> Enrolment | None:
    """The enrolment that a code is for, held until the transaction ends."""
    return session.exec(select(Enrolment).where(Enrolment.code_mac == code_mac).with_for_update()).first()


def device_of_enrolment(session: Session, enrolment: Enrolment) -> Device | None:
    """The phone that was enrolled with a code."""
    query = select(Device).where(Device.programme_id == enrolment.programme_id, Device.enrolment_id == enrolment.id)
    return session.exec(query).first()


def withdraw_enrolments(session: Session, member: Member, at: datetime) -> None:
    """Take every code of a member out of force."""
    mine = (col(Enrolment.programme_id) == member.programme_id, col(Enrolment.member_id) == member.id)
    session.exec(sa.update(Enrolment).where(*mine, col(Enrolment.withdrawn_at).is_(None)).values(withdrawn_at=at))


def device_of_session(session: Session, session_id: UUID) -> Device | None:
    """The phone that a session is bound to."""
    return session.exec(select(Device).where(Device.session_id == session_id)).first()


def devices_of_member(session: Session, member: Member) -> Sequence[Device]:
    """The phones of a member that were not revoked."""
    query = select(Device).where(Device.programme_id == member.programme_id, Device.member_id == member.id)
    return session.exec(query.where(col(Device.revoked_at).is_(None))).all()


def device(session: Session, programmes: Sequence[UUID], device_id: UUID) -> tuple[Device, str] | None:
    """A phone of some programmes with its member's code."""
    found = session.exec(_devices().where(col(Device.programme_id).in_(programmes), Device.id == device_id)).first()
    return (found[0], found[1]) if found else None


def replays(session: Session, sessions: Sequence[UUID]) -> dict[UUID, datetime]:
    """When a refresh token of some sessions was used again, of those of which one was."""
    query = select(JournalEntry.subject_id, JournalEntry.at).where(
        JournalEntry.log == SERVER_LOG, col(JournalEntry.subject_id).in_(sessions)
    )
    return dict(session.exec(query.where(JournalEntry.kind == EventKind.SESSION_REPLAYED.value)).all())


def devices(
    session: Session, programmes: Sequence[UUID], members: Sequence[UUID], after: UUID | None, limit: int
) -> Sequence[tuple[Device, str]]:
    """The phones of some programmes and those of some members, with their members' codes, in the order of their ids."""
    query = _devices().where(col(Device.programme_id).in_(programmes) | col(Device.member_id).in_(members))
    query = query.order_by(col(Device.id)).limit(limit)
    found = session.exec(query if after is None else query.where(col(Device.id) > after))
    return [(each, code) for each, code in found]


def _devices() -> Select[Device, str]:
    theirs = (col(Member.programme_id) == Device.programme_id) & (col(Member.id) == Device.member_id)
    return select(Device, Member.code).join(Member, theirs)
