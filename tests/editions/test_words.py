"""What two frozen summaries differ in is told, whatever it is; and numbers have the forms that their languages ask for."""

import copy
import json
from pathlib import Path

import pytest

from app.editions.complaints_changed import complaints_changed
from app.editions.difference import difference
from app.editions.differences_changed import disagreements_changed, discrepancies_changed
from app.editions.figures_changed import figures_changed
from app.editions.rights_changed import grade_changed, rights_changed
from app.editions.schemas import A_HEAD, DifferenceShown, EditionHead, EditionShown
from app.editions.words import Words
from app.summaries.digest import digest_of
from app.summaries.examples import A_CASE
from app.taxonomy.catalogue import current


def an_edition(summary=None, observations=()):
    return {"edition": A_HEAD, "observations": list(observations), "summary": copy.deepcopy(A_CASE) if summary is None else summary}


def words(lang="en"):
    return Words(current(), lang)


def sentences(earlier, later, lang="en", roots=None):
    return difference(an_edition(earlier), an_edition(later), roots=roots or {}, lang=lang)["sentences"]


CLOSED = {("provisional",), ("grade", "status")}
"""Where nothing else can stand than what the tests below put there."""


def places(value, *steps):
    """Every place in a summary where a single value stands."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in inner:
        yield from places(part, *steps, step)
    if not isinstance(value, dict | list):
        yield steps


def with_another_value(summary, steps):
    """The summary with something else at one place."""
    later = copy.deepcopy(summary)
    *way, last = steps
    at = later
    for step in way:
        at = at[step]
    value = at[last]
    at[last] = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else f"{value}x"
    return later


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_whatever_makes_two_digests_differ_is_told(lang):
    tried = 0
    for steps in places(A_CASE):
        later = with_another_value(A_CASE, steps)
        if steps not in CLOSED and digest_of(later) != digest_of(A_CASE):
            tried += 1
            assert sentences(A_CASE, later, lang), steps
    assert tried > 100


@pytest.mark.parametrize("part", [part for part, value in A_CASE.items() if isinstance(value, list)])
def test_whatever_is_gone_is_told(part):
    for kept in range(len(A_CASE[part])):
        if part not in ("rights", "groups"):  # Those are of the taxonomy, and stay.
            assert sentences(A_CASE, {**A_CASE, part: A_CASE[part][:kept]}), part
            assert sentences({**A_CASE, part: A_CASE[part][:kept]}, A_CASE), part


def test_two_equal_summaries_do_not_differ():
    assert sentences(A_CASE, copy.deepcopy(A_CASE)) == []


def test_labels_and_sentences_alone_make_no_difference():
    later = copy.deepcopy(A_CASE)
    for part in ("figures", "rights", "groups"):
        for each in later[part]:
            each["label"] = "Renamed"
    later["coverage"]["statements"][0]["text"] = "Said in other words."
    assert sentences(A_CASE, later) == []


COUNTED = json.loads(Path(__file__).with_name("counted.json").read_bytes())


@pytest.mark.parametrize(("lang", "n"), [(lang, int(n)) for lang, told in COUNTED.items() for n in told])
def test_numbers_take_the_forms_of_their_language(lang, n):
    assert words(lang).counted("complaint_added", n, who="D01") == COUNTED[lang][str(n)]


def a_figure(value, kind="count", **more):
    return {"key": "complaints.total", "type": kind, "label": "Complaints", "value": value, **more}


FIGURES = [
    (a_figure(1), a_figure(3), "Complaints: 3 instead of 1 (+2)."),
    (a_figure(3), a_figure(1), "Complaints: 1 instead of 3 (\N{MINUS SIGN}2)."),
    (a_figure(None), a_figure(0), "Complaints: 0 instead of not known."),
    (a_figure(3, at_least=True), a_figure(3), "Complaints: 3 instead of at least 3."),
    (a_figure(value=False), a_figure(value=True), "Complaints: yes instead of no."),
    (
        a_figure({"part": 1, "whole": 2, "percent": "50.0"}),
        a_figure({"part": 2, "whole": 2, "percent": "100.0"}),
        "Complaints: 2 of 2 (100.0 %) instead of 1 of 2 (50.0 %).",
    ),
    (a_figure(["D01", "D02"]), a_figure(["D02", "D03"]), "Complaints: added: D03; no longer listed: D01."),
    (
        a_figure({"part": 1, "whole": 2, "percent": "50.0"}, at_least=True),
        a_figure(None),
        "Complaints: not known instead of at least 1 of 2 (50.0 %).",
    ),
    (a_figure([]), a_figure(["kk"]), "Complaints: added: kk."),
    (
        a_figure(2, readings=[{"reading": "A", "value": 2}, {"reading": "B", "value": 1}]),
        a_figure(2, readings=[{"reading": "A", "value": 2}, {"reading": "B", "value": 4}]),
        "Complaints: under reading B: 4 instead of 1 (+3).",
    ),
    (a_figure(2), a_figure(2, readings=[{"reading": "B", "value": 1}]), "Complaints: under reading B: 1 instead of 2 (\N{MINUS SIGN}1)."),
]


@pytest.mark.parametrize(("before", "after", "sentence"), FIGURES)
def test_a_figure_is_told_by_what_it_was_and_what_it_is(before, after, sentence):
    (change,) = figures_changed([before], [after], words())
    assert change.sentence == sentence


def test_a_figure_that_says_the_same_is_not_told():
    assert list(figures_changed([a_figure(2, trace={"count": 1})], [a_figure(2, trace={"count": 5})], words())) == []


def test_a_cell_that_was_not_there_counted_nobody():
    table = {"key": "complaints.by_form", "type": "table", "label": "By form"}
    before = {**table, "value": [{"form": "oral", "n": 2}]}
    after = {**table, "value": [{"form": "written", "n": 1}]}
    (change,) = figures_changed([before], [after], words())
    assert change.sentence == "By form: Written: 1 instead of 0 (+1); Oral: 0 instead of 2 (\N{MINUS SIGN}2)."


def test_a_row_without_a_number_is_told_by_what_stands_beside_it():
    table = {"key": "outcomes.changes", "type": "table", "label": "Terms changed"}
    before = {**table, "value": [{"participant": "D01", "from_months": 84, "to_months": None}]}
    after = {**table, "value": [{"participant": "D01", "from_months": 84, "to_months": 60}]}
    (change,) = figures_changed([before], [after], words())
    assert change.sentence == "Terms changed: D01: after, months not known → 60."


def test_a_term_that_was_changed_twice_is_told_twice():
    table = {"key": "outcomes.changes", "type": "table", "label": "Terms changed"}
    rows = [{"participant": "D01", "from_months": 84, "to_months": months} for months in (60, 48)]
    (change,) = figures_changed([{**table, "value": rows}], [{**table, "value": rows[1:]}], words())
    assert change.sentence == "Terms changed: D01: after, months 60 → 48; no longer listed: D01 (84, 48)."


def test_of_an_anonymous_witness_is_said_that_nobody_knows_the_name():
    table = {"key": "complaints.absent_from_judgment", "type": "table", "label": "Absent"}
    before, after = ({**table, "value": [{"role": "witness", "anonymous": anonymous, "n": 1}]} for anonymous in (True, False))
    (change,) = figures_changed([before], [after], words())
    assert change.sentence == "Absent: Witness, not anonymous: 1 instead of 0 (+1); Witness, anonymous: 0 instead of 1 (\N{MINUS SIGN}1)."


def test_a_share_that_is_a_minimum_says_so_beside_its_part():
    told = words("kk").value({"part": 27, "whole": 37, "percent": "73.0"}, at_least=True)
    assert told == "37 ішінен кемінде 27 (73.0 %)"


def a_discrepancy(subject, *values):
    sides = [{"value": value, "source": f"note:{value}"} for value in values]
    return {"check": "statements_differ", "subject": subject, "values": sides, "statement": f"Sources differ: {subject}. {values}."}


def test_a_discrepancy_that_stays_with_other_values_is_neither_new_nor_gone():
    one, other, more = a_discrepancy("a", 1, 2), a_discrepancy("a", 1, 3), a_discrepancy("a", 5, 6)
    (changed,) = discrepancies_changed([one], [other], words())
    assert (changed.kind, changed.before, changed.after) == ("discrepancy_changed", one["values"], other["values"])
    assert changed.sentence == "A discrepancy has other values. Sources differ: a. (1, 3). Before: Sources differ: a. (1, 2)."
    assert [each.kind for each in discrepancies_changed([one], [one, other], words())] == ["discrepancy_appeared"]
    assert [each.kind for each in discrepancies_changed([one], [other, more], words())] == [
        *["discrepancy_appeared"] * 2,
        "discrepancy_vanished",
    ]


def test_a_side_that_a_document_takes_is_told_as_such():
    topic = {"hearing": "H-01", "kind": "answer", "what": "outcome.verdict", "unit": "D01"}
    values = [{"value": "acquitted", "observers": ["OBS1"]}, {"value": "convicted", "observers": [], "decides": True}]
    (change,) = disagreements_changed([], [{**topic, "values": values}], words())
    assert "Acquitted (OBS1) / Convicted (by a document)" in change.sentence


def test_a_complaint_that_stayed_is_told_by_what_it_says_otherwise():
    complaint = {
        "participant": "D01",
        "role": "defendant",
        "form": "oral",
        "stages": {"raised": "yes", "evaluated": "unknown"},
        "response": [],
    }
    later = {**complaint, "form": "written", "stages": {"raised": "contested", "evaluated": "no"}}
    (change,) = complaints_changed([complaint], [later], words())
    assert change.sentence == ("Complaint of D01: form: oral → written; raised: yes → contested; evaluated by the court: not known → no.")


def a_right(rating, rule, **more):
    right = {"right": "liberty", "label": "Liberty", "rating": rating, "rule": rule, "confidence": "low", "assessed_units": 1}
    return {**right, "incidents": [], "reported_concerns": [], **more}


def test_a_rating_that_observers_come_to_contest_says_so():
    contested = a_right(None, "contested", rating_low="not_respected", rating_high="respected", status="contested")
    (change,) = rights_changed([a_right("respected", "R1")], [contested], words())
    assert change.sentence == (
        "Liberty: “Respected” → contested (from “Respected” to “Not respected”), because observers now contest what decides."
    )


def test_a_rating_that_only_rests_on_more_is_not_told():
    assert list(rights_changed([a_right("respected", "R1")], [a_right("respected", "R1", assessed_units=4)], words())) == []


def test_evidence_that_became_better_is_told():
    incident = {"indicator": "language.no_interpreter", "unit": "D01", "level": "E2", "contested": True}
    better = {**incident, "level": "E3", "contested": False}
    before, after = (a_right("not_respected", "NR4", incidents=[each]) for each in (incident, better))
    (change,) = rights_changed([before], [after], words())
    assert "evidenced otherwise: Interpreter needed but not provided, participant D01 (E2, contested) → E3" in change.sentence


def test_a_range_of_grades_is_told_as_one():
    computed = {"value": None, "range": ["B", "C"], "rule": "G4", "status": "computed"}
    departed = {
        "value": "C",
        "rule": "G4",
        "status": "departed",
        "computed": {"value": None, "range": ["B", "C"]},
        "decision": {"by": "COO"},
    }
    (change,) = grade_changed(computed, departed, words())
    assert change.sentence == "Indicative grade: B to C, computed by rule G4 → C, departed to by COO."


@pytest.mark.parametrize("model", [EditionHead, EditionShown, DifferenceShown])
def test_an_example_has_the_shape_that_it_is_an_example_of(model):
    (example,) = model.model_config["json_schema_extra"]["examples"]
    assert model.model_validate(example).model_dump(mode="json", exclude_unset=True) == example
