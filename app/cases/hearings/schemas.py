"""What crosses the wire about hearings."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.cases.schemas import Day, InstanceTerm, Term
from app.journal.showing import What, discloses
from app.kit.edits import UNCHANGED
from app.kit.ids import Id
from app.kit.wire import Body, Code, Instant, Reason

HearingStatus = Literal["scheduled", "held", "postponed", "cancelled"]
HearingType = Annotated[str, Term("hearing_type")]
CourtLanguage = Annotated[str, Term("court_language")]
HearingMode = Annotated[str, Term("hearing_mode")]


class HearingChanges(Body):
    """What may be changed of a hearing; what is left out stays, and null clears."""

    model_config = ConfigDict(json_schema_extra={"example": {"status": "held"}})

    code: Code = UNCHANGED
    date: Day = UNCHANGED
    court_id: Id | None = UNCHANGED
    starts_at: Instant | None = UNCHANGED
    instance: InstanceTerm = UNCHANGED
    hearing_type: HearingType = UNCHANGED
    language: CourtLanguage | None = UNCHANGED
    status: HearingStatus = UNCHANGED
    mode: HearingMode | None = UNCHANGED


class NewHearing(HearingChanges):
    """A hearing to be added: `date` is the plain day in the court's zone; without a court of its own, it is in the case's."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "case_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                "code": "H-01",
                "date": "2012-04-02",
                "instance": "first",
                "hearing_type": "opening",
                "status": "held",
                "language": "kk",
            }
        }
    )

    case_id: Id
    code: Code
    date: Day
    instance: InstanceTerm
    hearing_type: HearingType
    status: HearingStatus


class LockReason(Body):
    """Why a hearing is locked, or unlocked again."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "All that was filed was read against the audio record."}})

    reason: Reason


class HearingShown(BaseModel):
    """A hearing; `court_id` null means the case's court. `locked_at` stands while it is locked."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    programme_id: UUID
    case_id: UUID
    code: str
    date: dt.date
    court_id: UUID | None
    starts_at: dt.datetime | None
    instance: str
    hearing_type: str
    language: str | None
    status: HearingStatus
    mode: str | None
    locked_at: dt.datetime | None
    version: int
    created_at: dt.datetime


class LockShown(BaseModel):
    """That a hearing was locked, or unlocked again: by whom (their code), when, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01998c1e-0f00-7000-8000-0000000000e1",
                    "what": "locked",
                    "by": "C1",
                    "at": "2026-11-25T18:30:00.000000Z",
                    "reason": "All that was filed was read against the audio record.",
                }
            ]
        }
    )

    id: UUID
    what: Literal["locked", "unlocked"]
    by: str
    at: dt.datetime
    reason: Annotated[str, discloses(What.REASON)]
