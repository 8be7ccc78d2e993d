"""A second verifier of bundles, written from docs/reference/journal.md alone, to be held against the one that auditors are given."""

import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.support.second_json import is_filing
from tests.support.second_reading import Bundle, Checkpoint, Entry, Key, Leaf, UnreadableError, read, require

MOST_TOLD = 1000
FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
REMEMBERED = re.compile(r"([1-9][0-9]{0,17}):([0-9a-fA-F]{64})")
STEPS = {"observation.released": "submitted", "observation.answered": "submitted"} | {
    f"observation.{status}": status for status in ("accepted", "returned", "rejected", "superseded", "withdrawn")
}


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be."""

    code: str
    seq: int | None = None
    id: str | None = None

    def rank(self) -> tuple[int, str, str]:
        """Where it stands among the others."""
        return (-1 if self.seq is None else self.seq, self.code, self.id or "")


@dataclass(frozen=True)
class Report:
    """All that is said of a bundle; `bundle` is none where it is unreadable."""

    exit: int
    findings: tuple[Finding, ...] = ()
    remarks: tuple[tuple[int, str], ...] = ()
    bundle: Bundle | None = None
    why: str = ""

    def as_json(self) -> str:
        """The line of `--json`."""
        found = [{"code": each.code, "id": each.id, "seq": each.seq} for each in self.findings]
        entries = None if self.bundle is None else len(self.bundle.entries)
        return json.dumps({"entries": entries, "exit": self.exit, "findings": found}, separators=(",", ":"))

    def lines(self) -> list[str]:
        """The lines of standard output, findings without their sentence."""
        if self.bundle is None:
            return [f"unreadable: {self.why}"]
        remarks = [f"remark clock_back {seq} {about}" for seq, about in self.remarks]
        found = [f"finding {each.code} {_or_hyphen(each.seq)} {_or_hyphen(each.id)}" for each in self.findings]
        return [*_heading(self.bundle), *remarks, *found, self._outcome()]

    def _outcome(self) -> str:
        if self.findings:
            return f"not sound: {len(self.findings)} findings"
        return "sound" if self.exit == 0 else "sound, but nothing remembered was compared"


def verdict(path: str | Path, known: Sequence[str] | None = None) -> tuple[int, set[tuple[str, int | None]]]:
    """Exit code and the codes and numbers of what was found; `known` are texts `SIZE:ROOT`."""
    report = findings(path, known)
    return report.exit, {(each.code, each.seq) for each in report.findings}


def findings(path: str | Path, known: Sequence[str] | None = None) -> Report:
    """Everything that is said of the bundle at `path`."""
    try:
        remembered = [_remembered(text) for text in known or ()]
        bundle = read(Path(path))
    except UnreadableError as error:
        return Report(2, why=str(error))
    found = _told(set(_found(bundle, remembered)))
    sound = 0 if remembered else 3
    return Report(1 if found else sound, found, tuple(_clock_back(bundle.entries))[:MOST_TOLD], bundle)


def _told(found: set[Finding]) -> tuple[Finding, ...]:
    counted: dict[str, int] = {}
    told = []
    for each in sorted(found, key=Finding.rank):
        counted[each.code] = counted.get(each.code, 0) + 1
        if counted[each.code] <= MOST_TOLD:
            told.append(each)
    return tuple(told)


def _or_hyphen(value: object) -> str:
    return "-" if value is None else str(value)


def _heading(bundle: Bundle) -> list[str]:
    last = bundle.checkpoints[-1] if bundle.checkpoints else None
    return [
        f"log {bundle.manifest['log']}",
        f"origin {bundle.origin}",
        f"entries {len(bundle.entries)}",
        f"checkpoints {len(bundle.checkpoints)}",
        f"openings {len(bundle.openings)}",
        f"last checkpoint {f'{last.size}:{last.root.hex()}' if last else 'none'}",
        *(f"key {key.digits} {key.encoded}" for key in bundle.keys if key.name == bundle.origin),
    ]


def _clock_back(entries: list[Entry]) -> Iterator[tuple[int, str]]:
    before = ""
    for leaf in (entry.leaf for entry in entries if entry.leaf is not None):
        if leaf["at"] < before:
            yield leaf["seq"], leaf["id"]
        before = leaf["at"]


def _remembered(text: str) -> tuple[int, bytes]:
    parts = REMEMBERED.fullmatch(text.replace(" ", ""))
    require(parts is not None, "what is remembered is not SIZE:ROOT")
    assert parts
    return int(parts[1]), bytes.fromhex(parts[2])


class Tree:
    """The tree over some hashes of leaves."""

    def __init__(self, hashes: list[bytes]) -> None:
        self.hashes = hashes
        self.seen: dict[tuple[int, int], bytes] = {}

    def root(self, size: int) -> bytes:
        """The root of the first `size`."""
        return self._of(0, size) if size else hashlib.sha256().digest()

    def _of(self, start: int, size: int) -> bytes:
        if size == 1:
            return self.hashes[start]
        if (start, size) not in self.seen:
            left = 1 << (size - 1).bit_length() - 1
            self.seen[start, size] = hashlib.sha256(b"\x01" + self._of(start, left) + self._of(start + left, size - left)).digest()
        return self.seen[start, size]


@dataclass(frozen=True)
class Read:
    """A bundle and what follows from its leaves; `filings` are the first of each id, `status` where the leaves leave each."""

    bundle: Bundle
    straight: int
    tree: Tree
    filings: dict[str, Leaf]
    status: dict[str, str]

    @property
    def lines(self) -> int:
        """How many entries there are."""
        return len(self.bundle.entries)


def _found(bundle: Bundle, remembered: list[tuple[int, bytes]]) -> Iterator[Finding]:
    after = _followed(bundle)
    yield from _hashes(bundle)
    yield from _places(after)
    yield from _filed(bundle.entries)
    yield from _sizes(after)
    yield from _signed(after)
    yield from _manifest(after)
    yield from _rows(after)
    yield from _openings(after)
    yield from _known(after, remembered)


def _followed(bundle: Bundle) -> Read:
    straight = next((entry.n for entry in bundle.entries if entry.leaf and entry.leaf["seq"] != entry.n), len(bundle.entries))
    filings: dict[str, Leaf] = {}
    status: dict[str, str] = {}
    for leaf in _leaves(bundle.entries):
        if is_filing(leaf) and leaf["id"] not in filings:
            filings[leaf["id"]] = leaf
            status[leaf["id"]] = leaf["facts"]["status"]
        elif leaf["kind"] in STEPS and leaf["id"] in filings:
            status[leaf["id"]] = STEPS[leaf["kind"]]
    return Read(bundle, straight, Tree([entry.stated for entry in bundle.entries[:straight]]), filings, status)


def _leaves(entries: list[Entry]) -> Iterator[Leaf]:
    return (entry.leaf for entry in entries if entry.leaf is not None)


def _hashes(bundle: Bundle) -> Iterator[Finding]:
    for entry in bundle.entries:
        if entry.stated != hashlib.sha256(b"\x00" + entry.text).digest():
            yield Finding("leaf_hash", entry.number, entry.id)
        if entry.leaf is None:
            yield Finding("leaf_malformed", entry.n)
        elif entry.leaf["log"] != bundle.manifest["log"]:
            yield Finding("leaf_log", entry.number, entry.id)


def _places(after: Read) -> Iterator[Finding]:
    if after.straight < after.lines:
        yield Finding("leaf_seq", after.straight, after.bundle.entries[after.straight].id)


def _filed(entries: list[Entry]) -> Iterator[Finding]:
    filed: set[str] = set()
    for leaf in _leaves(entries):
        code = _code_of(leaf, filed)
        if code:
            yield Finding(code, leaf["seq"], leaf["id"])
        if is_filing(leaf):
            filed.add(leaf["id"])


def _code_of(leaf: Leaf, filed: set[str]) -> str | None:
    kind, base = leaf["kind"], leaf["facts"].get("supersedes")
    if not is_filing(leaf):
        return "not_filed" if kind.startswith("observation.") and leaf["id"] not in filed else None
    if leaf["id"] in filed:
        return "filed_twice"
    return "base_not_filed" if kind == "observation.filed" and base is not None and base not in filed else None


def _sizes(after: Read) -> Iterator[Finding]:
    sizes = [checkpoint.size for checkpoint in after.bundle.checkpoints]
    if any(size > after.lines for size in sizes):
        yield Finding("leaves_missing", after.lines)
    if after.lines > max(sizes, default=0):
        yield Finding("leaves_unsigned", max(sizes, default=0))
    for before, size in itertools.pairwise(sizes):
        if size <= before:
            yield Finding("checkpoint_order", size)


def _signed(after: Read) -> Iterator[Finding]:
    own = [key for key in after.bundle.keys if key.is_itself()]
    if len(own) < len(after.bundle.keys):
        yield Finding("key_id")
    for checkpoint in after.bundle.checkpoints:
        if checkpoint.origin != after.bundle.origin:
            yield Finding("checkpoint_origin", checkpoint.size)
        if not _is_signed(checkpoint, own):
            yield Finding("checkpoint_signature", checkpoint.size)
    wrong = (each.size for each in after.bundle.checkpoints if each.size <= after.straight and each.root != after.tree.root(each.size))
    yield from (Finding("checkpoint_root", size) for size in list(wrong)[:1])


def _is_signed(checkpoint: Checkpoint, keys: list[Key]) -> bool:
    outcomes = []
    for name, signature in checkpoint.signatures:
        owners = [key for key in keys if name == checkpoint.origin == key.name and signature[:4].hex() == key.digits]
        if owners:
            outcomes.append(any(_is_good(key.public, signature[4:], checkpoint.signed) for key in owners))
    return bool(outcomes) and all(outcomes)


def _is_good(public: bytes, signature: bytes, signed: bytes) -> bool:
    if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= ORDER or not _decodes(public):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _decodes(public: bytes) -> bool:
    """Whether a key keeps the two rules of RFC 8032, 5.1.3, that the library does not ask for: y in the field, no sign where x is 0."""
    sign, y = divmod(int.from_bytes(public, "little"), 2**255)
    return y < FIELD and not (sign and y in {1, FIELD - 1})


def _manifest(after: Read) -> Iterator[Finding]:
    if after.bundle.manifest["size"] != after.lines:
        yield Finding("manifest_size", after.lines)
    if after.straight == after.lines and after.bundle.manifest["root"] != after.tree.root(after.lines).hex():
        yield Finding("manifest_root", after.lines)


def _rows(after: Read) -> Iterator[Finding]:
    rows: dict[str, Leaf] = {}
    for row in after.bundle.rows:
        if row["id"] in rows:
            yield Finding("row_twice", row["seq"], row["id"])
        rows.setdefault(row["id"], row)
    for about, row in rows.items():
        yield from _row(after, row, after.filings.get(about))
    for about, filing in after.filings.items():
        if about not in rows:
            yield Finding("row_missing", filing["seq"], about)


def _row(after: Read, row: Leaf, filing: Leaf | None) -> Iterator[Finding]:
    if filing is None:
        yield Finding("row_without_leaf", row["seq"], row["id"])
        return
    if not row["columns_agree"] or any(row[name] != value for name, value in _as_row(filing).items()):
        yield Finding("row_changed", filing["seq"], row["id"])
    if row["status"] != after.status[row["id"]]:
        yield Finding("row_status", filing["seq"], row["id"])


def _as_row(filing: Leaf) -> Leaf:
    of_leaf = {"case": filing["case"], "hearing": filing.get("hearing"), "actor": filing["actor"], "seq": filing["seq"]}
    return of_leaf | {name: filing["facts"][name] for name in ("received_at", "answers", "narrative")}


def _openings(after: Read) -> Iterator[Finding]:
    for opening in after.bundle.openings:
        filing = after.filings.get(opening["id"])
        if filing is None:
            yield Finding("opening_without_leaf", None, opening["id"])
        elif _commitment(after.bundle.manifest["log"], opening) != filing["facts"][opening["column"]]:
            yield Finding("opening_changed", filing["seq"], opening["id"])


def _commitment(log: str, opening: Leaf) -> str:
    words = ["hearsight-1", log, opening["id"], "1", opening["column"], ""]
    return hashlib.sha256("\0".join(words).encode() + bytes.fromhex(opening["salt"]) + opening["text"].encode()).hexdigest()


def _known(after: Read, remembered: list[tuple[int, bytes]]) -> Iterator[Finding]:
    for size, root in remembered:
        if size > after.lines:
            yield Finding("known_ahead", size)
        elif size <= after.straight and root != after.tree.root(size):
            yield Finding("known_differs", size)
