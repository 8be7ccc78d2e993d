"""What is wrong with answers, by place and code."""

import pytest

from app.taxonomy.catalogue import current
from tests.support.forms import DOCUMENT, HEARING, OTHER_PERSON, PERSON, all_clear, answers_of, faults_in

PICK = {"indicator": "torture.visible_injuries", "value": "present", "participant_refs": [PERSON]}
HEARING_PICK = {"indicator": "judge.shows_bias", "value": "present"}


@pytest.mark.parametrize("form", sorted(current().forms))
def test_the_example_of_every_form_is_good(form):
    assert faults_in(form, answers_of(form)) == []


def test_a_quiet_hearing_is_good_and_its_hearing_may_be_named_again():
    assert faults_in("hearing", all_clear()) == []
    assert faults_in("hearing", all_clear(hearing_ref=HEARING.upper())) == []


ONE_WRONG_ANSWER = [
    ("hearing", "openness", "ajar", "", "not_in_vocabulary"),
    ("hearing", "openness", 5, "", "wrong_type"),
    ("hearing", "openness", ["open"], "", "wrong_type"),
    ("hearing", "openness", ..., "", "required"),
    ("hearing", "openness", None, "", "required"),
    ("hearing", "weather", "fair", "", "unknown_field"),
    ("hearing", "arrived_at", "24:00", "", "invalid_time"),
    ("hearing", "arrived_at", "10:00:00", "", "invalid_time"),
    ("hearing", "arrived_at", "10:00\n", "", "invalid_time"),
    ("hearing", "arrived_at", 1000, "", "wrong_type"),
    ("hearing", "left_at", "09:59", "", "out_of_range"),
    ("hearing", "started_late_minutes", "5", "", "wrong_type"),
    ("hearing", "started_late_minutes", True, "", "wrong_type"),
    ("hearing", "started_late_minutes", 5.0, "", "wrong_type"),
    ("hearing", "started_late_minutes", -1, "", "out_of_range"),
    ("hearing", "started_late_minutes", 601, "", "out_of_range"),
    ("hearing", "absent_who", [PERSON], "", "not_relevant"),
    ("hearing", "hearing_ref", PERSON, "", "differs_from_hearing"),
    ("hearing", "hearing_ref", 5, "", "wrong_type"),
    ("hearing", "note", "x" * 2001, "", "too_long"),
    ("hearing", "note", "a\u0000b", "", "invalid_text"),
    ("hearing", "note", "a\ud800b", "", "invalid_text"),
    ("hearing", "note", "a" + "\u0301" * 10, "", "invalid_text"),
    ("hearing", "note", 5, "", "wrong_type"),
    ("hearing", "other_facts", "none", "", "wrong_type"),
    ("hearing", "other_facts", [PICK, PICK], "", "duplicate_item"),
    ("hearing", "other_facts", [{**HEARING_PICK, "note": str(n)} for n in range(501)], "", "too_many_items"),
    ("hearing", "other_facts", ["judge.shows_bias"], "/0", "wrong_type"),
    ("hearing", "other_facts", [{"value": "present"}], "/0/indicator", "required"),
    ("hearing", "other_facts", [{**PICK, "indicator": 5}], "/0/indicator", "wrong_type"),
    ("hearing", "other_facts", [{**PICK, "indicator": "torture.none"}], "/0/indicator", "not_in_vocabulary"),
    ("hearing", "other_facts", [{**PICK, "indicator": "torture.blanket_dismissal"}], "/0/indicator", "not_in_vocabulary"),
    ("hearing", "other_facts", [{**PICK, "value": "maybe"}], "/0/value", "not_in_vocabulary"),
    ("hearing", "other_facts", [{**PICK, "value": None}], "/0/value", "required"),
    ("hearing", "other_facts", [{**PICK, "mood": "x"}], "/0/mood", "unknown_field"),
    ("hearing", "other_facts", [{**PICK, "participant_refs": []}], "/0/participant_refs", "required"),
    ("hearing", "other_facts", [{**PICK, "participant_refs": ["D01"]}], "/0/participant_refs/0", "not_found"),
    ("hearing", "other_facts", [{**PICK, "participant_refs": PERSON}], "/0/participant_refs", "wrong_type"),
    ("hearing", "other_facts", [{**PICK, "participant_refs": [PERSON, PERSON.upper()]}], "/0/participant_refs", "duplicate_item"),
    ("hearing", "other_facts", [{**HEARING_PICK, "participant_refs": [PERSON]}], "/0/participant_refs", "not_relevant"),
    ("hearing", "other_facts", [{**PICK, "basis": "guess"}], "/0/basis", "not_in_vocabulary"),
    ("hearing", "other_facts", [{**PICK, "basis": "document"}], "/0/document_ref", "required"),
    ("hearing", "other_facts", [{**PICK, "basis": "official_recording", "document_ref": "J-1"}], "/0/document_ref", "not_found"),
    ("hearing", "other_facts", [{**PICK, "basis": "told_by_counsel"}], "/0/informant_role", "required"),
    ("hearing", "other_facts", [{**PICK, "informant_ref": "a b"}], "/0/informant_ref", "wrong_format"),
    ("hearing", "other_facts", [{**PICK, "informant_ref": "S" * 41}], "/0/informant_ref", "too_long"),
    ("hearing", "other_facts", [{**PICK, "aspect": "smell"}], "/0/aspect", "not_in_vocabulary"),
    ("hearing", "other_facts", [{**PICK, "note": "x" * 501}], "/0/note", "too_long"),
    ("hearing", "counted", [{"subject": "persons_charged"}], "/0/value", "required"),
    ("hearing", "counted", [{"subject": "persons_charged", "value": -1}], "/0/value", "out_of_range"),
    ("hearing", "counted", [{"subject": "persons_charged", "value": 2**53}], "/0/value", "out_of_range"),
    ("hearing", "counted", [{"subject": "persons_charged", "value": "3"}], "/0/value", "wrong_type"),
    ("hearing", "counted", [{"subject": "persons_charged", "value": 3, "unit": "x"}], "/0/unit", "unknown_field"),
    ("hearing", "counted", [{"subject": "benches", "value": 3}], "/0/subject", "not_in_vocabulary"),
    ("hearing", "roles_heard", [{"participant_ref": PERSON, "role": "hero"}], "/0/role", "not_in_vocabulary"),
    ("hearing", "roles_heard", [{"participant_ref": "W1", "role": "witness"}], "/0/participant_ref", "not_found"),
    ("torture_complaint", "methods", ["falanga", "falanga"], "", "duplicate_item"),
    ("torture_complaint", "methods", ["falanga", "tickling"], "/1", "not_in_vocabulary"),
    ("torture_complaint", "methods", [5], "/0", "wrong_type"),
    ("torture_complaint", "methods", [], "", "too_few_items"),
    ("torture_complaint", "methods", "falanga", "", "wrong_type"),
    ("torture_complaint", "participant_ref", "D01", "", "not_found"),
    ("torture_complaint", "participant_ref", PERSON.replace("-", ""), "", "not_found"),
    ("torture_complaint", "participant_ref", 7, "", "wrong_type"),
    ("torture_complaint", "alleged_from", "2012-02-30", "", "invalid_date"),
    ("torture_complaint", "alleged_from", "20120204", "", "invalid_date"),
    ("torture_complaint", "alleged_from", "2012-W05-1", "", "invalid_date"),
    ("torture_complaint", "alleged_from", "2026-11-26", "", "out_of_range"),
    ("torture_complaint", "alleged_from", 2012, "", "wrong_type"),
    ("outcome", "document_states_opposite", False, "", "not_relevant"),
    ("outcome", "judgment_document", ..., "", "required"),
    ("outcome", "term_months", 481, "", "out_of_range"),
    ("access_restriction", "seats_how_known", "reason", "", "not_relevant"),
    ("complaint_trace", "participant_refs", [], "", "too_few_items"),
]


