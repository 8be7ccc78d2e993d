"""What somebody may do to a log or to its bundle: each a change to a true book, which gives the bundle that is handed out."""

import base64
import json

from app.journal import rules
from app.kit import crypto
from tests.support.bundles import FORGER, INSTANCE, OTHER_LOG, SEED, canonical, key_of, leaf_line, observation, signed

TAMPERINGS = {}
"""By name: the change, and what is to be found, as `code seq id` with ids cut to their last two digits."""


def tampering(*told):
    def keep(change):
        TAMPERINGS[change.__name__] = (change, list(told))
        return change

    return keep


def leaf_of(line):
    return json.loads(line[len(b'{"leaf":') : -80])


def relabelled(bundle, n, **changed):
    """The n-th leaf says something else, with the hash that then belongs to it; nothing else follows."""
    lines = bundle.files["leaves.jsonl"]
    lines[n] = leaf_line(canonical(leaf_of(lines[n]) | changed))
    return bundle


def changed_row(bundle, n, **changed):
    """The n-th observation is stored otherwise."""
    lines = bundle.files["manifest.jsonl"]
    place = next(place for place, line in enumerate(lines) if f'"id":"{observation(n)}"'.encode() in line)
    lines[place] = canonical(json.loads(lines[place]) | changed)
    return bundle


def changed_head(bundle, **changed):
    """The manifest says something else of the log."""
    lines = bundle.files["manifest.jsonl"]
    lines[0] = canonical(json.loads(lines[0]) | changed)
    return bundle


def checkpoint(bundle, n, lines=()):
    """Another checkpoint in the place of the n-th, or none."""
    texts = bundle.files["checkpoints.txt"]
    texts[6 * n : 6 * n + 6] = [*lines, b""] if lines else []
    if not texts[-1]:
        texts.pop()
    return bundle


def rewritten(book, n, **facts):
    """A leaf says something else, and so does what is stored; who has the key signs everything anew."""
    book.leaves[n]["facts"] |= facts
    return book


# Leaves.


@tampering("leaf_hash 2 e0")
def a_bit_of_a_leaf_is_flipped(book):
    bundle = book.bundle()
    lines = bundle.files["leaves.jsonl"]
    lines[2] = lines[2].replace(b'"form":"hearing"', b'"form":"healing"')
    return bundle


@tampering("base_not_filed 5 e2", "leaf_hash 2 -", "leaf_malformed 2 -", "not_filed 4 e0", "not_filed 7 e0", "row_without_leaf 2 e0")
def a_bit_of_the_frame_of_a_leaf_is_flipped(book):
    bundle = book.bundle()
    bundle.files["openings.jsonl"] = []
    bundle.files["leaves.jsonl"][2] = bundle.files["leaves.jsonl"][2].replace(b'"facts":{', b'"facts";{')
    return bundle


@tampering("leaf_hash 2 e0", "checkpoint_root 5 -", "manifest_root 18 -")
def a_bit_of_the_hash_beside_a_leaf_is_flipped(book):
    bundle = book.bundle()
    line = bundle.files["leaves.jsonl"][2]
    bundle.files["leaves.jsonl"][2] = line[:-3] + (b"0" if line[-3:-2] != b"0" else b"1") + line[-2:]
    return bundle


@tampering("checkpoint_root 5 -", "manifest_root 18 -")
def a_leaf_is_changed_with_its_hash(book):
    return relabelled(book.bundle(), 1, facts={"code": "OBS2", "role": "observer", "status": "active"})


@tampering("checkpoint_root 15 -", "manifest_root 18 -")
def the_time_of_a_leaf_is_changed_with_its_hash(book):
    return relabelled(book.bundle(), 12, at="2012-04-05T10:00:11.999999Z")


@tampering("leaf_hash 12 e4")
def the_time_of_a_leaf_is_changed(book):
    bundle = book.bundle()
    lines = bundle.files["leaves.jsonl"]
    lines[12] = lines[12].replace(b'"at":"2012-04-05T10:00:12', b'"at":"2012-04-05T10:00:11')
    return bundle


@tampering("leaf_seq 9 e3", "leaves_missing 17 -", "manifest_size 17 -")
def a_leaf_is_deleted(book):
    bundle = book.bundle()
    del bundle.files["leaves.jsonl"][9]
    return changed_row(bundle, 1, status="submitted")


