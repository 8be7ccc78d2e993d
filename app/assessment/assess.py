"""The whole assessment of a case: every right rated, groups, the grade, and what a reader must keep in mind about them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from app.assessment.caveats import caveats_of
from app.assessment.contradictions import Statements
from app.assessment.coverage import Coverage, coverage_of
from app.assessment.derived import derive
from app.assessment.evidence import Scale
from app.assessment.grade import Grade, grade, group_rating
from app.assessment.incidents import Incident, incidents_of
from app.assessment.inputs import Trial
from app.assessment.ratings import RatedRight, rate
from app.assessment.rulebook import Rulebook, rulebook_of
from app.taxonomy.catalogue import Taxonomy


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """A case as rated. `rights` stand in the order of the taxonomy, `groups` are ratings by group.

    `caveats` name the rights that they are about. `reported` are the incidents without the derived ones, and `days` the days of hearings:
    what it takes to try the rules again.
    """

    rulebook: Rulebook
    coverage: Coverage
    rights: Mapping[str, RatedRight]
    groups: Mapping[str, str]
    grade: Grade
    caveats: Mapping[str, tuple[str, ...]]
    reported: tuple[Incident, ...]
    days: Mapping[str, date]


def assess(trial: Trial, taxonomy: Taxonomy) -> Assessment:
    """Rate a case by the rules of a taxonomy. The same observations in any order give the same assessment."""
    rulebook = rulebook_of(taxonomy)
    statements = Statements(trial.observations, Scale(rulebook))
    coverage, reported = coverage_of(trial, statements), tuple(incidents_of(statements, trial.days))
    incidents = (*reported, *derive(reported, rulebook, trial.days))
    rights = _rights(incidents, coverage, rulebook, voices=len(statements.observers))
    return Assessment(
        rulebook=rulebook,
        coverage=coverage,
        rights=MappingProxyType(rights),
        groups=MappingProxyType({group: _group(group, rights) for group in taxonomy.right_groups}),
        grade=grade(list(rights.values()), incidents, trial, rulebook),
        caveats=caveats_of(list(rights.values())),
        reported=reported,
        days=trial.days,
    )


def _rights(incidents: Sequence[Incident], coverage: Coverage, rulebook: Rulebook, *, voices: int) -> dict[str, RatedRight]:
    by_right: dict[str, list[Incident]] = defaultdict(list)
    for each in incidents:
        by_right[each.indicator.right].append(each)
    return {
        code: rate(right, by_right[code], coverage.ground(right), rulebook, voices=voices)
        for code, right in rulebook.taxonomy.rights.items()
    }


def _group(group: str, rights: Mapping[str, RatedRight]) -> str:
    return group_rating(each.rating for each in rights.values() if each.right.group == group)
