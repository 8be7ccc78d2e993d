"""What changed between two editions of a small case, in the words of three languages."""

import json
from pathlib import Path

import pytest

from app.editions.schemas import DifferenceShown
from tests.support.monitored import codes
from tests.support.two_observers import a_bench

pytestmark = pytest.mark.one_server

TOLD = json.loads(Path(__file__).with_name("told.json").read_bytes())
"""The whole difference in each language, as a reader gets it."""


@pytest.fixture
def bench(server):
    """Two editions: between them a correction, two complaints, and an interpreter whom two observers missed."""
    made = a_bench(server)
    # Nobody says of the hearing as a whole that language was no trouble there: nobody denies what is reported of it.
    made.sat_in(language_problem_today="could_not_tell")
    made.first = made.complaint("D01", "oral")
    made.complaint("D01", "written", by=made.other)
    made.language("defendant_lacks_language", "continued_without_help")
    assert made.post("/editions").status_code == 201
    made.correction = made.complaint("D01", "written", supersedes=made.first)
    made.later = [made.complaint("D02"), made.complaint("D03", by=made.other)]
    made.later += [made.language("no_interpreter", "continued_without_help", by=each) for each in (made.other, None)]
    assert made.post("/editions").status_code == 201
    return made


def difference(bench, lang="en", **params):
    answer = bench.get("/editions/2/difference", lang=lang, **params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Language"] == lang
    return answer.json()


def kinds(found, kind):
    return [each for each in found["changes"] if each["kind"] == kind]


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_a_difference_is_told_in_words(bench, lang):
    assert difference(bench, lang)["sentences"] == TOLD[lang]


def test_nothing_is_told_twice():
    assert [len(set(told)) for told in TOLD.values()] == [len(told) for told in TOLD.values()]


def test_a_difference_is_told_in_codes(bench):
    found = difference(bench)
    assert DifferenceShown.model_validate(found).model_dump(mode="json", exclude_unset=True) == found
    (added,) = kinds(found, "complaint_added")
    assert (added["before"], added["after"]) == (None, ["D02", "D03"])
    right = next(each for each in kinds(found, "right") if each["what"] == "language_interpreter")
    assert (right["before"]["rating"], right["after"]["rating"]) == ("partially_respected", "not_respected")
    figure = next(each for each in kinds(found, "figure") if each["what"] == "complaints.total")
    assert (figure["before"], figure["after"]) == ({"value": 1, "at_least": True}, {"value": 3, "at_least": True})
    (gone,) = kinds(found, "disagreement_vanished")
    assert gone["what"] == "H-01/answer/torture_complaint.form/D01"
    assert found["sentences"] == [each["sentence"] for each in found["changes"]]
    assert (found["earlier"]["number"], found["later"]["number"]) == (1, 2)


def test_observations_are_told_apart_by_what_became_of_them(bench):
    found = difference(bench)
    (added,), (corrected,) = kinds(found, "observation_added"), kinds(found, "observation_superseded")
    assert added["after"] == sorted(bench.later)
    assert (corrected["before"], corrected["after"]) == ([bench.first], [bench.correction])
    assert kinds(found, "observation_removed") == []
    assert bench.trial.server.post(
        f"/v1/observations/{bench.later[0]}/withdraw", {"reason": "Heard in another case."}, token=bench.trial.observer.token
    ).is_success
    assert bench.post("/editions").json()["number"] == 3
    (removed,) = kinds(bench.get("/editions/3/difference", lang="en").json(), "observation_removed")
    assert removed["before"] == [bench.later[0]]


def test_a_difference_can_be_read_the_other_way_round(bench):
    back = bench.get("/editions/1/difference", lang="en", **{"from": 2}).json()
    assert back["sentences"][0] == "Two complaints fewer: D02, D03."
    assert (back["earlier"]["number"], back["later"]["number"]) == (2, 1)
    assert [each for each in back["changes"] if each["kind"] == "disagreement_appeared"]


def test_an_edition_does_not_differ_from_itself(bench):
    assert bench.get("/editions/2/difference", **{"from": 2}).json()["changes"] == []


def test_a_difference_stays_what_it_was(bench):
    before = bench.get("/editions/2/difference", lang="kk").content
    bench.complaint("D02", "oral", by=bench.other)
    assert bench.get("/editions/2/difference", lang="kk").content == before


def test_the_first_edition_has_none_before_it(bench):
    answer = bench.get("/editions/1/difference")
    assert (answer.status_code, codes(answer)) == (422, ["invalid_parameter", "/query/from required"])
    answer = bench.get("/editions/1/difference", **{"from": 7})
    assert (answer.status_code, codes(answer)) == (422, ["invalid_parameter", "/query/from not_found"])
