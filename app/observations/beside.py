"""What stands beside an observation: files, which are kept in a package above, which says what it holds."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from app.observations.schemas import AttachmentsShown

Counting = Callable[[Session, Collection[UUID], Collection[UUID]], Mapping[tuple[UUID, UUID], AttachmentsShown]]
"""(programme, observation) -> its files, for those that have any: session, programmes, observations."""


def _none(
    _session: Session, _programmes: Collection[UUID], _observations: Collection[UUID]
) -> Mapping[tuple[UUID, UUID], AttachmentsShown]:
    return {}


@dataclass
class Attachments:
    """Where to ask for the files of observations: named when the program is put together."""

    counted: Counting = _none


ATTACHMENTS = Attachments()
