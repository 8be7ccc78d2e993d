"""Incidents: one indicator at one unit, reported at one or several hearings, with what speaks against it (taxonomy, incident)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.assessment.contradictions import Name, Statements
from app.assessment.evidence import NOT_ASSESSABLE, REPORTED, Source
from app.assessment.inputs import Observation, Occasion
from app.assessment.rulebook import ADVERSE, ESTABLISHED, Level
from app.taxonomy.catalogue import Indicator

_Voice = tuple[Occasion, Source]


class Report(NamedTuple):
    """The reports of an incident at one hearing (None: at none), and the observations that contradict them."""

    hearing: str | None
    said: Sequence[Observation]
    against: Sequence[Observation]


@dataclass(frozen=True, slots=True, eq=False)
class Incident:
    """One indicator at one unit.

    `severity` is the effective one. Where some hearings are uncontested, they alone decide its level, and it is not contested.
    `observers` filed what decides. `filings` are all that report it and can be assessed. A derived incident has no reports of its own.
    """

    indicator: Indicator
    unit: str
    level: Level
    severity: int
    is_contested: bool
    observers: frozenset[str]
    filings: tuple[str, ...]
    reports: tuple[Report, ...] = ()
    is_reported_only: bool = False
    """Whether nobody saw, heard or read it."""

    @property
    def is_established(self) -> bool:
        """Whether it counts in rules."""
        return self.level >= ESTABLISHED

    @property
    def is_adverse(self) -> bool:
        """Whether it is a violation or a concern."""
        return self.indicator.polarity in ADVERSE

    @property
    def name(self) -> tuple[str, str]:
        """What makes it one incident."""
        return (self.indicator.code, self.unit)


def incidents_of(statements: Statements, days: Mapping[str, date]) -> list[Incident]:
    """Every incident that is reported, by the day of its first hearing, then in the order of the taxonomy, then by unit."""
    found = [_incident(statements, name, by_hearing) for name, by_hearing in statements.present.items()]
    places = statements.scale.rulebook.places
    return sorted(found, key=lambda each: (_first_day(each, days), places[each.indicator.code], each.unit))


def _incident(statements: Statements, name: Name, by_hearing: Mapping[str | None, Sequence[Observation]]) -> Incident:
    rulebook = statements.scale.rulebook
    indicator = rulebook.taxonomy.indicators[name[0]]
    weighed = [_weigh(statements, name, hearing, said) for hearing, said in by_hearing.items()]
    reports = [report for report, _ in weighed]
    firm = [voices for report, voices in weighed if not report.against]
    deciding = [voice for voices in firm or (voices for _, voices in weighed) for voice in voices]
    everything = deciding if len(firm) in (0, len(weighed)) else [voice for _, voices in weighed for voice in voices]
    return Incident(
        indicator=indicator,
        unit=name[1],
        level=statements.scale.level([source for _, source in deciding]),
        severity=rulebook.effective_severity(indicator),
        is_contested=not firm,
        observers=frozenset(where.observer for where, source in deciding if source.kind != NOT_ASSESSABLE),
        filings=tuple(sorted({where.filing for where, source in everything if source.kind != NOT_ASSESSABLE})),
        reports=tuple(sorted(reports, key=_by_hearing)) if len(reports) > 1 else tuple(reports),
        is_reported_only={source.kind for _, source in everything} - {NOT_ASSESSABLE} == {REPORTED},
    )


def _weigh(statements: Statements, name: Name, hearing: str | None, said: Sequence[Observation]) -> tuple[Report, list[_Voice]]:
    """The report of an incident at one hearing, and the voices in it."""
    sources = [statements.scale.source_of(each) for each in said]
    report = Report(hearing, said, statements.against(name, hearing, said, sources))
    return report, [(each.occasion, source) for each, source in zip(said, sources, strict=True)]


def _by_hearing(report: Report) -> str:
    return report.hearing or ""


def _first_day(incident: Incident, days: Mapping[str, date]) -> date:
    if incident.unit in days:
        return days[incident.unit]
    return min((days[each.hearing] for each in incident.reports if each.hearing is not None and each.hearing in days), default=date.max)
