"""Filled forms, valid unless a test says otherwise."""

from datetime import date

from app.taxonomy.catalogue import current
from app.taxonomy.examples import example_of
from app.taxonomy.rules import check_answers
from tests.support.bodies import an_id

TODAY = date(2026, 11, 25)
HEARING, PERSON, OTHER_PERSON, DOCUMENT = (an_id(name) for name in ("hearing", "person", "other person", "document"))


def answers_of(form, **changed):
    """The answers of a form's example; an answer changed to `...` is left out."""
    answers = {**example_of(current().forms[form])["answers"], **changed}
    return {code: answer for code, answer in answers.items() if answer is not ...}


def all_clear(**changed):
    """A hearing at which nothing happened, seen by somebody who could tell."""
    form = current().forms["hearing"]
    quiet = {code: "no" for code, question in form.questions.items() if question.choices == "tri_state" and question.relevant is None}
    seen = {"arrived_at": "10:00", "left_at": "13:00", "hearing_type": "evidence", "hearing_mode": "in_person", "court_language": "kk"}
    known = {"own_comprehension": "full", "openness": "open", "basis": "seen", "confidence": "high"}
    answers = {**quiet, **seen, **known, **changed}
    return {code: answer for code, answer in answers.items() if answer is not ...}


def faults_in(form, answers, *, hearing=HEARING):
    """(pointer, code) of every fault."""
    found = check_answers(current().forms[form], answers, hearing_id=hearing, today=TODAY)
    return [(fault.pointer, fault.code) for fault in found]
