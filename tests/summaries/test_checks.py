"""Every check on a case fires on its example and keeps silent on the other; the catalogues are those of the domain."""

import copy
from typing import Any

import pytest

from app.summaries.case_summary import case_summary
from app.summaries.discrepancies import CHECKS, check_catalogue
from app.summaries.figures import CASE_RULES, catalogue
from app.summaries.programme_figures import PROGRAMME_RULES
from tests.support.case_records import FilingsFile
from tests.support.expectations import as_set, compared, without
from tests.support.reference import load_file

DOMAIN = load_file("checks.json")
EXAMPLES = [
    pytest.param(check, side, id=f"{check['check']}-{side}")
    for check in DOMAIN["checks"]
    for side in ("fires", "silent")
    if "statistics" not in check[side]
]


def example(check: dict[str, Any], side: str) -> FilingsFile:
    """The base with the example's requests added and every filing accepted."""
    raw, added = copy.deepcopy(DOMAIN["base"]), check[side]
    raw["observations"] += added.get("observations", [])
    raw["documents"] += [{"ref": f"$added:{place}", **each} for place, each in enumerate(added.get("documents", []))]
    raw["reviews"]["body"]["ids"] = [each["body"]["id"] for each in raw["observations"]]
    return FilingsFile(raw)


@pytest.mark.parametrize(("check", "side"), EXAMPLES)
def test_a_check_finds_exactly_what_its_example_expects(check, side):
    file = example(check, side)
    found = case_summary(file.case("X1"), file.taxonomy, lang="en")["discrepancies"]
    mine = [compared(each) for each in found if each["check"] == check["check"]]
    assert as_set(mine) == as_set([compared(without(each, "summary")) for each in check[side]["expect"]])


def test_there_are_examples_of_every_check_on_a_case():
    assert len(EXAMPLES) == 18
    assert len(CHECKS) == 11


def test_the_catalogues_say_what_the_domain_says():
    assert {code: each.label for code, each in check_catalogue().items()} == {each["check"]: each["label"] for each in DOMAIN["checks"]}
    for each in load_file("figures.json")["figures"]:
        entry = catalogue()[each["key"]]
        assert (entry.type, entry.scope, entry.label, list(entry.dims)) == (
            each["type"],
            each["scope"],
            each["label"],
            each.get("dims", []),
        )
        assert (entry.depends_on_reading, entry.stated) == (each["depends_on_reading"], each.get("stated", False))


def test_every_figure_of_the_catalogue_has_a_rule_and_every_rule_a_figure():
    assert {key for key, each in catalogue().items() if each.stands_in("case")} == set(CASE_RULES)
    assert {key for key, each in catalogue().items() if each.stands_in("programme")} == set(PROGRAMME_RULES)
