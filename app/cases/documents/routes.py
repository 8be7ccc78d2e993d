"""HTTP for documents."""

from app.cases.access import COORDINATORS, READERS
from app.cases.documents import service
from app.cases.documents.schemas import DocumentChanges, DocumentShown, NewDocument
from app.cases.documents.service import DOCUMENTS
from app.kit.access import Caller, allow, router
from app.kit.edits import ReplyOf
from app.kit.etags import IfMatch
from app.kit.ids import Id
from app.kit.paging import Page
from app.kit.store import StoreOf
from app.kit.windows import Search, WindowOf

api = router("cases")


@api.post("/documents", status_code=201)
@allow(COORDINATORS)
def create_document(body: NewDocument, caller: Caller, store: StoreOf, reply: ReplyOf) -> DocumentShown:
    """Add a document that can be cited, before or without its file."""
    return reply.created(store.write(lambda session: service.create_document(session, caller, body)))


@api.get("/documents")
@allow(READERS)
def list_documents(
    caller: Caller, window: WindowOf, programme_id: Id | None = None, case_id: Id | None = None, q: Search = None
) -> Page[DocumentShown]:
    """Documents by code."""
    with window.store.read() as session:
        return service.list_documents(session, caller, window, case_id, programme_id=programme_id, q=q)


@api.get("/documents/{document_id}")
@allow(READERS)
def get_document(document_id: Id, caller: Caller, store: StoreOf, reply: ReplyOf) -> DocumentShown:
    """One document."""
    with store.read() as session:
        return reply.tagged(DOCUMENTS.get(session, caller, document_id))


@api.patch("/documents/{document_id}")
@allow(COORDINATORS)
def change_document(
    document_id: Id, body: DocumentChanges, caller: Caller, store: StoreOf, reply: ReplyOf, *, if_match: IfMatch = None
) -> DocumentShown:
    """Change a document; what is left out stays."""
    return reply.tagged(store.write(lambda session: service.change_document(session, caller, document_id, body, if_match)))


@api.delete("/documents/{document_id}", status_code=204)
@allow(COORDINATORS)
def delete_document(document_id: Id, caller: Caller, store: StoreOf, if_match: IfMatch = None) -> None:
    """Delete a document that nothing cites."""
    store.write(lambda session: DOCUMENTS.remove(session, caller, document_id, if_match))
