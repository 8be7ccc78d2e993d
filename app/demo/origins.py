"""Where each number comes from: for the figures asked about first, the observations behind them, with hearing and observer."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from app.demo.findings import Origin, Row, Told
from app.demo.tables import rows
from app.demo.words import Words

KINDS = ("observations", "outcomes", "documents", "notes", "participants", "hearings", "cases")
MOST_SHOWN = 4


def origins(words: Words, told: Told) -> Iterator[RenderableType]:
    """For each headline what stands behind it, the first observations by id, and where all of them are listed."""
    yield Text(words.say("origins.why"))
    days = {each["id"]: f"{each['code']} ({each['date']})" for each in told.hearings}
    for origin in told.origins:
        yield Padding(Text(f"{origin.figure['label']}: {_short(words, origin.figure)}", style="bold"), (1, 0, 0, 0))
        yield Text(f"  {_behind(words, origin.sources)}")
        if origin.observations:
            yield Padding(_observations(words, origin, days), (0, 0, 0, 2))
        if origin.rows:
            yield Padding(_rows(words, origin), (0, 0, 0, 2))
        yield Text(f"  GET {origin.figure['trace']['href']}", style="dim")


def _short(words: Words, figure: Mapping[str, Any]) -> str:
    return words.amount(len(figure["value"])) if figure["type"] == "table" and figure["value"] is not None else words.figure(figure)


def _behind(words: Words, sources: Mapping[str, Any]) -> str:
    found = (words.say(f"origins.{kind}", n=len(sources[kind])) for kind in KINDS if sources[kind])
    return words.say("origins.behind", sources=", ".join(found))


def _table(words: Words, *names: str) -> Table:
    """A table whose first column holds ids, which stay whole so that they can be copied."""
    table = rows(*(words.say(f"origins.{name}") for name in names))
    table.columns[0].no_wrap = True
    return table


def _observations(words: Words, origin: Origin, days: Mapping[str, str]) -> RenderableType:
    table = _table(words, "observation", "hearing", "observer", "form")
    for each in origin.observations[:MOST_SHOWN]:
        hearing = days.get(each["hearing_id"], words.say("origins.no_hearing"))
        table.add_row(each["id"], hearing, each["observer"], words.form(each["form"]))
    if len(origin.observations) > MOST_SHOWN:
        table.add_row(words.say("origins.more", n=len(origin.observations) - MOST_SHOWN))
    return table


def _rows(words: Words, origin: Origin) -> RenderableType:
    table = _table(words, "outcome", "whose", "place")
    for each in origin.rows[-MOST_SHOWN:]:
        table.add_row(each.id, _whose(words, each), each.place)
    if len(origin.rows) > MOST_SHOWN:
        table.add_row(words.say("origins.more", n=len(origin.rows) - MOST_SHOWN))
    return table


def _whose(words: Words, row: Row) -> str:
    return row.participant or words.say("origins.group", n=words.amount(row.size))
