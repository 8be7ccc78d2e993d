"""Programmes and who belongs to them: founding, changing, inviting, accepting, removing."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.accounts import devices, queries
from app.accounts.errors import ALREADY_MEMBER, LAST_COORDINATOR, SLUG_TAKEN
from app.accounts.models import Account, Member, Programme
from app.accounts.rules import secret_digest
from app.accounts.schemas import (
    AccountShown,
    MemberAdded,
    MemberChanged,
    MemberMade,
    MembershipShown,
    MemberShown,
    MeShown,
    Newcomer,
    ObserverKnown,
    ProgrammeChanged,
    ProgrammeCreated,
    ProgrammeMade,
    ProgrammeNamed,
    ProgrammeShown,
)
from app.journal.schemas import Entry, EventKind
from app.journal.service import record
from app.kit import clock, errors, etags, ids
from app.kit.access import COORDINATOR, OBSERVER, Scope
from app.kit.codes import code_key, folded
from app.kit.database import violated
from app.kit.errors import Fault, Problem

Listed = tuple[UUID | None, int]
"""Where a page begins (behind which id), and how many are asked for."""


def open_account(session: Session, newcomer: Newcomer, *, is_operator: bool = False) -> Account | None:
    """A new account, or `None` where its user name is taken."""
    secret = newcomer.secret
    account = Account(
        id=ids.new_id(),
        username=newcomer.username,
        username_key=newcomer.username_key,
        password_hash=newcomer.password_hash,
        secret_hash=secret_digest(secret) if secret else None,
        secret_expires_at=newcomer.secret_expires_at,
        is_operator=is_operator,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        return None
    record(session, Entry(EventKind.ACCOUNT_CREATED, account.id, facts={"is_operator": is_operator}))
    return account


def renew_secret(session: Session, newcomer: Newcomer) -> bool:
    """Give an account a new one-time secret; whether there is such an account."""
    account = queries.account_by_key(session, newcomer.username_key, for_update=True)
    if account is None or newcomer.secret is None:
        return False
    account.secret_hash, account.secret_expires_at = secret_digest(newcomer.secret), newcomer.secret_expires_at
    record(session, Entry(EventKind.SECRET_ISSUED, account.id))
    return True


def switch_account(session: Session, username: str, *, is_active: bool) -> bool:
    """Let an account in, or keep it out from its next request on; whether there is such an account."""
    account = queries.account_by_key(session, folded(username), for_update=True)
    if account is None:
        return False
    account.is_active = is_active
    record(session, Entry(EventKind.ACCOUNT_ENABLED if is_active else EventKind.ACCOUNT_DISABLED, account.id))
    if not is_active:
        queries.end_sessions(session, account.id, clock.now())
    return True


def me(session: Session, scope: Scope) -> MeShown:
    """The caller's account, memberships and invitations."""
    account = session.get_one(Account, scope.account_id)
    seen = {each.member_id for each in scope.memberships}
    found = queries.memberships_of(session, scope.account_id)
    held = [_membership(*each) for each in found if scope.device_id is None or each[0].id in seen]
    return MeShown(
        account=AccountShown(id=account.id, username=account.username, is_operator=scope.is_operator),
        memberships=[each for each in held if each.status == "active"],
        invitations=[each for each in held if each.status == "invited"],
        device=devices.of_session(session, scope.session_id) if scope.device_id else None,
    )


def accept_invitation(session: Session, scope: Scope, member_id: UUID) -> MembershipShown:
    """The membership, in force. 404 where no such invitation waits for the caller."""
    member, programme = _invitation(session, scope, member_id)
    join(session, member, clock.now())
    return _membership(member, programme)


def decline_invitation(session: Session, scope: Scope, member_id: UUID) -> None:
    """Turn an invitation down."""
    _remove(session, _invitation(session, scope, member_id)[0], actor=member_id)


def join(session: Session, member: Member, at: datetime) -> None:
    """Put a membership into force."""
    member.status, member.accepted_at = "active", at
    member.version += 1
    _note(session, EventKind.MEMBER_CHANGED, member, actor=member.id)


def found_programme(session: Session, scope: Scope, body: ProgrammeCreated, newcomer: Newcomer) -> ProgrammeMade:
    """A new programme with its first coordinator, whose account is made where the user name is new. 409 `slug_taken`."""
    founded = Programme(id=ids.new_id(), created_at=clock.now(), **body.model_dump(exclude={"coordinator"}))
    session.add(founded)
    try:
        session.flush()
    except IntegrityError as error:
        raise _taken(error) from None
    record(session, Entry(EventKind.PROGRAMME_CREATED, founded.id, log=founded.id, actor=scope.account_id))
    first = body.coordinator
    asked = MemberAdded(username=first.username, code=first.code, role="coordinator", languages=first.languages)
    # An operator knows every account, and a programme without anybody in it helps nobody: the first coordinator is in at once.
    coordinator = _enrol(session, founded.id, asked, newcomer, actor=scope.account_id, is_in_at_once=True)
    return ProgrammeMade(**_programme(founded).model_dump(), coordinator=coordinator)


