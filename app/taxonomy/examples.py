"""An example of a filled form, made from the form: what is required is answered with the first term there is, in the order asked."""

from collections.abc import Mapping
from typing import Any

from app.taxonomy.catalogue import Form, Question
from app.taxonomy.conditions import holds

_HEARING = "0197a3c2-0000-7000-8000-0000000000b1"
_AROUND = {
    "id": "6f9619ff-8b86-4d01-8b42-00cf4fc964ff",
    "case_id": "0197a3c2-0000-7000-8000-0000000000a1",
    "captured_at": "2012-04-05T15:20:00+05:00",
    "supersedes": None,
}
_PERSON = "0197a3c2-0000-7000-8000-0000000000c1"
_DOCUMENT = "0197a3c2-0000-7000-8000-0000000000d1"
_VALUES: Mapping[str, Any] = {
    "boolean": False,
    "date": "2012-04-05",
    "time": "10:00",
    "integer": 12,
    "text": "Counted from the second row",
    "participant_ref": _PERSON,
    "participant_refs": [_PERSON],
    "document_ref": _DOCUMENT,
}
_PICK = {"indicator": "torture.visible_injuries", "value": "present", "participant_refs": [_PERSON]}
_PARTS: Mapping[str, Any] = {
    "indicator_picks": [_PICK],
    "participant_roles": [{"participant_ref": _PERSON, "role": "witness"}],
    "counts": [{"subject": "persons_charged", "value": 3}],
}


def example_of(form: Form) -> dict[str, Any]:
    """A whole body of a core form that passes every check; structured answers are shown although nobody must give them."""
    answers: dict[str, Any] = {}
    for code, question in form.questions.items():
        if question.type != "hearing_ref" and _is_shown(question) and holds(question.relevant, answers):
            answers[code] = _answer(question)
    return {**_AROUND, "form": form.code, "form_version": form.version, "hearing_id": _HEARING, "answers": answers}


def _is_shown(question: Question) -> bool:
    return question.required or question.type in _PARTS


def _answer(question: Question) -> Any:
    if question.terms:
        first = next(iter(question.terms))
        return [first] if question.type == "select_multiple" else first
    return _PARTS.get(question.type) or _VALUES[question.type]


def example_of_custom() -> dict[str, Any]:
    """A body of a programme's own form."""
    return {
        **_AROUND,
        "form": "custom",
        "form_code": "x_courthouse",
        "form_version": "1",
        "hearing_id": _HEARING,
        "answers": [{"question": "benches", "value": 12}, {"question": "entrances", "value": ["main", "yard"]}],
    }
