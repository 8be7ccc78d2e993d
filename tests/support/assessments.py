"""Builders of what an assessment is made from: observations and trials that are valid and plain unless a test says otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.assessment.assess import Assessment, assess
from app.assessment.inputs import Observation, Occasion, Trial, Verdict
from app.taxonomy.catalogue import current

A_DAY = date(2020, 3, 2)
CONVICTION = Verdict(is_delivered=True, convicted=frozenset({"P1"}), anybody_convicted=True, is_custodial=True)


@dataclass(frozen=True)
class Said:
    """A statement of a filing."""

    indicator: str
    value: str = "present"
    basis: str = "seen"
    document: str | None = None
    informant_role: str | None = None
    informant: str | None = None


def an_observation(
    indicator: str, *units: str, by: str = "o1", at: str | None = "h1", value: str = "present", basis: str = "seen", **more: Any
) -> Observation:
    """What an observer says of one indicator about some units."""
    of_filing = {name: more.pop(name) for name in ("comprehension", "attended", "happened", "is_lifting") if name in more}
    filing = more.pop("filing", f"{by}-{at}-{indicator}-{value}-{basis}-{'+'.join(units)}")
    return Observation(Occasion(filing, by, at, **of_filing), units, Said(indicator, value, basis, **more))


def a_trial_of(observations: Iterable[Observation] = (), *, hearings: int = 4, observed: int = 4, **more: Any) -> Trial:
    """A trial with hearings h1, h2, … on consecutive days, two defendants and two observers who understand."""
    days = {f"h{n}": A_DAY + timedelta(days=n) for n in range(1, hearings + 1)}
    given: dict[str, Any] = {"defendants": 2, "observers": 2, "language_able": 2, **more}
    watched = frozenset(list(days)[:observed])
    return Trial(days=days, known=frozenset(days), observed=watched, observations=tuple(observations), **given)


def assessed(*observations: Observation, **more: Any) -> Assessment:
    """The assessment of such a trial."""
    return assess(a_trial_of(observations, **more), current())
