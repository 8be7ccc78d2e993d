"""The same thing counted in several places: by two registers (`statements_differ`), and by observers (`observed_against_official`).

Registers are never added up, and none is taken for the right one.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.statistics.findings import Counted, Finding, Named
from app.statistics.observed import ObservedYear
from app.statistics.schemas import Row, Statistics, Table
from app.statistics.tables import added, by_year
from app.summaries.discrepancies import Valued

COURTS = "courts"
COMPLAINTS = "torture_complaints"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Beside:
    """An official number and the observed one: a column of a table in a year, or all columns that it counts."""

    table: Table
    year: int
    column: str
    observed: int | None
    official: int | None
    at_least: bool = False

    @property
    def suggests_gap(self) -> bool:
        """Whether observers alone saw at least half of what is official: then the statistics probably leave them out."""
        return bool(self.official) and self.observed is not None and 2 * self.observed >= (self.official or 0)


def counted(table: Table) -> dict[int, list[Row]]:
    """The rows that a table counts, by year."""
    if table.counts is None:
        return {}
    where = table.counts.where
    rows = [row for row in table.rows if where is None or (where.article in (None, row.article) and where.year in (None, row.year))]
    return {group.rows[0].year: list(group.rows) for group in by_year(rows)}


def registers_differ(statistics: Statistics) -> Iterator[Finding]:
    """Years for which tables with one subject give different numbers, each with its register."""
    for subject, tables in _by_subject(statistics).items():
        per_table = [(table, counted(table)) for table in tables]
        for year in sorted({year for _, years in per_table for year in years}):
            given = [(table, _number(table, years[year])) for table, years in per_table if year in years]
            known = [(table, number) for table, number in given if number is not None]
            if len({number for _, number in known}) > 1:
                yield _differing(subject, year, known)


def _by_subject(statistics: Statistics) -> dict[str, list[Table]]:
    found: dict[str, list[Table]] = defaultdict(list)
    for table in statistics.tables:
        if table.counts is not None:
            found[table.counts.subject].append(table)
    return found


def _number(table: Table, rows: Sequence[Row]) -> int | None:
    assert table.counts is not None
    return added(rows, table.counts.columns)


def _differing(subject: str, year: int, given: Sequence[tuple[Table, int]]) -> Finding:
    values = tuple(Valued(number, f"table:{table.key} ({table.kept_by})") for table, number in given)
    numbers = [Counted(table.key, Named("register", table.kept_by), number) for table, number in given]
    words = {"subject": Named("subject", subject), "year": year, "numbers": numbers}
    return Finding("statements_differ", f"{subject}/{year}", values, "registers", words)


def set_beside(statistics: Statistics, observed: Mapping[int, ObservedYear]) -> Iterator[Beside]:
    """Every official number of complaints of torture in courts, beside what was observed: column by column, then all together."""
    for table in statistics.tables:
        if table.counts is not None and table.kept_by == COURTS and table.counts.subject == COMPLAINTS:
            for year, rows in counted(table).items():
                yield from _in_year(table, table.counts.columns, rows, observed.get(year))


def _in_year(table: Table, names: Sequence[str], rows: Sequence[Row], seen: ObservedYear | None) -> Iterator[Beside]:
    year = rows[0].year
    for column in names:
        found = seen.forms.get(column, 0) if seen else None
        yield Beside(table, year, column, found, added(rows, [column]), at_least=seen is not None and seen.form_is_minimum)
    yield Beside(table, year, ALL, seen.total if seen else None, added(rows, names), at_least=seen is not None and seen.at_least)


def observed_against_official(statistics: Statistics, observed: Mapping[int, ObservedYear]) -> Iterator[Finding]:
    """Official numbers of which observers alone saw at least half."""
    for each in set_beside(statistics, observed):
        if each.suggests_gap:
            place = f"{each.year}/{each.column}"
            values = (
                Valued(each.observed, "observed in the programme's cases"),
                Valued(each.official, f"table:{each.table.key}/{place}"),
            )
            words = {"table": each.table.key, "year": each.year, "column": each.column, "observed": each.observed}
            sentence = "observed_all" if each.column == ALL else "observed"
            yield Finding("observed_against_official", f"{COMPLAINTS}/{place}", values, sentence, {**words, "official": each.official})
