"""Odd cases that the store can hold: nothing crashes, and the unknown is null or a minimum, never a zero that somebody might believe."""

import json
from datetime import date

import pytest

from app.summaries.case_summary import case_summary
from app.summaries.facts import establish
from app.summaries.figures import catalogue
from app.summaries.programme_summary import programme_summary
from app.summaries.records import Placeholder, ProgrammeRecords, RoleReading, Source
from app.summaries.traces import case_sources
from app.taxonomy.catalogue import current
from tests.support.case_builders import (
    PAPER,
    a_case,
    a_complaint,
    a_filing,
    a_hearing,
    a_hearing_filing,
    a_note,
    a_participant,
    an_outcome,
)

NOBODY = {"participants": (), "hearings": (), "documents": (), "members": (), "defendants_stated": None}

CASES = {
    "nothing at all": a_case(**NOBODY),
    "no hearing, no observer, but a complaint": a_case(a_complaint("P1", hearing=None), hearings=(), members=()),
    "no defendants": a_case(a_hearing_filing(), a_complaint("W1"), participants=(a_participant("W1", "witness"),), defendants_stated=0),
    "a report of a cancelled hearing": a_case(a_hearing_filing(), a_complaint("P1"), hearings=(a_hearing(status="cancelled"),)),
    "a report of a hearing of another case": a_case(a_hearing_filing(hearing="elsewhere"), a_complaint("P1", hearing="elsewhere")),
    "a person of another case": a_case(a_hearing_filing(), a_complaint("Q9"), outcomes=(an_outcome("Q9"),)),
    "two reports of one hearing by one observer": a_case(
        a_hearing_filing("full", answers={"counted": [{"subject": "complaints_witnesses", "value": 1}]}),
        a_hearing_filing("none", answers={"counted": [{"subject": "complaints_witnesses", "value": 2}]}, n=1),
        a_complaint("P1"),
    ),
    "an observer who is no member any more": a_case(a_hearing_filing(by="GONE"), members=()),
    "only what a coordinator filed": a_case(a_hearing_filing(by="BOSS"), a_complaint("P1", by="BOSS", hearing=None)),
    "a reading that one person names": a_case(
        a_hearing_filing(),
        a_complaint("P1"),
        participants=(a_participant("P1", roles=(RoleReading("witness", "lonely", PAPER),)),),
    ),
    "a role that an observation gives": a_case(
        participants=(
            a_participant(
                "P1",
                roles=(
                    RoleReading("witness", "A", Source(observation="0b1c")),
                    RoleReading("victim", "B", Source(observation="0b1c", locator="x")),
                ),
            ),
        ),
    ),
    "an outcome on appeal only": a_case(
        outcomes=(
            an_outcome("P1", None, instance="appeal", result="sentence_reduced", sentences=None, term_months=None, new_term_months=6),
        )
    ),
    "a group without a number and nothing else": a_case(outcomes=(an_outcome(None, count=None),)),
    "a commuted group without a number": a_case(
        outcomes=(
            an_outcome("P1", custody_status="released"),
            an_outcome(None, None, instance="supreme", result="replaced_by_suspended", count=None),
        )
    ),
    "more outcomes than defendants": a_case(outcomes=(an_outcome("P1"), an_outcome("P2"), an_outcome("W1", "acquitted"))),
    "notes about what there is not": a_case(
        notes=(
            a_note("stated_finding", "N1", about="no.such", stated=1),
            a_note("stated_finding", "N2", about="complaints.total", cell="defendant", stated=1),
            a_note("stated_finding", "N3", about="complaints.by_role"),
            a_note("stated_finding", "N4", about="complaints.by_role", stated={"a": [1, None, 2.5]}),
            a_note("stated_finding", "N5", about="coverage.filings", cell="observer", stated=3),
            a_note("stated_finding", "N6", about=["list"], stated=3),
            a_note("identity_question", "N7"),
            a_note("identity_question", "N8", participant="Q9", between=["complaint"], confidence="uncertain"),
            a_note("identity_question", "N9", participant="P1", between="complaint", confidence="uncertain"),
            a_note("identity_question", "N10", participant=["P1"], between=[["x"]], confidence=3),
            a_note("coverage", "N11", caveat=["parallel_trials"]),
        )
    ),
    "restrictions without kinds, hearing or giver": a_case(
        a_filing("access_restriction", {"kinds": [], "change": "new"}),
        a_filing("access_restriction", {"kinds": ["laptops_banned"]}, hearing="elsewhere"),
        a_filing("access_restriction", {"kinds": ["seats_filled"], "change": "new"}, hearing=None),
    ),
    "a retraction of somebody nobody identified": a_case(
        a_filing("witness_retraction", {"participant_ref": "U1", "reasons": ["torture"], "treatments": ["pending"]}),
        participants=(a_participant("U1", "witness", is_anonymous=True, placeholder=Placeholder("group")),),
    ),
    "a filing that answers next to nothing": a_case(*(a_filing(form, {}) for form in current().forms)),
}