@pytest.mark.parametrize(("form", "question", "answer", "below", "code"), ONE_WRONG_ANSWER)
def test_one_wrong_answer_is_named_by_its_place_and_its_code(form, question, answer, below, code):
    base = all_clear if form == "hearing" else lambda **changed: answers_of(form, **changed)
    assert faults_in(form, base(**{question: answer})) == [(f"/answers/{question}{below}", code)]


def test_a_day_is_compared_with_the_day_before_it():
    answers = answers_of("torture_complaint", alleged_from="2012-04-05", alleged_to="2012-04-04")
    assert faults_in("torture_complaint", answers) == [("/answers/alleged_to", "out_of_range")]


def seats(**changed):
    filled = {"kinds": ["seats_filled"], "seats_total": 40, "seats_unrelated": 30, "seats_how_known": "They left together"}
    return answers_of("access_restriction", **{**filled, **changed})


def test_no_more_seats_are_taken_than_there_are():
    assert faults_in("access_restriction", seats()) == []
    assert faults_in("access_restriction", seats(seats_unrelated=41)) == [("/answers/seats_unrelated", "out_of_range")]


def test_a_comparison_with_an_answer_that_is_itself_wrong_is_left_out():
    assert faults_in("access_restriction", seats(seats_total="40")) == [("/answers/seats_total", "wrong_type")]
    assert faults_in("hearing", all_clear(arrived_at="13:60")) == [("/answers/arrived_at", "invalid_time")]
    answers = answers_of("torture_complaint", alleged_from="2012-06-31", alleged_to="2012-06-30")
    assert faults_in("torture_complaint", answers) == [("/answers/alleged_from", "invalid_date")]


