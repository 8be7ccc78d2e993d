"""The generated sentences of a summary, in the reader's language: from labels, codes and numbers, never from what somebody typed.

A place in a document (a source's locator) was typed, so a sentence names the document by its code only; the value's `source` has it all.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from app.summaries.coverage import Statement
from app.summaries.discrepancies import Discrepancy, Valued, check_catalogue
from app.summaries.figures import catalogue
from app.summaries.labels import label_in
from app.summaries.lexicon import Lexicon

_IF_NOT_THE_SAME = " if not the same"
_NAMED_BY = ("verdict", "appeal_result", "court_instance", "participant_role", "complaint_in_judgment", "complaint_form", "sentence_kind")


def statement_text(statement: Statement, lexicon: Lexicon, lang: str) -> str:
    """A coverage statement as a sentence."""
    numbers = dict(statement.numbers)
    if "language" in numbers:
        numbers["language"] = _term(lexicon, "court_language", numbers["language"], lang)
    return label_in(_texts()["coverage"][statement.id], lang).format(**numbers)


def discrepancy_text(discrepancy: Discrepancy, lexicon: Lexicon, lang: str) -> str:
    """A discrepancy as a sentence: what the check is called, what it is about, and each value with where it comes from."""
    label = label_in(check_catalogue()[discrepancy.check].label, lang)
    values = "; ".join(f"{_source(each, lexicon, lang)}: {_value(each.value, lexicon, lang)}" for each in discrepancy.values)
    return f"{label}: {_subject(discrepancy.subject, lexicon, lang)}. {values}."


@cache
def _texts() -> dict[str, dict[str, dict[str, str]]]:
    texts: dict[str, dict[str, dict[str, str]]] = orjson.loads(files(__package__).joinpath("sentences.json").read_bytes())
    return texts


def _word(word: str, lang: str) -> str:
    return label_in(_texts()["words"].get(word, {}), lang) or word


def _term(lexicon: Lexicon, vocabulary: str, code: str, lang: str) -> str:
    term = lexicon.taxonomy.vocabularies.get(vocabulary, {}).get(code)
    return label_in(term.labels, lang) if term else code


def _subject(subject: str, lexicon: Lexicon, lang: str) -> str:
    if subject.startswith("participant:"):
        return f"{_word('participant', lang)} {subject.partition(':')[2]}"
    if subject.startswith("outcomes.") and _figure(subject, lexicon, lang) is None:
        steps = subject.removeprefix("outcomes.").split("/")
        return ", ".join(_any_term(lexicon, step, lang) for step in steps)
    return _figure(subject, lexicon, lang) or _word(subject, lang)


def _figure(place: str, lexicon: Lexicon, lang: str) -> str | None:
    """`KEY[/CELL][@READING]` as the figure's label with cell and reading behind it; None where it is no figure."""
    name, _, reading = place.partition("@")
    key, _, cell = name.partition("/")
    entry = catalogue().get(key)
    if entry is None:
        return None
    where = [_any_term(lexicon, step, lang) for step in cell.split("/") if step]
    where += [f"{_word('reading', lang)} {reading}"] if reading else []
    return ", ".join([label_in(entry.label, lang), *where])


def _source(valued: Valued, lexicon: Lexicon, lang: str) -> str:
    plain = valued.source.removesuffix(_IF_NOT_THE_SAME)
    kind, colon, rest = plain.partition(":")
    if not colon:
        return _word(plain, lang)
    if kind != "figure":
        return f"{_word(kind, lang)} {rest.split(' ')[0]}"
    figure = _figure(rest, lexicon, lang) or rest
    return figure if plain == valued.source else f"{figure}, {_word(_IF_NOT_THE_SAME.strip(), lang)}"


def _value(value: Any, lexicon: Lexicon, lang: str) -> str:
    if value is None:
        return _word("not_stated", lang)
    if isinstance(value, bool):
        return _word(str(value).lower(), lang)
    if isinstance(value, list):
        return ", ".join(_value(each, lexicon, lang) for each in value) or _word("nobody", lang)
    if isinstance(value, Mapping):
        return "/".join(_value(each, lexicon, lang) for each in value.values())
    return _any_term(lexicon, value, lang) if isinstance(value, str) else str(value)


def _any_term(lexicon: Lexicon, code: str, lang: str) -> str:
    """The label of a code that some vocabulary of sentences names, or a word of the sentences themselves."""
    labels = (_term(lexicon, vocabulary, code, lang) for vocabulary in _NAMED_BY)
    return next((label for label in labels if label != code), _word(code, lang))
