"""What crosses the wire about outcomes. Terms are in months, within the limits of the form `outcome`."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.cases.schemas import MOST_PEOPLE, Different, DocumentSource, InstanceTerm, SourceShown, Term
from app.kit.edits import UNCHANGED
from app.kit.ids import Id
from app.kit.wire import Body, Narrative, PartialDate
from app.taxonomy.catalogue import current

_LIMITS = current().forms["outcome"].questions["term_months"].constraint

Verdict = Annotated[str, Term("verdict")]
ReviewResult = Annotated[str, Term("appeal_result")]
Sentences = Annotated[list[Annotated[str, Term("sentence_kind")]], Field(max_length=20), Different]
Months = Annotated[int, Field(ge=_LIMITS.min, le=_LIMITS.max)]
CustodyStatus = Literal["released", "in_custody", "unknown"]


class OutcomeChanges(Body):
    """What may be changed of an outcome; what is left out stays, null clears, and the whole has to hold together afterwards."""

    model_config = ConfigDict(json_schema_extra={"example": {"custody_status": "released", "status_as_of": "2014"}})

    participant_id: Id | None = UNCHANGED
    count: Annotated[int, Field(ge=0, le=MOST_PEOPLE)] | None = UNCHANGED
    group_note: Narrative | None = UNCHANGED
    instance: InstanceTerm = UNCHANGED
    decided_on: PartialDate | None = UNCHANGED
    verdict: Verdict | None = UNCHANGED
    result: ReviewResult | None = UNCHANGED
    sentences: Sentences | None = UNCHANGED
    term_months: Months | None = UNCHANGED
    new_term_months: Months | None = UNCHANGED
    custody_status: CustodyStatus | None = UNCHANGED
    status_as_of: PartialDate | None = UNCHANGED
    source: DocumentSource = UNCHANGED


class NewOutcome(OutcomeChanges):
    """What a document shows: for a participant, or for a group of `count` people (null where the number is not stated).

    A `verdict` is of the first instance, a `result` of a review. `decided_on` is a date as printed, or null.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "case_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                "participant_id": "01890a5d-ac96-774b-bcce-b302099a8058",
                "instance": "first",
                "decided_on": "2012-06",
                "verdict": "convicted",
                "sentences": ["imprisonment"],
                "term_months": 84,
                "source": {"document_id": "01890a5d-ac96-774b-bcce-b302099a8059", "locator": "paragraph 13"},
            }
        }
    )

    case_id: Id
    instance: InstanceTerm
    decided_on: PartialDate | None
    source: DocumentSource


class OutcomeShown(BaseModel):
    """An outcome. Without a participant it is a group's; `count` null then means that the number is not stated."""

    id: UUID
    programme_id: UUID
    case_id: UUID
    participant_id: UUID | None
    count: int | None
    group_note: str | None
    instance: str
    decided_on: str | None
    verdict: str | None
    result: str | None
    sentences: list[str] | None
    term_months: int | None
    new_term_months: int | None
    custody_status: CustodyStatus | None
    status_as_of: str | None
    source: SourceShown
    version: int
    created_at: dt.datetime