@tampering(
    "leaf_seq 12 e4", "leaves_missing 17 -", "manifest_size 17 -", "not_filed 13 e4",
    "opening_without_leaf - e4",
)  # fmt: skip
def a_leaf_is_deleted_with_what_it_acknowledged(book):
    bundle = book.bundle()
    del bundle.files["leaves.jsonl"][12]
    bundle.files["manifest.jsonl"] = [line for line in bundle.files["manifest.jsonl"] if observation(4).encode() not in line]
    return bundle


@tampering("base_not_filed 5 e2", "leaf_seq 2 e1", "not_filed 4 e0", "not_filed 7 e0", "row_status 2 e0")
def a_leaf_is_moved(book):
    bundle = book.bundle()
    lines = bundle.files["leaves.jsonl"]
    lines.insert(9, lines.pop(2))
    return bundle


@tampering("leaf_seq 3 e0")
def two_leaves_are_swapped(book):
    bundle = book.bundle()
    lines = bundle.files["leaves.jsonl"]
    lines[3], lines[4] = lines[4], lines[3]
    return bundle


@tampering("leaf_seq 7 e2", "leaves_unsigned 18 -", "manifest_size 19 -", "row_missing 6 e9")
def a_leaf_is_inserted(book):
    bundle = book.bundle()
    lines = bundle.files["leaves.jsonl"]
    lines.insert(6, leaf_line(canonical(leaf_of(lines[2]) | {"seq": 6, "id": observation(9)})))
    return bundle


@tampering("leaves_unsigned 18 -", "manifest_root 19 -", "manifest_size 19 -")
def a_leaf_is_added_at_the_end(book):
    bundle = book.bundle()
    lines = bundle.files["leaves.jsonl"]
    lines.append(leaf_line(canonical(leaf_of(lines[1]) | {"seq": 18})))
    return bundle


@tampering("leaves_missing 16 -", "manifest_root 16 -", "manifest_size 16 -", "opening_without_leaf - e6", "row_without_leaf 16 e6")
def the_tail_is_cut_off(book):
    bundle = book.bundle()
    del bundle.files["leaves.jsonl"][16:]
    return bundle


@tampering("leaves_missing 16 -")
def the_tail_is_cut_off_and_everything_but_the_checkpoints_made_to_fit(book):
    bundle = book.bundle()
    del book.leaves[16:]
    del book.rows[6]
    book.openings = [each for each in book.openings if each["id"] != observation(6)]
    book.sizes = []
    bundle.files.update({name: lines for name, lines in book.bundle().files.items() if name != "checkpoints.txt"})
    return bundle


@tampering("leaf_log 6 e2")
def a_leaf_of_another_log_is_signed_with_the_rest(book):
    book.leaves[6]["log"] = str(OTHER_LOG)
    return book.bundle()


@tampering("filed_twice 17 e2")
def a_filing_is_acknowledged_a_second_time(book):
    book.leaves[17] = book.leaves[5] | {"seq": 17, "at": book.leaves[17]["at"]}
    return book.bundle()


@tampering("not_filed 17 e9")
def somebody_decided_what_was_never_filed(book):
    book.leaves[17] = book.leaves[13] | {"seq": 17, "id": observation(9), "at": book.leaves[17]["at"]}
    return book.bundle()


@tampering("base_not_filed 16 e6")
def a_correction_of_what_was_never_filed(book):
    return rewritten(book, 16, supersedes=observation(9)).bundle()


@tampering("leaf_malformed 17 -")
def a_leaf_with_words_where_a_number_should_be(book):
    book.leaves[17]["v"] = "1"
    return book.bundle()


# Checkpoints and keys.


@tampering("leaves_unsigned 15 -")
def the_last_checkpoint_is_taken_away(book):
    return checkpoint(book.bundle(), 3)


@tampering("leaves_unsigned 0 -")
def all_checkpoints_are_taken_away(book):
    bundle = book.bundle()
    bundle.files["checkpoints.txt"] = []
    return bundle


@tampering("checkpoint_order 10 -")
def checkpoints_are_swapped(book):
    bundle = book.bundle()
    texts = bundle.files["checkpoints.txt"]
    texts[6:11], texts[12:17] = texts[12:17], texts[6:11]
    return bundle


