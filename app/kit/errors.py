"""Problems as data: a stable code, a status, and where in the request; never the value that was sent.

The wire form is `application/problem+json` (RFC 9457) with `errors: [{pointer, code}]` (pointers after RFC 6901). Sentences for people
are in `app/locales/`; a code is public, is never reused, and is never derived from a class name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a request: the place (RFC 6901 pointer into the body, `""` for the whole of it) and a stable code."""

    pointer: str
    code: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its public code and its HTTP status."""

    code: str
    status: int


class Problem(Exception):  # noqa: N818 - the standard calls it a problem
    """What a caller is told: a kind, the faults, facts that are safe to show (`current_version`), and headers."""

    def __init__(
        self,
        kind: Kind,
        faults: Iterable[Fault] = (),
        *,
        facts: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.faults = tuple(faults)
        self.facts = dict(facts or {})
        self.headers = dict(headers or {})


@dataclass(slots=True)
class Catalogue:
    """Every kind of problem and every fault code that can leave the server; `docs/reference/errors.md` lists the same."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)

    def kind(self, code: str, status: int) -> Kind:
        """Register a kind of problem; a code is registered once."""
        if code in self.kinds:
            raise ValueError(f"{code} is registered twice")
        self.kinds[code] = Kind(code, status)
        return self.kinds[code]

    def fault(self, code: str) -> str:
        """Register the code of a fault; the same code may name faults of several packages."""
        self.faults.add(code)
        return code


CATALOGUE = Catalogue()

MALFORMED_JSON = CATALOGUE.kind("malformed_json", 400)
INVALID_TOKEN = CATALOGUE.kind("invalid_token", 401)
SESSION_ENDED = CATALOGUE.kind("session_ended", 401)
FORBIDDEN = CATALOGUE.kind("forbidden", 403)
DEVICE_REQUIRED = CATALOGUE.kind("device_required", 403)
NOT_FOUND = CATALOGUE.kind("not_found", 404)
METHOD_NOT_ALLOWED = CATALOGUE.kind("method_not_allowed", 405)
STALE_VERSION = CATALOGUE.kind("stale_version", 409)
IN_USE = CATALOGUE.kind("in_use", 409)
CODE_TAKEN = CATALOGUE.kind("code_taken", 409)
BODY_TOO_LARGE = CATALOGUE.kind("body_too_large", 413)
UNSUPPORTED_MEDIA_TYPE = CATALOGUE.kind("unsupported_media_type", 415)
UNSUPPORTED_ENCODING = CATALOGUE.kind("unsupported_encoding", 415)
INVALID_REQUEST = CATALOGUE.kind("invalid_request", 422)
INVALID_PARAMETER = CATALOGUE.kind("invalid_parameter", 422)
INVALID_CURSOR = CATALOGUE.kind("invalid_cursor", 422)
INTERNAL = CATALOGUE.kind("internal", 500)
STORAGE_UNAVAILABLE = CATALOGUE.kind("storage_unavailable", 503)
BUSY = CATALOGUE.kind("busy", 503)
STORAGE_FULL = CATALOGUE.kind("storage_full", 507)

REQUIRED = CATALOGUE.fault("required")
UNKNOWN_FIELD = CATALOGUE.fault("unknown_field")
WRONG_TYPE = CATALOGUE.fault("wrong_type")
WRONG_FORMAT = CATALOGUE.fault("wrong_format")
INVALID_TEXT = CATALOGUE.fault("invalid_text")
INVALID_DATE = CATALOGUE.fault("invalid_date")
INVALID_TIME = CATALOGUE.fault("invalid_time")
OUT_OF_RANGE = CATALOGUE.fault("out_of_range")
NUMBER_OUT_OF_RANGE = CATALOGUE.fault("number_out_of_range")
TOO_LONG = CATALOGUE.fault("too_long")
TOO_SHORT = CATALOGUE.fault("too_short")
TOO_MANY_ITEMS = CATALOGUE.fault("too_many_items")
TOO_FEW_ITEMS = CATALOGUE.fault("too_few_items")
TOO_DEEP = CATALOGUE.fault("too_deep")
DUPLICATE_KEY = CATALOGUE.fault("duplicate_key")
DUPLICATE_ITEM = CATALOGUE.fault("duplicate_item")
NOT_IN_VOCABULARY = CATALOGUE.fault("not_in_vocabulary")
MISSING = CATALOGUE.fault("not_found")


def pointer(*steps: str | int) -> str:
    """An RFC 6901 pointer: `pointer("answers", "methods", 0)` is `/answers/methods/0`."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def invalid(*faults: Fault) -> Problem:
    """A 422 with its faults; the top-level code is that of the first, so that a caller who reads only one code reads the right one."""
    first = faults[0].code if faults else INVALID_REQUEST.code
    return Problem(Kind(first, 422), faults)


def missing(place: str | None = None) -> Problem:
    """The one 404: invisible, deleted and never existed look the same. With a place where a reference in the body is meant."""
    return Problem(NOT_FOUND, [Fault(place, MISSING)] if place is not None else ())
