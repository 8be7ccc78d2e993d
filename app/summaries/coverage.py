"""How much of what happened was seen: hearings, observers, languages, and the statements that must stand beside every number."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.summaries.attendance import Grasp
from app.summaries.counting import Figure
from app.summaries.facts import CaseFacts
from app.summaries.records import Member

FULL = "full"


@dataclass(frozen=True, slots=True)
class Statement:
    """A coverage statement: its id, and the numbers that it states."""

    id: str
    numbers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of a case or of a programme, from which its statements follow.

    `languages` are those spoken at the hearings; `speakers` the languages of every observer, as entered; `complaints` the figure
    `complaints.total` of every case.
    """

    known: int
    observed: int
    monitoring: Counter[str]
    languages: frozenset[str]
    speakers: tuple[Mapping[str, str], ...]
    complaints: tuple[Figure, ...]
    grasp: Mapping[str, Grasp]

    def statements(self) -> list[Statement]:
        """The statements that hold (figures, `statements`)."""
        cases = self.monitoring.total()
        return [
            *_when(self.observed < self.known, "not_all_hearings_observed", known=self.known, observed=self.observed),
            *_when(self.monitoring["none"], "cases_not_monitored", cases=cases, not_monitored=self.monitoring["none"]),
            *_when(self.monitoring["not_stated"], "monitoring_not_stated", cases=cases, not_stated=self.monitoring["not_stated"]),
            *(each for language in sorted(self.languages) for each in self._lacking(language)),
            *self._minimums(),
        ]

    def show(self) -> dict[str, Any]:
        """Coverage as a summary shows it, but for the statements; shares are `part/whole`, None of nothing."""
        able = [code for code, each in self.grasp.items() if each.is_able]
        return {
            "hearings_known": self.known,
            "hearings_observed": self.observed,
            "hearing_coverage": share_text(self.observed, self.known),
            "observers": list(self.grasp),
            "language_able": able,
            "language_able_share": share_text(len(able), len(self.grasp)),
        }

    def _lacking(self, language: str) -> list[Statement]:
        lacking = sum(each.get(language) != FULL for each in self.speakers)
        numbers = {"language": language, "lacking": lacking, "observers": len(self.speakers)}
        return _when(2 * lacking > len(self.speakers), "observers_lack_language", **numbers)

    def _minimums(self) -> list[Statement]:
        some_are = any(each.at_least and each.value for each in self.complaints)
        return _when(some_are, "complaints_are_minimums", complaints=sum(each.value for each in self.complaints))


def case_coverage(facts: CaseFacts, complaints: Figure) -> Coverage:
    """The coverage of one case; its observers are those who filed from its hearings."""
    attendance = facts.attendance
    languages = {each.code: each.languages for each in facts.records.members}
    return Coverage(
        known=len(attendance.known),
        observed=len(attendance.observed),
        monitoring=Counter([facts.records.monitoring]),
        languages=spoken(facts),
        speakers=tuple(languages.get(code, {}) for code in attendance.grasp),
        complaints=(complaints,),
        grasp=attendance.grasp,
    )


def spoken(facts: CaseFacts) -> frozenset[str]:
    """The languages spoken at hearings, as hearing filings give them; `kk_ru` is both."""
    given = (each.answers.get("court_language") for each in facts.docket.of("hearing"))
    return frozenset(language for each in given if each for language in str(each).split("_") if language != "other")


def languages_of(members: Iterable[Member]) -> tuple[Mapping[str, str], ...]:
    """The languages of members, as entered."""
    return tuple(each.languages for each in members)


def _when(holds: object, statement: str, **numbers: Any) -> list[Statement]:
    return [Statement(statement, numbers)] if holds else []


def share_text(part: int, whole: int) -> str | None:
    """A share as `part/whole`; None of nothing."""
    return f"{part}/{whole}" if whole else None
