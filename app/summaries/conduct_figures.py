"""Figures about the conduct of a trial: restrictions, issues, language, retractions, and what a source states of its own."""

from collections import defaultdict
from collections.abc import Mapping

from app.summaries.counting import UNKNOWN, Contribution, Figure, codes, count, listing, together
from app.summaries.facts import CaseFacts
from app.summaries.notes import own_codes, stated_findings, stated_numbers
from app.summaries.records import Filing
from app.summaries.roles import Roles
from app.summaries.rule import FigureRule

STATED_RETRACTIONS = "retractions.persons"


def sequence(facts: CaseFacts, _roles: Roles) -> Figure:
    """Restrictions in their order; those without a place have order null and come last."""
    return listing(
        ("order",),
        (
            (
                {"order": each.order, "kinds": list(each.kinds), "indicators": list(each.indicators), "first_hearing": each.first_hearing},
                facts.tracer.filings(each.filings),
            )
            for each in facts.restrictions
        ),
    )


def issues(facts: CaseFacts, _roles: Roles) -> Figure:
    """Every indicator, with its kind and aspect, that an assessable filing marks as present."""
    seen = _assessable_issues(facts)
    return listing(
        ("kind", "indicator", "aspect"),
        (
            (dict(zip(("kind", "indicator", "aspect"), key, strict=True)), facts.tracer.filings(seen[key]))
            for key in sorted(seen, key=_sorting)
        ),
    )


def court_languages(facts: CaseFacts, _roles: Roles) -> Figure:
    """The languages of the proceedings, as hearing filings give them."""
    spoken = ((each.answers.get("court_language"), each) for each in facts.docket.of("hearing"))
    return codes(Contribution((language,), facts.tracer.filing(filing)) for language, filing in spoken if language)


def findings(facts: CaseFacts, _roles: Roles) -> Figure:
    """What sources find themselves; it never enters a rating."""
    shown = stated_findings(facts.records.notes, own_codes(facts.records))
    return listing(("note",), ((row, facts.tracer.note(note)) for row, note in shown))


def stated_retractions(facts: CaseFacts, _roles: Roles) -> Figure:
    """The number of retractions that sources give, where all give the same."""
    told = [each for each in stated_numbers(facts.records) if each.about == STATED_RETRACTIONS and type(each.stated) is int]
    numbers = {each.stated for each in told}
    if len(numbers) != 1:
        return UNKNOWN
    return Figure(numbers.pop(), behind=together(facts.tracer.note(each.note) for each in told))


def retracting(facts: CaseFacts, _roles: Roles) -> Figure:
    """Persons who took back a statement."""
    vague = facts.has_minimum or any(facts.docket.is_placeholder(code) for code in facts.retractions)
    return count((Contribution((), facts.tracer.filings(each.filings)) for each in facts.retractions.values()), at_least=vague)


def _assessable_issues(facts: CaseFacts) -> dict[tuple[str, str, str | None], list[Filing]]:
    """The filings that mark something as present and can be assessed, by kind, indicator and aspect."""
    content = facts.lexicon.content_indicators
    seen: dict[tuple[str, str, str | None], list[Filing]] = defaultdict(list)
    present = ((filing, mark) for filing in facts.docket.filings for mark in filing.marks if mark.value == "present")
    for filing, mark in present:
        kind = facts.lexicon.kind(mark.indicator)
        counts = facts.attendance.can_assess(filing, mark.basis, content=mark.indicator in content)
        if counts and kind is not None and facts.docket.units(filing, mark):
            seen[(kind, mark.indicator, mark.aspect)].append(filing)
    return seen


def _sorting(key: tuple[str, str, str | None]) -> tuple[str, str, str]:
    return (key[0], key[1], key[2] or "")


RULES: Mapping[str, FigureRule] = {
    "restrictions.sequence": sequence,
    "issues.present": issues,
    "language.court": court_languages,
    "findings.stated": findings,
    "retractions.stated": stated_retractions,
    "retractions.persons": retracting,
}
