"""What coordinators decide about findings: kept with who, when and why, told to the journal, and never changed.

Whether a disagreement stands and what grade was computed, whoever calls must know: findings are made further up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.cases.casefiles.service import CASES
from app.journal import service as journal
from app.journal.rules import canonical
from app.journal.schemas import Entry, EventKind
from app.kit import clock, errors, ids
from app.kit.access import COORDINATOR, Scope
from app.kit.errors import Fault, Problem
from app.kit.paging import Page
from app.kit.windows import Window
from app.review import queries
from app.review.errors import NOT_RELEVANT, NOTHING_TO_CONFIRM
from app.review.models import DisagreementDecision, GradeDecision
from app.review.schemas import DisagreementDecided, DisagreementDecisionShown, GradeComputed, GradeDecided, GradeDecisionShown
from app.taxonomy.catalogue import Taxonomy


@dataclass(frozen=True, slots=True)
class Disputed:
    """What observers differ about, by ids. `unit` is hearing, case or participant; a participant has an id as well."""

    programme_id: UUID
    case_id: UUID
    hearing_id: UUID
    unit: str
    participant_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    """A case with the grade that is computed for it: `value`, and where that is null its `range`."""

    programme_id: UUID
    case_id: UUID
    computed: Mapping[str, Any]
    taxonomy: Taxonomy


def decide_disagreement(session: Session, scope: Scope, disputed: Disputed, body: DisagreementDecided) -> DisagreementDecisionShown:
    """Take a side in a disagreement; a later decision on the same thing stands in the place of this one."""
    member = scope.require(disputed.programme_id, COORDINATOR)
    row = DisagreementDecision(
        programme_id=disputed.programme_id,
        id=ids.new_id(),
        case_id=disputed.case_id,
        hearing_id=disputed.hearing_id,
        kind=body.kind,
        what=body.what,
        unit=disputed.unit,
        participant_id=disputed.participant_id,
        value=canonical(body.value).decode(),
        reason=body.reason,
        member_id=member.member_id,
        decided_at=clock.now(),
    )
    _keep(session, row, EventKind.DISAGREEMENT_DECIDED, {"kind": row.kind, "what": row.what, "value": body.value})
    return _shown(row, body.hearing, body.unit, member.code)


def decide_grade(session: Session, scope: Scope, graded: Graded, body: GradeDecided) -> GradeDecisionShown:
    """Confirm the computed grade of a case, or depart from it.

    422 for a value that is no other grade, or that stands beside a confirmation; 409 `nothing_to_confirm` where a range was computed.
    """
    member = scope.require(graded.programme_id, COORDINATOR)
    _check(body, graded)
    row = GradeDecision(
        programme_id=graded.programme_id,
        id=ids.new_id(),
        case_id=graded.case_id,
        decision=body.decision,
        value=body.value,
        computed=canonical(graded.computed).decode(),
        reason=body.reason,
        member_id=member.member_id,
        decided_at=clock.now(),
    )
    _keep(session, row, EventKind.GRADE_DECIDED, {"decision": row.decision, "computed": dict(graded.computed), **_told(row.value)})
    return _grade_shown(row, member.code)


def _check(body: GradeDecided, graded: Graded) -> None:
    """Refuse a decision that says nothing, or two things at once."""
    if body.decision == "confirm":
        if body.value is not None:
            raise errors.invalid(Fault("/value", NOT_RELEVANT))
        if graded.computed["value"] is None:
            raise Problem(NOTHING_TO_CONFIRM)
    elif body.value is None:
        raise errors.invalid(Fault("/value", errors.REQUIRED))
    elif body.value not in graded.taxonomy.vocabularies["grade"]:
        raise errors.invalid(Fault("/value", errors.NOT_IN_VOCABULARY))
    elif body.value == graded.computed["value"]:
        raise errors.invalid(Fault("/value", NOT_RELEVANT))


def list_disagreement_decisions(session: Session, scope: Scope, window: Window, case_id: UUID) -> Page[DisagreementDecisionShown]:
    """Every decision on disagreements of a case in the order in which they were made, for coordinators, with its reason."""
    case, of = CASES.find(session, scope, case_id), f"disagreement_decision {case_id}"
    found = queries.disagreement_decisions(session, (case.programme_id, case_id), after=_after(window, of), limit=window.limit + 1)
    rows, next_cursor = window.cut(of, found, lambda last: [str(last[0].id)])
    shown = [_shown(row, hearing, {"hearing": hearing, "participant": who}.get(row.unit, row.unit), by) for row, hearing, who, by in rows]
    return Page(items=shown, next_cursor=next_cursor)


def list_grade_decisions(session: Session, scope: Scope, window: Window, case_id: UUID) -> Page[GradeDecisionShown]:
    """Every decision on the grade of a case in the order in which they were made, for coordinators, with its reason."""
    case, of = CASES.find(session, scope, case_id), f"grade_decision {case_id}"
    found = queries.grade_decisions(session, (case.programme_id, case_id), after=_after(window, of), limit=window.limit + 1)
    rows, next_cursor = window.cut(of, found, lambda last: [str(last[0].id)])
    return Page(items=[_grade_shown(row, by) for row, by in rows], next_cursor=next_cursor)


def _after(window: Window, of: str) -> UUID | None:
    position = window.after(of)
    return UUID(position[0]) if position else None


def _keep(session: Session, row: DisagreementDecision | GradeDecision, kind: EventKind, facts: dict[str, Any]) -> None:
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        # The case, its hearing or its participant was there a moment ago.
        raise errors.missing() from None
    hearing_id = row.hearing_id if isinstance(row, DisagreementDecision) else None
    journal.record(session, Entry(kind, row.id, row.programme_id, row.case_id, hearing_id, row.member_id, facts=facts))


def _told(value: str | None) -> dict[str, str]:
    return {"value": value} if value is not None else {}


def _shown(row: DisagreementDecision, hearing: str, unit: str, by: str) -> DisagreementDecisionShown:
    return DisagreementDecisionShown(
        id=row.id,
        hearing=hearing,
        kind=row.kind,
        what=row.what,
        unit=unit,
        value=orjson.loads(row.value),
        reason=row.reason,
        by=by,
        at=row.decided_at,
    )


def _grade_shown(row: GradeDecision, by: str) -> GradeDecisionShown:
    computed = GradeComputed(**orjson.loads(row.computed))
    return GradeDecisionShown(
        id=row.id, decision=row.decision, value=row.value, computed=computed, reason=row.reason, by=by, at=row.decided_at
    )
