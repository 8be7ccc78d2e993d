"""Bundles that were meddled with at random, from a seed: bytes, lines, fields and structure; some of them signed anew after that.

Two verifiers that were written from the same page must agree on every one of them.
"""

import base64
import io
import json
import random
import warnings
import zipfile
from dataclasses import dataclass

from app.journal import notes, rules
from app.journal.notes import Signer, Stated
from tests.support.bundles import FORGER, INSTANCE, LOG, OTHER_LOG, SEED, Book, a_book, key_of, leaf_line, observation, signed

JSON_LINES = ("manifest.jsonl", "leaves.jsonl", "openings.jsonl")
STATUSES = ("submitted", "held", "returned", "rejected", "accepted", "superseded", "withdrawn", "released")
KINDS = [f"observation.{status}" for status in STATUSES] + [
    "observation.filed",
    "observation.seen",
    "court.created",
    "court",
    "a.b.c",
    "_" * 48,
]
NUMBERS = (0, 1, 2, 7, -1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 1.5, 1e300)
TEXTS = ("", "x", "\ud800", "\u0416", "\u2028", "\0", "\x7f", "\U0001f600", "\ufeff", 'a"b', "a\\", "a/b", "\n")
IDS = (
    observation(0),
    observation(1),
    observation(2),
    observation(9),
    str(LOG),
    str(OTHER_LOG),
    observation(0).upper(),
    observation(0)[:-1],
)
HASHES = ("0" * 64, "0" * 63, "A" * 64, "0" * 63 + "g")
TIMES = ("2012-04-05T10:00:00.000000Z", "9999-99-99T99:99:99.999999Z", "2012-04-05T10:00:00Z", "2012-04-05T10:00:00.000000+00:00")
ODD = (None, True, False, [], {}, {"a": None}, [1, "a"])


DASH = "\u2014 ".encode()


@dataclass
class Mutant:
    """A bundle, what was done to it, and what is remembered: `size:root` each."""

    name: str
    content: bytes
    known: list


def nested(depth):
    found = []
    for _ in range(depth - 1):
        found = [found]
    return found


def a_value(rng):
    """Something to stand where something else should."""
    pools = (NUMBERS, TEXTS, IDS, HASHES, TIMES, ODD, KINDS, STATUSES, [nested(depth) for depth in (29, 30, 31, 32, 33)])
    return rng.choice(rng.choice(pools))


def spelt(rng, value):
    """JSON, mostly canonical."""
    how = rng.random()
    if how < 0.85:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    elif how < 0.9:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    elif how < 0.95:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    else:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    if how > 0.99:
        text = text.replace("{", '{"v":1,', 1)
    return text.encode("utf-8", "surrogatepass")


def inside(name, line):
    """The JSON of a line, and what stands around it."""
    return (line[:8], line[8:-80], line[-80:]) if name == "leaves.jsonl" else (b"", line, b"")


def change_a_field(rng, files):
    """Another value, a field more or less, or one in the place of another; in a leaf often with the hash that then belongs to it."""
    name = rng.choice([each for each in JSON_LINES if files.get(each)] or ["leaves.jsonl"])
    name = "leaves.jsonl" if rng.random() < 0.5 else name
    if not files[name]:
        return "nothing"
    place = rng.randrange(len(files[name]))
    head, text, tail = inside(name, files[name][place])
    try:
        value = json.loads(text)
    except ValueError:
        return "nothing"
    if not isinstance(value, dict) or not value:
        return "nothing"
    within = value["facts"] if isinstance(value.get("facts"), dict) and value["facts"] and rng.random() < 0.5 else value
    field = rng.choice(sorted(within))
    what = rng.random()
    if what < 0.6:
        within[field] = alike(rng, within[field]) if rng.random() < 0.7 else a_value(rng)
    elif what < 0.75:
        del within[field]
    elif what < 0.9:
        within[rng.choice(("supersedes", "hearing", "case", "actor", "witness", "", "\u0416", "\U0001f600", "\ufb01"))] = a_value(rng)
    else:
        other = rng.choice(sorted(within))
        within[field], within[other] = within[other], within[field]
    text = spelt(rng, value)
    files[name][place] = leaf_line(text) if head and rng.random() < 0.7 else head + text + tail
    return f"field {field!r} of line {place} of {name}"


