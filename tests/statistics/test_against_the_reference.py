"""What official statistics come to, compared with the domain's expectations: the golden ones, random ones, and the checks' examples."""

import pytest

from app.statistics.schemas import Statistics
from tests.support.agreeing import agreeing
from tests.support.expectations import as_set, compared, without
from tests.support.official import answer, body_of, found, with_example
from tests.support.reference import a_variant, load_file

OF_STATISTICS = "statistics"
SEEDS = range(1, 41)
GOLDEN = load_file("zhanaozen_filings.json")
PAGES = load_file("official_statistics.json")
EXAMPLES = [
    pytest.param(check, side, id=f"{check['check']}-{side}")
    for check in load_file("checks.json")["checks"]
    for side in ("fires", "silent")
    if "statistics" in check[side]
]


def subject(discrepancy):
    return f"{discrepancy['check']}-{discrepancy['subject']}"


def expected(filings):
    return as_set(compared(without(each, "summary")) for each in filings["expect"]["discrepancies"] if each["summary"] == OF_STATISTICS)


def given(filings, **options):
    return as_set(compared(each) for each in found(body_of(filings), filings=filings, **options))


def test_every_discrepancy_of_the_golden_statistics_comes_out_and_no_other():
    wanted = expected(GOLDEN)
    assert given(GOLDEN) == wanted
    assert len(wanted) == 21


@pytest.mark.parametrize("seed", SEEDS)
def test_random_statistics_come_to_what_the_reference_expects(seed):
    filings = a_variant(seed)
    if OF_STATISTICS in filings:
        assert given(filings) == expected(filings)
    else:
        assert expected(filings) == []


@pytest.mark.parametrize(
    "discrepancy", [each for each in GOLDEN["expect"]["discrepancies"] if each["summary"] == OF_STATISTICS], ids=subject
)
def test_each_discrepancy_of_the_golden_statistics_goes_with_its_other_side(discrepancy):
    filings = agreeing(GOLDEN, [discrepancy])
    left = {(each["check"], each["subject"]) for each in found(body_of(filings), filings=filings)}
    assert (discrepancy["check"], discrepancy["subject"]) not in left
    assert left


@pytest.mark.parametrize("seed", SEEDS)
def test_random_statistics_without_their_contradictions_keep_silent(seed):
    filings = agreeing(a_variant(seed))
    assert OF_STATISTICS not in filings or given(filings) == []


def test_the_random_statistics_hold_what_the_comparison_is_about():
    filings = [each for each in map(a_variant, SEEDS) if OF_STATISTICS in each]
    checks = {each["check"] for raw in filings for each in raw["expect"]["discrepancies"] if each["summary"] == OF_STATISTICS}
    assert len(filings) > 20
    assert checks == {
        *("rate_against_counts", "parts_against_total", "statement_against_figure"),
        *("statements_differ", "names_differ", "observed_against_official"),
    }


@pytest.mark.parametrize(("check", "side"), EXAMPLES)
def test_a_check_finds_exactly_what_its_example_expects(check, side):
    mine = found(check[side]["statistics"], check["check"], filings=with_example(check[side]))
    assert as_set(map(compared, mine)) == as_set(compared(without(each, "summary")) for each in check[side]["expect"])


def test_there_are_examples_of_three_checks():
    assert len(EXAMPLES) == 6


def test_what_was_typed_comes_back_as_it_was_typed():
    shown = answer(body_of(GOLDEN), GOLDEN)
    body = body_of(GOLDEN)
    assert {part: shown[part] for part in body} == body
    assert set(body) == set(Statistics.model_fields)


def test_rates_of_table_1_are_those_recomputed_by_hand():
    page = PAGES["table1"]
    (table,) = [each for each in answer(body_of(GOLDEN), GOLDEN)["recomputed"]["tables"] if each["key"] == "table1"]
    for row, printed in zip(table["rows"], page["rows"], strict=True):
        assert row["row"] == f"{printed['article']}/{printed['year']}"
        assert row["rate"] == {
            "part": printed["sent_to_court"],
            "whole": printed["complaints"],
            "percent": printed["recomputed_rate_percent"],
            "printed": printed["printed_value"],
            "as_printed": printed["rounded_to_printed_decimals"],
            "flag": printed["flag"],
        }
    wanted = {"year": page["totals_by_year"], "article": page["totals_by_article"]}
    for what, totals in wanted.items():
        assert {str(each[what]): {**each["columns"], "rate_percent": each["rate"]["percent"]} for each in table[f"by_{what}"]} == totals
    assert {**table["total"]["columns"], "rate_percent": table["total"]["rate"]["percent"]} == page["grand_total"]


def test_balances_of_table_2_are_those_recomputed_by_hand():
    page = PAGES["table2"]
    (table,) = [each for each in answer(body_of(GOLDEN), GOLDEN)["recomputed"]["tables"] if each["key"] == "table2"]
    for row, printed in zip(table["rows"], page["rows"], strict=True):
        totals = [each["total"] for each in row["balance"]["sides"]]
        assert totals == [printed["complaints_total"], printed["decided_total"]]
        assert (row["balance"]["holds"], row["balance"]["difference"]) == (printed["balanced"], abs(printed["difference"]))
    whole = table["total"]["balance"]
    assert [each["total"] for each in whole["sides"]] == [page["totals"]["complaints_total"], page["totals"]["decided_total"]]
    assert (whole["difference"], whole["holds"]) == (page["totals"]["difference"], False)


def test_claims_and_sums_are_judged_as_by_hand():
    shown = answer(body_of(GOLDEN), GOLDEN)["recomputed"]
    claims = {each["about"]: each for each in shown["claims"]}
    pooled = PAGES["table1"]["torture_rate_checks"]
    against = [each["value"] for each in claims["table1.rate/347-1"]["against"]]
    assert against == [pooled["pooled_2010_2013_percent"], pooled["pooled_2011_2013_percent"]]
    for article in ("308", "347"):
        (series,) = claims[f"table1.rate/{article}"]["against"]
        assert series["value"] == PAGES["paragraph_75"][f"trend_{article}_percent"]
    assert {each["holds"] for each in claims.values()} == {False}
    assert [(each["stated_total"], each["parts"], each["holds"]) for each in shown["sums"]] == [
        (each["stated_total"], each["sum_of_parts"], each["balanced"]) for each in PAGES["other_sums"]
    ]


def test_the_golden_numbers_stand_beside_what_was_observed():
    years = {each["year"]: each for each in answer(body_of(GOLDEN), GOLDEN)["observed"]}
    assert sorted(years) == [2010, 2011, 2012, 2013]
    seen = years[2012]
    assert [each["code"] for each in seen["cases"]] == ["T-a"]
    assert (seen["complainants"], seen["at_least"]) == (37, True)
    beside = {each["column"]: (each["official"], each["observed"], each["suggests_gap"]) for each in seen["official"]}
    assert beside == {"written": (30, 18, True), "oral": (34, 0, False), "all": (64, 37, True)}
    for year in (2010, 2011, 2013):
        assert years[year]["complainants"] is None
        assert {each["observed"] for each in years[year]["official"]} == {None}
