"""What crosses the wire about courts."""

import datetime as dt
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.cases.schemas import Title
from app.kit.edits import UNCHANGED
from app.kit.ids import Id
from app.kit.wire import Body, Code, Text
from app.kit.zones import Zone


class CourtChanges(Body):
    """What may be changed of a court; what is left out stays, and null clears."""

    model_config = ConfigDict(json_schema_extra={"example": {"label": "City court", "timezone": "Asia/Aqtau"}})

    code: Code = UNCHANGED
    label: Title = UNCHANGED
    name: Text | None = UNCHANGED
    place: Text | None = UNCHANGED
    region: Text | None = UNCHANGED
    timezone: Zone | None = UNCHANGED


class NewCourt(CourtChanges):
    """A court to be added; without a time zone, the programme's holds."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "programme_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                "code": "CT1",
                "label": "City court",
                "place": "Aktau",
                "timezone": "Asia/Aqtau",
            }
        }
    )

    programme_id: Id
    code: Code
    label: Title


class CourtShown(BaseModel):
    """A court; `timezone` null means the programme's."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    programme_id: UUID
    code: str
    label: str
    name: str | None
    place: str | None
    region: str | None
    timezone: str | None
    version: int
    created_at: dt.datetime
