"""What the golden filings and random ones add up to, compared with what the reference expects, item by item."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from app.summaries.case_summary import case_summary
from app.summaries.programme_summary import programme_summary
from tests.support.case_records import FilingsFile, golden
from tests.support.expectations import assessments
from tests.support.reference import a_variant

SEEDS = range(1, 41)
SHOWN_ONLY = ("label", "trace")


def the_file(seed: int | None) -> FilingsFile:
    return golden() if seed is None else FilingsFile(a_variant(seed))


def summaries_of(file: FilingsFile) -> dict[str, dict[str, Any]]:
    programme = file.programme()
    cases = {f"case:{each.code}": case_summary(each, file.taxonomy, lang="en") for each in programme.cases}
    return {"programme": programme_summary(programme, file.taxonomy, lang="en"), **cases}


def expected_of(file: FilingsFile, what: str, summary: str) -> list[dict[str, Any]]:
    return [{k: v for k, v in each.items() if k != "summary"} for each in file.raw["expect"][what] if each["summary"] == summary]


def as_set(things: list[Any]) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True, ensure_ascii=False) for each in things)


def without(thing: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: part for name, part in thing.items() if name not in names}


def compared(discrepancy: Mapping[str, Any]) -> dict[str, Any]:
    return {**without(discrepancy, "statement"), "values": as_set(discrepancy["values"])}


both = pytest.mark.parametrize("seed", [None, *SEEDS], ids=lambda seed: "golden" if seed is None else f"seed-{seed}")


@both
def test_every_expected_figure_is_given_with_its_readings_and_marks_of_doubt(seed):
    file = the_file(seed)
    given = {(name, each["key"]): without(each, *SHOWN_ONLY) for name, summary in summaries_of(file).items() for each in summary["figures"]}
    expected = file.raw["expect"]["figures"]
    assert {(each["summary"], each["key"]): given[(each["summary"], each["key"])] for each in expected} == {
        (each["summary"], each["key"]): without(each, "summary") for each in expected
    }


@both
def test_discrepancies_disagreements_and_what_is_not_assessable_are_those_expected_and_no_others(seed):
    file = the_file(seed)
    for name, summary in summaries_of(file).items():
        wanted = expected_of(file, "discrepancies", name)
        assert as_set([compared(each) for each in summary["discrepancies"]]) == as_set([compared(each) for each in wanted])
        for what in ("disagreements", "not_assessable") if name != "programme" else ():
            assert as_set(summary[what]) == as_set(expected_of(file, what, name))


@both
def test_the_programme_states_what_was_not_covered(seed):
    file = the_file(seed)
    statements = summaries_of(file)["programme"]["coverage"]["statements"]
    assert [without(each, "text") for each in statements] == file.raw["expect"]["coverage"]


@both
def test_every_expected_note_stands_in_its_summary(seed):
    file = the_file(seed)
    given = {(name, each["kind"], each["key"]) for name, summary in summaries_of(file).items() for each in summary["notes"]}
    assert given == {(each["summary"], each["kind"], each["key"]) for each in file.raw["expect"]["notes"]}


@both
def test_the_assessment_is_the_full_one_right_by_right(seed):
    file = the_file(seed)
    given, wanted = assessments(file.raw, summaries_of(file))
    assert given == wanted


def test_the_variants_hold_what_the_comparison_is_about():
    """A comparison with nothing on both sides would prove nothing."""
    expects = [a_variant(seed)["expect"] for seed in SEEDS]
    for what in ("discrepancies", "disagreements", "not_assessable"):
        assert sum(len(each[what]) for each in expects) > 20
    assert any("readings" in figure for each in expects for figure in each["figures"])
