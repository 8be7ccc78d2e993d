"""What several kinds of monitored things have in common on the wire: terms, dates, time zones, and where something was read."""

import datetime as dt
import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.cases.errors import NOT_RELEVANT
from app.kit import errors
from app.kit.ids import Id
from app.kit.wire import Body, Text, is_blank
from app.taxonomy.catalogue import current

MOST_PEOPLE = 1_000_000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Value = TypeVar("Value", bound=Hashable)


def refusal(code: str) -> PydanticCustomError:
    """What a validator raises for a fault with this code."""
    return PydanticCustomError(code, "{code}", {"code": code})


@dataclass(frozen=True, slots=True)
class Term:
    """Marks a text as a term of one of the taxonomy's vocabularies."""

    vocabulary: str

    def _check(self, code: str) -> str:
        if code not in current().vocabularies[self.vocabulary]:
            raise refusal(errors.NOT_IN_VOCABULARY)
        return code

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The text's own schema, and then the look-up."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The terms, so that the OpenAPI document lists them."""
        return {**handler(schema), "enum": list(current().vocabularies[self.vocabulary])}


RoleTerm = Annotated[str, Term("participant_role")]
InstanceTerm = Annotated[str, Term("court_instance")]


def _shown(text: str) -> str:
    if is_blank(text):
        raise refusal(errors.REQUIRED)
    return text


Title = Annotated[Text, AfterValidator(_shown)]
"""A short text that shows something: a title, a label."""


def _different(values: list[Value]) -> list[Value]:
    if len(set(values)) != len(values):
        raise refusal(errors.DUPLICATE_ITEM)
    return values


Different = AfterValidator(_different)
"""Of a list: nothing stands in it twice."""


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value if _DAY.fullmatch(value) else "")
        except ValueError:
            raise refusal(errors.INVALID_DATE) from None
    raise refusal(errors.WRONG_TYPE)


Day = Annotated[dt.date, BeforeValidator(_day, json_schema_input_type=dt.date)]
"""A plain date, `2012-04-05`."""


class DocumentSource(Body):
    """A document of the programme, and the place in it."""

    document_id: Id
    locator: Text | None = Field(default=None, examples=["paragraph 13"])


class Source(Body):
    """Where something was read or heard: a document or an observation (exactly one), and the place in it."""

    document_id: Id | None = None
    observation_id: Id | None = None
    locator: Text | None = Field(default=None, examples=["paragraph 6"])

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if self.document_id is None and self.observation_id is None:
            raise refusal(errors.REQUIRED)
        if self.document_id is not None and self.observation_id is not None:
            raise refusal(NOT_RELEVANT)
        return self


class SourceShown(BaseModel):
    """Where something was read or heard."""

    document_id: UUID | None = None
    observation_id: UUID | None = None
    locator: str | None = None


def columns_of(body: Body) -> dict[str, Any]:
    """The fields that a caller sent, as columns: the parts of a source become columns of their own."""
    columns = body.model_dump(exclude_unset=True)
    source = columns.pop("source", None)
    if source is not None:
        parts = [name for name in SourceShown.model_fields if name in type(body.source).model_fields]  # type: ignore[attr-defined]
        columns.update({f"source_{name}": source.get(name) for name in parts})
    return columns


def source_of(row: Any) -> SourceShown:
    """Where a row's content was read or heard."""
    return SourceShown(**{name: getattr(row, f"source_{name}", None) for name in SourceShown.model_fields})