def list_programmes(session: Session, scope: Scope, listed: Listed) -> Sequence[ProgrammeShown]:
    """Programmes that the caller belongs to; operators see that each exists."""
    among = None if scope.is_operator else scope.programmes()
    return [_programme(each) for each in queries.programmes(session, among, *listed)]


def programme(session: Session, scope: Scope, programme_id: UUID) -> ProgrammeShown:
    """A programme that the caller belongs to, or any for an operator. 404 otherwise."""
    return _programme(_visible(session, scope, programme_id))


def change_programme(session: Session, scope: Scope, programme_id: UUID, body: ProgrammeChanged, *, expected: str | None) -> ProgrammeShown:
    """A programme after a coordinator's changes. 409 `stale_version`."""
    actor = check_coordinator(session, scope, programme_id)
    found = _existing(session, programme_id, for_update=True)
    etags.check(expected, found.version)
    changes = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    if changes:
        found.sqlmodel_update(changes)
        found.version += 1
        record(session, Entry(EventKind.PROGRAMME_CHANGED, found.id, log=found.id, actor=actor, facts={"fields": sorted(changes)}))
    return _programme(found)


def check_coordinator(session: Session, scope: Scope, programme_id: UUID) -> UUID:
    """The caller's membership as a coordinator. 404 where the programme is invisible, 403 without the role."""
    if scope.is_operator and not scope.sees(programme_id):
        _existing(session, programme_id)
        raise Problem(errors.FORBIDDEN)
    return scope.require(programme_id, COORDINATOR).member_id


def list_members(session: Session, scope: Scope, programme_id: UUID, listed: Listed) -> Sequence[MemberShown]:
    """Members of a programme, removed ones included."""
    check_coordinator(session, scope, programme_id)
    return [_member(*each) for each in queries.members(session, programme_id, *listed)]


def show_member(session: Session, scope: Scope, programme_id: UUID, member_id: UUID) -> MemberShown:
    """A member of a programme."""
    check_coordinator(session, scope, programme_id)
    return _member(*_found(session, programme_id, member_id))


def add_member(session: Session, scope: Scope, programme_id: UUID, body: MemberAdded, newcomer: Newcomer) -> MemberMade:
    """A new membership; the answer tells nothing of whether the account is new. 409 `code_taken`, `already_member`."""
    actor = check_coordinator(session, scope, programme_id)
    return _enrol(session, programme_id, body, newcomer, actor=actor)


def _enrol(
    session: Session, programme_id: UUID, body: MemberAdded, newcomer: Newcomer, *, actor: UUID, is_in_at_once: bool = False
) -> MemberMade:
    account = queries.account_by_key(session, newcomer.username_key)
    opened = open_account(session, newcomer) if account is None else None
    account = account or opened or queries.account_by_key(session, newcomer.username_key)
    if account is None:
        raise Problem(errors.BUSY, headers={"Retry-After": "1"})
    held = queries.members_of_account(session, account.id, programme_id)
    if any(each.role == body.role for each in held):
        raise Problem(ALREADY_MEMBER, [Fault("/username", ALREADY_MEMBER.code)])
    made = _written(session, programme_id, account, body, joins=opened is not None)
    _note(session, EventKind.MEMBER_ADDED, made, actor=actor)
    # Whoever is in the programme already need not be asked again: a coordinator knows of that account.
    if is_in_at_once or any(each.status == "active" for each in held):
        join(session, made, clock.now())
    shown = _member(made, newcomer.username).model_dump()
    return MemberMade(**shown, secret=newcomer.secret, secret_expires_at=newcomer.secret_expires_at)


