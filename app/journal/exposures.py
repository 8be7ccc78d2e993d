"""What phones were given to carry with them, by ids alone: kept for ninety days, so that one knows what a seized phone had.

A package is noted by its digest, once a day for each phone; what it named is kept once for all phones that were given the same.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.journal.models import DisclosedThing, Disclosure, ExposedPackage, Exposure

KEPT = timedelta(days=90)
NO_PHONE = UUID(int=0)
_EXPOSED = sa.text(
    """
    INSERT INTO exposure (programme_id, member_id, device_id, digest, first_on, last_on)
    VALUES (:programme, :member, :device, :digest, :day, :day)
    ON CONFLICT (programme_id, member_id, device_id, digest) DO UPDATE SET last_on = excluded.last_on
    """
).bindparams(*(sa.bindparam(name, type_=sa.Uuid()) for name in ("programme", "member", "device")), sa.bindparam("day", type_=sa.Date()))
_PACKAGE = sa.text(
    "INSERT INTO exposed_package (programme_id, digest, things) VALUES (:programme, :digest, :things) ON CONFLICT DO NOTHING"
).bindparams(sa.bindparam("programme", type_=sa.Uuid()))


@dataclass(frozen=True, slots=True)
class Seen:
    """What one package names, and who is given it."""

    programme_id: UUID
    member_id: UUID
    device_id: UUID | None
    things: bytes

    @property
    def digest(self) -> bytes:
        """By which the same package is known again."""
        return hashlib.sha256(self.things).digest()

    @property
    def key(self) -> tuple[UUID, UUID, UUID, bytes]:
        """The key of its row."""
        return self.programme_id, self.member_id, self.device_id or NO_PHONE, self.digest


def things_in(ids: Mapping[str, Iterable[str]]) -> bytes:
    """Ids by kind, the same bytes for the same ids."""
    return orjson.dumps({kind: sorted(some) for kind, some in ids.items()}, option=orjson.OPT_SORT_KEYS)


def is_noted(session: Session, seen: Seen, day: date) -> bool:
    """Whether it is noted already that this package was given on that day."""
    row = session.get(Exposure, seen.key)
    return row is not None and row.last_on >= day


def note(session: Session, seen: Seen, day: date) -> None:
    """Note that a package is given on a day, and forget what was last given more than ninety days before."""
    session.exec(sa.delete(Exposure).where(col(Exposure.last_on) < day - KEPT))
    programme, member, device, digest = seen.key
    named = {"programme": programme, "member": member, "device": device, "digest": digest, "day": day}
    session.connection().execute(_PACKAGE, {"programme": programme, "digest": digest, "things": seen.things.decode()})
    session.connection().execute(_EXPOSED, named)
    same = sa.and_(col(Exposure.programme_id) == col(ExposedPackage.programme_id), col(Exposure.digest) == col(ExposedPackage.digest))
    gone = (col(ExposedPackage.programme_id) == programme, ~sa.exists(sa.select(col(Exposure.digest)).where(same)))
    session.exec(sa.delete(ExposedPackage).where(*gone))


def carried(session: Session, programme_id: UUID, member_id: UUID, device_id: UUID | None, since: date) -> dict[str, set[UUID]]:
    """Ids by kind of what a member was given to carry since a day: on one phone, or on any and without one."""
    same = sa.and_(col(Exposure.programme_id) == col(ExposedPackage.programme_id), col(Exposure.digest) == col(ExposedPackage.digest))
    query = select(ExposedPackage.things).join(Exposure, same)
    query = query.where(Exposure.programme_id == programme_id, Exposure.member_id == member_id, col(Exposure.last_on) >= since)
    if device_id is not None:
        query = query.where(Exposure.device_id == device_id)
    found: dict[str, set[UUID]] = {}
    for things in session.exec(query):
        for kind, ids in orjson.loads(things).items():
            found.setdefault(kind, set()).update(UUID(each) for each in ids)
    return found


def disclosed_to(session: Session, programme_id: UUID, member_id: UUID, since: datetime) -> Sequence[tuple[str, str, UUID]]:
    """(what, of which kind, id) of whatever the journal tells that a member was shown since a moment."""
    place = sa.and_(col(DisclosedThing.log) == col(Disclosure.log), col(DisclosedThing.seq) == col(Disclosure.seq))
    query = select(Disclosure.what, DisclosedThing.thing, DisclosedThing.subject_id).join(Disclosure, place)
    query = query.where(Disclosure.log == programme_id, Disclosure.reader == member_id, col(Disclosure.at) >= since)
    return session.exec(query.distinct()).all()
