"""Whether a form that a programme wrote makes sense: each fault by its place."""

import re
from datetime import date

import pytest

from app.forms import rules
from app.taxonomy.catalogue import current, own_form
from app.taxonomy.rules import check_answers, emit_marks, split_answers
from tests.support.own_forms import ENTRANCES, QUESTIONS, written

LABEL = {"en": "A question"}


def faults(**changed):
    return [(each.pointer, each.code) for each in rules.faults_of(written(**changed), current())]


def of_question(**changed):
    """The faults of one question behind the others, by places inside it."""
    question = {"code": "more", "type": "text", "label": LABEL, **changed}
    place = f"/sections/0/questions/{len(QUESTIONS)}"
    return [(pointer.removeprefix(place), code) for pointer, code in faults(questions=[*QUESTIONS, question])]


def test_a_form_that_makes_sense_has_no_faults_and_becomes_one_of_the_taxonomys_shape():
    assert faults() == []
    raw = rules.raw_of(written(), current())
    form = own_form(raw, "1", current())
    assert (form.code, form.version, form.subject, form.max_minutes) == ("x_courthouse", "1", "participant", 1)
    assert list(form.questions["entrances"].terms) == ["main", "yard"]
    assert list(form.questions["basis"].terms) == list(current().vocabularies["observation_basis"])
    assert form.questions["armed"].sensitivity == "restricted"
    assert form.questions["benches"].sensitivity == "internal"
    good = {"entrances": ["main"], "benches": 4, "basis": "seen", "told": "So.", "armed": True}
    day = date(2012, 4, 2)
    hearing = "01998c1e-0f00-7000-8000-0000000000a1"
    assert check_answers(form, good, hearing_id=hearing, today=day) == []
    assert split_answers(form, good)[1] == {"told": "So.", "armed": True}
    assert emit_marks(form, good) == []
    bad = {"entrances": ["gate"], "benches": 501, "told": "x" * 201, "armed": 1, "else": 1}
    assert {(each.pointer, each.code) for each in check_answers(form, bad, hearing_id=None, today=day)} == {
        ("/hearing_id", "required"),
        ("/answers/entrances/0", "not_in_vocabulary"),
        ("/answers/benches", "not_relevant"),
        ("/answers/basis", "required"),
        ("/answers/told", "too_long"),
        ("/answers/armed", "wrong_type"),
        ("/answers/else", "unknown_field"),
    }


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"code": "benches"}, [("/code", "duplicate_item")]),
        ({"type": "hearing_ref"}, [("/code", "wrong_format")]),
        ({"type": "select_one"}, [("/choices", "required")]),
        ({"type": "select_one", "choices": "unheard_of"}, [("/choices", "not_in_vocabulary")]),
        ({"choices": "verdict"}, [("/choices", "not_relevant")]),
        ({"type": "select_one", "choices": "x_courthouse.entrances"}, []),
        ({"relevant": {"q": "more", "op": "answered"}}, [("/relevant/q", "unknown_question")]),
        ({"relevant": {"q": "entrances", "op": "eq", "value": "main"}}, [("/relevant/op", "not_in_vocabulary")]),
        ({"relevant": {"q": "entrances", "op": "contains", "value": "gate"}}, [("/relevant/value", "not_in_vocabulary")]),
        ({"relevant": {"q": "basis", "op": "in", "value": "seen"}}, [("/relevant/value", "wrong_type")]),
        ({"relevant": {"q": "basis", "op": "in", "value": ["seen", "gate"]}}, [("/relevant/value", "not_in_vocabulary")]),
        ({"relevant": {"q": "basis", "op": "eq"}}, [("/relevant/value", "required")]),
        ({"relevant": {"q": "basis"}}, [("/relevant/op", "required")]),
        ({"relevant": {"q": "basis", "op": "answered", "value": "seen"}}, [("/relevant/value", "not_relevant")]),
        ({"relevant": {"q": "benches", "op": "eq", "value": "4"}}, [("/relevant/op", "not_in_vocabulary")]),
        ({"relevant": {}}, [("/relevant", "wrong_format")]),
        ({"relevant": {"q": "basis", "all": [{"q": "basis", "op": "answered"}]}}, [("/relevant", "wrong_format")]),
        ({"relevant": {"any": [{"q": "no", "op": "answered"}]}}, [("/relevant/any/0/q", "unknown_question")]),
        ({"constraint": {"min": 1}}, [("/constraint/min", "not_relevant")]),
        ({"type": "integer", "constraint": {"min": 2, "max": 1}}, [("/constraint/max", "out_of_range")]),
        ({"type": "integer", "constraint": {"not_more_than": "told"}}, [("/constraint/not_more_than", "unknown_question")]),
        ({"type": "integer", "constraint": {"not_more_than": "benches"}}, []),
        ({"type": "select_multiple", "choices": "entrances", "constraint": {"min_items": 3}}, [("/constraint/min_items", "out_of_range")]),
        ({"constraint": {"pattern": "(a+)+"}}, [("/constraint/pattern", "unsupported")]),
        ({"constraint": {"pattern": r"^[A-Z]{2}-\d{1,4}$"}}, []),
    ],
)  # fmt: skip
def test_what_makes_no_sense_in_a_question_is_named_by_its_place(changed, found):
    assert of_question(**changed) == found


def test_names_that_stand_twice_are_named():
    twice = [{"code": "entrances", "terms": [*ENTRANCES, ENTRANCES[0]]}, {"code": "x_courthouse.entrances", "terms": ENTRANCES}]
    assert faults(vocabularies=twice) == [("/vocabularies/0/terms/2/code", "duplicate_item"), ("/vocabularies/1/code", "duplicate_item")]
    assert ("/vocabularies/0/code", "wrong_format") in faults(vocabularies=[{"code": "x_other.entrances", "terms": ENTRANCES}])
    sections = [{"code": "building", "label": LABEL, "questions": [{"code": f"q{n}", "type": "text", "label": LABEL}]} for n in range(2)]
    assert faults(sections=sections) == [("/sections/1/code", "duplicate_item")]


@pytest.mark.parametrize(
    ("pattern", "is_safe"),
    [
        (r"^[A-Z]{2}-\d{1,4}$", True),
        (r"^\d{4}/\d{1,6}$", True),
        (r"^No\. [0-9]{1,5}$", True),
        (r"^.{1,200}$", True),
        (r"^.{1,201}$", False),
        (r"^a*$", False),
        (r"^a+$", False),
        (r"^(a|b)$", False),
        (r"^a{1,9}a{1,9}a{1,9}$", False),
        (r"^a{1,}$", False),
        (r"^(?i)a$", False),
        (r"a", False),
        (r"^a\$", False),
        (r"^[z-a]$", False),
    ],
)
def test_only_patterns_that_are_decided_quickly_are_taken(pattern, is_safe):
    assert rules.is_safe(pattern) == is_safe
    assert not is_safe or re.compile(pattern)


def test_a_question_keeps_its_type_in_every_version():
    first = rules.raw_of(written(), current())
    changed = [{**each, "type": "text", "constraint": None} if each["code"] == "benches" else each for each in QUESTIONS]
    second = rules.raw_of(written(questions=changed), current())
    assert [(each.pointer, each.code) for each in rules.changed_types(second, [first], current())] == [
        ("/sections/0/questions/2/type", "type_changed")
    ]
    assert rules.changed_types(first, [first], current()) == []
