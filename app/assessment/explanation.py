"""Why a right has its rating: the rules that fired, and what would change it, found by trying the rules again."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil

from app.assessment.assess import Assessment
from app.assessment.contradictions import Name
from app.assessment.coverage import Ground
from app.assessment.derived import derive
from app.assessment.incidents import Incident
from app.assessment.inputs import CASE
from app.assessment.ratings import Applied, RatedRight, first_rule, matching, units_needed, units_of
from app.assessment.rulebook import FROM_MILD_TO_BAD, NOT_OBSERVED, Count, EnoughSeen, Level, Pattern, RatingRule, Rulebook

CONTESTED_LEFT_OUT = "contested_left_out"
BETTER_EVIDENCE = "better_evidence"
MORE_INCIDENTS = "more_incidents"
MORE_UNITS = "more_units"
WITHDRAWN = "withdrawn"
MORE_SEEN = "more_seen"


@dataclass(frozen=True, slots=True)
class Change:
    """What would change a rating, and to what.

    `lacks` is how many incidents, or units with one, or assessed units are missing, or how many incidents would have to fall;
    `hearings` how many more would have to be observed. `incidents` are those it is about: any one of them (better evidence), or all.
    """

    kind: str
    rule: RatingRule
    lacks: int = 0
    hearings: int = 0
    incidents: tuple[Incident, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A right as rated, the rules that fired (two where the rating is contested: counting contested incidents, and without them)."""

    rated: RatedRight
    fired: tuple[Applied, ...]
    changes: tuple[Change, ...]


def explanation_of(assessment: Assessment, right: str) -> Explanation:
    """The explanation of a right's rating. What would change it is reckoned from the rating that counts contested incidents."""
    rated = assessment.rights[right]
    fired = (rated.low, rated.high) if rated.is_contested else (rated.low,)
    return Explanation(rated, fired, tuple(_changes(assessment, rated)))


def _changes(assessment: Assessment, rated: RatedRight) -> Iterator[Change]:
    if rated.is_contested:
        yield Change(CONTESTED_LEFT_OUT, rated.high.rule, incidents=tuple(each for each in rated.adverse if each.is_contested))
    if rated.low.rule.rating == NOT_OBSERVED:
        yield from _more_seen(rated.ground, assessment.rulebook)
    yield from _better_evidence(assessment, rated)
    yield from _nearest_unmet(rated, assessment.rulebook)
    yield from _withdrawn(assessment, rated)


def _again(assessment: Assessment, rated: RatedRight, reported: Iterable[Incident], fallen: Container[Name] = ()) -> Applied:
    """The rule that fires for other reported incidents of the case, from which others are derived anew, but for those that fell."""
    left = [each for each in reported if each.name not in fallen]
    derived = (each for each in derive(left, assessment.rulebook, assessment.days) if each.name not in fallen)
    own = [each for each in (*left, *derived) if each.indicator.right == rated.right.code]
    return first_rule(own, rated.ground, assessment.rulebook)


def _more_seen(ground: Ground, rulebook: Rulebook) -> Iterator[Change]:
    """What is missing until it could be said that the right was respected; nothing can be where no unit is known."""
    for rule in rulebook.rules:
        if isinstance(rule.test, EnoughSeen) and _can_be_seen(ground):
            hearings = 0 if ground.unit == CASE else ceil(rule.test.min_hearing_coverage * ground.case.hearings_known)
            units = _units_for(rule.test, ground)
            yield Change(MORE_SEEN, rule, max(0, units - ground.assessed), max(0, hearings - ground.case.hearings_observed))


def _can_be_seen(ground: Ground) -> bool:
    return ground.unit == CASE or (ground.total > 0 and ground.case.hearings_known > 0)


def _units_for(test: EnoughSeen, ground: Ground) -> int:
    if ground.unit == CASE:
        return 1
    return max(min(test.min_units, ground.total), ceil(test.min_unit_coverage * ground.total))


def _better_evidence(assessment: Assessment, rated: RatedRight) -> Iterator[Change]:
    """Incidents of which any one, evidenced one level better, would make the rating worse; alike ones are tried once."""
    for incidents in _alike([each for each in rated.adverse if each.reports and each.level in (Level.E1, Level.E2)]):
        first = incidents[0]
        raised = replace(first, level=Level(first.level + 1))
        found = _again(assessment, rated, (raised if each is first else each for each in assessment.reported))
        if is_worse(found.rule, rated.low.rule):
            yield Change(BETTER_EVIDENCE, found.rule, 1, incidents=tuple(incidents))


def _alike(incidents: Sequence[Incident]) -> list[list[Incident]]:
    """Incidents by severity, level, and whether their unit has an established one: those of a group make the same difference."""
    established = units_of(each for each in incidents if each.is_established)

    def kind(incident: Incident) -> tuple[int, int, bool]:
        return (-incident.severity, -incident.level, incident.unit in established)

    return [list(group) for _, group in groupby(sorted(incidents, key=kind), key=kind)]


def is_worse(rule: RatingRule, than: RatingRule) -> bool:
    """Whether a rule's rating is worse than another's; anything is worse than not observed but respected."""
    return _badness(rule) > _badness(than)


def _badness(rule: RatingRule) -> int:
    return FROM_MILD_TO_BAD.index(rule.rating) if rule.rating in FROM_MILD_TO_BAD else 0


def _nearest_unmet(rated: RatedRight, rulebook: Rulebook) -> Iterator[Change]:
    """The rule with a worse rating that lacks least; of equals the mildest."""
    unmet = [_unmet(rule, rated) for rule in rulebook.rules if is_worse(rule, rated.low.rule)]
    nearest = min((each for each in reversed(unmet) if each is not None), key=lambda each: each.lacks, default=None)
    if nearest is not None:
        yield nearest


def _unmet(rule: RatingRule, rated: RatedRight) -> Change | None:
    match rule.test:
        case Count() as test:
            return Change(MORE_INCIDENTS, rule, test.at_least - len(matching(test, rated.incidents)))
        case Pattern() as test:
            shown = units_of(matching(test, rated.incidents))
            return Change(MORE_UNITS, rule, ceil(units_needed(test, rated.ground)) - len(shown))
        case _:
            return None


def _withdrawn(assessment: Assessment, rated: RatedRight) -> Iterator[Change]:
    """How many of the deciding incidents would have to fall until the rating changes, and to what; the weakest fall first."""
    applied, fallen = rated.low, dict[Name, Incident]()
    while applied.rule.rating == rated.low.rule.rating and applied.deciding:
        fallen |= {each.name: each for each in _until_unmet(applied, rated.ground)}
        applied = _again(assessment, rated, assessment.reported, fallen)
    if fallen:
        yield Change(WITHDRAWN, applied.rule, len(fallen), incidents=tuple(fallen.values()))


def _until_unmet(applied: Applied, ground: Ground) -> Sequence[Incident]:
    """The weakest of the incidents that a rule counts, as many as keep it from applying."""
    weakest = sorted(applied.deciding, key=lambda each: (not each.is_contested, each.level, each.severity))
    match applied.rule.test:
        case Count() as test:
            return weakest[: len(weakest) - test.at_least + 1]
        case Pattern() as test:
            by_unit = {unit: [each for each in weakest if each.unit == unit] for unit in units_of(weakest)}
            easiest = sorted(by_unit.values(), key=lambda each: (len(each), each[0].unit))
            spare = len(easiest) - ceil(units_needed(test, ground))
            return [each for group in easiest[: spare + 1] for each in group]
        case _:
            return ()
