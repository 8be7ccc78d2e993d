"""What crosses the wire about documents."""

import datetime as dt
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.cases.schemas import Title
from app.kit.edits import UNCHANGED
from app.kit.ids import Id
from app.kit.wire import Body, Code, PartialDate

DocumentKind = Literal["judgment", "appeal_decision", "hearing_record", "decision", "official_statement", "report", "other"]


class DocumentChanges(Body):
    """What may be changed of a document; what is left out stays, and null clears."""

    model_config = ConfigDict(json_schema_extra={"example": {"dated": "2012-06"}})

    code: Code = UNCHANGED
    kind: DocumentKind = UNCHANGED
    title: Title = UNCHANGED
    dated: PartialDate | None = UNCHANGED
    attachment_id: Id | None = UNCHANGED


class NewDocument(DocumentChanges):
    """A document to be cited, before or without a file; `dated` is a date as printed, maybe in part."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "programme_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                "case_id": "01890a5d-ac96-774b-bcce-b302099a8058",
                "code": "judgment",
                "kind": "judgment",
                "title": "Judgment of the court of first instance",
                "dated": "2012-06",
            }
        }
    )

    programme_id: Id
    case_id: Id | None = None
    code: Code
    kind: DocumentKind
    title: Title


class DocumentShown(BaseModel):
    """A document; `case_id` null means that it belongs to no case, `attachment_id` null that its file is not here."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    programme_id: UUID
    case_id: UUID | None
    code: str
    kind: DocumentKind
    title: str
    dated: str | None
    attachment_id: UUID | None
    version: int
    created_at: dt.datetime
