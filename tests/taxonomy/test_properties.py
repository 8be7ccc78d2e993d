"""Whatever is answered: faults or marks, never a failure, and the typed body never refuses what the rules accept."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kit import wire
from app.kit.errors import CATALOGUE, Problem
from app.taxonomy.catalogue import current
from app.taxonomy.examples import example_of
from app.taxonomy.rules import check_answers, clean_answers, coded, emit_marks, parse_observation, references, split_answers
from app.taxonomy.schemas import CORE_BODIES
from tests.support.forms import DOCUMENT, HEARING, OTHER_PERSON, PERSON, TODAY

FORMS = current().forms
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ids = st.sampled_from([HEARING, PERSON, OTHER_PERSON, DOCUMENT, PERSON.upper()])
texts = st.text(max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts | ids
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=8)


def terms(vocabulary):
    return st.sampled_from(list(current().vocabularies[vocabulary]))


picks = st.fixed_dictionaries(
    {"indicator": st.sampled_from(list(current().indicators)), "value": terms("observation_value")},
    optional={
        "participant_refs": st.lists(ids, max_size=3),
        "basis": terms("observation_basis"),
        "informant_role": terms("participant_role"),
        "informant_ref": st.sampled_from(["S-1", "a b", ""]),
        "document_ref": ids,
        "aspect": terms("fact_aspect"),
        "note": texts,
    },
)
roles = st.fixed_dictionaries({"participant_ref": ids, "role": terms("participant_role")})
counts = st.fixed_dictionaries({"subject": terms("count_subject"), "value": st.integers(-1, 9)})
LIKELY = {
    "boolean": st.booleans(),
    "integer": st.integers(-1, 700),
    "text": texts,
    "date": st.dates().map(str),
    "time": st.times().map(lambda time: f"{time:%H:%M}"),
    "hearing_ref": st.just(HEARING),
    "participant_ref": ids,
    "document_ref": ids,
    "form_ref": ids,
    "participant_refs": st.lists(ids, max_size=3),
    "indicator_picks": st.lists(picks, max_size=3),
    "participant_roles": st.lists(roles, max_size=3),
    "counts": st.lists(counts, max_size=3),
}


def answer_to(question):
    if not question.terms:
        return LIKELY[question.type]
    choice = st.sampled_from(list(question.terms))
    return choice if question.type == "select_one" else st.lists(choice, max_size=3)


@st.composite
def filled(draw, wildness):
    """A form's example with some answers left out, some exchanged for likely ones, and some for anything."""
    form = draw(st.sampled_from(list(FORMS.values())))
    answers = dict(example_of(form)["answers"])
    for code in draw(st.lists(st.sampled_from(list(form.questions)), max_size=6, unique=True)):
        choices = [answer_to(form.questions[code]), *([anything] if wildness else [])]
        answers[code] = draw(st.one_of(choices))
    for code in draw(st.lists(st.sampled_from(sorted(answers)), max_size=2)):
        answers.pop(code, None)
    if wildness:
        answers.update(draw(st.dictionaries(texts, anything, max_size=2)))
    return form, answers


def check(form, answers):
    return check_answers(form, answers, hearing_id=HEARING, today=TODAY)


@QUICK
@given(filled(wildness=True))
def test_any_answers_give_faults_or_marks_and_never_a_failure(case):
    form, answers = case
    faults = check(form, answers)
    assert {fault.code for fault in faults} <= CATALOGUE.faults
    assert all(fault.pointer.startswith(("/answers", "/hearing_id")) for fault in faults)
    if not faults:
        kept = clean_answers(form, answers)
        for mark in emit_marks(form, kept):
            assert (mark.unit == "participant") == (mark.participant is not None)
        references(form, kept)
        coded(form, kept)


@QUICK
@given(filled(wildness=False))
def test_cleaning_is_done_once_and_keeps_good_answers_good(case):
    form, answers = case
    if check(form, answers):
        return
    kept = clean_answers(form, answers)
    assert clean_answers(form, kept) == kept
    assert check(form, kept) == []
    assert emit_marks(form, kept) == emit_marks(form, clean_answers(form, dict(reversed(answers.items()))))
    open_, narrative = split_answers(form, kept)
    assert {**open_, **narrative} == kept
    assert open_.keys().isdisjoint(narrative)


@QUICK
@given(st.one_of(filled(wildness=False), filled(wildness=True)))
def test_the_typed_body_refuses_nothing_that_the_rules_accept(case):
    form, answers = case
    body = {**example_of(form), "hearing_id": HEARING, "answers": answers}
    parsed, faults = parse_observation(body)
    assert (parsed is None) == bool(faults)
    if not check(form, answers):
        assert faults == []
        # What is filed is checked by the rules alone; the types are what the document of the API tells of it.
        CORE_BODIES[form.code].model_validate_json(json.dumps(body))


@QUICK
@given(filled(wildness=True), st.dictionaries(st.sampled_from(["id", "form", "form_version", "case_id", "captured_at", "x"]), anything))
def test_any_json_gives_a_body_or_faults_with_places_that_can_be_printed(case, changed):
    form, answers = case
    raw = json.dumps({**example_of(form), "answers": answers, **changed}).encode()
    try:
        value = wire.parse(raw)
    except Problem:
        return
    parsed, faults = parse_observation(value)
    assert (parsed is None) == bool(faults)
    assert {fault.code for fault in faults} <= CATALOGUE.faults
    assert all(fault.pointer.isascii() for fault in faults)
