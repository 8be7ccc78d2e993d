"""Whether a programme's own form makes sense, and the shape in which it is kept: that of the taxonomy's forms."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.forms.definition import MOST_QUESTIONS, ConditionWritten, ConstraintWritten, FormWritten, QuestionWritten
from app.forms.errors import NOT_RELEVANT, TYPE_CHANGED, UNKNOWN_QUESTION, UNSUPPORTED
from app.kit import errors
from app.kit.errors import Fault, pointer
from app.kit.wire import reduce_faults
from app.taxonomy.catalogue import Taxonomy, own_form

Place = tuple[str | int, ...]
_CHOOSING = ("select_one", "select_multiple")
_OPERATORS: Mapping[str, frozenset[str]] = {
    "select_one": frozenset({"eq", "ne", "in", "not_in", "answered"}),
    "select_multiple": frozenset({"contains", "answered"}),
}
_LIMITS: Mapping[str, frozenset[str]] = {
    "integer": frozenset({"min", "max", "not_more_than"}),
    "text": frozenset({"max_length", "pattern"}),
    "date": frozenset({"not_before", "not_future"}),
    "time": frozenset({"not_before"}),
    "select_multiple": frozenset({"min_items"}),
    "participant_refs": frozenset({"min_items"}),
    "attachment_refs": frozenset({"min_items"}),
}
_HEARING = "hearing_ref"
_PEOPLE = ("participant_ref", "participant_refs")
# One letter, one set of letters or one class of letters, with a count that has an end.
_ATOM = re.compile(
    r"""
    (?: \\[dwDW.\\/()+*?\[\]{}|^$-] | \[\^?(?:\\[dw\]\\^-]|[^\[\]\\])+\] | [^\\\[\](){}|^$*+?] )
    (?: (\?) | \{(\d{1,3})(?:,(\d{1,3}))?\} )?
    """,
    re.VERBOSE,
)
_MOST_REPEATS = 200
_MOST_LOOSE = 2


@dataclass(slots=True)
class _Reading:
    """A form while it is being read: what was met so far, and what is wrong."""

    form: FormWritten
    vocabularies: Mapping[str, frozenset[str]]
    met: dict[str, QuestionWritten] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, code: str, *place: str | int) -> None:
        """Note what is wrong at a place."""
        self.faults.append(Fault(pointer(*place), code))


def faults_of(form: FormWritten, taxonomy: Taxonomy) -> list[Fault]:
    """What is wrong with a form whose types are right: names given twice, lists and questions that are missing, misplaced limits."""
    reading = _Reading(form, _lists(form, taxonomy))
    _look_for_twins(reading)
    if sum(len(section.questions) for section in form.sections) > MOST_QUESTIONS:
        reading.fault(errors.TOO_MANY_ITEMS, "sections")
    for n, section in enumerate(form.sections):
        for m, question in enumerate(section.questions):
            _read_question(reading, question, ("sections", n, "questions", m))
    return reduce_faults(reading.faults)


def _lists(form: FormWritten, taxonomy: Taxonomy) -> dict[str, frozenset[str]]:
    """Every list that a question may choose from, by each name that it has; a form's own goes before the taxonomy's."""
    found = {code: frozenset(terms) for code, terms in taxonomy.vocabularies.items()}
    for own in form.vocabularies:
        terms = frozenset(term.code for term in own.terms)
        found |= {own.code: terms, qualified(form.code, own.code): terms}
    return found


def qualified(form: str, name: str) -> str:
    """The name of a form's own list among those of all forms: `x_courthouse.entrances`."""
    return name if name.startswith(f"{form}.") else f"{form}.{name}"


def _look_for_twins(reading: _Reading) -> None:
    form = reading.form
    for n in _twins(qualified(form.code, each.code) for each in form.vocabularies):
        reading.fault(errors.DUPLICATE_ITEM, "vocabularies", n, "code")
    for n, own in enumerate(form.vocabularies):
        if "." in own.code and not own.code.startswith(f"{form.code}."):
            reading.fault(errors.WRONG_FORMAT, "vocabularies", n, "code")
        for m in _twins(term.code for term in own.terms):
            reading.fault(errors.DUPLICATE_ITEM, "vocabularies", n, "terms", m, "code")
    for n in _twins(section.code for section in form.sections):
        reading.fault(errors.DUPLICATE_ITEM, "sections", n, "code")


