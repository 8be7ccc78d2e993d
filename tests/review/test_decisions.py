"""A coordinator's decisions stand beside findings: shown first, kept with their reasons, and without effect on any figure or rating."""

import json

import pytest

from app.summaries.schemas import CaseSummary
from tests.support.monitored import codes
from tests.support.people import a_programme
from tests.support.two_observers import CANARY, a_bench

pytestmark = pytest.mark.one_server

TOPIC = {"hearing": "H-01", "kind": "answer", "what": "torture_complaint.form", "unit": "D01"}
DISAGREEMENTS, GRADES = "/disagreements/decisions", "/grade/decisions"


@pytest.fixture
def bench(server):
    """Two observers at one hearing, who heard a complaint in different forms."""
    made = a_bench(server)
    made.sat_in()
    made.sat_in(by=made.other)
    made.first = made.complaint("D01", "oral")
    made.complaint("D01", "written", by=made.other)
    return made


def decide(bench, value="written", *, by=None, **changed):
    return bench.post(DISAGREEMENTS, {**TOPIC, "value": value, "reason": CANARY, **changed}, by=by)


def grade(bench, *, by=None, **body):
    return bench.post(GRADES, {"reason": CANARY, **body}, by=by)


def found(summary, **topic):
    return next(each for each in summary["disagreements"] if all(each[name] == value for name, value in {**TOPIC, **topic}.items()))


def rest_of(summary, *but):
    """A summary without what a decision may change."""
    return {name: part for name, part in summary.items() if name not in ("computed", *but)}


def test_the_side_taken_is_shown_first_and_nothing_else_changes(bench):
    before = bench.summary()
    assert [each["value"] for each in found(before)["values"]] == ["oral", "written"]
    made = decide(bench)
    assert made.status_code == 201, made.text
    after = bench.summary()
    shown = found(after)
    assert [each["value"] for each in shown["values"]] == ["written", "oral"]
    assert (shown["decision"]["value"], shown["decision"]["by"]) == ("written", bench.trial.coordinator.code)
    assert sorted(each["value"] for each in found(before)["values"]) == sorted(each["value"] for each in shown["values"])
    assert rest_of(after, "disagreements") == rest_of(before, "disagreements")
    assert len(after["disagreements"]) == len(before["disagreements"])
    assert after["computed"]["digest"] != before["computed"]["digest"]
    assert CaseSummary.model_validate(after).model_dump(mode="json", exclude_unset=True) == after


def test_a_decision_is_told_as_it_was_made(bench):
    shown = decide(bench).json()
    assert {name: shown[name] for name in (*TOPIC, "value", "reason", "by")} == {
        **TOPIC,
        "value": "written",
        "reason": CANARY,
        "by": bench.trial.coordinator.code,
    }


def test_a_later_decision_stands_in_the_place_of_an_earlier_one_and_both_are_kept(bench):
    decide(bench)
    decide(bench, "oral")
    assert found(bench.summary())["decision"]["value"] == "oral"
    page = bench.get(DISAGREEMENTS, limit=1).json()
    rest = bench.get(DISAGREEMENTS, limit=1, cursor=page["next_cursor"]).json()
    assert [each["value"] for each in page["items"] + rest["items"]] == ["written", "oral"]
    assert [each["unit"] for each in page["items"]] == ["D01"]
    assert rest["next_cursor"] is None


def test_a_decision_holds_only_while_somebody_stands_on_that_side(bench):
    decide(bench, "oral")
    bench.complaint("D01", "both", supersedes=bench.first)
    shown = found(bench.summary())
    assert [each["value"] for each in shown["values"]] == ["both", "written"]
    assert "decision" not in shown
    assert len(bench.get(DISAGREEMENTS).json()["items"]) == 1


def test_a_decision_follows_what_it_is_about_when_a_code_is_corrected(bench):
    decide(bench)
    trial = bench.trial
    for path, code in ((f"/v1/participants/{trial.participants['D01']}", "D-1"), (f"/v1/hearings/{trial.hearings['H-01']}", "H-1")):
        assert trial.server.patch(path, {"code": code}, token=bench.token).status_code == 200
    assert found(bench.summary(), hearing="H-1", unit="D-1")["decision"]["value"] == "written"
    assert bench.get(DISAGREEMENTS).json()["items"][0]["hearing"] == "H-1"


