"""After a random history, the tally and every aggregate are what the stored observations and their marks come to."""

from collections import Counter
from contextlib import contextmanager
from uuid import UUID

import pytest

from tests.support.asking import Asking
from tests.support.history import History
from tests.support.player import a_run
from tests.support.recount import Recount, month
from tests.support.reference import a_variant

pytestmark = pytest.mark.one_server

PASTS = (("sqlite", 1), ("sqlite", 4), ("sqlite", 7), ("postgresql", 7))
STEPS = 240
PERSONS = ("complaints", "retractions")
SIGHTINGS = (*PERSONS, "restrictions")


@contextmanager
def a_history(templates, folder, seed):
    """A programme with a past, read now and then while it was made; what was folded too early must not stay."""
    with a_run(templates, folder, a_variant(seed)) as run:
        asked = Asking(run.server, run.programme, run.token)
        history = History(run, seed)
        for _ in range(4):
            history.go(STEPS // 4)
            asked("incidents", "case")
        assert len(history.done) >= 8
        yield run, asked, Recount(run.server.store, UUID(run.programme))


@pytest.fixture(scope="module", params=PASTS, ids=lambda past: "-".join(map(str, past)))
def past(request, tmp_path_factory):
    """A programme with its past, made once and only read from then on."""
    dialect, seed = request.param
    templates = request.getfixturevalue(f"{dialect}_templates")
    with a_history(templates, tmp_path_factory.mktemp("past"), seed) as made:
        yield made


def test_the_tally_is_what_the_marks_come_to(past):
    _, _, recount = past
    assert recount.tally_as_kept() == recount.tally_of_marks()
    assert len(recount.tally_of_marks()) > 50


def test_observations_are_what_was_accepted(past):
    _, asked, recount = past
    found = list(recount.things("observations"))
    assert asked.rows("observations", "case") == Counter((recount.code(case),) for case, *_ in found)
    assert asked.rows("observations", "case", "month") == Counter((recount.code(case), month(day)) for case, day, *_ in found)
    assert asked.rows("observations", "year", "observer_language") == Counter(
        (month(day)[:4], language) for _, day, _, languages in found for language in languages
    )
    assert {asked.total("observations", *dims) for dims in ((), ("month",), ("court", "year"), ("observer_language",))} == {len(found)}


def test_statements_are_what_the_marks_say_was_so(past):
    _, asked, recount = past
    said = list(recount.statements())
    assert asked.rows("observations", "indicator") == Counter((indicator,) for _, _, indicator, _ in said)
    assert asked.rows("observations", "case", "indicator", "month") == Counter(
        (recount.code(case), indicator, month(day)) for case, day, indicator, _ in said
    )
    by_language = Counter((indicator, language) for _, _, indicator, languages in said for language in languages)
    assert asked.rows("observations", "indicator", "observer_language") == by_language
    assert asked.total("observations", "right") == asked.total("observations", "kind", "month") == len(said)
    for (right,), n in asked.rows("observations", "right").items():
        assert asked.total("observations", right=right) == sum(asked.rows("observations", "indicator", right=right).values()) == n


@pytest.mark.parametrize("measure", SIGHTINGS)
def test_persons_and_restrictions_are_counted_once_where_they_were_first_seen(past, measure):
    _, asked, recount = past
    found, observed = list(recount.things(measure)), recount.observed()
    nothing = {(recount.code(each.case_id), month(each.date)): 0 for each in observed}
    assert asked.rows(measure, "case", "month") == {**nothing, **Counter((recount.code(case), month(day)) for case, day, *_ in found)}
    by_language = {
        language
        for each in observed
        for language in recount.languages(one for one in recount.filings("hearing") if one.hearing_id == each.id)
    }
    counted = Counter((language,) for *_, languages in found for language in languages)
    assert asked.rows(measure, "observer_language") == {**dict.fromkeys([(each,) for each in by_language], 0), **counted}
    assert asked.total(measure) == asked.total(measure, "month") == asked.total(measure, "observer_language") == len(found)


@pytest.mark.parametrize("measure", ["retractions", "restrictions"])
def test_what_has_several_kinds_stands_in_each_and_once_in_the_total(past, measure):
    _, asked, recount = past
    found = list(recount.things(measure))
    kinds = Counter((kind,) for _, _, several, _ in found for kind in several or {None})
    assert asked.rows(measure, "kind") == kinds
    assert asked.total(measure, "kind") == len(found)
    for (kind,), n in kinds.items():
        if kind is not None:
            assert asked.total(measure, kind=kind) == n


def test_complainants_are_complaints_by_another_name(past):
    _, asked, _ = past
    for dims in ((), ("case",), ("month", "kind")):
        given, wanted = asked("complainants", *dims), asked("complaints", *dims)
        assert {**given, "measure": ""} == {**wanted, "measure": ""}


def test_hearings_are_those_known_and_those_observed(past):
    _, asked, recount = past
    known, observed = recount.known(), recount.observed()
    assert asked.rows("hearings_held", "case", "month") == Counter((recount.code(each.case_id), month(each.date)) for each in known)
    nothing = {(recount.court(each), month(each.date)): 0 for each in known}
    seen = Counter((recount.court(each), month(each.date)) for each in observed)
    assert asked.rows("hearings_observed", "court", "month") == {**nothing, **seen}
    assert (asked.total("hearings_held"), asked.total("hearings_observed")) == (len(known), len(observed))


def test_incidents_and_ratings_are_those_of_the_summaries(past):
    run, asked, _ = past
    incidents, ratings = Counter(), Counter()
    for code in run.cases():
        for each in run.summary(f"case:{code}")["rights"]:
            ratings[code, each["right"], each["rating"] or "contested"] += 1
            incidents.update((code, each["right"], incident["indicator"]) for incident in each["incidents"])
    given = asked.rows("incidents", "case", "right", "indicator")
    assert {key: n for key, n in given.items() if n} == incidents
    assert asked.rows("ratings", "case", "right", "rating") == ratings
    by_month = asked.rows("incidents", "month", "kind", "observer_language")
    assert asked.total("incidents") == asked.total("incidents", "month") == sum(incidents.values()) <= sum(by_month.values())


@pytest.mark.parametrize("measure", ["observations", "incidents", *SIGHTINGS, "hearings_held", "hearings_observed"])
def test_parts_add_up_to_the_whole(past, measure):
    run, asked, _ = past
    whole = asked.total(measure)
    assert sum(asked.total(measure, case_id=run.case(code)) or 0 for code in run.cases()) == whole
    spans = [{"to": "2016-04-15"}, {"from_": "2016-04-16", "to": "2016-08-01"}, {"from_": "2016-08-02"}]
    assert sum(asked.total(measure, **span) or 0 for span in spans) == whole
    for dims in (("case",), ("month",), ("court", "year"), ("region",)):
        assert sum(asked.rows(measure, *dims).values()) == whole
    assert sum(asked.rows(measure, "month", from_="2016-04-01", to="2016-04-30").values()) == (
        asked.rows(measure, "month").get(("2016-04",), 0)
    )
