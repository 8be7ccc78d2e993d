"""The section about official statistics: what the courts counted beside what observers saw, and what does not follow from itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from app.demo.sections import discrepancies
from app.demo.tables import rows
from app.demo.words import VOCABULARY_OF, Words

ALL = "all"


def official(words: Words, statistics: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Years for which there are both numbers, side by side, then every discrepancy by check."""
    yield Text(words.say("statistics.why"))
    yield Padding(_beside(words, statistics), (1, 0, 0, 0))
    yield from discrepancies(words, statistics)


def _beside(words: Words, statistics: Mapping[str, Any]) -> Table:
    table = rows(*(words.say(f"statistics.{name}") for name in ("year", "table", "column", "official", "observed")))
    for year in statistics["observed"]:
        for each in year["official"]:
            if each["observed"] is not None:
                observed = words.amount(each["observed"], at_least=each["at_least"])
                table.add_row(str(year["year"]), each["table"], _column(words, each["column"]), words.amount(each["official"]), observed)
    return table


def _column(words: Words, column: str) -> str:
    return words.say("statistics.all") if column == ALL else words.term(VOCABULARY_OF["form"], column)
