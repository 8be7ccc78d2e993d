"""Lists page by opaque cursors: a signed position in a stable order, good for the same list only."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, BeforeValidator
from pydantic_core import PydanticCustomError

from app.kit.errors import INVALID_CURSOR, WRONG_TYPE, Problem

Shown = TypeVar("Shown")
DEFAULT_LIMIT = 50
MAX_LIMIT = 200
_TAG = 12


def _digits(value: object) -> object:
    """A number in a query, in plain digits: `5.0`, `+5` and `1_0`, which parsers also read as numbers, are slips or probes."""
    if isinstance(value, str) and not (value.isascii() and value.removeprefix("-").isdecimal()):
        raise PydanticCustomError(WRONG_TYPE, WRONG_TYPE)
    return value


PLAIN_DIGITS = BeforeValidator(_digits)
"""Of a number in an address: written in digits and nothing else."""

Limit = Annotated[int, PLAIN_DIGITS, Query(ge=1, le=MAX_LIMIT, description="How many to give at most.")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]


class Page(BaseModel, Generic[Shown]):
    """One page of a list, and where the next one begins (`null` on the last)."""

    items: list[Shown]
    next_cursor: str | None = None


def _spelt(raw: bytes) -> str:
    """The one spelling of some bytes in base64url; decoders take several."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Cursors:
    """Makes and reads cursors under a key of the server."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def _tag(self, of: str, position: bytes) -> bytes:
        return hmac.digest(self._key, of.encode() + b"\0" + position, hashlib.sha256)[:_TAG]

    def make(self, of: str, position: Sequence[Any]) -> str:
        """A cursor into the list `of` behind a position (values of the sort key)."""
        content = json.dumps(list(position), ensure_ascii=False, separators=(",", ":")).encode()
        return _spelt(self._tag(of, content) + content)

    def read(self, of: str, cursor: str | None) -> list[Any] | None:
        """The position behind a cursor, `None` without one; 422 `invalid_cursor` for a forged one or one of another list."""
        if cursor is None:
            return None
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise Problem(INVALID_CURSOR) from None
        tag, content = raw[:_TAG], raw[_TAG:]
        if _spelt(raw) != cursor or not hmac.compare_digest(tag, self._tag(of, content)):
            raise Problem(INVALID_CURSOR)
        position: list[Any] = json.loads(content)
        return position


Found = TypeVar("Found")


def cut(found: Sequence[Found], limit: int, cursor_of: Callable[[Found], str]) -> tuple[Sequence[Found], str | None]:
    """A page from what a query for `limit + 1` gave: the page, and the cursor behind its last where there is more."""
    if len(found) <= limit:
        return found, None
    return found[:limit], cursor_of(found[limit - 1])
