"""Checkpoints are signed over what was written, go on from what was signed, and are remembered outside of the database."""

import base64
import json
import threading
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.journal import notes, queries
from app.journal.checkpoints import EVERY
from app.journal.errors import SetBack, Unsound
from app.journal.models import SERVER_LOG, Checkpoint, JournalEntry, JournalHead
from app.journal.rules import EMPTY_ROOT, Frontier, canonical, leaf_hash, root_of
from app.kit import clock, crypto
from tests.support.journals import checkpoints_of, entries, unguarded
from tests.support.servers import Server


@pytest.fixture
def log(docket):
    return UUID(docket.programme.id)


@pytest.fixture
def checkpoints(docket):
    return checkpoints_of(docket.server)


def grow(docket, n=1):
    for _ in range(n):
        docket.make("documents")


def kept(docket, log):
    with docket.server.store.read() as session:
        return [(size, bytes(root)) for size, root, _ in queries.checkpoint_texts(session, log, 10**9)]


def test_a_checkpoint_says_what_the_log_holds_and_its_key_checks_it(docket, log, checkpoints):
    made = checkpoints.issue(log)
    leaves = [bytes(each.leaf_hash) for each in entries(docket.server, log)]
    (stated,) = notes.read(made.text)
    assert stated == (f"{docket.server.store.keys.instance}/{log}", len(leaves), root_of(leaves))
    body, _, signature = made.text.partition("\n\n")
    public = crypto.public_key(docket.server.store.keys.checkpoint)
    signed = base64.b64decode(signature.split()[-1])
    assert signed[:4] == notes.key_id(stated.origin, public)
    assert crypto.is_signed(public, f"{body}\n".encode(), signed[4:])
    assert not crypto.is_signed(public, body.encode(), signed[4:])


def test_a_log_that_did_not_grow_keeps_its_checkpoint(docket, log, checkpoints):
    first = checkpoints.issue(log)
    assert checkpoints.issue(log).text == first.text
    grow(docket)
    assert checkpoints.issue(log).size == first.size + 1
    assert [size for size, _ in kept(docket, log)] == [first.size, first.size + 1]


def test_checkpoints_follow_ten_minutes_after_the_last_one_and_only_where_the_log_grew(docket, log, checkpoints, monkeypatch):
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    assert checkpoints.issue_due() == []
    first = kept(docket, log)
    assert len(first) == 1
    assert len(kept(docket, SERVER_LOG)) == 1
    grow(docket)
    now += EVERY - timedelta(microseconds=1)
    checkpoints.issue_due()
    assert kept(docket, log) == first
    now += timedelta(microseconds=2)
    checkpoints.issue_due()
    assert [size for size, _ in kept(docket, log)] == [first[0][0], first[0][0] + 1]
    now += 2 * EVERY
    checkpoints.issue_due()
    assert len(kept(docket, log)) == 2


def test_every_checkpoint_is_remembered_in_a_file_before_the_next(docket, log, checkpoints):
    made = []
    for _ in range(3):
        made.append(checkpoints.issue(log).text)
        grow(docket)
    file = docket.server.settings.remembered_checkpoints
    assert file.read_text(encoding="utf-8") == "\n".join(made)
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_earlier_size_can_be_signed_later_and_is_the_same_log(docket, log, checkpoints):
    grow(docket, 40)
    last = checkpoints.issue(log)
    earlier = checkpoints.issue(log, last.size - 7)
    assert earlier.root == root_of([bytes(each.leaf_hash) for each in entries(docket.server, log)][: earlier.size])
    assert [size for size, _ in kept(docket, log)] == [earlier.size, last.size]
    grow(docket)
    assert checkpoints.issue(log).size == last.size + 1


CHANGES = {
    "a byte of a leaf": ("leaf", lambda row: row.leaf[:-3] + bytes([row.leaf[-3] ^ 1]) + row.leaf[-2:]),
    "a hash": ("leaf_hash", lambda row: bytes(32)),
    "what it is found by": ("kind", lambda row: "court.deleted"),
    "whose it is": ("subject_id", lambda row: SERVER_LOG),
    "who did it": ("actor", lambda row: SERVER_LOG),
    "when": ("at", lambda row: row.at - timedelta(microseconds=1)),
}


