"""Bundles read as docs/reference/journal.md says, from it alone, for the second verifier."""

import base64
import binascii
import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import second_json
from tests.support.second_json import Shape, canonical, well_formed

MEMBERS = {"manifest.jsonl", "leaves.jsonl", "checkpoints.txt", "keys.txt"}
OPENINGS = "openings.jsonl"
LONGEST_LINE = 8_388_608
MOST_SIGNATURES = MOST_KEYS = 16
SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
NAME = re.compile(r"[^\x00-\x20+]+")
ORIGIN = re.compile(r"[^\x00-\x1f]+")
ENTRY = re.compile(rb'\{"leaf":(.*),"leaf_hash":"([0-9a-f]{64})"\}', re.DOTALL)

Leaf = dict[str, Any]


class UnreadableError(Exception):
    """The bundle cannot be read, for the reason that it says."""


@dataclass(frozen=True)
class Entry:
    """A line of leaves.jsonl."""

    n: int
    text: bytes
    stated: bytes
    leaf: Leaf | None

    @property
    def number(self) -> int:
        """What the entry is called in findings."""
        return self.n if self.leaf is None else int(self.leaf["seq"])

    @property
    def id(self) -> str | None:
        """What it happened to."""
        return None if self.leaf is None else str(self.leaf["id"])


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint; `signed` are its first three lines, signatures are names and bytes."""

    origin: str
    size: int
    root: bytes
    signed: bytes
    signatures: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Key:
    """A line of keys.txt."""

    name: str
    digits: str
    encoded: str

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        return base64.b64decode(self.encoded)[1:]

    def is_itself(self) -> bool:
        """Whether its digits are its key id."""
        return self.digits == hashlib.sha256(self.name.encode() + b"\x0a\x01" + self.public).hexdigest()[:8]


@dataclass(frozen=True)
class Bundle:
    """What was read."""

    manifest: dict[str, Any]
    rows: list[dict[str, Any]]
    entries: list[Entry]
    checkpoints: list[Checkpoint]
    keys: list[Key]
    openings: list[dict[str, Any]]

    @property
    def origin(self) -> str:
        """The origin that checkpoints should have."""
        return f"{self.manifest['instance']}/{self.manifest['log']}"


def require(holds: bool, why: str) -> None:  # noqa: FBT001 - it is what the function is about.
    if not holds:
        raise UnreadableError(why)


def read(path: Path) -> Bundle:
    """The bundle at `path`, or UnreadableError."""
    try:
        members = _members(path)
    except UnreadableError:
        raise
    except Exception as error:
        # What zipfile raises for a broken archive is of a dozen kinds.
        raise UnreadableError("not a ZIP archive that can be read") from error
    manifest, *rows = _manifest(_lines(members["manifest.jsonl"]))
    return Bundle(
        manifest,
        rows,
        [_entry(n, line) for n, line in enumerate(_lines(members["leaves.jsonl"]))],
        list(_checkpoints(_texts(members["checkpoints.txt"]))),
        _keys(_texts(members["keys.txt"])),
        [_with_fields(line, second_json.OPENING) for line in _lines(members.get(OPENINGS, b""))],
    )


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        names = sorted(info.filename for info in infos)
        require(names in (sorted(MEMBERS), sorted({*MEMBERS, OPENINGS})), "other members than a bundle has")
        require(all(info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & 1 for info in infos), "not stored as it is")
        return {info.filename: archive.read(info) for info in infos}


def _lines(member: bytes) -> list[bytes]:
    *lines, rest = member.split(b"\n")
    require(rest == b"", "a last line without a line feed")
    require(all(len(line) <= LONGEST_LINE for line in lines), "a line that is too long")
    return lines


def _texts(member: bytes) -> list[str]:
    try:
        return [line.decode() for line in _lines(member)]
    except UnicodeDecodeError as error:
        raise UnreadableError("not UTF-8") from error


def _manifest(lines: list[bytes]) -> list[dict[str, Any]]:
    require(bool(lines), "no line in the manifest")
    return [_with_fields(lines[0], second_json.MANIFEST), *(_with_fields(line, second_json.ROW) for line in lines[1:])]


def _with_fields(line: bytes, fields: dict[str, Shape]) -> dict[str, Any]:
    value = canonical(line)
    require(value is not None and value.keys() == fields.keys(), "a line without the fields that it should have")
    assert value is not None
    require(second_json.fits(value, fields), "a field that holds something else")
    return value


def _entry(n: int, line: bytes) -> Entry:
    parts = ENTRY.fullmatch(line)
    require(parts is not None, "a line that holds no leaf")
    assert parts
    return Entry(n, parts[1], bytes.fromhex(parts[2].decode()), well_formed(parts[1]))


def _checkpoints(lines: list[str]) -> Iterator[Checkpoint]:
    if not lines:
        return
    starts = [0]
    while True:
        end = next((i for i in range(starts[-1] + 4, len(lines)) if lines[i] == ""), len(lines))
        yield _checkpoint(lines[starts[-1] : end])
        if end == len(lines):
            return
        starts.append(end + 1)


def _checkpoint(lines: list[str]) -> Checkpoint:
    require(4 < len(lines) <= 4 + MOST_SIGNATURES and lines[3] == "", "a checkpoint of other lines")
    origin, size, root = lines[:3]
    require(bool(ORIGIN.fullmatch(origin) and SIZE.fullmatch(size)), "a checkpoint with a wrong origin or size")
    hashed = _base64(root)
    require(len(hashed) == 32, "a checkpoint with a wrong root")
    return Checkpoint(origin, int(size), hashed, f"{origin}\n{size}\n{root}\n".encode(), tuple(map(_signature, lines[4:])))


def _signature(line: str) -> tuple[str, bytes]:
    dash, name, encoded = _split(line, " ")
    signature = _base64(encoded)
    require(dash == "\u2014" and NAME.fullmatch(name) is not None and len(signature) >= 5, "a wrong signature line")
    return name, signature


def _keys(lines: list[str]) -> list[Key]:
    require(1 <= len(lines) <= MOST_KEYS, "no keys, or too many")
    return [_key(line) for line in lines]


def _key(line: str) -> Key:
    name, digits, encoded = _split(line, "+")
    public = _base64(encoded)
    require(bool(NAME.fullmatch(name) and re.fullmatch("[0-9a-f]{8}", digits)), "a key with a wrong name or id")
    require(len(public) == 33 and public[0] == 1, "a key of another kind")
    return Key(name, digits, encoded)


def _split(line: str, at: str) -> list[str]:
    parts = line.split(at, 2)
    require(len(parts) == 3, "a line with other parts")
    return parts


def _base64(text: str) -> bytes:
    try:
        decoded = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise UnreadableError("not base64") from error
    require(base64.b64encode(decoded).decode() == text, "base64 in another spelling")
    return decoded
