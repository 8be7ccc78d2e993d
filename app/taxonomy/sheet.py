"""A form while its answers are being checked, and the checks of single values that answers and parts of answers share."""

import json
import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.kit import errors
from app.kit.errors import CATALOGUE, Fault, pointer
from app.kit.ids import parse_id
from app.kit.wire import clean_text
from app.taxonomy.catalogue import Form

NOT_RELEVANT = CATALOGUE.fault("not_relevant")

MAX_ITEMS = 500
LARGEST_INTEGER = 2**53 - 1  # RFC 7493, 2.2: beyond it JSON readers disagree, and canonical JSON (RFC 8785) has no digits for it.

Place = tuple[str | int, ...]
_FIELD_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(slots=True)
class Sheet:
    """The form, what was answered, where, and the faults found so far. `hearing` is an id in small letters."""

    form: Form
    answers: Mapping[str, Any]
    hearing: str | None
    today: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, code: str, *place: str | int) -> None:
        """Note a fault at a place inside the answers."""
        self.faults.append(Fault(pointer("answers", *place), code))

    def unknown(self, name: str, *place: str | int) -> None:
        """Note a field that nobody asked for; a name that could be a text of its own is not repeated."""
        self.fault(errors.UNKNOWN_FIELD, *place, *([name] if is_field_name(name) else []))

    def term(self, terms: Container[str], value: Any, *place: str | int) -> None:
        """One term of a vocabulary."""
        if value.__class__ is not str:
            self.fault(errors.WRONG_TYPE, *place)
        elif value not in terms:
            self.fault(errors.NOT_IN_VOCABULARY, *place)

    def reference(self, value: Any, *place: str | int) -> None:
        """An id of something: 36 characters, else nothing can be found under it."""
        if value.__class__ is not str:
            self.fault(errors.WRONG_TYPE, *place)
        elif parse_id(value) is None:
            self.fault(errors.MISSING, *place)

    def text(self, value: Any, longest: int | None, *place: str | int) -> str | None:
        """A narrative in NFC, or None where it is no text, or not one that can be kept."""
        if value.__class__ is not str:
            self.fault(errors.WRONG_TYPE, *place)
            return None
        try:
            clean = clean_text(value, narrative=True)
        except ValueError:
            self.fault(errors.INVALID_TEXT, *place)
            return None
        if longest is not None and len(clean) > longest:
            self.fault(errors.TOO_LONG, *place)
        return clean

    def several(self, value: Any, check: Callable[[Any, Place], None], place: Place) -> bool:
        """Check each of a list of different things; whether it is a list of at most 500."""
        if value.__class__ is not list:
            self.fault(errors.WRONG_TYPE, *place)
            return False
        if len(value) > MAX_ITEMS:
            self.fault(errors.TOO_MANY_ITEMS, *place)
            return False
        if len(value) > 1 and _repeats(value):
            self.fault(errors.DUPLICATE_ITEM, *place)
        for n, part in enumerate(value):
            check(part, (*place, n))
        return True

    def parts(self, value: Any, needed: Iterable[str], allowed: Container[str], place: Place) -> dict[str, Any] | None:
        """The fields of one part of a structured answer without nulls, or None where it has not what it needs."""
        if value.__class__ is not dict:
            self.fault(errors.WRONG_TYPE, *place)
            return None
        for name in value:
            if name not in allowed:
                self.unknown(name, *place)
        lacking = [name for name in needed if value.get(name) is None]
        for name in lacking:
            self.fault(errors.REQUIRED, *place, name)
        return None if lacking else {name: part for name, part in value.items() if part is not None}


def is_field_name(name: str) -> bool:
    """Whether a name may be repeated in a pointer: short, and of the letters that codes are made of."""
    return _FIELD_NAME.fullmatch(name) is not None


def _repeats(values: list[Any]) -> bool:
    return len({_alike(value) for value in values}) != len(values)


def _alike(value: Any) -> str:
    """Equal for equal values. Ids and terms may be written in capital or small letters, so case does not tell texts apart."""
    return value.lower() if value.__class__ is str else json.dumps(value, sort_keys=True)
