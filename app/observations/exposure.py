"""What a member, or one phone of a member, was shown in the last ninety days: by ids, for who has to say what a taken phone had."""

from uuid import UUID

from sqlmodel import Session

from app.accounts import devices
from app.accounts import service as accounts
from app.journal import exposures
from app.journal.exposures import KEPT
from app.journal.showing import Thing, What
from app.kit import clock, errors
from app.kit.access import AUDITOR, COORDINATOR, Scope
from app.observations import queries
from app.observations.schemas import ExposureShown

_KINDS = {
    Thing.OBSERVATION: "observations",
    Thing.PARTICIPANT: "participants",
    Thing.ATTACHMENT: "attachments",
    Thing.HEARING: "hearings",
}


def of_member(session: Session, scope: Scope, programme_id: UUID, member_id: UUID) -> ExposureShown:
    """What a member was shown, on every phone and without one."""
    scope.require(programme_id, COORDINATOR, AUDITOR)
    return _exposure(session, programme_id, member_id, None)


def of_phone(session: Session, scope: Scope, device_id: UUID) -> ExposureShown:
    """What a phone was given to carry, and what its member was shown wherever: of that nobody knows by which phone."""
    device = devices.placed(session, scope, device_id)
    return _exposure(session, device.programme_id, device.member_id, device.id)


def _exposure(session: Session, programme_id: UUID, member_id: UUID, device_id: UUID | None) -> ExposureShown:
    member = accounts.member_by_id(session, programme_id, member_id)
    if member is None:
        raise errors.missing()
    now = clock.now()
    since = now - KEPT
    found = exposures.carried(session, programme_id, member_id, device_id, since.date())
    for what, thing, each in exposures.disclosed_to(session, programme_id, member_id, since):
        found.setdefault(_KINDS[Thing(thing)], set()).add(each)
        if what == What.IDENTITY:
            found.setdefault("identities", set()).add(each)
    found.setdefault("observations", set()).update(queries.filed_by(session, programme_id, member_id))
    return ExposureShown(
        programme_id=programme_id,
        member_id=member_id,
        member=member.code,
        device_id=device_id,
        since=since.date(),
        reads_all=member.role == COORDINATOR,
        **{kind: sorted(ids) for kind, ids in found.items()},
    )