def test_blanks_are_no_answer_to_a_required_text():
    assert faults_in("access_restriction", seats(seats_how_known=" \u200b\n")) == [("/answers/seats_how_known", "required")]


def test_a_text_is_as_long_as_its_code_points_after_nfc():
    decomposed = "и\u0306" * 500
    assert faults_in("access_restriction", seats(seats_how_known=decomposed)) == []
    assert faults_in("access_restriction", seats(seats_how_known=decomposed + "й")) == [("/answers/seats_how_known", "too_long")]


def test_bidirectional_controls_stay_in_a_narrative():
    assert faults_in("hearing", all_clear(note="a\u202eb")) == []


def test_an_answer_that_a_condition_asks_for_is_required():
    answers = all_clear(any_defendant_absent="yes")
    assert faults_in("hearing", answers) == [("/answers/absent_who", "required")]
    assert faults_in("hearing", {**answers, "absent_who": [PERSON, OTHER_PERSON]}) == []


def test_null_is_no_answer():
    assert faults_in("hearing", all_clear(absent_who=None, note=None, other_facts=[{**PICK, "note": None, "basis": None}])) == []


def test_a_hearing_form_needs_a_hearing():
    assert faults_in("hearing", all_clear(), hearing=None) == [("/hearing_id", "required")]


def test_an_indicator_of_hearings_is_not_picked_where_there_is_none():
    answers = answers_of("case_fact", facts=[HEARING_PICK])
    assert faults_in("case_fact", answers, hearing=None) == [("/answers/facts/0/indicator", "not_relevant")]
    assert faults_in("case_fact", answers) == []


def test_a_pick_may_rest_on_a_document_or_on_somebody():
    told = {**PICK, "basis": "told_by_counsel", "informant_role": "defence_lawyer", "informant_ref": "S-1"}
    read = {**PICK, "basis": "document", "document_ref": DOCUMENT, "aspect": "written_record", "note": "page 3"}
    assert faults_in("hearing", all_clear(other_facts=[told, read])) == []


def test_one_filing_may_hold_two_counts_of_one_subject():
    heard = [{"subject": "persons_charged", "value": 3}, {"subject": "persons_charged", "value": 4}]
    assert faults_in("hearing", all_clear(counted=heard)) == []


def test_more_than_500_answers_are_refused_without_a_look_at_them():
    assert faults_in("hearing", {f"x{n}": 1 for n in range(501)}) == [("/answers", "too_many_items")]


def test_the_name_of_an_unknown_field_is_repeated_only_where_it_looks_like_a_code():
    assert faults_in("hearing", all_clear(**{"Нурлан": "x", "a\ud800": "x"})) == [("/answers", "unknown_field")]


def test_all_faults_are_told_at_once_in_the_order_of_their_places():
    answers = all_clear(openness="ajar", arrived_at=..., counted=[{"subject": "x", "value": -1}])
    assert faults_in("hearing", answers) == [
        ("/answers/arrived_at", "required"),
        ("/answers/counted/0/subject", "not_in_vocabulary"),
        ("/answers/counted/0/value", "out_of_range"),
        ("/answers/openness", "not_in_vocabulary"),
    ]
