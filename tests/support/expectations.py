"""Compares summaries with what a filings file expects of them; each function gives (what came out, what should)."""

import json
from typing import Any

from tests.support.reference import load_file

SHOWN_ONLY = ("label", "trace")
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
            given[name, what] = as_set(compared(each) for each in summary.get(what, []))
            wanted[name, what] = as_set(compared(each) for each in mine)
    return given, wanted


def coverage(raw, summaries: Summaries):
    """The statements that must stand beside a programme's numbers."""
    return [without(each, "text") for each in summaries["programme"]["coverage"]["statements"]], raw["expect"]["coverage"]


def notes(raw, summaries: Summaries):
    """The notes, each in its summary."""
    given = {(name, each["kind"], each["key"]) for name, summary in summaries.items() for each in summary["notes"]}
    return given, {(each["summary"], each["kind"], each["key"]) for each in raw["expect"]["notes"]}


def assessments(raw, summaries: Summaries):
    """The full assessment: coverage, every right with all that stands behind it, groups, grade, consistency and caveats."""
    given, wanted = {}, {}
    for name, assessment in _assessments(raw):
        summary = summaries[name]
        given[name] = {
            "coverage": {each: summary["coverage"][each] for each in COVERAGE},
            "consistency": summary["outcomes"]["consistency"],
            "caveats": summary["caveats"],
            "groups": [without(each, "label", "stated_findings") for each in summary["groups"]],
            "grade": without(summary["grade"], "reason", "range"),
            "rights": [_right(without(each, "label")) for each in summary["rights"]],
        }
        wanted[name] = {
            "coverage": {each: assessment["inputs"][each] for each in COVERAGE},
            **{each: assessment[each] for each in ("consistency", "caveats", "groups", "grade")},
            "rights": [_right(each) for each in assessment["rights"]],
        }
    return given, wanted


def _right(rated):
    """A right as rated; incidents and the filings behind them compare as sets."""
    return {name: as_set(map(_incident, part)) if isinstance(part, list) else part for name, part in rated.items()}


def _incident(incident):
    return incident if isinstance(incident, str) else {**incident, "filings": sorted(incident["filings"])}


COMPARISONS = (figures, lists, coverage, notes, assessments)


def _assessments(raw):
    found = raw["expect"]["assessment"]
    named = {"T-a": load_file(found)} if isinstance(found, str) else found
    return [(f"case:{code}", assessment) for code, assessment in named.items()]


def compared(each):
    return {**without(each, "statement"), "values": as_set(each["values"])} if "check" in each else each
