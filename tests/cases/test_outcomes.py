"""Outcomes hold together as a whole: who, which court, which sentence."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.cases.outcomes.rules import outcome_faults
from app.taxonomy.catalogue import current
from tests.support.monitored import codes

pytestmark = pytest.mark.one_server

PERSON = {"participant_id": "P", "instance": "first", "verdict": "convicted", "sentences": ["imprisonment"], "term_months": 84}
GROUP = {"count": 21, "instance": "first", "verdict": "convicted", "sentences": ["conditional"]}
REVIEW = {"participant_id": "P", "instance": "appeal", "result": "sentence_reduced", "term_months": 84, "new_term_months": 60}

SOUND = [
    PERSON,
    GROUP,
    REVIEW,
    {**PERSON, "sentences": None, "term_months": None},
    {**PERSON, "verdict": "acquitted", "sentences": [], "term_months": None},
    {**PERSON, "count": None, "group_note": None},
    {**GROUP, "count": None, "group_note": "the others"},
    {**GROUP, "participant_id": None, "group_note": "the others"},
    {"count": None, "group_note": "all verdicts but one", "instance": "supreme", "result": "upheld"},
    {**REVIEW, "new_term_months": None},
    {**PERSON, "custody_status": "released", "status_as_of": "2014"},
]
UNSOUND = [
    ({**PERSON, "count": 2}, ["/count not_relevant"]),
    ({**PERSON, "group_note": "who"}, ["/group_note not_relevant"]),
    ({"instance": "first", "verdict": "acquitted"}, ["/participant_id required"]),
    ({**GROUP, "count": None}, ["/group_note required"]),
    ({**GROUP, "count": None, "group_note": " "}, ["/group_note required"]),
    ({**PERSON, "verdict": None}, ["/verdict required"]),
    ({**PERSON, "result": "upheld"}, ["/result not_relevant"]),
    ({**REVIEW, "result": None}, ["/result required"]),
    ({**REVIEW, "verdict": "convicted"}, ["/verdict not_relevant"]),
    ({**PERSON, "instance": "investigating_judge"}, ["/instance not_relevant"]),
    ({**PERSON, "verdict": "acquitted"}, ["/sentences not_relevant", "/term_months not_relevant"]),
    ({**PERSON, "verdict": "convicted_no_punishment", "term_months": None}, ["/sentences not_relevant"]),
    ({**PERSON, "new_term_months": 60}, ["/new_term_months not_relevant"]),
    ({**PERSON, "status_as_of": "2014"}, ["/status_as_of not_relevant"]),
]


@pytest.mark.parametrize("outcome", SOUND)
def test_an_outcome_that_holds_together_is_taken(outcome):
    assert list(outcome_faults(outcome, current())) == []


@pytest.mark.parametrize(("outcome", "faults"), UNSOUND)
def test_an_outcome_that_does_not_hold_together_is_refused_where_it_breaks(outcome, faults):
    assert [f"{each.pointer} {each.code}" for each in outcome_faults(outcome, current())] == faults


def test_the_fields_of_an_outcome_are_checked_at_their_places(docket):
    bad = [
        ({"term_months": 481}, "/term_months out_of_range"),
        ({"term_months": -1}, "/term_months out_of_range"),
        ({"sentences": ["imprisonment", "imprisonment"]}, "/sentences duplicate_item"),
        ({"sentences": ["prison"]}, "/sentences/0 not_in_vocabulary"),
        ({"verdict": "guilty"}, "/verdict not_in_vocabulary"),
        ({"instance": "appeal", "verdict": ..., "result": "reduced"}, "/result not_in_vocabulary"),
        ({"custody_status": "free"}, "/custody_status not_in_vocabulary"),
        ({"source": {"locator": "page 1"}}, "/source/document_id required"),
        ({"participant_id": None, "count": -1}, "/count out_of_range"),
        ({"participant_id": None}, "/participant_id required"),
    ]
    for fields, fault in bad:
        answer = docket.post("outcomes", **fields)
        assert (answer.status_code, codes(answer)) == (422, [fault.partition(" ")[2], fault]), fields


def test_an_edit_is_checked_against_the_whole(docket):
    outcome = docket.make("outcomes")
    assert codes(docket.patch("outcomes", outcome, {"verdict": "acquitted"}))[0] == "not_relevant"
    assert codes(docket.patch("outcomes", outcome, {"participant_id": None})) == ["required", "/group_note required"]
    acquitted = {"verdict": "acquitted", "sentences": [], "term_months": None}
    assert docket.patch("outcomes", outcome, acquitted).json()["verdict"] == "acquitted"
    cleared = {"participant_id": None, "count": None, "group_note": "somebody"}
    assert docket.patch("outcomes", outcome, cleared).json()["participant_id"] is None


def test_a_person_is_judged_once_at_first_instance(docket):
    outcome = docket.make("outcomes")
    person = {"participant_id": outcome["participant_id"]}
    assert codes(docket.post("outcomes", **person)) == ["outcome_exists"]
    other = docket.make("outcomes")
    assert codes(docket.patch("outcomes", other, person)) == ["outcome_exists"]
    review = {"instance": "supreme", "result": "upheld", "verdict": ..., **person}
    first, second = docket.make("outcomes", **review), docket.make("outcomes", **review)
    assert first["id"] != second["id"]


def test_two_verdicts_on_one_person_at_once_give_one(docket):
    body = docket.body("outcomes")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: docket.server.post("/v1/outcomes", body, token=docket.token), range(8)))
    assert sorted(each.status_code for each in answers) == [201] + [409] * 7


def test_several_groups_have_outcomes_of_the_first_instance(docket):
    group = {"participant_id": ..., "count": 3, "group_note": "the others"}
    made = [docket.make("outcomes", **group) for _ in range(2)]
    assert [each["count"] for each in made] == [3, 3]


def test_a_participant_of_another_case_is_missing(docket):
    stranger = docket.make("participants", case_id=docket.make("cases")["id"])
    outcome = docket.make("outcomes")
    for answer in (
        docket.post("outcomes", participant_id=stranger["id"]),
        docket.patch("outcomes", outcome, {"participant_id": stranger["id"]}),
    ):
        assert codes(answer) == ["not_found", "/participant_id not_found"]
