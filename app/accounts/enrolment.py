"""Enrolling phones: a coordinator makes a code, a phone redeems it once with a public key of its own, and is let in.

A phone whose answer was lost sends the same again, and gets the same device: until its first refresh, which shows that the answer came.
"""

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlmodel import Session

from app.accounts import devices, queries, rules
from app.accounts.errors import CODE_EXPIRED, CODE_USED, CODE_WITHDRAWN, NOT_AN_OBSERVER
from app.accounts.models import Account, Device, Enrolment, LoginSession, Member
from app.accounts.passwords import new_code
from app.accounts.schemas import DeviceCreated, DeviceMade, DeviceShown, EnrolmentCreated, EnrolmentMade, PublicKey
from app.accounts.service import check_coordinator, join
from app.accounts.sign_in import SignIn, begin_session
from app.journal.schemas import Entry, EventKind
from app.journal.service import record
from app.kit import clock, crypto, errors, ids, qr
from app.kit.access import OBSERVER, Scope
from app.kit.codes import code_key
from app.kit.errors import Fault, Problem
from app.kit.keys import Keys
from app.kit.store import Store

PURPOSE = "enrolment"


def create_enrolment(
    session: Session, scope: Scope, programme_id: UUID, body: EnrolmentCreated, *, keys: Keys, address: str
) -> EnrolmentMade:
    """A code for the phone of an observer, this once. 404 at `/member_id` for who is no member (any more), 422 for no observer."""
    actor = check_coordinator(session, scope, programme_id)
    found = queries.member(session, programme_id, body.member_id)
    if found is None:
        raise errors.missing("/member_id")
    return make(session, found[0], body.expires_in_minutes, keys=keys, address=address, actor=actor)


def make(session: Session, member: Member, minutes: int, *, keys: Keys, address: str, actor: UUID | None = None) -> EnrolmentMade:
    """A code for a member's phone; `address` is what the phone will reach the server by, without a slash at its end."""
    if member.status == "removed":
        raise errors.missing("/member_id")
    if member.role != OBSERVER:
        # A phone acts as its member: whoever makes the code could take rights that coordinators do not have.
        raise errors.invalid(Fault("/member_id", NOT_AN_OBSERVER))
    now, code = clock.now(), new_code()
    made = Enrolment(
        programme_id=member.programme_id,
        id=ids.new_id(),
        member_id=member.id,
        code_mac=rules.code_mac(keys.derive(PURPOSE), code),
        created_by=actor,
        created_at=now,
        expires_at=now + timedelta(minutes=minutes),
    )
    session.add(made)
    facts = {"member": member.id, "expires_at": clock.stamp(made.expires_at)}
    record(session, Entry(EventKind.ENROLMENT_CREATED, made.id, log=member.programme_id, actor=actor, facts=facts))
    payload = f"{address}/observe#enrol={code}"
    return EnrolmentMade(
        id=made.id, member_id=member.id, code=rules.grouped(code), expires_at=made.expires_at, payload=payload, qr_svg=qr.svg(payload)
    )


def make_for(session: Session, slug: str, code: str, minutes: int, *, keys: Keys, address: str) -> EnrolmentMade:
    """A code for a member's phone, for whoever sits at the server: by the programme's slug and the member's code. 404 and 422 as above."""
    member = queries.member_named(session, slug, code_key(code))
    if member is None:
        raise errors.missing("/member_id")
    return make(session, member, minutes, keys=keys, address=address)


@dataclass(frozen=True, slots=True)
class _Asking:
    """A phone at the door: the digest of its code, its key, what it is called."""

    code_mac: bytes
    public_key: bytes
    label: str


@dataclass(frozen=True, slots=True)
class _Enrolled:
    """A phone that was let in: for the first time, or again because the first answer was lost."""

    bound: LoginSession
    device: DeviceShown
    is_new: bool


def enrol_device(store: Store, sign_in: SignIn, body: DeviceCreated, address: str | None = None) -> tuple[DeviceMade, bool]:
    """A phone's first tokens, and whether it is new here.

    404 at `/code`, and 429 `too_many_requests` for a while where such came from the same network; 409 `code_used`, 410 `code_expired` or
    `code_withdrawn`; 422 at `/public_key` for what is no point on the curve.
    """
    mac = rules.code_mac(store.keys.derive(PURPOSE), body.code.get_secret_value())
    asking = _Asking(mac, _point(body.public_key), body.label)
    sign_in.guesses.demand_patience(address)
    try:
        found = store.write(partial(_redeem, asking=asking, at=clock.now()))
    except Problem as problem:
        if problem.kind is errors.NOT_FOUND:
            sign_in.guesses.failed(address)
        raise
    tokens = sign_in.tokens_of(found.bound, found.device.id)
    return DeviceMade(**tokens.model_dump(), device=found.device), found.is_new


def _point(key: PublicKey) -> bytes:
    try:
        return crypto.point_of(*(urlsafe_b64decode(each + "=") for each in (key.x, key.y)))
    except ValueError:
        raise errors.invalid(Fault("/public_key", errors.WRONG_FORMAT)) from None


def _redeem(session: Session, asking: _Asking, at: datetime) -> _Enrolled:
    enrolment = queries.enrolment_by_code(session, asking.code_mac)
    if enrolment is None:
        raise errors.missing("/code")
    if (earlier := queries.device_of_enrolment(session, enrolment)) is not None:
        return _again(session, earlier, asking)
    member, account = _waited_for(session, enrolment)
    if at >= enrolment.expires_at:
        raise Problem(CODE_EXPIRED)
    if member.status == "invited":
        join(session, member, at)
    bound = begin_session(session, account.id, at)
    device = Device(
        programme_id=enrolment.programme_id,
        id=ids.new_id(),
        member_id=member.id,
        enrolment_id=enrolment.id,
        session_id=bound.id,
        label=asking.label,
        public_key=asking.public_key,
        enrolled_at=at,
    )
    devices.see(session, device, at)
    session.add(device)
    facts = {"member": member.id, "enrolment": enrolment.id}
    record(session, Entry(EventKind.DEVICE_ENROLLED, device.id, log=device.programme_id, actor=member.id, facts=facts))
    return _Enrolled(bound, devices.shown(session, device), is_new=True)


def _again(session: Session, device: Device, asking: _Asking) -> _Enrolled:
    bound = session.get_one(LoginSession, device.session_id)
    if device.public_key != asking.public_key or bound.refresh_counter or bound.ended_at is not None:
        raise Problem(CODE_USED)
    return _Enrolled(bound, devices.shown(session, device), is_new=False)


def _waited_for(session: Session, enrolment: Enrolment) -> tuple[Member, Account]:
    """Whose phone a code is for; 410 `code_withdrawn` where that person is no member any more."""
    found = queries.member(session, enrolment.programme_id, enrolment.member_id)
    account = queries.account(session, found[0].account_id) if found else None
    if found is None or account is None or not account.is_active or enrolment.withdrawn_at is not None or found[0].status == "removed":
        raise Problem(CODE_WITHDRAWN)
    return found[0], account
