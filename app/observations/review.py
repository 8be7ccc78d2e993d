"""Plain review: accepting, returning with a question, answering it, rejecting, withdrawing, and releasing what is held."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from app.cases.assignments import service as assignments
from app.cases.sealing import Keeper
from app.forms import service as own_forms
from app.kit import clock, errors
from app.kit.access import COORDINATOR, Membership, Scope
from app.kit.errors import Fault, Kind, Problem
from app.observations import queries, rules, service, thread, versions
from app.observations.errors import (
    BASE_MISSING,
    HEARING_LOCKED,
    HELD,
    INVALID_SUPERSEDES,
    NOT_HELD,
    NOT_RETURNED,
    UNKNOWN_FORM_VERSION,
    WITHDRAWN,
)
from app.observations.models import Observation
from app.observations.preparation import form_of, last_day, missing_reference, stored_answers
from app.observations.rows import citation_rows, cited, mark_rows
from app.observations.schemas import BulkAnswer, BulkResult, BulkReviewed, ObservationShown, ReleaseAsked, Reviewed
from app.taxonomy import rules as forms
from app.taxonomy.catalogue import Form

_NO_VERSION = (errors.STALE_VERSION.code, INVALID_SUPERSEDES)
_CONFLICTS: dict[str, Kind] = {"held": HELD, "withdrawn": WITHDRAWN, "stale_version": errors.STALE_VERSION}


def review_one(session: Session, keeper: Keeper, observation_id: UUID, body: Reviewed) -> ObservationShown:
    """Decide about one observation; 409 where its status forbids it."""
    _check_reason(body.decision, body.reason)
    row = _reviewable(session, keeper.scope, observation_id)
    member = keeper.scope.require(row.programme_id, COORDINATOR)
    code = _decide(session, keeper, [row], member, (body.decision, body.reason)).get(row.id)
    if code in _CONFLICTS:
        raise Problem(_CONFLICTS[code])
    session.flush()
    return service.shown(session, keeper, row)


def review_many(session: Session, keeper: Keeper, body: BulkReviewed) -> BulkAnswer:
    """Decide about many observations at once: each that can be decided is, and the others say why not."""
    _check_reason(body.decision, body.reason)
    scope = keeper.scope
    rows = queries.find_many(session, scope.programmes(COORDINATOR), body.ids)
    fates: dict[UUID, str] = {}
    for programme in sorted({row.programme_id for row in rows}):
        member = scope.require(programme, COORDINATOR)
        mine = {row.id: row for row in rows if row.programme_id == programme}
        asked = [mine[each] for each in dict.fromkeys(body.ids) if each in mine]
        fates.update(_decide(session, keeper, asked, member, (body.decision, body.reason)))
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


def _decide(
    session: Session, keeper: Keeper, rows: Sequence[Observation], member: Membership, decided: tuple[str, str | None]
) -> dict[UUID, str]:
    """What a decision did to each observation of one programme, in the order given: `done`, `unchanged`, or the code of a conflict."""
    now = clock.now()
    chain = queries.chain(session, member.programme_id, {row.root_id for row in rows}, lock=True)
    by_root: dict[UUID, list[Observation]] = {}
    for each in chain:
        by_root.setdefault(each.root_id, []).append(each)
    fates: dict[UUID, str] = {}
    moves: list[rules.Move] = []
    facts: dict[rules.Move, dict[str, str]] = {}
    for row in rows:
        found = rules.review(decided[0], row.id, [_as_moved(each, moves) for each in by_root[row.root_id]])
        if isinstance(found, str):
            fates[row.id] = found
            continue
        fates[row.id] = "done" if found else "unchanged"
        moves.extend(found)
        if found:
            facts[found[0]] = thread.keep(session, keeper, row, thread.Said(*decided, member.member_id, now))
    versions.move(session, chain, moves, member.member_id, now, facts=facts)
    standing = [row for row in rows if fates[row.id] == "unchanged"]
    fates.update(dict.fromkeys(_say_more(session, keeper, standing, thread.Said(*decided, member.member_id, now)), "done"))
    return fates


def _say_more(session: Session, keeper: Keeper, rows: Sequence[Observation], said: thread.Said) -> list[UUID]:
    """Of observations that stand as decided already, those whose decision has words that were not said yet: another question is asked."""
    if said.decision not in rules.REASONED or not rows:
        return []
    known = thread.last_words(session, keeper, rows[0].programme_id, [row.id for row in rows], said.decision)
    fresh = [row for row in rows if said.text not in known.get(row.id, ())]
    for row in fresh:
        versions.tell_again(session, row, said.by, said.at, facts=thread.keep(session, keeper, row, said))
    return [row.id for row in fresh]


def _as_moved(row: Observation, moves: Sequence[rules.Move]) -> rules.Version:
    """A version as it stands after the moves decided so far in the same bulk."""
    last = next((move.status for move in reversed(moves) if move.id == row.id), row.status)
    accepted = row.accepted_at or (clock.now() if any(move == rules.Move(row.id, rules.ACCEPTED) for move in moves) else None)
    return rules.Version(row.id, last, row.replaces, accepted)


def answer(session: Session, keeper: Keeper, observation_id: UUID, text: str) -> ObservationShown:
    """Answer the question with which one's own filing was returned: it waits for review again. The same answer again changes nothing.

    403 for another's filing; 409 `not_returned` where no question waits, be it that a correction answered it.
    """
    row, member = _own(session, keeper.scope, observation_id)
    (row,) = (each for each in queries.chain(session, row.programme_id, [row.root_id], lock=True) if each.id == row.id)
    if row.status != rules.RETURNED:
        shown = service.shown(session, keeper, row)
        if row.status == rules.SUBMITTED and _last_words(shown) == ("answered", text):
            return shown
        raise Problem(NOT_RETURNED)
    now = clock.now()
    onward = rules.Move(row.id, rules.SUBMITTED)
    facts = thread.keep(session, keeper, row, thread.Said(thread.ANSWER, text, member.member_id, now))
    versions.move(session, [row], [onward], member.member_id, now, facts={onward: facts})
    session.flush()
    return service.shown(session, keeper, row)


def _last_words(shown: ObservationShown) -> tuple[str, str | None] | None:
    return next(((each.kind, each.text) for each in reversed(shown.thread) if each.observation == shown.id), None)


def _own(session: Session, scope: Scope, observation_id: UUID) -> tuple[Observation, Membership]:
    """A filing with the membership under which the caller filed it; 403 for another's filing, and `device_required` as for filing."""
    row = service.find(session, scope, observation_id)
    member = next((each for each in scope.memberships if each.member_id == row.member_id), None)
    if member is None:
        raise Problem(errors.FORBIDDEN)
    scope.demand_device(row.programme_id)
    return row, member


