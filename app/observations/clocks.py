"""When an observation was made, as far as anybody can know: the phone's claim, how far its clock was off, and what cannot be doubted."""

from datetime import UTC, datetime, timedelta

from babel.dates import format_timedelta
from sqlmodel import Session

from app.kit import clock
from app.kit.i18n import current_language, text
from app.observations import neighbours
from app.observations.models import Observation
from app.observations.schemas import ClockShown

SLIGHT = 60
"""Seconds that a line takes, or two clocks differ by: nothing to speak of."""


def clock_of(session: Session, row: Observation) -> ClockShown:
    """What there is to say about the time of an observation, in the language of whoever reads."""
    return ClockShown(
        skew_seconds=row.skew_seconds,
        told=in_words(row.skew_seconds, current_language.get()),
        estimated_at=estimated(row.captured_at, row.skew_seconds),
        not_before=neighbours.known_since(session, row),
        not_after=row.received_at,
    )


def estimated(captured_at: str, skew: int | None) -> datetime | None:
    """When an observation was made by the server's clock, if the phone's ran evenly; None where nobody knows how far it was off."""
    captured = clock.moment_of(captured_at)
    if captured is None or skew is None:
        return None
    try:
        return (captured + timedelta(seconds=skew)).astimezone(UTC)
    except OverflowError:
        return None


def in_words(skew: int | None, language: str) -> str:
    """How far a phone's clock was off: "The phone's clock was 3 days behind."."""
    if skew is None:
        return text("clock.unknown", language)
    if abs(skew) <= SLIGHT:
        return text("clock.right", language)
    span = format_timedelta(timedelta(seconds=abs(skew)), threshold=2, locale=language)
    return text("clock.behind" if skew > 0 else "clock.ahead", language, span=span)
