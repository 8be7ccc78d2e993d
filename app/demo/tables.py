"""The few shapes of table that the page has: all without frames, so that they can be copied and read aloud."""

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple

from rich.table import Column, Table

Side = Literal["left", "right", "center"]
BAR = {"yes": "█", "no": "░", "unknown": "·", "contested": "▒"}


def columns(*widths: int | None, justify: Sequence[Side]) -> list[Column]:
    """Columns of given widths; None takes what the text needs."""
    return [Column(width=width, justify=side, overflow="fold") for width, side in zip(widths, justify, strict=True)]


def grid(wanted: Sequence[Column]) -> Table:
    """A table without headings."""
    return Table(*wanted, show_header=False, box=None, padding=(0, 2, 0, 0), pad_edge=False)


def rows(*headings: str) -> Table:
    """A table with dim headings and as many columns, each as wide as it needs."""
    found = [Column(heading, overflow="fold", header_style="dim italic") for heading in headings]
    return Table(*found, box=None, padding=(0, 2, 0, 0), pad_edge=False)


def bullets(texts: Iterable[str]) -> Table:
    """Texts one below the other, each with a point before it and its further lines indented."""
    table = Table.grid(Column(width=1), Column(), padding=(0, 1, 0, 0))
    for each in texts:
        table.add_row("·", each)
    return table


class Part(NamedTuple):
    """One piece of a bar."""

    kind: str
    size: int


def bar(parts: Sequence[Part], width: int) -> str:
    """A bar of just this width in which each piece takes its share, by where the pieces before it end."""
    whole = sum(part.size for part in parts)
    ends = [round(width * end / whole) if whole else 0 for end in accumulate((part.size for part in parts), initial=0)]
    return "".join(BAR[part.kind] * (end - start) for part, (start, end) in zip(parts, pairwise(ends), strict=True))
