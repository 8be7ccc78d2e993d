"""The test vectors of `docs/reference/journal.md` hold for the program, and for the standards written down a second time here."""

import hashlib
import json
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest

import app
from app.journal import rules
from app.journal.schemas import Entry, EventKind
from app.journal.service import leaf_of
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
