"""What crosses the wire about merges: ids, and a reason."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.journal.showing import What, discloses
from app.kit.ids import Id
from app.kit.wire import Body, Reason


class MergeBody(Body):
    """Who the participant is, and why that is believed."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "into": "01890a5d-ac96-774b-bcce-b302099a8057",
                "reason": "The judgment gives both spellings for the same date of birth.",
            }
        }
    )

    into: Id
    reason: Reason


class UnmergeBody(Body):
    """Why a participant is somebody else after all."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Both were in the dock on the same day."}})

    reason: Reason


class MergeShown(BaseModel):
    """That a participant was found to be another one, or not to be that one after all: by whom (their code), when, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01998c1e-0f00-7000-8000-0000000000f2",
                    "what": "merged",
                    "participant_id": "01998c1e-0f00-7000-8000-0000000000d2",
                    "participant": "D02",
                    "into_id": "01998c1e-0f00-7000-8000-0000000000d1",
                    "into": "D01",
                    "by": "C1",
                    "at": "2026-11-25T18:30:00.000000Z",
                    "reason": "The judgment gives both spellings for the same date of birth.",
                }
            ]
        }
    )

    id: UUID
    what: Literal["merged", "unmerged"]
    participant_id: UUID
    participant: str
    into_id: UUID
    into: str
    by: str
    at: datetime
    reason: Annotated[str, discloses(What.REASON)]
