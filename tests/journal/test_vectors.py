"""The test vectors of `docs/reference/journal.md` hold for the program, and for the standards written down a second time here."""

import hashlib
import json
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest

import app
from app.journal import notes, proofs, rules
from app.journal.notes import Signer, Stated
from app.journal.schemas import Entry, EventKind
from app.journal.service import leaf_of
from app.kit import crypto
from app.observations import canonical

PAGE = Path(app.__file__).resolve().parent.parent / "docs" / "reference" / "journal.md"


@cache
def vectors():
    block = PAGE.read_text(encoding="utf-8").partition("```json\n")[2].partition("\n```")[0]
    return json.loads(block)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def root_by_the_book(leaves):
    """RFC 6962, 2.1, word by word."""
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return sha256(b"\0", leaves[0])
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1", root_by_the_book(leaves[:middle]), root_by_the_book(leaves[middle:]))


def test_canonical_texts_are_as_printed():
    assert len(vectors()["canonical"]) >= 4
    for vector in vectors()["canonical"]:
        assert canonical.canonical(vector["value"]) == vector["text"]


def test_commitments_are_as_printed():
    for vector in vectors()["commitments"]:
        log, observation, salt = UUID(vector["log"]), UUID(vector["observation"]), bytes.fromhex(vector["salt"])
        made = canonical.commitment(log, observation, vector["column"], salt=salt, text=vector["text"], version=vector["version"])
        place = "\0".join(["hearsight-1", vector["log"], vector["observation"], str(vector["version"]), vector["column"]]).encode()
        assert made == sha256(place, b"\0", salt, vector["text"].encode())
        assert made.hex() == vector["sha256"]


def test_both_columns_of_an_observation_have_a_vector_in_canonical_form():
    assert [vector["column"] for vector in vectors()["commitments"]] == ["answers", "narrative"]
    for vector in vectors()["commitments"]:
        assert canonical.canonical(json.loads(vector["text"])) == vector["text"]


def test_leaves_are_as_printed():
    for vector in vectors()["leaves"]:
        leaf = vector["leaf"]
        entry = Entry(
            EventKind(leaf["kind"]), UUID(leaf["id"]), UUID(leaf["log"]), UUID(leaf["case"]), UUID(leaf["hearing"]), UUID(leaf["actor"]),
            facts=leaf["facts"],
        )  # fmt: skip
        text = rules.canonical(leaf_of(entry, leaf["seq"], leaf["at"]))
        assert text.decode() == vector["text"] == canonical.canonical(leaf)
        assert rules.leaf_hash(text).hex() == sha256(b"\0", text).hex() == vector["leaf_hash"]


def test_the_leaf_commits_to_the_columns_printed_above_it():
    facts = vectors()["leaves"][0]["leaf"]["facts"]
    assert {vector["column"]: vector["sha256"] for vector in vectors()["commitments"]} == {
        name: facts[name] for name in ("answers", "narrative")
    }


@pytest.mark.parametrize("size", range(9))
def test_roots_are_as_printed(size):
    leaves = [bytes.fromhex(leaf) for leaf in vectors()["trees"]["leaves"]][:size]
    printed = {vector["size"]: vector["root"] for vector in vectors()["trees"]["roots"]}
    assert rules.root_of([rules.leaf_hash(leaf) for leaf in leaves]).hex() == root_by_the_book(leaves).hex() == printed[size]


def test_the_page_names_every_field_of_a_leaf():
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in vectors()["leaves"][0]["leaf"] if f"`{name}`" not in page] == []


def hashes_of(ranges):
    leaves = [rules.leaf_hash(bytes.fromhex(leaf)) for leaf in vectors()["trees"]["leaves"]]
    return [rules.root_of(leaves[start:end]).hex() for start, end in ranges]


def test_proofs_are_as_printed():
    assert len(vectors()["inclusion"]) >= 6 <= len(vectors()["consistency"])
    for vector in vectors()["inclusion"]:
        assert hashes_of(proofs.inclusion_ranges(vector["seq"], vector["size"])) == vector["proof"]
    for vector in vectors()["consistency"]:
        assert hashes_of(proofs.consistency_ranges(vector["from"], vector["to"])) == vector["proof"]


def test_checkpoints_are_as_printed():
    for vector in vectors()["checkpoints"]:
        signer = Signer(UUID(vector["instance"]), bytes.fromhex(vector["seed"]))
        stated = Stated(signer.origin(UUID(vector["log"])), vector["size"], bytes.fromhex(vector["root"]))
        assert signer.sign(stated) == vector["text"]
        assert list(notes.read(vector["text"])) == [stated]
        assert signer.key(UUID(vector["log"])) == vector["key"]
        assert crypto.public_key(signer.seed).hex() == vector["public_key"]
        assert vector["text"] in PAGE.read_text(encoding="utf-8")


def test_the_printed_bundle_holds_the_printed_leaves_and_fits_itself():
    files = vectors()["bundles"][0]["files"]
    lines = files["leaves.jsonl"].splitlines()
    leaves = [line[len('{"leaf":') : -80].encode() for line in lines]
    assert leaves[0].decode() == vectors()["leaves"][0]["text"]
    digests = [rules.leaf_hash(leaf) for leaf in leaves]
    assert [json.loads(line)["leaf_hash"] for line in lines] == [digest.hex() for digest in digests]
    stated = list(notes.read(files["checkpoints.txt"]))
    assert [each.size for each in stated] == [2, 3]
    assert [each.root for each in stated] == [rules.root_of(digests[: each.size]) for each in stated]
    assert json.loads(files["manifest.jsonl"].splitlines()[0])["root"] == stated[-1].root.hex()
    assert vectors()["bundles"][0]["known"] == [f"3:{stated[-1].root.hex()}"]
