"""Official statistics for tests: valid bodies, and the answer to them without a server."""

import copy
from typing import Any

from app.statistics.schemas import Statistics
from app.statistics.shown import statistics_of
from app.statistics.soundness import faults_in
from app.summaries.programme import programme_facts
from tests.support.case_records import FilingsFile
from tests.support.reference import load_file

SOME_DOCUMENT = "0197a3c2-0000-7000-8000-0000000000d1"


def a_row(year=2020, **cells):
    return {"year": year, "all": 200, "sent": 30, **cells}


def a_table(*rows, key="t", register="law_enforcement", **more):
    return {"key": key, "register": register, "rows": list(rows) or [a_row()], **more}


def statistics(*tables, **more) -> dict[str, Any]:
    return {"tables": list(tables), **more}


def body_of(filings) -> dict[str, Any]:
    """The statistics of a filings file, with an id for the document that they name."""
    body = copy.deepcopy(filings["statistics"]["body"])
    if body.get("source", {}).get("document_id"):
        body["source"]["document_id"] = SOME_DOCUMENT
    return body


def read(body) -> Statistics:
    """A body as the server takes it: sound."""
    found = Statistics.model_validate(body)
    assert faults_in(found) == []
    return found


def answer(body, filings=None, lang="en", version=1) -> dict[str, Any]:
    """What the server answers about statistics beside the cases of a filings file (none where there is no file)."""
    file = FilingsFile(filings or without_filings())
    return statistics_of(read(body), version, programme_facts(file.programme(), file.taxonomy), lang)


def without_filings() -> dict[str, Any]:
    """A programme with a case about which nothing was filed."""
    return load_file("checks.json")["base"]


def with_example(added) -> dict[str, Any]:
    """The base of the checks' examples with what one of them adds, and every filing accepted."""
    raw = load_file("checks.json")["base"]
    for part in ("observations", "documents"):
        raw[part] += added.get(part, [])
    raw["reviews"]["body"]["ids"] = [each["body"]["id"] for each in raw["observations"]]
    if "statistics" in added:
        path = "/v1/programmes/$programme/statistics"
        raw["statistics"] = {"as": "BOSS", "method": "PUT", "path": path, "body": added["statistics"]}
    return raw


def found(body, check=None, **options) -> list[dict[str, Any]]:
    """The discrepancies of statistics, all or those of one check."""
    return [each for each in answer(body, **options)["discrepancies"] if check in (None, each["check"])]


def subjects(body, check=None, **options) -> list[str]:
    return [each["subject"] for each in found(body, check, **options)]
