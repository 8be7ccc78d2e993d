"""What an answer says and what it keeps silent about: zeros, rows that are missing, what is not known, and what cannot be asked."""

from datetime import timedelta

import pytest

from app.kit import clock
from app.summaries.aggregates.measures import DIMENSIONS, MEASURES
from app.summaries.aggregates.schemas import AN_AGGREGATE, Aggregate
from app.taxonomy.catalogue import current
from app.taxonomy.rules import emit_marks
from tests.support.asking import Asking
from tests.support.forms import all_clear, answers_of
from tests.support.people import a_member, a_programme
from tests.support.trial import FACT, a_trial

pytestmark = pytest.mark.one_server

HEARING = current().forms["hearing"]
RATINGS_NEED = {"ratings": "right"}


@pytest.fixture
def trial(server):
    """A trial of two hearings in April and one in May; what is filed counts at once."""
    made = a_trial(server, review="trusted")
    hearing = {"case_id": made.case, "date": "2012-05-07", "instance": "first", "hearing_type": "evidence", "status": "held"}
    made.hearings["H-03"] = made.made("/v1/hearings", {**hearing, "code": "H-03"})
    return made


@pytest.fixture
def asked(server, trial):
    return Asking(server, trial.programme.id, trial.coordinator.token)


def quiet(**changed):
    """A hearing at which everything was as it should be."""
    good = ("announced_in_time", "room_adequate", "judge_even_handed", "equal_time", "all_admitted")
    return all_clear(**{**dict.fromkeys(good, "yes"), **changed})


def a_complaint(trial, person="D01", **changed):
    answers = answers_of("torture_complaint", participant_ref=trial.participants[person], hearing_ref=..., **changed)
    return {"form": "torture_complaint", "answers": answers}


def test_a_month_in_which_nothing_happened_is_a_zero_and_one_that_nobody_saw_is_no_row(trial, asked):
    trial.filed(hearing="H-01", answers=quiet())
    for measure in ("complaints", "complainants", "retractions", "restrictions", "incidents"):
        assert asked.rows(measure, "month") == {("2012-04",): 0}
        assert asked.total(measure) == 0
    assert asked.rows("hearings_held", "month") == {("2012-04",): 2, ("2012-05",): 1}
    assert asked.rows("hearings_observed", "month") == {("2012-04",): 1, ("2012-05",): 0}
    assert asked.rows("observations", "month") == {("2012-04",): 1}


def test_what_nobody_was_there_to_see_is_not_known(asked):
    for measure in ("complaints", "complainants", "retractions", "restrictions", "incidents"):
        assert asked(measure, "month") == {"measure": measure, "group_by": ["month"], "rows": [], "total": None}
        assert asked(measure)["rows"] == []
    assert asked.total("observations") == 0
    assert asked("hearings_observed") == {"measure": "hearings_observed", "group_by": [], "rows": [{"value": 0}], "total": 0}


def test_an_indicator_that_somebody_looked_for_is_a_zero_and_another_is_no_row(trial, asked):
    unequal = {mark.indicator for mark in emit_marks(HEARING, quiet(equal_time="no"))} - {
        mark.indicator for mark in emit_marks(HEARING, quiet(equal_time="could_not_tell"))
    }
    trial.filed(hearing="H-01", answers=quiet(equal_time="could_not_tell"))
    before = asked.rows("incidents", "indicator")
    assert set(before.values()) == {0}
    assert unequal
    assert unequal.isdisjoint(indicator for (indicator,) in before)
    trial.filed(hearing="H-02", answers=quiet(judge_accuses="yes"))
    after = asked.rows("incidents", "indicator")
    (found,) = [key for key, n in after.items() if n]
    assert found in before
    assert {indicator for (indicator,) in after} == {indicator for (indicator,) in before} | unequal
    assert asked.rows("incidents", "indicator", "month", indicator=found[0]) == {(*found, "2012-04"): 1}
    assert asked.total("incidents", indicator=found[0]) == asked.total("incidents") == 1


def test_what_an_observer_heard_without_understanding_is_no_zero(trial, asked):
    trial.filed(hearing="H-01", answers=all_clear(own_comprehension="none", basis="heard"))
    by_indicator = asked.rows("incidents", "indicator")
    trial.filed(hearing="H-02", answers=all_clear(own_comprehension="full", basis="heard"))
    assert set(by_indicator) < set(asked.rows("incidents", "indicator"))