def _written(session: Session, programme_id: UUID, account: Account, body: MemberAdded, *, joins: bool) -> Member:
    made = Member(
        programme_id=programme_id,
        id=ids.new_id(),
        account_id=account.id,
        code=body.code,
        code_key=code_key(body.code),
        role=body.role,
        languages=orjson.dumps(body.languages, option=orjson.OPT_SORT_KEYS).decode(),
        status="invited",
        joins_at_sign_in=joins,
        created_at=clock.now(),
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError as error:
        raise _taken(error) from None
    return made


def change_member(
    session: Session, scope: Scope, programme_id: UUID, member_id: UUID, body: MemberChanged, *, expected: str | None
) -> MemberShown:
    """A member after a coordinator's changes. 409 `last_coordinator`, `stale_version`."""
    actor = check_coordinator(session, scope, programme_id)
    _existing(session, programme_id, for_update=True)
    member, username = _found(session, programme_id, member_id)
    etags.check(expected, member.version)
    if body.languages is not None:
        member.languages = orjson.dumps(body.languages, option=orjson.OPT_SORT_KEYS).decode()
        member.version += 1
        _note(session, EventKind.MEMBER_CHANGED, member, actor=actor)
    if body.status == "removed":
        _remove(session, member, actor=actor)
    elif body.status == "active" and member.status == "removed":
        _restore(session, member, actor=actor)
    return _member(member, username)


def remove_member(session: Session, scope: Scope, programme_id: UUID, member_id: UUID, *, expected: str | None) -> None:
    """Take a membership out of force, at once. 409 `last_coordinator`."""
    actor = check_coordinator(session, scope, programme_id)
    # The programme's row is held, so that two coordinators who remove each other do not both succeed.
    _existing(session, programme_id, for_update=True)
    member, _ = _found(session, programme_id, member_id)
    etags.check(expected, member.version)
    _remove(session, member, actor=actor)


def _remove(session: Session, member: Member, *, actor: UUID) -> None:
    if member.status == "removed":
        return
    if member.role == COORDINATOR and member.status == "active":
        coordinators = queries.members_with_role(session, member.programme_id, COORDINATOR)
        if not any(each.status == "active" and each.id != member.id for each in coordinators):
            raise Problem(LAST_COORDINATOR)
    # First the codes: a phone that is being enrolled holds its code's row, and is found when that is done.
    queries.withdraw_enrolments(session, member, clock.now())
    member.status = "removed"
    member.version += 1
    _note(session, EventKind.MEMBER_REMOVED, member, actor=actor)
    session.flush()
    devices.revoke_all(session, member, clock.now(), actor=actor)
    account = session.get_one(Account, member.account_id)
    # Who belongs nowhere any more is signed out; others keep their sessions and lose this programme on the next request.
    if not account.is_operator and not queries.members_of_account(session, account.id):
        queries.end_sessions(session, account.id, clock.now())


def _restore(session: Session, member: Member, *, actor: UUID) -> None:
    if any(each.role == member.role for each in queries.members_of_account(session, member.account_id, member.programme_id)):
        raise Problem(ALREADY_MEMBER, [Fault("/status", ALREADY_MEMBER.code)])
    member.status = "active" if member.accepted_at is not None else "invited"
    member.version += 1
    _note(session, EventKind.MEMBER_CHANGED, member, actor=actor)


def observers(session: Session, programme_id: UUID) -> Sequence[ObserverKnown]:
    """Every member with the role observer by code, removed ones included: what they filed stays."""
    found = queries.members_with_role(session, programme_id, OBSERVER)
    return [ObserverKnown(each.id, each.code, orjson.loads(each.languages), each.status) for each in found]


def member_by_id(session: Session, programme_id: UUID, member_id: UUID) -> MemberShown | None:
    """A member of a programme, for packages that point to one; `None` where there is none."""
    found = queries.member(session, programme_id, member_id)
    return _member(*found) if found else None


def programme_of(session: Session, programme_id: UUID) -> ProgrammeShown:
    """A programme that is known to exist: its zone, its language, how it reviews."""
    return _programme(_existing(session, programme_id))


def _visible(session: Session, scope: Scope, programme_id: UUID) -> Programme:
    if not scope.is_operator and not scope.sees(programme_id):
        raise errors.missing()
    return _existing(session, programme_id)


def _existing(session: Session, programme_id: UUID, *, for_update: bool = False) -> Programme:
    found = queries.programme(session, programme_id, for_update=for_update)
    if found is None:
        raise errors.missing()
    return found


def _found(session: Session, programme_id: UUID, member_id: UUID) -> tuple[Member, str]:
    found = queries.member(session, programme_id, member_id)
    if found is None:
        raise errors.missing()
    return found


def _invitation(session: Session, scope: Scope, member_id: UUID) -> tuple[Member, Programme]:
    found = queries.invitation(session, scope.account_id, member_id)
    if found is None or scope.device_id is not None:
        raise errors.missing()
    return found


def _taken(error: IntegrityError) -> Problem:
    if violated(error) == "uq_programme_slug":
        return Problem(SLUG_TAKEN, [Fault("/slug", SLUG_TAKEN.code)])
    if violated(error) == "uq_member_programme_id_code_key":
        return Problem(errors.CODE_TAKEN, [Fault("/code", errors.CODE_TAKEN.code)])
    raise error


def _note(session: Session, kind: EventKind, member: Member, *, actor: UUID) -> None:
    facts = {"code": member.code, "role": member.role, "status": member.status}
    record(session, Entry(kind, member.id, log=member.programme_id, actor=actor, facts=facts))


def _programme(found: Programme) -> ProgrammeShown:
    return ProgrammeShown(**found.model_dump(exclude={"created_at"}))


def _member(member: Member, username: str) -> MemberShown:
    shown = member.model_dump(include={"id", "programme_id", "code", "role", "status", "version"})
    return MemberShown(**shown, username=username, languages=orjson.loads(member.languages))


def _membership(member: Member, programme: Programme) -> MembershipShown:
    named = ProgrammeNamed(**programme.model_dump(include=set(ProgrammeNamed.model_fields)))
    shown = member.model_dump(include={"id", "programme_id", "code", "role", "status"})
    return MembershipShown(**shown, programme=named, languages=orjson.loads(member.languages))


def slugs(session: Session) -> dict[UUID, str]:
    """The short name of every programme by its id, in the order of ids."""
    return queries.slugs(session)
