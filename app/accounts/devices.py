"""Phones that observers were enrolled with: what is shown of them, the signatures they refresh with, and how they are put out."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.accounts import queries, rules
from app.accounts.models import Device, LoginSession, Member
from app.accounts.schemas import DeviceShown
from app.journal.schemas import Entry, EventKind
from app.journal.service import record
from app.kit import clock, crypto, errors
from app.kit.access import AUDITOR, COORDINATOR, OBSERVER, Membership, Scope
from app.kit.errors import Problem


def list_devices(session: Session, scope: Scope, programme_id: UUID | None, after: UUID | None, limit: int) -> Sequence[DeviceShown]:
    """The phones of the programmes that the caller coordinates, and the caller's own; revoked ones included."""
    if programme_id is not None:
        scope.require(programme_id, COORDINATOR, OBSERVER)
    asked = [each for each in scope.memberships if programme_id in (None, each.programme_id)]
    led = [each.programme_id for each in asked if each.role == COORDINATOR]
    own = [each.member_id for each in asked if each.role == OBSERVER]
    return _shown(session, queries.devices(session, led, own, after, limit))


def placed(session: Session, scope: Scope, device_id: UUID) -> Device:
    """A phone of a programme that the caller coordinates or audits; 404 and 403 otherwise."""
    found = queries.device(session, scope.programmes(), device_id)
    if found is None:
        raise errors.missing()
    scope.require(found[0].programme_id, COORDINATOR, AUDITOR)
    return found[0]


def revoke_device(session: Session, scope: Scope, device_id: UUID) -> None:
    """Put a phone out, from its next request on and for ever. 404 for a phone of others, unless the caller coordinates there."""
    found = queries.device(session, scope.programmes(), device_id)
    if found is None:
        raise errors.missing()
    device = found[0]
    actor = scope.member(device.programme_id, COORDINATOR) or _owner(scope, device)
    if actor is None:
        raise errors.missing() if scope.member(device.programme_id, OBSERVER) else Problem(errors.FORBIDDEN)
    revoke(session, device, clock.now(), actor=actor.member_id)


def _owner(scope: Scope, device: Device) -> Membership | None:
    return next((each for each in scope.memberships if each.member_id == device.member_id), None)


def revoke(session: Session, device: Device, at: datetime, *, actor: UUID) -> None:
    """Put a phone out and end its session; of one that is out already nothing changes."""
    # The session before its phone, as a refresh takes them.
    bound = session.get_one(LoginSession, device.session_id, with_for_update=True)
    session.refresh(device)
    if device.revoked_at is None:
        device.revoked_at = at
        bound.ended_at = bound.ended_at or at
        record(
            session, Entry(EventKind.DEVICE_REVOKED, device.id, log=device.programme_id, actor=actor, facts={"member": device.member_id})
        )


def revoke_all(session: Session, member: Member, at: datetime, *, actor: UUID) -> None:
    """Put every phone of a member out."""
    for device in queries.devices_of_member(session, member):
        revoke(session, device, at, actor=actor)


def of_session(session: Session, session_id: UUID) -> DeviceShown | None:
    """The phone that a session is bound to, as it is shown."""
    found = queries.device_of_session(session, session_id)
    return shown(session, found) if found else None


def shown(session: Session, device: Device) -> DeviceShown:
    """A phone as it is shown."""
    return _shown(session, [(device, queries.codes(session, [device.member_id])[device.member_id])])[0]


def _shown(session: Session, found: Sequence[tuple[Device, str]]) -> list[DeviceShown]:
    replayed = queries.replays(session, [device.session_id for device, _ in found])
    days = {device.id: _day(session, device, replayed[device.session_id]) for device, _ in found if device.session_id in replayed}
    fields = {"id", "programme_id", "label", "enrolled_at", "last_seen_on", "revoked_at"}
    return [DeviceShown(**device.model_dump(include=fields), member=member, replayed_on=days.get(device.id)) for device, member in found]


def _day(session: Session, device: Device, at: datetime) -> date | None:
    """A day in the zone of a phone's programme."""
    programme = queries.programme(session, device.programme_id)
    return None if programme is None else at.astimezone(ZoneInfo(programme.timezone)).date()


def see(session: Session, device: Device, at: datetime) -> None:
    """Note the day on which a phone was seen, in its programme's zone; the time of day is kept nowhere."""
    device.last_seen_on = _day(session, device, at) or device.last_seen_on


def note_replay(session: Session, device: Device) -> None:
    """Tell a phone's programme that a refresh token of it was used again, for whoever coordinates there to look into."""
    record(session, Entry(EventKind.DEVICE_REPLAYED, device.id, log=device.programme_id, facts={"member": device.member_id}))


def is_signed(device: Device, header: str | None, body: bytes) -> bool:
    """Whether a refresh is signed with a phone's key; a nonce is good for one body, which may be sent again."""
    read = rules.read_signature(header)
    if read is None or not crypto.is_signed_by_phone(device.public_key, rules.signed_refresh(body, read[0]), read[1]):
        return False
    nonce, digest = (hashlib.sha256(each).digest() for each in (read[0].encode(), body))
    if device.nonce == nonce and device.nonce_body != digest:
        return False
    device.nonce, device.nonce_body = nonce, digest
    return True
