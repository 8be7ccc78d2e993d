"""Strict JSON from raw bytes, and pydantic's complaints turned into our faults.

Two passes, because neither library alone refuses all of what must be refused: the first finds what is wrong with the document itself
(depth, equal keys, NaN, long integers), the second (pydantic, strict) what is wrong with its content.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from app.kit import errors
from app.kit.clock import moment_of
from app.kit.errors import Fault, Kind, Problem, pointer

MAX_DEPTH = 32
MAX_INTEGER = 2**63 - 1
LONGEST_INTEGER = 20
LONGEST_CODE = 32
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b'[]{}"\\')
_DIGITS = bytes(ord("0") if byte in b"0123456789" else ord(" ") for byte in range(256))
_LONG = b"0" * 19
"""Digits enough for a number beyond `MAX_INTEGER`."""
_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_COMBINING_IN_A_ROW = 8


class Body(BaseModel):
    """Base of everything that crosses the wire: unknown fields and loose types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class _DocumentFault(ValueError):  # noqa: N818 - named as the rest of the file names it
    """Raised inside the JSON parser, with the code of what it met."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _DocumentFault(errors.DUPLICATE_KEY)
    return found


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_INTEGER or not -MAX_INTEGER - 1 <= (value := int(digits)) <= MAX_INTEGER:
        raise _DocumentFault(errors.NUMBER_OUT_OF_RANGE)
    return value


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise _DocumentFault(errors.NUMBER_OUT_OF_RANGE)
    return value


def _no_constant(_: str) -> float:
    raise _DocumentFault(errors.MALFORMED_JSON.code)


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_int=_integer, parse_float=_number, parse_constant=_no_constant)


def depth_exceeded(raw: bytes) -> bool:
    """Whether the document nests deeper than 32, found without parsing it."""
    if raw.count(b"[") + raw.count(b"{") <= MAX_DEPTH or is_shallow(raw):
        return False
    depth = 0
    for token in _BRACKETS.finditer(raw):
        first = token[0][:1]
        if first in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif first != b'"':
            depth -= 1
    return False


def is_shallow(raw: bytes) -> bool:
    """Whether a document is quickly seen not to nest too deep: its brackets alone, taken away from the inside, are soon gone.

    Each round takes away at most two levels. Where texts hold brackets or quotes it cannot tell, and the slow way must.
    """
    brackets = raw.translate(None, _NO_BRACKETS).replace(b'""', b"")
    for _ in range(MAX_DEPTH // 2):
        if not brackets:
            return True
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return not brackets


def parse(raw: bytes) -> Any:
    """The JSON value of a request body.

    Raises 400 `malformed_json` for what is no JSON text in UTF-8 (a BOM, UTF-16, NaN), 422 `too_deep`, `duplicate_key` or
    `number_out_of_range` for documents that parsers read differently (RFC 8259, sections 4, 6 and 8).
    """
    if depth_exceeded(raw):
        raise errors.invalid(Fault("", errors.TOO_DEEP))
    if (plain := _plain(raw)) is not None:
        return plain
    try:
        return _DECODER.decode(raw.decode("utf-8"))
    except _DocumentFault as fault:
        if fault.code == errors.MALFORMED_JSON.code:
            raise Problem(errors.MALFORMED_JSON) from None
        raise errors.invalid(Fault("", fault.code)) from None
    except (ValueError, RecursionError):
        raise Problem(errors.MALFORMED_JSON) from None


def _plain(raw: bytes) -> Any:
    """The value of a document that a serializer without frills would write just so again, which most senders use; None for any other.

    Nothing was lost on the way there and back, so no key stood twice and no number was rounded; long ones are left to the slow way.
    """
    if _LONG in raw.translate(_DIGITS):
        return None
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return found if orjson.dumps(found) == raw else None


_CODES = {
    "missing": errors.REQUIRED,
    "extra_forbidden": errors.UNKNOWN_FIELD,
    "literal_error": errors.NOT_IN_VOCABULARY,
    "enum": errors.NOT_IN_VOCABULARY,
    "union_tag_invalid": errors.NOT_IN_VOCABULARY,
    "union_tag_not_found": errors.REQUIRED,
    "string_too_long": errors.TOO_LONG,
    "string_too_short": errors.TOO_SHORT,
    "string_pattern_mismatch": errors.WRONG_FORMAT,
    "string_unicode": errors.INVALID_TEXT,
    "too_long": errors.TOO_MANY_ITEMS,
    "too_short": errors.TOO_FEW_ITEMS,
    "greater_than": errors.OUT_OF_RANGE,
    "greater_than_equal": errors.OUT_OF_RANGE,
    "less_than": errors.OUT_OF_RANGE,
    "less_than_equal": errors.OUT_OF_RANGE,
    "int_parsing_size": errors.NUMBER_OUT_OF_RANGE,
    "date_parsing": errors.INVALID_DATE,
    "date_from_datetime_parsing": errors.INVALID_DATE,
    "date_from_datetime_inexact": errors.INVALID_DATE,
    "datetime_parsing": errors.INVALID_TIME,
    "datetime_from_date_parsing": errors.INVALID_TIME,
    "timezone_aware": errors.INVALID_TIME,
    "time_parsing": errors.INVALID_TIME,
    "uuid_parsing": errors.WRONG_FORMAT,
    "uuid_type": errors.WRONG_TYPE,
    "json_invalid": errors.MALFORMED_JSON.code,
}


def faults_of(error: ValidationError, *prefix: str | int, tags: frozenset[str] = frozenset()) -> list[Fault]:
    """Pydantic's errors as faults: place and code only. A code raised by our own validators comes through as it is.

    `tags` are the names of union branches, which pydantic puts into the location and no caller ever wrote.
    """
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [fault_of(each["type"], [*prefix, *(step for step in each["loc"] if step not in tags)]) for each in found]


def fault_of(kind: str, steps: Sequence[str | int]) -> Fault:
    """One of pydantic's errors as a fault: its kind, and where."""
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        steps = [*steps, "form"]
    # Pydantic's names go first: what it calls `too_long` is a list, while the code of that name is about a text.
    own = kind if kind in errors.CATALOGUE.faults else errors.WRONG_TYPE
    return Fault(pointer(*steps), _CODES.get(kind, own))


