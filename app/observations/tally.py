"""The sums of marks by status: noted while a transaction goes on, added when it is sealed."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Session

from app.observations import queries
from app.observations.models import NOWHERE
from app.observations.queries import AnyId

_NOTED = "observations.tally"
Place = tuple[AnyId, AnyId, AnyId | None, str]
"""Programme, case, hearing and form."""
Key = tuple[str, str, str, str]
Sum = tuple[str, str, str]


def note(session: Session, place: Place, status: str, marks: Iterable[tuple[str, str, int]], sign: int) -> None:
    """Note that an observation and its marks (indicator, value, how many) enter a status (+1) or leave it (-1)."""
    programme, case, hearing, form = place
    noted: dict[Key, dict[Sum, int]] = session.info.setdefault(_NOTED, {})
    # As texts: one transaction may note the same place from what arrived, which is text, and from rows.
    sums = noted.setdefault((str(programme), str(case), str(hearing or NOWHERE), form), {})
    total = ("", "", status)
    sums[total] = sums.get(total, 0) + sign
    for indicator, value, number in marks:
        key = (indicator, value, status)
        sums[key] = sums.get(key, 0) + sign * number


def project(session: Session, _: Sequence[Any]) -> None:
    """Projection: add what was noted in this transaction."""
    noted: dict[Key, dict[Sum, int]] = session.info.pop(_NOTED, {})
    sums = {(*place, *key): number for place, counted in noted.items() for key, number in counted.items()}
    if sums:
        queries.add_to_tally(session, sums)
