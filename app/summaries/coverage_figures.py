"""Figures about coverage: which hearings were observed and understood, and how many filings there are."""

from collections.abc import Iterable, Mapping

from app.summaries.counting import Behind, Contribution, Figure, Ref, codes, count, listing, share
from app.summaries.facts import CaseFacts
from app.summaries.records import Stored
from app.summaries.roles import Roles
from app.summaries.rule import FigureRule


def known(facts: CaseFacts, _roles: Roles) -> Figure:
    """Hearings held, or scheduled with a date past."""
    return count(_hearings(facts, facts.attendance.known))


def observed(facts: CaseFacts, _roles: Roles) -> Figure:
    """Known hearings with a hearing filing; a zero leads to the hearings that nobody observed."""
    known_ones = _hearings(facts, facts.attendance.known)
    return count(_hearings(facts, facts.attendance.observed), looked_at=frozenset(ref for each in known_ones for ref in each.behind))


def observed_share(facts: CaseFacts, _roles: Roles) -> Figure:
    """Observed hearings of those known."""
    return share(_hearings(facts, facts.attendance.observed), _hearings(facts, facts.attendance.known))


def not_understood(facts: CaseFacts, _roles: Roles) -> Figure:
    """Observed hearings that nobody there understood sufficiently."""
    attendance, tracer = facts.attendance, facts.tracer
    lost = (code for code in attendance.observed if code not in attendance.understood)
    return codes(Contribution((code,), tracer.filings(attendance.reports[code]) | _hearing(facts, code)) for code in lost)


def filings(facts: CaseFacts, _roles: Roles) -> Figure:
    """Filings stored and counted, by origin."""
    return filings_table(facts.records.stored, counted_ids(facts))


def counted_ids(facts: CaseFacts) -> Stored:
    """The ids of the filings that count, by origin."""
    ids: dict[bool, set[str]] = {True: set(), False: set()}
    for each in facts.docket.filings:
        ids[each.is_observer].add(each.id)
    return Stored(observer=frozenset(ids[True]), document=frozenset(ids[False]))


def filings_table(stored: Stored, counted: Stored) -> Figure:
    """The table of filings by origin; what counts is stored."""
    rows = []
    for origin, kept, counts in (("document", stored.document, counted.document), ("observer", stored.observer, counted.observer)):
        row = {"origin": origin, "stored": len(kept | counts), "counted": len(counts)}
        rows.append((row, frozenset(Ref("observation", each) for each in kept | counts)))
    return listing(("origin",), rows)


def _hearings(facts: CaseFacts, wanted: Iterable[str]) -> list[Contribution]:
    return [Contribution((code,), _hearing(facts, code)) for code in wanted]


def _hearing(facts: CaseFacts, code: str) -> Behind:
    return frozenset((Ref("hearing", facts.docket.hearings[code].id),))


RULES: Mapping[str, FigureRule] = {
    "coverage.hearings_known": known,
    "coverage.hearings_observed": observed,
    "coverage.hearing_share": observed_share,
    "coverage.hearings_not_understood": not_understood,
    "coverage.filings": filings,
}