def test_numbers_are_minimums_until_every_hearing_was_understood(trial, asked):
    trial.filed(hearing="H-01")
    trial.filed(**a_complaint(trial))
    assert asked("complaints", "case") == {
        "measure": "complaints",
        "group_by": ["case"],
        "rows": [{"case": "T-1", "value": 1, "at_least": True}],
        "total": 1,
        "at_least": True,
    }
    for hearing in ("H-02", "H-03"):
        trial.filed(hearing=hearing)
    assert asked("complaints", "case")["rows"] == [{"case": "T-1", "value": 1}]
    assert "at_least" not in asked("hearings_held", "case")["rows"][0]


def test_a_complaint_of_several_hearings_stands_at_the_first(trial, asked):
    trial.filed(hearing="H-03", **a_complaint(trial))
    assert asked.rows("complaints", "month") == {("2012-05",): 1}
    trial.filed(hearing="H-02", **a_complaint(trial))
    trial.filed(hearing=None, **a_complaint(trial))
    trial.filed(hearing="H-03", **a_complaint(trial, "D02"))
    assert asked.rows("complaints", "month") == {("2012-04",): 1, ("2012-05",): 1}
    assert asked.total("complaints", from_="2012-04-03") == 1


def test_what_was_seen_at_no_hearing_falls_into_the_month_of_the_programme(trial, asked):
    fact = {"hearing": None, "form": "case_fact", "answers": FACT}
    trial.filed(captured_at="2012-04-30T20:30:00+00:00", **fact)
    trial.filed(captured_at="2012-05-01T02:30:00+14:00", **fact)
    assert asked.rows("observations", "month") == {("2012-04",): 1, ("2012-05",): 1}
    assert asked.rows("observations", "month", from_="2012-05-01") == {("2012-05",): 1}
    programme = trial.server.patch(f"/v1/programmes/{trial.programme.id}", {"timezone": "UTC"}, token=trial.coordinator.token)
    assert programme.status_code == 200
    assert asked.rows("observations", "month") == {("2012-04",): 2}


def test_a_dimension_that_is_not_known_is_null(trial, asked):
    silent = a_member(trial.server, trial.programme, languages={"kk": "partial"})
    trial.made("/v1/assignments", {"case_id": trial.case, "member_id": silent.member_id})
    trial.file(trial.body(), by=silent)
    trial.filed(hearing="H-02")
    assert asked("observations", "region")["rows"] == [{"region": None, "value": 2}]
    by_language = asked("observations", "observer_language")
    assert by_language["rows"] == [{"observer_language": each, "value": 1} for each in ("kk", "ru", None)]
    assert by_language["total"] == 2


def test_courts_and_regions_are_as_they_are_called_now(trial, asked):
    other = trial.made("/v1/courts", {"programme_id": trial.programme.id, "code": "C2", "label": "Other", "region": "Atyrau"})
    token = trial.coordinator.token
    assert trial.server.patch(f"/v1/hearings/{trial.hearings['H-03']}", {"court_id": other}, token=token).status_code == 200
    trial.filed(hearing="H-03")
    assert asked.rows("hearings_observed", "court", "region") == {("C1", None): 0, ("C2", "Atyrau"): 1}
    assert trial.server.patch(f"/v1/courts/{other}", {"region": "Mangystau"}, token=token).status_code == 200
    assert asked.rows("observations", "region") == {("Mangystau",): 1}
    assert asked.total("hearings_held", region="Mangystau") == asked.total("hearings_held", court_id=other) == 1


def test_what_is_withdrawn_leaves_no_row(trial, asked):
    found = trial.filed(hearing="H-03")
    assert asked.rows("observations", "month") == {("2012-05",): 1}
    answer = trial.server.post(f"/v1/observations/{found}/withdraw", {"reason": "A mistake."}, token=trial.observer.token)
    assert answer.status_code == 200
    assert asked.rows("observations", "month") == {}
    assert asked.total("complaints") is None


def test_an_announced_hearing_is_held_on_the_day_after(trial, asked, monkeypatch):
    tomorrow = clock.today("Asia/Aqtau") + timedelta(days=1)
    hearing = {"case_id": trial.case, "date": tomorrow.isoformat(), "instance": "first", "hearing_type": "evidence", "status": "scheduled"}
    trial.made("/v1/hearings", {**hearing, "code": "H-04"})
    assert asked.total("hearings_held") == 3
    monkeypatch.setattr(clock, "today", lambda _: tomorrow)
    assert asked.total("hearings_held") == 3
    monkeypatch.setattr(clock, "today", lambda _: tomorrow + timedelta(days=1))
    assert asked.total("hearings_held") == 4


