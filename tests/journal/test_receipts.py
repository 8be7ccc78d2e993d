"""A receipt becomes a proof as soon as a checkpoint covers it, and stays a receipt whatever happens to the rest."""

from uuid import UUID

import pytest

from app.journal import notes, proofs
from tests.support.journals import checkpoints_of, unguarded
from tests.support.trial import a_trial

PLAIN = {"log", "seq", "leaf_hash", "received_at"}


@pytest.fixture
def trial(server):
    return a_trial(server)


def receipts(trial, *ids):
    answer = trial.server.post("/v1/observations/receipts", {"ids": list(ids)}, token=trial.observer.token)
    assert answer.status_code == 200
    return [each["receipt"] for each in answer.json()["results"]]


def holds(receipt):
    (stated,) = notes.read(receipt["checkpoint"]["text"])
    assert (stated.size, stated.root.hex()) == (receipt["checkpoint"]["size"], receipt["checkpoint"]["root"])
    proof = [bytes.fromhex(each) for each in receipt["proof"]]
    return proofs.includes(bytes.fromhex(receipt["leaf_hash"]), receipt["seq"], stated.size, proof, stated.root)


def test_a_filing_is_answered_with_a_plain_receipt_and_read_with_its_proof(trial):
    body = trial.body()
    given = trial.file(body).json()["receipt"]
    assert given.keys() == PLAIN
    assert trial.get(body["id"]).json()["receipt"] == receipts(trial, body["id"])[0] == given
    signed = checkpoints_of(trial.server).issue(UUID(given["log"]))
    late = trial.filed()
    (read,), (listed, plain) = [trial.get(body["id"]).json()["receipt"]], receipts(trial, body["id"], late)
    assert read == listed == {**given, "checkpoint": read["checkpoint"], "proof": read["proof"]}
    assert read["checkpoint"] == {"size": signed.size, "root": signed.root.hex(), "text": signed.text}
    assert holds(read)
    assert plain.keys() == PLAIN
    # What a repeat is answered with is what the first was answered with.
    assert trial.file(body).json()["receipt"] == given


def test_many_receipts_are_proven_at_once(trial):
    ids = [trial.filed() for _ in range(40)]
    checkpoints_of(trial.server).issue(UUID(trial.programme.id))
    shown = receipts(trial, *ids)
    assert all(holds(each) for each in shown)
    assert len({each["seq"] for each in shown}) == 40


def test_a_receipt_that_can_be_proven_no_more_stays_a_receipt_and_is_told_to_the_operator(trial, caplog):
    first, second = trial.filed(), trial.filed()
    checkpoints_of(trial.server).issue(UUID(trial.programme.id))
    (given,) = receipts(trial, first)
    zeros = "zeroblob(32)" if trial.server.store.database.dialect == "sqlite" else "decode(repeat('00', 32), 'hex')"
    with unguarded(trial.server) as connection:
        connection.exec_driver_sql(f"UPDATE journal SET leaf_hash = {zeros} WHERE seq = {given['seq'] - 1}")
    (found,) = receipts(trial, first)
    assert found == {name: given[name] for name in PLAIN}
    assert trial.get(second).status_code == 200
    assert "receipts cannot be proven" in [each.message for each in caplog.records if each.name == "hearsight.journal"]
