"""What is kept of answers, what of it is narrative, what a fold sees, and what they point to."""

from app.taxonomy.catalogue import current
from app.taxonomy.rules import clean_answers, coded, references, split_answers
from tests.support.bodies import an_id
from tests.support.forms import DOCUMENT, HEARING, OTHER_PERSON, PERSON, all_clear, answers_of

FORMS = current().forms
PICK = {"indicator": "torture.visible_injuries", "value": "present", "participant_refs": [PERSON]}


def test_what_is_kept_has_no_null_no_hearing_small_ids_and_composed_text():
    pick = {**PICK, "participant_refs": [PERSON.upper()], "note": "и\u0306", "basis": None}
    role = {"participant_ref": PERSON.upper(), "role": "witness"}
    answers = all_clear(hearing_ref=HEARING, absent_who=None, note="и\u0306", other_facts=[pick], roles_heard=[role])
    kept = clean_answers(FORMS["hearing"], answers)
    expected = all_clear(note="й", other_facts=[{**PICK, "note": "й"}], roles_heard=[{"participant_ref": PERSON, "role": "witness"}])
    assert kept == expected


def test_answers_of_an_unknown_version_lose_their_nulls_and_nothing_else():
    assert clean_answers(None, {"a": None, "b": "и\u0306", "c": [{"d": None, "e": PERSON.upper()}, 5]}) == {
        "b": "й",
        "c": [{"e": PERSON.upper()}, 5],
    }


def test_texts_and_what_is_restricted_stand_apart_but_not_who_it_is_about():
    answers = answers_of("torture_complaint", note="He limped", reprisal="yes", officers_identified="no", injuries_seen="yes")
    open_, narrative = split_answers(FORMS["torture_complaint"], answers)
    assert set(narrative) == {"note", "reprisal", "officers_identified"}
    assert open_["participant_ref"] == answers["participant_ref"]
    assert {**open_, **narrative} == answers


def test_a_forms_default_sensitivity_moves_nothing_into_the_narrative():
    open_, narrative = split_answers(FORMS["complaint_trace"], answers_of("complaint_trace", note="x"))
    assert set(narrative) == {"note"}
    assert "participant_refs" in open_


def test_answers_of_an_unknown_version_are_narrative_as_a_whole():
    assert split_answers(None, {"a": 1}) == ({}, {"a": 1})


def test_a_fold_sees_no_text_that_somebody_typed():
    pick = {**PICK, "note": "typed", "basis": "told_by_person", "informant_role": "victim", "informant_ref": "typed"}
    answers = all_clear(note="typed", other_facts=[pick])
    seen = coded(FORMS["hearing"], answers)
    assert "typed" not in repr(seen)
    assert seen["other_facts"][0]["informant_role"] == "victim"
    assert seen.keys() == answers.keys() - {"note"}


def found(form, answers):
    return sorted(references(FORMS[form], answers))


def test_every_id_that_answers_point_to_is_found_with_its_place():
    pick = {**PICK, "participant_refs": [PERSON.upper(), OTHER_PERSON], "document_ref": DOCUMENT, "basis": "document"}
    role = {"participant_ref": PERSON, "role": "witness"}
    answers = all_clear(hearing_ref=HEARING, any_defendant_absent="yes", absent_who=[OTHER_PERSON], other_facts=[pick], roles_heard=[role])
    assert found("hearing", answers) == [
        ("/answers/absent_who/0", "participant", OTHER_PERSON),
        ("/answers/other_facts/0/document_ref", "document", DOCUMENT),
        ("/answers/other_facts/0/participant_refs/0", "participant", PERSON),
        ("/answers/other_facts/0/participant_refs/1", "participant", OTHER_PERSON),
        ("/answers/roles_heard/0/participant_ref", "participant", PERSON),
    ]


def test_a_link_to_a_form_points_to_an_observation():
    complaint = an_id("complaint")
    answers = answers_of("witness_retraction", participant_ref=PERSON, reasons=["torture"], complaint_link=complaint)
    assert found("witness_retraction", answers) == [
        ("/answers/complaint_link", "observation", complaint),
        ("/answers/participant_ref", "participant", PERSON),
    ]


def test_an_answer_of_null_points_nowhere():
    assert found("hearing", all_clear(absent_who=None, other_facts=[{**PICK, "participant_refs": None}])) == []
