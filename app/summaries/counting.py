"""How a figure is made: from contributions that each carry what stands behind them, so that number and trace cannot disagree."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from app.summaries.records import CaseRecords, Filing, Note, Outcome, Source


class Ref(NamedTuple):
    """One thing behind a figure: observation, outcome, document, note, participant, hearing, case or member or programme, and its id."""

    kind: str
    id: str


Behind = frozenset[Ref]
NOTHING: Behind = frozenset()


class Contribution(NamedTuple):
    """What one person, group or thing adds to a figure: the cell that it falls into, what shows it, and how many it counts for."""

    cell: tuple[Any, ...]
    behind: Behind
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A computed figure: its value, whether it is only a minimum, and what is behind it, whole and by the name of each table cell."""

    value: Any
    at_least: bool = False
    behind: Behind = NOTHING
    cells: Mapping[str, Behind] = field(default_factory=dict)


UNKNOWN = Figure(None)


def grounded(figure: Figure, whole: Ref) -> Figure:
    """A figure that is known and has nothing behind it, a zero or an empty list, leads to the case or programme that was looked at."""
    return figure if figure.value is None or figure.behind else replace(figure, behind=frozenset((whole,)))


def together(parts: Iterable[Behind]) -> Behind:
    """Everything behind any of the parts."""
    return NOTHING.union(*parts)


def total(contributions: Iterable[Contribution]) -> int:
    """How many the contributions count for."""
    return sum(each.weight for each in contributions)


def count(contributions: Iterable[Contribution], *, at_least: bool = False, looked_at: Behind = NOTHING) -> Figure:
    """A number of persons or things; a zero leads to what was looked at."""
    added = list(contributions)
    number = total(added)
    return Figure(number, at_least, together(each.behind for each in added) if number else looked_at)


def table(dims: tuple[str, ...], contributions: Iterable[Contribution], *, at_least: bool = False) -> Figure:
    """Rows of the dimensions with their `n`; cells that count nobody are left out."""
    by_cell: dict[tuple[Any, ...], list[Contribution]] = defaultdict(list)
    for each in contributions:
        by_cell[each.cell].append(each)
    rows = [
        ({**dict(zip(dims, cell, strict=True)), "n": total(added)}, together(c.behind for c in added)) for cell, added in by_cell.items()
    ]
    return listing(dims, sorted((row for row in rows if row[0]["n"]), key=lambda row: _sorting(row[0], dims)), at_least=at_least)


def listing(dims: tuple[str, ...], rows: Iterable[tuple[dict[str, Any], Behind]], *, at_least: bool = False) -> Figure:
    """A table whose rows come ready and in order, each with what is behind it."""
    shown: list[dict[str, Any]] = []
    cells: dict[str, set[Ref]] = defaultdict(set)
    for row, behind in rows:
        shown.append(row)
        cells[cell_name([row[dim] for dim in dims])].update(behind)
    frozen = {name: frozenset(refs) for name, refs in cells.items()}
    return Figure(shown, at_least, together(frozen.values()), frozen)


def share(part: Iterable[Contribution], whole: Iterable[Contribution], *, at_least: bool = False) -> Figure:
    """`{part, whole, percent}`; unknown where the whole is nothing."""
    parts, all_of_them = list(part), list(whole)
    if not total(all_of_them):
        return Figure(None, at_least)
    value = {"part": total(parts), "whole": total(all_of_them), "percent": percent(total(parts), total(all_of_them))}
    return Figure(value, at_least, together(each.behind for each in (*parts, *all_of_them)))


def codes(contributions: Iterable[Contribution]) -> Figure:
    """A sorted list of distinct codes, each the first step of its contribution's cell."""
    added = list(contributions)
    return Figure(sorted({each.cell[0] for each in added}), behind=together(each.behind for each in added))


def percent(part: int, whole: int) -> str:
    """A percentage with one decimal, half up."""
    return str((Decimal(100) * part / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def cell_name(steps: Iterable[Any]) -> str:
    """The name of a table cell: its dimensions joined by `/`, booleans as `true` and `false`, nothing as `null`."""
    return "/".join(step if isinstance(step, str) else json.dumps(step) for step in steps)


def cell_value(figure: Figure, dims: tuple[str, ...], name: str) -> int | None:
    """The number in one cell of a table that counts: 0 where it has no such row; None where the figure is no such table."""
    if not isinstance(figure.value, list) or not dims:
        return None
    rows = [row for row in figure.value if cell_name([row.get(dim) for dim in dims]) == name]
    return 0 if not rows else rows[0].get("n")


def _sorting(row: Mapping[str, Any], dims: tuple[str, ...]) -> list[str]:
    return [json.dumps(row[dim], ensure_ascii=False) for dim in dims]


class Tracer:
    """Turns what a case holds into references; documents are cited by code and traced by id."""

    __slots__ = ("_documents", "_filings")

    def __init__(self, records: CaseRecords) -> None:
        self._documents = {each.code: each.id for each in (*records.documents, *records.cited)}
        self._filings: dict[str, Behind] = {}

    def source(self, source: Source) -> Behind:
        """The document or observation that a source names."""
        refs = [self._document(source.document)] if source.document else []
        return frozenset([*refs, Ref("observation", source.observation)] if source.observation else refs)

    def filing(self, filing: Filing) -> Behind:
        """A filing, and the document that it cites."""
        known = self._filings.get(filing.id)
        if known is None:
            cited, own = filing.answers.get("document_ref"), Ref("observation", filing.id)
            known = frozenset((own, self._document(cited)) if isinstance(cited, str) else (own,))
            self._filings[filing.id] = known
        return known

    def filings(self, filings: Iterable[Filing]) -> Behind:
        """Several filings with their documents."""
        return together(self.filing(each) for each in filings)

    def outcome(self, outcome: Outcome) -> Behind:
        """An outcome and the document that shows it."""
        return self.source(outcome.source) | {Ref("outcome", outcome.id)}

    def note(self, note: Note) -> Behind:
        """A note and what it was read in."""
        return self.source(note.source) | {Ref("note", note.id)}

    def _document(self, code: str) -> Ref:
        return Ref("document", self._documents.get(code, code))
