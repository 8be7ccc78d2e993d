"""The canonical form of an observation (RFC 8785), and the commitments to it that stand in the journal.

`docs/reference/journal.md` states the same with test vectors, so that anybody can recompute them.
"""

import hashlib
import hmac
import math
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

SCHEME = "hearsight-1"
SALT_LENGTH = 32
ANSWERS = "answers"
NARRATIVE = "narrative"
_LARGEST_PLAIN = 1e21
_SMALLEST_PLAIN = 1e-6


def canonical(value: Any) -> str:
    """A JSON value in canonical form: keys in the order of their UTF-16 code units, no blanks, numbers as ECMAScript prints them."""
    return simple(value) if is_simple(value) else _written(value)


def simple(value: Any) -> str:
    """The same for a value whose keys are ASCII and whose numbers are integers, as those of every known form are."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def is_simple(value: Any) -> bool:
    """Whether the fast serializer writes the canonical form: ASCII keys and no numbers with a fraction."""
    kind = value.__class__
    if kind is dict:
        return all(key.isascii() and is_simple(part) for key, part in value.items())
    if kind is list:
        return all(is_simple(part) for part in value)
    return kind is not float


def _written(value: Any) -> str:
    if isinstance(value, dict):
        parts = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))
        return "{" + ",".join(f"{_written(key)}:{_written(part)}" for key, part in parts) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return number(value) if isinstance(value, float) else orjson.dumps(value).decode()


def number(value: float) -> str:
    """A number as ECMAScript prints it (ECMA-262, Number::toString; RFC 8785, 3.2.2.3)."""
    if not math.isfinite(value):
        raise ValueError("not a number that JSON knows")
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    point = len(text) + int(exponent)
    minus = "-" if sign else ""
    if _SMALLEST_PLAIN <= abs(value) < _LARGEST_PLAIN:
        if point <= 0:
            return f"{minus}0.{'0' * -point}{text}"
        return minus + (text + "0" * (point - len(text)) if point >= len(text) else f"{text[:point]}.{text[point:]}")
    mantissa = text[0] + (f".{text[1:]}" if len(text) > 1 else "")
    return f"{minus}{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def commitment(log: UUID | str, observation: UUID | str, column: str, *, salt: bytes, text: str, version: int = 1) -> bytes:
    """SHA-256 over scheme, log, observation id, version and column, each ended by a zero byte, then the salt and the canonical text.

    The salt keeps a short narrative from being guessed; opening one column (salt and text) proves that column and nothing else.
    """
    place = f"{SCHEME}\0{log}\0{observation}\0{version}\0{column}\0"
    return hashlib.sha256(place.encode() + salt + text.encode()).digest()


def content_mac(key: bytes, answers: str, narrative: str) -> bytes:
    """Tells the same content from another under a key of the server, so that a stored digest cannot be guessed at."""
    return hmac.digest(key, answers.encode() + b"\0" + narrative.encode(), "sha256")


def informant_digest(key: bytes, case_id: str, informant: str) -> str:
    """Equal for the same informant of one case; 16 hex digits."""
    return hmac.digest(key, f"{case_id}\0{informant}".encode(), "sha256").hex()[:16]
