"""Why a right has its rating, and what would change it: what an explanation says comes true when it is tried."""

import re

import pytest

from app.assessment.sentences import explain
from app.summaries.facts import establish
from tests.support.assessments import an_observation, assessed
from tests.support.case_records import FilingsFile, golden
from tests.support.reference import a_variant

PREJUDGED, BIASED, CRAMPED = "presumption.judge_prejudged", "judge.shows_bias", "publicity.courtroom_inadequate"
INNOCENCE, TRIBUNAL = "presumption_of_innocence", "independent_impartial_tribunal"
TRACE = "torture_complaint_investigation"


def on(hearings, indicator, **more):
    return [an_observation(indicator, hearing, at=hearing, **more) for hearing in hearings.split()]


def changes(explanation):
    return {each["kind"]: each for each in explanation["changes"]}


def test_one_more_source_makes_what_it_says_it_would():
    told = explain(assessed(*on("h1", PREJUDGED)), INNOCENCE, "en")
    assert (told["rating"], told["rule"]) == ("partially_respected", "PR1")
    better = changes(told)["better_evidence"]
    assert (better["rule"], better["rating"], better["incidents"]) == ("NR1", "not_respected", [{"indicator": PREJUDGED, "unit": "h1"}])
    assert assessed(*on("h1", PREJUDGED), *on("h1", PREJUDGED, by="o2")).rights[INNOCENCE].rule == better["rule"]


def test_the_nearest_rule_not_met_says_how_much_is_missing():
    one = explain(assessed(*on("h1", PREJUDGED)), INNOCENCE, "en")
    nearest = changes(one)["more_incidents"]
    assert (nearest["rule"], nearest["lacks"]) == ("NR2", 1)
    assert assessed(*on("h1 h2", PREJUDGED)).rights[INNOCENCE].rule == nearest["rule"]
    three_to_come = explain(assessed(*on("h1 h2 h3 h4", "equality.unequal_opportunities", value="absent")), "equality_of_arms", "en")
    assert (three_to_come["rating"], changes(three_to_come)["more_incidents"]["rule"]) == ("respected", "PR2")


def test_incidents_that_fall_take_the_rating_with_them():
    told = explain(assessed(*on("h1 h2 h3", BIASED), *on("h4", BIASED, value="absent")), TRIBUNAL, "en")
    fallen = changes(told)["withdrawn"]
    assert (told["rule"], fallen["lacks"], fallen["rule"], fallen["rating"]) == ("NR4", 1, "PR1", "partially_respected")


def test_what_was_not_observed_says_how_much_more_must_be_seen():
    told = explain(assessed(*on("h1", CRAMPED, value="absent"), hearings=8, observed=1), "public_hearing", "en")
    assert (told["rating"], told["reason"]) == ("not_observed", "insufficient_coverage")
    more = changes(told)["more_seen"]
    assert (more["rule"], more["lacks"], more["hearings"]) == ("RE1", 3, 3)
    enough = assessed(*on("h1 h2 h3 h4", CRAMPED, value="absent"), hearings=8, observed=4)
    assert enough.rights["public_hearing"].rating == more["rating"]


def test_where_there_is_nothing_to_be_seen_nothing_is_asked_for():
    nothing = assessed(hearings=0, observed=0, defendants=0, observers=0, language_able=0)
    assert "more_seen" not in changes(explain(nothing, "public_hearing", "en"))
    assert changes(explain(nothing, "reasoned_judgment", "en"))["more_seen"]["lacks"] == 1


def test_a_contested_right_tells_both_sides_and_both_ratings():
    found = assessed(*on("h1", PREJUDGED), *on("h1 h2 h3", PREJUDGED, by="o2", value="absent", basis="heard", comprehension="full"))
    told = explain(found, INNOCENCE, "en")
    assert (told["rating"], told["rating_low"], told["rating_high"]) == (None, "partially_respected", "respected")
    assert [each["rule"] for each in told["fired"]] == ["PR1", "RE1"]
    assert changes(told)["contested_left_out"]["rating"] == "respected"
    (incident,) = told["incidents"]
    (report,) = incident["reports"]
    sides = {side: [(each["observer"], each["value"], each["basis"]) for each in report[side]] for side in ("said", "against")}
    assert sides == {"said": [("o1", "present", "seen")], "against": [("o2", "absent", "heard")]}
    assert "reported by o1, denied by o2" in incident["sentence"]


