"""The versions of an observation beside each other: what each changed, and where two corrections of one version collide."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.journal.schemas import Entry
from app.kit.access import Scope
from app.observations import queries, service
from app.observations.differing import Collision, Reader, changed, collide, ids_in
from app.observations.models import Observation
from app.observations.preparation import form_of, stored_answers
from app.observations.schemas import AnswerChanged, Collided, DifferencesShown, VersionDiffers
from app.taxonomy.catalogue import Form


def show(session: Session, scope: Scope, observation_id: UUID, language: str) -> tuple[DifferencesShown, list[Entry]]:
    """The chain of an observation, oldest first, each with what it changed in the version before it; and what the journal must hold first.

    A correction that is held because another one was there first stands in it too, with what both changed.
    """
    row = service.find(session, scope, observation_id)
    chain = _in_order([*queries.chain(session, row.programme_id, [row.root_id])])
    late = queries.late_corrections(session, row.programme_id, [each.id for each in chain])
    rows = {each.id: each for each in (*chain, *late)}
    form = form_of(row.form, row.read_as or row.form_version)
    answers = {each.id: stored_answers(each.answers, each.narrative) for each in rows.values()}
    codes = queries.codes_of(session, row.programme_id, {each for some in answers.values() for each in ids_in(form, some)})
    reader = Reader(form, codes, language)
    by = queries.code_of_member(session, row.programme_id, row.member_id)
    versions = [_version(each, by, _changes(each, answers, reader, form)) for each in rows.values()]
    for each, shown in zip(rows.values(), versions, strict=True):
        first = next((other for other in chain if other.replaces == each.supersedes and other.id != each.id), None)
        if each in late and first is not None and each.supersedes is not None:
            collision = collide(form, answers[each.supersedes], answers[each.id], answers[first.id])
            shown.collision = _collided(first.id, collision)
    return DifferencesShown(versions=versions), service.showings(session, scope, row)


def _in_order(chain: list[Observation]) -> list[Observation]:
    """A chain from its first version on; whatever arrived when."""
    following = {each.replaces: each for each in chain}
    ordered = []
    at = following.get(None)
    while at is not None:
        ordered.append(at)
        at = following.get(at.id)
    return ordered


def _changes(row: Observation, answers: Mapping[UUID, Mapping[str, Any]], reader: Reader, form: Form | None) -> list[AnswerChanged]:
    if row.supersedes is None or row.supersedes not in answers:
        return []
    before, after = answers[row.supersedes], answers[row.id]
    return [
        AnswerChanged(
            question=code,
            label=reader.question(code),
            before=before.get(code),
            after=after.get(code),
            before_label=reader.answer(code, before.get(code)),
            after_label=reader.answer(code, after.get(code)),
        )
        for code in changed(form, before, after)
    ]


def _version(row: Observation, by: str, changes: list[AnswerChanged]) -> VersionDiffers:
    return VersionDiffers(
        id=row.id,
        captured_at=row.captured_at,
        received_at=row.received_at,
        by=by,
        status=row.status,
        against=row.supersedes,
        changes=changes,
    )


def _collided(other: UUID, found: Collision) -> Collided:
    return Collided(other=other, same=list(found.same), mine=list(found.mine), theirs=list(found.theirs))
