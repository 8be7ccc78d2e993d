"""Figures of a programme: its cases, its hearings, its observers, its filings."""

from collections.abc import Callable, Iterable, Mapping

from app.summaries.counting import Behind, Contribution, Figure, Ref, count, grounded, listing, share, table
from app.summaries.coverage_figures import filings_table
from app.summaries.figures import Reckoned, catalogue
from app.summaries.programme import CaseInBrief, ProgrammeFacts
from app.summaries.records import Stored

ProgrammeRule = Callable[[ProgrammeFacts], Figure]


def cases(facts: ProgrammeFacts) -> Figure:
    """The cases of the programme."""
    return count(Contribution((), _behind("case", [each.id])) for each in facts.cases)


def cases_by_monitoring(facts: ProgrammeFacts) -> Figure:
    """Case codes by monitoring."""
    by_monitoring: dict[str, list[CaseInBrief]] = {}
    for each in facts.cases:
        by_monitoring.setdefault(each.monitoring, []).append(each)
    return listing(
        ("monitoring",),
        (
            ({"monitoring": monitoring, "cases": [each.code for each in group]}, _behind("case", (each.id for each in group)))
            for monitoring, group in sorted(by_monitoring.items())
        ),
    )


def hearings_known(facts: ProgrammeFacts) -> Figure:
    """Known hearings of all cases."""
    return count(_hearings(facts, "known"))


def hearings_observed(facts: ProgrammeFacts) -> Figure:
    """Observed hearings of all cases; a zero leads to the hearings that nobody observed."""
    looked_at = _behind("hearing", (hearing for each in facts.cases for hearing in each.known))
    return count(_hearings(facts, "observed"), looked_at=looked_at)


def hearing_share(facts: ProgrammeFacts) -> Figure:
    """Observed hearings of those known."""
    return share(_hearings(facts, "observed"), _hearings(facts, "known"))


def hearings_by_case(facts: ProgrammeFacts) -> Figure:
    """Known and observed hearings of each case."""
    return listing(
        ("case",),
        (
            ({"case": each.code, "known": len(each.known), "observed": len(each.observed)}, _behind("hearing", each.known))
            for each in facts.cases
        ),
    )


def observers(facts: ProgrammeFacts) -> Figure:
    """Members with the role observer."""
    return count(Contribution((), _behind("member", [each.id])) for each in facts.members)


def observers_by_language(facts: ProgrammeFacts) -> Figure:
    """Observers by language and level, as entered."""
    spoken = ((language, level, each.id) for each in facts.members for language, level in each.languages.items())
    return table(
        ("language", "level"), (Contribution((language, level), _behind("member", [member])) for language, level, member in spoken)
    )


def filings(facts: ProgrammeFacts) -> Figure:
    """Filings stored and counted, by origin."""
    return filings_table(_together(each.stored for each in facts.cases), _together(each.counted for each in facts.cases))


def programme_figures(facts: ProgrammeFacts) -> dict[str, Reckoned]:
    """Every figure of a programme; none depends on a reading."""
    entries = (entry for entry in catalogue().values() if entry.stands_in("programme"))
    return {entry.key: Reckoned(entry, programme_figure(facts, entry.key), {}) for entry in entries}


def programme_figure(facts: ProgrammeFacts, key: str) -> Figure:
    """One figure of a programme."""
    return grounded(PROGRAMME_RULES[key](facts), Ref("programme", facts.id))


def _hearings(facts: ProgrammeFacts, which: str) -> list[Contribution]:
    return [Contribution((), _behind("hearing", [hearing])) for each in facts.cases for hearing in getattr(each, which)]


def _behind(kind: str, ids: Iterable[str]) -> Behind:
    return frozenset(Ref(kind, each) for each in ids)


def _together(parts: Iterable[Stored]) -> Stored:
    several = list(parts)
    return Stored(
        observer=frozenset[str]().union(*(each.observer for each in several)),
        document=frozenset[str]().union(*(each.document for each in several)),
    )


PROGRAMME_RULES: Mapping[str, ProgrammeRule] = {
    "coverage.cases": cases,
    "coverage.cases_by_monitoring": cases_by_monitoring,
    "coverage.hearings_known": hearings_known,
    "coverage.hearings_observed": hearings_observed,
    "coverage.hearing_share": hearing_share,
    "coverage.hearings_by_case": hearings_by_case,
    "coverage.observers": observers,
    "coverage.observers_by_language": observers_by_language,
    "coverage.filings": filings,
}
