"""What crosses the wire about participants: codes and roles, never a name."""

import datetime as dt
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.cases.schemas import MOST_PEOPLE, RoleTerm, Source, SourceShown
from app.kit.edits import UNCHANGED
from app.kit.ids import Id
from app.kit.wire import Body, Code

StandsFor = Literal["person", "group"]


class Placeholder(Body):
    """Somebody nobody identified: one unit, whatever its size. `count` null means that the size is not known."""

    stands_for: StandsFor
    count: int | None = Field(ge=1, le=MOST_PEOPLE)
    at_least: int | None = Field(default=None, ge=1, le=MOST_PEOPLE)


class ParticipantChanges(Body):
    """What may be changed of a participant; what is left out stays, and null clears."""

    model_config = ConfigDict(json_schema_extra={"example": {"is_protected": True}})

    code: Code = UNCHANGED
    role: RoleTerm = UNCHANGED
    is_anonymous: bool = UNCHANGED
    is_protected: bool = UNCHANGED
    named_in_source: bool = UNCHANGED
    placeholder: Placeholder | None = UNCHANGED


class NewParticipant(ParticipantChanges):
    """A participant to be added. `role` is the role under the default reading; `code` is what everybody sees instead of a name."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "case_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                "code": "D01",
                "role": "defendant",
                "is_anonymous": False,
                "is_protected": False,
                "named_in_source": True,
            }
        }
    )

    case_id: Id
    code: Code
    role: RoleTerm
    is_anonymous: bool
    is_protected: bool
    named_in_source: bool


class ContestedRole(Body):
    """The role that a source gives a participant. Participants that name the same reading switch together."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "role": "witness",
                "reading": "B",
                "source": {"document_id": "01890a5d-ac96-774b-bcce-b302099a8057", "locator": "paragraph 7"},
            }
        }
    )

    role: RoleTerm
    reading: Code
    source: Source


class RoleShown(BaseModel):
    """The role that a source gives a participant, under the name of a reading."""

    id: UUID
    participant_id: UUID
    role: str
    reading: str
    source: SourceShown
    created_at: dt.datetime


class PlaceholderShown(BaseModel):
    """Somebody nobody identified."""

    stands_for: StandsFor
    count: int | None
    at_least: int | None


class ParticipantShown(BaseModel):
    """A participant under its code."""

    id: UUID
    programme_id: UUID
    case_id: UUID
    code: str
    role: str
    is_anonymous: bool
    is_protected: bool
    named_in_source: bool
    roles: list[RoleShown]
    placeholder: PlaceholderShown | None
    has_identity: bool
    merged_into: UUID | None = Field(description="Who this is, where two participants were found to be one person: the last of a chain.")
    version: int
    created_at: dt.datetime
