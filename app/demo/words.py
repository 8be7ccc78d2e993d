"""Says codes, numbers and what is unknown in the reader's language: labels from the served taxonomy, the rest from `app/locales`."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from babel.numbers import format_decimal

from app.kit import i18n

VOCABULARY_OF = {
    "role": "participant_role",
    "form": "complaint_form",
    "treatment": "complaint_in_judgment",
    "value": "observation_value",
    "count": "count_subject",
}
"""The vocabulary of a code, by what a table calls it."""
UNKNOWN = "unknown"


class Words:
    """A reader's language, with the labels of a taxonomy as it was served in that language."""

    def __init__(self, language: str, taxonomy: Mapping[str, Any]) -> None:
        self.language = language
        self.taxonomy = taxonomy

    @cached_property
    def _terms(self) -> dict[str, dict[str, str]]:
        return {each["code"]: _labels(each["terms"]) for each in self.taxonomy["vocabularies"]}

    @cached_property
    def _indicators(self) -> dict[str, str]:
        return _labels(self.taxonomy["indicators"])

    @cached_property
    def _forms(self) -> dict[str, str]:
        return _labels(self.taxonomy["forms"])

    @cached_property
    def _questions(self) -> dict[str, Mapping[str, Any]]:
        found = [(form, question) for form in self.taxonomy["forms"] for section in form["sections"] for question in section["questions"]]
        return {f"{form['code']}.{question['code']}": question for form, question in found}

    def say(self, key: str, **values: object) -> str:
        """A text of the page."""
        return i18n.text(f"demo.{key}", self.language, **values)

    def term(self, vocabulary: str, code: str | None) -> str:
        """The label of a term; what is not known is called so, whatever the vocabulary."""
        if code is None or code == UNKNOWN:
            return self.say(UNKNOWN)
        return self._terms.get(vocabulary, {}).get(code, code)

    def terms(self, vocabulary: str, codes: Iterable[str]) -> str:
        """The labels of terms, in their order."""
        return ", ".join(self.term(vocabulary, each) for each in codes)

    def indicator(self, code: str) -> str:
        """The label of an indicator."""
        return self._indicators.get(code, code)

    def form(self, code: str) -> str:
        """The label of a form."""
        return self._forms.get(code, code)

    def amount(self, value: int | None, *, at_least: bool = False) -> str:
        """A number, a minimum, or that it is not known."""
        if value is None:
            return self.say(UNKNOWN)
        return self.say("at_least", n=value) if at_least else str(value)

    def figure(self, figure: Mapping[str, Any]) -> str:
        """A figure's value under the default reading."""
        return self.value(figure["type"], figure["value"], at_least=bool(figure.get("at_least")))

    def value(self, kind: str, value: Any, *, at_least: bool = False) -> str:
        """A value of a figure of some type; what is not known is never a number."""
        if value is None:
            return self.say(UNKNOWN)
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if kind == "table":
            return "; ".join(self._row(row, at_least=at_least) for row in value) or self.say("nobody")
        if isinstance(value, list):
            return ", ".join(map(str, value)) or self.say("nobody")
        said = self.share(value) if kind == "share" else str(value)
        return self.say("at_least", n=said) if at_least else said

    def share(self, share: Mapping[str, Any]) -> str:
        """A part of a whole, with its percentage as the language writes it."""
        percent = format_decimal(share["percent"], format="0.0", locale=self.language)
        return self.say("share", part=share["part"], whole=share["whole"], percent=percent)

    def what(self, kind: str, what: str) -> str:
        """What observers differ about: an indicator, a count, or a question of a form."""
        if kind == "mark":
            return self.indicator(what)
        if kind == "count":
            return self.term(VOCABULARY_OF[kind], what)
        form, _, question = what.rpartition(".")
        if form:
            return f"{self.form(form)}: {self._label_of(what)}"
        return next((self._label_of(each) for each in self._questions if each.endswith(f".{question}")), what)

    def answer(self, kind: str, what: str, value: Any) -> str:
        """What somebody said about it."""
        if isinstance(value, list):
            return ", ".join(self.answer(kind, what, each) for each in value)
        if value is None or isinstance(value, (bool, int)):
            return self.value(kind, value)
        vocabulary = VOCABULARY_OF["value"] if kind == "mark" else VOCABULARY_OF["role"] if kind == "role" else self._choices_of(what)
        return self.term(vocabulary, str(value))

    def _label_of(self, question: str) -> str:
        return str(self._questions[question]["label"]) if question in self._questions else question

    def _choices_of(self, question: str) -> str:
        return str(self._questions.get(question, {}).get("choices"))

    def _row(self, row: Mapping[str, Any], *, at_least: bool) -> str:
        named = [self._cell(name, value) for name, value in row.items() if name != "n"]
        where = ", ".join(each for each in named if each)
        return f"{where}: {self.amount(row['n'], at_least=at_least)}" if "n" in row else where

    def _cell(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return self.say(name) if value else ""
        if isinstance(value, list):
            return ", ".join(self._cell(name, each) for each in value)
        return self.term(VOCABULARY_OF.get(name, ""), value) if value is None or isinstance(value, str) else str(value)


def _labels(labelled: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {each["code"]: each["label"] for each in labelled}
