"""What a target is: a name, what is measured, how good it must be and how good it should be; and how to tell whether it is met."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["strive", "must", "MISSED"]


@dataclass(frozen=True)
class Measured:
    """The figure of a target, and the medians that it comes from (by what they are, with their unit in the name)."""

    value: float
    behind: Mapping[str, float] = field(default_factory=dict)


@dataclass
class Effort:
    """How hard to measure, and the stores to measure on; `errors` counts answers and rows that are not as they must be, over all rounds.

    `is_full`: with as many observations as the targets name, which takes minutes and gigabytes to write.
    """

    rounds: int
    posts: int
    stores: Callable[[str], object]
    errors: int = 0
    is_full: bool = False


@dataclass(frozen=True)
class Target:
    """One row of the table. `is_ceiling`: smaller is better."""

    name: str
    title: str
    unit: str
    must: float
    strive: float
    measure: Callable[[Effort], Measured]
    is_ceiling: bool = False

    def verdict(self, value: float) -> Verdict:
        """Which of the two the value reaches."""
        if self._reaches(value, self.strive):
            return "strive"
        return "must" if self._reaches(value, self.must) else "MISSED"

    def _reaches(self, value: float, goal: float) -> bool:
        return value <= goal if self.is_ceiling else value >= goal
