"""What changed, in the words of a reader's language: made of labels, codes and numbers that were frozen, never of what anybody typed."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import orjson
from babel import Locale

from app.summaries.labels import label_in
from app.taxonomy.catalogue import Taxonomy

_BY_DIMENSION = {
    "role": "participant_role",
    "form": "complaint_form",
    "treatment": "complaint_in_judgment",
    "kind": "indicator_kind",
    "aspect": "fact_aspect",
    "language": "court_language",
    "kinds": "restriction_kind",
    "ordered_by": "ordered_by",
    "status": "rating",
}
_ARROW = "\N{RIGHTWARDS ARROW}"


class Change(NamedTuple):
    """One thing that changed: what kind of change, of what, coded values before and after, and the sentence."""

    kind: str
    what: str
    before: Any
    after: Any
    sentence: str


class Words:
    """Says things in one language, with the labels of one taxonomy."""

    def __init__(self, taxonomy: Taxonomy, lang: str) -> None:
        self.taxonomy, self.lang = taxonomy, lang

    def say(self, sentence: str, **words: Any) -> str:
        """A sentence, or a part of one."""
        return label_in(_texts()[sentence], self.lang).format(**words)

    def counted(self, sentence: str, n: int, **words: Any) -> str:
        """A sentence about a number of things, small numbers spelt out; it begins with a capital letter."""
        forms: Mapping[str, str] = _texts()[sentence][self.lang]
        numbers = _texts()["numbers"][self.lang]
        told = forms.get(Locale.parse(self.lang).plural_form(n)) or forms["other"]
        text = told.format(n=numbers[n - 1] if n <= len(numbers) else n, **words)
        return text[0].upper() + text[1:]

    def part(self, name: str) -> str:
        """What a part of a summary is called."""
        return label_in(_texts()["parts"].get(name, {}), self.lang) or name

    def instead(self, before: str, after: str) -> str:
        """One thing in the place of another."""
        return self.say("instead", before=before, after=after)

    def moved(self, before: str, after: str) -> str:
        """One word after another where no grammar would fit them into a sentence."""
        return f"{before} {_ARROW} {after}"

    def field(self, name: str) -> str:
        """What a field of a row is called, where it needs a name."""
        return label_in(_texts()["words"].get(name, {}), self.lang)

    def term(self, vocabulary: str, code: Any) -> str:
        """The label of a term; where the vocabulary does not have it a word of our own, else the code."""
        term = self.taxonomy.vocabularies.get(vocabulary, {}).get(code) if isinstance(code, str) else None
        return label_in(term.labels if term else _texts()["words"].get(str(code), {}), self.lang) or str(code)

    def quoted(self, vocabulary: str, code: Any) -> str:
        """The label of a term in quotation marks."""
        return self.say("quoted", what=self.term(vocabulary, code))

    def indicator(self, code: str) -> str:
        """The label of an indicator."""
        known = self.taxonomy.indicators.get(code)
        return label_in(known.labels, self.lang) if known else code

    def dimension(self, dimension: str, value: Any) -> str:
        """A value of a dimension of a table, or of another of its fields."""
        if isinstance(value, list):
            return self.listed(self.dimension(dimension, each) for each in value)
        if isinstance(value, bool):
            # Between other dimensions "no" would say nothing.
            return self.field(dimension if value else f"not_{dimension}") or self.value(value)
        if value is None:
            return self.value(value)
        if dimension in ("indicator", "indicators"):
            return self.indicator(str(value))
        return self.term(_BY_DIMENSION.get(dimension, ""), value)

    def value(self, value: Any, *, at_least: bool = False) -> str:
        """A figure's value; a share as part of a whole, several codes one after another."""
        if value is None:
            return self.say("unknown")
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if isinstance(value, Mapping):
            shown = {name: value.get(name) for name in ("part", "whole", "percent")}
            return self.say("share_at_least" if at_least else "share", **shown)
        told = self.listed(value) if isinstance(value, list) else str(value)
        return self.say("at_least", n=told) if at_least else told

    def listed(self, values: Iterable[Any]) -> str:
        """Several things one after another."""
        return ", ".join(map(str, values)) or self.say("none")


@cache
def _texts() -> dict[str, dict[str, Any]]:
    texts: dict[str, dict[str, Any]] = orjson.loads(files(__package__).joinpath("sentences.json").read_bytes())
    return texts
