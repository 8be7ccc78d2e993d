"""Plain review: accepting, returning, rejecting, withdrawing, and releasing what is held."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.cases.assignments import service as assignments
from app.kit import clock, errors, ids
from app.kit.access import COORDINATOR, Membership, Scope
from app.kit.errors import Fault, Kind, Problem
from app.observations import queries, rules, service, versions
from app.observations.errors import BASE_MISSING, HELD, NOT_HELD, UNKNOWN_FORM_VERSION, WITHDRAWN
from app.observations.models import Decision, Observation
from app.observations.preparation import form_of, missing_reference, stored_answers
from app.observations.rows import citation_rows, cited, mark_rows
from app.observations.schemas import BulkAnswer, BulkResult, BulkReviewed, ObservationShown, ReleaseAsked, Reviewed
from app.taxonomy import rules as forms

OBSERVED = "observer"
_CONFLICTS: dict[str, Kind] = {"held": HELD, "withdrawn": WITHDRAWN, "stale_version": errors.STALE_VERSION}


def review_one(session: Session, scope: Scope, observation_id: UUID, body: Reviewed) -> ObservationShown:
    """Decide about one observation; 409 where its status forbids it."""
    _check_reason(body.decision, body.reason)
    row = _reviewable(session, scope, observation_id)
    code = _decide(session, [row], scope.require(row.programme_id, COORDINATOR), body.decision, body.reason).get(row.id)
    if code in _CONFLICTS:
        raise Problem(_CONFLICTS[code])
    session.flush()
    return service.shown(session, scope, row)


def review_many(session: Session, scope: Scope, body: BulkReviewed) -> BulkAnswer:
    """Decide about many observations at once: each that can be decided is, and the others say why not."""
    _check_reason(body.decision, body.reason)
    rows = queries.find_many(session, scope.programmes(COORDINATOR), body.ids)
    fates: dict[UUID, str] = {}
    for programme in sorted({row.programme_id for row in rows}):
        member = scope.require(programme, COORDINATOR)
        mine = {row.id: row for row in rows if row.programme_id == programme}
        asked = [mine[each] for each in dict.fromkeys(body.ids) if each in mine]
        fates.update(_decide(session, asked, member, body.decision, body.reason))
    return BulkAnswer(results=[_result(each, fates.get(each)) for each in body.ids])


def _result(observation_id: UUID, fate: str | None) -> BulkResult:
    if fate is None:
        return BulkResult(id=observation_id, status="not_found")
    if fate in _CONFLICTS:
        return BulkResult(id=observation_id, status="conflict", code=fate)
    return BulkResult(id=observation_id, status="unchanged" if fate == "unchanged" else "done")


def _check_reason(decision: str, reason: str | None) -> None:
    if decision in rules.REASONED and reason is None:
        raise errors.invalid(Fault("/reason", errors.REQUIRED))


def _reviewable(session: Session, scope: Scope, observation_id: UUID) -> Observation:
    row = service.find(session, scope, observation_id)
    scope.require(row.programme_id, COORDINATOR)
    return row


def _decide(session: Session, rows: Sequence[Observation], member: Membership, decision: str, reason: str | None) -> dict[UUID, str]:
    """What a decision did to each observation of one programme, in the order given: `done`, `unchanged`, or the code of a conflict."""
    now = clock.now()
    chain = queries.chain(session, member.programme_id, {row.root_id for row in rows}, lock=True)
    by_root: dict[UUID, list[Observation]] = {}
    for each in chain:
        by_root.setdefault(each.root_id, []).append(each)
    fates: dict[UUID, str] = {}
    moves: list[rules.Move] = []
    for row in rows:
        found = rules.review(decision, row.id, [_as_moved(each, moves) for each in by_root[row.root_id]])
        if isinstance(found, str):
            fates[row.id] = found
            continue
        fates[row.id] = "done" if found else "unchanged"
        moves.extend(found)
        if found:
            _keep(session, row, member, (decision, reason), now)
    versions.move(session, chain, moves, member.member_id, now)
    return fates


def _as_moved(row: Observation, moves: Sequence[rules.Move]) -> rules.Version:
    """A version as it stands after the moves decided so far in the same bulk."""
    last = next((move.status for move in reversed(moves) if move.id == row.id), row.status)
    accepted = row.accepted_at or (clock.now() if any(move == rules.Move(row.id, rules.ACCEPTED) for move in moves) else None)
    return rules.Version(row.id, last, row.replaces, accepted)


def _keep(session: Session, row: Observation, member: Membership, decided: tuple[str, str | None], now: datetime) -> None:
    decision, reason = decided
    session.add(
        Decision(
            programme_id=row.programme_id,
            id=ids.new_id(),
            observation_id=row.id,
            member_id=member.member_id,
            decided_at=now,
            decision=decision,
            reason=reason,
        )
    )


def withdraw(session: Session, scope: Scope, observation_id: UUID, reason: str) -> ObservationShown:
    """Take one's own filing back with all its versions; 409 for a version that a newer one stands on, 403 for another's filing."""
    row = service.find(session, scope, observation_id)
    member = next((each for each in scope.memberships if each.member_id == row.member_id), None)
    if member is None:
        raise Problem(errors.FORBIDDEN)
    chain = queries.chain(session, row.programme_id, [row.root_id], lock=True)
    moves = rules.withdrawal(row.id, [versions.version_of(each) for each in chain])
    if isinstance(moves, str):
        raise Problem(_CONFLICTS[moves])
    if moves:
        now = clock.now()
        _keep(session, row, member, ("withdraw", reason), now)
        versions.move(session, chain, moves, member.member_id, now)
        session.flush()
    return service.shown(session, scope, row)


def release(session: Session, scope: Scope, observation_id: UUID, body: ReleaseAsked, key: bytes) -> ObservationShown:
    """Let a held observation go on, after it was checked again; where it still breaks its form it stays held, with its faults listed."""
    row = _reviewable(session, scope, observation_id)
    member = scope.require(row.programme_id, COORDINATOR)
    if row.status != rules.HELD:
        raise Problem(NOT_HELD)
    now = clock.now()
    if row.held_code == UNKNOWN_FORM_VERSION:
        faults = _read_as(session, row, body.form_version or row.form_version, key)
        if faults:
            return service.shown(session, scope, row, faults)
    if row.supersedes is not None and row.replaces is None:
        row.held_code = BASE_MISSING
        session.add(row)
        return service.shown(session, scope, row, [Fault("/supersedes", BASE_MISSING)])
    if body.assign and row.origin == OBSERVED:
        assignments.assign(session, scope, row.programme_id, row.member_id, case_id=row.case_id, hearing_id=row.hearing_id)
    _keep(session, row, member, ("release", body.reason), now)
    trusting = queries.trusting(session, {row.programme_id})
    versions.activate(session, row, member.member_id, now, is_trusted=str(row.programme_id) in trusting)
    session.flush()
    return service.shown(session, scope, row)


def _read_as(session: Session, row: Observation, version: str, key: bytes) -> list[Fault]:
    """Read a held observation under a form version: its marks are made, or its faults are told and nothing changes."""
    form = form_of(row.form, version)
    if form is None:
        return [Fault("/form_version", UNKNOWN_FORM_VERSION)]
    answers = stored_answers(row.answers, row.narrative)
    faults = forms.check_answers(form, answers, hearing_id=row.hearing_id, today=clock.now().date())
    if faults:
        return faults
    kept = forms.clean_answers(form, answers)
    refs = forms.references(form, kept)
    faults = _unknown(session, row, refs)
    if not faults:
        row.read_as = version
        queries.insert_marks(session, mark_rows(row.programme_id, row.id, row.case_id, forms.emit_marks(form, kept), key))
        queries.insert_citations(session, citation_rows(row.programme_id, row.id, cited(refs)))
    return faults


def _unknown(session: Session, row: Observation, refs: Sequence[forms.Reference]) -> list[Fault]:
    mine = {row.programme_id}
    named = {kind: {ref.id for ref in refs if ref.kind == kind} for kind in ("participant", "document", "observation")}
    people = queries.cases_of_participants(session, mine, named["participant"])
    there = {("participant", each) for each, case in people.items() if case == str(row.case_id)}
    there |= {("document", each) for each in queries.programmes_of_documents(session, mine, named["document"])}
    there |= {("observation", each) for _, each in queries.known(session, mine, named["observation"])}
    return [missing_reference(ref) for ref in refs if (ref.kind, ref.id) not in there]
