"""What a summary says of rights: each with its rating and what stands behind it, groups beside what sources state, and the grade."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.assessment.assess import Assessment
from app.assessment.grade import COMPUTED, NOT_GRADED, Grade
from app.assessment.incidents import Incident
from app.assessment.ratings import RatedRight
from app.assessment.rulebook import ESTABLISHED, GOOD_PRACTICE, NEUTRAL, Level
from app.summaries.coverage import share_text
from app.summaries.facts import CaseFacts
from app.summaries.labels import label_in
from app.summaries.notes import own_codes, stated_findings
from app.summaries.records import GradeDecision
from app.taxonomy.catalogue import RightGroup

CONFIRMED, DEPARTED = "confirmed", "departed"
UNGRADED_RULE = "G1"
"""Published assessments name one rule for every case without a grade; `reason` tells a pending verdict from too little observed."""


def rights_shown(assessment: Assessment, lang: str) -> list[dict[str, Any]]:
    """Every right of the taxonomy with its rating."""
    return [_right(each, lang) for each in assessment.rights.values()]


def groups_shown(facts: CaseFacts, lang: str) -> list[dict[str, Any]]:
    """Every group of rights with its rating, beside what sources state about it or about one of its rights."""
    findings = [
        row for row, note in stated_findings(facts.records.notes, own_codes(facts.records)) if note.target_kind in ("right", "right_group")
    ]
    groups = facts.lexicon.taxonomy.right_groups.values()
    return [_group(each, facts.assessment, findings, lang) for each in groups]


def computed_grade(grade: Grade) -> dict[str, Any]:
    """The grade as computed; `range` has it at best and at worst where it depends on contested facts."""
    return {"value": grade.value} if grade.value is not None else {"value": None, "range": [grade.span[1], grade.span[0]]}


def grade_shown(grade: Grade, decision: GradeDecision | None) -> dict[str, Any]:
    """The grade, as computed or as a coordinator decided; a decision about another computed grade than this one holds no longer."""
    computed = computed_grade(grade)
    shown: dict[str, Any] = {
        **computed,
        "rule": UNGRADED_RULE if grade.value == NOT_GRADED else grade.rule,
        "status": COMPUTED,
        "confidence": grade.confidence,
        "gross": list(grade.gross),
        "outcome_effect": grade.circumstances.outcome_effect,
        "significant_harm": grade.circumstances.significant_harm,
        "rated_rights": grade.rated_rights,
    }
    if grade.reason:
        shown["reason"] = grade.reason
    return _as_decided(shown, computed, decision) if decision is not None and decision.computed == computed else shown


def _as_decided(shown: dict[str, Any], computed: dict[str, Any], decision: GradeDecision) -> dict[str, Any]:
    """What was computed is kept beside a departure; rule, confidence and the rest go on speaking of it."""
    signed = {"decision": {"by": decision.by, "at": decision.at}}
    if decision.value is None:
        return {**shown, "status": CONFIRMED, **signed}
    told = {name: part for name, part in shown.items() if name not in ("range", "reason")}
    return {**told, "value": decision.value, "status": DEPARTED, "computed": {**computed, **_only(shown, "reason")}, **signed}


def _only(shown: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {name: shown[name]} if name in shown else {}


def _right(rated: RatedRight, lang: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "right": rated.right.code,
        "group": rated.right.group,
        "label": label_in(rated.right.labels, lang),
        "rating": rated.rating,
        "status": rated.status,
        "rule": rated.rule,
        "confidence": rated.confidence,
        "assessed_units": rated.ground.assessed,
        "unit_coverage": share_text(rated.ground.covered, rated.ground.total),
        **_incidents(rated),
    }
    if rated.is_contested:
        shown |= {"rating_low": rated.low.rule.rating, "rating_high": rated.high.rule.rating}
    return {**shown, "reason": rated.reason} if rated.reason else shown


def _incidents(rated: RatedRight) -> dict[str, list[Any]]:
    """The incidents of a right by what they say of it. Of E0 nothing is told: nobody who reported it could have known."""
    deciding = set(rated.low.deciding)
    return {
        "incidents": [{**_incident(each), "deciding": each in deciding} for each in rated.adverse if each.is_established],
        "contested": ["@".join(each.name) for each in rated.adverse if each.is_contested],
        "reported_concerns": [_incident(each) for each in rated.adverse if each.level == Level.E1],
        "neutral_facts": [_incident(each) for each in _of(rated, NEUTRAL, Level.E1)],
        "good_practices": [_incident(each) for each in _of(rated, GOOD_PRACTICE, ESTABLISHED)],
    }


def _of(rated: RatedRight, polarity: str, level: Level) -> Iterable[Incident]:
    return (each for each in rated.incidents if each.indicator.polarity == polarity and each.level >= level)


def _incident(incident: Incident) -> dict[str, Any]:
    return {
        "indicator": incident.indicator.code,
        "unit": incident.unit,
        "level": incident.level.name,
        "effective_severity": incident.severity,
        "contested": incident.is_contested,
        "filings": list(incident.filings),
    }


def _group(group: RightGroup, assessment: Assessment, findings: list[dict[str, Any]], lang: str) -> dict[str, Any]:
    members: Mapping[str, str | None] = {code: each.rating for code, each in assessment.rights.items() if each.right.group == group.code}
    return {
        "group": group.code,
        "label": label_in(group.labels, lang),
        "rating": assessment.groups[group.code],
        "members": members,
        "stated_findings": [each for each in findings if each["target"] in (group.code, *members)],
    }
