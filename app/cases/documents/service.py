"""What coordinators do with documents."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.cases.casefiles.service import CASES, check_case
from app.cases.documents.schemas import DocumentChanges, DocumentShown, NewDocument
from app.cases.ledger import Events, Ledger, born
from app.cases.models import Document
from app.cases.schemas import columns_of
from app.journal.schemas import EventKind
from app.kit import errors
from app.kit.access import COORDINATOR, Scope
from app.kit.errors import CODE_TAKEN
from app.kit.paging import Page
from app.kit.windows import Window

AttachmentExists = Callable[[Session, UUID, UUID], bool]
"""Whether a programme has a whole attachment: session, programme, attachment."""


def _none(_session: Session, _programme_id: UUID, _attachment_id: UUID) -> bool:
    return False


@dataclass
class Attachments:
    """Where to ask whether an attachment exists: named when the program is put together, for they are kept in a package above."""

    exists: AttachmentExists = _none


ATTACHMENTS = Attachments()


def _show(_: Session, rows: Sequence[Document]) -> list[DocumentShown]:
    return [DocumentShown.model_validate(row) for row in rows]


DOCUMENTS = Ledger(
    Document,
    Events(EventKind.DOCUMENT_CREATED, EventKind.DOCUMENT_DELETED, EventKind.DOCUMENT_CHANGED),
    _show,
    told=("code",),
    order=("code_key", "id"),
    code="code",
    searched=("title",),
    refusals={"uq_document_programme_id_code_key": CODE_TAKEN},
)


def create_document(session: Session, scope: Scope, new: NewDocument) -> DocumentShown:
    """Add a document to a programme; 409 `code_taken`, 404 at `/case_id` for a case of another programme."""
    scope.require(new.programme_id, COORDINATOR, place="/programme_id")
    if new.case_id is not None:
        CASES.within(session, new.programme_id, new.case_id, "/case_id")
    _check_attachment(session, new.programme_id, new)
    return DOCUMENTS.add(session, scope, Document(**{**born(new.programme_id), **columns_of(new)}))


def change_document(session: Session, scope: Scope, document_id: UUID, changes: DocumentChanges, if_match: str | None) -> DocumentShown:
    """Change what was sent of a document."""
    document = DOCUMENTS.open(session, scope, document_id, if_match)
    _check_attachment(session, document.programme_id, changes)
    return DOCUMENTS.change(session, scope, document, columns_of(changes))


def attach(session: Session, scope: Scope, document_id: UUID, attachment_id: UUID) -> None:
    """Make an attachment the file of a document."""
    DOCUMENTS.change(session, scope, DOCUMENTS.open(session, scope, document_id, None), {"attachment_id": attachment_id})


def _check_attachment(session: Session, programme_id: UUID, changes: DocumentChanges) -> None:
    attachment_id = columns_of(changes).get("attachment_id")
    if attachment_id is not None and not ATTACHMENTS.exists(session, programme_id, attachment_id):
        raise errors.missing("/attachment_id")


def list_documents(session: Session, scope: Scope, window: Window, case_id: UUID | None, **wanted: Any) -> Page[DocumentShown]:
    """Documents by code."""
    check_case(session, scope, case_id)
    return DOCUMENTS.page(session, scope, window, case_id=case_id, **wanted)
