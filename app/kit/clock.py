"""The one place that asks what time it is: UTC, microseconds."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The plain day in a court's or programme's time zone (an IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with `Z` and six decimals, so that texts sort as moments do."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
