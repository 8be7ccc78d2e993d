"""Rates, balances, claims and registers on their own: what is flagged, what keeps silent, and what is not known."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import i18n
from app.statistics.rates import Rate
from tests.support.expectations import as_set
from tests.support.official import a_row, a_table, answer, found, statistics, subjects, without_filings

RATE_OF = ["sent", "all"]


def a_rate(printed=None, **cells):
    """What follows from one row with a rate."""
    row = a_row(**cells, **({"printed_rate": printed} if printed else {}))
    (table,) = answer(statistics(a_table(row, rate_of=RATE_OF)))["recomputed"]["tables"]
    return table["rows"][0]["rate"]


def a_claim(kind, about="t.rate", values=None, **more):
    claim = {"kind": kind, **{name: more.pop(name) for name in ("value", "except") if name in more}}
    return {"key": "s", "about": about, "values": values or {}, "claim": claim, **more}


def claims(body):
    return [(each["about"], each["holds"]) for each in answer(body)["recomputed"]["claims"]]


def test_a_rate_is_rounded_half_up_to_the_printed_decimals():
    assert a_rate("0.5 %", all=1000, sent=5) == {
        "part": 5,
        "whole": 1000,
        "percent": "0.5000",
        "printed": "0.5",
        "as_printed": "0.5",
        "flag": None,
    }
    assert (a_rate("13 %", all=8, sent=1)["as_printed"], a_rate("12 %", all=8, sent=1)["flag"]) == ("13", "printed_equals_truncation")
    assert a_rate("14 %", all=8, sent=1)["flag"] == "printed_differs"


@pytest.mark.parametrize("printed", ["15 %", "15%", "15", "15.0 %", "15,0 %", "15.00\u00a0%"])
def test_a_rate_is_read_however_it_is_printed(printed):
    assert a_rate(printed)["flag"] is None


def test_a_division_by_zero_is_no_rate_and_no_discrepancy():
    assert a_rate("0 %", all=0, sent=0) == {
        "part": 0,
        "whole": 0,
        "percent": None,
        "printed": "0",
        "as_printed": None,
        "flag": "no_denominator",
    }
    body = statistics(a_table(a_row(all=0, sent=3, printed_rate="0 %"), rate_of=RATE_OF))
    assert found(body) == []
    assert answer(body)["recomputed"]["tables"][0]["total"]["rate"]["flag"] == "no_denominator"


def test_a_blank_cell_is_not_zero():
    table = a_table({"year": 2019, "all": 10}, a_row(printed_rate="15 %"), rate_of=RATE_OF, balance=[["all"], ["sent"]])
    shown = answer(statistics(table))
    (recomputed,) = shown["recomputed"]["tables"]
    assert recomputed["rows"][0]["rate"] == {"part": None, "whole": 10, "percent": None, "flag": "not_stated"}
    assert recomputed["rows"][0]["balance"]["holds"] is None
    assert recomputed["total"]["columns"] == {"all": 210, "sent": None}
    assert recomputed["total"]["rate"]["flag"] == "not_stated"
    assert [each["subject"] for each in shown["discrepancies"]] == ["t/2020"]


def test_a_column_whose_rows_are_rounded_and_cut_is_flagged_as_a_whole():
    rounded, cut = a_row(2019, all=3, sent=2, printed_rate="67 %"), a_row(2020, all=3, sent=2, printed_rate="66 %")
    assert subjects(statistics(a_table(rounded, cut, rate_of=RATE_OF))) == ["t.rate/2020", "t.rate"]
    assert subjects(statistics(a_table(rounded, {**cut, "printed_rate": "67 %"}, rate_of=RATE_OF))) == []


def test_rows_without_a_printed_rate_are_recomputed_all_the_same():
    assert a_rate() == {"part": 30, "whole": 200, "percent": "15.0000", "flag": None}
    assert found(statistics(a_table(a_row(), rate_of=RATE_OF))) == []


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 6))
def test_a_rounded_rate_is_never_further_off_than_half_of_its_last_digit(part, whole, places):
    text = Rate(part, whole).rounded(places)
    if not whole:
        assert text is None
        return
    # In whole numbers, so that nothing is rounded on the way: |text * whole - 100 * part| <= whole / 2 / 10**places.
    scaled = int(Decimal(text).scaleb(places))
    off = scaled * whole - 100 * part * 10**places
    assert -whole < 2 * off <= whole
    assert len(text.partition(".")[2]) == places


def test_values_of_a_statement_are_compared_with_the_rows_of_its_articles():
    rows = [a_row(article="1"), a_row(article="2", all=100)]
    said = {"key": "s", "about": "t.all", "values": {"2020": 100}}
    assert subjects(statistics(a_table(*rows), statements=[{**said, "article": "1"}])) == ["t.all/1/2020"]
    assert subjects(statistics(a_table(*rows), statements=[{**said, "article": "2"}])) == []
    assert subjects(statistics(a_table(*rows), statements=[{**said, "articles": ["1", "2"]}])) == ["t.all/1/2020"]
    assert subjects(statistics(a_table(a_row()), statements=[said])) == ["t.all/2020"]


def test_a_claim_below_is_judged_by_all_years_together():
    table = a_table(a_row(2019, all=10, sent=9), a_row(2020, all=990, sent=11), rate_of=RATE_OF)
    assert claims(statistics(table, statements=[a_claim("below", value=2)])) == [("t.rate", False)]
    assert claims(statistics(table, statements=[a_claim("below", value=2.01)])) == [("t.rate", True)]
    (discrepancy,) = found(statistics(table, statements=[a_claim("below", value=2, **{"except": [2019]})]))
    assert discrepancy["values"] == [
        {"value": "below 2", "source": "statement:s"},
        {"value": "2.0000", "source": "table:t all years pooled"},
        {"value": "1.1111", "source": "table:t pooled without 2019"},
    ]


@pytest.mark.parametrize(
    ("kind", "values", "holds"),
    [
        ("rising", [1, 2, 2, 3], True),
        ("rising", [1, 3, 2], False),
        ("falling", [3, 2, 2], True),
        ("falling", [3, 1, 2], False),
        ("rising", [1], None),
    ],
)
def test_a_trend_is_judged_by_every_step(kind, values, holds):
    stated = {str(2015 + place): value for place, value in enumerate(values)}
    assert claims(statistics(statements=[a_claim(kind, "releases", dict(reversed(stated.items())))])) == [("statement:s", holds)]
    rows = [a_row(2015 + place, all=100, sent=value, article="1") for place, value in enumerate(values)]
    of_rates = a_claim(kind, article="1")
    assert claims(statistics(a_table(*reversed(rows), rate_of=RATE_OF), statements=[of_rates])) == [("t.rate/1", holds)]
    of_counts = a_claim(kind, "t.sent")
    assert claims(statistics(a_table(*rows), statements=[of_counts])) == [("t.sent", holds)]


def test_a_year_without_a_rate_is_shown_and_skipped():
    rows = [a_row(2018, all=10, sent=1), a_row(2019, all=0, sent=0), a_row(2020, all=10, sent=2)]
    body = statistics(a_table(*rows, rate_of=RATE_OF), statements=[a_claim("falling")])
    (discrepancy,) = found(body)
    assert discrepancy["values"][1] == {"value": ["10.0000", None, "20.0000"], "source": "table:t/rate"}
    assert "10.0000; not stated; 20.0000" in discrepancy["statement"]


def test_registers_are_compared_year_by_year_where_two_of_them_have_it():
    counts = {"subject": "deaths", "columns": ["all"]}
    one = a_table(a_row(2018), a_row(2019), key="a", register="police", counts=counts)
    two = a_table(a_row(2019, all=201), a_row(2020), key="b", register="courts", counts=counts)
    three = a_table(a_row(2020, all=3), key="c", register="prisons", counts=counts)
    body = statistics(one, two, three)
    assert subjects(body, "statements_differ") == ["deaths/2019", "deaths/2020"]
    (first, _) = found(body)
    assert as_set(first["values"]) == as_set([{"value": 200, "source": "table:a (police)"}, {"value": 201, "source": "table:b (courts)"}])


def test_only_the_rows_that_count_are_counted():
    rows = [a_row(article="1"), a_row(article="2", all=7)]
    one = a_table(*rows, key="a", counts={"subject": "x", "columns": ["all"], "where": {"article": "2"}})
    two = a_table(a_row(all=7), key="b", counts={"subject": "x", "columns": ["all"]})
    assert found(statistics(one, two)) == []
    one["counts"]["where"] = {"article": "1", "year": 2020}
    assert subjects(statistics(one, two)) == ["x/2020"]


def test_a_year_in_which_nothing_was_observed_has_no_number():
    counts = {"subject": "torture_complaints", "columns": ["written"]}
    body = statistics(a_table({"year": 2020, "written": 4}, register="courts", counts=counts))
    (year,) = answer(body, without_filings())["observed"]
    assert (year["cases"], year["complainants"], year["by_form"]) == ([], None, [])
    assert [each["observed"] for each in year["official"]] == [None, None]
    assert found(body) == []


def test_no_statistics_are_no_discrepancies_and_no_observation_lost():
    shown = answer({})
    assert (shown["source"], shown["tables"], shown["discrepancies"], shown["observed"]) == (None, [], [], [])


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_finding_has_a_sentence_in_every_language(language):
    counts = {"subject": "x", "columns": ["all"]}
    rows = [a_row(2019, printed_rate="15.5 %"), a_row(2020, printed_rate="14 %")]
    body = statistics(
        a_table(*rows, rate_of=RATE_OF, balance=[["all"], ["sent"]], counts=counts),
        a_table(a_row(all=1), key="u", counts=counts),
        offences=[{"code": "o", "articles": ["1", "2"], "labels": ["{a}", "b"]}],
        sums=[{"key": "s", "stated_total": 1, "parts": {"a": 2}}],
        statements=[
            {"key": "v", "about": "t.all", "values": {"2020": 7}},
            {**a_claim("below", value=2), "key": "w"},
            {**a_claim("below", value=2, **{"except": [2020]}), "key": "x"},
            {**a_claim("falling", "f", {"2019": 1, "2020": 2}), "key": "y"},
            {**a_claim("rising", "f", {"2019": 2, "2020": 1}), "key": "z"},
        ],
    )
    said = [each["statement"] for each in found(body, lang=language)]
    assert len(said) == 14
    assert len(set(said)) == len(said)
    assert [each for each in said if "statistics." in each or "None" in each] == []
    assert any("{a}" in each for each in said)
    assert ("15,5 %" if language != "en" else "15.5 %") in " ".join(said)