def test_a_log_that_cannot_be_signed_is_told_and_stops_no_other(docket, log, checkpoints, caplog):
    meddle(docket, log, 1, lambda table, row: table.update().values(leaf_hash=bytes(32)))
    assert checkpoints.issue_due() == [log]
    assert len(kept(docket, SERVER_LOG)) == 1
    (record,) = [each for each in caplog.records if each.name == "hearsight.journal"]
    assert record.facts == {"fault": "Unsound", "programme": str(log)}


@pytest.mark.parametrize("change", CHANGES)
def test_an_entry_that_was_changed_is_not_signed(docket, log, checkpoints, change):
    checkpoints.issue(log)
    grow(docket, 3)
    seq = entries(docket.server, log)[-2].seq
    column, changed = CHANGES[change]
    meddle(docket, log, seq, lambda table, row: table.update().values({column: changed(row)}))
    with pytest.raises(Unsound, match=f"entry {seq} "):
        checkpoints.issue(log)
    assert len(kept(docket, log)) == 1


def meddle(docket, log, seq, change):
    table = JournalEntry.__table__
    row = entries(docket.server, log)[seq]
    with unguarded(docket.server) as connection:
        connection.execute(change(table, row).where(table.c.log == log, table.c.seq == seq))


def test_a_log_without_one_of_its_entries_is_not_signed(docket, log, checkpoints):
    checkpoints.issue(log)
    grow(docket, 3)
    seq = entries(docket.server, log)[-2].seq
    meddle(docket, log, seq, lambda table, row: table.delete())
    with pytest.raises(Unsound, match=f"entry {seq} .* is missing"):
        checkpoints.issue(log)


def test_an_entry_rewritten_with_its_hash_contradicts_the_head(docket, log, checkpoints):
    grow(docket)
    seq = entries(docket.server, log)[-1].seq
    rewritten = entries(docket.server, log)[seq].leaf.replace(b'"code"', b'"kode"')
    assert leaf_hash(rewritten) != entries(docket.server, log)[seq].leaf_hash
    meddle(docket, log, seq, lambda table, row: table.update().values(leaf=rewritten, leaf_hash=leaf_hash(rewritten)))
    with pytest.raises(Unsound, match="head"):
        checkpoints.issue(log)


def test_a_log_rewritten_with_its_head_contradicts_what_was_signed(docket, log, checkpoints):
    signed = checkpoints.issue(log)
    rewrite(docket, log)
    with pytest.raises(Unsound, match=f"another root over {signed.size}"):
        checkpoints.issue(log)
    with pytest.raises(Unsound):
        checkpoints.check()


def rewrite(docket, log):
    """A whole log written anew without its last entry but one, as its owner could: entries, hashes and head fit each other."""
    table, heads, frontier = JournalEntry.__table__, JournalHead.__table__, Frontier()
    rows = entries(docket.server, log)
    with unguarded(docket.server) as connection:
        connection.execute(table.delete().where(table.c.log == log))
        for row in (*rows[:-2], rows[-1]):
            leaf = canonical({**json.loads(row.leaf), "seq": frontier.size})
            connection.execute(table.insert().values({**row._mapping, "seq": frontier.size, "leaf": leaf, "leaf_hash": leaf_hash(leaf)}))
            frontier.append(leaf_hash(leaf))
        last = {**json.loads(rows[-1].leaf), "seq": frontier.size}
        leaf = canonical(last)
        connection.execute(table.insert().values({**rows[-1]._mapping, "seq": frontier.size, "leaf": leaf, "leaf_hash": leaf_hash(leaf)}))
        frontier.append(leaf_hash(leaf))
        connection.execute(heads.update().where(heads.c.log == log).values(size=frontier.size, peaks=frontier.stored()))


