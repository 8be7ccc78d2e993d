"""What a summary says of rights before anybody rated them: nothing was assessed yet, and a source's own verdicts stand beside."""

from collections.abc import Mapping
from typing import Any

from app.summaries.facts import CaseFacts
from app.summaries.labels import label_in
from app.summaries.notes import own_codes, stated_findings
from app.taxonomy.catalogue import Right, RightGroup

RATING = "not_observed"
REASON = "not_assessed_yet"


def rights_shown(rights: Mapping[str, Right], lang: str) -> list[dict[str, Any]]:
    """Every right of the taxonomy, unrated."""
    return [_right(each, lang) for each in rights.values()]


def groups_shown(facts: CaseFacts, lang: str) -> list[dict[str, Any]]:
    """Every group of rights, unrated, with what sources state about it or about one of its rights."""
    taxonomy = facts.lexicon.taxonomy
    findings = [
        row for row, note in stated_findings(facts.records.notes, own_codes(facts.records)) if note.target_kind in ("right", "right_group")
    ]
    return [_group(each, taxonomy.rights, findings, lang) for each in taxonomy.right_groups.values()]


def grade_shown() -> dict[str, Any]:
    """The grade of a case that nobody rated."""
    return {"value": None, "rule": None, "status": "not_graded", "confidence": None, "reason": REASON}


def _right(right: Right, lang: str) -> dict[str, Any]:
    return {
        "right": right.code,
        "label": label_in(right.labels, lang),
        "rating": RATING,
        "status": "firm",
        "rule": None,
        "confidence": None,
        "reason": REASON,
        "incidents": [],
        "contested": [],
        "reported_concerns": [],
        "good_practices": [],
        "neutral_facts": [],
        "assessed_units": None,
        "unit_coverage": None,
    }


def _group(group: RightGroup, rights: Mapping[str, Right], findings: list[dict[str, Any]], lang: str) -> dict[str, Any]:
    members = [each.code for each in rights.values() if each.group == group.code]
    return {
        "group": group.code,
        "label": label_in(group.labels, lang),
        "rating": RATING,
        "reason": REASON,
        "members": dict.fromkeys(members, RATING),
        "stated_findings": [each for each in findings if each["target"] in (group.code, *members)],
    }
