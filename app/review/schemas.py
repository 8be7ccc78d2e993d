"""What crosses the wire about decisions. Their reasons are a coordinator's own words: coordinators read them here, no summary has them."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.kit import errors
from app.kit.wire import Body, Code, Reason

LONGEST, MOST = 200, 50
_VALUE = {"anyOf": [{"type": "boolean"}, {"type": "integer"}, {"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
A_TOPIC: dict[str, Any] = {"hearing": "H-01", "kind": "answer", "what": "torture_complaint.form", "unit": "D01"}
A_REASON = "The record of the hearing has the complaint in writing."


def _value(value: Any) -> Any:
    """A value as disagreements have them: a claim, a number, a code or codes."""
    texts = value if isinstance(value, list) else [value] if isinstance(value, str) else []
    if not isinstance(value, bool | int | str | list) or not all(isinstance(each, str) for each in texts):
        raise PydanticCustomError(errors.WRONG_TYPE, errors.WRONG_TYPE)
    if len(texts) > MOST or any(len(each) > LONGEST for each in texts):
        raise PydanticCustomError("string_too_long", errors.TOO_LONG)
    return value


class DisagreementDecided(Body):
    """Which of the values of a disagreement a coordinator takes, and why. It is named as the summary names it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**A_TOPIC, "value": "written", "reason": A_REASON}]})

    hearing: Code
    kind: Literal["mark", "answer", "role", "count"]
    what: Annotated[str, Field(pattern=r"^[a-z0-9_.]+$", max_length=80)]
    unit: Code
    value: Annotated[Any, AfterValidator(_value), WithJsonSchema(_VALUE)]
    reason: Reason


class GradeDecided(Body):
    """Whether a coordinator confirms the computed grade or departs from it to another, and why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"decision": "depart", "value": "D", "reason": "The record shows that the outcome hung on it."}]}
    )

    decision: Literal["confirm", "depart"]
    value: Annotated[str, Field(pattern=r"^[A-Za-z_]+$", max_length=16)] | None = None
    reason: Reason


class DisagreementDecisionShown(BaseModel):
    """A decision on a disagreement; `by` is the code of who made it."""

    id: UUID
    hearing: str
    kind: str
    what: str
    unit: str
    value: Any
    reason: str
    by: str
    at: dt.datetime


class GradeComputed(BaseModel):
    """The grade as computed; where it hangs on contested facts `value` is null and `range` has the best and the worst."""

    value: str | None
    range: list[str] | None = None


class GradeDecisionShown(BaseModel):
    """A decision on a grade, beside what had been computed."""

    id: UUID
    decision: Literal["confirm", "depart"]
    value: str | None
    computed: GradeComputed
    reason: str
    by: str
    at: dt.datetime