def test_a_disagreement_about_the_hearing_itself_can_be_decided(bench):
    bench.sat_in(hearing="H-02")
    bench.sat_in(hearing="H-02", by=bench.other, room_adequate="yes")
    about = [each for each in bench.summary()["disagreements"] if each["unit"] == "H-02"]
    assert about, "observers of the second hearing differ about it"
    topic = {name: about[0][name] for name in TOPIC}
    value = about[0]["values"][-1]["value"]
    assert decide(bench, value, **topic).status_code == 201
    assert found(bench.summary(), **topic)["decision"]["value"] == value


@pytest.mark.parametrize(
    "changed", [{"hearing": "H-02"}, {"kind": "role"}, {"what": "torture_complaint.place"}, {"unit": "D02"}, {"unit": "case"}]
)
def test_what_nobody_differs_about_cannot_be_decided(bench, changed):
    answer = decide(bench, **changed)
    assert (answer.status_code, codes(answer)) == (404, ["not_found", " not_found"])


@pytest.mark.parametrize("value", ["both", "", 1, True, ["written"], []])
def test_a_side_that_nobody_stands_on_cannot_be_taken(bench, value):
    answer = decide(bench, value)
    assert (answer.status_code, codes(answer)) == (422, ["not_in_vocabulary", "/value not_in_vocabulary"])


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"reason": "\u200b "}, "/reason required"),
        ({"value": None}, "/value wrong_type"),
        ({"value": {}}, "/value wrong_type"),
        ({"value": [1]}, "/value wrong_type"),
        ({"value": 1.5}, "/value wrong_type"),
        ({"value": "x" * 201}, "/value too_long"),
        ({"kind": "guess"}, "/kind not_in_vocabulary"),
        ({"what": "DROP TABLE"}, "/what wrong_format"),
        ({"hearing": 1}, "/hearing wrong_type"),
        ({"decided_by": "COO"}, "/decided_by unknown_field"),
    ],
)
def test_a_body_that_is_not_right_is_told_where(bench, changed, fault):
    answer = decide(bench, **changed)
    assert answer.status_code == 422
    assert fault in codes(answer)


def test_reasons_are_read_by_coordinators_and_stand_in_no_summary_no_edition_and_no_journal(bench):
    decide(bench)
    grade(bench, decision="confirm")
    bench.post("/editions")
    for road in (DISAGREEMENTS, GRADES):
        assert CANARY in bench.get(road).text
        assert bench.get(road, by=bench.analyst).status_code == 403
        assert bench.get(road, by=bench.trial.observer).status_code == 403
        assert bench.get(road, by=a_programme(bench.trial.server).coordinator).status_code == 404
    assert [road for road in ("/summary", "/editions", "/editions/1") if CANARY in bench.get(road).text] == []
    with bench.trial.server.store.read() as session:
        leaves = session.connection().exec_driver_sql("SELECT kind, leaf FROM journal ORDER BY at, seq").fetchall()
    told = {kind: json.loads(bytes(leaf)) for kind, leaf in leaves}
    assert told["disagreement.decided"]["facts"] == {"kind": "answer", "what": "torture_complaint.form", "value": "written"}
    assert told["disagreement.decided"]["hearing"] == bench.trial.hearings["H-01"]
    assert told["grade.decided"]["facts"] == {"decision": "confirm", "computed": {"value": "not_graded"}}
    assert [kind for kind, leaf in leaves if CANARY.encode() in bytes(leaf)] == []


def test_only_coordinators_decide(bench):
    stranger = a_programme(bench.trial.server).coordinator
    people = (bench.analyst, bench.trial.observer, stranger)
    assert [decide(bench, by=each).status_code for each in people] == [403, 403, 404]
    assert [grade(bench, by=each, decision="confirm").status_code for each in people] == [403, 403, 404]
    assert bench.get(DISAGREEMENTS).json()["items"] == bench.get(GRADES).json()["items"] == []