def test_a_database_set_back_before_a_checkpoint_that_it_lost_cannot_sign(docket, log, checkpoints):
    grow(docket)
    signed = checkpoints.issue(log)
    set_back(docket, log, signed.size - 2)
    with pytest.raises(SetBack, match=f"{signed.size - 2} entries, but {signed.size} were signed"):
        checkpoints.issue(log)
    with pytest.raises(SetBack):
        checkpoints.check()
    grow(docket, 2)
    with pytest.raises(Unsound, match=f"another root over {signed.size}"):
        checkpoints.issue(log)
    # A server that remembers nothing has no way to know.
    assert checkpoints_of(docket.server, docket.server.settings.data_dir / "keys").issue(log).size == signed.size


def set_back(docket, log, size):
    """The database as it was when the log had this size, its checkpoints included."""
    table, heads, signed, frontier = JournalEntry.__table__, JournalHead.__table__, Checkpoint.__table__, Frontier()
    for row in entries(docket.server, log)[:size]:
        frontier.append(bytes(row.leaf_hash))
    with unguarded(docket.server) as connection:
        connection.execute(table.delete().where(table.c.log == log, table.c.seq >= size))
        connection.execute(signed.delete().where(signed.c.log == log, signed.c.size > size))
        connection.execute(sa.text("DELETE FROM journal_node"))
        connection.execute(heads.update().where(heads.c.log == log).values(size=frontier.size, peaks=frontier.stored()))


def test_several_processes_sign_one_checkpoint_between_them(docket, log):
    grow(docket, 5)
    others = [checkpoints_of(docket.server) for _ in range(4)]
    for _ in range(5):
        grow(docket)
        barrier, found = threading.Barrier(len(others)), []

        def sign(checkpoints, barrier=barrier, found=found):
            barrier.wait()
            found.append(checkpoints.issue(log).text)

        threads = [threading.Thread(target=sign, args=(each,)) for each in others]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == len(others)
        assert len(set(found)) == 1
    file = docket.server.settings.remembered_checkpoints
    assert len(list(notes.read(file.read_text(encoding="utf-8")))) == len(kept(docket, log)) == 5


def test_two_servers_whose_timers_fall_together_sign_once(docket, log, database_address):
    with Server(database_address, docket.server.settings.data_dir) as second:
        barrier, refused = threading.Barrier(2), []

        def look(server):
            barrier.wait()
            refused.extend(checkpoints_of(server).issue_due())

        threads = [threading.Thread(target=look, args=(each,)) for each in (docket.server, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert refused == []
    assert len(kept(docket, log)) == len(kept(docket, SERVER_LOG)) == 1
    file = docket.server.settings.remembered_checkpoints
    assert len(list(notes.read(file.read_text(encoding="utf-8")))) == 2


@pytest.mark.parametrize("table", ["checkpoint", "journal_node"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET log = log", "DELETE FROM {}"])
def test_nobody_changes_or_deletes_what_was_signed(docket, log, checkpoints, table, verb):
    grow(docket, 20)
    checkpoints.issue(log)
    with docket.server.store.database.writing.connect() as connection, pytest.raises(DBAPIError, match="append only"):
        connection.exec_driver_sql(verb.format(table))


def test_a_line_that_a_crash_cut_short_harms_neither_what_stands_before_it_nor_what_comes_after(docket, log, checkpoints):
    first = checkpoints.issue(log)
    file = docket.server.settings.remembered_checkpoints
    file.write_text(file.read_text(encoding="utf-8") + "\n" + first.text[:50], encoding="utf-8")
    grow(docket)
    second = checkpoints.issue(log)
    found = list(notes.read(file.read_text(encoding="utf-8")))
    assert [each.size for each in found] == [first.size, second.size]


def test_an_empty_log_is_signed_too(docket):
    made = checkpoints_of(docket.server).issue(UUID(int=7))
    assert (made.size, made.root) == (0, EMPTY_ROOT)
