"""What summaries say of rights: from a case's records to ratings, caveats and the programme's table."""

from dataclasses import replace

import pytest

from app.assessment.inputs import Occasion
from app.summaries.assessing import trial_of
from app.summaries.case_summary import case_summary
from app.summaries.facts import establish
from app.summaries.programme_summary import programme_summary
from app.summaries.records import Placeholder, ProgrammeRecords
from app.taxonomy.catalogue import current
from tests.support.case_builders import a_case, a_filing, a_hearing, a_hearing_filing, a_participant, an_outcome

NOBODY = {"participants": (), "hearings": (), "documents": (), "members": (), "defendants_stated": None}
INNOCENCE, COUNSEL = "presumption_of_innocence", "counsel_of_choice"


def summary(records):
    return case_summary(records, current(), lang="en")


def right(records, code):
    return next(each for each in summary(records)["rights"] if each["right"] == code)


def caveats(records):
    return {each["caveat"]: each.get("rights", []) for each in summary(records)["caveats"]}


def observations(records):
    facts = establish(records, current())
    return list(trial_of(facts.docket, facts.attendance, facts.first).observations)


def test_of_an_empty_case_every_right_is_not_observed_with_its_reason_and_nothing_is_graded():
    shown = summary(a_case(**NOBODY))
    assert {(each["rating"], each["reason"], each["unit_coverage"]) for each in shown["rights"]} == {
        ("not_observed", "no_eligible_observation", None),
        ("not_observed", "no_eligible_observation", "0/1"),
    }
    assert shown["grade"] == {
        "value": "not_graded",
        "rule": "G1",
        "status": "computed",
        "confidence": None,
        "reason": "verdict_pending",
        "gross": [],
        "outcome_effect": False,
        "significant_harm": False,
        "rated_rights": 0,
    }
    assert {each["rating"] for each in shown["groups"]} == {"not_observed"}


def test_with_a_verdict_and_little_seen_the_reason_is_another():
    grade = summary(a_case(a_hearing_filing(), outcomes=(an_outcome("P1"),)))["grade"]
    assert (grade["value"], grade["rule"], grade["reason"]) == ("not_graded", "G1", "too_little_observed")


def test_one_observation_of_one_of_37_defendants_is_shown_against_all_of_them():
    people = tuple(a_participant(f"P{n}") for n in range(37))
    cage = a_hearing_filing(answers={"cage_or_restraints": "yes", "cage_who": ["P3"]})
    shown = right(a_case(cage, participants=people, defendants_stated=37), INNOCENCE)
    assert (shown["rating"], shown["reason"], shown["assessed_units"], shown["unit_coverage"]) == (
        "not_observed",
        "insufficient_coverage",
        1,
        "1/37",
    )
    (incident,) = shown["incidents"]
    assert (incident["unit"], incident["level"], incident["filings"], incident["deciding"]) == ("P3", "E2", [cage.id], False)


def test_nobody_means_every_identified_defendant_who_was_there():
    people = (a_participant("P1"), a_participant("P2"), a_participant("P3"), a_participant("G", placeholder=Placeholder("group")))
    report = a_hearing_filing(answers={"any_defendant_absent": "yes", "absent_who": ["P2"], "cage_or_restraints": "no"})
    said = [
        each.units for each in observations(a_case(report, participants=people)) if each.said.indicator == "presumption.cage_or_restraints"
    ]
    assert said == [("P1", "P3")]


def test_a_mark_about_nobody_is_about_nothing():
    pick = {"indicator": "counsel.no_lawyer_present", "value": "present", "participant_refs": []}
    case_wide = {"indicator": "time.undue_delay", "value": "present"}
    report = a_filing("case_fact", {"facts": [pick, case_wide]})
    nobody = replace(report, marks=(*report.marks, replace(report.marks[0], unit="participant", participant=None)))
    assert [each.units for each in observations(a_case(nobody))] == [("case",), ()]


def test_of_two_reports_by_one_observer_the_one_that_understood_less_counts():
    reports = (a_hearing_filing("full"), a_hearing_filing("partial", n=1))
    assert {each.occasion.comprehension for each in observations(a_case(*reports))} == {"partial"}


def test_an_event_without_a_report_of_the_hearing_has_no_comprehension():
    event = a_filing("access_restriction", {"kinds": ["laptops_banned"], "change": "lifted", "time_from": "10:30"})
    (said,) = observations(a_case(event))
    assert said.occasion == Occasion(event.id, "EYE", "h1", happened=("10:30", "10:30"), is_lifting=True)


def test_a_right_that_observers_contest_is_told_at_its_lowest_and_highest():
    hearing = {"judge_spoke_of_guilt": "yes", "cage_or_restraints": "no"}
    reports = (a_hearing_filing(answers=hearing), a_hearing_filing(answers={**hearing, "judge_spoke_of_guilt": "no"}, by="EAR"))
    records = a_case(*reports)
    shown = right(records, INNOCENCE)
    assert (shown["rating"], shown["rating_low"], shown["rating_high"]) == (None, "partially_respected", "respected")
    assert (shown["status"], shown["rule"], shown["contested"]) == ("contested", "contested", ["presumption.judge_prejudged@h1"])
    assert caveats(records)["contested_facts"] == []
    table = programme_summary(ProgrammeRecords("id-p", (records,)), current(), lang="en")["rights"]
    ratings = {each["right"]: each["ratings"] for each in table}
    assert (ratings[INNOCENCE], ratings[COUNSEL]) == ({"contested": ["X1"]}, {"not_observed": ["X1"]})


def test_what_one_observer_saw_alone_is_a_caveat_of_its_right():
    records = a_case(a_hearing_filing(answers={"any_without_lawyer": "yes", "without_lawyer_who": ["P1"]}))
    assert caveats(records)["single_observer"] == [COUNSEL]


SHIFTS = {
    "one was there throughout": ([("10:00", "13:00"), ("10:00", "10:30")], False),
    "two took turns": ([("10:00", "11:30"), ("11:30", "13:00")], True),
    "one alone": ([("10:00", "10:05")], False),
    "three quarters of it": ([("10:00", "13:00"), ("12:00", "14:00")], False),
}


@pytest.mark.parametrize(("spans", "is_partial"), SHIFTS.values(), ids=SHIFTS)
def test_attendance_is_partial_where_nobody_was_there_for_most_of_it(spans, is_partial):
    reports = [
        a_hearing_filing(answers={"arrived_at": came, "left_at": left}, by=by)
        for (came, left), by in zip(spans, ("EYE", "EAR"), strict=False)
    ]
    assert ("partial_attendance" in caveats(a_case(*reports))) is is_partial


def test_few_hearings_left_early_are_no_caveat():
    shifts = [("EYE", "10:00", "11:30"), ("EAR", "11:30", "13:00")]
    left = [a_hearing_filing(answers={"arrived_at": came, "left_at": gone}, by=by) for by, came, gone in shifts]
    hearings = tuple(a_hearing(f"h{n}") for n in range(1, 5))
    watched = [a_hearing_filing(hearing=each.code, answers={"arrived_at": "10:00", "left_at": "13:00"}) for each in hearings[1:]]
    assert "partial_attendance" not in caveats(a_case(*left, *watched, hearings=hearings))
    assert "partial_attendance" in caveats(a_case(*left, *watched[:2], hearings=hearings[:3]))
