"""The whole summary of a case: folded from its records alone, the same for everybody who asks in the same language."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from app.summaries.assessed import grade_shown, groups_shown, rights_shown
from app.summaries.caveats import caveats_of
from app.summaries.complaints import CONTESTED, TRACE_QUESTIONS, Complaint
from app.summaries.consistency import Check, consistency
from app.summaries.coverage import Coverage, case_coverage
from app.summaries.digest import digest_of
from app.summaries.disagreements import Comparison, Disagreement, Said, Stance, Topic, compare, same
from app.summaries.discrepancies import Discrepancy, discrepancies
from app.summaries.facts import CaseFacts, establish
from app.summaries.figures import ACCEPTED, Figures, case_figures, is_final, show_figures
from app.summaries.lexicon import Lexicon
from app.summaries.notes import own_codes, show_notes
from app.summaries.records import CaseRecords, Filing, SideTaken
from app.summaries.restrictions import Restriction
from app.summaries.retractions import Retraction
from app.summaries.roles import Roles
from app.summaries.sentences import discrepancy_text, statement_text
from app.taxonomy.catalogue import Taxonomy


def case_summary(records: CaseRecords, taxonomy: Taxonomy, *, lang: str, statuses: Sequence[str] = ACCEPTED) -> dict[str, Any]:
    """The answer of `GET /v1/cases/{id}/summary`, JSON-ready. `records.filings` hold the filings of the statuses asked for."""
    return summary_of(establish(records, taxonomy), lang=lang, statuses=statuses)


def summary_of(facts: CaseFacts, *, lang: str, statuses: Sequence[str] = ACCEPTED) -> dict[str, Any]:
    """The same from facts that are established already."""
    figures, checks = case_figures(facts), consistency(facts)
    comparison = compare(facts.docket, facts.attendance)
    said = {
        "case": _case(facts.records),
        "provisional": not is_final(statuses),
        "coverage": show_coverage(case_coverage(facts, figures["complaints.total"].default), facts.lexicon, lang),
        "figures": show_figures(figures.values(), f"/v1/cases/{facts.records.id}", lang, statuses),
        "complaints": {"funnel": _funnel(facts), "ledger": _ledger(facts)},
        "restrictions": [_restriction(each) for each in facts.restrictions],
        "language": figures["language.court"].default.value,
        "retractions": [_retraction(each) for each in facts.retractions.values()],
        "counsel": sorted({row["indicator"] for row in figures["issues.present"].default.value if row["kind"] == "counsel"}),
        "outcomes": _outcomes(figures, checks),
        "rights": rights_shown(facts.assessment, lang),
        "groups": groups_shown(facts, lang),
        "grade": grade_shown(facts.assessment.grade, facts.records.grade_decision),
        **_differences(comparison, facts.records.sides),
        "discrepancies": [_discrepancy(each, facts.lexicon, lang) for each in discrepancies(facts, figures)],
        "notes": show_notes(facts.records.notes, own_codes(facts.records)),
        "caveats": [_caveat(caveat, rights) for caveat, rights in caveats_of(facts, checks).items()],
    }
    computed = {
        "taxonomy_version": facts.lexicon.taxonomy.version,
        "case_revision": facts.records.revision,
        "statuses": sorted(set(statuses)),
        "digest": digest_of(said),
    }
    return {"case": said.pop("case"), "computed": computed, **said}


def show_coverage(coverage: Coverage, lexicon: Lexicon, lang: str) -> dict[str, Any]:
    """Coverage with its statements as sentences."""
    statements = [
        {"id": each.id, "numbers": dict(each.numbers), "text": statement_text(each, lexicon, lang)} for each in coverage.statements()
    ]
    return {**coverage.show(), "statements": statements}


def _case(records: CaseRecords) -> dict[str, Any]:
    return {
        "id": records.id,
        "code": records.code,
        "monitoring": records.monitoring,
        "defendants_stated": records.defendants_stated,
        "verdict_on": records.verdict_on,
    }


def _funnel(facts: CaseFacts) -> list[dict[str, Any]]:
    """How far complaints can be traced: every complainant once at each stage; `contested` only where there is one."""
    return [
        _stage(stage, facts.complaints.by_person.values()) for stage in facts.lexicon.in_order("complaint_trace_stage", TRACE_QUESTIONS)
    ]


def _stage(stage: str, complaints: Iterable[Complaint]) -> dict[str, Any]:
    answers = Counter(each.stages[stage].value for each in complaints)
    shown = {"stage": stage, **{answer: answers[answer] for answer in ("yes", "no", "unknown")}}
    return {**shown, CONTESTED: answers[CONTESTED]} if answers[CONTESTED] else shown


def _ledger(facts: CaseFacts) -> list[dict[str, Any]]:
    roles = Roles(facts.docket.people)
    return [_complaint(facts, each, roles) for each in facts.complaints.by_person.values()]


def _complaint(facts: CaseFacts, complaint: Complaint, roles: Roles) -> dict[str, Any]:
    stages = facts.lexicon.in_order("complaint_trace_stage", complaint.stages)
    behind = [
        *complaint.filings,
        *complaint.treatment.filings,
        *(each for settled in complaint.stages.values() for each in settled.filings),
    ]
    shown: dict[str, Any] = {
        "participant": complaint.participant,
        "role": roles[complaint.participant],
        "form": complaint.form,
        "stages": {stage: complaint.stages[stage].value for stage in stages},
        "response": list(complaint.responses),
        "observations": _ids(behind),
    }
    return {**shown, "placeholder": True} if facts.docket.is_placeholder(complaint.participant) else shown


def _restriction(restriction: Restriction) -> dict[str, Any]:
    return {
        "order": restriction.order,
        "indicators": list(restriction.indicators),
        "kinds": list(restriction.kinds),
        "first_hearing": restriction.first_hearing,
        "ordered_by": list(restriction.ordered_by),
        "observations": _ids(restriction.filings),
    }


def _retraction(retraction: Retraction) -> dict[str, Any]:
    return {"participant": retraction.participant, "reasons": list(retraction.reasons), "observations": _ids(retraction.filings)}


def _outcomes(figures: Figures, checks: list[Check]) -> dict[str, Any]:
    plain = ("convicted", "acquitted", "custodial", "conditional", "released", "held", "unattributed")
    return {
        **{name: figures[f"outcomes.{name}"].default.value for name in plain},
        "commuted": {"count": figures["outcomes.commuted"].default.value},
        "changes": figures["outcomes.changes"].default.value,
        "consistency": [{"check": each.check, "holds": each.holds, "left": each.left, "right": each.right} for each in checks],
    }


def _differences(comparison: Comparison, sides: Iterable[SideTaken]) -> dict[str, Any]:
    taken = {Topic(each.hearing, each.kind, each.what, each.unit): each for each in sides}
    return {
        "disagreements": [_disagreement(each, taken.get(each.topic)) for each in comparison.disagreements],
        "not_assessable": [_not_assessable(each) for each in comparison.not_assessable],
    }


def _disagreement(disagreement: Disagreement, side: SideTaken | None) -> dict[str, Any]:
    """A disagreement; where a coordinator took a side that somebody still stands on, that side comes first, and nothing else changes."""
    values = [_stance(each) for each in disagreement.stances]
    first = [each for each in values if side is not None and same(each["value"], side.value)]
    if side is None or not first:
        return {**_topic(disagreement.topic), "values": values}
    decision = {"value": side.value, "by": side.by, "at": side.at}
    return {**_topic(disagreement.topic), "values": first + [each for each in values if each not in first], "decision": decision}


def _stance(stance: Stance) -> dict[str, Any]:
    shown = {"value": stance.value, "observers": list(stance.observers)}
    return {**shown, "decides": True} if stance.decides else shown


def _not_assessable(said: Said) -> dict[str, Any]:
    return {**_topic(said.topic), "observer": said.observer, "value": said.value}


def _topic(topic: Topic) -> dict[str, str]:
    return {"hearing": topic.hearing, "kind": topic.kind, "what": topic.what, "unit": topic.unit}


def _discrepancy(discrepancy: Discrepancy, lexicon: Lexicon, lang: str) -> dict[str, Any]:
    return {
        "check": discrepancy.check,
        "subject": discrepancy.subject,
        "values": [{"value": each.value, "source": each.source} for each in discrepancy.values],
        "statement": discrepancy_text(discrepancy, lexicon, lang),
    }


def _caveat(caveat: str, rights: Sequence[str]) -> dict[str, Any]:
    return {"caveat": caveat, "rights": list(rights)} if rights else {"caveat": caveat}


def _ids(filings: Iterable[Filing]) -> list[str]:
    return sorted({each.id for each in filings})
