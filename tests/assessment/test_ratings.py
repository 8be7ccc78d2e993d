"""What a trial is rated where little is known, much is contested, or hardly anybody understood."""

import pytest

from app.assessment.inputs import Verdict
from app.assessment.ratings import INSUFFICIENT_COVERAGE, NO_ELIGIBLE_OBSERVATION
from tests.support.assessments import CONVICTION, an_observation, assessed

pytestmark = pytest.mark.one_server

PREJUDGED, BIASED, NO_LAWYER, CAGE = (
    "presumption.judge_prejudged",
    "judge.shows_bias",
    "counsel.no_lawyer_present",
    "presumption.cage_or_restraints",
)
ADEQUATE, CRAMPED = "publicity.adequate_courtroom_provided", "publicity.courtroom_inadequate"
REFUSED, RAISED, LOOKED_INTO = "torture.investigation_refused", "torture.complaint_raised", "torture.independent_investigation_opened"
TRACE = "torture_complaint_investigation"
NOTHING = {"hearings": 0, "observed": 0, "defendants": 0, "observers": 0, "language_able": 0}


def told(right):
    return (right.rating, right.rule, right.confidence, right.reason)


def on(hearings, indicator, *units, **more):
    return [an_observation(indicator, *(units or (hearing,)), at=hearing, **more) for hearing in hearings.split()]


def test_of_nothing_every_right_is_not_observed_and_there_is_no_grade():
    found = assessed(**NOTHING)
    assert {told(each) for each in found.rights.values()} == {("not_observed", "NO1", "low", NO_ELIGIBLE_OBSERVATION)}
    assert set(found.groups.values()) == {"not_observed"}
    assert (found.grade.value, found.grade.reason, found.grade.confidence) == ("not_graded", "verdict_pending", None)
    assert found.caveats == {}


def test_without_hearings_what_documents_show_is_rated_and_nothing_is_respected():
    paper = {"basis": "document", "document": "J", "at": None}
    found = assessed(an_observation(REFUSED, "P1", **paper), an_observation(LOOKED_INTO, "P2", **paper), **{**NOTHING, "defendants": 2})
    assert told(found.rights[TRACE]) == ("not_respected", "NR1", "high", None)
    quiet = assessed(an_observation(LOOKED_INTO, "P1", **paper), **{**NOTHING, "defendants": 1})
    assert told(quiet.rights[TRACE]) == ("not_observed", "NO1", "low", INSUFFICIENT_COVERAGE)


def test_where_nobody_understood_what_was_said_is_no_evidence_and_makes_nothing_assessed():
    heard = [*on("h1 h2 h3", PREJUDGED, basis="heard", comprehension="none"), *on("h1", BIASED, basis="heard", comprehension="partial")]
    found = assessed(*heard, language_able=0)
    assert told(found.rights["presumption_of_innocence"]) == ("not_observed", "NO1", "low", NO_ELIGIBLE_OBSERVATION)
    tribunal = found.rights["independent_impartial_tribunal"]
    assert (tribunal.rating, [each.level.name for each in tribunal.adverse]) == ("not_observed", ["E1"])


def test_what_hangs_on_contested_facts_alone_is_contested_between_two_ratings():
    found = assessed(
        *on("h1", CRAMPED), *on("h1 h2 h3", CRAMPED, by="o2", value="absent"), *on("h2", CRAMPED), *on("h1 h2", ADEQUATE, by="o2")
    )
    right = found.rights["public_hearing"]
    assert (right.rating, right.status, right.rule, right.confidence) == ("respected", "firm", "RE1", "high")
    assert all(each.is_contested for each in right.adverse)
    grave = assessed(*on("h1", PREJUDGED), *on("h1 h2 h3", PREJUDGED, by="o2", value="absent"))
    right = grave.rights["presumption_of_innocence"]
    assert (right.rating, right.status, right.rule, right.confidence) == (None, "contested", "contested", "low")
    assert (right.low.rule.rating, right.high.rule.rating) == ("partially_respected", "respected")
    assert grave.caveats == {"single_observer": ("presumption_of_innocence",), "contested_facts": ()}


def test_one_observation_about_one_of_many_defendants_decides_nothing_good():
    seen = an_observation(CAGE, "P1", value="absent")
    found = assessed(seen, defendants=37).rights["presumption_of_innocence"]
    assert told(found) == ("not_observed", "NO1", "low", INSUFFICIENT_COVERAGE)
    assert (found.ground.covered, found.ground.total) == (1, 37)
    bad = assessed(an_observation(NO_LAWYER, "P1"), defendants=37).rights["counsel_of_choice"]
    assert told(bad) == ("partially_respected", "PR1", "low", None)


def test_a_pattern_shows_in_three_units_and_in_half_of_those_assessed():
    cramped = {"right": "equality_of_arms", "indicator": "equality.unequal_opportunities"}
    three = on("h1 h2 h3", cramped["indicator"])
    assert assessed(*three, hearings=6, observed=6).rights[cramped["right"]].rule == "NR5"
    diluted = [*three, *on("h4 h5 h6 h7", cramped["indicator"], value="absent")]
    assert assessed(*diluted, hearings=8, observed=8).rights[cramped["right"]].rule == "PR3"


@pytest.mark.parametrize(
    ("observed", "assessed_at", "rating"),
    [(4, "h1 h2 h3", "respected"), (4, "h1 h2", "not_observed"), (2, "h1 h2 h3", "respected"), (1, "h1 h2 h3", "not_observed")],
)
def test_a_right_is_respected_only_where_enough_was_seen(observed, assessed_at, rating):
    assert assessed(*on(assessed_at, CRAMPED, value="absent"), observed=observed).rights["public_hearing"].rating == rating