def clean_text(text: str, *, narrative: bool = False) -> str:
    """The text in NFC; `ValueError` with the code `invalid_text` in it for what no database keeps alike or no reader sees as it is.

    Refused everywhere: NUL and other control characters but tab and line ends, lone surrogates, more than eight combining marks in a row.
    Refused outside narratives, where they could make a code or a title look like another: bidirectional controls (Unicode TR 36, 2.10).
    """
    normal = unicodedata.normalize("NFC", text)
    if is_plain(normal):
        return normal
    marks = 0
    for letter in normal:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _COMBINING_IN_A_ROW or category == "Cs" or (category == "Cc" and letter not in "\t\n\r"):
            raise ValueError(errors.INVALID_TEXT)
    if not narrative and _BIDI.search(normal):
        raise ValueError(errors.INVALID_TEXT)
    return normal


def is_plain(text: str) -> bool:
    """Whether a text is printable ASCII, which needs no further look."""
    return text.isascii() and text.isprintable()


def is_blank(text: str) -> bool:
    """Whether a text shows nothing to a reader: blanks and invisible characters only."""
    return all(unicodedata.category(letter) in _INVISIBLE for letter in text)


def check_code(code: str) -> str:
    """The code, when it holds letters, digits and `-_./` only."""
    if not code:
        raise PydanticCustomError(errors.REQUIRED, errors.REQUIRED)
    if len(code) > LONGEST_CODE:
        raise PydanticCustomError("string_too_long", errors.TOO_LONG)
    if not all(letter.isalnum() or letter in "-_./" for letter in code):
        raise PydanticCustomError(errors.WRONG_FORMAT, errors.WRONG_FORMAT)
    return code


def reduce_faults(faults: Iterable[Fault]) -> list[Fault]:
    """The same faults, each once, in the order of their places."""
    return sorted(set(faults))


def status_kind(code: str) -> Kind:
    """A kind of problem with status 422 under a fault's code."""
    return Kind(code, 422)


def _text(value: str) -> str:
    return _coded(value, narrative=False)


def _narrative(value: str) -> str:
    return _coded(value, narrative=True)


def _coded(value: str, *, narrative: bool) -> str:
    try:
        return clean_text(value, narrative=narrative)
    except ValueError:
        raise PydanticCustomError(errors.INVALID_TEXT, errors.INVALID_TEXT) from None


def _reason(value: str) -> str:
    if is_blank(value):
        raise PydanticCustomError(errors.REQUIRED, errors.REQUIRED)
    return value


def at_most(longest: int) -> AfterValidator:
    """A limit for a text as it is kept: pydantic's own, behind another validator, would call a long text a long list."""

    def check(value: str) -> str:
        if len(value) > longest:
            raise PydanticCustomError("string_too_long", errors.TOO_LONG)
        return value

    return AfterValidator(check)


Text = Annotated[str, AfterValidator(_text), at_most(500)]
"""A short text that people read: a title, a label, a place. Counted in code points after NFC."""

Narrative = Annotated[str, AfterValidator(_narrative), at_most(20_000)]
"""A long text that a person wrote."""

Reason = Annotated[str, AfterValidator(_narrative), AfterValidator(_reason), at_most(2_000)]
"""Why somebody did something; blanks and invisible characters alone are no reason."""

Code = Annotated[str, AfterValidator(_text), AfterValidator(str.strip), AfterValidator(check_code), Field(examples=["D01"])]
"""A code that people see: 1-32 letters, digits and `-_./`, in NFC, outer blanks cut."""

PARTIAL_DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"


def _partial(value: str) -> str:
    if not re.fullmatch(PARTIAL_DATE, value, re.ASCII):
        raise PydanticCustomError(errors.INVALID_DATE, errors.INVALID_DATE)
    try:
        date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        raise PydanticCustomError(errors.INVALID_DATE, errors.INVALID_DATE) from None
    return value


PartialDate = Annotated[str, AfterValidator(_partial), Field(examples=["2012-06"])]
"""A date as a source prints it: `2012`, `2012-06` or `2012-06-04`."""


def _moment(value: object) -> object:
    if not isinstance(value, str):
        raise PydanticCustomError(errors.WRONG_TYPE, errors.WRONG_TYPE)
    found = moment_of(value)
    if found is None:
        raise PydanticCustomError(errors.INVALID_TIME, errors.INVALID_TIME)
    return found


Instant = Annotated[datetime, BeforeValidator(_moment, json_schema_input_type=datetime)]
"""A moment with an offset (RFC 3339), kept and shown in UTC."""
