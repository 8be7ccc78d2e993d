"""Statements beside the numbers that they are about (`statement_against_figure`): yearly values, "below", "rising", "falling".

A claim below a percentage is judged by the rate of all years together, also where it leaves years out itself: what remains without them
is shown beside it. A claim of growth is judged by every step from one known year to the next.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from app.statistics.findings import Finding
from app.statistics.rates import Rate, decimal, rate_of
from app.statistics.schemas import RATE, Claim, Row, Statement, Statistics, Table, plain
from app.statistics.tables import added, by_year, cells, label, of_articles, tables_of
from app.summaries.discrepancies import Valued

CHECK = "statement_against_figure"
BELOW = "below"
RISING = "rising"
YEAR_DIGITS = 4

Number = int | str | None
"""A count, a percentage with four decimals, or what is not known."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim and what the numbers say of it: `holds` is None where they cannot say."""

    statement: str
    subject: str
    claimed: str
    holds: bool | None
    values: tuple[Valued, ...]
    sentence: str
    words: Mapping[str, Any]

    def finding(self) -> Finding:
        """The claim as a discrepancy."""
        values = (Valued(self.claimed, f"statement:{self.statement}"), *self.values)
        return Finding(CHECK, self.subject, values, self.sentence, {"statement": self.statement, **self.words})


def articles_of(statement: Statement) -> list[str]:
    """The articles that a statement is about."""
    return [*(statement.articles or []), *([statement.article] if statement.article is not None else [])]


def table_of(statement: Statement, tables: Mapping[str, Table]) -> tuple[Table | None, str]:
    """The table and the column that a statement is about; no table where it says in words what it is about."""
    table, _, column = statement.about.partition(".")
    return tables.get(table), column


def is_year(name: str) -> bool:
    """Whether a value stands for a year."""
    return len(name) == YEAR_DIGITS and name.isascii() and name.isdigit()


def statements_against_figures(statistics: Statistics) -> Iterator[Finding]:
    """Values that differ from the column they are about, and claims that the numbers do not bear out."""
    tables = tables_of(statistics)
    for statement in statistics.statements:
        yield from _values(statement, *table_of(statement, tables))
    yield from (each.finding() for each in judged_claims(statistics) if each.holds is False)


def judged_claims(statistics: Statistics) -> Iterator[Judged]:
    """Every claim with what the numbers say of it."""
    tables = tables_of(statistics)
    for statement in statistics.statements:
        if statement.claim is not None:
            table, column = table_of(statement, tables)
            if statement.claim.kind != BELOW:
                yield from _trends(statement, statement.claim, table, column)
            elif table is not None:
                yield _below(statement, statement.claim, table)


def _values(statement: Statement, table: Table | None, column: str) -> Iterator[Finding]:
    articles = articles_of(statement)
    for row in table.rows if table else ():
        said, given = statement.values.get(str(row.year)), cells(row).get(column)
        if said is not None and given is not None and said != given and (row.article is None or row.article in articles):
            yield _differing(statement, f"{statement.about.partition('.')[0]}", column, row, said)


def _differing(statement: Statement, table: str, column: str, row: Row, said: int) -> Finding:
    given = cells(row)[column]
    values = (Valued(given, f"table:{table}/{label(row)}/{column}"), Valued(said, f"statement:{statement.key}"))
    words = {"statement": statement.key, "table": table, "row": label(row), "column": column, "given": given, "said": said}
    return Finding(CHECK, f"{statement.about}/{label(row)}", values, "column", words)


def _below(statement: Statement, claim: Claim, table: Table) -> Judged:
    articles = articles_of(statement)
    rows, left_out = of_articles(table, articles), claim.but or []
    pooled = _percent(table, rows)
    limit = plain(claim.value or 0.0)
    values = [Valued(pooled, f"table:{table.key} all years pooled")]
    words: dict[str, Any] = {"table": table.key, "limit": decimal(str(limit)), "pooled": decimal(pooled)}
    if left_out:
        rest = _percent(table, [row for row in rows if row.year not in left_out])
        values.append(Valued(rest, f"table:{table.key} pooled without {', '.join(map(str, left_out))}"))
        words |= {"years": left_out, "rest": decimal(rest)}
    return Judged(
        statement=statement.key,
        subject="/".join([statement.about, *(["+".join(articles)] if articles else [])]),
        claimed=f"{BELOW} {limit}",
        holds=None if pooled is None else Decimal(pooled) < Decimal(str(limit)),
        values=tuple(values),
        sentence="below_except" if left_out else "below",
        words=words,
    )


def _percent(table: Table, rows: Sequence[Row]) -> str | None:
    return (rate_of(table, rows) or Rate(None, None)).percent


@dataclass(frozen=True, slots=True)
class _Series:
    """Yearly values: what they are about, where they stand, and how a sentence names them."""

    subject: str
    source: str
    values: list[Number]


def _trends(statement: Statement, claim: Claim, table: Table | None, column: str) -> Iterator[Judged]:
    for series in _series(statement, table, column):
        known = [Decimal(value) for value in series.values if value is not None]
        steps = pairwise(known) if claim.kind == RISING else pairwise(reversed(known))
        yield Judged(
            statement=statement.key,
            subject=series.subject,
            claimed=claim.kind,
            holds=all(earlier <= later for earlier, later in steps) if len(known) > 1 else None,
            values=(Valued(series.values, series.source),),
            sentence=claim.kind if statement.values else f"{claim.kind}_of",
            words={"about": series.subject, "values": [decimal(value) if isinstance(value, str) else value for value in series.values]},
        )


def _series(statement: Statement, table: Table | None, column: str) -> Iterator[_Series]:
    """The statement's own values, else those of the table, for each article that is named."""
    if statement.values:
        mine = f"statement:{statement.key}"
        yield _Series(mine, f"{mine}/values", [statement.values[name] for name in sorted(statement.values) if is_year(name)])
    elif table is not None:
        for named in [[article] for article in articles_of(statement)] or [[]]:
            rows = of_articles(table, named)
            where = "".join(f"/{article}" for article in named)
            values = [_yearly(table, group.rows, column) for group in by_year(rows)]
            yield _Series(f"{statement.about}{where}", f"table:{table.key}{where}/{column}", values)


def _yearly(table: Table, rows: Sequence[Row], column: str) -> Number:
    return _percent(table, rows) if column == RATE else added(rows, [column])