def test_fewer_units_are_enough_where_there_are_no_more():
    assert assessed(*on("h1 h2", CRAMPED, value="absent"), hearings=2, observed=2).rights["public_hearing"].rating == "respected"


def test_who_understood_little_lowers_the_confidence_in_what_was_heard():
    heard = [*on("h1", PREJUDGED, basis="heard"), *on("h1", PREJUDGED, by="o2", basis="heard")]
    assert assessed(*heard).rights["presumption_of_innocence"].confidence == "high"
    assert assessed(*heard, observers=9, language_able=2).rights["presumption_of_innocence"].confidence == "low"
    assert assessed(*heard, observers=0, language_able=0).rights["presumption_of_innocence"].confidence == "high"


ACCESS = ("access.media_all_banned", "access.relatives_excluded", "access.observer_entry_denied")


def test_access_narrowed_step_by_step_is_derived_from_restrictions_first_seen_on_different_days():
    step_by_step = [an_observation(code, f"h{n}", at=f"h{n}") for n, code in enumerate(ACCESS, 1)]
    assert "access.progressive_restriction" in derived(assessed(*step_by_step))
    all_at_once = [each for code in ACCESS for each in on("h1 h2 h3", code)]
    assert derived(assessed(*all_at_once)) == set()
    one_lifted = [*step_by_step, an_observation(ACCESS[0], "h4", at="h4", is_lifting=True)]
    assert derived(assessed(*one_lifted)) == set()


def test_wholesale_dismissal_is_derived_from_most_of_five_complaints():
    heard = [an_observation(RAISED, f"P{n}", basis="heard") for n in range(5)]
    refused = [an_observation(REFUSED, f"P{n}", basis="document", document="R", at=None) for n in range(4)]
    found = assessed(*heard, *refused, defendants=5)
    assert "torture.blanket_dismissal" in derived(found)
    assert derived(assessed(*heard, *refused[:3], defendants=5)) == set()
    assert derived(assessed(*heard[:4], *refused, defendants=5)) == set()
    looked_into = an_observation(LOOKED_INTO, "P0", basis="document", document="X", at="h2")
    assert derived(assessed(*heard, *refused, looked_into, defendants=5)) == set()
    (incident,) = [each for each in found.rights[TRACE].adverse if each.indicator.derived]
    assert set(incident.filings) == {each.occasion.filing for each in (*heard, *refused)}


def derived(found):
    return {each.indicator.code for right in found.rights.values() for each in right.incidents if each.indicator.derived}


def test_a_grave_documented_wrong_to_somebody_convicted_makes_the_worst_grade_however_little_else_was_seen():
    used = an_observation("evidence.torture_tainted_statement_admitted", "P1", basis="document", document="J", at=None)
    found = assessed(used, verdict=CONVICTION).grade
    assert (found.value, found.rule, found.confidence, found.gross) == ("F", "G2", "high", ("exclusion_torture_evidence",))
    elsewhere = used._replace(units=("P2",))
    assert assessed(elsewhere, verdict=CONVICTION).grade.value == "C"
    assert assessed(used).grade.reason == "verdict_pending"


def test_a_grade_that_hangs_on_contested_facts_is_a_range():
    rights = "public_hearing equality_of_arms examine_witnesses non_discrimination independent_impartial_tribunal presumption_of_innocence"
    codes = (
        CRAMPED,
        "equality.unequal_opportunities",
        "witness.questions_blocked",
        "discrimination.remarks_or_treatment",
        BIASED,
        PREJUDGED,
    )
    fine = [each for code in codes for each in on("h1 h2 h3", code, by="o2", value="absent")]
    people = [an_observation(code, "P1", "P2", by="o2", value="absent") for code in (NO_LAWYER, "presence.defendant_absent")]
    clear = assessed(*fine, *people, verdict=CONVICTION)
    assert {clear.rights[right].rating for right in rights.split()} == {"respected"}
    assert (clear.grade.value, clear.grade.rated_rights) == ("A", 8)
    doubtful = assessed(*fine, *people, *on("h1", PREJUDGED), verdict=CONVICTION).grade
    assert (doubtful.value, doubtful.span, doubtful.confidence) == (None, ("B", "A"), "low")


def test_a_grade_that_hangs_on_a_contested_conviction_is_a_range():
    used = an_observation("evidence.torture_tainted_statement_admitted", "P1", basis="document", document="J", at=None)
    found = assessed(used, verdict=Verdict(is_delivered=True), verdict_at_worst=CONVICTION).grade
    assert (found.value, found.span, found.rule, found.circumstances.outcome_effect) == (None, ("F", "C"), "G2", True)
    certain = assessed(used, verdict=CONVICTION, verdict_at_worst=CONVICTION).grade
    assert (certain.value, certain.span) == ("F", ("F", "F"))


def test_hearsay_that_decides_is_named_as_such():
    informants = [("told_by_counsel", "defence_lawyer"), ("told_by_relative", "relative")]
    reports = [
        an_observation("detention.late_judicial_control", "P1", at=None, basis=basis, informant_role=role) for basis, role in informants
    ]
    found = assessed(*reports)
    assert told(found.rights["liberty"]) == ("partially_respected", "PR1", "low", None)
    assert found.caveats == {"single_observer": ("liberty",), "reported_only": ("liberty",)}


def test_what_the_taxonomy_does_not_know_counts_nowhere():
    found = assessed(an_observation("no.such_indicator", "P1"), an_observation(NO_LAWYER, "P1", value="unsure"), an_observation(NO_LAWYER))
    assert {each.rating for each in found.rights.values()} == {"not_observed"}