def test_each_incident_leads_to_its_filings():
    told = explain(assessed(*on("h1", PREJUDGED, filing="F1"), *on("h1", PREJUDGED, by="o2", filing="F2")), INNOCENCE, "en")
    (incident,) = told["incidents"]
    assert (incident["level"], incident["filings"], incident["deciding"]) == ("E3", ["F1", "F2"], True)


def test_incidents_that_differ_in_their_units_alone_share_a_sentence_and_keep_their_filings():
    told = explain(assessed(*on("h1 h2", PREJUDGED), *on("h3", PREJUDGED), *on("h3", PREJUDGED, by="o2")), INNOCENCE, "en")
    about = [each for each in told["sentences"] if each.startswith("Judge")]
    assert [re.search(r"hearings? ([^:]+):", each)[1] for each in about] == ["h1, h2", "h3"]
    assert [each["unit"] for each in told["incidents"]] == ["h1", "h2", "h3"]


def test_many_incidents_that_would_have_to_fall_are_named_in_part_and_counted():
    people = [f"P{n}" for n in range(1, 10)]
    told = explain(assessed(an_observation("torture.investigation_refused", *people, basis="document", document="J", at=None)), TRACE, "en")
    assert "participants P1, P2, P3, P4, P5 and 4 more" in changes(told)["withdrawn"]["sentence"]
    assert len(changes(told)["withdrawn"]["incidents"]) == 9


def test_what_is_not_missing_is_not_told_as_missing():
    told = explain(assessed(*on("h1", CRAMPED, value="absent"), hearings=8, observed=8), "public_hearing", "en")
    assert changes(told)["more_seen"]["sentence"].endswith("more must be seen. Missing assessed units: 3.")


@pytest.mark.parametrize(("lang", "severities"), [("en", "3 or 4"), ("ru", "3 или 4"), ("kk", "3 немесе 4")])
def test_one_severity_or_another_is_told_in_words(lang, severities):
    told = explain(assessed(*on("h1", PREJUDGED)), INNOCENCE, lang)
    assert f" {severities}" in told["fired"][0]["sentence"]


LETTERS = {
    "en": re.compile(r"[^\u0400-\u04ff]+"),
    "ru": re.compile(r".*[\u0430-\u044f].*"),
    "kk": re.compile(r".*[\u0456\u0493\u049b\u04a3\u04af\u04b1\u04bb\u04d9\u04e9].*"),
}
"""What a sentence of a language has: no Cyrillic letter, some, or some that only Kazakh has."""


@pytest.mark.parametrize("seed", [None, 2, 4, 7, 19])
def test_every_right_of_any_case_is_explained_in_every_language(seed):
    file = golden() if seed is None else FilingsFile(a_variant(seed))
    for records in file.programme().cases:
        found = establish(records, file.taxonomy).assessment
        for right, rated in found.rights.items():
            told = {lang: explain(found, right, lang) for lang in LETTERS}
            assert {(each["rating"], each["rule"]) for each in told.values()} == {(rated.rating, rated.rule)}
            assert all(LETTERS[lang].fullmatch(sentence) for lang, each in told.items() for sentence in each["sentences"])
            assert len({len(each["sentences"]) for each in told.values()}) == 1
            assert not any("{" in sentence for each in told.values() for sentence in each["sentences"])
            assert told["en"]["changes"], right


@pytest.mark.parametrize("seed", [None, 3, 8])
def test_an_explanation_counts_what_its_rule_counted(seed):
    file = golden() if seed is None else FilingsFile(a_variant(seed))
    for records in file.programme().cases:
        found = establish(records, file.taxonomy).assessment
        for right in found.rights:
            told = explain(found, right, "en")
            for fired in told["fired"]:
                assert fired.get("counted", 0) >= (fired.get("at_least") or 0)
            deciding = [each for each in told["incidents"] if each["deciding"]]
            assert len(deciding) >= told["fired"][0].get("counted", 0)
