"""The rules of figures.json one by one, each on the smallest case that shows it."""

from dataclasses import replace
from datetime import date

import pytest

from app.summaries.case_summary import case_summary
from app.summaries.records import Placeholder, RoleReading, Source
from app.taxonomy.catalogue import current
from tests.support.case_builders import (
    a_case,
    a_complaint,
    a_filing,
    a_hearing,
    a_hearing_filing,
    a_note,
    a_participant,
    an_outcome,
)


def summary(records, lang="en"):
    return case_summary(records, current(), lang=lang)


def figures(records):
    return {each["key"]: each for each in summary(records)["figures"]}


def value(records, key):
    return figures(records)[key]["value"]


@pytest.mark.parametrize(
    ("status", "day", "is_known"),
    [
        ("held", date(2020, 7, 1), True),
        ("scheduled", date(2020, 5, 31), True),
        ("scheduled", date(2020, 6, 1), False),
        ("scheduled", date(2020, 6, 2), False),
        ("cancelled", date(2020, 5, 31), False),
        ("postponed", date(2020, 5, 31), False),
    ],
)
def test_a_hearing_is_known_when_held_or_scheduled_for_a_day_that_is_past(status, day, is_known):
    records = a_case(a_hearing_filing(), hearings=(a_hearing(day=day, status=status),))
    assert value(records, "coverage.hearings_known") == int(is_known)
    assert value(records, "coverage.hearings_observed") == int(is_known)


def test_one_complainant_is_one_complaint_whatever_the_number_of_filings():
    records = a_case(a_hearing_filing(), *(a_complaint("P1", by=by, n=n) for by in ("EYE", "EAR") for n in range(2)))
    assert figures(records)["complaints.total"]["value"] == 1
    assert "at_least" not in figures(records)["complaints.total"]


@pytest.mark.parametrize(
    ("forms", "form"),
    [
        (["oral", "written"], "written"),
        (["oral", "through_counsel"], "through_counsel"),
        (["written", "both"], "both"),
        (["unknown"], "unknown"),
    ],
)
def test_a_complaint_counts_under_the_strongest_form_that_somebody_gives(forms, form):
    records = a_case(a_hearing_filing(), *(a_complaint("P1", each) for each in forms))
    assert value(records, "complaints.by_form") == [{"form": form, "n": 1}]


def test_what_a_deaf_observer_heard_is_listed_and_gives_no_form_but_the_complaint_counts():
    records = a_case(a_hearing_filing("none"), a_complaint("P1"))
    assert value(records, "complaints.by_form") == [{"form": "unknown", "n": 1}]
    assert summary(records)["not_assessable"] == [
        {"hearing": "h1", "kind": "answer", "what": "torture_complaint.form", "unit": "P1", "observer": "EYE", "value": "written"}
    ]
    assert value(records, "complaints.total") == 1
    assert value(records, "coverage.hearings_not_understood") == ["h1"]


def test_without_a_hearing_filing_of_the_same_observer_an_answer_is_assessable():
    records = a_case(a_hearing_filing("none", by="EAR"), a_complaint("P1"))
    assert value(records, "complaints.by_form") == [{"form": "written", "n": 1}]


def traced(person, answer, basis="document", **more):
    return a_filing("complaint_trace", {"participant_refs": [person], "basis": basis, **answer}, hearing=None, **more)


def test_a_document_goes_before_a_report_and_two_that_differ_leave_it_contested():
    report = traced("P1", {"complaint_in_judgment": "examined"}, basis="told_by_counsel")
    absent = traced("P1", {"complaint_in_judgment": "absent"})
    mentioned = traced("P1", {"complaint_in_judgment": "mentioned_only"})
    for filings, expected in [((report,), "examined"), ((report, absent), "absent"), ((absent, mentioned), "contested")]:
        records = a_case(a_hearing_filing(), a_complaint("P1"), *filings)
        assert value(records, "complaints.by_judgment_treatment") == [{"treatment": expected, "n": 1}]


