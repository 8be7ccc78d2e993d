"""How much was seen: of hearings, and per right of its units (taxonomy, coverage)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from app.assessment.contradictions import Statements
from app.assessment.evidence import ELIGIBLE, Scale
from app.assessment.inputs import ABSENT, PRESENT, Trial
from app.assessment.rulebook import ADVERSE, GOOD_PRACTICE
from app.taxonomy.catalogue import Right


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of hearings, defendants and observers, and of the units assessed by right."""

    hearings_known: int
    hearings_observed: int
    defendants: int
    observers: int
    language_able: int
    assessed: Mapping[str, int]

    @property
    def of_hearings(self) -> float:
        """The share of known hearings that were observed; 0 where none is known."""
        return self.hearings_observed / self.hearings_known if self.hearings_known else 0.0

    @property
    def language_able_share(self) -> float | None:
        """The share of observers who understood; None where nobody observed."""
        return self.language_able / self.observers if self.observers else None

    def ground(self, right: Right) -> "Ground":
        """What was seen of a right."""
        total = {"hearing": self.hearings_known, "participant": self.defendants, "case": 1}[right.unit]
        return Ground(right.unit, self.assessed.get(right.code, 0), total, self)


@dataclass(frozen=True, slots=True)
class Ground:
    """How many of a right's units were assessed, and of how many; more can be assessed than are known, but they cover no more."""

    unit: str
    assessed: int
    total: int
    case: Coverage

    @property
    def covered(self) -> int:
        """The assessed units, no more than there are."""
        return min(self.assessed, self.total)

    @property
    def coverage(self) -> float:
        """The share of units assessed; 0 of nothing."""
        return self.covered / self.total if self.total else 0.0


def coverage_of(trial: Trial, statements: Statements) -> Coverage:
    """The coverage of a case."""
    return Coverage(
        hearings_known=len(trial.known),
        hearings_observed=len(trial.observed & trial.known),
        defendants=trial.defendants,
        observers=trial.observers,
        language_able=trial.language_able,
        assessed={right: len(units) for right, units in _assessed(statements).items()},
    )


def _assessed(statements: Statements) -> dict[str, set[str]]:
    """The units by right about which an eligible source says something that shows the right was looked at."""
    assessed: dict[str, set[str]] = defaultdict(set)
    for answer, about in statements.answers.items():
        right = _shows(*answer, statements.scale)
        if right is not None:
            assessed[right].update(*about)
    return assessed


def _shows(indicator: str, value: str, basis: str, comprehension: str | None, scale: Scale) -> str | None:
    """The right that an answer shows was looked at: a reproach, made or denied, or a good practice that was there."""
    about = scale.rulebook.taxonomy.indicators.get(indicator)
    if about is None or scale.class_of(indicator, basis, comprehension) not in ELIGIBLE:
        return None
    if about.polarity in ADVERSE:
        return about.right if value in (PRESENT, ABSENT) else None
    return about.right if about.polarity == GOOD_PRACTICE and value == PRESENT else None
