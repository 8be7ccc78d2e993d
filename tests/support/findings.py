"""What the demonstration would read of a filings file, made without a server: the page alone can be tried on any trial."""

from io import StringIO

import orjson

from app.demo.findings import HEADLINES, Findings, Origin, Row, Told, figures_of, is_told
from app.demo.page import WIDTH, console_of, page_of, put
from app.summaries.case_summary import summary_of
from app.summaries.facts import establish
from app.summaries.programme_summary import programme_summary
from app.summaries.traces import case_sources
from app.taxonomy import service


def findings_of(file, language="en", statistics=None):
    """Findings as they would be read of a file once it was played; without official statistics where none are given."""
    programme = file.programme()
    facts = {each.code: establish(each, file.taxonomy) for each in programme.cases}
    cases = {code: summary_of(each, lang=language) for code, each in facts.items()}
    return Findings(
        language=language,
        name="A programme",
        taxonomy=orjson.loads(service.taxonomy_json(None, language)),
        programme=programme_summary(programme, file.taxonomy, lang=language),
        cases=cases,
        told={code: _told(facts[code], case) for code, case in cases.items() if is_told(case)},
        statistics=statistics or {"version": 0},
    )


def printed(findings, width=WIDTH):
    """The page as it goes into a file."""
    file = StringIO()
    console = console_of(file)
    console.width = width
    put(console, page_of(findings))
    return file.getvalue()


def _told(facts, case):
    records = facts.records
    hearings = [{"id": each.id, "code": each.code, "date": str(each.date)} for each in records.hearings]
    seen = case_sources(facts, "coverage.hearings_observed")["hearings"]
    unseen = [
        each for each in hearings if each["id"] in case_sources(facts, "coverage.hearings_known")["hearings"] and each["id"] not in seen
    ]
    return Told(case, hearings, unseen, [_origin(facts, figures_of(case)[key]) for key in HEADLINES])


def _origin(facts, figure):
    sources = case_sources(facts, figure["key"])
    ids = {each.code: each.id for each in facts.records.hearings}
    filed = {each.id: each for each in facts.records.filings}
    observations = [
        {"id": each.id, "hearing_id": ids.get(each.hearing), "observer": each.observer, "form": each.form}
        for each in (filed[one] for one in sources["observations"])
    ]
    rows = [Row(each.id, each.participant, each.count, "") for each in facts.records.outcomes if each.id in sources["outcomes"]]
    return Origin(figure, sources, observations, rows)
