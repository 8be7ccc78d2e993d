"""The ratings of golden and random programmes once more by the reference's SQL, which was written apart from any engine."""

import pytest

from app.summaries.facts import establish
from tests.support.case_records import FilingsFile, golden
from tests.support.reference import a_variant, load_file, load_reference

SEEDS = [None, *range(1, 41)]


def second_opinions(file):
    """Rule and assessed units by right, of each case where somebody observed a hearing."""
    reference, taxonomy = load_reference(), load_file("taxonomy.json")
    refs = {each["ref"] for each in file.requests if each.get("ref")}
    world = reference.World(file.raw, reference.Forms(taxonomy), refs)
    views = {each["code"]: world.view(each["code"]) for each in world.cases}
    return {code: reference.second_opinion(view, taxonomy) for code, view in views.items() if view.grasp}


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: "golden" if seed is None else f"seed-{seed}")
def test_rules_and_assessed_units_are_those_of_the_second_opinion(seed):
    file = golden() if seed is None else FilingsFile(a_variant(seed))
    opinions = second_opinions(file)
    assert opinions
    for code, opinion in opinions.items():
        found = establish(file.case(code), file.taxonomy).assessment.rights
        assert {right: (each.rule, each.ground.assessed) for right, each in found.items()} == opinion
