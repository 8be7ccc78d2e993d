"""Notes: what their values have to hold, kind by kind, and how much they may hold."""

import pytest

from app.cases.notes.rules import values_faults
from app.taxonomy.catalogue import current
from tests.support.monitored import codes
from tests.support.reference import load_file

pytestmark = pytest.mark.one_server

PERSON = "01890a5d-ac96-774b-bcce-b302099a8057"
QUESTION = {"participant": PERSON, "between": ["complaint", "judgment"], "confidence": "likely"}

SOUND = [
    ("identity_question", {**QUESTION, "patterns": ["NP02"]}),
    ("stated_finding", {"status": "stated_violation", "code": "DEFENCE", "premises_sufficient": True}),
    ("stated_finding", {"about": "participants.total", "stated": 5}),
    ("stated_finding", {"about": "complaints.by_role_and_form", "cell": "defendant/written", "stated": [1, 2]}),
    ("coverage", {}),
    ("coverage", {"caveat": "parallel_trials"}),
    ("discrepancy", {"2010": 36, "printed": "7,6"}),
    ("assumption", {}),
]
UNSOUND = [
    ("identity_question", {}, ["/values/participant required", "/values/confidence required", "/values/between required"]),
    ("identity_question", {**QUESTION, "participant": "D02"}, ["/values/participant wrong_format"]),
    ("identity_question", {**QUESTION, "participant": 2}, ["/values/participant wrong_type"]),
    ("identity_question", {**QUESTION, "between": []}, ["/values/between too_few_items"]),
    ("identity_question", {**QUESTION, "between": "complaint"}, ["/values/between wrong_type"]),
    ("identity_question", {**QUESTION, "between": ["complaint", "complaint"]}, ["/values/between duplicate_item"]),
    (
        "identity_question",
        {**QUESTION, "between": ["file", ["x"]]},
        ["/values/between/0 not_in_vocabulary", "/values/between/1 not_in_vocabulary"],
    ),
    ("identity_question", {**QUESTION, "confidence": "perhaps"}, ["/values/confidence not_in_vocabulary"]),
    ("stated_finding", {}, ["/values/status required"]),
    ("stated_finding", {"status": "It was unfair"}, ["/values/status wrong_format"]),
    ("stated_finding", {"about": "participants.total"}, ["/values/stated required"]),
    ("stated_finding", {"about": "participants", "stated": 1}, ["/values/about wrong_format"]),
    ("stated_finding", {"about": "participants.total", "cell": 1, "stated": 1}, ["/values/cell wrong_type"]),
    ("coverage", {"caveat": "bad_weather"}, ["/values/caveat not_in_vocabulary"]),
]


@pytest.mark.parametrize(("kind", "values"), SOUND)
def test_values_that_suit_their_kind_are_taken(kind, values):
    assert list(values_faults(kind, values, current())) == []


@pytest.mark.parametrize(("kind", "values", "faults"), UNSOUND)
def test_values_that_do_not_suit_their_kind_are_refused_where_they_break(kind, values, faults):
    assert [f"{each.pointer} {each.code}" for each in values_faults(kind, values, current())] == faults


@pytest.mark.parametrize("key", [each["key"] for each in load_file("figures.json")["figures"]])
def test_a_finding_may_be_about_every_figure(key):
    assert list(values_faults("stated_finding", {"about": key, "stated": 1}, current())) == []


def test_values_are_small(docket):
    bad = [
        ({"a": [[[1]]]}, "too_deep"),
        ({"a": {"b": {"c": {}}}}, "too_deep"),
        ({"a": list(range(200))}, "too_many_items"),
        ({"a": "x" * 501}, "too_long"),
        ({"a": "x\u202ey"}, "invalid_text"),
        ({"not a name": 1}, "wrong_format"),
        ({"a": {"b c": 1}}, "wrong_format"),
        ([], "wrong_type"),
    ]
    for values, code in bad:
        assert codes(docket.post("notes", kind="assumption", values=values)) == [code, f"/values {code}"], values
    deep = {"a": {"b": [1, None, True, "x", 1.5]}, "\u0441\u0438\u0306": "\u0438\u0306"}
    shown = docket.make("notes", kind="assumption", values=deep)["values"]
    assert shown == {"a": {"b": [1, None, True, "x", 1.5]}, "\u0441\u0439": "\u0439"}


def test_the_fields_of_a_note_are_checked_at_their_places(docket):
    bad = [
        ({"kind": "opinion"}, "/kind not_in_vocabulary"),
        ({"statement": " \u200b"}, "/statement required"),
        ({"target": "The judge"}, "/target wrong_format"),
        ({"target_kind": "x\n"}, "/target_kind wrong_format"),
        ({"source": {"locator": "page 1"}}, "/source required"),
        ({"source": {**docket.source(), "observation_id": PERSON}}, "/source not_relevant"),
    ]
    for fields, fault in bad:
        assert codes(docket.post("notes", **fields)) == [fault.partition(" ")[2], fault], fields


def test_an_identity_question_is_about_a_participant_of_its_case(docket):
    stranger = docket.make("participants", case_id=docket.make("cases")["id"])
    values = {**QUESTION, "participant": docket.participant["id"].upper()}
    made = docket.make("notes", kind="identity_question", values=values)
    assert made["values"]["participant"] == docket.participant["id"]
    missing = ["not_found", "/values/participant not_found"]
    assert codes(docket.post("notes", kind="identity_question", values=QUESTION)) == missing
    assert codes(docket.post("notes", kind="identity_question", values={**QUESTION, "participant": stranger["id"]})) == missing
    assert codes(docket.post("notes", kind="identity_question", values=values, case_id=None)) == missing
    assert codes(docket.patch("notes", made, {"values": {**QUESTION, "participant": stranger["id"]}})) == missing


def test_an_edit_of_the_kind_is_checked_against_the_values_that_stand(docket):
    note = docket.make("notes", kind="assumption", values={"defendants": 27})
    assert codes(docket.patch("notes", note, {"kind": "stated_finding"})) == ["required", "/values/status required"]
    both = {"kind": "stated_finding", "values": {"status": "alleged"}}
    assert docket.patch("notes", note, both).json()["values"] == {"status": "alleged"}


def test_a_note_may_rest_on_an_observation_of_its_case(docket):
    observer = docket.an_observer()
    docket.make("assignments", member_id=observer.member_id)
    filed = docket.file(observer).json()["id"]
    source = {"observation_id": filed, "locator": "the second half"}
    note = docket.make("notes", source=source)
    assert note["source"] == {"document_id": None, **source}
    assert docket.contest(docket.participant, source=source).json()["source"] == {"document_id": None, **source}
    missing = ["not_found", "/source/observation_id not_found"]
    assert codes(docket.post("notes", source={"observation_id": PERSON})) == missing
    assert codes(docket.post("notes", source=source, case_id=docket.make("cases")["id"])) == missing
    swapped = docket.patch("notes", note, {"source": docket.source()}).json()["source"]
    assert swapped == {"observation_id": None, **docket.source()}
