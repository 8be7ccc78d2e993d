"""The whole answer: statistics as printed, what follows from them, what was observed, and where they do not agree."""

import hashlib
from typing import Any

from app.journal.rules import canonical
from app.statistics.discrepancies import discrepancies
from app.statistics.findings import Finding
from app.statistics.observed import ObservedYear, observed_by_year
from app.statistics.recomputed import recomputed
from app.statistics.registers import Beside, set_beside
from app.statistics.schemas import Statistics, as_printed
from app.statistics.sentences import told
from app.summaries.labels import label_in
from app.summaries.programme import ProgrammeFacts

COMPLAINT_FORM = "complaint_form"
NOTHING = Statistics()


def digest_of(content: str) -> str:
    """The SHA-256 of statistics as they are kept."""
    return hashlib.sha256(content.encode()).hexdigest()


def content_of(statistics: Statistics) -> str:
    """Statistics as they are kept: canonical JSON."""
    return canonical(as_printed(statistics)).decode()


def statistics_of(statistics: Statistics, version: int, facts: ProgrammeFacts, lang: str) -> dict[str, Any]:
    """The answer of `GET /v1/programmes/{id}/statistics`, JSON-ready."""
    observed = observed_by_year(facts)
    computed = {"taxonomy_version": facts.lexicon.taxonomy.version, "digest": digest_of(content_of(statistics))}
    return {
        "programme": {"id": facts.id},
        "version": version,
        "computed": computed,
        "source": None,
        **as_printed(statistics),
        "recomputed": recomputed(statistics),
        "observed": _observed(statistics, observed, facts, lang),
        "discrepancies": [_discrepancy(each, lang) for each in discrepancies(statistics, observed)],
    }


def _observed(statistics: Statistics, observed: dict[int, ObservedYear], facts: ProgrammeFacts, lang: str) -> list[dict[str, Any]]:
    """Year by year, where somebody observed or where official numbers stand; a year without observed cases has no numbers, not zeros."""
    beside = list(set_beside(statistics, observed))
    years = sorted({*observed, *(each.year for each in beside)})
    return [_year(year, observed.get(year), [each for each in beside if each.year == year], facts, lang) for year in years]


def _year(year: int, seen: ObservedYear | None, beside: list[Beside], facts: ProgrammeFacts, lang: str) -> dict[str, Any]:
    terms = facts.lexicon.taxonomy.vocabularies[COMPLAINT_FORM]
    forms = [
        {"form": form, "label": label_in(terms[form].labels, lang) if form in terms else form, "n": n}
        for form, n in sorted((seen.forms if seen else {}).items())
    ]
    return {
        "year": year,
        "cases": [{"id": each.id, "code": each.code} for each in (seen.cases if seen else ())],
        "complainants": seen.total if seen else None,
        "at_least": seen.at_least if seen else False,
        "by_form": forms,
        "official": [_official(each) for each in beside],
    }


def _official(beside: Beside) -> dict[str, Any]:
    return {
        "table": beside.table.key,
        "column": beside.column,
        "official": beside.official,
        "observed": beside.observed,
        "at_least": beside.at_least,
        "suggests_gap": beside.suggests_gap,
    }


def _discrepancy(finding: Finding, lang: str) -> dict[str, Any]:
    values = [each._asdict() for each in finding.values]
    return {"check": finding.check, "subject": finding.subject, "values": values, "statement": told(finding, lang)}
