"""What is refused: loose types, doubled keys, names that lead nowhere. Each fault names its place."""

import pytest
from pydantic import ValidationError

from app.kit.wire import faults_of
from app.statistics.schemas import Statistics
from app.statistics.soundness import faults_in
from tests.support.official import a_row, a_table, read, statistics

CLAIM = {"kind": "rising"}


def faults(body):
    try:
        found = faults_in(Statistics.model_validate(body))
    except ValidationError as error:
        found = faults_of(error)
    return {(each.pointer, each.code) for each in found}


def statement(**more):
    return {"key": "s", "about": "t.all", "values": {}, **more}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("30", "wrong_type"),
        (30.0, "wrong_type"),
        (0.5, "wrong_type"),
        (True, "wrong_type"),
        (None, "wrong_type"),
        ([], "wrong_type"),
        (-1, "out_of_range"),
        (10**12 + 1, "out_of_range"),
    ],
)
def test_a_cell_is_a_whole_number_that_can_be_counted(cell, code):
    assert faults(statistics(a_table(a_row(sent=cell)))) == {("/tables/0/rows/0/sent", code)}
    assert faults({"statements": [statement(values={"2020": cell})]}) == {("/statements/0/values/2020", code)}
    assert faults({"sums": [{"key": "s", "stated_total": 1, "parts": {"a": cell}}]}) == {("/sums/0/parts/a", code)}
    assert faults({"sums": [{"key": "s", "stated_total": cell, "parts": {"a": 1}}]}) == {("/sums/0/stated_total", code)}


@pytest.mark.parametrize(("year", "code"), [("2020", "wrong_type"), (2020.0, "wrong_type"), (True, "wrong_type"), (20, "out_of_range")])
def test_a_year_is_a_whole_number(year, code):
    assert faults(statistics(a_table(a_row(year)))) == {("/tables/0/rows/0/year", code)}


@pytest.mark.parametrize(
    ("printed", "code"),
    [(19, "wrong_type"), (0.6, "wrong_type"), ("nineteen", "wrong_format"), ("", "wrong_format"), ("-1 %", "wrong_format")],
)
def test_a_printed_rate_is_the_text_of_a_number(printed, code):
    assert faults(statistics(a_table(a_row(printed_rate=printed)))) == {("/tables/0/rows/0/printed_rate", code)}


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"rate_of": ["sent", "al"]}, "/tables/0/rate_of/1"),
        ({"balance": [["all"], ["sent", "rest"]]}, "/tables/0/balance/1/1"),
        ({"counts": {"subject": "x", "columns": ["complaints"]}}, "/tables/0/counts/columns/0"),
    ],
)
def test_a_column_that_no_row_has_is_refused_where_it_is_named(more, pointer):
    assert faults(statistics(a_table(**more))) == {(pointer, "unknown_column")}


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"about": "t.complaints"}, ("/statements/0/about", "unknown_column")),
        ({"about": "t.rate"}, ("/statements/0/about", "unknown_column")),
        ({"article": "7"}, ("/statements/0/article", "not_found")),
        ({"articles": ["1", "7"]}, ("/statements/0/articles/1", "not_found")),
        ({"claim": {"kind": "below", "value": 2}}, ("/statements/0/about", "nothing_to_claim_of")),
        ({"about": "in words", "claim": CLAIM}, ("/statements/0/values", "nothing_to_claim_of")),
        ({"about": "in words", "claim": CLAIM, "values": {"of_them": 3}}, ("/statements/0/values", "nothing_to_claim_of")),
        ({"claim": {"kind": "growing"}}, ("/statements/0/claim/kind", "not_in_vocabulary")),
        ({"claim": {"kind": "below", "value": "2"}}, ("/statements/0/claim/value", "wrong_type")),
        ({"claim": {"kind": "below", "value": True}}, ("/statements/0/claim/value", "wrong_type")),
    ],
)
def test_a_statement_must_lead_to_numbers(more, fault):
    assert faults(statistics(a_table(a_row(article="1")), statements=[statement(**more)])) == {fault}


