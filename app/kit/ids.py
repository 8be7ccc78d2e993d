"""Identifiers: UUIDv7 where the server makes them; 36 characters and nothing else where somebody sends one (RFC 9562)."""

import re
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError
from uuid_utils.compat import uuid7

from app.kit import errors

_CANONICAL = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}", re.ASCII)
_BARE = 32


def new_id() -> UUID:
    """A new UUIDv7: later ids sort after earlier ones."""
    return uuid7()


def parse_id(text: str) -> UUID | None:
    """The UUID that a text of 36 characters spells, small or capital letters; `None` for any other text."""
    return UUID(text) if _CANONICAL.fullmatch(text) else None


def _strict(value: object) -> object:
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError(errors.WRONG_TYPE, errors.WRONG_TYPE)
    if (found := parse_id(value)) is None:
        raise PydanticCustomError(errors.WRONG_FORMAT, errors.WRONG_FORMAT)
    return found


def spelled(value: UUID | str) -> str:
    """An id in its 36 small characters: from a `UUID`, from those characters, or from the 32 that SQLite keeps."""
    if value.__class__ is str and len(value) == _BARE:
        return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
    return str(value)


AnyId = UUID | str
"""An id as a `UUID`, or in its 36 small characters."""

SpelledId = Annotated[
    str,
    StringConstraints(pattern=rf"^{_CANONICAL.pattern}$", to_lower=True),
    WithJsonSchema({"type": "string", "format": "uuid"}),
]
"""An id that stays a text, in small letters: where so many go by that objects made of them would cost more than they give."""

Id = Annotated[UUID, BeforeValidator(_strict, json_schema_input_type=UUID)]
"""An id in a body, a path or a query: a UUID in its 36-character form."""
