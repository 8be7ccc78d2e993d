"""Versions beside each other: what a correction changed, in words of three languages, and where two corrections collide."""

import pytest

from app.observations.differing import Reader, changed, collide, ids_in
from app.taxonomy.catalogue import current
from tests.support.bodies import an_id
from tests.support.forms import all_clear, answers_of
from tests.support.people import a_member
from tests.support.trial import a_trial

PERSON = an_id("person")
PARTLY, CLOSED = "partly_closed_no_reason", "closed_no_reason"


@pytest.fixture
def trial(server):
    return a_trial(server)


def differences(trial, observation, lang="en", *, by=None):
    return trial.server.get(f"/v1/observations/{observation}/differences?lang={lang}", token=(by or trial.coordinator).token)


def test_a_chain_is_shown_with_what_each_version_changed(trial):
    first = trial.filed(answers=all_clear(note="Quiet."))
    second = trial.filed(supersedes=first, answers=all_clear(note="Quiet.", openness=PARTLY))
    third = trial.filed(supersedes=second, answers=all_clear(openness=PARTLY, note=...))
    found = {lang: differences(trial, first, lang, by=trial.observer).json()["versions"] for lang in ("en", "ru", "kk")}
    assert [(each["id"], each["against"], len(each["changes"])) for each in found["en"]] == [
        (first, None, 0),
        (second, first, 1),
        (third, second, 1),
    ]
    terms = current().forms["hearing"].questions["openness"].terms
    for lang, versions in found.items():
        (openness,), (note,) = (each["changes"] for each in versions[1:])
        assert (openness["question"], openness["before"], openness["after"]) == ("openness", "open", PARTLY)
        assert openness["label"] == current().forms["hearing"].questions["openness"].labels[lang]
        assert (openness["before_label"], openness["after_label"]) == (
            terms["open"].labels[lang],
            terms[PARTLY].labels[lang],
        )
        assert (note["before_label"], note["after"], note["after_label"]) == ("Quiet.", None, None)
    assert differences(trial, first, by=a_member(trial.server, trial.programme)).status_code == 404


def test_a_person_a_pick_and_a_count_are_said_by_codes_and_labels():
    form = current().forms["hearing"]
    pick = {"indicator": "counsel.confidential_time_limited", "value": "present", "participant_refs": [PERSON], "note": "In the corridor."}
    answers = {
        "cage_who": [PERSON],
        "roles_heard": [{"participant_ref": PERSON, "role": "witness"}],
        "other_facts": [pick],
        "counted": [{"subject": "persons_charged", "value": 3}],
    }
    assert ids_in(form, answers) == {PERSON}
    reader = Reader(form, {PERSON: "D01"}, "en")
    said = {code: reader.answer(code, answer) for code, answer in answers.items()}
    about, word = form.indicators[pick["indicator"]].labels["en"], form.vocabularies["observation_value"]["present"].labels["en"]
    assert said["cage_who"] == "D01"
    assert said["roles_heard"] == f"D01: {form.vocabularies['participant_role']['witness'].labels['en']}"
    assert said["other_facts"] == f"{about}: {word}, D01 (In the corridor.)"
    assert said["counted"] == f"{form.vocabularies['count_subject']['persons_charged'].labels['en']}: 3"
    assert Reader(None, {}, "en").answer("x", [1]) == "[1]"
    assert Reader(form, {}, "en").answer("cage_who", None) is None


def test_every_answer_of_every_form_can_be_said_in_every_language():
    for code, form in current().forms.items():
        for question, answer in answers_of(code).items():
            for language in ("en", "ru", "kk"):
                assert Reader(form, {}, language).answer(question, answer), (code, question)


def test_two_corrections_collide_only_where_both_changed_to_something_else():
    form = current().forms["hearing"]
    base = {"openness": "open", "note": "One.", "basis": "seen", "x": 1}
    mine, theirs = (
        {**base, "openness": PARTLY, "note": "Two.", "x": 2},
        {**base, "openness": CLOSED, "basis": "other", "x": 2},
    )
    found = collide(form, base, mine, theirs)
    assert (found.same, found.mine, found.theirs) == (("openness",), ("note",), ("basis",))
    assert changed(form, base, base) == []


@pytest.mark.parametrize("in_one_batch", [False, True])
def test_a_correction_from_a_second_phone_is_told_what_stands_and_where_it_differs(trial, in_one_batch):
    first = trial.filed(answers=all_clear(note="One."))
    one = trial.body(supersedes=first, answers=all_clear(note="Two.", openness=PARTLY, judge_even_handed="yes"))
    other = trial.body(supersedes=first, answers=all_clear(note="Three.", openness=CLOSED))
    if in_one_batch:
        answer = trial.server.post("/v1/observations/batch", {"items": [one, other]}, token=trial.observer.token)
        created, told = answer.json()["results"]
        assert (created["status"], told["status"]) == ("created", "conflict")
    else:
        assert trial.file(one).status_code == 201
        told = trial.file(other).json()
    assert (told["code"], told["current"]) == ("stale_version", one["id"])
    assert told["errors"] == [{"pointer": "/supersedes", "code": "stale_version"}]
    openness = {"pointer": "/answers/openness", "yours": CLOSED, "theirs": PARTLY}
    assert sorted(told["conflicts"], key=lambda each: each["pointer"]) == [
        {"pointer": "/answers/note", "yours": None, "theirs": None},
        openness,
    ]
    assert told["apart"] == ["/answers/judge_even_handed"]
    again = trial.filed(supersedes=told["current"], answers=all_clear(note="Three.", openness=CLOSED, judge_even_handed="yes"))
    assert [each["status"] for each in differences(trial, again).json()["versions"]] == ["submitted"] * 3


def test_a_coordinator_sees_both_corrections_where_the_later_one_was_kept_because_its_base_was_not_there_yet(trial):
    base, kept = trial.body(answers=all_clear()), []
    for openness in (PARTLY, CLOSED):
        kept.append(trial.body(supersedes=base["id"], answers=all_clear(openness=openness)))
        assert trial.file(kept[-1]).status_code == 202
    assert trial.file(base).status_code == 201
    first, second, late = differences(trial, base["id"]).json()["versions"]
    assert {second["id"], late["id"]} == {each["id"] for each in kept}
    assert (first["status"], second["status"], late["status"]) == ("submitted", "submitted", "held")
    assert late["collision"] == {"other": second["id"], "same": ["openness"], "mine": [], "theirs": []}
    assert late["against"] == second["against"] == base["id"]
