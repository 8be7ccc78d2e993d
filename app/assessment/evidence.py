"""How good a source is, which sources are one and the same, and how well they evidence an incident together (taxonomy, evidence)."""

from collections.abc import Collection
from typing import NamedTuple

from app.assessment.inputs import Observation
from app.assessment.rulebook import Level, Rulebook

DOCUMENTARY = "documentary"
DIRECT = "direct"
IMPAIRED = "impaired"
NOT_ASSESSABLE = "not_assessable"
REPORTED = "reported"
ELIGIBLE = frozenset({DOCUMENTARY, DIRECT})
"""Classes that show by themselves whether something was so."""

HEARD = "heard"
OBSERVER = "observer"


class Source(NamedTuple):
    """A source: its class, and what makes it one: the document, the observer, or the role and reference of an informant.

    Two observations with equal sources are one voice, whoever filed them.
    """

    kind: str
    role: str | None
    key: str


class Scale:
    """Weighs the sources of one case by a rulebook; what depends on the same words alone is weighed once."""

    __slots__ = ("_classes", "_sources", "rulebook")

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._classes: dict[tuple[str, str, str | None], str] = {}
        self._sources: dict[tuple[str | None, ...], Source] = {}

    def class_of(self, indicator: str, basis: str, comprehension: str | None) -> str:
        """The class of a source that speaks of an indicator on a basis, with this comprehension of what was said."""
        key = (indicator, basis, comprehension)
        known = self._classes.get(key)
        if known is None:
            known = self._classes[key] = self._class(*key)
        return known

    def source_of(self, observation: Observation) -> Source:
        """The source behind an observation."""
        occasion, _, said = observation
        document = said.document or occasion.filing if said.basis in self.rulebook.documentary else None
        key = (said.indicator, said.basis, occasion.comprehension, occasion.observer, document, said.informant_role, said.informant)
        known = self._sources.get(key)
        if known is None:
            kind = self.class_of(said.indicator, said.basis, occasion.comprehension)
            known = self._sources[key] = _source(kind, observation, document)
        return known

    def level(self, sources: Collection[Source]) -> Level:
        """How well sources evidence one incident together (evidence, levels)."""
        wanted, of_class = self.rulebook.parameters, _by_class(sources)
        documents, direct = len(of_class.get(DOCUMENTARY, ())), len(of_class.get(DIRECT, ()))
        if documents >= wanted["documents_for_E3"] or direct >= wanted["direct_sources_for_E3"]:
            return Level.E3
        roles = {each.role for each in of_class.get(REPORTED, ())}
        if direct or len(roles) >= wanted["reported_roles_for_E2"]:
            return Level.E2
        return Level.E1 if of_class.keys() - {NOT_ASSESSABLE} else Level.E0

    def _class(self, indicator: str, basis: str, comprehension: str | None) -> str:
        taxonomy = self.rulebook.taxonomy
        about, kind = taxonomy.indicators[indicator], self.rulebook.classes.get(basis, REPORTED)
        if kind != DIRECT:
            return kind
        if about.needs_document:
            return REPORTED
        grasp = taxonomy.vocabularies["comprehension"].get(comprehension) if comprehension else None
        if basis != HEARD or not about.content_dependent or grasp is None or grasp.sufficient:
            return DIRECT
        return IMPAIRED if grasp.assessable else NOT_ASSESSABLE


def _by_class(sources: Collection[Source]) -> dict[str, set[Source]]:
    of_class: dict[str, set[Source]] = {}
    for each in sources:
        of_class.setdefault(each.kind, set()).add(each)
    return of_class


def _source(kind: str, observation: Observation, document: str | None) -> Source:
    occasion, _, said = observation
    if document is not None:
        return Source(kind, None, document)
    if kind != REPORTED:
        return Source(kind, None, occasion.observer)
    return Source(kind, said.informant_role or OBSERVER, said.informant or occasion.observer)
