"""Walks over the answers of a filed form: what is kept, what of it is narrative, what a fold may see, whom and what it points to."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from app.kit.errors import pointer
from app.taxonomy.catalogue import Form, Question

Answers = Mapping[str, Any]
ReferenceKind = Literal["participant", "document", "observation"]

ATTACHMENTS = "attachment_refs"
"""Files that the phone names before it sends them: they are expected from then on, and need not be there."""
_REFERRING: Mapping[str, ReferenceKind] = {
    "participant_ref": "participant",
    "participant_refs": "participant",
    "document_ref": "document",
    "form_ref": "observation",
}
_IDS = frozenset({*_REFERRING, "hearing_ref", ATTACHMENTS})
_STRUCTURED = ("indicator_picks", "participant_roles", "counts")
_NARRATIVE = ("restricted", "sealed")
KEPT = 1000
"""Of how many forms something found out is remembered: those of the taxonomy, and programmes' own."""
_PEOPLE = ("participant_ref", "participant_refs")


class Reference(NamedTuple):
    """An id in an answer, in small letters, and its place from the root of the body."""

    pointer: str
    kind: ReferenceKind
    id: str


class _Ways(NamedTuple):
    """Which questions of a form have answers that are not kept as sent, that are narrative, and that point to something."""

    touched: Mapping[str, Question]
    narrative: frozenset[str]
    pointing: Mapping[str, str]


@lru_cache(maxsize=KEPT)
def _ways(form: Form) -> _Ways:
    """Found once for each form: a filing has some forty answers, and most of them need no look."""
    questions = form.questions.items()
    touched = {"text", *_IDS, *_STRUCTURED}
    return _Ways(
        {code: question for code, question in questions if question.type in touched},
        frozenset(code for code, question in questions if is_narrative(question)),
        {code: question.type for code, question in questions if question.type in _REFERRING or question.type in _STRUCTURED},
    )


def clean_answers(form: Form | None, answers: Answers) -> dict[str, Any]:
    """The answers as they are kept: no null, no `hearing_ref` (the filing's own hearing says it), ids in small letters, text in NFC.

    For answers that were checked before. Without a form (a version that is not known here) every text is put into NFC and nothing else
    is touched, because nobody can say what it means.
    """
    if form is None:
        return {_normal(code): _kept(answer) for code, answer in answers.items() if answer is not None}
    kept = dict(answers)
    if None in kept.values():
        kept = {code: answer for code, answer in kept.items() if answer is not None}
    for code, question in _ways(form).touched.items():
        if code not in kept:
            continue
        if question.type == "hearing_ref":
            del kept[code]
        else:
            kept[code] = _cleaned(question, kept[code])
    return kept


def split_answers(form: Form | None, answers: Answers) -> tuple[dict[str, Any], dict[str, Any]]:
    """(answers, narrative): in the second stand all texts, and what its question calls restricted or sealed except who it is about.

    Without a form all of it is narrative. The sensitivity counted is the one written on the question, not the form's default.
    """
    if form is None:
        return {}, dict(answers)
    open_ = dict(answers)
    return open_, {code: open_.pop(code) for code in _ways(form).narrative if code in open_}


def is_narrative(question: Question) -> bool:
    """Whether the answers to a question are kept apart, under a salt and a commitment of their own."""
    return question.type == "text" or (question.own_sensitivity in _NARRATIVE and question.type not in {*_PEOPLE, ATTACHMENTS})


def attachments(form: Form, answers: Answers) -> list[str]:
    """The ids of the files that answers name, each once, in the order of the questions."""
    named = (answers.get(code) or () for code, question in form.questions.items() if question.type == ATTACHMENTS)
    return list(dict.fromkeys(each for some in named for each in some))


def coded(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers without what a person typed: no text question, no note and no informant inside picks. A fold sees only these."""
    return {
        code: _without_text(answer) if isinstance(answer, list) else answer
        for code, answer in answers.items()
        if form.questions[code].type != "text"
    }


def _without_text(answer: list[Any]) -> list[Any]:
    return [part if isinstance(part, str) else _coded_part(part) for part in answer]


def _coded_part(part: Answers) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in ("note", "informant_ref")}


def references(form: Form, answers: Answers) -> list[Reference]:
    """Every id that checked answers point to, those inside picks and roles included.

    `hearing_ref` is not among them: it equals the filing's own `hearing_id`. A form reference is the id of an observation.
    """
    found: list[Reference] = []
    pointing = _ways(form).pointing
    if pointing.keys().isdisjoint(answers):
        return found
    for code, answer in answers.items():
        if code in pointing and answer is not None:
            found.extend(_ids(pointing[code], answer, code))
    return found


def _ids(kind: str, answer: Any, *place: str | int) -> Iterator[Reference]:
    if kind in _STRUCTURED:
        for n, part in enumerate(answer):
            for name in part.keys() & _REFERRING.keys():
                if part[name] is not None:
                    yield from _ids(name, part[name], *place, n, name)
    elif isinstance(answer, list):
        for n, one in enumerate(answer):
            yield Reference(pointer("answers", *place, n), _REFERRING[kind], one.lower())
    else:
        yield Reference(pointer("answers", *place), _REFERRING[kind], answer.lower())


def _cleaned(question: Question, answer: Any) -> Any:
    if question.type == "text":
        return _normal(answer)
    if question.type in _IDS:
        return _small(answer)
    return [_cleaned_part(part) for part in answer] if question.type in _STRUCTURED else answer


def _cleaned_part(part: Answers) -> dict[str, Any]:
    return {name: _PARTS.get(name, _same)(value) for name, value in part.items() if value is not None}


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return _normal(value)
    if isinstance(value, list):
        return [_kept(part) for part in value]
    if isinstance(value, Mapping):
        return {_normal(name): _kept(part) for name, part in value.items() if part is not None}
    return value


def _normal(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _small(ids: Any) -> Any:
    return [one.lower() for one in ids] if isinstance(ids, list) else ids.lower()


def _same(value: Any) -> Any:
    return value


_PARTS: Mapping[str, Callable[[Any], Any]] = {
    "participant_ref": _small,
    "participant_refs": _small,
    "document_ref": _small,
    "informant_ref": _normal,
    "note": _normal,
}
