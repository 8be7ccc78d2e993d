"""Everything that follows from the printed numbers, ready to be shown: rates and balances row by row, totals, claims and sums."""

from collections.abc import Sequence
from typing import Any

from app.statistics.balances import Balance, balance_of, parts_total
from app.statistics.claims import Judged, judged_claims
from app.statistics.rates import Printed, Rate, printed_of, rate_of
from app.statistics.schemas import Row, Statistics, Sum, Table
from app.statistics.tables import Group, added, by_article, by_year, columns, label

Shown = dict[str, Any]


def recomputed(statistics: Statistics) -> Shown:
    """Tables, claims and sums, computed afresh from what is printed; nothing printed is taken over."""
    return {
        "tables": [_table(each) for each in statistics.tables],
        "claims": [_claim(each) for each in judged_claims(statistics)],
        "sums": [_sum(each) for each in statistics.sums],
    }


def _table(table: Table) -> Shown:
    return {
        "key": table.key,
        "register": table.kept_by,
        "rows": [_row(table, row) for row in table.rows],
        "by_year": [_group(table, each) for each in by_year(table.rows)],
        "by_article": [_group(table, each) for each in by_article(table.rows)],
        "total": _group(table, Group({}, table.rows)),
    }


def _row(table: Table, row: Row) -> Shown:
    named: Shown = {"row": label(row), "year": row.year, "article": row.article}
    return {**named, "rate": _rate(rate_of(table, [row]), printed_of(table, row)), "balance": _balance(balance_of(table, [row]))}


def _group(table: Table, group: Group) -> Shown:
    """Sums of all columns over some rows, and what follows from them: a pooled rate is that of the sums, not a mean of rates."""
    sums = {name: added(group.rows, [name]) for name in columns(table)}
    return {**group.name, "columns": sums, "rate": _rate(rate_of(table, group.rows)), "balance": _balance(balance_of(table, group.rows))}


def _rate(rate: Rate | None, printed: Printed | None = None) -> Shown | None:
    if rate is None:
        return None
    shown: Shown = {"part": rate.part, "whole": rate.whole, "percent": rate.percent, "flag": rate.flag}
    if printed is not None:
        shown |= {"printed": printed.number, "as_printed": printed.rounded, "flag": printed.flag}
    return shown


def _balance(balance: Balance | None) -> Shown | None:
    if balance is None:
        return None
    sides = [{"columns": list(each.columns), "total": each.total} for each in balance.sides]
    return {"sides": sides, "difference": balance.difference, "holds": balance.holds}


def _claim(judged: Judged) -> Shown:
    against: Sequence[Shown] = [each._asdict() for each in judged.values]
    return {"statement": judged.statement, "about": judged.subject, "claim": judged.claimed, "against": against, "holds": judged.holds}


def _sum(line: Sum) -> Shown:
    parts = parts_total(line)
    return {"key": line.key, "stated_total": line.stated_total, "parts": parts, "holds": line.stated_total == parts}
