"""One observation as a phone sends it: its typed body, or every fault with its place."""

import json

import pytest
from pydantic import TypeAdapter

from app.kit import wire
from app.kit.clock import moment_of
from app.taxonomy.catalogue import current
from app.taxonomy.examples import example_of, example_of_custom
from app.taxonomy.rules import custom_answers, parse_observation
from app.taxonomy.schemas import BODIES, CustomObservation, Envelope, Observation
from tests.support.forms import all_clear


def sent(example="hearing", **changed):
    body = example_of_custom() if example == "custom" else example_of(current().forms[example])
    return {name: value for name, value in {**body, **changed}.items() if value is not ...}


def faults_in(value):
    body, faults = parse_observation(value)
    assert (body is None) == bool(faults)
    return [(fault.pointer, fault.code) for fault in faults]


@pytest.mark.parametrize("form", sorted(BODIES))
def test_the_example_of_every_body_is_accepted_and_is_of_its_type(form):
    body, faults = parse_observation(sent(form))
    assert faults == []
    assert isinstance(body, CustomObservation if form == "custom" else Envelope)
    assert TypeAdapter(BODIES[form]).validate_json(json.dumps(sent(form))).form == form
    assert BODIES[form].model_json_schema()["examples"] == [sent(form)]


def test_a_body_has_ids_in_small_letters_and_the_claimed_time_as_it_was_claimed():
    claimed = "2012-04-05t15:20:00.123456789+05:00"
    body, _ = parse_observation(sent(id="6F9619FF-8B86-4D01-8B42-00CF4FC964FF", captured_at=claimed, hearing_id=...))
    assert body.id == "6f9619ff-8b86-4d01-8b42-00cf4fc964ff"
    assert body.captured_at == claimed
    assert body.hearing_id is None


AROUND = [
    ("id", ..., "required"),
    ("id", "6f9619ff8b864d018b4200cf4fc964ff", "wrong_format"),
    ("id", 5, "wrong_type"),
    ("form", ..., "required"),
    ("form", "haiku", "not_in_vocabulary"),
    ("form", 5, "wrong_type"),
    ("form_version", ..., "required"),
    ("form_version", "", "wrong_format"),
    ("form_version", 1.1, "wrong_type"),
    ("case_id", ..., "required"),
    ("case_id", None, "wrong_type"),
    ("case_id", "T-a", "not_found"),
    ("hearing_id", "{6f9619ff-8b86-4d01-8b42-00cf4fc964ff}", "not_found"),
    ("supersedes", "\uff11" * 36, "not_found"),
    ("captured_at", ..., "required"),
    ("captured_at", "2012-04-05T15:20:00", "invalid_time"),
    ("captured_at", "2012-02-30T15:20:00Z", "invalid_time"),
    ("captured_at", "2012-04-05", "invalid_time"),
    ("captured_at", "2012-04-05T15:20:00+24:00", "invalid_time"),
    ("captured_at", "0001-01-01T00:00:00+05:00", "invalid_time"),
    ("captured_at", 1333621200, "wrong_type"),
    ("captured_at", "a\ud800", "invalid_text"),
    ("answers", ..., "required"),
    ("answers", [], "wrong_type"),
    ("role", "x", "unknown_field"),
]


@pytest.mark.parametrize(("name", "value", "code"), AROUND)
def test_one_fault_around_the_answers_is_named_by_its_place(name, value, code):
    assert faults_in(sent(**{name: value})) == [(f"/{name}", code)]


@pytest.mark.parametrize("value", [None, [], "x", 5])
def test_what_is_no_object_is_no_observation(value):
    assert faults_in(value) == [("", "wrong_type")]


def test_faults_around_and_within_the_answers_are_told_together():
    answers = all_clear(openness="ajar", started_late_minutes=5.0, arrived_at=None)
    assert faults_in(sent(id=..., answers=answers, mood="x")) == [
        ("/answers/arrived_at", "required"),
        ("/answers/openness", "not_in_vocabulary"),
        ("/answers/started_late_minutes", "wrong_type"),
        ("/id", "required"),
        ("/mood", "unknown_field"),
    ]


def test_an_unknown_field_with_a_persons_name_is_not_repeated():
    assert faults_in(sent(**{"Нурлан Аманов": 1})) == [("", "unknown_field")]


def test_a_lone_surrogate_is_named_by_its_place_and_not_by_a_failure():
    assert faults_in(sent(answers=all_clear(note="a\ud800"), id=...)) == [("/answers/note", "invalid_text")]
    assert faults_in(sent(answers={**all_clear(), "a\ud800": 1}, id=...)) == [("/answers", "invalid_text")]


