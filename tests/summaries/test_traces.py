"""Every figure and every cell leads back to what it was counted from, and the number in the summary is the length of that list."""

from functools import partial

import pytest

from app.summaries.case_summary import case_summary
from app.summaries.counting import cell_name
from app.summaries.facts import establish
from app.summaries.figures import catalogue
from app.summaries.programme import ProgrammeFacts, programme_facts
from app.summaries.programme_summary import programme_summary
from app.summaries.traces import (
    KINDS,
    NoCellsError,
    NoSuchFigureError,
    NoSuchReadingError,
    case_sources,
    programme_sources,
)
from tests.support.case_records import FilingsFile, golden
from tests.support.reference import a_variant

SEEDS = (1, 4, 9, 16)


def files():
    return [golden(), *(FilingsFile(a_variant(seed)) for seed in SEEDS)]


def listed(sources):
    return [(kind, each) for kind in KINDS for each in sources[f"{kind}s"]]


def sources_of_cell(facts, key, reading, cell):
    if isinstance(facts, ProgrammeFacts):
        return programme_sources(facts, key, cell=cell)
    return case_sources(facts, key, reading=reading, cell=cell)


def check(figure, sources_of, dims, value):
    """One figure under one reading: something behind it where it is something, and behind each of its cells."""
    whole = sources_of(None)
    assert len(set(listed(whole))) == whole["count"]
    assert (whole["count"] > 0) == (value is not None), figure["key"]
    covered = set()
    for row in value if dims and value else ():
        of_cell = set(listed(sources_of(cell_name(row[dim] for dim in dims))))
        if row.get("n", row.get("known", row.get("stored", 1))):
            assert of_cell, (figure["key"], row)
        covered |= of_cell
    assert covered <= set(listed(whole))
    if covered:
        assert covered == set(listed(whole))


@pytest.mark.parametrize("file", files())
def test_every_figure_of_a_case_has_its_trace_under_every_reading(file):
    for records in file.programme().cases:
        facts = establish(records, file.taxonomy)
        for figure in case_summary(records, file.taxonomy, lang="en")["figures"]:
            key, dims = figure["key"], catalogue()[figure["key"]].dims
            values = [(None, figure["value"]), *((each["reading"], each["value"]) for each in figure.get("readings", []))]
            for reading, value in values:
                check(figure, partial(sources_of_cell, facts, key, reading), dims, value)
            assert figure["trace"] == {
                "count": case_sources(facts, key)["count"],
                "href": f"/v1/cases/{records.id}/figures/{key}/sources",
            }


@pytest.mark.parametrize("file", files())
def test_every_figure_of_a_programme_has_its_trace(file):
    programme = file.programme()
    facts = programme_facts(programme, file.taxonomy)
    for figure in programme_summary(programme, file.taxonomy, lang="en")["figures"]:
        key = figure["key"]
        check(figure, partial(sources_of_cell, facts, key, None), catalogue()[key].dims, figure["value"])
        assert figure["trace"]["count"] == programme_sources(facts, key)["count"]


def test_a_cell_counts_no_more_persons_than_its_sources_name():
    """Complainants of one cell are named by the filings behind that cell."""
    file = golden()
    facts = establish(file.case("T-a"), file.taxonomy)
    filings = {each.id: each for each in facts.docket.filings}
    for row in facts_rows(facts):
        sources = case_sources(facts, "complaints.by_role", cell=row["role"])
        named = {filings[each].answers["participant_ref"] for each in sources["observations"]}
        assert len(named) == row["n"]


def facts_rows(facts):
    return case_summary(facts.records, facts.lexicon.taxonomy, lang="en")["figures"][5]["value"]


def test_a_figure_that_differs_by_reading_has_other_sources_under_the_other_reading():
    file = golden()
    facts = establish(file.case("T-a"), file.taxonomy)
    cells = {reading: case_sources(facts, "complaints.identified_by_role", reading=reading, cell="witness") for reading in ("A", "B")}
    assert cells["A"]["count"] < cells["B"]["count"]


def test_an_outcome_leads_to_the_document_that_shows_it():
    file = golden()
    facts = establish(file.case("T-a"), file.taxonomy)
    sources = case_sources(facts, "outcomes.convicted")
    assert len(sources["outcomes"]) == 14
    assert sources["documents"] == ["document-submission"]


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ({"key": "no.such"}, NoSuchFigureError),
        ({"key": "coverage.cases"}, NoSuchFigureError),
        ({"key": "complaints.total", "reading": "C"}, NoSuchReadingError),
        ({"key": "complaints.total", "cell": "defendant"}, NoCellsError),
    ],
)
def test_what_no_figure_has_is_refused(asked, refused):
    file = golden()
    facts = establish(file.case("T-a"), file.taxonomy)
    with pytest.raises(refused):
        case_sources(facts, asked.pop("key"), **asked)


def test_a_cell_that_counts_nobody_has_nothing_behind_it():
    file = golden()
    assert case_sources(establish(file.case("T-a"), file.taxonomy), "complaints.by_role", cell="judge")["count"] == 0
