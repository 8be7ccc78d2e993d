"""What a filled form itself says."""

import pytest

from app.taxonomy.catalogue import current
from app.taxonomy.rules import EmittedMark, emit_marks
from tests.support.forms import DOCUMENT, OTHER_PERSON, PERSON, all_clear, answers_of


def marks_of(form, answers, indicator):
    return [mark for mark in emit_marks(current().forms[form], answers) if mark.indicator == indicator]


def test_nobody_at_a_hearing_is_one_mark_about_all_concerned():
    assert marks_of("hearing", all_clear(), "counsel.no_lawyer_present") == [
        EmittedMark("counsel.no_lawyer_present", "all_concerned", "absent", "seen")
    ]


def test_somebody_at_a_hearing_is_a_mark_about_each_one_listed_behind_the_question():
    answers = all_clear(
        any_without_lawyer="yes", without_lawyer_who=[PERSON, OTHER_PERSON], any_defendant_absent="yes", absent_who=[PERSON]
    )
    assert [(mark.unit, mark.value, mark.participant) for mark in marks_of("hearing", answers, "counsel.no_lawyer_present")] == [
        ("participant", "present", PERSON),
        ("participant", "present", OTHER_PERSON),
    ]


def test_those_listed_beside_nobody_else_are_kept_with_the_mark():
    answers = all_clear(absent_who=[PERSON])
    (mark,) = marks_of("hearing", answers, "presence.defendant_absent")
    assert (mark.unit, mark.listed) == ("all_concerned", (PERSON,))


@pytest.mark.parametrize(
    ("form", "question", "answer", "indicator"),
    [
        ("torture_complaint", "injuries_seen", "no", "torture.visible_injuries"),
        ("torture_complaint", "reprisal", "no", "torture.reprisal_after_complaint"),
        ("witness_retraction", "pressure_after", "no", "torture.reprisal_after_complaint"),
        ("outcome", "retracted_relied_on", "no", "witness.retracted_statement_relied_on"),
    ],
)
def test_a_form_about_a_person_says_no_of_that_person_only(form, question, answer, indicator):
    answers = answers_of(form, **{question: answer})
    assert [(mark.unit, mark.value, mark.participant) for mark in marks_of(form, answers, indicator)] == [
        ("participant", "absent", answers["participant_ref"])
    ]


def test_could_not_tell_says_nothing():
    answers = {code: "could_not_tell" if answer == "no" else answer for code, answer in all_clear().items()}
    assert [mark.indicator for mark in emit_marks(current().forms["hearing"], answers)] == ["publicity.closed_without_reasoned_decision"]


def test_terms_name_their_indicators():
    answers = answers_of("access_restriction", kinds=["all_media_banned", "laptops_banned", "other"])
    found = [(mark.indicator, mark.unit) for mark in emit_marks(current().forms["access_restriction"], answers)]
    assert found == [("access.media_all_banned", "hearing"), ("access.observer_devices_banned", "hearing")]


def test_two_terms_of_one_indicator_make_one_mark():
    terms = current().vocabularies["restriction_kind"].values()
    by_indicator = {}
    for term in terms:
        by_indicator.setdefault(term.indicator, []).append(term.code)
    alike = next(codes for indicator, codes in by_indicator.items() if indicator and len(codes) > 1)
    assert len(emit_marks(current().forms["access_restriction"], answers_of("access_restriction", kinds=alike))) == 1


def pick(**changed):
    return {"indicator": "torture.visible_injuries", "value": "unsure", "participant_refs": [PERSON], **changed}


def picked(*picks, **changed):
    return marks_of("case_fact", answers_of("case_fact", facts=list(picks), **changed), "torture.visible_injuries")


def test_a_pick_without_a_basis_has_the_source_of_its_form():
    (mark,) = picked(pick(), basis="document", document_ref=DOCUMENT)
    assert mark == EmittedMark("torture.visible_injuries", "participant", "unsure", "document", PERSON, DOCUMENT)


def test_a_pick_with_a_basis_has_its_own_source_and_none_of_its_form():
    told = pick(basis="told_by_counsel", informant_role="defence_lawyer", informant_ref="S-1", aspect="written_record")
    (mark,) = picked(told, basis="document", document_ref=DOCUMENT)
    assert (mark.basis, mark.document, mark.informant_role, mark.informant) == ("told_by_counsel", None, "defence_lawyer", "S-1")
    assert mark.aspect == "written_record"


def test_what_the_media_say_comes_from_a_journalist():
    (mark,) = picked(pick(), basis="media")
    assert mark.informant_role == "journalist"


def test_picks_of_hearings_and_cases_are_about_no_person():
    answers = all_clear(other_facts=[{"indicator": "judgment.text_not_available", "value": "present"}])
    (mark,) = marks_of("hearing", answers, "judgment.text_not_available")
    assert (mark.unit, mark.participant) == ("case", None)


def test_a_note_beside_a_pick_is_in_no_mark():
    assert picked(pick(note="the left arm")) == picked(pick())