def test_a_null_stands_for_no_answer_also_where_one_is_optional():
    assert faults_in(sent(answers=all_clear(note=None, absent_who=None))) == []


def test_another_version_comes_back_with_its_answers_as_they_are():
    body, faults = parse_observation(sent(form_version="9.0.0", answers={"new_question": {"deep": [1]}}))
    assert faults == []
    assert isinstance(body, Envelope)
    assert body.answers == {"new_question": {"deep": [1]}}


def test_another_version_is_still_checked_around_its_answers_and_for_texts_nobody_can_keep():
    assert faults_in(sent(form_version="9.0.0", case_id=...)) == [("/case_id", "required")]
    assert faults_in(sent(form_version="9.0.0", answers={"a": [{"b": "x\u0000"}]})) == [("/answers/a/0/b", "invalid_text")]
    assert faults_in(sent(form_version="9.0.0", answers={f"q{n}": 1 for n in range(501)})) == [("/answers", "too_many_items")]


CUSTOM = [
    ({"form_code": "courthouse"}, "/form_code", "wrong_format"),
    ({"form_code": ...}, "/form_code", "required"),
    ({"answers": {}}, "/answers", "wrong_type"),
    ({"answers": [{"question": "a", "value": {}}]}, "/answers/0/value", "wrong_type"),
    ({"answers": [{"question": "a", "value": [1]}]}, "/answers/0/value", "wrong_type"),
    ({"answers": [{"question": "a", "value": ["x"] * 501}]}, "/answers/0/value", "too_many_items"),
    ({"answers": [{"question": "a", "value": "x" * 20_001}]}, "/answers/0/value", "too_long"),
    ({"answers": [{"question": "a", "value": "x\u0000"}]}, "/answers/0/value", "invalid_text"),
    ({"answers": [{"question": "A b", "value": 1}]}, "/answers/0/question", "wrong_format"),
    ({"answers": [{"question": "a"}]}, "/answers/0/value", "required"),
    ({"answers": [{"question": "a", "value": 1, "note": ""}]}, "/answers/0/note", "unknown_field"),
    ({"answers": [{"question": "a", "value": 1}, {"question": "a", "value": 2}]}, "/answers", "duplicate_item"),
    ({"answers": [{"question": f"a{n}", "value": 1} for n in range(501)]}, "/answers", "too_many_items"),
]


@pytest.mark.parametrize(("changed", "pointer", "code"), CUSTOM)
def test_one_fault_of_a_custom_form_is_named_by_its_place(changed, pointer, code):
    assert faults_in(sent("custom", **changed)) == [(pointer, code)]


def test_answers_of_a_custom_form_are_told_by_question():
    values = ["x", 5, 1.5, True, None, ["a", "b"]]
    answers = [{"question": f"q{n}", "value": value} for n, value in enumerate(values)]
    body, faults = parse_observation(sent("custom", answers=answers))
    assert faults == []
    assert isinstance(body, CustomObservation)
    assert custom_answers(body) == {f"q{n}": value for n, value in enumerate(values)}


def test_the_union_has_nine_bodies_told_apart_by_their_form():
    schema = TypeAdapter(Observation).json_schema()
    assert schema["discriminator"]["propertyName"] == "form"
    assert set(schema["discriminator"]["mapping"]) == {*current().forms, "custom"}
    assert len(schema["oneOf"]) == 9


def test_a_schema_asks_for_what_is_always_asked_and_for_nothing_that_depends():
    schema = TypeAdapter(Observation).json_schema()["$defs"]["AnswersHearing"]
    questions = current().forms["hearing"].questions.values()
    always = {each.code for each in questions if each.required and each.relevant is None} - {"hearing_ref"}
    assert set(schema["required"]) == always
    assert schema["properties"]["note"]["description"] == "Note in your own words"


def test_a_moment_needs_an_offset_and_is_told_in_utc():
    assert moment_of("2012-04-05T15:20:00+05:00").isoformat() == "2012-04-05T10:20:00+00:00"
    assert moment_of("2012-04-05T15:20:00") is None


def test_numbers_keep_their_kind_on_the_way_from_bytes():
    body = wire.parse(b'{"form": "hearing", "form_version": "1.1.0", "answers": {"started_late_minutes": 5.0}}')
    assert ("/answers/started_late_minutes", "wrong_type") in faults_in(body)
