"""What crosses the wire about cases."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.cases.schemas import MOST_PEOPLE, Different, Title
from app.kit.edits import UNCHANGED
from app.kit.ids import Id
from app.kit.wire import Body, Code, Narrative, PartialDate

Monitoring = Literal["full", "partly", "none", "not_stated"]
Articles = Annotated[list[Title], Field(max_length=100), Different]
People = Annotated[int, Field(ge=0, le=MOST_PEOPLE)]


class CaseChanges(Body):
    """What may be changed of a case; what is left out stays, and null clears."""

    model_config = ConfigDict(json_schema_extra={"example": {"verdict_on": "2012-06"}})

    code: Code = UNCHANGED
    title: Title = UNCHANGED
    court_id: Id = UNCHANGED
    charge_articles: Articles = UNCHANGED
    defendants_stated: People | None = UNCHANGED
    monitoring: Monitoring = UNCHANGED
    monitoring_note: Narrative | None = UNCHANGED
    verdict_on: PartialDate | None = UNCHANGED


class NewCase(CaseChanges):
    """A case to be added. `defendants_stated` is the number that the record gives, `verdict_on` a date as printed, maybe in part."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "programme_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                "code": "T-a",
                "title": "Riots and public disorders",
                "court_id": "01890a5d-ac96-774b-bcce-b302099a8058",
                "charge_articles": ["241"],
                "monitoring": "partly",
                "defendants_stated": 37,
                "verdict_on": "2012-06",
            }
        }
    )

    programme_id: Id
    code: Code
    title: Title
    court_id: Id
    charge_articles: Articles
    monitoring: Monitoring


class CaseShown(BaseModel):
    """A case."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    programme_id: UUID
    code: str
    title: str
    court_id: UUID
    charge_articles: list[str]
    defendants_stated: int | None
    monitoring: Monitoring
    monitoring_note: str | None
    verdict_on: str | None
    version: int
    created_at: dt.datetime
