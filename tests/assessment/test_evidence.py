"""How good sources are, who is one source with whom, and who contradicts whom."""

import pytest

from app.assessment.evidence import Scale
from app.assessment.rulebook import Level, rulebook_of
from app.taxonomy.catalogue import current
from tests.support.assessments import an_observation, assessed

SCALE = Scale(rulebook_of(current()))
SEEN, HEARD_ONLY, NEEDS_DOCUMENT = "presence.defendant_absent", "presumption.judge_prejudged", "torture.absent_from_judgment"
NO_INTERPRETER, INTERPRETER = "language.no_interpreter", "language.interpreter_provided"
ABSENT_FROM, MENTIONED_IN = "torture.absent_from_judgment", "torture.mentioned_without_evaluation"


def said(indicator=SEEN, **more):
    return an_observation(indicator, "P1", **more)


def told(by="o1", **more):
    return said(by=by, **{"basis": "told_by_counsel", "informant_role": "defence_lawyer", "informant": "A", **more})


LEVELS = {
    "nobody": ([], 0),
    "one who saw": ([said()], 2),
    "two who saw": ([said(), said(by="o2")], 3),
    "one who saw twice": ([said(), said(filing="again")], 2),
    "a document": ([said(basis="document", document="J")], 3),
    "a document that two cite": ([said(basis="document", document="J", by=by) for by in ("o1", "o2")], 3),
    "a recording without a code": ([said(basis="official_recording")], 3),
    "one informant": ([told()], 1),
    "two informants of one role": ([told(), told(informant="B")], 1),
    "two informants of two roles": ([told(), told(basis="told_by_relative", informant_role="relative", informant="B")], 2),
    "one informant whom two cite": ([told(), told(by="o2")], 1),
    "the media and counsel": ([told(), said(basis="media", informant_role="journalist")], 2),
    "one who saw and hearsay": ([said(), told(by="o2"), told(by="o2", informant_role="relative")], 2),
    "one who understood in part": ([said(HEARD_ONLY, basis="heard", comprehension="partial")], 1),
    "two who understood in part": ([said(HEARD_ONLY, basis="heard", comprehension="partial", by=by) for by in ("o1", "o2")], 1),
    "one who understood nothing": ([said(HEARD_ONLY, basis="heard", comprehension="none")], 0),
    "one who understood nothing but saw": ([said(HEARD_ONLY, basis="seen", comprehension="none")], 2),
    "what needs no understanding": ([said(basis="heard", comprehension="none")], 2),
    "an interpreter's listener": ([said(HEARD_ONLY, basis="heard", comprehension="through_interpreter")], 2),
    "hearing of a judgment nobody has read": ([said(NEEDS_DOCUMENT, basis="heard"), said(NEEDS_DOCUMENT, basis="heard", by="o2")], 1),
}


@pytest.mark.parametrize(("observations", "level"), LEVELS.values(), ids=LEVELS)
def test_sources_evidence_an_incident_as_well_as_they_are_many_and_independent(observations, level):
    assert SCALE.level([SCALE.source_of(each) for each in observations]) == Level(level)


def contested(*observations):
    return {each.name for rated in assessed(*observations).rights.values() for each in rated.incidents if each.is_contested}


DENIALS = {
    "another who was there": ({"by": "o2"}, True),
    "the same observer": ({}, False),
    "at another hearing": ({"by": "o2", "at": "h2"}, False),
    "about another person": ({"by": "o2", "unit": "P2"}, False),
    "about everybody": ({"by": "o2", "unit": "P2 P1 P3"}, True),
    "hearsay": ({"by": "o2", "basis": "told_by_counsel", "informant_role": "defence_lawyer"}, False),
    "a silent document": ({"by": "o2", "basis": "document", "document": "J"}, False),
    "one who understood in part": ({"by": "o2", "basis": "heard", "comprehension": "partial"}, False),
    "one who understood nothing": ({"by": "o2", "basis": "heard", "comprehension": "none"}, False),
    "one who was unsure": ({"by": "o2", "value": "unsure"}, False),
    "one who came later": ({"by": "o2", "attended": ("12:00", "13:00")}, False),
    "one who left before": ({"by": "o2", "attended": ("09:00", "11:15")}, False),
    "one who was there then": ({"by": "o2", "attended": ("11:00", "12:00")}, True),
}


@pytest.mark.parametrize(("denial", "is_contested"), DENIALS.values(), ids=DENIALS)
def test_only_who_was_there_and_could_tell_contradicts(denial, is_contested):
    indicator = "facilities.charge_not_explained"
    units = denial.get("unit", "P1").split()
    rest = {"value": "absent", **{name: part for name, part in denial.items() if name != "unit"}}
    report = an_observation(indicator, "P1", happened=("11:00", "11:30"))
    assert bool(contested(report, an_observation(indicator, *units, **rest))) is is_contested


def test_what_has_no_time_happened_while_its_reporter_was_there():
    report = said(attended=("10:00", "11:00"))
    assert contested(report, said(by="o2", value="absent", attended=("10:30", "13:00")))
    assert not contested(report, said(by="o2", value="absent", attended=("11:30", "13:00")))


def test_opposing_indicators_contradict_each_other_where_both_are_established():
    no, yes = said(NO_INTERPRETER), said(INTERPRETER, by="o2")
    assert contested(no, yes) == {(NO_INTERPRETER, "P1"), (INTERPRETER, "P1")}
    assert not contested(no, said(INTERPRETER))
    assert not contested(no, told(by="o2", indicator=INTERPRETER))


def test_two_documents_that_say_the_opposite_contradict_each_other_whoever_filed_them():
    first, second = said(ABSENT_FROM, basis="document", document="J1"), said(MENTIONED_IN, basis="document", document="J2")
    assert contested(first, second) == {(ABSENT_FROM, "P1"), (MENTIONED_IN, "P1")}
    assert not contested(first, said(MENTIONED_IN, basis="document", document="J1"))


def test_an_incident_is_contested_only_if_every_hearing_in_which_it_was_reported_is():
    denied = [said(), said(by="o2", value="absent")]
    assert contested(*denied) == {(SEEN, "P1")}
    assert not contested(*denied, said(at="h2"))


def test_hearings_that_nobody_contests_decide_the_level():
    seen_by_two = [said(), said(by="o2"), said(by="o3", value="absent")]
    found = assessed(*seen_by_two, said(at="h2")).rights["be_present"].adverse
    assert [(each.level, each.is_contested) for each in found] == [(Level.E2, False)]