@tampering("checkpoint_order 10 -")
def a_checkpoint_stands_twice(book):
    bundle = book.bundle()
    texts = bundle.files["checkpoints.txt"]
    texts[6:6] = texts[6:12]
    return bundle


@tampering("checkpoint_signature 10 -")
def a_bad_signature_stands_beside_the_good_one(book):
    bundle = book.bundle()
    texts = bundle.files["checkpoints.txt"]
    texts.insert(10, texts[4])
    return bundle


@tampering("checkpoint_origin 10 -", "checkpoint_signature 10 -")
def a_checkpoint_of_another_log_is_signed_in_the_name_of_this_one(book):
    text = f"{INSTANCE}/{OTHER_LOG}\n10\n{base64.b64encode(book.root(10)).decode()}\n"
    name, key_id, _ = key_of(SEED).split(b"+", 2)
    signature = base64.b64encode(bytes.fromhex(key_id.decode()) + crypto.sign(SEED, text.encode()))
    return checkpoint(book.bundle(), 1, [*text.encode().split(b"\n"), "\u2014 ".encode() + name + b" " + signature])


@tampering("checkpoint_origin 10 -", "checkpoint_signature 10 -")
def a_checkpoint_of_another_log_stands_in_the_place_of_one(book):
    return checkpoint(book.bundle(), 1, signed(10, book.root(10), log=OTHER_LOG))


@tampering("checkpoint_signature 10 -")
def a_checkpoint_is_signed_by_somebody_else(book):
    return checkpoint(book.bundle(), 1, signed(10, book.root(10), seed=FORGER))


@tampering("checkpoint_signature 10 -")
def a_signature_is_that_of_another_checkpoint(book):
    bundle = book.bundle()
    texts = bundle.files["checkpoints.txt"]
    texts[10] = texts[16]
    return bundle


@tampering("checkpoint_root 11 -", "checkpoint_signature 11 -")
def the_size_of_a_checkpoint_is_changed(book):
    bundle = book.bundle()
    bundle.files["checkpoints.txt"][7] = b"11"
    return bundle


@tampering("checkpoint_signature 10 -", "checkpoint_root 10 -")
def the_root_of_a_checkpoint_is_changed(book):
    bundle = book.bundle()
    texts = bundle.files["checkpoints.txt"]
    texts[8] = texts[14]
    return bundle


@tampering("checkpoint_root 10 -")
def two_histories_were_signed(book):
    return checkpoint(book.bundle(), 1, signed(10, rules.root_of([*book.hashes()[:9], bytes(32)])))


@tampering(*(f"checkpoint_signature {size} -" for size in (5, 10, 15, 18)))
def the_key_is_exchanged(book):
    bundle = book.bundle()
    bundle.files["keys.txt"] = [key_of(FORGER)]
    return bundle


@tampering("key_id - -", *(f"checkpoint_signature {size} -" for size in (5, 10, 15, 18)))
def the_key_is_exchanged_under_the_id_of_the_true_one(book):
    bundle = book.bundle()
    true, forged = key_of(book.seed), key_of(FORGER)
    bundle.files["keys.txt"] = [true[:-45] + forged[-45:]]
    return bundle


# The manifest.


@tampering("manifest_size 18 -")
def the_manifest_says_another_size(book):
    return changed_head(book.bundle(), size=17)


@tampering("manifest_root 18 -")
def the_manifest_says_another_root(book):
    return changed_head(book.bundle(), root=book.root(17).hex())


@tampering(
    *(f"leaf_log {each}" for each in ("0 01", "1 b1", "2 e0", "3 e1", "4 e0", "5 e2", "6 e2", "7 e0", "8 e3", "9 e1", "10 e3", "11 e3")),
    *(f"leaf_log {each}" for each in ("12 e4", "13 e4", "14 e5", "15 e5", "16 e6", "17 01")),
    *(f"checkpoint_origin {size} -" for size in (5, 10, 15, 18)),
    *(f"opening_changed {n} e{which}" for which, n in enumerate((2, 3, 5, 8, 12, 14, 16))),
)  # fmt: skip
def the_manifest_is_of_another_log(book):
    return changed_head(book.bundle(), log=str(OTHER_LOG))
