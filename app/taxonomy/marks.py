"""The marks of a filing: what the filled form itself says of indicators, by the emit rules written in the form.

What the form does not say (who was present, what the observer understood, who is whom) is joined when a case is folded.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

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
    basis, document, role, informant = filled.origin
    found: dict[EmittedMark, None] = {}
    for code, plain, question in _in_order(form):
        answer = answers.get(code)
        if answer is None:
            continue
        sayings = None if plain is None else plain.get(answer, ())
        if sayings is None:
            found.update(dict.fromkeys(_of_question(filled, question)))
        else:
            for indicator, unit, value, listed_in in sayings:
                listed = tuple(answers.get(listed_in) or ()) if listed_in else ()
                found[EmittedMark(indicator, unit, value, basis, None, document, role, informant, None, listed)] = None
    return list(found)


class _Saying(NamedTuple):
    """What an answer says about no person by name. `listed_in` is the question that lists whom it is not about."""

    indicator: str
    unit: MarkUnit
    value: str
    listed_in: str | None = None


_Plain = Mapping[str, Sequence[_Saying] | None]


@lru_cache(maxsize=1000)
def _in_order(form: Form) -> Sequence[tuple[str, _Plain | None, Question]]:
    """The questions that can make marks, with what each of their terms says, where that can be known without the other answers."""
    return [(question.code, _plain(form, question), question) for question in form.emitting]


def _plain(form: Form, question: Question) -> _Plain | None:
    if question.emits_by_answer is None:
        return None
    return {term: _sayings(form, question, term, emits=question.emits_by_answer.get(term, ())) for term in question.terms}


def _sayings(form: Form, question: Question, term: str, *, emits: Sequence[Emit]) -> Sequence[_Saying] | None:
    """What a term says, most often nothing; None where it says something of persons, whom other answers name."""
    found = [_saying(form, question, emit) for emit in emits]
    if question.emits_from_terms and (indicator := question.terms[term].indicator) is not None:
        found.append(_Saying(indicator, form.indicators[indicator].applies_to, "present"))
    return None if any(each.unit == "participant" for each in found) else found


def _saying(form: Form, question: Question, emit: Emit) -> _Saying:
    if emit.unit == "all_concerned" and form.subject == "hearing":
        return _Saying(emit.indicator, "all_concerned", emit.value, question.listed_in)
    return _Saying(emit.indicator, form.indicators[emit.indicator].applies_to, emit.value)


def _origin(source: Answers) -> _Origin:
    basis = source["basis"]
    role = "journalist" if basis == "media" else source.get("informant_role")
    return _Origin(basis, source.get("document_ref"), role, source.get("informant_ref"))


def _named(answers: Answers) -> Sequence[str]:
    one, several = (answers.get(code) for code in _NAMING)
    return [one] if one is not None else several or ()


def _of_question(filled: _Filled, question: Question) -> Iterator[EmittedMark]:
    answer = filled.answers[question.code]
    for emit in question.emits:
        if holds(emit.when, filled.answers):
            yield from _emitted(filled, question, emit)
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
