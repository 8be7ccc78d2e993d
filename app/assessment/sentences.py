"""An explanation for readers: as structured values, and in sentences of their language made from labels, codes and numbers alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Any

import orjson

from app.assessment.assess import Assessment
from app.assessment.explanation import MORE_SEEN, Change, Explanation, explanation_of
from app.assessment.incidents import Incident, Report
from app.assessment.inputs import CASE, Observation
from app.assessment.ratings import Applied, RatedRight, units_needed, units_of
from app.assessment.rulebook import Count, EnoughSeen, Pattern, RatingRule
from app.taxonomy.catalogue import Labels, Taxonomy

DEFAULT = "en"
NAMED_AT_MOST = 5

Texts = Mapping[str, Mapping[str, Labels]]


def explain(assessment: Assessment, right: str, lang: str) -> dict[str, Any]:
    """Why a right of a case has its rating, JSON-ready: rules that fired, incidents with both sides, what would change it, sentences.

    Raises KeyError for a right that the taxonomy does not have.
    """
    return _Told(assessment.rulebook.taxonomy, lang).explanation(explanation_of(assessment, right))


class _Told:
    """Says things in one language."""

    __slots__ = ("_lang", "_taxonomy")

    def __init__(self, taxonomy: Taxonomy, lang: str) -> None:
        self._taxonomy, self._lang = taxonomy, lang

    def explanation(self, explanation: Explanation) -> dict[str, Any]:
        rated = explanation.rated
        fired = [self._fired(each, rated) for each in explanation.fired]
        established = [each for each in rated.adverse if each.is_established]
        incidents = [self._incident(each, rated) for each in established]
        changes = [self._change(each) for each in explanation.changes]
        return {
            **self._head(rated),
            "fired": fired,
            "incidents": incidents,
            "changes": changes,
            "sentences": [
                self._rating(rated),
                *(each["sentence"] for each in fired),
                *(self._established(each) for each in _alike(established)),
                *(each["sentence"] for each in changes),
            ],
        }

    def _head(self, rated: RatedRight) -> dict[str, Any]:
        head: dict[str, Any] = {"right": rated.right.code, "label": self._label(rated.right.labels), "rating": rated.rating}
        if rated.is_contested:
            head |= {"rating_low": rated.low.rule.rating, "rating_high": rated.high.rule.rating}
        head |= {"status": rated.status, "rule": rated.rule, "confidence": rated.confidence}
        return {**head, "reason": rated.reason} if rated.reason else head

    def _rating(self, rated: RatedRight) -> str:
        return self._say(
            "rating",
            rated.status,
            right=self._label(rated.right.labels),
            rating=self._term("rating", rated.low.rule.rating),
            low=self._term("rating", rated.low.rule.rating),
            high=self._term("rating", rated.high.rule.rating),
            confidence=self._term("rating_confidence", rated.confidence).lower(),
        )

    def _fired(self, applied: Applied, rated: RatedRight) -> dict[str, Any]:
        rule, ground = applied.rule, rated.ground
        numbers = {"counted": _counted(applied), "at_least": _at_least(rule, rated)}
        seen = {
            "assessed": ground.assessed,
            "total": ground.total,
            "observed": ground.case.hearings_observed,
            "known": ground.case.hearings_known,
        }
        sentence = self._say("fired", _kind(rule, rated), **self._rule(rule), **numbers, **seen)
        shown = numbers if isinstance(rule.test, (Count, Pattern)) else seen
        return {"rule": rule.id, "rating": rule.rating, **shown, "sentence": sentence}

    def _established(self, alike: Sequence[Incident]) -> str:
        """One sentence for incidents that differ in their units alone; a contested one is told with both sides."""
        first = alike[0]
        sentence = self._say(
            "incident",
            "established",
            indicator=self._label(first.indicator.labels),
            unit=self._units(alike),
            level=first.level.name,
            meaning=self._term("evidence_level", first.level.name).lower(),
            severity=first.severity,
            observations=len({filing for each in alike for filing in each.filings}),
        )
        return f"{sentence} {self._sides(first)}" if first.is_contested else sentence

    def _incident(self, incident: Incident, rated: RatedRight) -> dict[str, Any]:
        return {
            "indicator": incident.indicator.code,
            "label": self._label(incident.indicator.labels),
            "unit": incident.unit,
            "level": incident.level.name,
            "effective_severity": incident.severity,
            "contested": incident.is_contested,
            "deciding": incident in rated.low.deciding,
            "filings": list(incident.filings),
            "reports": [_report(each) for each in incident.reports],
            "sentence": self._established([incident]),
        }

    def _sides(self, incident: Incident) -> str:
        said = {each.occasion.observer for report in incident.reports for each in report.said}
        against = {each.occasion.observer for report in incident.reports for each in report.against}
        return self._say("incident", "contested", said=", ".join(sorted(said)), against=", ".join(sorted(against)))

    def _change(self, change: Change) -> dict[str, Any]:
        listed = [
            f"{self._label(each[0].indicator.labels)}, {self._units(each, NAMED_AT_MOST)}" for each in _by_indicator(change.incidents)
        ]
        numbers = {"lacks": change.lacks, "hearings": change.hearings}
        sentence = self._say("change", _way(change), **self._rule(change.rule), **numbers, incidents="; ".join(listed))
        shown = {name: number for name, number in numbers.items() if number or name == "lacks"}
        incidents = [{"indicator": each.indicator.code, "unit": each.unit} for each in change.incidents]
        return {
            "kind": change.kind,
            "rule": change.rule.id,
            "rating": change.rule.rating,
            **shown,
            "incidents": incidents,
            "sentence": sentence,
        }

    def _rule(self, rule: RatingRule) -> dict[str, Any]:
        level = rule.test.min_level.name if isinstance(rule.test, (Count, Pattern)) else ""
        severities = self._say("words", "or").join(_severities(rule))
        return {"rule": rule.id, "rating": self._term("rating", rule.rating), "severities": severities, "level": level}

    def _units(self, incidents: Sequence[Incident], at_most: int | None = None) -> str:
        """What incidents of one indicator are about: the case, or hearings or participants by code, so many and then how many more."""
        if incidents[0].unit == CASE:
            return self._say("words", CASE)
        about = incidents[0].indicator.applies_to
        named = ", ".join(each.unit for each in incidents[:at_most])
        others = len(incidents[at_most:]) if at_most else 0
        more = f" {self._say('words', 'and_others', others=others)}" if others else ""
        return f"{self._say('words', about if len(incidents) == 1 else f'{about}s')} {named}{more}"

    def _term(self, vocabulary: str, code: str) -> str:
        return self._label(self._taxonomy.vocabularies[vocabulary][code].labels)

    def _say(self, about: str, sentence: str, **words: Any) -> str:
        return self._label(_texts()[about][sentence]).format(**words)

    def _label(self, labels: Labels) -> str:
        return labels.get(self._lang) or labels[DEFAULT]


@cache
def _texts() -> Texts:
    texts: Texts = orjson.loads(files(__package__).joinpath("sentences.json").read_bytes())
    return texts


def _kind(rule: RatingRule, rated: RatedRight) -> str:
    match rule.test:
        case Count():
            return "count"
        case Pattern():
            return "pattern"
        case EnoughSeen():
            return "enough"
        case _:
            return "insufficient_coverage" if rated.ground.assessed else "no_eligible_observation"


def _counted(applied: Applied) -> int:
    """What a rule counts: a pattern its units, others incidents."""
    is_pattern = isinstance(applied.rule.test, Pattern)
    return len(units_of(applied.deciding)) if is_pattern else len(applied.deciding)


def _at_least(rule: RatingRule, rated: RatedRight) -> int | None:
    match rule.test:
        case Count(at_least=at_least):
            return at_least
        case Pattern() as test:
            return ceil(units_needed(test, rated.ground))
        case _:
            return None


def _severities(rule: RatingRule) -> list[str]:
    match rule.test:
        case Count(severities=severities):
            return [str(each) for each in sorted(severities)]
        case Pattern(min_severity=severity):
            return [str(severity)]
        case _:
            return []


def _alike(incidents: Iterable[Incident]) -> Iterable[list[Incident]]:
    """Incidents of one indicator, level and severity together, in order; a contested one by itself."""
    groups: dict[Any, list[Incident]] = defaultdict(list)
    for each in incidents:
        alone = each.unit if each.is_contested or each.unit == CASE else None
        groups[each.indicator.code, each.level, each.severity, alone].append(each)
    return groups.values()


def _by_indicator(incidents: Iterable[Incident]) -> Iterable[list[Incident]]:
    groups: dict[Any, list[Incident]] = defaultdict(list)
    for each in incidents:
        groups[each.indicator.code, each.unit == CASE].append(each)
    return groups.values()


def _way(change: Change) -> str:
    """The sentence that tells a change: what must be seen is told without what is not missing."""
    if change.kind != MORE_SEEN or (change.lacks and change.hearings):
        return change.kind
    return f"{change.kind}_units" if change.lacks else f"{change.kind}_hearings"


def _report(report: Report) -> dict[str, Any]:
    return {"hearing": report.hearing, "said": _voices(report.said), "against": _voices(report.against)}


def _voices(observations: Iterable[Observation]) -> Sequence[dict[str, Any]]:
    """Who says what, and how they know, by observer."""
    voices = [
        {
            "observer": each.occasion.observer,
            "filing": each.occasion.filing,
            "indicator": each.said.indicator,
            "value": each.said.value,
            "basis": each.said.basis,
            "comprehension": each.occasion.comprehension,
            "document": each.said.document,
        }
        for each in observations
    ]
    return sorted(voices, key=lambda each: (str(each["observer"]), str(each["filing"]), str(each["basis"]), str(each["document"])))
