"""What observers saw, by the year of the verdict: complainants of the programme's cases, for comparison with official numbers."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from app.summaries.programme import CaseInBrief, ProgrammeFacts

YEAR_DIGITS = 4
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ObservedYear:
    """Complainants of the cases with a verdict in a year, by the form of their complaint."""

    year: int
    cases: tuple[CaseInBrief, ...]

    @property
    def forms(self) -> Mapping[str, int]:
        """How many complained in which form."""
        found: Counter[str] = Counter()
        for case in self.cases:
            found.update({row["form"]: row["n"] for row in case.forms.value})
        return found

    @property
    def total(self) -> int:
        """How many complained at all."""
        return sum(self.forms.values())

    @property
    def at_least(self) -> bool:
        """Whether there may have been more."""
        return any(case.forms.at_least for case in self.cases)

    @property
    def form_is_minimum(self) -> bool:
        """Whether more may have complained in a form: some complained, and nobody knows how."""
        return self.at_least or UNKNOWN in self.forms


def observed_by_year(facts: ProgrammeFacts) -> dict[int, ObservedYear]:
    """What was observed, by year of the verdict; a case about which nothing counts says nothing, and a year without cases is absent."""
    found: dict[int, list[CaseInBrief]] = defaultdict(list)
    for case in facts.cases:
        if case.verdict_on is not None and (case.counted.observer or case.counted.document):
            found[int(case.verdict_on[:YEAR_DIGITS])].append(case)
    return {year: ObservedYear(year, tuple(found[year])) for year in sorted(found)}
