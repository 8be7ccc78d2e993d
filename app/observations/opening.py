"""Opening parcels: what they hold is made ready, and becomes arrivals of a group."""

from datetime import date

from app.kit import errors, wire
from app.kit.errors import Problem
from app.observations.arrivals import Answer, Arrival, Parcel, Standing, given
from app.observations.preparation import Prepared, Refused, prepare

Opened = tuple[Prepared | Refused, ...] | Problem
"""What a parcel holds, or why it cannot be read."""
Met = list[Arrival | Refused] | Problem
"""What a parcel comes to in its group."""


def opened(parcel: Parcel, *, key: bytes, today: date) -> Opened:
    """The observations of a parcel, made ready; what came raw is read here."""
    if parcel.raw is None:
        return parcel.contents
    try:
        return (prepare(wire.parse(parcel.raw), key=key, today=today),)
    except Problem as problem:
        return problem


def met(parcel: Parcel, found: Opened, standing: Standing | None) -> Met:
    """What a parcel comes to: whoever has no session any more learns that before anything about what was sent."""
    if standing is None:
        return Problem(errors.SESSION_ENDED)
    if isinstance(found, Problem):
        return found
    return [each if isinstance(each, Refused) else Arrival(each, standing, parcel.skew) for each in found]


def told(some: Met) -> list[Answer | Refused] | Problem:
    """The answers of a parcel, once its group is written."""
    return some if isinstance(some, Problem) else [each if isinstance(each, Refused) else given(each.answer) for each in some]
