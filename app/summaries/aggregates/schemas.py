"""What crosses the wire about aggregates."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.kit import errors
from app.summaries.aggregates.measures import DIMENSIONS

MeasureName = Literal[
    "observations",
    "incidents",
    "complaints",
    "complainants",
    "retractions",
    "restrictions",
    "hearings_held",
    "hearings_observed",
    "ratings",
]
LONGEST_GROUP_BY = 100
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
    except ValueError:
        return None


def _known(value: object) -> object:
    if value is None:
        raise PydanticCustomError(errors.INVALID_DATE, errors.INVALID_DATE)
    return value


Day = Annotated[date, BeforeValidator(_known), BeforeValidator(_day, json_schema_input_type=date)]
"""A plain date `2012-04-05` and nothing else."""

AN_AGGREGATE: dict[str, Any] = {
    "measure": "incidents",
    "group_by": ["month", "right"],
    "rows": [
        {"month": "2012-04", "right": "public_hearing", "value": 3, "at_least": True},
        {"month": "2012-05", "right": "public_hearing", "value": 0, "at_least": True},
    ],
    "total": 3,
    "at_least": True,
}


class Aggregate(BaseModel):
    """Numbers over many cases.

    Every row has its dimensions (`null` where one is not known), its `value`, and `at_least` where that is a minimum.
    A zero says that somebody was there and nothing happened; where nobody was, there is no row.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [AN_AGGREGATE]})

    measure: MeasureName
    group_by: list[str] = Field(description=f"Of {', '.join(DIMENSIONS)}.")
    rows: list[dict[str, int | str | bool | None]]
    total: int | None = Field(description="Whatever stands in several rows counts once. Null where nobody was there to see.")
    at_least: bool | None = Field(default=None, description="Whether the total is a minimum.")
