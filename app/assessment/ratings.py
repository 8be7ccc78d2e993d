"""A right's rating: the first rule that applies to its incidents, once with contested incidents and once without, and how sure it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.assessment.coverage import Ground
from app.assessment.incidents import Incident
from app.assessment.inputs import CASE
from app.assessment.rulebook import NOT_OBSERVED, RESPECTED, Count, EnoughSeen, Level, Pattern, RatingRule, Rulebook
from app.taxonomy.catalogue import Right

FIRM = "firm"
CONTESTED = "contested"
LOW, MEDIUM, HIGH = "low", "medium", "high"
NO_ELIGIBLE_OBSERVATION = "no_eligible_observation"
INSUFFICIENT_COVERAGE = "insufficient_coverage"


@dataclass(frozen=True, slots=True)
class Applied:
    """The first rule that applies, and the incidents that it counted."""

    rule: RatingRule
    deciding: tuple[Incident, ...] = ()


@dataclass(frozen=True, slots=True)
class RatedRight:
    """A right with its rating.

    `low` counts contested incidents, `high` leaves them out. `incidents` are all of the right, whatever their polarity and level.
    """

    right: Right
    ground: Ground
    incidents: tuple[Incident, ...]
    low: Applied
    high: Applied
    confidence: str

    @property
    def is_contested(self) -> bool:
        """Whether the rating hangs on incidents that observers contest."""
        return self.low.rule.rating != self.high.rule.rating

    @property
    def status(self) -> str:
        """A term of the vocabulary `rating_status`."""
        return CONTESTED if self.is_contested else FIRM

    @property
    def rating(self) -> str | None:
        """The rating; None where it is contested."""
        return None if self.is_contested else self.low.rule.rating

    @property
    def rule(self) -> str:
        """The rule that decides, by id; `contested` where two differ."""
        return CONTESTED if self.is_contested else self.low.rule.id

    @property
    def reason(self) -> str | None:
        """Why it is not observed; None where it is rated."""
        if self.rating != NOT_OBSERVED:
            return None
        return INSUFFICIENT_COVERAGE if self.ground.assessed else NO_ELIGIBLE_OBSERVATION

    @property
    def adverse(self) -> list[Incident]:
        """Its violations and concerns, established or not."""
        return [each for each in self.incidents if each.is_adverse]


def rate(right: Right, incidents: Iterable[Incident], ground: Ground, rulebook: Rulebook, *, voices: int) -> RatedRight:
    """The rating of a right from its incidents; `voices` is how many observers the case has observations by.

    Only what is established and weighs anything counts in rules (taxonomy, incident).
    """
    own = tuple(incidents)
    counting = [each for each in own if each.is_established and each.severity]
    uncontested = [each for each in counting if not each.is_contested]
    low = first_rule(counting, ground, rulebook)
    high = first_rule(uncontested, ground, rulebook) if len(uncontested) < len(counting) else low
    confidence = LOW if low.rule.rating != high.rule.rating else confidence_in(low, ground, rulebook, voices=voices)
    return RatedRight(right, ground, own, low, high, confidence)


def first_rule(incidents: Sequence[Incident], ground: Ground, rulebook: Rulebook) -> Applied:
    """The first rule, top to bottom, that applies."""
    for rule in rulebook.rules:
        deciding = counted_by(rule, incidents, ground)
        if deciding is not None:
            return Applied(rule, deciding)
    raise ValueError(rulebook.taxonomy.version)  # The last rule of every taxonomy is "everything else".


def counted_by(rule: RatingRule, incidents: Sequence[Incident], ground: Ground) -> tuple[Incident, ...] | None:
    """The incidents that a rule counts; None where it does not apply."""
    match rule.test:
        case Count(at_least=at_least) as test:
            found = matching(test, incidents)
            return found if len(found) >= at_least else None
        case Pattern() as test:
            found = matching(test, incidents)
            return found if len(units_of(found)) >= units_needed(test, ground) else None
        case EnoughSeen() as test:
            return () if is_enough(test, ground) else None
        case _:
            return ()


def matching(test: Count | Pattern, incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """The incidents that a test counts. The case as a whole is not one of several units, so it is no part of a pattern."""
    if isinstance(test, Count):
        return tuple(each for each in incidents if each.level >= test.min_level and each.severity in test.severities)
    return tuple(each for each in incidents if each.level >= test.min_level and each.severity >= test.min_severity and each.unit != CASE)


def units_of(incidents: Iterable[Incident]) -> frozenset[str]:
    """The different units of incidents."""
    return frozenset(each.unit for each in incidents)


def units_needed(test: Pattern, ground: Ground) -> float:
    """In how many units a pattern must show."""
    return max(test.min_units, test.share * ground.assessed)


def is_enough(test: EnoughSeen, ground: Ground) -> bool:
    """Whether enough was seen to say that a right was respected. What is about the case as a whole needs to be seen once."""
    if ground.unit == CASE or not ground.assessed:
        return ground.assessed > 0
    return (
        ground.assessed >= min(test.min_units, ground.total)
        and ground.coverage >= test.min_unit_coverage
        and ground.case.of_hearings >= test.min_hearing_coverage
    )


def confidence_in(applied: Applied, ground: Ground, rulebook: Rulebook, *, voices: int) -> str:
    """How sure a firm rating is (taxonomy, confidence_rules)."""
    if _is_unsure(applied, ground, rulebook):
        return LOW
    wanted, rule, share = rulebook.parameters, applied.rule, ground.case.of_hearings
    if rule.rating == RESPECTED:
        several = voices >= rulebook.parameters["direct_sources_for_E3"]
        return HIGH if several and share >= wanted["high_confidence_coverage_respected"] else MEDIUM
    is_solid = all(each.level >= Level.E3 for each in applied.deciding)
    return HIGH if is_solid and (rule.is_strong or share >= wanted["high_confidence_coverage"]) else MEDIUM


def _is_unsure(applied: Applied, ground: Ground, rulebook: Rulebook) -> bool:
    rule, deciding, wanted = applied.rule, applied.deciding, rulebook.parameters
    if rule.rating == NOT_OBSERVED or (not rule.is_strong and ground.case.of_hearings < wanted["low_confidence_coverage"]):
        return True
    return _hangs_on_one_observer(deciding) or _was_hardly_understood(deciding, ground, rulebook)


def _hangs_on_one_observer(deciding: Sequence[Incident]) -> bool:
    who = frozenset[str]().union(*(each.observers for each in deciding))
    return len(who) == 1 and all(each.level == Level.E2 for each in deciding)


def _was_hardly_understood(deciding: Sequence[Incident], ground: Ground, rulebook: Rulebook) -> bool:
    share = ground.case.language_able_share
    is_low = share is not None and share < rulebook.parameters["low_language_able_share"]
    return is_low and any(each.indicator.content_dependent for each in deciding)
