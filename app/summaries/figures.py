"""The product's figures: what the catalogue says of each, computed under the default reading and under every reading of the case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from app.summaries import complaint_figures, conduct_figures, coverage_figures, outcome_figures, person_figures
from app.summaries.counting import Figure, Ref, grounded
from app.summaries.facts import CaseFacts
from app.summaries.labels import label_in
from app.summaries.roles import Roles
from app.summaries.rule import FigureRule

ACCEPTED = ("accepted",)

CASE_RULES: Mapping[str, FigureRule] = {
    **person_figures.RULES,
    **complaint_figures.RULES,
    **outcome_figures.RULES,
    **conduct_figures.RULES,
    **coverage_figures.RULES,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue says of a figure; `scope` is case, programme or both, `dims` name the cells of a table."""

    key: str
    scope: str
    type: str
    label: Mapping[str, str]
    depends_on_reading: bool
    dims: tuple[str, ...] = ()
    stated: bool = False

    def stands_in(self, scope: str) -> bool:
        """Whether it is a figure of a case or of a programme."""
        return self.scope in (scope, "both")


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A figure with its readings: `default` is under each participant's own role, `readings` holds all of the case or none."""

    entry: Entry
    default: Figure
    readings: Mapping[str, Figure]

    @property
    def differs(self) -> bool:
        """Whether some reading gives another value."""
        return any((each.value, each.at_least) != (self.default.value, self.default.at_least) for each in self.readings.values())

    def under(self, reading: str | None) -> Figure:
        """The figure under a reading; one that no reading touches is the same under all."""
        return self.default if reading is None else self.readings.get(reading, self.default)


Figures = Mapping[str, Reckoned]


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every figure of the product by key, in the order of the catalogue."""
    raw = orjson.loads(files(__package__).joinpath("figures.json").read_bytes())
    names = ("key", "scope", "type", "label", "depends_on_reading")
    return {
        each["key"]: Entry(**{name: each[name] for name in names}, dims=tuple(each.get("dims", ())), stated=each.get("stated", False))
        for each in raw
    }


def case_figures(facts: CaseFacts) -> Figures:
    """Every figure of a case."""
    people = facts.docket.people
    default = Roles(people)
    under = {reading: Roles(people, reading) for reading in facts.readings}
    return {key: _reckon(facts, entry, default, under) for key, entry in catalogue().items() if entry.stands_in("case")}


def case_figure(facts: CaseFacts, key: str, reading: str | None) -> Figure:
    """One figure of a case under one reading."""
    return _computed(facts, key, Roles(facts.docket.people, reading))


def show_figures(figures: Iterable[Reckoned], base: str, lang: str, statuses: Sequence[str] = ACCEPTED) -> list[dict[str, Any]]:
    """Figures as a summary shows them; `base` is the path of what they belong to (`/v1/cases/{id}`).

    Where other filings count than accepted ones, each trace is asked for with the same statuses.
    """
    query = "" if is_final(statuses) else f"?statuses={','.join(sorted(set(statuses)))}"
    return [_show(each, base, query, lang) for each in figures]


def is_final(statuses: Sequence[str]) -> bool:
    """Whether accepted filings alone count."""
    return set(statuses) == set(ACCEPTED)


def _reckon(facts: CaseFacts, entry: Entry, default: Roles, under: Mapping[str, Roles]) -> Reckoned:
    readings = {reading: _computed(facts, entry.key, roles) for reading, roles in under.items()} if entry.depends_on_reading else {}
    return Reckoned(entry, _computed(facts, entry.key, default), readings)


def _computed(facts: CaseFacts, key: str, roles: Roles) -> Figure:
    return grounded(CASE_RULES[key](facts, roles), Ref("case", facts.records.id))


def _show(figure: Reckoned, base: str, query: str, lang: str) -> dict[str, Any]:
    entry, default = figure.entry, figure.default
    shown: dict[str, Any] = {"key": entry.key, "type": entry.type, "label": label_in(entry.label, lang), "value": default.value}
    if default.at_least:
        shown["at_least"] = True
    if entry.stated and default.value not in (None, []):
        shown["stated"] = True
    if figure.differs:
        shown["readings"] = [{"reading": reading, "value": each.value} for reading, each in sorted(figure.readings.items())]
    shown["trace"] = {"count": len(default.behind), "href": f"{base}/figures/{entry.key}/sources{query}"}
    return shown