def withdraw(session: Session, keeper: Keeper, observation_id: UUID, reason: str) -> ObservationShown:
    """Take one's own filing back with all its versions; 409 for a version that a newer one stands on, 403 for another's filing.

    409 `hearing_locked` where an observer would take out what counts of a locked hearing.
    """
    row, member = _own(session, keeper.scope, observation_id)
    # The hearings before their observations, as intake takes them.
    locked = {each.id for each in queries.chain(session, row.programme_id, [row.root_id]) if versions.is_locked(session, each)}
    chain = queries.chain(session, row.programme_id, [row.root_id], lock=True)
    moves = rules.withdrawal(row.id, [versions.version_of(each) for each in chain])
    if isinstance(moves, str):
        raise Problem(_CONFLICTS[moves])
    if moves:
        if any(each.status == rules.ACCEPTED and each.id in locked for each in chain):
            raise Problem(HEARING_LOCKED)
        now = clock.now()
        facts = thread.keep(session, keeper, row, thread.Said("withdraw", reason, member.member_id, now))
        versions.move(session, chain, moves, member.member_id, now, facts={moves[0]: facts})
        session.flush()
    return service.shown(session, keeper, row)


def release(session: Session, keeper: Keeper, observation_id: UUID, body: ReleaseAsked, key: bytes) -> ObservationShown:
    """Let a held observation go on, after it was checked again; where it still breaks its form it stays held, with its faults listed."""
    scope = keeper.scope
    row = _reviewable(session, scope, observation_id)
    member = scope.require(row.programme_id, COORDINATOR)
    # Held until the transaction ends: it goes on once, whoever releases it or sends what it waits for.
    versions.hold(session, {row.programme_id}, {row.root_id})
    session.refresh(row)
    if row.status != rules.HELD:
        raise Problem(NOT_HELD)
    now = clock.now()
    if row.held_code == UNKNOWN_FORM_VERSION:
        faults = _read_as(session, row, body.form_version or row.form_version, key)
        if faults:
            return service.shown(session, keeper, row, faults)
    if row.supersedes is not None and row.replaces is None:
        # Why it is no version of anything is kept: what it corrects has not come, was corrected already, or is something else.
        code = row.held_code if row.held_code in _NO_VERSION else BASE_MISSING
        row.held_code = code
        session.add(row)
        return service.shown(session, keeper, row, [Fault("/supersedes", code)])
    if body.assign and row.origin == versions.OBSERVED:
        assignments.assign(session, scope, row.programme_id, row.member_id, case_id=row.case_id, hearing_id=row.hearing_id)
    facts = thread.keep(session, keeper, row, thread.Said("release", body.reason, member.member_id, now))
    trusting = queries.trusting(session, {row.programme_id})
    versions.activate(session, row, member.member_id, now, is_trusted=str(row.programme_id) in trusting, facts=facts)
    session.flush()
    return service.shown(session, keeper, row)


def _read_as(session: Session, row: Observation, version: str, key: bytes) -> list[Fault]:
    """Read a held observation under a form version: its marks are made, or its faults are told and nothing changes."""
    form = _form(session, row, version)
    if form is None:
        return [Fault("/form_version", UNKNOWN_FORM_VERSION)]
    answers = stored_answers(row.answers, row.narrative)
    faults = forms.check_answers(form, answers, hearing_id=row.hearing_id, today=last_day(clock.now()))
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


def _form(session: Session, row: Observation, version: str) -> Form | None:
    if row.form_code is None:
        return form_of(row.form, version)
    wanted = (row.programme_id, row.form_code, version)
    return own_forms.published(session, [wanted]).get(wanted)


def _unknown(session: Session, row: Observation, refs: Sequence[forms.Reference]) -> list[Fault]:
    mine = {row.programme_id}
    named = {kind: {ref.id for ref in refs if ref.kind == kind} for kind in ("participant", "document", "observation")}
    people = queries.cases_of_participants(session, mine, named["participant"])
    there = {("participant", each) for each, case in people.items() if case == str(row.case_id)}
    there |= {("document", each) for each in queries.programmes_of_documents(session, mine, named["document"])}
    there |= {("observation", each) for _, each in queries.known(session, mine, named["observation"])}
    return [missing_reference(ref) for ref in refs if (ref.kind, ref.id) not in there]
