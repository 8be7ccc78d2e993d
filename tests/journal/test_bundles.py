"""A bundle holds what a verifier needs: every entry, every checkpoint, and what is stored; words only where they were asked for."""

import hashlib
import json
import threading
import zipfile
from uuid import UUID, uuid4

import pytest

from app.journal import notes, rules
from app.journal.bundle import Exporter, Sources
from app.journal.models import SERVER_LOG
from app.observations import custody
from app.observations.canonical import commitment
from tests.support.journals import checkpoints_of, entries, unguarded
from tests.support.trial import FACT, a_trial

NARRATIVE = "He showed bruises on both arms"
MEMBERS = ["manifest.jsonl", "leaves.jsonl", "checkpoints.txt", "keys.txt"]


@pytest.fixture
def trial(server):
    return a_trial(server)


@pytest.fixture
def log(trial):
    return UUID(trial.programme.id)


def export(trial, file, log=None, *, openings=False):
    store = trial.server.store
    exporter = Exporter(store.database, store.writer, checkpoints_of(trial.server), Sources(custody.stored, custody.openings))
    return exporter.export(log or UUID(trial.programme.id), file, with_openings=openings)


def members_of(file):
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert {each.compress_type for each in archive.infolist()} == {zipfile.ZIP_STORED}
        return {each.filename: archive.read(each).decode() for each in archive.infolist()}


def lines(text):
    assert text.endswith("\n")
    found = [json.loads(line) for line in text.splitlines()]
    assert [json.dumps(each, sort_keys=True, ensure_ascii=False, separators=(",", ":")) for each in found] == text.splitlines()
    return found


def leaves_in(text):
    return [(line[len('{"leaf":') : -80].encode(), line[-66:-2]) for line in text.splitlines()]


def busy(trial):
    """Filings of every fate: accepted, returned, corrected, withdrawn, held, custom, with words in them."""
    first = trial.filed()
    trial.review(first)
    trial.review(trial.filed(), "return", "Which?")
    second = trial.filed(supersedes=first)
    trial.review(second)
    gone = trial.filed(form="case_fact", hearing=None, answers=FACT)
    trial.server.post(f"/v1/observations/{gone}/withdraw", {"reason": "Twice."}, token=trial.observer.token)
    assert trial.file(trial.body(form_version="9.9.9", answers={"said": NARRATIVE})).status_code == 202
    assert trial.file(trial.body(supersedes=str(uuid4()))).status_code == 202
    custom = {"form": "custom", "form_code": "x_visit", "answers": [{"question": "seen", "value": NARRATIVE}]}
    trial.file(trial.body(**custom))
    return first, second, gone


def test_a_bundle_holds_every_entry_byte_for_byte_and_a_checkpoint_over_all_of_them(trial, log, tmp_path):
    checkpoints_of(trial.server).issue(log)
    busy(trial)
    made = export(trial, tmp_path / "bundle.zip")
    files = members_of(tmp_path / "bundle.zip")
    assert list(files) == MEMBERS
    stored = entries(trial.server, log)
    assert leaves_in(files["leaves.jsonl"]) == [(row.leaf, row.leaf_hash.hex()) for row in stored]
    stated = list(notes.read(files["checkpoints.txt"]))
    assert [each.size for each in stated] == [stated[0].size, len(stored)] == [stated[0].size, made.size]
    assert stated[-1].root == made.checkpoint.root == rules.root_of([row.leaf_hash for row in stored])
    assert files["checkpoints.txt"].count("\n\n— ") == files["checkpoints.txt"].count("\n\n") - 1 == 2
    assert files["keys.txt"] == checkpoints_of(trial.server).signer.key(log) + "\n"
    assert stored[-1].kind == "journal.exported"
    assert json.loads(stored[-1].leaf)["facts"]["openings"] is False
    head = lines(files["manifest.jsonl"])[0]
    origin = stated[-1].origin.split("/")
    assert [head[name] for name in ("instance", "log", "size", "root")] == [*origin, made.size, made.checkpoint.root.hex()]


def test_what_is_stored_of_each_observation_fits_the_entry_that_acknowledged_it(trial, log, tmp_path):
    first, second, gone = busy(trial)
    export(trial, tmp_path / "bundle.zip")
    _, *rows = lines(members_of(tmp_path / "bundle.zip")["manifest.jsonl"])
    stored = entries(trial.server, log)
    filings = {str(row.subject_id): json.loads(row.leaf) for row in stored if row.kind in ("observation.filed", "observation.held")}
    assert {row["id"] for row in rows} == set(filings)
    assert len(rows) >= 7
    for row in rows:
        leaf = filings[row["id"]]
        facts = leaf["facts"]
        assert [row[name] for name in ("seq", "case", "actor")] == [leaf[name] for name in ("seq", "case", "actor")]
        assert row["hearing"] == leaf.get("hearing")
        assert [row[name] for name in ("answers", "narrative", "received_at")] == [
            facts[name] for name in ("answers", "narrative", "received_at")
        ]
        assert row["columns_agree"] is True
    status = {row["id"]: row["status"] for row in rows}
    assert (status[first], status[second], status[gone]) == ("superseded", "accepted", "withdrawn")
    assert list(status.values()).count("held") == 3


