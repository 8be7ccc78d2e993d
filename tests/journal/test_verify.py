"""The verifier: what is sound, what every kind of tampering looks like to it, in which words, and that it stands alone."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.journal import verify
from tests.support.bundles import Book, Bundle, a_book
from tests.support.house import ROOT
from tests.support.tampering_stored import REWRITTEN, TAMPERINGS

FILE = Path(verify.__file__)
PAGE = ROOT / "docs" / "reference" / "journal.md"
REMEMBERED = (5, 10, 18)
SAID = {
    "leaf_hash": "entry 7 is not what was written: its bytes do not have the hash that stands beside them",
    "leaf_malformed": "line 7 of leaves.jsonl (counted from 0) is no entry such as the server writes",
    "leaf_log": "entry 7 belongs to another log",
    "leaf_seq": "an entry is missing, too many or out of place: another one stands where entry 7 should",
    "filed_twice": "entry 7 acknowledges an observation that an earlier entry acknowledged",
    "not_filed": "entry 7 tells of an observation that no earlier entry acknowledged",
    "base_not_filed": "entry 7 corrects an observation that no earlier entry acknowledged",
    "leaves_missing": "the log ends before entry 7, but more entries were signed: the end was cut off",
    "leaves_unsigned": "no checkpoint covers the entries from 7 on: they may have been added or changed by anybody",
    "checkpoint_order": "the checkpoint over 7 entries follows one that is not smaller",
    "checkpoint_origin": "the checkpoint over 7 entries is one of another log",
    "checkpoint_signature": "the checkpoint over 7 entries is not signed by a key of keys.txt",
    "checkpoint_root": "the first 7 entries are not those that were signed: something before entry 7 was changed",
    "key_id": "a key of keys.txt does not have the id that stands beside it",
    "manifest_size": "there are 7 entries, which is not what the manifest says",
    "manifest_root": "the 7 entries do not have the root that the manifest says",
    "row_twice": "an observation stands twice in the manifest",
    "row_without_leaf": "an observation is stored that no entry acknowledged",
    "row_changed": "the observation that entry 7 acknowledged is stored otherwise than it was acknowledged",
    "row_status": "the observation that entry 7 acknowledged is stored with a status that does not follow from the entries",
    "row_missing": "the observation that entry 7 acknowledged is not stored",
    "opening_without_leaf": "a text is shown of an observation that no entry acknowledged",
    "opening_changed": "the text shown of the observation that entry 7 acknowledged is not the text that was acknowledged",
    "known_ahead": "somebody remembers 7 entries, which is more than there are: the end was cut off, or this is an earlier state",
    "known_differs": "the first 7 entries are not those that somebody remembers: the log was written anew, or it is another one",
}


@pytest.fixture
def said(capsys):
    """What the command line says, and its exit code."""

    def saying(*arguments):
        code = verify.main([str(each) for each in arguments])
        told = capsys.readouterr()
        assert told.err == ""
        return code, told.out.splitlines()

    return saying


def shortened(lines):
    """The findings among the lines, as the tables of tampering name them."""
    cut = [line.split(" ")[1:4] for line in lines if line.startswith("finding ")]
    return [f"{code} {seq} {identity[-2:]}" for code, seq, identity in cut]


def sentence(line):
    """What a line says of its number, as it would be said of 7."""
    _, code, seq, _, words = line.split(" ", 4)
    return code, words if seq == "-" else re.sub(rf"\b{seq}\b", "7", words)


def remembered(sizes):
    return [argument for size in sizes for argument in ("--known", a_book().known(size))]


def test_a_true_bundle_is_sound_and_as_remembered(said, tmp_path):
    book = a_book()
    file = book.bundle().write(tmp_path / "bundle.zip")
    told = [
        "log 00000000-0000-0000-0000-000000000001",
        "origin 00000000-0000-0000-0000-0000000000f1/00000000-0000-0000-0000-000000000001",
        "entries 18",
        "checkpoints 4",
        "openings 14",
        f"last checkpoint {book.known()}",
        "key 3906c8c5 AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
    ]
    assert said(file) == (3, [*told, "sound, but nothing remembered was compared"])
    assert said(file, *remembered(REMEMBERED)) == (0, [*told, "sound"])
    for size in range(1, 19):
        assert said(file, "--known", book.known(size)) == (0, [*told, "sound"])


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_named(said, tmp_path, name):
    change, told = TAMPERINGS[name]
    code, lines = said(change(a_book()).write(tmp_path / "bundle.zip"))
    assert sorted(shortened(lines)) == sorted(told)
    assert (code, lines[-1]) == (1, f"not sound: {len(told)} findings")
    for line in lines:
        if line.startswith("finding "):
            found, words = sentence(line)
            assert words == SAID[found]


@pytest.mark.parametrize("name", REWRITTEN)
def test_what_was_written_anew_and_signed_is_only_found_by_who_remembers(said, tmp_path, name):
    change, told = REWRITTEN[name]
    file = change(a_book()).write(tmp_path / "bundle.zip")
    code, lines = said(file)
    assert (code, lines[-1]) == (3, "sound, but nothing remembered was compared")
    code, lines = said(file, *remembered(REMEMBERED))
    assert (code, shortened(lines)) == (1, told)
    assert {sentence(line) for line in lines if line.startswith("finding ")} <= set(SAID.items())


def test_every_kind_of_finding_is_told_in_the_reference_and_shown_by_a_tampering():
    listed = re.findall(r"^\| `([a-z_]+)` \| (?:for|once|where)", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    shown = {line.split()[0] for change, told in (*TAMPERINGS.values(), *REWRITTEN.values()) for line in told}
    assert sorted(listed) == sorted(SAID) == sorted(verify.WORDS) == sorted(shown)


def test_every_kind_of_finding_is_explained_to_who_never_saw_us():
    page = (ROOT / "docs" / "how-to" / "check-a-journal.md").read_text(encoding="utf-8")
    table = page.partition("| code | what was done | what to ask |\n|---|---|---|\n")[2].partition("\n\n")[0]
    explained = [code for line in table.splitlines() for code in re.findall(r"`([a-z_]+)`", line.split("|")[1])]
    assert sorted(explained) == sorted(SAID)


def test_a_clock_that_was_set_back_is_remarked_and_no_finding(said, tmp_path):
    book = a_book()
    book.leaves[5]["at"] = book.leaves[4]["at"]
    book.leaves[9]["at"] = book.leaves[7]["at"]
    book.leaves[16]["at"] = book.leaves[2]["at"]
    code, lines = said(book.bundle().write(tmp_path / "bundle.zip"))
    assert code == 3
    assert [line for line in lines if line.startswith("remark")] == [
        "remark clock_back 9 00000000-0000-0000-0000-0000000000e1",
        "remark clock_back 16 00000000-0000-0000-0000-0000000000e6",
    ]


def test_a_held_filing_may_correct_what_has_not_come_yet(said, tmp_path):
    book = a_book()
    book.file(7, held="base_missing", supersedes=8)
    book.file(8)
    book.sign()
    assert said(book.bundle().write(tmp_path / "bundle.zip"))[0] == 3


def test_an_empty_log_is_sound(said, tmp_path):
    assert said(Book().bundle().write(tmp_path / "bundle.zip"))[0] == 3
    signed = Book(sizes=[0])
    assert said(signed.bundle().write(tmp_path / "signed.zip"), "--json") == (3, ['{"entries":0,"exit":3,"findings":[]}'])


def test_a_bundle_needs_no_openings(said, tmp_path):
    bundle = a_book().bundle()
    del bundle.files["openings.jsonl"]
    code, lines = said(bundle.write(tmp_path / "bundle.zip"))
    assert code == 3
    assert "openings 0" in lines


def test_the_printed_bundles_are_told_as_printed(said, tmp_path):
    printed = json.loads(PAGE.read_text(encoding="utf-8").partition("```json\n")[2].partition("\n```")[0])["bundles"]
    files = printed[0]["files"]
    for number, vector in enumerate(printed):
        member, *change = vector.get("replace", ["keys.txt", "", ""])
        made = files | {member: files[member].replace(*change)}
        file = Bundle({name: text.encode().split(b"\n")[:-1] for name, text in made.items()}).write(tmp_path / f"{number}.zip")
        known = [argument for each in vector["known"] for argument in ("--known", each)]
        code, lines = said(file, "--json", *known)
        assert (lines, json.loads(lines[0])["exit"]) == ([vector["json"]], code)


def test_what_is_remembered_may_be_written_in_groups_and_in_capitals(said, tmp_path):
    book = a_book()
    file = book.bundle().write(tmp_path / "bundle.zip")
    size, _, root = book.known(10).partition(":")
    groups = " ".join(root[start : start + 4] for start in range(0, 64, 4)).upper()
    assert said(file, "--known", f"{size}: {groups}")[0] == 0


ROOT_0 = "0" * 64
NOT_KNOWN = ["", "10", "10:", f":{ROOT_0}", f"0:{ROOT_0}", f"010:{ROOT_0}", f"-1:{ROOT_0}", f"+1:{ROOT_0}", f"10:{ROOT_0[1:]}"]
NOT_KNOWN += [f"10:{ROOT_0[1:]}g", f"{'1' * 19}:{ROOT_0}", f"\u0661:{ROOT_0}", f"10:\t{ROOT_0}", f"10 {ROOT_0}"]


@pytest.mark.parametrize("known", NOT_KNOWN)
def test_what_cannot_be_understood_of_what_is_remembered_ends_like_an_unreadable_bundle(said, tmp_path, known):
    file = a_book().bundle().write(tmp_path / "bundle.zip")
    assert said(file, f"--known={known}") == (2, ["unreadable: what is remembered is written SIZE:ROOT, a number and 64 hex digits"])
    assert said(file, "--json", f"--known={known}") == (2, ['{"entries":null,"exit":2,"findings":[]}'])


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["a", "--knwon", "b"], ["a", "--known"], ["--js", "a"], ["a", "--so\n\udcff\u0416"]])
def test_a_command_that_cannot_be_understood_ends_in_one_line(said, arguments):
    code, lines = said(*arguments)
    assert (code, len(lines)) == (2, 1)
    assert lines[0].startswith("unreadable: ")
    assert lines[0].isascii()


# It stands alone.


def alone(file, *arguments, folder):
    """The verifier, copied somewhere else and run without anything that was installed."""
    copy = folder / "elsewhere" / "verify.py"
    copy.parent.mkdir(exist_ok=True)
    shutil.copyfile(FILE, copy)
    command = [sys.executable, "-I", "-S", str(copy), str(file), *arguments]
    ended = subprocess.run(command, cwd=copy.parent, env={}, check=False, capture_output=True, text=True)
    assert ended.stderr == ""
    return ended.returncode, ended.stdout.splitlines()


def test_the_file_runs_alone_and_says_the_same(said, tmp_path):
    file = a_book().bundle().write(tmp_path / "bundle.zip")
    assert alone(file, folder=tmp_path) == said(file)
    known = remembered(REMEMBERED)
    assert alone(file, *known, "--json", folder=tmp_path) == (0, ['{"entries":18,"exit":0,"findings":[]}'])
    assert alone(tmp_path, folder=tmp_path) == (2, ["unreadable: there is no such file"])


def test_the_file_needs_nothing_but_the_standard_library_of_python_3_9():
    tree = ast.parse(FILE.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {name.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {(node.module or "").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported - {"__future__"} < sys.stdlib_module_names
    assert imported.isdisjoint({"socket", "ssl", "http", "urllib", "sqlite3", "subprocess", "ctypes", "pickle"})


def test_a_reader_that_goes_away_changes_nothing(tmp_path):
    file = a_book().bundle().write(tmp_path / "bundle.zip")
    command = f"{sys.executable} -I -S {FILE} {file} | true; exit ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["/bin/bash", "-c", command], check=False, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (3, "")


def test_it_is_installed_as_a_command_of_its_own():
    assert 'hearsight-verify = "app.journal.verify:main"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
