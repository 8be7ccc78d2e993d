"""Restrictions of access in the order in which they came: filings with the same set of kinds are one restriction."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.summaries.docket import Docket, listed
from app.summaries.lexicon import Lexicon
from app.summaries.records import Filing

_PLACED = ("new", "extended")
_When = tuple[date, datetime, str]


@dataclass(frozen=True, slots=True)
class Restriction:
    """One restriction: `order` is its place, None where the filings do not show it. Lists stand in vocabulary order."""

    order: int | None
    kinds: tuple[str, ...]
    indicators: tuple[str, ...]
    first_hearing: str | None
    ordered_by: tuple[str, ...]
    filings: tuple[Filing, ...]


@dataclass(frozen=True, slots=True)
class _Ban:
    kinds: tuple[str, ...]
    filings: tuple[Filing, ...]
    since: _When

    @property
    def first(self) -> Filing:
        return self.filings[0]

    @property
    def change(self) -> str:
        return str(self.first.answers.get("change"))


def restrictions_of(docket: Docket) -> tuple[Restriction, ...]:
    """Restrictions with a place by hearing date, new before extended, then first kind; those without after them, by first kind."""
    words = docket.lexicon
    bans = _bans(docket)
    placed = sorted((each for each in bans if each.change in _PLACED), key=lambda each: _place(words, each))
    others = sorted((each for each in bans if each.change not in _PLACED), key=lambda each: (_first_kind(words, each), *each.since))
    ordered = [_restriction(words, each, order) for order, each in enumerate(placed, start=1)]
    return (*ordered, *(_restriction(words, each, None) for each in others))


def _bans(docket: Docket) -> list[_Ban]:
    by_kinds: dict[tuple[str, ...], list[Filing]] = defaultdict(list)
    for filing in sorted(docket.of("access_restriction"), key=lambda each: _moment(docket, each)):
        kinds = tuple(docket.lexicon.in_order("restriction_kind", listed(filing, "kinds")))
        if kinds:
            by_kinds[kinds].append(filing)
    return [_Ban(kinds, tuple(filings), _moment(docket, filings[0])) for kinds, filings in by_kinds.items()]


def _moment(docket: Docket, filing: Filing) -> _When:
    """Hearing date, then the claimed moment; what names no hearing of the case comes last."""
    hearing = docket.hearings.get(filing.hearing or "")
    return (hearing.date if hearing else date.max, filing.captured_at.astimezone(UTC), filing.id)


def _first_kind(words: Lexicon, ban: _Ban) -> int:
    return words.rank("restriction_kind", ban.kinds[0])


def _place(words: Lexicon, ban: _Ban) -> tuple[date, bool, int, datetime, str]:
    day, moment, filing = ban.since
    return (day, ban.change != "new", _first_kind(words, ban), moment, filing)


def _restriction(words: Lexicon, ban: _Ban, order: int | None) -> Restriction:
    indicators = (words.indicator_of("restriction_kind", kind) for kind in ban.kinds)
    return Restriction(
        order=order,
        kinds=ban.kinds,
        indicators=tuple(dict.fromkeys(each for each in indicators if each)),
        first_hearing=ban.first.hearing,
        ordered_by=tuple(
            words.in_order("ordered_by", (str(each.answers["ordered_by"]) for each in ban.filings if each.answers.get("ordered_by")))
        ),
        filings=ban.filings,
    )