def test_every_complainant_stands_once_at_each_stage_and_contested_only_where_it_is():
    yes, no = (traced("P1", {"trace_investigated": each}) for each in ("yes", "no"))
    absent = traced("P2", {"complaint_in_judgment": "absent", "trace_in_hearing_record": "not_yet"})
    shown = summary(a_case(a_hearing_filing(), a_complaint("P1"), a_complaint("P2"), yes, no, absent))["complaints"]
    funnel = {each["stage"]: each for each in shown["funnel"]}
    assert list(funnel) == ["raised", "in_hearing_record", "in_case_file", "mentioned_in_judgment", "evaluated", "investigated"]
    assert funnel["raised"] == {"stage": "raised", "yes": 2, "no": 0, "unknown": 0}
    assert funnel["in_hearing_record"] == {"stage": "in_hearing_record", "yes": 0, "no": 0, "unknown": 2}
    assert funnel["mentioned_in_judgment"] == {"stage": "mentioned_in_judgment", "yes": 0, "no": 1, "unknown": 1}
    assert funnel["investigated"] == {"stage": "investigated", "yes": 0, "no": 0, "unknown": 1, "contested": 1}
    ledger = {each["participant"]: each["stages"] for each in shown["ledger"]}
    assert (ledger["P1"]["investigated"], ledger["P2"]["evaluated"]) == ("contested", "no")


@pytest.mark.parametrize(
    ("treatment", "mentioned", "evaluated"),
    [
        ("absent", "no", "no"),
        ("mentioned_only", "yes", "no"),
        ("dismissed_as_avoidance", "yes", "no"),
        ("dismissed_other", "yes", "yes"),
        ("examined", "yes", "yes"),
        ("text_not_obtained", "unknown", "unknown"),
        ("no_complaint", "unknown", "unknown"),
    ],
)
def test_what_the_judgment_did_answers_two_stages(treatment, mentioned, evaluated):
    shown = summary(a_case(a_hearing_filing(), a_complaint("P1"), traced("P1", {"complaint_in_judgment": treatment})))
    stages = shown["complaints"]["ledger"][0]["stages"]
    assert (stages["mentioned_in_judgment"], stages["evaluated"]) == (mentioned, evaluated)


def test_a_placeholder_complains_once_is_marked_and_makes_numbers_minimums_but_is_no_person():
    group = a_participant("U1", placeholder=Placeholder("group", 9))
    records = a_case(a_hearing_filing(), a_complaint("U1"), participants=(a_participant("P1"), group))
    shown = figures(records)
    assert (shown["complaints.total"]["value"], shown["complaints.total"]["at_least"]) == (1, True)
    assert shown["participants.total"]["value"] == 1
    assert shown["complaints.identified"]["value"] == 0
    assert summary(records)["complaints"]["ledger"][0]["placeholder"] is True


def test_all_participants_of_a_reading_switch_together_and_the_others_keep_their_role():
    def contested(code, own, other):
        place = Source("paper", locator="list")
        return a_participant(code, own, roles=(RoleReading(own, "A", place), RoleReading(other, "B", place)))

    people = (contested("P1", "defendant", "witness"), contested("W1", "witness", "defendant"), a_participant("P2"))
    shown = figures(a_case(a_hearing_filing(), a_complaint("P1"), a_complaint("P2"), participants=people))
    assert "readings" not in shown["participants.by_role"]
    assert shown["complaints.by_role"]["value"] == [{"role": "defendant", "n": 2}]
    assert shown["complaints.by_role"]["readings"] == [
        {"reading": "A", "value": [{"role": "defendant", "n": 2}]},
        {"reading": "B", "value": [{"role": "defendant", "n": 1}, {"role": "witness", "n": 1}]},
    ]
    assert "readings" not in shown["complaints.total"]


def report(person, verdict="convicted", by="EYE", **more):
    answers = {
        "participant_ref": person,
        "instance": "first",
        "verdict": verdict,
        "basis": "heard",
        "complaint_in_judgment": "no_complaint",
    }
    return a_filing("outcome", {**answers, **more}, by=by)


