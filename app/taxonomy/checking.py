"""Checking the answers of a filed form: types, terms, relevance, what is required, limits. Faults name a place and a code only."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from app.kit import errors
from app.kit.errors import CATALOGUE, Fault
from app.kit.wire import is_blank, reduce_faults
from app.taxonomy.catalogue import Form, Question, Vocabulary
from app.taxonomy.conditions import holds
from app.taxonomy.picks import check_count, check_pick, check_role
from app.taxonomy.sheet import LARGEST_INTEGER, MAX_ITEMS, NOT_RELEVANT, Place, Sheet

DIFFERS_FROM_HEARING = CATALOGUE.fault("differs_from_hearing")

_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check_answers(form: Form, answers: Mapping[str, Any], *, hearing_id: UUID | str | None, today: date) -> list[Fault]:
    """What is wrong with the answers of a filing, by pointers from the root of its body; an empty list for good ones.

    Complete by itself (types included), so it serves versions for which no typed body exists. An answer of null is no answer. `today` is
    the last day that is not the future. The rules are the taxonomy's: `meta.constraint_keys`, `meta.structured_answers`, each question.
    """
    if len(answers) > MAX_ITEMS:
        return [Fault("/answers", errors.TOO_MANY_ITEMS)]
    sheet = Sheet(form, answers, None if hearing_id is None else str(hearing_id).lower(), today.isoformat())
    if not answers.keys() <= form.questions.keys():
        for code in answers:
            if code not in form.questions:
                sheet.unknown(code)
    for code, is_needed, terms, question in _in_order(form):
        answer = answers.get(code)
        # Most questions are of these kinds, and most answers good.
        is_good = not is_needed if answer is None else terms is not None and answer.__class__ is str and answer in terms
        if not is_good:
            _check_question(sheet, question)
    return reduce_faults(sheet.faults) if sheet.faults else []


@lru_cache(maxsize=1000)
def _in_order(form: Form) -> tuple[tuple[str, bool, Vocabulary | None, Question], ...]:
    """The questions of a form: whether no answer may be a fault, and the terms of each that is always relevant and answered by one term.

    Of the latter no more need be checked than that.
    """
    plain = {code for code, question in form.questions.items() if question.type == "select_one" and question.relevant is None}
    return tuple(
        (code, question.required, question.terms if code in plain else None, question) for code, question in form.questions.items()
    )


def _check_question(sheet: Sheet, question: Question) -> None:
    answer = sheet.answers.get(question.code)
    if question.type == "hearing_ref":
        _check_hearing(sheet, question, answer)
    elif answer is None:
        if question.required and holds(question.relevant, sheet.answers):
            sheet.fault(errors.REQUIRED, question.code)
    elif question.relevant is not None and not holds(question.relevant, sheet.answers):
        sheet.fault(NOT_RELEVANT, question.code)
    else:
        _CHECKS[question.type](sheet, question, answer)


def _check_hearing(sheet: Sheet, question: Question, answer: Any) -> None:
    """The hearing is named beside the answers; among them it may be left out, and where it stands it must be the same."""
    if question.required and sheet.hearing is None:
        sheet.faults.append(Fault("/hearing_id", errors.REQUIRED))
    if answer is None:
        return
    if not isinstance(answer, str):
        sheet.fault(errors.WRONG_TYPE, question.code)
    elif answer.lower() != sheet.hearing:
        sheet.fault(DIFFERS_FROM_HEARING, question.code)


def _check_term(sheet: Sheet, question: Question, answer: Any) -> None:
    if answer.__class__ is not str or answer not in question.terms:
        sheet.term(question.terms, answer, question.code)


def _check_reference(sheet: Sheet, question: Question, answer: Any) -> None:
    sheet.reference(answer, question.code)


def _check_boolean(sheet: Sheet, question: Question, answer: Any) -> None:
    if answer.__class__ is not bool:
        sheet.fault(errors.WRONG_TYPE, question.code)


def _check_integer(sheet: Sheet, question: Question, answer: Any) -> None:
    limits = question.constraint
    least = -LARGEST_INTEGER if limits.min is None else limits.min
    most = LARGEST_INTEGER if limits.max is None else limits.max
    if answer.__class__ is not int:
        sheet.fault(errors.WRONG_TYPE, question.code)
    elif not least <= answer <= most or answer > _other(sheet, limits.not_more_than, answer, _is_whole):
        sheet.fault(errors.OUT_OF_RANGE, question.code)


def _check_text(sheet: Sheet, question: Question, answer: Any) -> None:
    limits = question.constraint
    text = sheet.text(answer, limits.max_length, question.code)
    if text is None:
        return
    if question.required and is_blank(text):
        sheet.fault(errors.REQUIRED, question.code)
    if limits.shape is not None and not limits.shape.search(text):
        sheet.fault(errors.WRONG_FORMAT, question.code)


def _check_time(sheet: Sheet, question: Question, answer: Any) -> None:
    if not isinstance(answer, str):
        sheet.fault(errors.WRONG_TYPE, question.code)
    elif not _is_time(answer):
        sheet.fault(errors.INVALID_TIME, question.code)
    elif answer < _other(sheet, question.constraint.not_before, answer, _is_time):
        sheet.fault(errors.OUT_OF_RANGE, question.code)


def _check_day(sheet: Sheet, question: Question, answer: Any) -> None:
    limits = question.constraint
    if not isinstance(answer, str):
        sheet.fault(errors.WRONG_TYPE, question.code)
    elif not is_day(answer):
        sheet.fault(errors.INVALID_DATE, question.code)
    elif answer < _other(sheet, limits.not_before, answer, is_day) or (limits.not_future and answer > sheet.today):
        sheet.fault(errors.OUT_OF_RANGE, question.code)


def is_day(text: Any) -> bool:
    """Whether something is a day of the calendar, as `2012-06-04` (ISO 8601, extended form)."""
    if not (isinstance(text, str) and _DAY.fullmatch(text)):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_time(text: Any) -> bool:
    return isinstance(text, str) and _TIME.fullmatch(text) is not None


def _is_whole(number: Any) -> bool:
    return number.__class__ is int


def _other(sheet: Sheet, code: str | None, answer: Any, is_good: Callable[[Any], bool]) -> Any:
    """The answer to compare with: the other question's where it has a good one, else the answer itself, which equals itself."""
    other = None if code is None else sheet.answers.get(code)
    return other if is_good(other) else answer


