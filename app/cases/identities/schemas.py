"""What crosses the wire about names: in when they are entered or looked for, out when a custodian opens them, and nowhere else."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.cases.schemas import Title, refusal
from app.journal.showing import What, discloses
from app.kit import errors
from app.kit.ids import Id
from app.kit.wire import Body, Reason

MOST_NAMES = 10
LONGEST_NAME = 200


def _tidy(text: str) -> str:
    found = " ".join(text.split())
    if len(found) > LONGEST_NAME:
        raise PydanticCustomError("string_too_long", errors.TOO_LONG)
    return found


PersonName = Annotated[Title, AfterValidator(_tidy)]
"""A name as it was written somewhere, in any alphabet, at most 200 letters; blanks are single."""


class Name(Body):
    """One name or spelling of a name."""

    text: PersonName


def _different(names: list[Name]) -> list[Name]:
    if len({each.text for each in names}) != len(names):
        raise refusal(errors.DUPLICATE_ITEM)
    return names


class IdentityBody(Body):
    """Who a participant is: every name and spelling that is known, and how the person can be reached. It takes the place of what stood."""

    model_config = ConfigDict(json_schema_extra={"example": {"names": [{"text": "Surname Given-Name"}], "contact": "by way of counsel"}})

    names: Annotated[list[Name], AfterValidator(_different)] = Field(min_length=1, max_length=MOST_NAMES)
    contact: Title | None = None


class RevealBody(Body):
    """Why a name is opened."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"reason": "The registry of the court of appeal asks whom the appeal is about."}}
    )

    reason: Reason


class NameShown(BaseModel):
    """One name or spelling of a name."""

    text: str


class IdentityOpened(BaseModel):
    """Who a participant is."""

    participant_id: UUID
    names: Annotated[list[NameShown], discloses(What.IDENTITY)]
    contact: Annotated[str | None, discloses(What.IDENTITY)]
    version: int
    updated_at: dt.datetime


class NameSought(Body):
    """A name to be looked for among those entered in a programme, or in one of its cases."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "programme_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                "case_id": "01890a5d-ac96-774b-bcce-b302099a8058",
                "name": "Surname G.",
            }
        }
    )

    programme_id: Id
    case_id: Id | None = None
    name: PersonName


class Candidate(BaseModel):
    """Somebody who may be meant: by code, and never by name. `auto` says that the names are spellings of one another; nothing is merged."""

    participant_id: UUID
    code: str
    score: int = Field(ge=0, le=100)
    level: Literal["auto", "suggest"]
    reason: str


class Candidates(BaseModel):
    """Who may be meant, the likeliest first; at most twenty."""

    candidates: Annotated[list[Candidate], discloses(What.IDENTITY)]
