"""The sums of marks by status: noted while a transaction goes on, added when it is sealed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from app.observations import queries
from app.observations.models import NOWHERE
from app.observations.queries import AnyId

_NOTED = "observations.tally"
Place = tuple[AnyId, AnyId, AnyId | None, str]
"""Programme, case, hearing and form."""
Status = tuple[str, str, str, str, str]
"""A place, its ids as texts, and a status."""
Said = tuple[str, str]
"""Indicator and value; both empty for the observation itself."""
_ITSELF: Said = ("", "")


def note(session: Session, place: Place, status: str, marks: Iterable[tuple[str, str, int]], sign: int) -> None:
    """Note that an observation and its marks (indicator, value, how many) enter a status (+1) or leave it (-1)."""
    sums = _sums(session, place, status)
    sums[_ITSELF] += sign
    for indicator, value, number in marks:
        sums[indicator, value] += sign * number


def note_new(session: Session, place: Place, status: str, marks: Iterable[Said]) -> None:
    """Note that a new observation and its marks enter a status."""
    sums = _sums(session, place, status)
    sums[_ITSELF] += 1
    sums.update(marks)


def _sums(session: Session, place: Place, status: str) -> Counter[Said]:
    programme, case, hearing, form = place
    noted: defaultdict[Status, Counter[Said]] = session.info.setdefault(_NOTED, defaultdict(Counter))
    # As texts: one transaction may note the same place from what arrived, which is text, and from rows.
    return noted[str(programme), str(case), str(hearing or NOWHERE), form, status]


def project(session: Session, _: Sequence[Any]) -> None:
    """Projection: add what was noted in this transaction."""
    noted: Mapping[Status, Counter[Said]] = session.info.pop(_NOTED, {})
    sums = {(*place, *said, status): number for (*place, status), counted in noted.items() for said, number in counted.items()}
    if sums:
        queries.add_to_tally(session, sums)
