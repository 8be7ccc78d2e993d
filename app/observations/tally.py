"""The sums of marks by status: noted while a transaction goes on, added when it is sealed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.observations import queries
from app.observations.models import NOWHERE

_NOTED = "observations.tally"
Place = tuple[UUID, UUID, UUID | None, str]
"""Programme, case, hearing and form."""


def note(session: Session, place: Place, status: str, marks: Iterable[tuple[str, str, int]], sign: int) -> None:
    """Note that an observation and its marks (indicator, value, how many) enter a status (+1) or leave it (-1)."""
    noted: dict[Place, Counter[tuple[str, str, str]]] = session.info.setdefault(_NOTED, {})
    sums = noted.setdefault(place, Counter())
    sums["", "", status] += sign
    for indicator, value, number in marks:
        sums[indicator, value, status] += sign * number


def project(session: Session, _: Sequence[Any]) -> None:
    """Projection: add what was noted in this transaction."""
    noted: dict[Place, Counter[tuple[str, str, str]]] = session.info.pop(_NOTED, {})
    sums = {
        (programme, case, hearing or NOWHERE, form, *key): number
        for (programme, case, hearing, form), counted in noted.items()
        for key, number in counted.items()
    }
    if sums:
        queries.add_to_tally(session, sums)