def alike(rng, value):
    """A value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + rng.choice((-1, 1))
    pools = [pool for pool in (IDS[:6], HASHES[:1], TIMES[:2]) if isinstance(value, str) and len(value) == len(pool[0])]
    pools += [pool for pool in (KINDS[:-4], STATUSES) if value in pool]
    return rng.choice(pools[0]) if pools else a_value(rng)


def move_lines(rng, files):
    """A line deleted, doubled, moved, swapped, cut, or brought from another member."""
    name = rng.choice([each for each in files if files[each]])
    lines = files[name]
    place, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    what = rng.choice(("delete", "double", "move", "swap", "cut", "bring", "blank", "reverse"))
    if what == "delete":
        del lines[place]
    elif what == "double":
        lines.insert(other, lines[place])
    elif what == "move":
        lines.insert(other, lines.pop(place))
    elif what == "swap":
        lines[place], lines[other] = lines[other], lines[place]
    elif what == "cut":
        del lines[place:]
    elif what == "bring":
        lines.insert(place, rng.choice(rng.choice([each for each in files.values() if each])))
    elif what == "blank":
        lines.insert(place, b"")
    else:
        lines.reverse()
    return f"{what} {place}, {other} of {name}"


def change_bytes(rng, files):
    """A few bytes of a line, changed, added or taken away."""
    name = rng.choice([each for each in files if files[each]])
    place = rng.randrange(len(files[name]))
    line = bytearray(files[name][place])
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        at, what = rng.randrange(len(line) + 1), rng.random()
        if what < 0.5 and at < len(line):
            line[at] ^= 1 << rng.randrange(8)
        elif what < 0.75:
            line.insert(at, rng.choice(b' \t\r\x00\x85"\\0Aa+-=/,:{}[]\xff'))
        else:
            del line[at : at + rng.choice((1, 1, 4, 40))]
    files[name][place] = bytes(line).replace(b"\n", b" ")
    return f"bytes of line {place} of {name}"


def forge(rng, files):
    """Checkpoints and keys: sizes, roots, origins, signatures and keys of somebody else, or of nobody."""
    change = rng.choice((another_checkpoint, another_checkpoint, a_witness, another_signature, a_key_that_signs_anything, other_keys))
    change(rng, files, 6 * rng.randrange((len(files["checkpoints.txt"]) + 7) // 6))
    return change.__name__


def another_checkpoint(rng, files, place):
    """One in the place of another, one more, or one less."""
    lines = files["checkpoints.txt"]
    hashes = [rules.leaf_hash(line[8:-80]) for line in files["leaves.jsonl"]]
    size = rng.randrange(len(hashes) + 3)
    root = rules.root_of(hashes[:size]) if rng.random() < 0.7 else rng.randbytes(32)
    made = signed(size, root, seed=rng.choice((SEED, SEED, SEED, FORGER)), log=rng.choice((LOG, LOG, LOG, OTHER_LOG)))
    what = rng.random()
    if what < 0.4:
        lines[place : place + 5] = made
    elif what < 0.8:
        lines[place:place] = [*made, b""] if lines[place:] else [b"", *made]
    else:
        del lines[place : place + 6]


def a_witness(rng, files, place):
    """A signature of somebody else, or one that nobody can have made, beside that of the server."""
    text = base64.b64encode(rng.randbytes(rng.choice((4, 5, 36, 68, 100))))
    name = rng.choice((b"witness", files["checkpoints.txt"][0] if files["checkpoints.txt"] else b"w"))
    files["checkpoints.txt"].insert(place + rng.choice((4, 5)), DASH + name + b" " + text)


def another_signature(rng, files, place):
    """Bytes of a signature are changed, or the scalar that says the same and is not allowed."""
    lines = files["checkpoints.txt"]
    if place + 4 < len(lines):
        name, _, text = lines[place + 4].rpartition(b" ")
        lines[place + 4] = name + b" " + spoilt(rng, text, rng.choice(("spoil", "more")))


def a_key_that_signs_anything(rng, files, place):
    """A point of small order: with it, anything is signed, where one does not look how it is spelt."""
    small = rng.choice((1, 2**255 - 20, 0, 2**255 - 19, 2**255 - 18, 1 | 1 << 255)).to_bytes(32, "little")
    name = Signer(INSTANCE, SEED).origin(LOG)
    files["keys.txt"].append(key_line(name, small))
    signature = notes.key_id(name, small) + (1).to_bytes(32, "little") + bytes(32)
    files["checkpoints.txt"][place + 4 : place + 5] = [DASH + name.encode() + b" " + base64.b64encode(signature)]


def other_keys(rng, files, place):
    """Keys of others, in the place of the true ones or beside them."""
    keys = [key_of(FORGER), key_of(SEED, OTHER_LOG), key_of(rng.randbytes(32)), *files["keys.txt"]]
    files["keys.txt"] = rng.choices(keys, k=rng.choice((0, 1, 1, 2, 3, 15, 17))) + rng.choice((files["keys.txt"], []))


def key_line(name, public):
    return f"{name}+{notes.key_id(name, public).hex()}+{base64.b64encode(notes.ED25519 + public).decode()}".encode()


def spoilt(rng, text, what):
    """A signature with other bytes, or with the scalar that says the same and is not allowed."""
    try:
        content = bytearray(base64.b64decode(text))
    except ValueError:
        return b"AAAAAAA="
    if what == "more" and len(content) == 68:
        scalar = int.from_bytes(content[36:], "little") + 2**252 + 27742317777372353535851937790883648493
        return base64.b64encode(content[:36] + scalar.to_bytes(32, "little"))
    if content:
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return base64.b64encode(content[: rng.choice((None, None, None, 36, 67))])


def sign_anew(files):
    """Who has the key signs what the leaves say now, at the sizes that were signed before, and makes the manifest fit."""
    try:
        hashes = [bytes.fromhex(line[-66:-2].decode()) for line in files["leaves.jsonl"]]
        head = json.loads(files["manifest.jsonl"][0])
        sizes = [int(line) for line in files["checkpoints.txt"] if line.isdigit() and len(line) < 5]
    except (ValueError, IndexError):
        return "nothing"
    if not isinstance(head, dict):
        return "nothing"
    head |= {"size": len(hashes), "root": rules.root_of(hashes).hex()}
    files["manifest.jsonl"][0] = json.dumps(head, sort_keys=True, separators=(",", ":")).encode()
    if sizes:
        sizes[-1] = len(hashes)
    signer = Signer(INSTANCE, SEED)
    texts = [signer.sign(Stated(signer.origin(LOG), size, rules.root_of(hashes[:size]))) for size in sizes]
    files["checkpoints.txt"] = "\n".join(texts).encode().split(b"\n")[:-1]
    return "signed anew"


def archived(rng, files):
    """A ZIP archive with something about it that should not be, and what that is."""
    members = [(name, b"".join(line + b"\n" for line in lines)) for name, lines in files.items()]
    if rng.random() < 0.5:
        what = rng.choice(("drop", "double", "rename", "extra", "no end", "order", "deflate"))
        return what, zipped(other_members(rng, members, what), zipfile.ZIP_DEFLATED if what == "deflate" else zipfile.ZIP_STORED)
    what = rng.choice(("flag", "truncate", "flip", "flip", "comment", "prefix"))
    return what, damaged(rng, bytearray(zipped(members)), what)


def other_members(rng, members, what):
    """Members that are too few, too many, or not what they are called."""
    place = rng.randrange(len(members))
    name, content = members[place]
    others = members[:place] + members[place + 1 :]
    extra = rng.choice(("notes.txt", "leaves.jsonl/", "a" * 300))
    renamed = rng.choice((name.upper(), f"./{name}", f"{name} ", "openings.jsonl", "\u0416"))
    return {
        "drop": others,
        "double": [*members, members[place]],
        "rename": [*others, (renamed, content)],
        "extra": [*members, (extra, b"x")],
        "no end": [*others, (name, content[:-1])],
        "order": rng.sample(members, len(members)),
    }.get(what, members)


def damaged(rng, made, what):
    """The bytes of an archive, some of them changed; its headers and its directory more often than the rest."""
    directory = made.rindex(b"leaves.jsonl") - 200
    if what == "flag":
        made[made.rindex(b"PK\x01\x02") + 8 + rng.choice((0, 0, 1))] ^= 1 << rng.randrange(8)
    elif what == "truncate":
        del made[-rng.randrange(1, len(made)) :]
    elif what == "comment":
        made[-2:] = (3).to_bytes(2, "little") + b"abc"
    elif what == "prefix":
        made[:0] = rng.randbytes(rng.choice((1, 100)))
    for _ in range(rng.choice((1, 1, 3)) if what == "flip" else 0):
        made[rng.randrange(rng.choice((0, directory)), len(made))] ^= 1 << rng.randrange(8)
    return bytes(made)


def zipped(members, compression=zipfile.ZIP_STORED):
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", compression) as archive:
        warnings.simplefilter("ignore")
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, compression)
    return made.getvalue()


def a_short_book():
    """Two filings, one of which corrects the other, and two checkpoints."""
    book = Book()
    book.add("member.added", str(LOG), {"code": "OBS1"})
    book.file(0)
    book.decide(0, "observation.accepted")
    book.sign()
    book.file(1, supersedes=0)
    book.decide(0, "observation.superseded")
    book.sign()
    return book


def remembered(rng, book):
    """What somebody remembers of a log: mostly nothing, or something true."""
    size, what = rng.randrange(1, len(book.leaves) + 1), rng.random()
    if what < 0.5:
        return []
    if what < 0.85:
        return [book.known(each) for each in sorted({size, len(book.leaves)})]
    return [rng.choice((f"{len(book.leaves) + size}:{'0' * 64}", f"{size}:{'f' * 64}")), book.known(size)]


STEPS = (change_a_field, change_a_field, change_a_field, change_bytes, move_lines, move_lines, forge)


def mutants(count, seed):
    """So many bundles that were meddled with, the same for the same seed."""
    books = [(book, book.bundle()) for book in (a_short_book(), a_short_book(), a_short_book(), a_book())]
    for n in range(count):
        rng = random.Random(f"{seed} {n}")
        book, bundle = rng.choice(books)
        files = bundle.copy().files
        if rng.random() < 0.4:
            del files["openings.jsonl"]
        done = [rng.choice(STEPS)(rng, files) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        if rng.random() < 0.35:
            done.append(sign_anew(files))
        if rng.random() < 0.12:
            what, content = archived(rng, files)
            done.append(what)
        else:
            content = zipped([(name, b"".join(line + b"\n" for line in lines)) for name, lines in files.items()])
        yield Mutant(f"{n}: {'; '.join(done)}", content, remembered(rng, book))