def test_a_claim_below_says_below_what():
    body = statistics(a_table(rate_of=["sent", "all"]), statements=[statement(about="t.rate", claim={"kind": "below"})])
    assert faults(body) == {("/statements/0/claim/value", "required")}


def test_keys_rows_and_names_stand_once():
    assert faults(statistics(a_table(), a_table())) == {("/tables/1/key", "duplicate_item")}
    assert faults(statistics(a_table(a_row(), a_row()))) == {("/tables/0/rows/1", "duplicate_item")}
    assert faults(statistics(a_table(a_row(article="1"), a_row(article="2"), a_row(2021, article="1")))) == set()
    assert faults({"statements": [statement(about="words"), statement(about="words")]}) == {("/statements/1/key", "duplicate_item")}
    line = {"key": "s", "stated_total": 1, "parts": {"a": 1}}
    assert faults({"sums": [line, line]}) == {("/sums/1/key", "duplicate_item")}
    offence = {"code": "o", "articles": ["1", "1"]}
    assert faults({"offences": [offence, {"code": "o"}]}) == {
        ("/offences/1/code", "duplicate_item"),
        ("/offences/0/articles/1", "duplicate_item"),
    }
    assert faults(statistics(a_table(rate_of=["all", "all"]))) == {("/tables/0/rate_of/1", "duplicate_item")}


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a.b", "a+b", "x" * 65, "rate", "и\u0306"])
def test_a_column_has_a_name_that_cannot_be_mistaken(name):
    ((pointer, code),) = faults(statistics(a_table({"year": 2020, name: 1})))
    assert (pointer.startswith("/tables/0/rows/0/"), code) == (True, "wrong_format")


@pytest.mark.parametrize("name", ["confirmed", "сотқа_жіберілді", "347-1"])
def test_a_column_may_be_named_in_any_script(name):
    assert faults(statistics(a_table({"year": 2020, name: 1}, counts={"subject": "x", "columns": [name]}))) == set()


def test_what_is_needed_and_what_is_unknown_is_said():
    assert faults({"tables": [{"key": "t"}], "rates": 1}) == {
        ("/rates", "unknown_field"),
        ("/tables/0/register", "required"),
        ("/tables/0/rows", "required"),
    }
    assert faults({"tables": [{"key": "t", "register": "r", "rows": []}]}) == {("/tables/0/rows", "too_few_items")}
    assert faults(statistics(a_table(rate_of=["all"]))) == {("/tables/0/rate_of", "too_few_items")}
    assert faults(statistics(a_table(balance=[["all"]]))) == {("/tables/0/balance", "too_few_items")}


def test_sizes_are_limited():
    assert faults(statistics(a_table(*(a_row(article=str(n)) for n in range(1001))))) == {("/tables/0/rows", "too_many_items")}
    assert faults(statistics(*(a_table(key=f"t{n}") for n in range(51)))) == {("/tables", "too_many_items")}
    assert faults(statistics(a_table({"year": 2020, **{f"c{n}": 1 for n in range(51)}}))) == {("/tables/0/rows", "too_many_items")}
    assert faults({"source": {"title": "x" * 501}}) == {("/source/title", "too_long")}


@pytest.mark.parametrize("text", ["a\u0000b", "a\u202eb", "\ud800"])
def test_texts_are_clean(text):
    body = statistics(
        a_table(a_row(article=text), title=text, locator=text, unit=text),
        source={"title": text},
        offences=[{"code": "o", "articles": [text], "labels": [text]}],
        statements=[statement(about=text, text=text)],
    )
    assert {code for _, code in faults(body)} == {"invalid_text"}
    assert len(faults(body)) == 9


def test_texts_are_kept_in_one_normal_form():
    assert read({"source": {"title": "и\u0306"}}).source.title == "й"