def _check_list(one: Callable[[Sheet, Question, Any, Place], None]) -> Callable[[Sheet, Question, Any], None]:
    def check(sheet: Sheet, question: Question, answer: Any) -> None:
        is_list = sheet.several(answer, lambda part, place: one(sheet, question, part, place), (question.code,))
        if is_list and len(answer) < question.constraint.min_items:
            sheet.fault(errors.TOO_FEW_ITEMS, question.code)

    return check


_CHECKS: Mapping[str, Callable[[Sheet, Question, Any], None]] = {
    "select_one": _check_term,
    "select_multiple": _check_list(lambda sheet, question, part, place: sheet.term(question.terms, part, *place)),
    "boolean": _check_boolean,
    "integer": _check_integer,
    "text": _check_text,
    "date": _check_day,
    "time": _check_time,
    "participant_ref": _check_reference,
    "participant_refs": _check_list(lambda sheet, _, part, place: sheet.reference(part, *place)),
    "document_ref": _check_reference,
    "form_ref": _check_reference,
    "attachment_refs": _check_list(lambda sheet, _, part, place: sheet.reference(part, *place)),
    "indicator_picks": _check_list(lambda sheet, _, part, place: check_pick(sheet, part, place)),
    "participant_roles": _check_list(lambda sheet, _, part, place: check_role(sheet, part, place)),
    "counts": _check_list(lambda sheet, _, part, place: check_count(sheet, part, place)),
}
