"""What the verifier does with a bundle that wants to deceive, crash or exhaust it: exit code 2 and one line, or findings; never more."""

import io
import random
import resource
import subprocess
import sys
import tracemalloc
import zipfile

import pytest

from app.journal import verify
from tests.support.bundles import Bundle, a_book, canonical, key_of, leaf_line, observation, write
from tests.support.tampering import changed_head, changed_row

CODES = (0, 1, 2, 3)


def verdict(file, known=()):
    """The exit code and, for an unreadable bundle, why."""
    found = verify.verify(str(file), [verify.remembered(each) for each in known])
    for line in (*verify.in_words(found), verify.in_json(found)):
        assert "\n" not in line
    return found.code, found.why


@pytest.fixture
def bundle():
    return a_book().bundle()


def members(bundle):
    return [(name, bundle.content(name)) for name in bundle.files]


# Archives.


def test_a_file_that_is_none_or_no_archive(tmp_path):
    assert verdict(tmp_path / "nothing.zip") == (2, "there is no such file")
    assert verdict(tmp_path) == (2, "there is no such file")
    assert verdict("a\0b") == (2, "there is no such file")
    (tmp_path / "empty.zip").touch()
    assert verdict(tmp_path / "empty.zip") == (2, "it is not a ZIP archive")
    (tmp_path / "text.zip").write_text("PK\x03\x04 is how it begins", encoding="utf-8")
    assert verdict(tmp_path / "text.zip") == (2, "it is not a ZIP archive")


def test_an_archive_of_other_members(bundle, tmp_path):
    true = members(bundle)
    file = tmp_path / "bundle.zip"
    wrong = (2, "its members are not those of a bundle")
    for each in true[:4]:
        write(file, [other for other in true if other != each])
        assert verdict(file) == wrong
    for name in ("notes.txt", "../leaves.jsonl", "Leaves.jsonl", "openings.jsonl/"):
        write(file, [*true, (name, b"")])
        assert verdict(file) == wrong
    with pytest.warns(UserWarning, match="Duplicate name"):
        write(file, [*true, true[1]])
    assert verdict(file) == wrong


