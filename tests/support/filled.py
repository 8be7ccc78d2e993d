"""Forms filled at random, well and badly: what a phone and the server must judge alike."""

import copy
import random
from collections.abc import Callable
from typing import Any

from app.taxonomy.catalogue import Form, Question, current
from app.taxonomy.examples import example_of
from app.taxonomy.rules import holds
from tests.support.bodies import an_id

HEARING, DOCUMENT = an_id("hearing"), an_id("document")
PEOPLE = [an_id(f"person {n}") for n in range(4)]
_TEXTS = [
    "",
    "  ",
    "\u200b\u00a0",
    "ok",
    "K-12_a",
    "K 12",
    "Көрші қатарда отырды",
    "e\u0301" * 250,
    "a" + "\u0301" * 9,
    "a\x07b",
    "a\nb",
    "\u202eabc",
    "я" * 41,
    "🏛" * 500,
    "n" * 501,
    "t" * 2001,
]
_ODD: list[Any] = [
    None,
    True,
    7,
    -1,
    0.5,
    2**53,
    "",
    "no such term",
    "10:00",
    "25:61",
    "2012-02-30",
    "9999-12-31",
    "2012-04-05",
    [],
    {},
    [None],
    [{}],
    ["x", "X"],
    ["x"] * 501,
    [{"a b": 1}],
    {"q": 1},
]


def a_filled_form(draw: random.Random) -> tuple[Form, dict[str, Any], str | None]:
    """A form, answers to it of which some are wrong, and the hearing they are filed for or none."""
    form = draw.choice(list(current().forms.values()))
    answers = copy.deepcopy(example_of(form)["answers"]) if draw.random() < 0.3 else _answers(draw, form)
    for _ in range(draw.choice([0, 0, 1, 2, 5])):
        _spoil(draw, form, answers)
    return form, answers, draw.choice([HEARING, HEARING, HEARING.upper(), None])


def _answers(draw: random.Random, form: Form) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for code, question in form.questions.items():
        if (question.required or draw.random() < 0.6) and (holds(question.relevant, answers) or draw.random() < 0.05):
            answers[code] = _answer(draw, question)
    return answers


def _answer(draw: random.Random, question: Question) -> Any:
    return _KINDS.get(question.type, _an_id)(draw, question)


def _an_id(draw: random.Random, _: Question) -> str:
    return draw.choice([HEARING, PEOPLE[0], PEOPLE[1].upper(), DOCUMENT, "not-an-id"])


def _a_date(draw: random.Random, _: Question) -> str:
    return f"20{draw.choice(['11', '12', '27'])}-0{draw.randint(1, 9)}-{draw.randint(10, 31)}"


def _roles(draw: random.Random, _: Question) -> list[dict[str, Any]]:
    return [{"participant_ref": draw.choice(PEOPLE), "role": _term(draw, "participant_role")} for _ in range(draw.randint(0, 2))]


def _counts(draw: random.Random, _: Question) -> list[dict[str, Any]]:
    return [{"subject": _term(draw, "count_subject"), "value": draw.choice([0, 3, -1, 2**53])} for _ in range(draw.randint(0, 2))]


_KINDS: dict[str, Callable[[random.Random, Question], Any]] = {
    "select_one": lambda draw, question: draw.choice([*question.terms]),
    "select_multiple": lambda draw, question: draw.sample([*question.terms], draw.randint(0, 3)),
    "boolean": lambda draw, _: draw.random() < 0.5,
    "integer": lambda draw, _: draw.choice([0, 1, 7, 40, 480, 481, 600, 601, 5001]),
    "text": lambda draw, _: draw.choice(_TEXTS),
    "date": _a_date,
    "time": lambda draw, _: f"{draw.randint(9, 12):02}:{draw.randint(0, 60):02}",
    "participant_refs": lambda draw, _: draw.sample(PEOPLE, draw.randint(0, 3)),
    "indicator_picks": lambda draw, _: [_pick(draw) for _ in range(draw.randint(0, 3))],
    "participant_roles": _roles,
    "counts": _counts,
}


def _term(draw: random.Random, vocabulary: str) -> str:
    return draw.choice([*current().vocabularies[vocabulary], *(["nothing"] if draw.random() < 0.1 else [])])


def _pick(draw: random.Random) -> dict[str, Any]:
    whole = {
        "indicator": draw.choice([*current().indicators]),
        "value": _term(draw, "observation_value"),
        "participant_refs": draw.sample(PEOPLE, draw.randint(0, 2)),
        "basis": _term(draw, "observation_basis"),
        "informant_role": _term(draw, "participant_role"),
        "informant_ref": draw.choice(_TEXTS),
        "document_ref": draw.choice([DOCUMENT, "x"]),
        "aspect": _term(draw, "fact_aspect"),
        "note": draw.choice(_TEXTS),
    }
    return {name: value for name, value in whole.items() if name in ("indicator", "value") or draw.random() < 0.5}


def _spoil(draw: random.Random, form: Form, answers: dict[str, Any]) -> None:
    code = draw.choice([*form.questions, "not_asked", "not asked", "/"])
    match draw.randint(0, 3):
        case 0:
            answers.pop(code, None)
        case 1 if isinstance(answers.get(code), list) and answers[code]:
            _spoil_part(draw, answers[code])
        case _:
            answers[code] = copy.deepcopy(draw.choice(_ODD))


def _spoil_part(draw: random.Random, parts: list[Any]) -> None:
    part = draw.choice(parts)
    if isinstance(part, dict) and draw.random() < 0.7:
        part[draw.choice([*part, "unasked", "un asked"])] = copy.deepcopy(draw.choice(_ODD))
    else:
        parts.append(copy.deepcopy(draw.choice([part, part, *_ODD])))
