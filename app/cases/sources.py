"""Where something was read or heard: documents stand here, observations in a package above, which says what it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from app.cases.documents.service import DOCUMENTS
from app.cases.schemas import DocumentSource, Source
from app.kit import errors

ObservationExists = Callable[[Session, UUID, UUID | None, UUID], bool]
"""Whether a programme (and, where one is given, a case of it) has an observation: session, programme, case, observation."""


def _none(_session: Session, _programme_id: UUID, _case_id: UUID | None, _observation_id: UUID) -> bool:
    return False


@dataclass
class Observations:
    """Where to ask whether an observation exists: named when the program is put together, for it is kept in a package above."""

    exists: ObservationExists = _none


OBSERVATIONS = Observations()


def check_source(session: Session, programme_id: UUID, case_id: UUID | None, source: Source | DocumentSource) -> None:
    """Raise 404 at its place for a document of another programme, or an observation of another case."""
    if source.document_id is not None:
        DOCUMENTS.within(session, programme_id, source.document_id, "/source/document_id")
    elif source.observation_id is None or not OBSERVATIONS.exists(session, programme_id, case_id, source.observation_id):
        raise errors.missing("/source/observation_id")
