"""Canonical JSON and the shapes of what stands in a bundle, read from docs/reference/journal.md alone, for the second verifier."""

import functools
import json
import re
from collections.abc import Callable
from typing import Any

Shape = Callable[[Any], bool]

DEEPEST = 32
CACHED = 4096
PLAIN = r'[^"\\\x00-\x1f]*+'
STRING = re.compile(rf'"{PLAIN}(?:\\(?:["\\bfnrt]|u00(?:0[0-7bef]|1[0-9a-f])){PLAIN})*+"')
INTEGER = re.compile(r"0|-?[1-9][0-9]{0,18}")
LITERALS = {"true": True, "false": False, "null": None}
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HEX = re.compile(r"[0-9a-f]{64}")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
KIND = re.compile(r"(?=.{1,48}\Z)[a-z_]+\.[a-z_]+")
STATUSES = {"submitted", "held", "returned", "rejected", "accepted", "superseded", "withdrawn"}
FILINGS = {"observation.filed", "observation.held"}


class _OtherwiseError(Exception):
    """The text is not canonical JSON."""


class _Reader:
    """Reads canonical JSON and nothing else; it never passes over a character that it does not expect."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def value(self, depth: int) -> Any:
        first = self.text[self.at : self.at + 1]
        if first == "{":
            return self.object(depth + 1)
        if first == "[":
            return self.array(depth + 1)
        if first == '"':
            return self.string()
        return self.literal() if first in {"t", "f", "n"} else self.integer()

    def object(self, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        last = ""
        self.enter("{", depth)
        while not self.closes("}", first=not members):
            name = self.string()
            self.require(not members or last < name)
            self.expect(":")
            members[name], last = self.value(depth), name
        return members

    def array(self, depth: int) -> list[Any]:
        elements: list[Any] = []
        self.enter("[", depth)
        while not self.closes("]", first=not elements):
            elements.append(self.value(depth))
        return elements

    def enter(self, bracket: str, depth: int) -> None:
        self.require(depth <= DEEPEST)
        self.expect(bracket)

    def closes(self, bracket: str, *, first: bool) -> bool:
        if self.text.startswith(bracket, self.at):
            self.at += 1
            return True
        if not first:
            self.expect(",")
        return False

    def string(self) -> str:
        return str(json.loads(self.token(STRING)))

    def integer(self) -> int:
        number = int(self.token(INTEGER))
        self.require(-(2**63) <= number < 2**63)
        return number

    def literal(self) -> bool | None:
        word = next((word for word in LITERALS if self.text.startswith(word, self.at)), "?")
        self.expect(word)
        return LITERALS[word]

    def token(self, shape: re.Pattern[str]) -> str:
        found = shape.match(self.text, self.at)
        self.require(found is not None)
        assert found
        self.at = found.end()
        return found[0]

    def expect(self, word: str) -> None:
        self.require(self.text.startswith(word, self.at))
        self.at += len(word)

    def require(self, holds: bool) -> None:  # noqa: FBT001 - it is what the method is about.
        if not holds:
            raise _OtherwiseError


@functools.lru_cache(CACHED)
def canonical(text: bytes) -> dict[str, Any] | None:
    """The object that a text of canonical JSON spells; none where it is not canonical. Do not change it: it is remembered."""
    try:
        reader = _Reader(text.decode())
        value = reader.object(1)
    except (UnicodeDecodeError, _OtherwiseError):
        return None
    return value if reader.at == len(reader.text) else None


def _text_of(shape: re.Pattern[str]) -> Shape:
    return lambda value: isinstance(value, str) and shape.fullmatch(value) is not None


def _one_of(*values: str) -> Shape:
    return lambda value: isinstance(value, str) and value in values


def is_one(value: Any) -> bool:
    return type(value) is int and value == 1


def is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def is_id_or_null(value: Any) -> bool:
    return value is None or is_id(value)


def _of(kind: type) -> Shape:
    return lambda value: isinstance(value, kind)


is_id, is_hex, is_time, is_kind, is_status = _text_of(ID), _text_of(HEX), _text_of(TIME), _text_of(KIND), _one_of(*STATUSES)

MANIFEST = {
    "format": _one_of("hearsight-journal-1"),
    "instance": is_id,
    "log": is_id,
    "size": is_count,
    "root": is_hex,
    "made_at": is_time,
}
ROW = {
    "id": is_id,
    "seq": is_count,
    "case": is_id,
    "actor": is_id,
    "hearing": is_id_or_null,
    "received_at": is_time,
    "status": is_status,
    "answers": is_hex,
    "narrative": is_hex,
    "columns_agree": _of(bool),
}
OPENING = {"id": is_id, "version": is_one, "column": _one_of("answers", "narrative"), "salt": is_hex, "text": _of(str)}
LEAF = {"v": is_one, "log": is_id, "seq": is_count, "kind": is_kind, "id": is_id, "at": is_time, "facts": _of(dict)}
PLACED = {"case": is_id, "hearing": is_id, "actor": is_id}
FILED = {"answers": is_hex, "narrative": is_hex, "received_at": is_time, "status": is_status}


def fits(value: dict[str, Any], shapes: dict[str, Shape]) -> bool:
    """Whether each of the fields is there and has its shape."""
    return all(name in value and shape(value[name]) for name, shape in shapes.items())


def is_filing(leaf: dict[str, Any]) -> bool:
    """Whether a leaf is that of a filing."""
    return leaf["kind"] in FILINGS


def well_formed(text: bytes) -> dict[str, Any] | None:
    """The leaf where it is well-formed."""
    leaf = canonical(text)
    if leaf is None or not fits(leaf, LEAF) or not leaf.keys() <= LEAF.keys() | PLACED.keys():
        return None
    present = {name: shape for name, shape in PLACED.items() if name in leaf}
    return leaf if fits(leaf, present) and (not is_filing(leaf) or _well_filed(leaf)) else None


def _well_filed(leaf: dict[str, Any]) -> bool:
    facts = leaf["facts"]
    return {"case", "actor"} <= leaf.keys() and fits(facts, FILED) and is_id(facts.get("supersedes", leaf["id"]))
