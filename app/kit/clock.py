"""The one place that asks what time it is, and reads and writes moments: UTC, microseconds."""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})")

_WITHOUT_OFFSET = 26


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The plain day in a court's or programme's time zone (an IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=1024)
def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with `Z` and six decimals, so that texts sort as moments do."""
    inside = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return inside.isoformat(timespec="microseconds")[:_WITHOUT_OFFSET] + "Z"


@lru_cache(maxsize=1024)
def moment_of(text: str) -> datetime | None:
    """The moment in UTC that an RFC 3339 text with an offset names, or None for any other text."""
    if not _MOMENT.fullmatch(text.upper()):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
