"""The marks of a filing: what the filled form itself says of indicators, by the emit rules written in the form.

What the form does not say (who was present, what the observer understood, who is whom) is joined when a case is folded.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple, cast

from app.taxonomy.catalogue import Emit, Form, Question
from app.taxonomy.conditions import holds

Answers = Mapping[str, Any]
MarkUnit = Literal["hearing", "case", "participant", "all_concerned"]

# The taxonomy's forms name the persons they are about in a question of one of these codes.
_NAMING = ("participant_ref", "participant_refs")


class EmittedMark(NamedTuple):
    """One indicator said to be present, absent or unsure.

    `participant` is an id where `unit` is participant, else None. `informant` is the text of `informant_ref`. `listed` are the participants
    named beside an `all_concerned` answer: the mark is about every defendant present at that hearing but these.
    """

    indicator: str
    unit: MarkUnit
    value: str
    basis: str
    participant: str | None = None
    document: str | None = None
    informant_role: str | None = None
    informant: str | None = None
    aspect: str | None = None
    listed: tuple[str, ...] = ()


class _Origin(NamedTuple):
    """How the observer knows: the form's answers, or a pick's own where it has a basis of its own."""

    basis: str
    document: str | None
    informant_role: str | None
    informant: str | None


class _Filled(NamedTuple):
    """A filled form: its answers, the participants it is about, and how its observer knows."""

    form: Form
    answers: Answers
    named: Sequence[str]
    origin: _Origin


def emit_marks(form: Form, answers: Answers) -> list[EmittedMark]:
    """The marks of answers that were checked before, each once, in the order of the questions.

    `all_concerned` ("no, nobody") means every defendant present at the hearing and not listed. In a form about a hearing it is one mark
    with that unit, spread when the case is folded. A form about a participant asked about that person only, so there it is said of the
    participant(s) named in the form and of nobody else.
    """
    if not form.emitting:
        return []
    filled = _Filled(form, answers, _named(answers), _origin(answers))
    found: dict[EmittedMark, None] = {}
    known = _of_nobody(form)
    for question in form.emitting:
        answer = answers.get(question.code)
        if answer is None:
            continue
        if (of_terms := known.get(question.code)) is not None:
            for said in of_terms.get(answer, ()):
                found[_mark(*said, filled.origin)] = None
        elif (emits := _emits_of(question, answer, answers)) or (emits is not None and _may_say_more(question)):
            found.update(dict.fromkeys(_of_question(filled, question, emits)))
    return list(found)


def _may_say_more(question: Question) -> bool:
    """Whether a question can make marks beside its emits."""
    return question.emits_from_terms or question.type == "indicator_picks"


@lru_cache(maxsize=1000)
def _of_nobody(form: Form) -> Mapping[str, Mapping[str, Sequence[tuple[str, MarkUnit, str]]]]:
    """Question -> answer -> (indicator, unit, value), of the questions whose answers alone decide, and about no person. Most are."""
    alone = [question for question in form.emitting if question.emits_by_answer is not None and not question.emits_from_terms]
    return {
        question.code: {
            term: [(emit.indicator, cast("MarkUnit", form.indicators[emit.indicator].applies_to), emit.value) for emit in emits]
            for term, emits in (question.emits_by_answer or {}).items()
        }
        for question in alone
        if not any(_is_personal(form, each) for each in question.emits)
    }


def _is_personal(form: Form, emit: Emit) -> bool:
    return emit.unit == "all_concerned" or form.indicators[emit.indicator].applies_to == "participant"


def _emits_of(question: Question, answer: Any, answers: Answers) -> Sequence[Emit] | None:
    """The emits of a question that hold; None where the answer says nothing at all."""
    if question.emits_by_answer is None:
        return [emit for emit in question.emits if holds(emit.when, answers)]
    return question.emits_by_answer.get(answer) or (() if question.emits_from_terms else None)


def _origin(source: Answers) -> _Origin:
    basis = source["basis"]
    role = "journalist" if basis == "media" else source.get("informant_role")
    return _Origin(basis, source.get("document_ref"), role, source.get("informant_ref"))


def _named(answers: Answers) -> Sequence[str]:
    one, several = (answers.get(code) for code in _NAMING)
    return [one] if one is not None else several or ()


def _of_question(filled: _Filled, question: Question, emits: Sequence[Emit]) -> Iterator[EmittedMark]:
    for emit in emits:
        yield from _emitted(filled, question, emit)
    answer = filled.answers[question.code]
    if question.emits_from_terms:
        for term in answer if isinstance(answer, list) else (answer,):
            indicator = question.terms[term].indicator
            if indicator is not None:
                yield from _by_unit(filled, indicator, "present", filled.named)
    if question.type == "indicator_picks":
        for pick in answer:
            yield from _picked(filled, pick)


def _emitted(filled: _Filled, question: Question, emit: Emit) -> Iterator[EmittedMark]:
    behind = filled.answers.get(question.listed_in) or () if question.listed_in else None
    if emit.unit == "all_concerned" and filled.form.subject == "hearing":
        yield _mark(emit.indicator, "all_concerned", emit.value, filled.origin, listed=tuple(behind or ()))
    else:
        yield from _by_unit(filled, emit.indicator, emit.value, filled.named if behind is None else behind)


def _picked(filled: _Filled, pick: Answers) -> Iterator[EmittedMark]:
    own = filled if pick.get("basis") is None else filled._replace(origin=_origin(pick))
    yield from _by_unit(own, pick["indicator"], pick["value"], pick.get("participant_refs") or (), aspect=pick.get("aspect"))


def _by_unit(filled: _Filled, indicator: str, value: str, people: Sequence[str], *, aspect: str | None = None) -> Iterator[EmittedMark]:
    unit = filled.form.indicators[indicator].applies_to
    if unit == "participant":
        for person in people:
            yield _mark(indicator, unit, value, filled.origin, participant=person, aspect=aspect)
    else:
        yield _mark(indicator, unit, value, filled.origin, aspect=aspect)


def _mark(
    indicator: str,
    unit: MarkUnit,
    value: str,
    origin: _Origin,
    *,
    participant: str | None = None,
    aspect: str | None = None,
    listed: tuple[str, ...] = (),
) -> EmittedMark:
    basis, document, role, informant = origin
    return EmittedMark(indicator, unit, value, basis, participant, document, role, informant, aspect, listed)
