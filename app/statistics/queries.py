"""Every SQL statement of official statistics."""

from uuid import UUID

from sqlmodel import Session

from app.statistics.models import OfficialStatistics


def find(session: Session, programme_id: UUID, *, lock: bool = False) -> OfficialStatistics | None:
    """The statistics of a programme, held until the transaction ends where they are to be replaced."""
    return session.get(OfficialStatistics, programme_id, with_for_update=lock or None, populate_existing=lock)