def test_a_compressed_or_encrypted_archive_is_not_expanded(bundle, tmp_path):
    file = tmp_path / "bundle.zip"
    for compression in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        write(file, members(bundle), compression=compression)
        assert verdict(file) == (2, "a member is compressed or encrypted")
    content = bytearray(bundle.write(file).read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(content)
    assert verdict(file) == (2, "a member is compressed or encrypted")


def test_a_damaged_archive(bundle, tmp_path):
    file = bundle.write(tmp_path / "bundle.zip")
    content = file.read_bytes()
    place = content.index(b'"kind":"member.added"')
    file.write_bytes(content[:place] + b"'" + content[place + 1 :])
    assert verdict(file) == (2, "leaves.jsonl cannot be read to its end, or is damaged")
    for cut in (1, 30, 400, len(content) - 10):
        file.write_bytes(content[:-cut])
        assert verdict(file)[0] == 2


def test_a_directory_that_claims_to_be_huge_is_not_read(bundle, tmp_path):
    file = tmp_path / "bundle.zip"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for n in range(30_000):
            archive.writestr(zipfile.ZipInfo(f"{n}"), b"")
    file.write_bytes(made.getvalue())
    tracemalloc.start()
    try:
        assert verdict(file) == (2, "its directory is too large for the few files of a bundle")
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()


# Lines.

LEAVES, MANIFEST, CHECKPOINTS, KEYS, OPENINGS = ("leaves.jsonl", "manifest.jsonl", "checkpoints.txt", "keys.txt", "openings.jsonl")
NO_LEAF = "a line of leaves.jsonl is not a leaf with its hash"
NO_HEAD = "the manifest does not begin as one of a Hearsight journal"
NO_ROW = "a line of the manifest is no observation"
NO_CHECKPOINT = "checkpoints.txt holds something that is no checkpoint"
NO_SIGNATURE = "a line of checkpoints.txt should be a signature and is none"
NO_BASE64 = "something is not base64 as it should be"
NO_KEY = "a line of keys.txt is no key"
NO_OPENING = "a line of openings.jsonl is no opening"
CHANGES = [
    (LEAVES, b"\n", b"\n\n", NO_LEAF),
    (LEAVES, b"\n", b"\r\n", NO_LEAF),
    (LEAVES, b'{"leaf"', b'\xef\xbb\xbf{"leaf"', NO_LEAF),
    (LEAVES, b'{"leaf":', b'{"leaf" :', NO_LEAF),
    (LEAVES, b'"leaf_hash":"', b'"leaf_hash": "', NO_LEAF),
    (LEAVES, b'"}\n', b'A"}\n', NO_LEAF),
    (MANIFEST, b"journal-1", b"journal-2", NO_HEAD),
    (MANIFEST, b'"size":18', b'"size":18.0', NO_HEAD),
    (MANIFEST, b'"size":18', b'"size":018', NO_HEAD),
    (MANIFEST, b'"size":18', b'"size":-0', NO_HEAD),
    (MANIFEST, b'"size":18', b'"size":9223372036854775808', NO_HEAD),
    (MANIFEST, b'"size":18', b'"size":18,"size":18', NO_HEAD),
    (MANIFEST, b'"size":18', b'"size":18,"witness":null', NO_HEAD),
    (MANIFEST, b'"made_at":"2012-04', b'"made_at":"+012-04', NO_HEAD),
    (MANIFEST, b'"log":"0', b'"log":"\\u0030', NO_HEAD),
    (MANIFEST, b'"columns_agree":true', b'"columns_agree":1', NO_ROW),
    (MANIFEST, b'"columns_agree":true', b'"columns_agree":null', NO_ROW),
    (MANIFEST, b'"hearing":null', b'"hearing":""', NO_ROW),
    (MANIFEST, b'"status":"superseded"', b'"status":"lost"', NO_ROW),
    (MANIFEST, b'"seq":2', b'"seq":-2', NO_ROW),
    (MANIFEST, b'"seq":2', b'"seq":2e0', NO_ROW),
    (MANIFEST, b'"seq":2', b'"seq":"2"', NO_ROW),
    (MANIFEST, b'"seq":2', b'"seq":99999999999999999999', NO_ROW),
    (CHECKPOINTS, b"\n5\n", b"\n05\n", NO_CHECKPOINT),
    (CHECKPOINTS, b"\n5\n", b"\n5 \n", NO_CHECKPOINT),
    (CHECKPOINTS, b"\n5\n", b"\n\xd9\xa5\n", NO_CHECKPOINT),
    (CHECKPOINTS, b"\n5\n", b"\n1000000000000000000\n", NO_CHECKPOINT),
    (CHECKPOINTS, b"\n5\n", b"\n\n", NO_CHECKPOINT),
    (CHECKPOINTS, b"\n\n", b"\n", NO_CHECKPOINT),
    (CHECKPOINTS, b"\n\n", b"\n\n\n", NO_CHECKPOINT),
    (CHECKPOINTS, b"0000", b"\n0000", NO_CHECKPOINT),
    (CHECKPOINTS, b"=\n", b"\n", NO_BASE64),
    (CHECKPOINTS, b"=\n", b"==\n", NO_BASE64),
    (CHECKPOINTS, b"\xe2\x80\x94 ", b"- ", NO_SIGNATURE),
    (CHECKPOINTS, b"\xe2\x80\x94 ", b"\xe2\x80\x94  ", NO_SIGNATURE),
    (CHECKPOINTS, b"\xe2\x80\x94 ", b"\xe2\x80\x94 a+", NO_SIGNATURE),
    (CHECKPOINTS, b"\xe2\x80\x94 ", b"\xe2\x80\x94 w AAAA\n\xe2\x80\x94 ", NO_BASE64),
    (CHECKPOINTS, b"\xe2\x80\x94 ", b"\xe2\x80\x94 w AAAAAAA=\n" * 16 + b"\xe2\x80\x94 ", NO_CHECKPOINT),
    (CHECKPOINTS, b"0000", b"\xff000", "checkpoints.txt is not UTF-8"),
    (CHECKPOINTS, b"0000", b"\t0000", "a line of checkpoints.txt should be an origin and is none"),
    (KEYS, b"0000", b"00 00", NO_KEY),
    (KEYS, b"+3906c8c5+", b"+3906C8C5+", NO_KEY),
    (KEYS, b"+3906c8c5+AQ", b"+3906c8c5+Ag", NO_KEY),
    (KEYS, b"+3906c8c5+", b"+3906c8c5+AAAA", NO_KEY),
    (KEYS, b"+3906c8c5+", b"+3906c8c5+AAA", NO_BASE64),
    (KEYS, b"0000", b"\xff000", "keys.txt is not UTF-8"),
    (OPENINGS, b'"version":1', b'"version":2', NO_OPENING),
    (OPENINGS, b'"version":1', b'"version":true', NO_OPENING),
    (OPENINGS, b'"text":"', b'"text":"\\u0020', NO_OPENING),
    (OPENINGS, b'"text":"', b'"text":"\\ud800', NO_OPENING),
    (OPENINGS, b'"text":"', b'"text":"\xed\xa0\x80', NO_OPENING),
    (OPENINGS, b'"text":"', b'"text":"\\/', NO_OPENING),
    (OPENINGS, b'"text":"', b'"text":"\t', NO_OPENING),
    (OPENINGS, b'"text":"', b'"text":"a","text":"', NO_OPENING),
    (OPENINGS, b'"text":"', b'"text":["', NO_OPENING),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_line_that_is_not_as_it_should_be_makes_the_bundle_unreadable(bundle, tmp_path, change):
    member, old, new, why = change
    files = dict(members(bundle))
    assert old in files[member]
    files[member] = files[member].replace(old, new, 1)
    write(tmp_path / "bundle.zip", files.items())
    assert verdict(tmp_path / "bundle.zip") == (2, why)


@pytest.mark.parametrize("member", [MANIFEST, LEAVES, CHECKPOINTS, KEYS, OPENINGS])
def test_a_member_ends_with_the_end_of_a_line(bundle, tmp_path, member):
    files = dict(members(bundle))
    files[member] = files[member][:-1]
    write(tmp_path / "bundle.zip", files.items())
    assert verdict(tmp_path / "bundle.zip") == (2, f"the last line of {member} has no end")


def test_lines_that_must_be_there_and_lines_that_are_too_many(bundle, tmp_path):
    for member, lines, why in (
        (MANIFEST, [], NO_HEAD),
        (KEYS, [], "there are no keys in keys.txt, or too many"),
        (KEYS, [key_of(bytes([n] * 32)) for n in range(17)], "there are no keys in keys.txt, or too many"),
        (CHECKPOINTS, [*bundle.files[CHECKPOINTS], b""], "checkpoints.txt ends with a blank line"),
        (CHECKPOINTS, bundle.files[CHECKPOINTS][:4], NO_CHECKPOINT),
        (CHECKPOINTS, bundle.files[CHECKPOINTS][:1], NO_CHECKPOINT),
    ):
        file = Bundle(bundle.files | {member: lines}).write(tmp_path / "bundle.zip")
        assert verdict(file) == (2, why)
    sixteen = [key_of(bytes([n] * 32)) for n in range(15)] + bundle.files[KEYS]
    assert verdict(Bundle(bundle.files | {KEYS: sixteen}).write(tmp_path / "bundle.zip"))[0] == 3
    witnessed = [
        line for each in bundle.files[CHECKPOINTS] for line in ([b"\xe2\x80\x94 w AAAAAAA="] * 15 if each[:1] == b"\xe2" else []) + [each]
    ]
    assert verdict(Bundle(bundle.files | {CHECKPOINTS: witnessed}).write(tmp_path / "bundle.zip"))[0] == 3


LEAF = b'{"at":"2012-04-05T10:00:00.000000Z","facts":%b,"id":"%b","kind":"%b","log":"%b","seq":%b,"v":1}'
WELL = {b"facts": b"{}", b"id": observation(1).encode(), b"kind": b"court.created", b"log": observation(2).encode(), b"seq": b"0"}


def leaf_with(**changed):
    return LEAF % tuple({**WELL, **{name.encode(): value for name, value in changed.items()}}.values())


WELL_FORMED = [
    leaf_with(),
    leaf_with(facts=b'{"":[{"a":-9223372036854775808,"b":null},true,"\xd0\x96\\n\\u0001\x7f\\"\\\\"]}'),
    leaf_with(facts=b'{"a":' + b"[" * 30 + b"]" * 30 + b"}"),
    leaf_with(facts=b'{"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}'),
    leaf_with(facts=b'{"a":"},\\"id\\":\\""}'),
    leaf_with(kind=b"_" * 46 + b".a"),
    leaf_with(kind=b"observation.seen_by_somebody", id=observation(1).encode()),
]
MALFORMED = [
    b"",
    b"null",
    b"{}",
    leaf_with() + b" ",
    b"\xef\xbb\xbf" + leaf_with(),
    leaf_with().decode().encode("utf-16"),
    leaf_with().replace(b'{"at"', b'{"actor":null,"at"'),
    leaf_with().replace(b'"v":1', b'"v":true'),
    leaf_with().replace(b'"v":1', b'"v":1.0'),
    leaf_with().replace(b'"v":1', b'"v":1,"w":1'),
    leaf_with().replace(b'"at":"2012', b'"at":"2O12'),
    leaf_with().replace(b',"id"', b',"facts":{},"id"'),
    leaf_with(id=WELL[b"id"].upper()),
    leaf_with(id=WELL[b"id"][:-1]),
    leaf_with(seq=b"9223372036854775808"),
    leaf_with(seq=b"-1"),
    leaf_with(seq=b"00"),
    leaf_with(kind=b"court"),
    leaf_with(kind=b"court.created.twice"),
    leaf_with(kind=b"Court.created"),
    leaf_with(kind=b"_" * 47 + b".a"),
    leaf_with(kind=b"observation.filed"),
    leaf_with(facts=b"[]"),
    leaf_with(facts=b"null"),
    leaf_with(facts=b'{"a":1,"a":1}'),
    leaf_with(facts=b'{"b":1,"a":1}'),
    leaf_with(facts=b'{"a": 1}'),
    leaf_with(facts=b'{"a":1e2}'),
    leaf_with(facts=b'{"a":-0}'),
    leaf_with(facts=b'{"a":01}'),
    leaf_with(facts=b'{"a":9223372036854775808}'),
    leaf_with(facts=b'{"a":' + b"9" * 100_000 + b"}"),
    leaf_with(facts=b'{"a":NaN}'),
    leaf_with(facts=b'{"a":Infinity}'),
    leaf_with(facts=b'{"a":"\\u0041"}'),
    leaf_with(facts=b'{"a":"\\/"}'),
    leaf_with(facts=b'{"a":"\\u001F"}'),
    leaf_with(facts=b'{"a":"\t"}'),
    leaf_with(facts=b'{"a":"\xff"}'),
    leaf_with(facts=b'{"a":"\\ud83d\\ude00"}'),
    leaf_with(facts=b'{"a":"\\udc00"}'),
    leaf_with(facts=b'{"a":' + b"[" * 31 + b"]" * 31 + b"}"),
    leaf_with(facts=b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    leaf_with(facts=b"{" * 100_000),
]


@pytest.mark.parametrize("leaf", WELL_FORMED)
def test_a_leaf_may_hold_facts_of_any_kind(leaf):
    assert verify.read_leaf(leaf) is not None


@pytest.mark.parametrize("leaf", MALFORMED, ids=range(len(MALFORMED)))
def test_a_leaf_that_is_not_spelt_as_it_should_be_is_named(bundle, tmp_path, leaf):
    bundle.files[LEAVES][1] = leaf_line(leaf)
    found = verify.verify(str(bundle.write(tmp_path / "bundle.zip"))).findings
    assert ("leaf_malformed", 1, None) in found
    assert {code for code, _, _ in found} == {"leaf_malformed", "checkpoint_root", "manifest_root"}


# Sizes.


def test_many_findings_of_a_code_are_told_a_thousand_times_and_kept_no_longer(bundle, tmp_path):
    bundle.files[LEAVES] += [b'{"leaf":{},"leaf_hash":"' + b"0" * 64 + b'"}'] * 30_000
    bundle.files[MANIFEST] += [bundle.files[MANIFEST][1]] * 5
    file = bundle.write(tmp_path / "bundle.zip")
    tracemalloc.start()
    try:
        found = verify.verify(str(file)).findings
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()
    assert [seq for code, seq, _ in found if code == "leaf_malformed"] == list(range(18, 1018))
    assert [seq for code, seq, _ in found if code == "leaf_hash"] == list(range(18, 1018))
    assert [each for each in found if each[0] == "row_twice"] == [("row_twice", 2, observation(0))]


LONG = 8 * 1024 * 1024
HEAVY = {
    "empty lists": b'{"a":[' + b"[]," * (LONG // 3 - 200) + b"[]]}",
    "empty objects": b'{"a":[' + b"{}," * (LONG // 3 - 200) + b"{}]}",
    "a long text": b'{"a":"' + b"\\n" * (LONG // 2 - 200) + b'"}',
    "ends of facts": b'{"a":"' + b'},"hearing":"' * (LONG // 13 - 40) + b'"}',
    "beginnings of kinds": b'{"a":"' + (b'},"id":"' + WELL[b"id"] + b'","kind":"aaaa') * (LONG // 58 - 20) + b'"}',
}


@pytest.mark.parametrize("name", HEAVY)
def test_the_longest_line_is_read_in_bounded_memory_and_time(bundle, tmp_path, name):
    bundle.files[LEAVES][1] = leaf_line(leaf_with(facts=HEAVY[name]))
    assert LONG - 20_000 < len(bundle.files[LEAVES][1]) <= LONG
    file = bundle.write(tmp_path / "bundle.zip")

    def limited():
        resource.setrlimit(resource.RLIMIT_AS, (700_000_000, 700_000_000))

    command = [sys.executable, "-I", "-S", verify.__file__, str(file), "--json"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=20, preexec_fn=limited)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert '"entries":18' in ended.stdout


def test_a_line_that_is_longer_is_not_read(bundle, tmp_path):
    bundle.files[LEAVES][1] = leaf_line(b" " * (LONG - 88))
    assert verdict(bundle.write(tmp_path / "bundle.zip"))[0] == 1
    bundle.files[LEAVES][1] = leaf_line(b" " * (LONG - 87))
    assert verdict(bundle.write(tmp_path / "bundle.zip")) == (2, "a line of leaves.jsonl is too long")


def test_too_little_memory_is_said_in_one_line(bundle, tmp_path, monkeypatch):
    monkeypatch.setattr(verify.Check, "_read_keys", lambda check: (_ for _ in ()).throw(MemoryError))
    assert verdict(bundle.write(tmp_path / "bundle.zip")) == (2, "there is not enough memory to read it")


def test_any_bytes_whatever_end_in_a_verdict(tmp_path):
    random_, true = random.Random(39), a_book().bundle().write(tmp_path / "true.zip").read_bytes()
    file, seen = tmp_path / "bundle.zip", set()
    for _ in range(400):
        content = bytearray(true)
        for _ in range(random_.choice((1, 1, 3, 20))):
            place = random_.randrange(len(content))
            # The directory and the headers are where `zipfile` is least at home.
            place = place if random_.random() < 0.4 else random_.randrange(content.rindex(b"PK\x01\x02") - 300, len(content))
            content[place] = random_.randrange(256)
        file.write_bytes(content)
        seen.add(verdict(file)[0])
    assert seen <= set(CODES)
    assert 2 in seen


def test_a_head_and_a_row_may_say_the_largest_numbers(bundle, tmp_path):
    most = 2**63 - 1
    changed_row(changed_head(bundle, size=most), 4, seq=most)
    found = verify.verify(str(bundle.write(tmp_path / "bundle.zip"))).findings
    assert {code for code, _, _ in found} == {"manifest_size", "row_changed"}
    assert canonical(most).decode() == str(most)
