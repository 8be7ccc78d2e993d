"""How each right fared: the rated ones with what they were rated on, the others by name, and the indicative grade."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from app.demo.tables import rows
from app.demo.words import Words

UNSEEN = "not_observed"
_VOCABULARIES = (("rating", "rating"), ("rating_status", "status"), ("rating_confidence", "confidence"))


def rights(words: Words, case: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Ratings as served: what nobody could see stays without one."""
    table = rows(*(words.say(f"rights.{name}") for name in ("right", "rating", "status", "confidence", "units")))
    for each in case["rights"]:
        if each["rating"] != UNSEEN:
            said = [words.term(name, each[key]) for name, key in _VOCABULARIES]
            table.add_row(each["label"], *said, str(each["unit_coverage"]).replace("/", " / "))
    if table.row_count:
        yield table
    unseen = [each["label"] for each in case["rights"] if each["rating"] == UNSEEN]
    if unseen:
        yield Padding(Text(words.say("rights.unseen", rights="; ".join(unseen))), (1, 0, 0, 0))
    yield Padding(Text(words.say("rights.grade", grade=_grade(words, case["grade"]))), (1, 0, 0, 0))


def _grade(words: Words, grade: Mapping[str, Any]) -> str:
    return words.terms("grade", grade.get("range") or [grade.get("value")])
