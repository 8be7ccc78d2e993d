"""Every check on official statistics, in the order of the catalogue. No check decides which side is right."""

from collections.abc import Iterator, Mapping

from app.statistics.balances import parts_against_totals
from app.statistics.claims import statements_against_figures
from app.statistics.findings import Finding
from app.statistics.observed import ObservedYear
from app.statistics.rates import rates_against_counts
from app.statistics.registers import observed_against_official, registers_differ
from app.statistics.schemas import Statistics
from app.summaries.discrepancies import Valued, check_catalogue


def discrepancies(statistics: Statistics, observed: Mapping[int, ObservedYear]) -> list[Finding]:
    """Everything that does not agree: by check in the catalogue's order, within a check as it is printed."""
    found = [
        *parts_against_totals(statistics),
        *statements_against_figures(statistics),
        *registers_differ(statistics),
        *rates_against_counts(statistics),
        *names_differ(statistics),
        *observed_against_official(statistics, observed),
    ]
    places = {code: place for place, code in enumerate(check_catalogue())}
    return sorted(found, key=lambda each: places[each.check])


def names_differ(statistics: Statistics) -> Iterator[Finding]:
    """Offences under more than one article or name."""
    for offence in statistics.offences:
        for what, names in (("articles", offence.articles), ("labels", offence.labels)):
            if len(names) > 1:
                values = tuple(Valued(name, f"offence:{offence.code}") for name in names)
                yield Finding("names_differ", f"offence:{offence.code}/{what}", values, what, {"offence": offence.code, "names": names})
