"""Auditors and coordinators read what happened, what was signed, and proof of both; nobody else does."""

import hashlib
import json
from uuid import UUID

import pytest

from app.journal import proofs
from app.journal.models import SERVER_LOG
from tests.support.journals import checkpoints_of, entries, unguarded
from tests.support.people import a_member, an_operator
from tests.support.refusals import told

SERVER = str(SERVER_LOG)


@pytest.fixture
def log(docket):
    return docket.programme.id


@pytest.fixture
def auditor(docket):
    return a_member(docket.server, docket.programme, role="auditor").token


def ask(docket, token, path="", **query):
    return docket.server.get(f"/v1/journal{path}", token=token, params=query)


def items(docket, token, path="", **query):
    answer = ask(docket, token, path, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_an_entry_is_shown_with_its_exact_bytes_and_with_who_did_it_by_code(docket, log, auditor):
    shown = items(docket, auditor, programme_id=log, limit=200)
    stored = entries(docket.server, log)
    assert [each["seq"] for each in shown] == list(range(len(stored)))
    for each, row in zip(shown, stored, strict=True):
        assert each["leaf"].encode() == row.leaf
        assert each["leaf_hash"] == hashlib.sha256(b"\0" + row.leaf).hexdigest()
        leaf = json.loads(row.leaf)
        assert (each["kind"], each["subject_id"], each["at"], each["facts"]) == (leaf["kind"], leaf["id"], leaf["at"], leaf["facts"])
        assert (each["case_id"], each["hearing_id"], each["actor"]) == tuple(leaf.get(name) for name in ("case", "hearing", "actor"))
    made = next(each for each in shown if each["kind"] == "case.created")
    assert made["actor_code"] == docket.programme.coordinator.code


def test_entries_are_found_by_case_subject_person_kind_and_time(docket, log, auditor):
    everything = items(docket, auditor, programme_id=log, limit=200)
    case, person = docket.case["id"], docket.participant["id"]
    wanted = {
        "case_id": (case, lambda each: each["case_id"] == case),
        "subject_id": (person, lambda each: each["subject_id"] == person),
        "actor": (everything[-1]["actor"], lambda each: each["actor"] == everything[-1]["actor"]),
        "kind": ("document", lambda each: each["kind"].startswith("document.")),
        "since": (everything[4]["at"], lambda each: each["at"] >= everything[4]["at"]),
        "until": (everything[4]["at"], lambda each: each["at"] < everything[4]["at"]),
    }
    for name, (value, is_wanted) in wanted.items():
        found = [each for each in everything if is_wanted(each)]
        assert 0 < len(found) < len(everything), name
        assert items(docket, auditor, programme_id=log, limit=200, **{name: value}) == found, name
    exact = items(docket, auditor, programme_id=log, kind="document.created")
    assert exact == [each for each in everything if each["kind"] == "document.created"]
    assert items(docket, auditor, programme_id=log, kind="doc") == []
    assert items(docket, auditor, programme_id=log, kind="no.such_thing") == []


def test_pages_of_entries_leave_nothing_out_and_give_nothing_twice(docket, log, auditor):
    everything = items(docket, auditor, programme_id=log, limit=200)
    found, cursor = [], None
    while cursor is not None or not found:
        page = ask(docket, auditor, programme_id=log, limit=3, **({"cursor": cursor} if cursor else {})).json()
        found, cursor = found + page["items"], page["next_cursor"]
    assert found == everything
    cursor = ask(docket, auditor, programme_id=log, limit=3).json()["next_cursor"]
    assert told(ask(docket, auditor, programme_id=log, kind="case", cursor=cursor))[:2] == (422, "invalid_cursor")


PATHS = ["", "/checkpoints", "/proofs/inclusion", "/proofs/consistency"]
NEEDED = {"seq": 0, "from": 1}


@pytest.mark.parametrize("path", PATHS)
def test_only_coordinators_and_auditors_of_a_programme_read_its_log_and_operators_the_servers(docket, log, auditor, path):
    for each in (UUID(log), SERVER_LOG):
        checkpoints_of(docket.server).issue(each)
    operator = an_operator(docket.server).token
    others = {role: a_member(docket.server, docket.programme, role=role).token for role in ("observer", "custodian", "analyst")}
    seen = {**dict.fromkeys(others, 403), "auditor": 200, "coordinator": 200, "operator": 404}
    tokens = {**others, "auditor": auditor, "coordinator": docket.token, "operator": operator}
    for role, token in tokens.items():
        assert ask(docket, token, path, programme_id=log, **NEEDED).status_code == seen[role], role
        status = ask(docket, token, path, programme_id=SERVER, **NEEDED).status_code
        assert status == (200 if role == "operator" else 404), role


def test_without_a_programme_everything_is_listed_that_the_caller_may_read(docket, log, auditor):
    operator = an_operator(docket.server).token
    assert {each["log"] for each in items(docket, auditor, limit=200)} == {log}
    assert {each["log"] for each in items(docket, operator, limit=200)} == {SERVER}
    observer = a_member(docket.server, docket.programme).token
    assert items(docket, observer) == []


def test_checkpoints_are_listed_the_newest_first_with_the_key_that_checks_them(docket, log, auditor):
    assert items(docket, auditor, "/checkpoints", programme_id=log) == []
    made = []
    for _ in range(3):
        docket.make("documents")
        made.append(checkpoints_of(docket.server).issue(UUID(log)))
    shown = items(docket, auditor, "/checkpoints", programme_id=log)
    assert [(each["size"], each["root"], each["text"]) for each in shown] == [
        (each.size, each.root.hex(), each.text) for each in made[::-1]
    ]
    assert shown[0]["key"].startswith(f"{docket.server.store.keys.instance}/{log}+")
    first = ask(docket, auditor, "/checkpoints", programme_id=log, limit=2).json()
    rest = ask(docket, auditor, "/checkpoints", programme_id=log, limit=2, cursor=first["next_cursor"]).json()
    assert first["items"] + rest["items"] == shown


def test_a_proof_needs_a_checkpoint_and_stays_within_it(docket, log, auditor):
    for path in PATHS[2:]:
        assert ask(docket, auditor, path, programme_id=log, **NEEDED).status_code == 404
    size = checkpoints_of(docket.server).issue(UUID(log)).size
    docket.make("documents")
    bad = [
        ("/proofs/inclusion", {"seq": size}, "seq"),
        ("/proofs/inclusion", {"seq": 0, "size": size + 1}, "size"),
        ("/proofs/inclusion", {"seq": 2, "size": 2}, "seq"),
        ("/proofs/consistency", {"from": 1, "to": size + 1}, "to"),
        ("/proofs/consistency", {"from": 3, "to": 2}, "from"),
        ("/proofs/consistency", {"from": 0}, "from"),
        ("/proofs/inclusion", {"seq": 2**63}, "seq"),
    ]
    for path, query, name in bad:
        assert told(ask(docket, auditor, path, programme_id=log, **query)) == (
            422,
            "invalid_parameter",
            [(f"/query/{name}", "out_of_range")],
        )


def test_every_entry_is_proven_under_every_size_and_every_size_under_every_other(docket, log, auditor):
    for _ in range(30):
        docket.make("documents")
    checkpoints = checkpoints_of(docket.server)
    for size in (1, 7, 16, 17):
        checkpoints.issue(UUID(log), size)
    last = checkpoints.issue(UUID(log))
    leaves = [bytes(each.leaf_hash) for each in entries(docket.server, log)]
    for size in {1, 7, 16, 17, 31, last.size}:
        for seq in range(0, size, 3):
            shown = ask(docket, auditor, "/proofs/inclusion", programme_id=log, seq=seq, size=size).json()
            proof, root = [bytes.fromhex(each) for each in shown["proof"]], bytes.fromhex(shown["root"])
            assert proofs.includes(leaves[seq], seq, size, proof, root)
            assert (shown["leaf_hash"], shown["checkpoint"]["size"]) == (leaves[seq].hex(), last.size)
        shown = ask(docket, auditor, "/proofs/consistency", programme_id=log, **{"from": size}).json()
        assert (shown["from"], shown["to"], shown["from_root"], shown["to_root"]) == (size, last.size, root.hex(), last.root.hex())
        assert proofs.extends(size, last.size, [bytes.fromhex(each) for each in shown["proof"]], root, last.root)
    shown = ask(docket, auditor, "/proofs/consistency", programme_id=log, **{"from": 5, "to": 16}).json()
    roots = bytes.fromhex(shown["from_root"]), bytes.fromhex(shown["to_root"])
    assert proofs.extends(5, 16, [bytes.fromhex(each) for each in shown["proof"]], *roots)


@pytest.mark.parametrize("changed", [("journal", "leaf_hash"), ("journal_node", "digest")])
def test_nothing_false_is_proven_of_a_log_that_was_changed(docket, log, auditor, changed, caplog):
    for _ in range(20):
        docket.make("documents")
    size = checkpoints_of(docket.server).issue(UUID(log)).size
    with unguarded(docket.server) as connection:
        connection.exec_driver_sql(f"UPDATE {changed[0]} SET {changed[1]} = {zeros(docket)}")
    for path in PATHS[2:]:
        answer = ask(docket, auditor, path, programme_id=log, **{"seq": size - 1, "from": size - 1})
        assert told(answer) == (500, "journal_unsound", [])
    assert [each.message for each in caplog.records if each.name == "hearsight.journal"] == ["the journal is unsound"] * 2


def zeros(docket):
    sqlite = docket.server.store.database.dialect == "sqlite"
    return "zeroblob(32)" if sqlite else "decode(repeat('00', 32), 'hex')"
