"""What coordinators do with notes."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.cases.casefiles.service import CASES, check_case
from app.cases.errors import refuse
from app.cases.ledger import Events, Ledger, born
from app.cases.models import Note
from app.cases.notes import rules
from app.cases.notes.schemas import NewNote, NoteChanges, NoteShown
from app.cases.participants.service import PARTICIPANTS
from app.cases.schemas import columns_of, source_of
from app.cases.sources import check_source
from app.journal.schemas import EventKind
from app.kit import errors
from app.kit.access import COORDINATOR, Scope
from app.kit.errors import CODE_TAKEN
from app.kit.paging import Page
from app.kit.windows import Window
from app.taxonomy.catalogue import current


def _show(_: Session, rows: Sequence[Note]) -> list[NoteShown]:
    return [NoteShown(**row.model_dump(), values=row.given, source=source_of(row)) for row in rows]


NOTES = Ledger(
    Note,
    Events(EventKind.NOTE_CREATED, EventKind.NOTE_DELETED, EventKind.NOTE_CHANGED),
    _show,
    told=("kind", "key"),
    order=("code_key", "id"),
    code="key",
    refusals={"uq_note_programme_id_parent_id_code_key": CODE_TAKEN},
)


def create_note(session: Session, scope: Scope, new: NewNote) -> NoteShown:
    """Add a note to a case or to the programme; 409 `code_taken` where its key stands there already."""
    scope.require(new.programme_id, COORDINATOR, place="/programme_id")
    if new.case_id is not None:
        CASES.within(session, new.programme_id, new.case_id, "/case_id")
    columns = _columns(session, new.programme_id, new.case_id, new, {"kind": new.kind, "given": new.values})
    parent_id = new.case_id or new.programme_id
    return NOTES.add(session, scope, Note(**{**born(new.programme_id), "parent_id": parent_id, "given": new.values, **columns}))


def change_note(session: Session, scope: Scope, note_id: UUID, changes: NoteChanges, if_match: str | None) -> NoteShown:
    """Change what was sent of a note; its values are checked again."""
    note = NOTES.open(session, scope, note_id, if_match)
    columns = _columns(session, note.programme_id, note.case_id, changes, note.model_dump())
    return NOTES.change(session, scope, note, columns)


def list_notes(session: Session, scope: Scope, window: Window, case_id: UUID | None, **wanted: Any) -> Page[NoteShown]:
    """Notes by key."""
    check_case(session, scope, case_id)
    return NOTES.page(session, scope, window, case_id=case_id, **wanted)


def _columns(session: Session, programme_id: UUID, case_id: UUID | None, body: NoteChanges, standing: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that were sent, once the note as a whole is sound: what it points at exists, and its values suit its kind."""
    columns = columns_of(body)
    if "values" in columns:
        columns["given"] = columns.pop("values")
    kind, given = columns.get("kind", standing["kind"]), columns.get("given", standing["given"])
    refuse(rules.values_faults(kind, given, current()))
    columns["participant_id"] = None
    if kind == "identity_question":
        asked_about = _asked_about(session, programme_id, case_id, given)
        columns |= {"participant_id": asked_about, "given": {**given, "participant": str(asked_about)}}
    if "source_locator" in columns:
        check_source(session, programme_id, case_id, body.source)
    return columns


def _asked_about(session: Session, programme_id: UUID, case_id: UUID | None, given: Mapping[str, Any]) -> UUID:
    if case_id is None:
        raise errors.missing("/values/participant")
    return PARTICIPANTS.within(session, programme_id, UUID(given["participant"]), "/values/participant", case_id).id