def _twins(codes: Iterable[str]) -> Iterator[int]:
    """The places of codes that stood before."""
    met = set()
    for n, code in enumerate(codes):
        if code in met:
            yield n
        met.add(code)


def _read_question(reading: _Reading, question: QuestionWritten, place: Place) -> None:
    if question.code in reading.met:
        reading.fault(errors.DUPLICATE_ITEM, *place, "code")
    if (question.type == _HEARING) != (question.code == _HEARING):
        reading.fault(errors.WRONG_FORMAT, *place, "code")
    if question.type == _HEARING and question.relevant is not None:
        reading.fault(NOT_RELEVANT, *place, "relevant")
    _read_choices(reading, question, place)
    if question.relevant is not None:
        _read_condition(reading, question.relevant, (*place, "relevant"))
    if question.constraint is not None:
        _read_constraint(reading, question, question.constraint, (*place, "constraint"))
    reading.met.setdefault(question.code, question)


def _read_choices(reading: _Reading, question: QuestionWritten, place: Place) -> None:
    if question.type not in _CHOOSING:
        if question.choices is not None:
            reading.fault(NOT_RELEVANT, *place, "choices")
    elif question.choices is None:
        reading.fault(errors.REQUIRED, *place, "choices")
    elif question.choices not in reading.vocabularies:
        reading.fault(errors.NOT_IN_VOCABULARY, *place, "choices")


def _read_condition(reading: _Reading, condition: ConditionWritten, place: Place) -> None:
    words = [word for word in ("q", "all", "any") if getattr(condition, word) is not None]
    if len(words) != 1 or (words != ["q"] and (condition.op is not None or condition.value is not None)):
        reading.fault(errors.WRONG_FORMAT, *place)
    elif words == ["q"]:
        _read_comparison(reading, condition, place)
    else:
        for n, part in enumerate(getattr(condition, words[0])):
            _read_condition(reading, part, (*place, words[0], n))


def _read_comparison(reading: _Reading, condition: ConditionWritten, place: Place) -> None:
    question = reading.met.get(str(condition.q))
    if question is None:
        reading.fault(UNKNOWN_QUESTION, *place, "q")
    elif condition.op is None:
        reading.fault(errors.REQUIRED, *place, "op")
    elif condition.op not in _OPERATORS.get(question.type, {"answered"}):
        reading.fault(errors.NOT_IN_VOCABULARY, *place, "op")
    else:
        _read_value(reading, condition, question, (*place, "value"))


def _read_value(reading: _Reading, condition: ConditionWritten, question: QuestionWritten, place: Place) -> None:
    value = condition.value
    if condition.op == "answered":
        if value is not None:
            reading.fault(NOT_RELEVANT, *place)
    elif value is None:
        reading.fault(errors.REQUIRED, *place)
    elif isinstance(value, list) != (condition.op in ("in", "not_in")):
        reading.fault(errors.WRONG_TYPE, *place)
    elif not set([value] if isinstance(value, str) else value) <= reading.vocabularies.get(str(question.choices), frozenset()):
        reading.fault(errors.NOT_IN_VOCABULARY, *place)


def _read_constraint(reading: _Reading, question: QuestionWritten, limits: ConstraintWritten, place: Place) -> None:
    given = limits.model_dump(exclude_none=True)
    for name in given.keys() - _LIMITS.get(question.type, frozenset()):
        reading.fault(NOT_RELEVANT, *place, name)
    for name in given.keys() & {"not_before", "not_more_than"}:
        other = reading.met.get(given[name])
        if other is None or other.type != question.type:
            reading.fault(UNKNOWN_QUESTION, *place, name)
    if limits.min is not None and limits.max is not None and limits.min > limits.max:
        reading.fault(errors.OUT_OF_RANGE, *place, "max")
    if limits.min_items and question.choices and limits.min_items > len(reading.vocabularies.get(question.choices, ())):
        reading.fault(errors.OUT_OF_RANGE, *place, "min_items")
    if limits.pattern is not None and not is_safe(limits.pattern):
        reading.fault(UNSUPPORTED, *place, "pattern")


