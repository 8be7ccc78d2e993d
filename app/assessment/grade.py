"""The ratings of groups of rights, and the indicative grade of a case: computed, then for a coordinator to confirm or depart from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.assessment.incidents import Incident
from app.assessment.inputs import Trial, Verdict
from app.assessment.ratings import HIGH, LOW, MEDIUM, RatedRight
from app.assessment.rulebook import NOT_OBSERVED, NOT_RESPECTED, PARTIALLY, RESPECTED, Rulebook

COMPUTED = "computed"
NOT_GRADED = "not_graded"
REASONS = {"G0": "verdict_pending", "G1": "too_little_observed"}
_FROM_LOW = (LOW, MEDIUM, HIGH)
_GRAVEST = "NR1"

Ratings = Mapping[str, str]
"""Ratings by right."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a grade depends on beside the ratings (taxonomy, grade.definitions)."""

    verdict_delivered: bool
    hearing_coverage: float
    gross: bool
    outcome_effect: bool
    significant_harm: bool


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade; `value` is None where it depends on contested facts, and `span` then has it at worst and at best.

    `rule` and `circumstances` are those of the worst. `gross` are fundamental rights not respected under the gravest rule.
    """

    value: str | None
    span: tuple[str, str]
    rule: str
    confidence: str | None
    gross: tuple[str, ...]
    circumstances: Circumstances
    rated_rights: int

    @property
    def reason(self) -> str | None:
        """Why there is no grade; None where there is one or two."""
        return REASONS.get(self.rule) if self.value == NOT_GRADED else None


def group_rating(ratings: Iterable[str | None]) -> str:
    """What the ratings of a group come to; a contested one is None and left out (taxonomy, group_rating)."""
    known = {each for each in ratings if each is not None and each != NOT_OBSERVED}
    if not known:
        return NOT_OBSERVED
    return known.pop() if len(known) == 1 else PARTIALLY


def grade(rights: Sequence[RatedRight], incidents: Sequence[Incident], trial: Trial, rulebook: Rulebook) -> Grade:
    """The grade of a case, from all its rights and its verdict at their worst and at their best."""
    gross = tuple(each.right.code for each in rights if is_gross(each))
    at_worst, at_best = (
        _circumstances(rights, incidents, verdict, gross=bool(gross))
        for verdict in (trial.verdict_at_worst or trial.verdict, trial.verdict)
    )
    low, high = ({each.right.code: rating for each, rating in _ratings(rights, side)} for side in ("low", "high"))
    rules = [grade_rule(ratings, found, rulebook) for ratings, found in ((low, at_worst), (high, at_best))]
    worst, best = (rulebook.grades[each] for each in rules)
    return Grade(
        value=worst if worst == best else None,
        span=(worst, best),
        rule=rules[0],
        confidence=_confidence(rights, rules[0]),
        gross=gross,
        circumstances=at_worst,
        rated_rights=len(rated(low)),
    )


def grade_rule(ratings: Ratings, circumstances: Circumstances, rulebook: Rulebook) -> str:
    """The first grade rule that applies, by id."""
    return next(each for each in rulebook.grades if RULES[each](ratings, circumstances, rulebook))


def is_gross(right: RatedRight) -> bool:
    """Whether a fundamental right is firmly not respected under the gravest rule."""
    return right.right.fundamental and right.rating == NOT_RESPECTED and right.rule == _GRAVEST


def rated(ratings: Ratings) -> list[str]:
    """The rights that have a rating."""
    return [right for right, rating in ratings.items() if rating != NOT_OBSERVED]


def _ratings(rights: Sequence[RatedRight], side: str) -> list[tuple[RatedRight, str]]:
    return [(each, (each.low if side == "low" else each.high).rule.rating) for each in rights]


def _circumstances(rights: Sequence[RatedRight], incidents: Sequence[Incident], verdict: Verdict, *, gross: bool) -> Circumstances:
    established = [each for each in incidents if each.is_established]
    effect = any(_touches_outcome(each, verdict) for each in established)
    harm = any(each.indicator.harm for each in established)
    return Circumstances(
        verdict_delivered=verdict.is_delivered,
        hearing_coverage=rights[0].ground.case.of_hearings,
        gross=gross,
        outcome_effect=effect,
        significant_harm=harm or (effect and verdict.is_custodial),
    )


def _touches_outcome(incident: Incident, verdict: Verdict) -> bool:
    """Whether an incident bears on a conviction: of the defendant it is about, or of anybody where it is about a hearing or the case."""
    if not incident.indicator.outcome_link:
        return False
    return incident.unit in verdict.convicted if incident.indicator.applies_to == "participant" else verdict.anybody_convicted


def _confidence(rights: Sequence[RatedRight], rule: str) -> str | None:
    """The lowest confidence among the rights that decided: the gross ones, else those with a rating that the rule asks for."""
    decided = [each for each in rights if is_gross(each)] or [each for each in rights if each.low.rule.rating in DECIDED_BY[rule]]
    return min((each.confidence for each in decided), key=_FROM_LOW.index, default=None)


def _is_pending(_: Ratings, found: Circumstances, __: Rulebook) -> bool:
    return not found.verdict_delivered


def _is_too_little(ratings: Ratings, found: Circumstances, rulebook: Rulebook) -> bool:
    wanted, known = rulebook.parameters, rated(ratings)
    fundamental = sum(rulebook.taxonomy.rights[each].fundamental for each in known)
    few = len(known) < wanted["grade_min_rated_rights"] or fundamental < wanted["grade_min_fundamental_rated"]
    return not found.gross and (few or found.hearing_coverage < wanted["grade_min_hearing_coverage"])


def _is_grossly_unfair(_: Ratings, found: Circumstances, __: Rulebook) -> bool:
    return found.gross and _hurts(found)


def _is_unfair_with_effect(ratings: Ratings, found: Circumstances, _: Rulebook) -> bool:
    return NOT_RESPECTED in ratings.values() and _hurts(found)


def _is_unfair(ratings: Ratings, _: Circumstances, rulebook: Rulebook) -> bool:
    given = list(ratings.values())
    return NOT_RESPECTED in given or given.count(PARTIALLY) >= rulebook.parameters["grade_c_min_partial"]


def _has_shortcomings(ratings: Ratings, _: Circumstances, __: Rulebook) -> bool:
    return PARTIALLY in ratings.values()


def _is_fair(*_: object) -> bool:
    """Whether every rated right is respected, which is so where no rule above applies."""
    return True


def _hurts(found: Circumstances) -> bool:
    return found.outcome_effect or found.significant_harm


RULES: Mapping[str, Callable[[Ratings, Circumstances, Rulebook], bool]] = {
    "G0": _is_pending,
    "G1": _is_too_little,
    "G2": _is_grossly_unfair,
    "G3": _is_unfair_with_effect,
    "G4": _is_unfair,
    "G5": _has_shortcomings,
    "G6": _is_fair,
}
DECIDED_BY: Mapping[str, frozenset[str]] = {
    "G0": frozenset(),
    "G1": frozenset(),
    "G2": frozenset({NOT_RESPECTED}),
    "G3": frozenset({NOT_RESPECTED}),
    "G4": frozenset({NOT_RESPECTED, PARTIALLY}),
    "G5": frozenset({PARTIALLY}),
    "G6": frozenset({RESPECTED}),
}
