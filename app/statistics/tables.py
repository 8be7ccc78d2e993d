"""Printed tables: how a row is named, what stands in its cells, and sums over rows. A cell that is blank is not known; it is never 0."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from app.statistics.schemas import Row, Statistics, Table


class Group(NamedTuple):
    """Rows that belong together: those of a year, of an article, or all."""

    name: dict[str, Any]
    rows: Sequence[Row]


def label(row: Row) -> str:
    """The name of a row: `ARTICLE/YEAR`, or `YEAR` where it has no article."""
    return f"{row.article}/{row.year}" if row.article is not None else str(row.year)


def cells(row: Row) -> dict[str, int]:
    """The numbers of a row by column."""
    return row.__pydantic_extra__ or {}


def columns(table: Table) -> list[str]:
    """Every column of a table, in the order in which they are first seen."""
    return list(dict.fromkeys(name for row in table.rows for name in cells(row)))


def added(rows: Iterable[Row], names: Sequence[str]) -> int | None:
    """The sum of columns over rows; None where a cell of them is blank."""
    found = [cells(row).get(name) for row in rows for name in names]
    known = [each for each in found if each is not None]
    return sum(known) if len(known) == len(found) else None


def of_articles(table: Table, articles: Sequence[str]) -> list[Row]:
    """The rows about some articles, by year; all rows where no article is named."""
    return sorted((row for row in table.rows if not articles or row.article in articles), key=lambda row: row.year)


def by_year(rows: Iterable[Row]) -> list[Group]:
    """Rows by year, the earliest first."""
    return _groups(rows, "year", lambda row: row.year)


def by_article(rows: Iterable[Row]) -> list[Group]:
    """Rows by article; those without one stand in no group."""
    return _groups((row for row in rows if row.article is not None), "article", lambda row: row.article)


def _groups(rows: Iterable[Row], what: str, key: Callable[[Row], Any]) -> list[Group]:
    return [Group({what: name}, list(found)) for name, found in groupby(sorted(rows, key=key), key=key)]


def tables_of(statistics: Statistics) -> dict[str, Table]:
    """Tables by key."""
    return {table.key: table for table in statistics.tables}
