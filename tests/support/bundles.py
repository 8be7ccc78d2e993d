"""Bundles of an invented log, made by somebody who has the key: first true ones, which tests then meddle with."""

import copy
import hashlib
import zipfile
from dataclasses import dataclass, field
from uuid import UUID

from app.journal import rules
from app.journal.notes import Signer, Stated
from app.observations.canonical import commitment

SEED = bytes(range(32))
FORGER = bytes(range(100, 132))
INSTANCE, LOG, OTHER_LOG = (UUID(int=n) for n in (0xF1, 0x1, 0x2))
CASE, HEARING, OBSERVER, COORDINATOR = (UUID(int=n) for n in (0xC1, 0xA1, 0xB1, 0xB2))
MEMBERS = ("manifest.jsonl", "leaves.jsonl", "checkpoints.txt", "keys.txt", "openings.jsonl")
WORDS = ("Ол ұрғанын айтты.", 'Er sagte: "Ja".\n', "\u0007\U0001f600")
FATES = {"observation.released": "submitted", "observation.answered": "submitted"} | {
    f"observation.{fate}": fate for fate in ("accepted", "returned", "rejected", "superseded", "withdrawn")
}


def observation(n):
    """The id of the n-th observation."""
    return str(UUID(int=0xE0 + n))


def stamp(n):
    """A moment, later for larger n."""
    return f"2012-04-05T10:{n // 60:02}:{n % 60:02}.{n:06}Z"


def canonical(value):
    return rules.canonical(value)


@dataclass
class Book:
    """All that a server would know: leaves as values, rows and openings; `bundle` writes them down, and signs them as the key's owner."""

    leaves: list = field(default_factory=list)
    rows: dict = field(default_factory=dict)
    openings: list = field(default_factory=list)
    sizes: list = field(default_factory=list)
    seed: bytes = SEED

    def add(self, kind, identity, facts=None, **place):
        n = len(self.leaves)
        leaf = {"v": 1, "log": str(LOG), "seq": n, "kind": kind, "id": identity, "at": stamp(n), "facts": facts or {}, **place}
        self.leaves.append(leaf)
        return leaf

    def file(self, n, *, held=None, supersedes=None, hearing=True):
        """The n-th observation is filed, or held."""
        at = {"hearing": str(HEARING)} if hearing else {}
        texts = {"answers": '{"answers":{"form":"oral"}}', "narrative": WORDS[n % len(WORDS)]}
        facts = {
            "form": "hearing",
            "form_version": "1.1.0",
            "received_at": stamp(len(self.leaves)),
            "status": "held" if held else "submitted",
        }
        facts |= {"code": held} if held else {}
        facts |= {"supersedes": observation(supersedes)} if supersedes is not None else {}
        for column, text in texts.items():
            salt = hashlib.sha256(f"{n} {column}".encode()).digest()
            facts[column] = commitment(LOG, UUID(observation(n)), column, salt=salt, text=text, version=1).hex()
            self.openings.append({"id": observation(n), "version": 1, "column": column, "salt": salt.hex(), "text": text})
        leaf = self.add(
            "observation.held" if held else "observation.filed", observation(n), facts, case=str(CASE), actor=str(OBSERVER), **at
        )
        self.rows[n] = {name: leaf.get(name) for name in ("id", "seq", "case", "hearing", "actor")} | {"columns_agree": True}
        self.rows[n] |= {name: facts[name] for name in ("received_at", "status", "answers", "narrative")}

    def decide(self, n, fate):
        """What became of the n-th observation."""
        self.add(fate, observation(n), {"form": "hearing"}, case=str(CASE), actor=str(COORDINATOR))
        self.rows[n]["status"] = FATES.get(fate, self.rows[n]["status"])

    def sign(self):
        """A checkpoint over what is there."""
        self.sizes.append(len(self.leaves))

    def copy(self):
        return copy.deepcopy(self)

    def hashes(self):
        return [rules.leaf_hash(canonical(leaf)) for leaf in self.leaves]

    def root(self, size=None):
        return rules.root_of(self.hashes()[:size])

    def known(self, size=None):
        """What somebody may have written down."""
        size = len(self.leaves) if size is None else size
        return f"{size}:{self.root(size).hex()}"

    def bundle(self):
        signer, digests = Signer(INSTANCE, self.seed), self.hashes()
        head = {"format": "hearsight-journal-1", "instance": str(INSTANCE), "log": str(LOG), "made_at": stamp(99)}
        head |= {"size": len(self.leaves), "root": self.root().hex()}
        texts = [signer.sign(Stated(signer.origin(LOG), size, rules.root_of(digests[:size]))) for size in self.sizes]
        return Bundle(
            {
                "manifest.jsonl": [canonical(each) for each in (head, *self.rows.values())],
                "leaves.jsonl": [leaf_line(canonical(leaf)) for leaf in self.leaves],
                "checkpoints.txt": "\n".join(texts).encode().split(b"\n")[:-1],
                "keys.txt": [signer.key(LOG).encode()],
                "openings.jsonl": [canonical(each) for each in self.openings],
            }
        )


def leaf_line(leaf):
    """The line of a leaf, with its true hash."""
    return b'{"leaf":%b,"leaf_hash":"%b"}' % (leaf, rules.leaf_hash(leaf).hex().encode())


@dataclass
class Bundle:
    """The lines of each member of a bundle."""

    files: dict

    def copy(self):
        return Bundle({name: list(lines) for name, lines in self.files.items()})

    def content(self, name):
        return b"".join(line + b"\n" for line in self.files[name])

    def write(self, path):
        """Write the bundle; members are stored as the server stores them."""
        write(path, [(name, self.content(name)) for name in self.files])
        return path


def write(path, members, **options):
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, compress_type=options.get("compression"))


def a_book():
    """A log in which everything happened: filings of every fate, corrections, held ones, a conflict, four checkpoints."""
    book = Book()
    book.add("programme.created", str(LOG), actor=str(COORDINATOR))
    book.add("member.added", str(OBSERVER), {"code": "OBS1", "role": "observer", "status": "active"}, actor=str(COORDINATOR))
    book.file(0)
    book.file(1, hearing=False)
    book.decide(0, "observation.accepted")
    book.sign()
    book.file(2, supersedes=0)
    book.decide(2, "observation.accepted")
    book.decide(0, "observation.superseded")
    book.file(3, held="version_unknown")
    book.decide(1, "observation.returned")
    book.sign()
    book.decide(3, "observation.released")
    book.add("observation.conflicted", observation(3), {"code": "id_conflict"}, case=str(CASE), actor=str(OBSERVER))
    book.file(4)
    book.decide(4, "observation.rejected")
    book.file(5, hearing=False)
    book.sign()
    book.decide(5, "observation.withdrawn")
    book.file(6)
    book.add("journal.exported", str(LOG), {"openings": True})
    book.sign()
    return book


def key_of(seed, log=LOG):
    """A key as it stands in `keys.txt`."""
    return Signer(INSTANCE, seed).key(log).encode()


def signed(size, root, *, seed=SEED, log=LOG):
    """The lines of one checkpoint."""
    signer = Signer(INSTANCE, seed)
    return signer.sign(Stated(signer.origin(log), size, root)).encode().split(b"\n")[:-1]
