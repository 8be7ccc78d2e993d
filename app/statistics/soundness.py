"""What no single field shows: keys used twice, and names of columns, articles and tables that nothing stands behind.

A misspelt column would silence a check, so it is refused rather than looked over.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence

from pydantic import TypeAdapter, ValidationError

from app.kit import errors
from app.kit.errors import Fault, pointer
from app.statistics.claims import BELOW, articles_of, is_year, table_of
from app.statistics.errors import NOTHING_TO_CLAIM_OF, UNKNOWN_COLUMN
from app.statistics.schemas import RATE, Name, Statement, Statistics, Table
from app.statistics.tables import cells, columns, label, tables_of

Step = str | int
_NAMES: TypeAdapter[str] = TypeAdapter(Name)
MOST_COLUMNS = 50


def faults_in(statistics: Statistics) -> list[Fault]:
    """Everything wrong with statistics whose fields are right one by one, by place."""
    found = [*_twice(statistics), *_tables(statistics), *_statements(statistics)]
    return sorted(set(found))


def _twice(statistics: Statistics) -> Iterator[Fault]:
    yield from _repeated((each.code for each in statistics.offences), "offences", then="code")
    for part, each in (("tables", statistics.tables), ("statements", statistics.statements), ("sums", statistics.sums)):
        yield from _repeated((keyed.key for keyed in each), part, then="key")
    for place, offence in enumerate(statistics.offences):
        yield from _repeated(offence.articles, "offences", place, "articles")
        yield from _repeated(offence.labels, "offences", place, "labels")


def _repeated(names: Iterable[Hashable], *steps: Step, then: str | None = None) -> Iterator[Fault]:
    """A fault at every name that stood there before."""
    seen: set[Hashable] = set()
    for place, name in enumerate(names):
        if name in seen:
            yield Fault(pointer(*steps, place, *([then] if then else [])), errors.DUPLICATE_ITEM)
        seen.add(name)


def _tables(statistics: Statistics) -> Iterator[Fault]:
    for number, table in enumerate(statistics.tables):
        at = ("tables", number)
        yield from _repeated(map(label, table.rows), *at, "rows")
        yield from _column_names(table, at)
        for steps, names in _named_columns(table):
            yield from _unknown(names, columns(table), UNKNOWN_COLUMN, *at, *steps)
            yield from _repeated(names, *at, *steps)
        if table.counts is not None and table.counts.where is not None and table.counts.where.article is not None:
            yield from _unknown([table.counts.where.article], _articles(table), errors.MISSING, *at, "counts", "where", "article", one=True)


def _column_names(table: Table, at: tuple[Step, ...]) -> Iterator[Fault]:
    if len(columns(table)) > MOST_COLUMNS:
        yield Fault(pointer(*at, "rows"), errors.TOO_MANY_ITEMS)
    for place, row in enumerate(table.rows):
        yield from (Fault(pointer(*at, "rows", place, name), errors.WRONG_FORMAT) for name in cells(row) if not _is_column(name))


def _is_column(name: str) -> bool:
    """Whether a name can be that of a column: `rate` is what is computed."""
    try:
        _NAMES.validate_python(name)
    except ValidationError:
        return False
    return name != RATE


def _named_columns(table: Table) -> Iterator[tuple[tuple[Step, ...], Sequence[str]]]:
    """Where columns are named, and which."""
    if table.rate_of is not None:
        yield ("rate_of",), table.rate_of
    for place, side in enumerate(table.balance or []):
        yield ("balance", place), side
    if table.counts is not None:
        yield ("counts", "columns"), table.counts.columns


def _unknown(names: Sequence[str], known: Iterable[str], code: str, *steps: Step, one: bool = False) -> Iterator[Fault]:
    there = set(known)
    for place, name in enumerate(names):
        if name not in there:
            yield Fault(pointer(*steps, *([] if one else [place])), code)


def _articles(table: Table) -> set[str]:
    return {row.article for row in table.rows if row.article is not None}


def _statements(statistics: Statistics) -> Iterator[Fault]:
    tables = tables_of(statistics)
    for place, statement in enumerate(statistics.statements):
        at = ("statements", place)
        table, column = table_of(statement, tables)
        if table is not None:
            yield from _about(statement, table, column, at)
        yield from _claim(statement, table, column, at)


def _about(statement: Statement, table: Table, column: str, at: tuple[Step, ...]) -> Iterator[Fault]:
    has_rate = [RATE] if table.rate_of is not None else []
    yield from _unknown([column], [*columns(table), *has_rate], UNKNOWN_COLUMN, *at, "about", one=True)
    yield from _unknown(statement.articles or [], _articles(table), errors.MISSING, *at, "articles")
    yield from _repeated(articles_of(statement), *at, "articles")
    if statement.article is not None:
        yield from _unknown([statement.article], _articles(table), errors.MISSING, *at, "article", one=True)


def _claim(statement: Statement, table: Table | None, column: str, at: tuple[Step, ...]) -> Iterator[Fault]:
    """A claim needs something that it can be held against."""
    if statement.claim is None:
        return
    if statement.claim.kind == BELOW:
        if statement.claim.value is None:
            yield Fault(pointer(*at, "claim", "value"), errors.REQUIRED)
        if table is None or column != RATE:
            yield Fault(pointer(*at, "about"), NOTHING_TO_CLAIM_OF)
    elif table is None and not any(map(is_year, statement.values)):
        yield Fault(pointer(*at, "values"), NOTHING_TO_CLAIM_OF)
