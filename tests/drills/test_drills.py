"""Each drill in small, and the set checker that judges them: it must see what is lost, doubled, foreign and untrue."""

import asyncio
import json

import pytest

from app.kit.database import Database
from tests.benchmarks.stage import Stores
from tests.drills import faults, full, kill, logins, main, parallel, phones, power, restart, servers, strace, syncs, upgrade
from tests.drills.notebook import Notebook, Receipt, bare
from tests.drills.oracle import Finding
from tests.drills.stage import Stage, Teller
from tests.promises.planted_defects import Verdict
from tests.support.forgetful import forgetting


class Borrowed(Stores):
    """The databases of this test run."""

    def __init__(self, folder, templates) -> None:
        self.folder = folder
        self._templates = templates


@pytest.fixture
def stage(request, tmp_path):
    """A stage on which nothing is told."""
    return Stage(Borrowed(tmp_path, lambda dialect: request.getfixturevalue(f"{dialect}_templates")), 7, Teller(is_quiet=True))


@pytest.fixture
def filled(stage):
    """A SQLite database into which two batches were sent, and an oracle that finds nothing wrong with it."""
    with stage.scene("sqlite") as scene:
        scene.server.start()
        (client,) = scene.clients(1)
        asyncio.run(client.talk(batches=2))
        scene.server.stop()
        assert scene.oracle.look_at_the_end().is_good
        yield scene


def good(finding):
    """The numbers of a finding in which nothing is wrong."""
    assert finding.is_good, finding
    assert finding.acknowledged == finding.stored > 0
    return finding


def tampered(scene, *statements):
    """What the oracle finds after somebody changed the database."""
    database = Database(scene.address)
    with database.writing.begin() as connection:
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.exec_driver_sql(statement)
    database.close()
    return scene.oracle.look()


def test_nothing_acknowledged_is_lost_to_a_kill(stage, dialect):
    good(kill.run(stage, dialect, 3))


def test_restarts_are_survived(stage, dialect, monkeypatch):
    monkeypatch.setattr(restart, "EVERY", 0.5)
    good(restart.run(stage, dialect, 2))


def test_the_same_batch_five_ways_is_stored_once(stage, dialect):
    assert good(parallel.run(stage, dialect, 3)).stored == 3 * parallel.BATCH


def test_phones_on_bad_lines_file_each_observation_once(stage, dialect):
    assert good(phones.run(stage, dialect, 4)).stored == 4 * (phones.FILED + phones.CORRECTED)


def test_phones_notice_a_server_that_acknowledges_what_it_does_not_keep(stage, monkeypatch):
    monkeypatch.setattr(servers, "command", forgetting)
    found = phones.run(stage, "sqlite", 2)
    assert found.lost > 0
    assert any("may not delete" in fault for fault in found.faults), found


def test_a_killed_upgrade_can_be_begun_again(stage, dialect):
    good(upgrade.run(stage, dialect, 2))


def test_a_full_disk_is_told_and_loses_nothing(stage, dialect):
    good(full.run(stage, dialect, 1))


def test_files_that_cannot_grow_are_called_unavailable_where_no_small_disk_can_be_had(stage, monkeypatch):
    monkeypatch.setattr(full, "_mount", lambda *_: False)
    good(full.run(stage, "sqlite", 1))


def test_a_single_file_call_that_fails_leaves_a_good_database(stage):
    good(faults.run(stage, "sqlite", 1))


def test_every_commit_is_synced(stage, dialect, monkeypatch):
    told = []
    monkeypatch.setattr(stage.teller, "say", told.append)
    assert syncs.run(stage, dialect, 5).is_good
    assert ("5 commits" in told[0]) == strace.is_there()


def test_a_log_that_is_cut_anywhere_leaves_a_prefix(stage):
    good(power.run(stage, "sqlite", 25))


def test_a_log_with_a_hole_is_no_prefix(stage):
    folder = stage.a_folder()
    with stage.stores.fresh("sqlite") as (address, _):
        left = power.filled(address, folder, 3)
    # As a disk would leave it that acknowledged a sync and wrote nothing: the last observation is in the notebook alone.
    with pytest.raises(ValueError, match="no prefix"):
        power.Left(left.database, left.log, left.programme, left.order[:1]).after(left.length, folder / "cut.db")


def test_the_oracle_sees_what_is_lost(filled):
    lost = bare(next(iter(filled.notebook.sent)))
    found = tampered(filled, f"DELETE FROM mark WHERE observation_id = '{lost}'", f"DELETE FROM observation WHERE id = '{lost}'")
    assert found.lost == 1
    assert not found.is_good