def is_safe(pattern: str) -> bool:
    """Whether a pattern is decided quickly whatever the text: `^…$`, no groups, no repeats without end, at most two of no fixed length."""
    if not (pattern.startswith("^") and pattern.endswith("$")) or pattern.endswith("\\$"):
        return False
    at, loose, inner = 0, 0, pattern[1:-1]
    while at < len(inner):
        atom = _ATOM.match(inner, at)
        if atom is None:
            return False
        optional, least, most = atom.groups()
        if int(most or least or 0) > _MOST_REPEATS:
            return False
        loose += optional is not None or (most is not None and most != least)
        at = atom.end()
    return loose <= _MOST_LOOSE and _compiles(pattern)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def raw_of(form: FormWritten, taxonomy: Taxonomy) -> dict[str, Any]:
    """A form that makes sense as it is kept: the taxonomy's shape, with its own lists and the taxonomy that it was written against."""
    own = {each.code for each in form.vocabularies} | {qualified(form.code, each.code) for each in form.vocabularies}
    sections = [
        {"code": each.code, "label": _texts(each.label), "questions": [_question(form, q, own) for q in each.questions]}
        for each in form.sections
    ]
    return {
        "code": form.code,
        "label": _texts(form.label),
        "subject": form.subject or _subject(form),
        "max_minutes": form.max_minutes or _minutes(form),
        "default_sensitivity": form.default_sensitivity,
        "opens": [],
        "opened_from": form.opened_from,
        "taxonomy_version": taxonomy.version,
        "vocabularies": [
            {
                "code": qualified(form.code, each.code),
                "label": _texts(each.label or form.label),
                "ordered": False,
                "terms": [{"code": term.code, "label": _texts(term.label)} for term in each.terms],
            }
            for each in form.vocabularies
        ],
        "sections": sections,
    }


def _texts(texts: Any) -> dict[str, str]:
    found: dict[str, str] = texts.model_dump(exclude_none=True)
    return found


def _subject(form: FormWritten) -> str:
    types = {question.type for section in form.sections for question in section.questions}
    if types & set(_PEOPLE):
        return "participant"
    return "hearing" if _HEARING in types else "case"


def _minutes(form: FormWritten) -> int:
    seconds = sum(question.est_seconds for section in form.sections for question in section.questions)
    return max(1, -(-seconds // 60))


def _question(form: FormWritten, question: QuestionWritten, own: set[str]) -> dict[str, Any]:
    choices = question.choices
    limits = question.constraint.model_dump(exclude_none=True) if question.constraint else {}
    raw = {
        "code": question.code,
        "type": question.type,
        "label": _texts(question.label),
        "required": question.required,
        "choices": qualified(form.code, choices) if choices in own else choices,
        "relevant": _condition(question.relevant) if question.relevant else None,
        "constraint": limits or None,
        "est_seconds": question.est_seconds,
    }
    raw |= {"help": _texts(question.help)} if question.help else {}
    return raw | ({"sensitivity": question.sensitivity} if question.sensitivity else {})


def _condition(condition: ConditionWritten) -> dict[str, Any]:
    found: dict[str, Any] = condition.model_dump(exclude_none=True)
    return found


def changed_types(raw: Mapping[str, Any], earlier: Iterable[Mapping[str, Any]], taxonomy: Taxonomy) -> list[Fault]:
    """The questions that another published version of the form asks for another kind of answer under the same code.

    What was answered under a code stands in one column for ever, whichever version it was filled by.
    """
    types = {code: question.type for each in earlier for code, question in own_form(each, "", taxonomy).questions.items()}
    return [
        Fault(pointer("sections", n, "questions", m, "type"), TYPE_CHANGED)
        for n, section in enumerate(raw["sections"])
        for m, question in enumerate(section["questions"])
        if types.get(question["code"], question["type"]) != question["type"]
    ]
