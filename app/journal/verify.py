"""Check a bundle of a Hearsight journal. This one file needs Python 3.9 or later and nothing else: no network, no server, no database.

    python3 verify.py BUNDLE [--known SIZE:ROOT]... [--json]

`docs/reference/journal.md` says what a bundle is and what is found in it; this follows it rule by rule, and the codes of findings are
its own. Whoever made the bundle may want to deceive: nothing in it is believed, expanded or run, it is read in small pieces, and no more
is kept of it than a few hundred bytes for each filing and each checkpoint.
Exit codes: 0 sound, 1 findings, 2 unreadable, 3 sound, but nothing remembered was given to compare it with.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import functools
import hashlib
import io
import json
import os
import re
import struct
import sys
import uuid
import zipfile
from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SOUND, FOUND, UNREADABLE, NOTHING_REMEMBERED = range(4)
MEMBERS = ("checkpoints.txt", "keys.txt", "leaves.jsonl", "manifest.jsonl")
OPENINGS = "openings.jsonl"
LONGEST_LINE = 8 * 1024 * 1024
MOST_AT_ONCE = 1024 * 1024
MOST_TOLD = 1000
MOST_OF_A_KIND = 16
DEEPEST = 32
LENGTH = 32
"""Of hashes, of keys, and of each half of a signature."""
ZIP_FAULTS = (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError, OverflowError, LookupError, struct.error)

WORDS = {
    "leaf_hash": "entry {seq} is not what was written: its bytes do not have the hash that stands beside them",
    "leaf_malformed": "line {seq} of leaves.jsonl (counted from 0) is no entry such as the server writes",
    "leaf_log": "entry {seq} belongs to another log",
    "leaf_seq": "an entry is missing, too many or out of place: another one stands where entry {seq} should",
    "filed_twice": "entry {seq} acknowledges an observation that an earlier entry acknowledged",
    "not_filed": "entry {seq} tells of an observation that no earlier entry acknowledged",
    "base_not_filed": "entry {seq} corrects an observation that no earlier entry acknowledged",
    "leaves_missing": "the log ends before entry {seq}, but more entries were signed: the end was cut off",
    "leaves_unsigned": "no checkpoint covers the entries from {seq} on: they may have been added or changed by anybody",
    "checkpoint_order": "the checkpoint over {seq} entries follows one that is not smaller",
    "checkpoint_origin": "the checkpoint over {seq} entries is one of another log",
    "checkpoint_signature": "the checkpoint over {seq} entries is not signed by a key of keys.txt",
    "checkpoint_root": "the first {seq} entries are not those that were signed: something before entry {seq} was changed",
    "key_id": "a key of keys.txt does not have the id that stands beside it",
    "manifest_size": "there are {seq} entries, which is not what the manifest says",
    "manifest_root": "the {seq} entries do not have the root that the manifest says",
    "row_twice": "an observation stands twice in the manifest",
    "row_without_leaf": "an observation is stored that no entry acknowledged",
    "row_changed": "the observation that entry {seq} acknowledged is stored otherwise than it was acknowledged",
    "row_status": "the observation that entry {seq} acknowledged is stored with a status that does not follow from the entries",
    "row_missing": "the observation that entry {seq} acknowledged is not stored",
    "opening_without_leaf": "a text is shown of an observation that no entry acknowledged",
    "opening_changed": "the text shown of the observation that entry {seq} acknowledged is not the text that was acknowledged",
    "known_ahead": "somebody remembers {seq} entries, which is more than there are: the end was cut off, or this is an earlier state",
    "known_differs": "the first {seq} entries are not those that somebody remembers: the log was written anew, or it is another one",
}


class Unreadable(Exception):  # noqa: N818 - it is what the bundle is
    """Why a bundle cannot be read."""


# --- The shapes of a bundle's lines. They are canonical JSON with fixed fields, so that each has one spelling. ---

ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
HEX = r"[0-9a-f]{64}"
TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
COUNT = r"0|[1-9][0-9]{0,18}"
SIZE = r"0|[1-9][0-9]{0,17}"
NAME = r"[^\x00-\x20+]+"
STATUSES = ("submitted", "held", "returned", "rejected", "accepted", "superseded", "withdrawn")
STATUS = "|".join(STATUSES)
FILINGS = (b"observation.filed", b"observation.held")
FATES = {b"observation.%b" % each.encode(): each for each in STATUSES[2:]}
FATES |= dict.fromkeys((b"observation.released", b"observation.answered"), "submitted")


def _line(shape: str) -> re.Pattern[bytes]:
    return re.compile(shape.encode())


HEAD_LINE = _line(
    rf'\{{"format":"hearsight-journal-1","instance":"({ID})","log":"({ID})","made_at":"{TIME}","root":"({HEX})","size":({COUNT})\}}'
)
ROW_LINE = _line(
    rf'\{{"actor":"({ID})","answers":"({HEX})","case":"({ID})","columns_agree":(true|false),"hearing":(?:null|"({ID})"),"id":"({ID})",'
    rf'"narrative":"({HEX})","received_at":"({TIME})","seq":({COUNT}),"status":"({STATUS})"\}}'
)
OPENING_LINE = _line(rf'\{{"column":"(answers|narrative)","id":"({ID})","salt":"({HEX})","text":(".*"),"version":1\}}')
LEAF_LINE_END = _line(rf',"leaf_hash":"({HEX})"\}}')
LEAF_LINE_START = b'{"leaf":'
LEAF_LINE_LEAST = 88
LEAF = _line(
    rf'\{{(?:"actor":"({ID})",)?"at":"({TIME})",(?:"case":"({ID})",)?"facts":(\{{.*\}}),(?:"hearing":"({ID})",)?"id":"({ID})",'
    rf'"kind":"(?=[^"]{{1,48}}")([a-z_]+\.[a-z_]+)","log":"({ID})","seq":({COUNT}),"v":1\}}'
)
FILED_FACTS = {"answers": re.compile(HEX), "narrative": re.compile(HEX), "received_at": re.compile(TIME), "status": re.compile(STATUS)}
SUPERSEDED = re.compile(ID)
KEY_LINE = re.compile(rf"({NAME})\+([0-9a-f]{{8}})\+([A-Za-z0-9+/=]+)")
SIGNATURE_LINE = re.compile(rf"\u2014 ({NAME}) ([A-Za-z0-9+/=]+)")
KNOWN = re.compile(r"([1-9][0-9]{0,17}):([0-9A-Fa-f]{64})")


def _integer(text: str) -> int:
    if len(text) > len(str(-(2**63))) or not -(2**63) <= int(text) < 2**63:
        raise ValueError
    return int(text)


def _refuse(text: str) -> float:
    raise ValueError(text)


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_refuse, parse_constant=_refuse)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(text: bytes, deepest: int = DEEPEST) -> Any:
    """What a canonical JSON text says; `ValueError` where it is not canonical.

    Equal keys, blanks, other escapes and other orders all spell what they say otherwise than it is spelt here.
    """
    try:
        value = _DECODER.decode(text.decode())
        spelt = _ENCODER.encode(value).encode()
    except RecursionError:
        raise ValueError from None
    if spelt != text or (text.count(b"{") + text.count(b"[") > deepest and _is_deeper(value, deepest)):
        raise ValueError
    return value


def _is_deeper(value: Any, deepest: int) -> bool:
    level = [value]
    for _ in range(deepest):
        level = [child for each in level if isinstance(each, (dict, list)) for child in (each.values() if isinstance(each, dict) else each)]
    return any(isinstance(each, (dict, list)) for each in level)


def _count(digits: bytes) -> int | None:
    return int(digits) if int(digits) < 2**63 else None


def _packed(identity: bytes) -> bytes:
    return binascii.unhexlify(identity.replace(b"-", b""))


def _base64(text: str, least: int) -> bytes:
    """The bytes of base64 in its one spelling, at least so many of them."""
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        content = b""
    if len(content) < least or base64.b64encode(content).decode() != text:
        raise Unreadable("something is not base64 as it should be")
    return content


# --- Ed25519 (RFC 8032, 5.1). Nothing here is secret, so it need not take equal time. ---

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_1 = pow(2, (_P - 1) // 4, _P)
_ZERO = (0, 1, 1, 0)
Point = tuple[int, int, int, int]


def _add(one: Point, other: Point) -> Point:
    """RFC 8032, 5.1.4."""
    a = (one[1] - one[0]) * (other[1] - other[0])
    b = (one[1] + one[0]) * (other[1] + other[0])
    c = 2 * _D * one[3] * other[3] % _P
    d = 2 * one[2] * other[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _decoded(encoded: bytes) -> Point | None:
    """RFC 8032, 5.1.3; nothing where it is the encoding of no point."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_1 % _P
    if y >= _P or (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _encoded(point: Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


@functools.lru_cache(maxsize=2 * MOST_OF_A_KIND)
def _multiples(encoded: bytes, sign: int) -> tuple[list[Point], ...] | None:
    """For each hex digit of a scalar, lowest first, what each of its values adds to the multiple of a point (or of its opposite)."""
    point = _decoded(encoded)
    if point is None:
        return None
    point = (sign * point[0] % _P, point[1], 1, sign * point[3] % _P)
    found = []
    for _ in range(64):
        row = [_ZERO]
        for _ in range(16):
            row.append(_add(row[-1], point))
        point = row.pop()
        found.append(row)
    return tuple(found)


_BASE = (4 * pow(5, -1, _P) % _P).to_bytes(32, "little")


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether 64 bytes are the Ed25519 signature of a message (RFC 8032, 5.1.7; without the cofactor)."""
    base, opposite = _multiples(_BASE, 1), _multiples(public, -1)
    scalar = int.from_bytes(signature[LENGTH:], "little")
    if base is None or opposite is None or len(signature) != 2 * LENGTH or scalar >= _ORDER:
        return False
    factor = int.from_bytes(hashlib.sha512(signature[:LENGTH] + public + message).digest(), "little") % _ORDER
    total = _ZERO
    for place in range(64):
        total = _add(total, base[place][scalar >> 4 * place & 15])
        total = _add(total, opposite[place][factor >> 4 * place & 15])
    return _encoded(total) == signature[:LENGTH]


class Tree:
    """A Merkle tree (RFC 6962, 2.1), grown leaf by leaf: the roots of its perfect subtrees, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf_hash: bytes) -> None:
        """Add the hash of the next leaf."""
        carried, size = leaf_hash, self.size
        while size & 1:
            carried = hashlib.sha256(b"\1" + self._peaks.pop() + carried).digest()
            size >>= 1
        self._peaks.append(carried)
        self.size += 1

    def root(self) -> bytes:
        """The root of all leaves so far."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        return functools.reduce(lambda right, left: hashlib.sha256(b"\1" + left + right).digest(), reversed(self._peaks))


# --- Reading. ---


class _Sparing(io.FileIO):
    """A file that is never read in large pieces: `zipfile` asks for all of a directory at once, however large it claims to be."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MOST_AT_ONCE:
            raise Unreadable("its directory is too large for the few files of a bundle")
        return super().read(-1 if size is None else size)


class Archive:
    """The members of a bundle."""

    def __init__(self, path: str) -> None:
        """`Unreadable` where it is no archive of the members that make a bundle."""
        if not os.path.isfile(path):  # noqa: PTH113 - a path may be anything that the system takes
            raise Unreadable("there is no such file")
        try:
            self._file = _Sparing(path)
        except OSError:
            raise Unreadable("the file cannot be opened") from None
        try:
            self._archive = zipfile.ZipFile(self._file)
            self._look_at(self._archive.infolist())
        except ZIP_FAULTS:
            self._file.close()
            raise Unreadable("it is not a ZIP archive") from None
        except Unreadable:
            self._file.close()
            raise

    def _look_at(self, members: list[zipfile.ZipInfo]) -> None:
        self.names = sorted(each.filename for each in members)
        if self.names not in ([*MEMBERS], [*MEMBERS, OPENINGS]):
            raise Unreadable("its members are not those of a bundle")
        if any(each.compress_type != zipfile.ZIP_STORED or each.flag_bits & 1 for each in members):
            raise Unreadable("a member is compressed or encrypted")

    def close(self) -> None:
        """Close the file."""
        self._archive.close()
        self._file.close()

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member, without their line feeds."""
        rest = b""
        for piece in self._pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            if max(map(len, (*whole, rest))) > LONGEST_LINE:
                raise Unreadable(f"a line of {name} is too long")
            yield from whole
        if rest:
            raise Unreadable(f"the last line of {name} has no end")

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self._archive.open(name) as member:
                while piece := member.read(MOST_AT_ONCE // 4):
                    yield piece
        except ZIP_FAULTS:
            raise Unreadable(f"{name} cannot be read to its end, or is damaged") from None


class Key(NamedTuple):
    """A line of `keys.txt`."""

    name: str
    id: str
    text: str
    public: bytes


def _text(line: bytes, name: str) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise Unreadable(f"{name} is not UTF-8") from None


def read_key(line: bytes) -> Key:
    """A key of `keys.txt`."""
    found = KEY_LINE.fullmatch(_text(line, "keys.txt"))
    content = _base64(found[3], 1 + LENGTH) if found else b""
    if found is None or len(content) != 1 + LENGTH or content[0] != 1:
        raise Unreadable("a line of keys.txt is no key")
    return Key(found[1], found[2], found[3], content[1:])


class Checkpoint(NamedTuple):
    """A checkpoint: what it says, and by whom it is signed (name, and id and signature in one)."""

    origin: str
    size: int
    root: bytes
    signed: bytes
    signatures: list[tuple[str, bytes]]


def read_checkpoints(lines: Iterator[bytes]) -> Iterator[Checkpoint]:
    """The checkpoints of `checkpoints.txt`."""
    origin = next(lines, None)
    while origin is not None:
        size, root, blank = (next(lines, b"-") for _ in range(3))
        signatures: list[tuple[str, bytes]] = []
        while (line := next(lines, None)) and len(signatures) <= MOST_OF_A_KIND:
            signatures.append(_read_signature(line))
        if line or blank or not signatures or len(signatures) > MOST_OF_A_KIND or not re.fullmatch(SIZE.encode(), size):
            raise Unreadable("checkpoints.txt holds something that is no checkpoint")
        yield Checkpoint(_read_origin(origin), int(size), _read_root(root), b"%b\n%b\n%b\n" % (origin, size, root), signatures)
        if line is None:
            return
        origin = next(lines, None)
        if origin is None:
            raise Unreadable("checkpoints.txt ends with a blank line")


def _read_signature(line: bytes) -> tuple[str, bytes]:
    found = SIGNATURE_LINE.fullmatch(_text(line, "checkpoints.txt"))
    if found is None:
        raise Unreadable("a line of checkpoints.txt should be a signature and is none")
    return found[1], _base64(found[2], 5)


def _read_origin(line: bytes) -> str:
    origin = _text(line, "checkpoints.txt")
    if not re.fullmatch(r"[^\x00-\x1f]+", origin):
        raise Unreadable("a line of checkpoints.txt should be an origin and is none")
    return origin


def _read_root(line: bytes) -> bytes:
    root = _base64(_text(line, "checkpoints.txt"), LENGTH)
    if len(root) != LENGTH:
        raise Unreadable("a line of checkpoints.txt should be a root and is none")
    return root


# --- Checking. ---

Finding = tuple[str, "int | None", "str | None"]
"""A code, a number or none, an id or none."""


class Findings:
    """What was found, each once. Of one code the first so many are told, so that a bundle full of faults does not fill the memory."""

    def __init__(self) -> None:
        self._of: dict[str, set[tuple[int, str]]] = {}

    def add(self, code: str, seq: int | None = None, identity: bytes | None = None) -> None:
        """Note a finding."""
        found = self._of.setdefault(code, set())
        found.add((-1 if seq is None else seq, "" if identity is None else identity.decode()))
        if len(found) > 2 * MOST_TOLD:
            self._of[code] = set(sorted(found)[:MOST_TOLD])

    def told(self) -> list[Finding]:
        """The findings in their order."""
        first = [(seq, code, identity) for code, found in self._of.items() for seq, identity in sorted(found)[:MOST_TOLD]]
        return [(code, None if seq < 0 else seq, identity or None) for seq, code, identity in sorted(first)]


class Filing(NamedTuple):
    """What a leaf acknowledged of an observation, with its number; the status that followed; whether the manifest has a row of it."""

    number: int
    about: bytes
    answers: bytes
    narrative: bytes
    status: int
    is_stored: bool


FILING = struct.Struct(">Q32s32s32sB?")
"""A filing as it is remembered: a log may have millions."""
NOT_STORED, STORED = b"\0", b"\1"


def _about(case: bytes, hearing: bytes | None, actor: bytes, received_at: bytes) -> bytes:
    return hashlib.sha256(b"|".join((case, hearing or b"", actor, received_at))).digest()


class Leaf(NamedTuple):
    """A leaf that is well-formed."""

    actor: bytes | None
    at: bytes
    case: bytes | None
    facts: bytes
    hearing: bytes | None
    id: bytes
    kind: bytes
    log: bytes
    seq: bytes


def read_leaf(text: bytes) -> tuple[Leaf, dict[str, Any]] | None:
    """A leaf and its facts; nothing where it is not well-formed."""
    found = LEAF.fullmatch(text)
    if found is None:
        return None
    leaf = Leaf(*found.groups())
    try:
        facts = canonical(leaf.facts, DEEPEST - 1)
    except ValueError:
        return None
    if _count(leaf.seq) is None or (leaf.kind in FILINGS and not _is_filing(leaf, facts)):
        return None
    return leaf, facts


def _is_filing(leaf: Leaf, facts: dict[str, Any]) -> bool:
    stated = [(facts.get(name), shape) for name, shape in FILED_FACTS.items()]
    if "supersedes" in facts:
        stated.append((facts["supersedes"], SUPERSEDED))
    return bool(leaf.case and leaf.actor) and all(isinstance(each, str) and shape.fullmatch(each) for each, shape in stated)


class Check:
    """One look through a bundle: it reads each member once, and is then full of what there is to tell."""

    def __init__(self, archive: Archive, known: Iterable[tuple[int, bytes]] = ()) -> None:
        self.findings = Findings()
        self.remarks: list[tuple[int, str]] = []
        self.keys: list[Key] = []
        self.entries = self.openings = 0
        self.sizes = array("Q")
        self.root = b""
        self._archive = archive
        self._known = sorted(set(known))
        self._roots_of: dict[int, bytes] = {}
        self._signed_roots = bytearray()
        self._filings: dict[bytes, bytes] = {}
        self._at = b""
        manifest = archive.lines("manifest.jsonl")
        head = HEAD_LINE.fullmatch(next(manifest, b""))
        size = _count(head[4]) if head else None
        if head is None or size is None:
            raise Unreadable("the manifest does not begin as one of a Hearsight journal")
        self.log, self.origin = head[2], f"{head[1].decode()}/{head[2].decode()}"
        self._read_keys()
        self._read_checkpoints()
        straight = self._read_leaves()
        self._judge_sizes(straight, size, head[3])
        self._read_openings()
        self._read_rows(manifest)

    def _read_keys(self) -> None:
        for line in self._archive.lines("keys.txt"):
            self.keys.append(read_key(line))
            if len(self.keys) > MOST_OF_A_KIND:
                break
        if not 0 < len(self.keys) <= MOST_OF_A_KIND:
            raise Unreadable("there are no keys in keys.txt, or too many")
        self._usable = {each for each in self.keys if key_id(each.name, each.public) == each.id}
        if not self._usable.issuperset(self.keys):
            self.findings.add("key_id")

    def _read_checkpoints(self) -> None:
        for each in read_checkpoints(self._archive.lines("checkpoints.txt")):
            if self.sizes and each.size <= self.sizes[-1]:
                self.findings.add("checkpoint_order", each.size)
            if each.origin != self.origin:
                self.findings.add("checkpoint_origin", each.size)
            if not self._is_signed(each):
                self.findings.add("checkpoint_signature", each.size)
            self.sizes.append(each.size)
            self._signed_roots += each.root
            self.root = each.root

    def _is_signed(self, checkpoint: Checkpoint) -> bool:
        verdicts = []
        for name, content in checkpoint.signatures:
            keys = [each for each in self._usable if each.name == name == checkpoint.origin and each.id == content[:4].hex()]
            if keys:
                verdicts.append(any(is_signed(each.public, checkpoint.signed, content[4:]) for each in keys))
        return bool(verdicts) and all(verdicts)

    def _read_leaves(self) -> int:
        """How many lines stand straight; the roots that somebody stated are computed on the way."""
        tree, is_straight = Tree(), True
        wanted = iter(sorted({*self.sizes, *(size for size, _ in self._known)}))
        size = next(wanted, None)
        for n, line in enumerate(self._archive.lines("leaves.jsonl")):
            if size == tree.size and is_straight:
                self._roots_of[size], size = tree.root(), next(wanted, None)
            leaf, stated = self._read_leaf(n, line)
            if is_straight and leaf is not None and int(leaf.seq) != n:
                self.findings.add("leaf_seq", n, leaf.id)
                is_straight = False
            if is_straight:
                tree.append(stated)
            self.entries = n + 1
        self._roots_of[tree.size] = tree.root()
        return tree.size

    def _read_leaf(self, n: int, line: bytes) -> tuple[Leaf | None, bytes]:
        """The leaf of a line, where it is well-formed, and the hash that the line states."""
        end = LEAF_LINE_END.fullmatch(line[-80:])
        if end is None or len(line) < LEAF_LINE_LEAST or not line.startswith(LEAF_LINE_START):
            raise Unreadable("a line of leaves.jsonl is not a leaf with its hash")
        text, stated = line[8:-80], binascii.unhexlify(end[1])
        leaf, facts = read_leaf(text) or (None, {})
        number, identity = (n, None) if leaf is None else (int(leaf.seq), leaf.id)
        if hashlib.sha256(b"\0" + text).digest() != stated:
            self.findings.add("leaf_hash", number, identity)
        if leaf is None:
            self.findings.add("leaf_malformed", n)
        else:
            self._judge_leaf(number, leaf, facts)
        return leaf, stated

    def _judge_leaf(self, number: int, leaf: Leaf, facts: dict[str, Any]) -> None:
        if leaf.log != self.log:
            self.findings.add("leaf_log", number, leaf.id)
        if leaf.at < self._at and len(self.remarks) < MOST_TOLD:
            self.remarks.append((number, leaf.id.decode()))
        self._at = leaf.at
        if leaf.kind.startswith(b"observation."):
            self._judge_observation(number, leaf, facts)

    def _judge_observation(self, number: int, leaf: Leaf, facts: dict[str, Any]) -> None:
        key = _packed(leaf.id)
        filing = self._filings.get(key)
        if leaf.kind not in FILINGS:
            if filing is None:
                self.findings.add("not_filed", number, leaf.id)
            elif leaf.kind in FATES:
                self._filings[key] = filing[:-2] + bytes([STATUSES.index(FATES[leaf.kind])]) + NOT_STORED
        elif filing is not None:
            self.findings.add("filed_twice", number, leaf.id)
        else:
            if leaf.kind == FILINGS[0] and "supersedes" in facts and _packed(facts["supersedes"].encode()) not in self._filings:
                self.findings.add("base_not_filed", number, leaf.id)
            about = _about(leaf.case or b"", leaf.hearing, leaf.actor or b"", facts["received_at"].encode())
            commitments = bytes.fromhex(facts["answers"]), bytes.fromhex(facts["narrative"])
            self._filings[key] = FILING.pack(number, about, *commitments, STATUSES.index(facts["status"]), *NOT_STORED)

    def _judge_sizes(self, straight: int, size: int, root: bytes) -> None:
        largest = max(self.sizes, default=0)
        if largest > self.entries:
            self.findings.add("leaves_missing", self.entries)
        if self.entries > largest:
            self.findings.add("leaves_unsigned", largest)
        if size != self.entries:
            self.findings.add("manifest_size", self.entries)
        if straight == self.entries and bytes.fromhex(root.decode()) != self._roots_of[straight]:
            self.findings.add("manifest_root", self.entries)
        for place, each in enumerate(self.sizes):
            if self._differs(each, self._signed_roots[LENGTH * place : LENGTH * (place + 1)]):
                self.findings.add("checkpoint_root", each)
                break
        for each, known in self._known:
            if each > self.entries:
                self.findings.add("known_ahead", each)
            elif self._differs(each, known):
                self.findings.add("known_differs", each)

    def _differs(self, size: int, root: bytes | bytearray) -> bool:
        return self._roots_of.get(size, root) != root

    def _read_openings(self) -> None:
        for line in self._archive.lines(OPENINGS) if OPENINGS in self._archive.names else ():
            found = OPENING_LINE.fullmatch(line)
            try:
                text = canonical(found[4]) if found else None
            except ValueError:
                text = None
            if found is None or text is None:
                raise Unreadable("a line of openings.jsonl is no opening")
            self.openings += 1
            self._judge_opening(found[1], found[2], binascii.unhexlify(found[3]), text)

    def _judge_opening(self, column: bytes, identity: bytes, salt: bytes, text: str) -> None:
        packed = self._filings.get(_packed(identity))
        if packed is None:
            self.findings.add("opening_without_leaf", None, identity)
            return
        filing = Filing(*FILING.unpack(packed))
        place = b"\0".join((b"hearsight-1", self.log, identity, b"1", column, salt + text.encode()))
        if hashlib.sha256(place).digest() != (filing.answers if column == b"answers" else filing.narrative):
            self.findings.add("opening_changed", filing.number, identity)

    def _read_rows(self, lines: Iterator[bytes]) -> None:
        strangers = set()
        for line in lines:
            found = ROW_LINE.fullmatch(line)
            seq = _count(found[9]) if found else None
            if found is None or seq is None:
                raise Unreadable("a line of the manifest is no observation")
            key = _packed(found[6])
            packed = self._filings.get(key)
            filing = Filing(*FILING.unpack(packed)) if packed else None
            if key in strangers or (filing and filing.is_stored):
                self.findings.add("row_twice", seq, found[6])
            elif packed is None or filing is None:
                self.findings.add("row_without_leaf", seq, found[6])
                strangers.add(key)
            else:
                self._judge_row(filing, seq, *found.groups())
                self._filings[key] = packed[:-1] + STORED
        for key, packed in self._filings.items():
            if not packed[-1]:
                self.findings.add("row_missing", Filing(*FILING.unpack(packed)).number, str(uuid.UUID(bytes=key)).encode())

    def _judge_row(self, filing: Filing, seq: int, *row: bytes) -> None:
        actor, answers, case, agree, hearing, identity, narrative, received_at, _, status = row
        stored = (seq, _about(case, hearing, actor, received_at), binascii.unhexlify(answers), binascii.unhexlify(narrative))
        if stored != filing[:4] or agree == b"false":
            self.findings.add("row_changed", filing.number, identity)
        if status.decode() != STATUSES[filing.status]:
            self.findings.add("row_status", filing.number, identity)


def key_id(name: str, public: bytes) -> str:
    """The id of an Ed25519 key with a name, as C2SP signed-note makes it."""
    return hashlib.sha256(name.encode() + b"\n\1" + public).hexdigest()[:8]


# --- Telling. ---


class Verdict(NamedTuple):
    """What is to be said of a bundle; `check` is none where it is unreadable, and `why` says why."""

    code: int
    check: Check | None
    findings: list[Finding]
    why: str = ""


def verify(path: str, known: Iterable[tuple[int, bytes]] = ()) -> Verdict:
    """Check a bundle, and hold it against sizes and roots that somebody remembers."""
    known = list(known)
    try:
        archive = Archive(path)
        try:
            check = Check(archive, known)
        finally:
            archive.close()
    except Unreadable as why:
        return Verdict(UNREADABLE, None, [], str(why))
    except MemoryError:
        return Verdict(UNREADABLE, None, [], "there is not enough memory to read it")
    findings = check.findings.told()
    return Verdict(FOUND if findings else SOUND if known else NOTHING_REMEMBERED, check, findings)


def in_json(verdict: Verdict) -> str:
    """One line for programs."""
    findings = [{"code": code, "id": identity, "seq": seq} for code, seq, identity in verdict.findings]
    return _ENCODER.encode({"entries": verdict.check and verdict.check.entries, "exit": verdict.code, "findings": findings})


def in_words(verdict: Verdict) -> Iterator[str]:
    """Lines for people."""
    if verdict.check is None:
        yield f"unreadable: {verdict.why}"
        return
    check = verdict.check
    yield f"log {check.log.decode()}"
    yield f"origin {check.origin}"
    yield f"entries {check.entries}"
    yield f"checkpoints {len(check.sizes)}"
    yield f"openings {check.openings}"
    yield f"last checkpoint {check.sizes[-1]}:{check.root.hex()}" if check.sizes else "last checkpoint none"
    yield from (f"key {each.id} {each.text}" for each in check.keys if each.name == check.origin)
    yield from (f"remark clock_back {seq} {identity}" for seq, identity in check.remarks)
    for code, seq, identity in verdict.findings:
        yield f"finding {code} {'-' if seq is None else seq} {identity or '-'} {WORDS[code].format(seq=seq)}"
    yield {
        SOUND: "sound",
        NOTHING_REMEMBERED: "sound, but nothing remembered was compared",
        FOUND: f"not sound: {len(verdict.findings)} findings",
    }[verdict.code]


def remembered(text: str) -> tuple[int, bytes]:
    """A size and its root, as somebody wrote them down: `120:5f70 bf18 …`."""
    found = KNOWN.fullmatch(text.replace(" ", ""))
    if found is None:
        raise Unreadable("what is remembered is written SIZE:ROOT, a number and 64 hex digits")
    return int(found[1]), bytes.fromhex(found[2])


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        raise Unreadable(f"{message} (--help tells more)")


def _asked(arguments: list[str]) -> tuple[str, list[tuple[int, bytes]], bool]:
    parser = _Arguments(prog="verify.py", description="Check a bundle of a Hearsight journal.", allow_abbrev=False)
    parser.add_argument("bundle", metavar="BUNDLE", help="the file to check")
    parser.add_argument("--known", metavar="SIZE:ROOT", action="append", default=[], help="a checkpoint that somebody remembers")
    parser.add_argument("--json", action="store_true", help="one line for programs")
    found = parser.parse_args(arguments)
    return found.bundle, [remembered(each) for each in found.known], found.json


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    arguments = sys.argv[1:] if arguments is None else arguments
    is_json = "--json" in arguments
    try:
        path, known, is_json = _asked(arguments)
        verdict = verify(path, known)
    except Unreadable as why:
        verdict = Verdict(UNREADABLE, None, [], str(why))
    except KeyboardInterrupt:
        verdict = Verdict(UNREADABLE, None, [], "it was stopped before the end")
    try:
        for line in [in_json(verdict)] if is_json else in_words(verdict):
            # What was typed may stand in a complaint: as one line, in letters that every terminal has.
            sys.stdout.write(" ".join(line.split()).encode("ascii", "backslashreplace").decode() + "\n")
        sys.stdout.flush()
    except OSError:
        # Nobody reads on; the exit code says it all the same, and Python need not complain when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return verdict.code


if __name__ == "__main__":
    sys.exit(main())
