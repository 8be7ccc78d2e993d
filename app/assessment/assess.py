"""The whole assessment of a case: every right rated, groups, the grade, and what a reader must keep in mind about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

    `caveats` name the rights that they are about; `voices` is how many observers the case has observations by.
    """

    rulebook: Rulebook
    coverage: Coverage
    rights: Mapping[str, RatedRight]
    groups: Mapping[str, str]
    grade: Grade
    caveats: Mapping[str, tuple[str, ...]]
    voices: int


def assess(trial: Trial, taxonomy: Taxonomy) -> Assessment:
    """Rate a case by the rules of a taxonomy. The same observations in any order give the same assessment."""
    rulebook = rulebook_of(taxonomy)
    scale = Scale(rulebook)
    coverage, incidents = coverage_of(trial, scale), _incidents(trial, scale)
    voices = len({each.occasion.observer for each in trial.observations})
    rights = {code: rate(right, incidents, coverage.ground(right), rulebook, voices=voices) for code, right in taxonomy.rights.items()}
    return Assessment(
        rulebook=rulebook,
        coverage=coverage,
        rights=MappingProxyType(rights),
        groups=MappingProxyType({group: _group(group, rights) for group in taxonomy.right_groups}),
        grade=grade(list(rights.values()), incidents, trial, rulebook),
        caveats=caveats_of(list(rights.values())),
        voices=voices,
    )


def _incidents(trial: Trial, scale: Scale) -> Sequence[Incident]:
    reported = incidents_of(Statements(trial.observations, scale), trial.days)
    return [*reported, *derive(reported, scale.rulebook, trial.days)]


def _group(group: str, rights: Mapping[str, RatedRight]) -> str:
    return group_rating(each.rating for each in rights.values() if each.right.group == group)