@pytest.mark.parametrize("records", CASES.values(), ids=CASES)
def test_any_case_has_a_summary_in_every_language_with_every_trace(records):
    for lang in ("en", "ru", "kk", "xx"):
        summary = case_summary(records, current(), lang=lang)
        assert json.loads(json.dumps(summary)) == summary
    facts = establish(records, current())
    for key in (key for key, entry in catalogue().items() if entry.stands_in("case")):
        for reading in (None, *facts.readings):
            case_sources(facts, key, reading=reading)


@pytest.mark.parametrize("records", CASES.values(), ids=CASES)
def test_any_case_stands_in_a_programme(records):
    summary = programme_summary(ProgrammeRecords("id-p", (records,)), current(), lang="en")
    assert [each["code"] for each in summary["cases"]] == ["X1"]


def test_a_programme_without_cases_has_a_summary():
    summary = programme_summary(ProgrammeRecords("id-p", ()), current(), lang="en")
    assert summary["coverage"]["hearing_coverage"] is None
    assert summary["coverage"]["statements"] == []


def figures(name):
    return {each["key"]: each for each in case_summary(CASES[name], current(), lang="en")["figures"]}


def test_of_nothing_all_is_null_or_a_minimum():
    shown = figures("nothing at all")
    unknown = [
        "defendants.stated",
        "complaints.defendants_share",
        "investigations.opened",
        "outcomes.convicted",
        "outcomes.balance",
        "outcomes.released",
        "outcomes.unattributed",
        "outcomes.verdict_on",
        "retractions.stated",
        "coverage.hearing_share",
    ]
    assert [shown[key]["value"] for key in unknown] == [None] * len(unknown)
    assert all(shown[key]["at_least"] for key in ("complaints.total", "complaints.by_form", "retractions.persons"))
    coverage = case_summary(CASES["nothing at all"], current(), lang="en")["coverage"]
    assert (coverage["hearing_coverage"], coverage["language_able_share"]) == (None, None)


def test_where_one_of_two_reports_says_that_nothing_was_understood_what_was_heard_does_not_count():
    records = CASES["two reports of one hearing by one observer"]
    summary = case_summary(records, current(), lang="en")
    assert len(summary["not_assessable"]) == 3
    assert summary["disagreements"] == []


def test_a_cancelled_hearing_is_in_neither_number():
    shown = figures("a report of a cancelled hearing")
    assert (shown["coverage.hearings_known"]["value"], shown["coverage.hearings_observed"]["value"]) == (0, 0)
    assert shown["complaints.total"] | {"trace": None, "label": None} == {
        "key": "complaints.total",
        "type": "count",
        "label": None,
        "value": 1,
        "at_least": True,
        "trace": None,
    }


def test_what_a_coordinator_filed_makes_no_observer():
    summary = case_summary(CASES["only what a coordinator filed"], current(), lang="en")
    assert summary["coverage"]["observers"] == []
    assert figures("only what a coordinator filed")["coverage.filings"]["value"] == [
        {"origin": "document", "stored": 2, "counted": 2},
        {"origin": "observer", "stored": 0, "counted": 0},
    ]


def test_a_day_has_no_place_in_the_rules_but_the_one_given():
    early = a_case(a_hearing_filing(), hearings=(a_hearing(day=date(2020, 3, 2), status="scheduled"),), today=date(2020, 3, 2))
    assert case_summary(early, current(), lang="en")["coverage"]["hearings_known"] == 0
