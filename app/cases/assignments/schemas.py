"""What crosses the wire about assignments."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.kit.ids import Id
from app.kit.wire import Body


class NewAssignment(Body):
    """Somebody is to observe one hearing, or a whole case with its hearings: exactly one of the two."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"member_id": "01890a5d-ac96-774b-bcce-b302099a8057", "hearing_id": "01890a5d-ac96-774b-bcce-b302099a8058"}
        }
    )

    member_id: Id
    hearing_id: Id | None = None
    case_id: Id | None = None


class AssignmentShown(BaseModel):
    """Who observes what."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    programme_id: UUID
    member_id: UUID
    hearing_id: UUID | None
    case_id: UUID | None
    created_at: dt.datetime