def test_a_row_decides_and_the_report_stands_beside_it():
    records = a_case(report("P1", "acquitted"), outcomes=(an_outcome("P1"),))
    assert (value(records, "outcomes.convicted"), value(records, "outcomes.acquitted")) == (1, 0)
    assert {each["what"]: each["values"] for each in summary(records)["disagreements"]} == {
        "outcome.verdict": [
            {"value": "acquitted", "observers": ["EYE"]},
            {"value": "convicted", "observers": [], "decides": True},
        ],
        "outcome.sentences": [
            {"value": ["imprisonment"], "observers": [], "decides": True},
            {"value": [], "observers": ["EYE"]},
        ],
    }


def test_reports_fill_in_where_all_agree_and_there_is_neither_row_nor_group():
    agreed = a_case(report("P1"), report("P1", by="EAR"))
    differing = a_case(report("P1"), report("P1", "acquitted", by="EAR"))
    with_group = a_case(report("P1"), outcomes=(an_outcome(None, "acquitted", count=1),))
    assert [value(each, "outcomes.convicted") for each in (agreed, differing, with_group)] == [1, None, 0]


def test_a_group_without_a_number_makes_totals_minimums_and_shares_unknown():
    records = a_case(outcomes=(an_outcome("P1"), an_outcome(None, "acquitted", count=None)))
    shown = figures(records)
    assert (shown["outcomes.convicted"]["value"], shown["outcomes.convicted"]["at_least"]) == (1, True)
    assert shown["outcomes.conviction_share"]["value"] is None
    assert shown["outcomes.balance"]["value"] is None


def test_a_second_row_about_the_same_person_counts_nobody_twice():
    records = a_case(outcomes=(an_outcome("P1"), an_outcome("P1", n=1)))
    assert value(records, "outcomes.convicted") == 1
    assert value(records, "outcomes.unattributed") == 1


def nobody_lacked_a_lawyer(**more):
    return a_hearing_filing(answers={"any_without_lawyer": "no", **more}, by="EAR")


def test_no_to_a_question_about_everybody_is_said_of_every_defendant_who_was_there():
    lacking = a_hearing_filing(answers={"any_without_lawyer": "yes", "without_lawyer_who": ["P1", "P2"]})
    unit = {each["unit"] for each in summary(a_case(lacking, nobody_lacked_a_lawyer()))["disagreements"]}
    absent = nobody_lacked_a_lawyer(any_defendant_absent="yes", absent_who=["P2"])
    without = {each["unit"] for each in summary(a_case(lacking, absent))["disagreements"] if each["what"] == "counsel.no_lawyer_present"}
    assert (unit, without) == ({"P1", "P2"}, {"P1"})


def test_a_placeholder_and_a_witness_are_not_meant_by_everybody():
    people = (a_participant("P1"), a_participant("U1", placeholder=Placeholder("person", 1)), a_participant("W1", "witness"))
    lacking = a_hearing_filing(answers={"any_without_lawyer": "yes", "without_lawyer_who": ["P1", "U1", "W1"]})
    shown = summary(a_case(lacking, nobody_lacked_a_lawyer(), participants=people))
    assert {each["unit"] for each in shown["disagreements"]} == {"P1"}


def test_restrictions_with_the_same_kinds_are_one_and_stand_in_their_order():
    def ban(kinds, change, hearing, **more):
        return a_filing("access_restriction", {"kinds": kinds, "change": change, "ordered_by": "police"}, hearing=hearing, **more)

    hearings = (a_hearing(), a_hearing("h2", day=date(2020, 3, 9)))
    records = a_case(
        ban(["laptops_banned", "phones_banned"], "extended", "h1"),
        ban(["phones_banned", "laptops_banned"], "unchanged", "h2"),
        ban(["note_taking_banned"], "new", "h2"),
        ban(["all_media_banned"], "new", "h1", minute=5),
        ban(["seats_filled"], "unknown", "h1"),
        hearings=hearings,
    )
    shown = [(each["order"], each["kinds"], each["first_hearing"], len(each["observations"])) for each in summary(records)["restrictions"]]
    assert shown == [
        (1, ["all_media_banned"], "h1", 1),
        (2, ["laptops_banned", "phones_banned"], "h1", 2),
        (3, ["note_taking_banned"], "h2", 1),
        (None, ["seats_filled"], "h1", 1),
    ]


