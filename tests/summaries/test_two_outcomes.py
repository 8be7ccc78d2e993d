"""Two rows about the outcome of one person, as a merge leaves them: both are shown, and nothing is decided between them in silence."""

import pytest

from app.summaries.case_summary import case_summary
from app.summaries.facts import establish
from app.summaries.records import Source
from app.summaries.traces import case_sources
from app.taxonomy.catalogue import current
from tests.support.case_builders import PAPER, a_case, a_complaint, a_filing, a_hearing_filing, an_outcome

OTHER = Source(document="other", locator="page 2")


def summary(*rows, filings=(), lang="en"):
    return case_summary(a_case(*filings, outcomes=rows), current(), lang=lang)


def figures(shown):
    """Values with a plus where they are minimums."""
    return {each["key"].removeprefix("outcomes."): (each["value"], bool(each.get("at_least"))) for each in shown["figures"]}


def differing(shown):
    """What rows differ about: subject -> values by document."""
    found = [each for each in shown["discrepancies"] if each["subject"].startswith("outcomes.first/")]
    assert {each["check"] for each in found} <= {"statements_differ"}
    return {each["subject"].removeprefix("outcomes.first/"): {v["source"]: v["value"] for v in each["values"]} for each in found}


def two(one, other):
    """Rows about P1 from two documents; the order of their ids must not matter."""
    return [an_outcome("P1", **{"source": PAPER, "n": n, **one}) for n in (1,)] + [an_outcome("P1", **{"source": OTHER, "n": 2, **other})]


@pytest.mark.parametrize("first", [0, 1])
def test_a_conviction_and_an_acquittal_of_one_person_are_both_shown_and_neither_counts_for_sure(first):
    said = ({"verdict": "convicted", "term_months": 60}, {"verdict": "acquitted"})
    rows = [an_outcome("P1", n=n, source=(PAPER, OTHER)[side], **said[side]) for n, side in enumerate((first, 1 - first))]
    shown = summary(*rows, an_outcome("P2", "acquitted"))
    assert differing(shown) == {"P1/verdict": {"document:paper page 1": "convicted", "document:other page 2": "acquitted"}}
    told = figures(shown)
    assert told["convicted"] == told["custodial"] == (0, True)
    assert told["acquitted"] == (1, True)
    assert told["conviction_share"] == told["balance"] == (None, False)
    assert (told["longest_term_months"], told["custodial_others"]) == ((None, False), ([], True))
    assert told["unattributed"] == (0, False)


def test_rows_that_say_the_same_are_one_outcome():
    same = {"term_months": 60, "custody_status": "released"}
    shown = summary(*two(same, same))
    assert differing(shown) == {}
    told = figures(shown)
    assert told["convicted"] == told["custodial"] == told["released"] == (1, False)
    assert told["longest_term_months"] == (60, False)


def test_what_one_row_leaves_open_the_other_says():
    shown = summary(*two({"term_months": None, "sentences": ()}, {"term_months": 60, "custody_status": "in_custody"}))
    assert differing(shown) == {}
    assert (figures(shown)["held"], figures(shown)["shortest_term_months"]) == ((1, False), (60, False))


def test_rows_that_differ_in_the_term_leave_the_term_unknown_and_the_conviction_certain():
    shown = summary(*two({"term_months": 60}, {"term_months": 72}))
    assert differing(shown) == {"P1/term_months": {"document:paper page 1": 60, "document:other page 2": 72}}
    told = figures(shown)
    assert told["convicted"] == told["custodial"] == (1, False)
    assert told["longest_term_months"] == told["shortest_term_months"] == (None, False)


def test_rows_that_differ_in_the_sentence_make_its_kinds_minimums():
    shown = summary(*two({"sentences": ("imprisonment",)}, {"sentences": ("conditional",)}))
    assert list(differing(shown)) == ["P1/sentences"]
    told = figures(shown)
    assert told["custodial"] == told["conditional"] == (0, True)
    assert (told["convicted"], told["balance"]) == ((1, False), (False, False))


