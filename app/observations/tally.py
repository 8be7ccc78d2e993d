"""The sums of marks by status: noted while a transaction goes on, added when it is sealed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.observations import queries
from app.observations.models import NOWHERE

_NOTED = "observations.tally"


def note(
    session: Session, place: tuple[UUID, UUID, UUID | None, str], status: str, marks: Iterable[tuple[str, str, int]], sign: int
) -> None:
    """Note that an observation and its marks (indicator, value, how many) enter a status (+1) or leave it (-1).

    `place` is programme, case, hearing and form.
    """
    sums: Counter[tuple[str, ...]] = session.info.setdefault(_NOTED, Counter())
    programme, case, hearing, form = place
    key = (str(programme), str(case), str(hearing or NOWHERE), form)
    sums[*key, "", "", status] += sign
    for indicator, value, number in marks:
        sums[*key, indicator, value, status] += sign * number


def project(session: Session, _: Sequence[Any]) -> None:
    """Projection: add what was noted in this transaction."""
    sums: Counter[tuple[str, ...]] = session.info.pop(_NOTED, Counter())
    if sums:
        queries.add_to_tally(session, sums)
