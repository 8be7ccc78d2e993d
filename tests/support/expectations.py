"""Compares summaries with what a filings file expects of them; each function gives (what came out, what should)."""

import json
from typing import Any

from tests.support.reference import load_file

SHOWN_ONLY = ("label", "trace")
NEED_RATINGS = {"single_observer", "reported_only", "contested_facts", "partial_attendance"}
OF_STATISTICS = "statistics"
COVERAGE = ("hearings_known", "hearings_observed", "hearing_coverage", "observers", "language_able", "language_able_share")

Summaries = dict[str, dict[str, Any]]


def without(thing, *names):
    return {name: part for name, part in thing.items() if name not in names}


def as_set(things):
    return sorted(json.dumps(each, sort_keys=True, ensure_ascii=False) for each in things)


def figures(raw, summaries: Summaries):
    """Every expected figure, with its readings and marks of doubt."""
    given = {(name, each["key"]): without(each, *SHOWN_ONLY) for name, summary in summaries.items() for each in summary["figures"]}
    wanted = {(each["summary"], each["key"]): without(each, "summary") for each in raw["expect"]["figures"]}
    return {place: given.get(place) for place in wanted}, wanted


def lists(raw, summaries: Summaries):
    """Discrepancies, disagreements and what is not assessable: all of them and no others. Those of statistics stand elsewhere."""
    given, wanted = {}, {}
    for name, summary in summaries.items():
        for what in ("discrepancies", "disagreements", "not_assessable"):
            mine = [without(each, "summary") for each in raw["expect"][what] if each["summary"] == name]
            given[name, what] = as_set(_compared(each) for each in summary.get(what, []))
            wanted[name, what] = as_set(_compared(each) for each in mine)
    return given, wanted


def coverage(raw, summaries: Summaries):
    """The statements that must stand beside a programme's numbers."""
    return [without(each, "text") for each in summaries["programme"]["coverage"]["statements"]], raw["expect"]["coverage"]


def notes(raw, summaries: Summaries):
    """The notes, each in its summary."""
    given = {(name, each["kind"], each["key"]) for name, summary in summaries.items() for each in summary["notes"]}
    return given, {(each["summary"], each["kind"], each["key"]) for each in raw["expect"]["notes"]}


def assessments(raw, summaries: Summaries):
    """What the full assessment says of coverage, consistency and caveats."""
    given, wanted = {}, {}
    for name, assessment in _assessments(raw):
        summary = summaries[name]
        caveats = [each["caveat"] for each in assessment["caveats"] if each["caveat"] not in NEED_RATINGS]
        given[name] = (
            {each: summary["coverage"][each] for each in COVERAGE},
            summary["outcomes"]["consistency"],
            [each["caveat"] for each in summary["caveats"]],
        )
        wanted[name] = ({each: assessment["inputs"][each] for each in COVERAGE}, assessment["consistency"], caveats)
    return given, wanted


COMPARISONS = (figures, lists, coverage, notes, assessments)


def _assessments(raw):
    found = raw["expect"]["assessment"]
    named = {"T-a": load_file(found)} if isinstance(found, str) else found
    return [(f"case:{code}", assessment) for code, assessment in named.items()]


def _compared(each):
    return {**without(each, "statement"), "values": as_set(each["values"])} if "check" in each else each