def test_rows_that_differ_in_custody_make_both_numbers_minimums():
    shown = summary(*two({"custody_status": "released"}, {"custody_status": "in_custody"}))
    assert list(differing(shown)) == ["P1/custody_status"]
    told = figures(shown)
    assert told["released"] == told["held"] == (0, True)
    assert told["custody_balance"] == told["released_unexplained"] == (None, False)
    assert next(each for each in shown["outcomes"]["consistency"] if each["check"] == "K7")["holds"]


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_the_difference_is_told_in_words(lang):
    shown = summary(*two({"verdict": "convicted"}, {"verdict": "acquitted"}), lang=lang)
    (sentence,) = (each["statement"] for each in shown["discrepancies"] if each["check"] == "statements_differ")
    assert "P1" in sentence
    assert not {"first", "verdict/", "convicted", "acquitted", "page"} & set(sentence.lower().split()) or lang == "en"
    if lang == "en":
        assert sentence == "Sources differ: First instance, P1, verdict. document other: Acquitted; document paper: Convicted."


def test_everything_that_differs_stands_behind_the_figure():
    rows = two({"verdict": "convicted"}, {"verdict": "acquitted"})
    facts = establish(a_case(outcomes=rows), current())
    assert case_sources(facts, "outcomes.convicted")["outcomes"] == sorted(each.id for each in rows)


def test_a_report_stands_beside_both_rows_and_none_of_them_decides():
    answers = {"participant_ref": "P1", "instance": "first", "verdict": "convicted", "basis": "heard"}
    report = a_filing("outcome", answers)
    shown = summary(*two({"verdict": "convicted"}, {"verdict": "acquitted"}), filings=(a_hearing_filing(), report))
    (found,) = (each for each in shown["disagreements"] if each["what"] == "outcome.verdict")
    assert found["values"] == [{"value": "acquitted", "observers": []}, {"value": "convicted", "observers": ["EYE"]}]
    (alone,) = summary(an_outcome("P1", "acquitted"), filings=(a_hearing_filing(), report))["disagreements"]
    assert alone["values"][0] == {"value": "acquitted", "observers": [], "decides": True}


def test_a_grade_that_depends_on_which_row_is_right_is_a_range():
    """What was got by torture and used against somebody makes the worst grade where that person was convicted, and no such grade else."""
    used = [{"indicator": "evidence.torture_tainted_statement_admitted", "value": "present", "participant_refs": ["P1"]}]
    fact = a_filing("case_fact", {"facts": used, "basis": "document", "document_ref": "paper"}, by="BOSS", hearing=None)
    convicted, acquitted = {"verdict": "convicted"}, {"verdict": "acquitted"}
    grades = [summary(*rows, filings=(fact,))["grade"] for rows in (two(convicted, convicted), two(convicted, acquitted))]
    assert [(each["value"], each.get("range")) for each in grades] == [("F", None), (None, ["C", "F"])]


def test_changes_of_a_term_by_two_rows_are_both_listed():
    reduced = {"verdict": None, "instance": "appeal", "result": "sentence_reduced", "sentences": None, "term_months": 60}
    rows = two({**reduced, "new_term_months": 48}, {**reduced, "new_term_months": 36})
    changes = summary(*rows)["outcomes"]["changes"]
    assert [each["to_months"] for each in changes] == [48, 36]
    assert len(summary(rows[0], an_outcome("P1", **{**reduced, "n": 3, "new_term_months": 48}))["outcomes"]["changes"]) == 1


def test_an_imprisoned_complainant_by_one_row_only_makes_the_list_a_minimum():
    rows = two({"verdict": "convicted"}, {"verdict": "acquitted"})
    told = figures(summary(*rows, filings=(a_hearing_filing(), a_complaint("P1"))))
    assert told["custodial_complainants"] == ([], True)
    assert told["custodial_others"] == ([], False)
