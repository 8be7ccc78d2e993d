"""Every SQL statement of official statistics."""

from uuid import UUID

from sqlmodel import Session

from app.statistics.models import OfficialStatistics


def find(session: Session, programme_id: UUID, *, lock: bool = False) -> OfficialStatistics | None:
    """The statistics of a programme, held until the transaction ends where they are to be replaced."""
    # The weaker lock lets whoever deletes a document look meanwhile whether it is named here.
    return session.get(OfficialStatistics, programme_id, with_for_update={"key_share": True} if lock else None, populate_existing=lock)