def test_the_oracle_sees_what_is_doubled(filled):
    doubled = next(iter(filled.notebook.sent))
    columns = "log, seq + 1000, kind, subject_id, case_id, hearing_id, actor, audience, at, leaf, leaf_hash"
    found = tampered(filled, f"INSERT INTO journal SELECT {columns} FROM journal WHERE subject_id = '{doubled}'")
    assert found.doubled == 1
    assert not found.is_good


def test_the_oracle_sees_what_nobody_sent(filled):
    filled.notebook.sent.pop()
    assert filled.oracle.look().faults == ["1 stored observations that nobody sent"]


def test_the_oracle_sees_a_receipt_that_does_not_hold(filled):
    first = next(iter(filled.notebook.receipts))
    filled.notebook.receipts[first] = Receipt(filled.notebook.receipts[first].seq, "00" * 32)
    assert filled.oracle.look().faults == ["1 receipts that do not hold"]


def test_the_oracle_sees_a_journal_that_was_changed(filled):
    (fault,) = tampered(filled, "UPDATE journal SET leaf = x'00' WHERE seq = 1").faults
    assert fault == "the journal: entry 1 does not hold"


def test_the_oracle_sees_what_was_sent_and_never_stored(filled):
    filled.notebook.sent.add("0" * 32)
    assert filled.oracle.look_at_the_end().faults == ["sent 41, acknowledged 40, stored 40"]


def test_a_second_receipt_must_be_the_first(filled):
    result = {"id": "a", "status": "created", "retryable": False}
    book = Notebook()
    for seq in (1, 2):
        book.heard({**result, "receipt": {"seq": seq, "leaf_hash": "00"}})
    book.heard({"id": "b", "status": "invalid", "code": "missing", "retryable": False})
    assert dict(book.faults) == {"a second receipt differs from the first": 1, "an observation was answered invalid missing": 1}


def test_a_drill_ends_with_one_line_for_machines(capsys):
    assert main.main(["parallel", "--n", "1", "--database", "sqlite", "--json", "--seed", "1"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert json.loads(last) == {"sqlite": {"acknowledged": 10, "stored": 10, "lost": 0, "doubled": 0}}


@pytest.mark.parametrize("finding", [Finding(2, 1, 1, 0), Finding(1, 1, 0, 1), Finding(1, 1, 0, 0, ["something else"])])
def test_a_drill_fails_where_anything_is_lost_doubled_or_wrong(finding, monkeypatch, capsys):
    monkeypatch.setitem(main.DRILLS, "kill", lambda *_: finding)
    assert main.main(["kill", "--database", "sqlite", "--json"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"sqlite": finding.numbers()}


def test_a_flood_of_wrong_passwords_is_held_off_and_two_are_hashed_at_once(stage, monkeypatch):
    # How long people wait is for a machine that does nothing else: here only the rest is judged.
    monkeypatch.setattr(logins, "OWNER_WITHIN", 60)
    monkeypatch.setattr(logins, "OTHERS_WITHIN", 60)
    found = logins.run(stage, "sqlite", 15)
    assert found.is_good, found
    assert found.tried == 15 + logins.CROWD
    assert 0 < found.hashes_at_once <= 2


@pytest.mark.parametrize("missed", [{"owner_ms": 2001}, {"others_ms": 501}, {"reading_ms": 501}, {"hashes_at_once": 3}, {"sent_away": 0}])
def test_a_flood_that_is_felt_fails_the_drill(missed):
    found = logins.Flooded(**{"tried": 9, "sent_away": 1, "hashes_at_once": 2, "places_at_once": 10, **missed})
    found.judge()
    assert len(found.faults) == 1


def test_a_defect_that_nothing_notices_fails_the_drill(monkeypatch, capsys):
    verdicts = [Verdict("a defect", "a test", is_noticed=found, seconds=0.1, said="") for found in (True, False)]
    monkeypatch.setattr(main.planted_defects, "run", lambda *_: verdicts)
    assert main.main(["defects", "--n", "2", "--json"]) == 1
    assert [each["noticed"] for each in json.loads(capsys.readouterr().out.splitlines()[-1])["defects"]] == [True, False]


def test_a_client_whose_token_has_run_out_signs_in_again(stage):
    with stage.scene("sqlite") as scene:
        scene.server.start()
        (client,) = scene.clients(1)
        client.place.token = client.place.token[:-8] + "AAAAAAAA"
        asyncio.run(client.talk(batches=1))
        good(scene.at_the_end())


def test_points_are_spread_from_the_first_to_the_last():
    assert upgrade.spread(19, 4) == [0, 6, 12, 18]
    assert upgrade.spread(3, 20) == [0, 1, 2]
    assert upgrade.spread(5, 1) == [0]
