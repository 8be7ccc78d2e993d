"""Rates recomputed from their counts, and the check whether printed ones follow from them (`rate_against_counts`).

Percentages are decimal texts, rounded half up, so that no binary fraction can creep in. Where the denominator is 0 there is no rate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from app.statistics.findings import Finding
from app.statistics.schemas import Row, Statistics, Table
from app.statistics.tables import added, label
from app.summaries.discrepancies import Valued

CHECK = "rate_against_counts"
PLACES = 4
NO_DENOMINATOR = "no_denominator"
NOT_STATED = "not_stated"
TRUNCATED = "printed_equals_truncation"
DIFFERS = "printed_differs"


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `whole` in per cent with four decimals; null with a flag where it cannot be computed."""

    part: int | None
    whole: int | None

    @property
    def flag(self) -> str | None:
        """Why there is no percentage."""
        if self.part is None or self.whole is None:
            return NOT_STATED
        return None if self.whole else NO_DENOMINATOR

    @property
    def percent(self) -> str | None:
        """The percentage with four decimals."""
        return self.rounded(PLACES)

    def rounded(self, places: int, rounding: str = ROUND_HALF_UP) -> str | None:
        """The percentage with some decimals; None where there is none."""
        if self.part is None or not self.whole:
            return None
        return str((Decimal(100) * self.part / self.whole).quantize(Decimal(1).scaleb(-places), rounding=rounding))


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed rate beside its counts: `number` without the sign, with a point."""

    row: str
    number: str
    rate: Rate

    @property
    def decimals(self) -> int:
        """How many decimals are printed."""
        return len(self.number.partition(".")[2])

    @property
    def rounded(self) -> str | None:
        """The rate as it should have been printed, with as many decimals."""
        return self.rate.rounded(self.decimals)

    @property
    def truncated(self) -> str | None:
        """The rate with further decimals cut off."""
        return self.rate.rounded(self.decimals, ROUND_DOWN)

    @property
    def flag(self) -> str | None:
        """What is wrong with it; None where it follows from its counts."""
        if self.rounded is None:
            return self.rate.flag
        if same(self.number, self.rounded):
            return None
        return TRUNCATED if same(self.number, self.truncated) else DIFFERS


def decimal(number: str | None) -> Decimal | None:
    """A decimal text as a number that keeps its decimals."""
    return None if number is None else Decimal(number)


def same(number: str, other: str | None) -> bool:
    """Whether two decimal texts are one number."""
    return other is not None and Decimal(number) == Decimal(other)


def rate_of(table: Table, rows: Sequence[Row]) -> Rate | None:
    """The rate of a table over some of its rows, from their sums; None where the table has no rate."""
    if table.rate_of is None:
        return None
    part, whole = (added(rows, [column]) for column in table.rate_of)
    return Rate(part, whole)


def printed_of(table: Table, row: Row) -> Printed | None:
    """The printed rate of a row; None where none is printed, or where the table does not say what it is a rate of."""
    rate = rate_of(table, [row])
    if rate is None or row.printed_rate is None:
        return None
    return Printed(label(row), row.printed_rate.rstrip("%").strip().replace(",", "."), rate)


def rates_against_counts(statistics: Statistics) -> Iterator[Finding]:
    """Printed rates that are not the recomputed ones, and tables that do not round alike throughout."""
    for table in statistics.tables:
        printed = [found for row in table.rows if (found := printed_of(table, row))]
        yield from (_row(table, each) for each in printed if each.flag in (TRUNCATED, DIFFERS))
        yield from _whole_table(table, printed)


def _row(table: Table, printed: Printed) -> Finding:
    assert table.rate_of is not None
    place, columns = f"table:{table.key}/{printed.row}", ":".join(table.rate_of)
    values = (Valued(printed.number, f"{place}/printed_rate"), Valued(printed.rounded, f"{place}/{columns}"))
    rate = printed.rate
    words = {"table": table.key, "row": printed.row, "part": rate.part, "whole": rate.whole}
    percents = {"printed": decimal(printed.number), "recomputed": decimal(printed.rounded)}
    return Finding(CHECK, f"{table.key}.rate/{printed.row}", values, "rate_row", {**words, **percents})


def _whole_table(table: Table, printed: Sequence[Printed]) -> Iterator[Finding]:
    """Decimals that vary, or rows of which some were rounded and others cut: no one rule made the column."""
    telling = [each for each in printed if each.rounded != each.truncated]
    decimals = sorted({each.decimals for each in printed})
    rounded = sorted(each.row for each in telling if same(each.number, each.rounded))
    truncated = sorted(each.row for each in telling if same(each.number, each.truncated))
    if len(decimals) > 1 or (rounded and truncated):
        values = (
            Valued(decimals, "decimals printed"),
            Valued(rounded, "rows only rounding gives"),
            Valued(truncated, "rows only truncation gives"),
        )
        words = {"table": table.key, "decimals": decimals, "rounded": rounded, "truncated": truncated}
        yield Finding(CHECK, f"{table.key}.rate", values, "rate_table", words)
