"""The whole summary of a programme: its cases beside each other and what they add up to. It has no rating and no grade of its own."""

from collections.abc import Sequence
from typing import Any

from app.assessment.ratings import CONTESTED
from app.assessment.rulebook import FROM_MILD_TO_BAD, NOT_OBSERVED
from app.summaries.case_summary import show_coverage
from app.summaries.coverage import share_text
from app.summaries.digest import digest_of
from app.summaries.figures import ACCEPTED, is_final, show_figures
from app.summaries.labels import label_in
from app.summaries.notes import show_notes
from app.summaries.programme import CaseInBrief, ProgrammeFacts, programme_facts
from app.summaries.programme_figures import programme_figures
from app.summaries.records import ProgrammeRecords
from app.taxonomy.catalogue import Right, Taxonomy

RATINGS = (*FROM_MILD_TO_BAD, CONTESTED, NOT_OBSERVED)


def programme_summary(records: ProgrammeRecords, taxonomy: Taxonomy, *, lang: str, statuses: Sequence[str] = ACCEPTED) -> dict[str, Any]:
    """The answer of `GET /v1/programmes/{id}/summary`, JSON-ready."""
    return programme_summary_of(programme_facts(records, taxonomy), lang=lang, statuses=statuses)


def programme_summary_of(facts: ProgrammeFacts, *, lang: str, statuses: Sequence[str] = ACCEPTED) -> dict[str, Any]:
    """The same from facts that are established already.

    `discrepancies` stand in the summaries of the cases and in the statistics; a programme has no check of its own.
    """
    said = {
        "provisional": not is_final(statuses),
        "cases": [_case(each) for each in facts.cases],
        "coverage": show_coverage(facts.coverage(), facts.lexicon, lang),
        "figures": show_figures(programme_figures(facts).values(), f"/v1/programmes/{facts.id}", lang, statuses),
        "rights": [_right(each, facts, lang) for each in facts.lexicon.taxonomy.rights.values()],
        "discrepancies": [],
        "notes": show_notes(facts.notes),
        "caveats": _caveats(facts),
    }
    computed = {"taxonomy_version": facts.lexicon.taxonomy.version, "statuses": sorted(set(statuses)), "digest": digest_of(said)}
    return {"programme": {"id": facts.id}, "computed": computed, **said}


def _case(case: CaseInBrief) -> dict[str, Any]:
    known, observed = len(case.known), len(case.observed)
    coverage = {"hearings_known": known, "hearings_observed": observed, "hearing_coverage": share_text(observed, known)}
    return {"id": case.id, "code": case.code, "coverage": coverage, "monitoring": case.monitoring, "revision": case.revision}


def _right(right: Right, facts: ProgrammeFacts, lang: str) -> dict[str, Any]:
    return {"right": right.code, "label": label_in(right.labels, lang), "ratings": _ratings(right.code, facts)}


def _ratings(right: str, facts: ProgrammeFacts) -> dict[str, list[str]]:
    """The cases by how a right was rated in them, from good to bad; ratings are never averaged (taxonomy, scope)."""
    return {rating: cases for rating in RATINGS if (cases := [each.code for each in facts.cases if each.ratings[right] == rating])}


def _caveats(facts: ProgrammeFacts) -> list[dict[str, Any]]:
    """Every caveat that holds for some case, with the cases, in vocabulary order."""
    found = {caveat for each in facts.cases for caveat in each.caveats}
    return [
        {"caveat": caveat, "cases": [each.code for each in facts.cases if caveat in each.caveats]}
        for caveat in facts.lexicon.in_order("coverage_caveat", found)
    ]
