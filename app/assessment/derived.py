"""Indicators that follow from others: access narrowed step by step, and complaints dismissed wholesale (taxonomy, derived_indicators).

Both are made from established incidents that nobody contradicts, and trace to what those trace to.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from app.assessment.incidents import Incident
from app.assessment.inputs import CASE
from app.assessment.rulebook import Derivation, Level, Rulebook

COMPLAINT = "torture.complaint_raised"


class Shown(NamedTuple):
    """That a derived indicator holds: how well it is evidenced, and the incidents that make it hold."""

    level: Level
    parts: Sequence[Incident]


Rule = Callable[[Sequence[Incident], Derivation, Rulebook, Mapping[str, date]], Shown | None]


def derive(incidents: Iterable[Incident], rulebook: Rulebook, days: Mapping[str, date]) -> list[Incident]:
    """The derived incidents of a case, in the order of their rules. `days` are the days of hearings by code."""
    firm = [each for each in incidents if each.is_established and not each.is_contested]
    found = []
    for derivation in rulebook.derivations:
        shown = RULES[derivation.indicator.code](firm, derivation, rulebook, days)
        if shown is not None:
            traced = [each for each in firm if each.indicator.code in derivation.sources]
            found.append(_derived(derivation, shown, traced, rulebook))
    return found


def _derived(derivation: Derivation, shown: Shown, traced: Sequence[Incident], rulebook: Rulebook) -> Incident:
    return Incident(
        indicator=derivation.indicator,
        unit=CASE,
        level=shown.level,
        severity=rulebook.effective_severity(derivation.indicator),
        is_contested=False,
        observers=frozenset[str]().union(*(each.observers for each in shown.parts)),
        filings=tuple(sorted({filing for each in traced for filing in each.filings})),
    )


def _progressive(firm: Sequence[Incident], derivation: Derivation, rulebook: Rulebook, days: Mapping[str, date]) -> Shown | None:
    """Several kinds of restriction, first seen on different days, none of them lifted again."""
    restrictions = [each for each in firm if each.indicator.code in derivation.sources]
    lifted = {each.indicator.code for each in restrictions if _is_lifted(each)}
    parts = [each for each in restrictions if each.indicator.code not in lifted]
    first: dict[str, date] = {}
    for each in parts:
        if each.unit in days:
            first[each.indicator.code] = min(days[each.unit], first.get(each.indicator.code, date.max))
    wanted = rulebook.parameters
    if len(first) < wanted["progressive_min_kinds"] or len(set(first.values())) < wanted["progressive_min_dates"]:
        return None
    strong = {each.indicator.code for each in parts if each.level >= Level.E3}
    return Shown(Level.E3 if len(strong) >= wanted["progressive_min_kinds"] else Level.E2, parts)


def _is_lifted(incident: Incident) -> bool:
    return any(each.occasion.is_lifting for report in incident.reports for each in report.said)


def _blanket(firm: Sequence[Incident], derivation: Derivation, rulebook: Rulebook, _: Mapping[str, date]) -> Shown | None:
    """Most of those who complained went untreated; at E3 where that share holds with incidents at E3 alone."""
    complainants = {each.unit for each in firm if each.indicator.code == COMPLAINT}
    if len(complainants) < rulebook.parameters["blanket_min_complainants"]:
        return None
    open_ones = complainants - {each.unit for each in firm if each.indicator.code in derivation.excluded_by}
    for level in (Level.E3, Level.E2):
        parts = [each for each in firm if each.level >= level and each.unit in open_ones and _is_negative(each, derivation)]
        if len({each.unit for each in parts}) >= rulebook.parameters["blanket_min_share"] * len(complainants):
            return Shown(level, parts)
    return None


def _is_negative(incident: Incident, derivation: Derivation) -> bool:
    return incident.indicator.code in derivation.sources and incident.indicator.code != COMPLAINT


RULES: Mapping[str, Rule] = {"access.progressive_restriction": _progressive, "torture.blanket_dismissal": _blanket}