def test_a_confirmed_grade_says_so(bench):
    before = bench.summary()
    made = grade(bench, decision="confirm")
    assert (made.status_code, made.json()["computed"]) == (201, {"value": "not_graded", "range": None})
    after = bench.summary()
    assert (before["grade"]["status"], after["grade"]["status"]) == ("computed", "confirmed")
    assert after["grade"]["decision"]["by"] == bench.trial.coordinator.code
    assert {**after["grade"], "status": "computed"} == {**before["grade"], "decision": after["grade"]["decision"]}
    assert rest_of(after, "grade") == rest_of(before, "grade")
    assert CaseSummary.model_validate(after).model_dump(mode="json", exclude_unset=True) == after


def test_a_departure_shows_the_coordinators_grade_and_keeps_the_computed_one(bench):
    before = bench.summary()
    assert grade(bench, decision="depart", value="D").status_code == 201
    after = bench.summary()
    shown = after["grade"]
    assert (shown["value"], shown["status"]) == ("D", "departed")
    assert shown["computed"] == {"value": "not_graded", "reason": before["grade"]["reason"]}
    assert shown["rule"] == before["grade"]["rule"]
    assert rest_of(after, "grade") == rest_of(before, "grade")
    assert CaseSummary.model_validate(after).model_dump(mode="json", exclude_unset=True) == after


def test_the_last_decision_on_a_grade_holds_and_all_are_kept(bench):
    grade(bench, decision="depart", value="D")
    grade(bench, decision="confirm")
    assert bench.summary()["grade"]["status"] == "confirmed"
    kept = bench.get(GRADES).json()["items"]
    assert [(each["decision"], each["value"]) for each in kept] == [("depart", "D"), ("confirm", None)]


def test_a_decision_is_about_the_grade_that_was_computed_then(bench):
    grade(bench, decision="confirm")
    source = {"document_id": bench.trial.document, "locator": "page 2"}
    convicted = {"instance": "first", "decided_on": "2012-06", "verdict": "convicted", "sentences": ["imprisonment"], "term_months": 60}
    people = bench.trial.participants
    for person in people.values():
        bench.trial.made("/v1/outcomes", {"case_id": bench.trial.case, "participant_id": person, **convicted, "source": source})
    bench.sat_in(hearing="H-02")
    shown = bench.summary()["grade"]
    assert shown["value"] != "not_graded", shown
    assert (shown["status"], "decision" in shown) == ("computed", False)
    assert len(bench.get(GRADES).json()["items"]) == 1


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"decision": "confirm", "value": "A"}, "/value not_relevant"),
        ({"decision": "depart"}, "/value required"),
        ({"decision": "depart", "value": "E"}, "/value not_in_vocabulary"),
        ({"decision": "depart", "value": "a b"}, "/value wrong_format"),
        ({"decision": "depart", "value": "not_graded"}, "/value not_relevant"),
        ({"decision": "guess"}, "/decision not_in_vocabulary"),
        ({"decision": "confirm", "reason": " "}, "/reason required"),
        ({"decision": "confirm", "status": "departed"}, "/status unknown_field"),
    ],
)
def test_a_decision_on_a_grade_says_one_thing(bench, body, fault):
    answer = grade(bench, **body)
    assert answer.status_code == 422
    assert fault in codes(answer)


def test_a_decision_is_told_in_the_difference_of_editions(bench):
    bench.post("/editions")
    decide(bench)
    grade(bench, decision="depart", value="D")
    bench.post("/editions")
    coordinator = bench.trial.coordinator.code
    wanted = {
        "en": f"{coordinator} takes the side of Written: hearing H-01, participant D01, Torture complaint, form.",
        "kk": f"Болжамды баға: бағаланбады, G1 ережесімен есептелген → D, өз шешімімен өзгерткен: {coordinator}.",
    }
    for lang, sentence in wanted.items():
        told = bench.get("/editions/2/difference", lang=lang).json()["sentences"]
        assert sentence in told, told
        assert len(told) == 2