def test_a_rating_is_told_by_right_or_rating(trial, asked):
    assert set(asked.rows("ratings", "rating")) == {("not_observed",)}
    assert asked.rows("ratings", "right", "rating", right="public_hearing") == {("public_hearing", "not_observed"): 1}
    assert (
        asked.total("ratings", right="public_hearing") == asked.total("ratings", "case", rating="not_observed", right="public_hearing") == 1
    )
    assert asked.total("ratings", "right", rating="respected") == 0


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_told_along_each_of_its_dimensions(trial, asked, measure):
    trial.filed(hearing="H-01")
    need = [RATINGS_NEED[measure]] if measure in RATINGS_NEED else []
    for name in DIMENSIONS:
        dims = list(dict.fromkeys([name, *need]))
        answer = asked.answer(measure, *dims)
        assert answer.status_code == (200 if name in MEASURES[measure].dimensions else 422), (measure, name)
        if answer.status_code == 200:
            shown = answer.json()
            assert Aggregate.model_validate(shown).model_dump(exclude_unset=True) == shown
            assert all(set(row) - {"at_least"} == {*dims, "value"} for row in shown["rows"])


@pytest.mark.parametrize(
    ("query", "place", "code"),
    [
        ("measure=ratings", "group_by", "required"),
        ("measure=ratings&group_by=case", "group_by", "required"),
        ("measure=ratings&group_by=right,month", "group_by", "not_in_vocabulary"),
        ("measure=ratings&group_by=right&from=2012-04-01", "from", "unknown_field"),
        ("measure=incidents&group_by=rating", "group_by", "not_in_vocabulary"),
        ("measure=incidents&group_by=judge", "group_by", "not_in_vocabulary"),
        ("measure=incidents&group_by=case,case", "group_by", "duplicate_item"),
        ("measure=incidents&group_by=case,", "group_by", "not_in_vocabulary"),
        ("measure=incidents&group_by=case,court,region,right", "group_by", "too_many_items"),
        ("measure=complaints&right=public_hearing", "right", "unknown_field"),
        ("measure=incidents&right=public", "right", "not_in_vocabulary"),
        ("measure=restrictions&kind=publicity", "kind", "not_in_vocabulary"),
        ("measure=incidents&rating=respected", "rating", "unknown_field"),
        ("measure=incidents&observer_language=Kazakh", "observer_language", "wrong_format"),
        ("measure=incidents&from=2012-04-31", "from", "invalid_date"),
        ("measure=incidents&to=1333584000", "to", "invalid_date"),
        ("measure=incidents&from=2012-05-01&to=2012-04-30", "to", "out_of_range"),
        ("measure=verdicts", "measure", "not_in_vocabulary"),
        ("group_by=case", "measure", "required"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_place(trial, server, query, place, code):
    answer = server.get(f"/v1/aggregates?programme_id={trial.programme.id}&{query}", token=trial.coordinator.token)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_parameter"), answer.text
    assert {"pointer": f"/query/{place}", "code": code} in answer.json()["errors"]


def test_analysts_may_ask_and_nobody_else_does(trial, server, asked):
    allowed = {"analyst": 200, "observer": 403, "custodian": 403, "auditor": 403}
    for role, status in allowed.items():
        token = a_member(server, trial.programme, role=role).token
        assert asked.answer("incidents", token=token).status_code == status, role
    assert asked.answer("incidents", token=a_programme(server).token).status_code == 404
    assert server.get(f"/v1/aggregates?programme_id={trial.programme.id}&measure=incidents").status_code == 401


def test_a_case_or_a_court_of_others_is_not_found(trial, server, asked):
    other = a_trial(server)
    for name, found in (("case_id", other.case), ("court_id", other.court)):
        answer = asked.answer("incidents", **{name: found})
        assert answer.status_code == 404
        assert answer.json()["errors"] == [{"pointer": f"/query/{name}", "code": "not_found"}]
        assert asked.answer("incidents", **{name: getattr(trial, name.removesuffix("_id"))}).status_code == 200


def test_the_example_has_the_shape_that_it_is_an_example_of():
    assert Aggregate.model_validate(AN_AGGREGATE).model_dump(exclude_unset=True) == AN_AGGREGATE
