"""The worked examples of the taxonomy: each says what the rules give, and they give it."""

from datetime import date

import pytest

from app.assessment.contradictions import Statements
from app.assessment.coverage import Coverage
from app.assessment.derived import derive
from app.assessment.evidence import Scale
from app.assessment.grade import Circumstances, grade_rule, group_rating
from app.assessment.incidents import incidents_of
from app.assessment.ratings import rate
from app.assessment.rulebook import Level, rulebook_of
from app.taxonomy.catalogue import current
from tests.support.assessments import an_observation

TAXONOMY = current()
RULEBOOK = rulebook_of(TAXONOMY)
EXAMPLES = {each["id"]: each for each in TAXONOMY.assessment["worked_examples"]}
GRADES = {each["id"]: each for each in TAXONOMY.assessment["grade_examples"]}
DAYS = {f"H{n}": date(2020, 1, n) for n in range(1, 20)}
OF_SOURCE = ("comprehension", "document", "informant_role", "informant")


def observations(example):
    for each in example["observations"]:
        source = {name: each[name] for name in OF_SOURCE if name in each}
        for place in each["units"]:
            unit, _, hearing = place.partition("@")
            for who in each["observers"]:
                yield an_observation(
                    each["indicator"], unit, by=who, at=hearing or None, value=each["value"], basis=each["basis"], **source
                )


def incidents(example):
    reported = incidents_of(Statements(observations(example), Scale(RULEBOOK)), DAYS)
    return [*reported, *derive(reported, RULEBOOK, DAYS)]


def coverage(example):
    case = example["case"]
    return Coverage(
        hearings_known=case["hearings_known"],
        hearings_observed=case["hearings_observed"],
        defendants=case["defendants"],
        observers=10,
        language_able=round(10 * case["language_able_share"]),
        assessed=example["assessed_units"],
    )


def rated(example, right):
    found = TAXONOMY.rights[right]
    own = [each for each in incidents(example) if each.indicator.right == right]
    voices = len({who for each in example["observations"] for who in each["observers"]})
    return rate(found, own, coverage(example).ground(found), RULEBOOK, voices=voices)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_the_rights_of_a_worked_example_are_rated_as_it_says(example):
    expected = example["expected"]
    found = {right: rated(example, right) for right in expected["ratings"]}
    assert {right: [each.rating, each.rule, each.confidence] for right, each in found.items()} == expected["ratings"]
    spans = {right: [each.high.rule.rating, each.low.rule.rating] for right, each in found.items() if each.is_contested}
    assert spans == expected.get("range", {})
    for group, rating in expected.get("groups", {}).items():
        assert group_rating(each.rating for each in found.values() if each.right.group == group) == rating


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_the_incidents_of_a_worked_example_are_those_it_tells_of(example):
    expected, found = example["expected"], incidents(example)
    assert [each.indicator.code for each in found if each.indicator.derived] == expected.get("derived", [])
    assert sum(each.level == Level.E0 for each in found) == expected.get("not_assessable", 0)
    for right, number in expected.get("reported_concerns", {}).items():
        assert sum(each.indicator.right == right and each.level == Level.E1 for each in found) == number


@pytest.mark.parametrize("example", GRADES.values(), ids=GRADES)
def test_a_grade_example_is_graded_as_it_says(example):
    given = example["input"]
    found = Circumstances(**{name: part for name, part in given.items() if name != "ratings"})
    assert RULEBOOK.grades[grade_rule(given["ratings"], found, RULEBOOK)] == example["expected"]
