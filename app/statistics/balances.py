"""Parts and totals: columns of a table whose sums should be equal, and totals printed with their parts (`parts_against_total`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.statistics.findings import Finding
from app.statistics.schemas import Row, Statistics, Sum, Table
from app.statistics.tables import added, label
from app.summaries.discrepancies import Valued

CHECK = "parts_against_total"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a balance: columns and their sum; None where a cell is blank."""

    columns: tuple[str, ...]
    total: int | None

    @property
    def name(self) -> str:
        """The columns as a source names them."""
        return "+".join(self.columns)


@dataclass(frozen=True, slots=True)
class Balance:
    """The sides of a balance over some rows."""

    sides: tuple[Side, ...]

    @property
    def holds(self) -> bool | None:
        """Whether all sides are equal; None where one is not known."""
        totals = {each.total for each in self.sides}
        return None if None in totals else len(totals) == 1

    @property
    def difference(self) -> int | None:
        """The largest side less the smallest."""
        known = [each.total for each in self.sides if each.total is not None]
        return max(known) - min(known) if len(known) == len(self.sides) else None


def balance_of(table: Table, rows: Sequence[Row]) -> Balance | None:
    """The balance of a table over some of its rows; None where the table names none."""
    if table.balance is None:
        return None
    return Balance(tuple(Side(tuple(names), added(rows, names)) for names in table.balance))


def parts_total(line: Sum) -> int:
    """What the parts of a total make."""
    return sum(line.parts.values())


def parts_against_totals(statistics: Statistics) -> Iterator[Finding]:
    """Rows whose sides differ, and totals that are not the sum of their parts."""
    for table in statistics.tables:
        for row in table.rows:
            balance = balance_of(table, [row])
            if balance is not None and balance.holds is False:
                yield _row(table, row, balance)
    yield from (_sum(line) for line in statistics.sums if line.stated_total != parts_total(line))


def _row(table: Table, row: Row, balance: Balance) -> Finding:
    place = f"{table.key}/{label(row)}"
    values = tuple(Valued(side.total, f"table:{place}/{side.name}") for side in balance.sides)
    sides = [f"{' + '.join(side.columns)} = {side.total}" for side in balance.sides]
    return Finding(CHECK, place, values, "balance", {"table": table.key, "row": label(row), "sides": sides})


def _sum(line: Sum) -> Finding:
    place, parts = f"sum:{line.key}", parts_total(line)
    values = (Valued(line.stated_total, f"{place}/stated_total"), Valued(parts, f"{place}/parts"))
    return Finding(CHECK, place, values, "sum", {"sum": line.key, "stated": line.stated_total, "parts": parts})
