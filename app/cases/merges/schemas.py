"""What crosses the wire about merges: ids, and a reason."""

from pydantic import ConfigDict

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
