"""What differs between versions of one observation, question by question, and in words that people read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.kit.i18n import label
from app.taxonomy.catalogue import Form, Question, Vocabulary

Answers = Mapping[str, Any]
Codes = Mapping[str, str]
"""Codes of participants, documents and hearings by their ids."""
_YES_NO = "tri_state"


@dataclass(frozen=True, slots=True)
class Collision:
    """Two corrections of one version: questions that both changed to different answers, and those that only one of them changed."""

    same: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]


def changed(form: Form | None, before: Answers, after: Answers) -> list[str]:
    """The questions whose answers differ, in the order of the form; those that the form does not know come last."""
    known = list(form.questions) if form else []
    others = sorted((before.keys() | after.keys()) - set(known))
    return [code for code in (*known, *others) if before.get(code) != after.get(code)]


def collide(form: Form | None, base: Answers, mine: Answers, theirs: Answers) -> Collision:
    """What two corrections of the same version did to it. The same answer given twice is no collision."""
    my, their = changed(form, base, mine), changed(form, base, theirs)
    both = [code for code in my if code in their]
    return Collision(
        tuple(code for code in both if mine.get(code) != theirs.get(code)),
        tuple(code for code in my if code not in their),
        tuple(code for code in their if code not in my),
    )


def ids_in(form: Form | None, answers: Answers) -> set[str]:
    """The ids that answers hold: what they name is shown by its code."""
    if form is None:
        return set()
    kinds = {code: question.type for code, question in form.questions.items()}
    return {each for code, answer in answers.items() if kinds.get(code) in _NAMING for each in _NAMING[kinds[code]](answer)}


def _people_of(parts: Iterable[Mapping[str, Any]]) -> list[str]:
    named = [[part["participant_ref"]] if "participant_ref" in part else part.get("participant_refs") or [] for part in parts]
    return [each for some in named for each in some]


_NAMING: dict[str, Callable[[Any], list[str]]] = {
    "participant_ref": lambda answer: [answer],
    "document_ref": lambda answer: [answer],
    "hearing_ref": lambda answer: [answer],
    "participant_refs": list,
    "participant_roles": _people_of,
    "indicator_picks": _people_of,
}


class Reader:
    """Says answers in the language of whoever reads."""

    def __init__(self, form: Form | None, codes: Codes, language: str) -> None:
        self._form, self._codes, self._language = form, codes, language

    def question(self, code: str) -> str:
        """The label of a question, or its code where the form does not know it."""
        asked = self._asked(code)
        return label(asked.labels, self._language) if asked else code

    def answer(self, code: str, value: Any) -> str | None:
        """An answer in words; None where there is none. What no form explains is said as it came."""
        asked = self._asked(code)
        if value is None:
            return None
        if asked is None or self._form is None:
            return value if isinstance(value, str) else orjson.dumps(value).decode()
        parts = value if isinstance(value, list) else [value]
        return "; ".join(self._part(asked, part) for part in parts)

    def _asked(self, code: str) -> Question | None:
        return self._form.questions.get(code) if self._form else None

    def _part(self, asked: Question, part: Any) -> str:
        if isinstance(part, bool):
            return self._term(self._vocabulary(_YES_NO), "yes" if part else "no")
        if asked.type in ("select_one", "select_multiple"):
            return self._term(asked.terms, part)
        if isinstance(part, dict):
            return self._structure(part)
        return self._codes.get(part, part) if isinstance(part, str) else str(part)

    def _structure(self, part: Mapping[str, Any]) -> str:
        """One of several picks, roles or counts: what it is about, what is said of it, of whom."""
        people = ", ".join(self._codes.get(each, each) for each in _people_of([part]))
        if "indicator" in part:
            assert self._form is not None
            about = label(self._form.indicators[part["indicator"]].labels, self._language)
            said = self._term(self._vocabulary("observation_value"), part["value"])
            note = f" ({part['note']})" if part.get("note") else ""
            return f"{about}: {said}{f', {people}' if people else ''}{note}"
        if "role" in part:
            return f"{people}: {self._term(self._vocabulary('participant_role'), part['role'])}"
        return f"{self._term(self._vocabulary('count_subject'), part['subject'])}: {part['value']}"

    def _vocabulary(self, name: str) -> Vocabulary:
        assert self._form is not None
        return self._form.vocabularies[name]

    def _term(self, terms: Vocabulary, code: str) -> str:
        term = terms.get(code)
        return label(term.labels, self._language) if term else code