def test_a_zero_leads_to_what_was_looked_at_and_the_unknown_to_nothing():
    shown = figures(a_case(outcomes=(an_outcome("P1"),)))
    assert (shown["outcomes.acquitted"]["value"], shown["outcomes.acquitted"]["trace"]["count"]) == (0, 2)
    assert (shown["complaints.total"]["value"], shown["complaints.total"]["trace"]["count"]) == (0, 1)
    assert (shown["outcomes.released"]["value"], shown["outcomes.released"]["trace"]["count"]) == (None, 0)


def test_a_stated_number_is_marked_as_stated_and_differing_ones_give_none():
    def told(*numbers):
        return a_case(notes=tuple(a_note("stated_finding", f"N{n}", about="retractions.persons", stated=n) for n in numbers))

    assert figures(told(2))["retractions.stated"]["stated"] is True
    assert value(told(2), "retractions.stated") == 2
    assert value(told(2, 3), "retractions.stated") is None
    assert "stated" not in figures(told(2, 3))["retractions.stated"]


def test_notes_show_codes_and_numbers_and_never_a_sentence():
    note = a_note(
        "discrepancy",
        seen=3,
        share="83.3",
        said="A sentence that somebody typed",
        who=["P1", "Somebody Else"],
        deep={"participant": "W1", "text": "typed text here"},
        flag=True,
        nothing=None,
        **{"A typed name": 1},
    )
    assert summary(a_case(notes=(note,)))["notes"] == [
        {
            "kind": "discrepancy",
            "key": "N1",
            "values": {"deep": {"participant": "W1"}, "flag": True, "nothing": None, "seen": 3, "share": "83.3", "who": ["P1"]},
        }
    ]


def test_a_source_that_states_a_sentence_of_a_figure_is_compared_with_nothing():
    notes = (
        a_note("stated_finding", "N1", about="participants.total", stated="about a hundred"),
        a_note("stated_finding", "N2", about="participants.by_role", cell="Some Name", stated=7),
        a_note("stated_finding", "N3", about="Some Name", stated=7),
    )
    assert summary(a_case(notes=notes))["discrepancies"] == []


def test_a_caveat_that_a_coordinator_sets_stands_for_the_case_and_only_if_it_is_one():
    notes = (a_note("coverage", "N1", caveat="parallel_trials"), a_note("coverage", "N2", caveat="Some Name"))
    caveats = [each["caveat"] for each in summary(a_case(a_hearing_filing(), programme_notes=notes, defendants_stated=0))["caveats"]]
    assert caveats == ["parallel_trials", "figures_do_not_add_up"]


def test_no_later_stage_may_be_answered_yes_while_the_complaint_is_said_not_to_be_raised():
    def k6(**answers):
        shown = summary(a_case(a_hearing_filing(), a_complaint("P1", answers={"trace_raised": "no", **answers})))
        return next(each for each in shown["outcomes"]["consistency"] if each["check"] == "K6")

    assert k6() == {"check": "K6", "holds": True, "left": 0, "right": 0}
    assert k6(trace_in_case_file="yes") == {"check": "K6", "holds": False, "left": 1, "right": 0}


def test_sources_own_verdicts_stand_beside_the_group_they_are_about():
    notes = (
        a_note("stated_finding", "N1", status="stated_violation"),
        a_note("stated_finding", "N2", status="A typed verdict"),
    )
    placed = tuple(replace(each, target_kind="right", target="public_hearing") for each in notes)
    groups = {each["group"]: each["stated_findings"] for each in summary(a_case(notes=placed))["groups"]}
    assert groups["publicity"] == [
        {"note": "N1", "target": "public_hearing", "status": "stated_violation"},
        {"note": "N2", "target": "public_hearing", "status": None},
    ]
    assert groups["defence"] == []
