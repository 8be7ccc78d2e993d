"""The golden records and random ones with their contradictions taken out: none of the discrepancies that they gave is found any more."""

from functools import cache

import pytest

from app.summaries.case_summary import case_summary
from tests.support.agreeing import agreeing
from tests.support.case_records import FilingsFile
from tests.support.expectations import as_set, compared, without
from tests.support.player import a_run
from tests.support.reference import a_variant, load_file

GOLDEN = "zhanaozen_filings.json"
OF_CASES = [each for each in load_file(GOLDEN)["expect"]["discrepancies"] if each["summary"] != "statistics"]
SEEDS = range(1, 41)


@cache
def found(seed):
    """Every discrepancy of a random programme's cases, its contradictions taken out."""
    return found_in(agreeing(a_variant(seed)))


def found_in(raw):
    file = FilingsFile(raw)
    summaries = {f"case:{each.code}": case_summary(each, file.taxonomy, lang="en") for each in file.programme().cases}
    return {name: [compared(each) for each in summary["discrepancies"]] for name, summary in summaries.items()}


def subjects(discrepancies):
    return {(each["check"], each["subject"]) for each in discrepancies}


@pytest.mark.parametrize("expected", OF_CASES, ids=lambda each: f"{each['check']}-{each['subject']}")
def test_each_discrepancy_of_the_golden_case_goes_with_the_records_of_its_other_side(expected):
    name = expected["summary"]
    assert compared(without(expected, "summary")) in found_in(load_file(GOLDEN))[name]
    after = found_in(agreeing(load_file(GOLDEN), [expected]))[name]
    assert (expected["check"], expected["subject"]) not in subjects(after)


@pytest.mark.parametrize("seed", SEEDS)
def test_none_of_a_random_programmes_discrepancies_is_left(seed):
    expected = [each for each in a_variant(seed)["expect"]["discrepancies"] if each["summary"] != "statistics"]
    for name, discrepancies in found(seed).items():
        assert not subjects(discrepancies) & subjects(each for each in expected if each["summary"] == name)


def test_the_golden_records_without_their_contradictions_give_no_discrepancy_at_all(templates, tmp_path):
    """Played through the API: the cases, the programme and its statistics keep silent, and what is left is no empty record."""
    raw = load_file(GOLDEN)
    assert len(raw["expect"]["discrepancies"]) == 43
    with a_run(templates, tmp_path, agreeing(raw)) as run:
        summaries = run.summaries()
        assert {name: summary["discrepancies"] for name, summary in summaries.items()} == {name: [] for name in summaries}
        statistics = run.read(f"/v1/programmes/{run.programme}/statistics")
        assert statistics["discrepancies"] == []
        figures = {each["key"]: each["value"] for each in summaries["case:T-a"]["figures"]}
        assert (figures["complaints.total"], figures["participants.total"]) == (19, 47)
        assert [len(each["rows"]) for each in statistics["tables"]] == [12, 2]


def test_the_golden_records_as_they_are_give_every_discrepancy(templates, tmp_path):
    """The other half, so that a file which says nothing at all could not pass for one that agrees."""
    raw = load_file(GOLDEN)
    with a_run(templates, tmp_path, raw) as run:
        found = [each for summary in run.summaries().values() for each in summary["discrepancies"]]
        found += run.read(f"/v1/programmes/{run.programme}/statistics")["discrepancies"]
        assert as_set(map(compared, found)) == as_set(compared(without(each, "summary")) for each in raw["expect"]["discrepancies"])
