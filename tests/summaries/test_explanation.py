"""Why a right has its rating, over HTTP: in three languages, with the observations, and only for those who may read summaries."""

import pytest

from app.summaries.explained import RightExplained
from app.taxonomy.catalogue import current
from tests.support.people import a_programme
from tests.support.two_observers import a_bench

ROAD = "/rights/language_interpreter/explanation"


@pytest.fixture
def bench(server):
    """Two observers who both saw that an interpreter was missing."""
    made = a_bench(server)
    made.sat_in(language_problem_today="could_not_tell")
    made.seen = sorted(made.language("no_interpreter", "continued_without_help", by=each) for each in (None, made.other))
    return made


def explanation(bench, **params):
    answer = bench.get(ROAD, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_explanation_names_the_rule_the_incidents_and_the_observations(bench):
    told = explanation(bench, lang="en")
    assert RightExplained.model_validate(told).model_dump(mode="json", exclude_unset=True) == told
    assert (told["rating"], told["rule"], [each["rule"] for each in told["fired"]]) == ("not_respected", "NR1", ["NR1"])
    (incident,) = told["incidents"]
    assert (incident["indicator"], incident["unit"], incident["level"]) == ("language.no_interpreter", "D01", "E3")
    assert incident["filings"] == bench.seen
    assert told["changes"]


def test_an_explanation_agrees_with_the_summary(bench):
    shown = next(each for each in bench.summary()["rights"] if each["right"] == "language_interpreter")
    told = explanation(bench, lang="en")
    assert {name: told[name] for name in ("rating", "rule", "confidence", "status", "label")} == {
        name: shown[name] for name in ("rating", "rule", "confidence", "status", "label")
    }


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_an_explanation_speaks_the_readers_language(bench, lang):
    answer = bench.get(ROAD, lang=lang)
    assert answer.headers["Content-Language"] == lang
    right, rating = current().rights["language_interpreter"], current().vocabularies["rating"]["not_respected"]
    assert answer.json()["sentences"][0].startswith(f"{right.labels[lang]}: {rating.labels[lang]}.")


def test_without_a_wish_an_explanation_speaks_the_programmes_language(bench):
    assert bench.get(ROAD).headers["Content-Language"] == "en"


def test_every_right_of_an_empty_case_explains_why_nothing_can_be_said(server):
    empty = a_bench(server)
    for right in empty.summary()["rights"]:
        told = empty.get(f"/rights/{right['right']}/explanation", lang="kk").json()
        assert RightExplained.model_validate(told).model_dump(mode="json", exclude_unset=True) == told
        assert (told["rating"], told["reason"]) == ("not_observed", "no_eligible_observation")


def test_a_right_that_nobody_knows_is_not_found(bench):
    for right in ("fair_weather", "language", "LANGUAGE_INTERPRETER", "x" * 80, "x" * 200):
        answer = bench.get(f"/rights/{right}/explanation")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_analysts_read_explanations_and_observers_do_not(bench):
    stranger = a_programme(bench.trial.server).coordinator
    people = (bench.analyst, bench.trial.observer, stranger)
    assert [bench.get(ROAD, by=each).status_code for each in people] == [200, 403, 404]


def test_the_example_has_the_shape_that_it_is_an_example_of():
    (example,) = RightExplained.model_config["json_schema_extra"]["examples"]
    assert RightExplained.model_validate(example).model_dump(mode="json", exclude_unset=True) == example
