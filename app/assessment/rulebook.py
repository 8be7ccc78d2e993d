"""The taxonomy's rules of rating as typed values: thresholds, rules in their order, derived indicators. Read once for each version."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

from app.taxonomy.catalogue import Indicator, Taxonomy

RESPECTED = "respected"
PARTIALLY = "partially_respected"
NOT_RESPECTED = "not_respected"
NOT_OBSERVED = "not_observed"
FROM_MILD_TO_BAD = (RESPECTED, PARTIALLY, NOT_RESPECTED)

ADVERSE = frozenset({"violation", "concern"})
NEUTRAL = "neutral"
GOOD_PRACTICE = "good_practice"


class Level(IntEnum):
    """How well an incident is evidenced (evidence, levels); from E2 it is established and counts in rules."""

    E0 = 0
    E1 = 1
    E2 = 2
    E3 = 3


ESTABLISHED = Level.E2


@dataclass(frozen=True, slots=True)
class Count:
    """Holds for at least so many incidents of these effective severities at this level or above."""

    severities: frozenset[int]
    min_level: Level
    at_least: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """Holds for incidents of a severity in at least so many units and in this share of the units that were assessed."""

    min_severity: int
    min_level: Level
    min_units: int
    share: float


@dataclass(frozen=True, slots=True)
class EnoughSeen:
    """Holds where this many units were assessed, in these shares of all units and of all hearings."""

    min_units: int
    min_unit_coverage: float
    min_hearing_coverage: float


@dataclass(frozen=True, slots=True)
class RatingRule:
    """A rule that gives a rating; one without a test always applies."""

    id: str
    rating: str
    test: Count | Pattern | EnoughSeen | None

    @property
    def is_strong(self) -> bool:
        """Whether so many grave incidents speak for themselves, however little else was seen (NR1 to NR4)."""
        return self.rating == NOT_RESPECTED and isinstance(self.test, Count)


@dataclass(frozen=True, slots=True)
class Derivation:
    """From which indicators another one is derived, and which of them rule it out."""

    indicator: Indicator
    sources: tuple[str, ...]
    excluded_by: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """The rules of one taxonomy version.

    `grades` are the grades by rule id in their order, `classes` the source class of each basis, `documentary` the bases that are
    documents or recordings.
    """

    taxonomy: Taxonomy
    parameters: Mapping[str, float]
    rules: tuple[RatingRule, ...]
    derivations: tuple[Derivation, ...]
    grades: Mapping[str, str]
    classes: Mapping[str, str]
    documentary: frozenset[str]
    places: Mapping[str, int]
    """The place of each indicator in the taxonomy."""

    def effective_severity(self, indicator: Indicator) -> int:
        """How much an incident of an indicator weighs: a concern one less than a violation, what is no reproach nothing."""
        match indicator.polarity:
            case "violation":
                return indicator.severity
            case "concern":
                return max(1, indicator.severity - 1)
            case _:
                return 0


@lru_cache(maxsize=16)
def rulebook_of(taxonomy: Taxonomy) -> Rulebook:
    """The rulebook of a taxonomy."""
    raw, bases = taxonomy.assessment, taxonomy.vocabularies["observation_basis"]
    return Rulebook(
        taxonomy=taxonomy,
        parameters=raw["parameters"],
        rules=tuple(_rule(each) for each in raw["rating_rules"]),
        derivations=tuple(_derivation(each, taxonomy) for each in raw["derived_indicators"]),
        grades={each["id"]: each["grade"] for each in raw["grade"]["rules"]},
        classes={code: str(term.class_) for code, term in bases.items()},
        documentary=frozenset(code for code, term in bases.items() if term.class_ == "documentary"),
        places={code: place for place, code in enumerate(taxonomy.indicators)},
    )


def _rule(raw: Mapping[str, Any]) -> RatingRule:
    return RatingRule(raw["id"], raw["rating"], _test(raw))


def _test(raw: Mapping[str, Any]) -> Count | Pattern | EnoughSeen | None:
    if "count" in raw:
        return Count(frozenset(raw["count"]["effective_severity"]), Level[raw["count"]["min_level"]], raw["at_least"])
    if "pattern" in raw:
        found = raw["pattern"]
        level = Level[found["min_level"]]
        return Pattern(found["min_effective_severity"], level, found["min_units"], found["share_of_assessed_units"])
    if "requires" in raw:
        found = raw["requires"]
        return EnoughSeen(found["min_assessed_units"], found["min_unit_coverage"], found["min_hearing_coverage"])
    return None


def _derivation(raw: Mapping[str, Any], taxonomy: Taxonomy) -> Derivation:
    return Derivation(taxonomy.indicators[raw["indicator"]], tuple(raw["from"]), frozenset(raw.get("excluded_by", ())))