def test_no_word_is_in_a_bundle_unless_openings_were_asked_for_and_these_open_every_commitment(trial, log, tmp_path):
    busy(trial)
    export(trial, tmp_path / "closed.zip")
    made = export(trial, tmp_path / "open.zip", openings=True)
    assert NARRATIVE.encode() not in (tmp_path / "closed.zip").read_bytes()
    files = members_of(tmp_path / "open.zip")
    assert list(files) == [*MEMBERS, "openings.jsonl"]
    assert NARRATIVE in files["openings.jsonl"]
    assert json.loads(entries(trial.server, log)[made.size - 1].leaf)["facts"]["openings"] is True
    _, *rows = lines(files["manifest.jsonl"])
    opened = {(each["id"], each["column"]): each for each in lines(files["openings.jsonl"])}
    assert len(opened) == 2 * len(rows)
    for row in rows:
        for column in ("answers", "narrative"):
            shown = opened[row["id"], column]
            salt = bytes.fromhex(shown["salt"])
            made = commitment(log, UUID(row["id"]), column, salt=salt, text=shown["text"], version=shown["version"])
            assert made.hex() == row[column]


CHANGED = {
    "answers": ("replace(answers, 'case', 'cese')", ("answers", "columns_agree")),
    "narrative": ("'{}x'", ("narrative",)),
    "captured_at": ("'2013-04-02T13:00:00+05:00'", ("columns_agree",)),
    "received_at": (None, ("received_at",)),
}


@pytest.mark.parametrize("column", CHANGED)
def test_a_row_that_was_changed_is_exported_as_it_is_now(trial, log, tmp_path, column):
    identity = trial.filed()
    export(trial, tmp_path / "before.zip")
    value, differing = CHANGED[column]
    moment = "'2013-04-02T08:00:00.000000Z'"
    with unguarded(trial.server) as connection:
        connection.exec_driver_sql(f"UPDATE observation SET {column} = {value or moment}")
    export(trial, tmp_path / "after.zip")
    before, after = (lines(members_of(tmp_path / name)["manifest.jsonl"])[1] for name in ("before.zip", "after.zip"))
    assert before["id"] == after["id"] == identity
    assert {name for name in before if before[name] != after[name]} == set(differing)


def test_a_log_that_cannot_be_signed_is_exported_all_the_same_and_says_why(trial, log, tmp_path):
    checkpoints_of(trial.server).issue(log)
    trial.filed()
    seq = entries(trial.server, log)[-1].seq
    with unguarded(trial.server) as connection:
        zeros = "x'0aff'" if trial.server.store.database.dialect == "sqlite" else r"'\x0aff'"
        connection.exec_driver_sql(f"UPDATE journal SET leaf = {zeros} WHERE seq = {seq} AND log = '{spelt(trial, log)}'")
    made = export(trial, tmp_path / "bundle.zip")
    assert made.checkpoint is None
    assert made.fault == f"entry {seq} of log {log} is not what was written"
    files = members_of(tmp_path / "bundle.zip")
    found = leaves_in(files["leaves.jsonl"])
    assert found[seq] == (b"null", entries(trial.server, log)[seq].leaf_hash.hex())
    assert hashlib.sha256(b"\0null").hexdigest() != found[seq][1]
    (stated,) = notes.read(files["checkpoints.txt"])
    assert stated.size < len(found) == made.size


def spelt(trial, log):
    return log.hex if trial.server.store.database.dialect == "sqlite" else str(log)


def test_a_bundle_is_one_moment_while_others_go_on_filing(trial, log, tmp_path):
    stop = threading.Event()

    def go_on():
        while not stop.is_set():
            trial.review(trial.filed())

    threads = [threading.Thread(target=go_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        bundles = [export(trial, tmp_path / f"{n}.zip") for n in range(5)]
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    for n, made in enumerate(bundles):
        files = members_of(tmp_path / f"{n}.zip")
        leaves = [json.loads(leaf) for leaf, _ in leaves_in(files["leaves.jsonl"])]
        assert len(leaves) == made.size == list(notes.read(files["checkpoints.txt"]))[-1].size
        last = {}
        for leaf in leaves:
            kind = leaf["kind"]
            if kind in ("observation.filed", "observation.accepted"):
                last[leaf["id"]] = leaf["facts"].get("status", "accepted")
        assert {row["id"]: row["status"] for row in lines(files["manifest.jsonl"])[1:]} == last


def test_a_file_that_is_there_is_left_alone(trial, tmp_path):
    file = tmp_path / "bundle.zip"
    file.write_text("mine", encoding="utf-8")
    before = len(entries(trial.server, trial.programme.id))
    with pytest.raises(FileExistsError):
        export(trial, file)
    assert file.read_text(encoding="utf-8") == "mine"
    assert len(entries(trial.server, trial.programme.id)) == before


def test_the_log_of_the_server_is_exported_without_observations(trial, tmp_path):
    made = export(trial, tmp_path / "server.zip", SERVER_LOG, openings=True)
    files = members_of(tmp_path / "server.zip")
    assert len(lines(files["manifest.jsonl"])) == 1
    assert files["openings.jsonl"] == ""
    assert len(leaves_in(files["leaves.jsonl"])) == made.size == len(entries(trial.server, SERVER_LOG))
