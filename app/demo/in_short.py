"""The numbers of the first screen."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from app.demo.findings import figures_of
from app.demo.tables import columns, grid
from app.demo.words import Words

IN_SHORT = (
    "coverage.hearing_share",
    "complaints.total",
    "complaints.defendants_share",
    "complaints.absent_share",
    "investigations.opened",
    "retractions.persons",
    "outcomes.convicted",
    "outcomes.acquitted",
    "outcomes.custodial",
)
"""Figures of the first screen, by what a reader asks in turn: what was seen, who complained, what the court did, how it ended."""


def in_short(words: Words, case: Mapping[str, Any]) -> Iterator[RenderableType]:
    """The figures that are asked for first, and how much is in doubt."""
    table = grid(columns(60, None, justify=("left", "left")))
    figures = figures_of(case)
    for key in IN_SHORT:
        figure = figures[key]
        table.add_row(figure["label"], Text(words.figure(figure), style="bold"))
    table.add_row(words.say("restrictions"), Text(str(len(case["restrictions"])), style="bold"))
    table.add_row(words.say("disagreements"), Text(str(len(case["disagreements"])), style="bold"))
    table.add_row(words.say("discrepancies"), Text(str(len(case["discrepancies"])), style="bold"))
    yield table
