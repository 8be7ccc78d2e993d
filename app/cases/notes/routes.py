"""HTTP for notes."""

from app.cases.access import COORDINATORS
from app.cases.notes import service
from app.cases.notes.schemas import NewNote, NoteChanges, NoteKind, NoteShown
from app.cases.notes.service import NOTES
from app.kit.access import Caller, allow, router
from app.kit.edits import ReplyOf
from app.kit.etags import IfMatch
from app.kit.ids import Id
from app.kit.paging import Page
from app.kit.store import StoreOf
from app.kit.windows import WindowOf

api = router("cases")


@api.post("/notes", status_code=201)
@allow(COORDINATORS)
def create_note(body: NewNote, caller: Caller, store: StoreOf, reply: ReplyOf) -> NoteShown:
    """Add what was read somewhere to a case, or to the programme as a whole."""
    return reply.created(store.write(lambda session: service.create_note(session, caller, body)))


@api.get("/notes")
@allow(COORDINATORS)
def list_notes(
    caller: Caller, window: WindowOf, programme_id: Id | None = None, case_id: Id | None = None, kind: NoteKind | None = None
) -> Page[NoteShown]:
    """Notes by key."""
    with window.store.read() as session:
        return service.list_notes(session, caller, window, case_id, programme_id=programme_id, kind=kind)


@api.get("/notes/{note_id}")
@allow(COORDINATORS)
def get_note(note_id: Id, caller: Caller, store: StoreOf, reply: ReplyOf) -> NoteShown:
    """One note."""
    with store.read() as session:
        return reply.tagged(NOTES.get(session, caller, note_id))


@api.patch("/notes/{note_id}")
@allow(COORDINATORS)
def change_note(note_id: Id, body: NoteChanges, caller: Caller, store: StoreOf, reply: ReplyOf, *, if_match: IfMatch = None) -> NoteShown:
    """Change a note; what is left out stays."""
    return reply.tagged(store.write(lambda session: service.change_note(session, caller, note_id, body, if_match)))


@api.delete("/notes/{note_id}", status_code=204)
@allow(COORDINATORS)
def delete_note(note_id: Id, caller: Caller, store: StoreOf, if_match: IfMatch = None) -> None:
    """Delete a note."""
    store.write(lambda session: NOTES.remove(session, caller, note_id, if_match))
