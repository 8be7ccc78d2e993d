"""What coordinators do with outcomes."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.cases.casefiles.service import CASES, check_case
from app.cases.errors import OUTCOME_EXISTS, refuse
from app.cases.ledger import Events, Ledger, born
from app.cases.models import Outcome
from app.cases.outcomes import rules
from app.cases.outcomes.schemas import NewOutcome, OutcomeChanges, OutcomeShown
from app.cases.participants.service import PARTICIPANTS
from app.cases.schemas import columns_of, source_of
from app.cases.sources import check_source
from app.journal.schemas import EventKind
from app.kit.access import Scope
from app.kit.paging import Page
from app.kit.windows import Window
from app.taxonomy.catalogue import current


def _show(_: Session, rows: Sequence[Outcome]) -> list[OutcomeShown]:
    return [OutcomeShown(**row.model_dump(), source=source_of(row)) for row in rows]


OUTCOMES = Ledger(
    Outcome,
    Events(EventKind.OUTCOME_CREATED, EventKind.OUTCOME_DELETED, EventKind.OUTCOME_CHANGED),
    _show,
    told=("instance",),
    refusals={"uq_outcome_programme_id_participant_id": OUTCOME_EXISTS},
)


def create_outcome(session: Session, scope: Scope, new: NewOutcome) -> OutcomeShown:
    """Add an outcome; 422 where it does not hold together, 409 `outcome_exists` for a second verdict on one participant."""
    case = CASES.find(session, scope, new.case_id, place="/case_id")
    columns = columns_of(new)
    refuse(rules.outcome_faults(columns, current()))
    _check_references(session, case.programme_id, case.id, new, columns)
    return OUTCOMES.add(session, scope, Outcome(**{**born(case.programme_id), **columns}))


def change_outcome(session: Session, scope: Scope, outcome_id: UUID, changes: OutcomeChanges, if_match: str | None) -> OutcomeShown:
    """Change what was sent of an outcome; the whole is checked again."""
    outcome = OUTCOMES.open(session, scope, outcome_id, if_match)
    columns = columns_of(changes)
    refuse(rules.outcome_faults({**outcome.model_dump(), **columns}, current()))
    _check_references(session, outcome.programme_id, outcome.case_id, changes, columns)
    return OUTCOMES.change(session, scope, outcome, columns)


def list_outcomes(session: Session, scope: Scope, window: Window, case_id: UUID | None, **wanted: Any) -> Page[OutcomeShown]:
    """Outcomes in the order in which they were entered."""
    check_case(session, scope, case_id)
    return OUTCOMES.page(session, scope, window, case_id=case_id, **wanted)


def _check_references(session: Session, programme_id: UUID, case_id: UUID, body: OutcomeChanges, columns: Mapping[str, Any]) -> None:
    if columns.get("participant_id") is not None:
        PARTICIPANTS.within(session, programme_id, columns["participant_id"], "/participant_id", case_id)
    if "source_document_id" in columns:
        check_source(session, programme_id, case_id, body.source)
