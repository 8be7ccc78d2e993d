"""What a server exports is sound; and what somebody who owns its database changes, drops, moves or writes anew is named by the verifier."""

import json
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from app.journal import rules, verify
from app.journal.bundle import Exporter, Sources
from app.journal.models import SERVER_LOG, Checkpoint, JournalEntry, JournalHead, JournalNode
from app.observations import custody
from app.observations.models import Observation
from tests.support.journals import checkpoints_of, entries, unguarded
from tests.support.trial import FACT, a_trial

JOURNAL, HEAD, SIGNED, NODES = (each.__table__ for each in (JournalEntry, JournalHead, Checkpoint, JournalNode))
OBSERVATION = Observation.__table__


class Story:
    """A programme that worked for a while, what somebody remembers of its log, and what is exported of it now."""

    def __init__(self, server, folder):
        self.server = server
        self.trial = a_trial(server)
        self.log = UUID(self.trial.programme.id)
        self.folder = folder
        self.accepted, self.last = self._work()
        made = checkpoints_of(server).issue(self.log)
        self.known = (made.size, made.root)
        self.trial.filed()

    def _work(self):
        trial = self.trial
        first = trial.filed()
        trial.review(first)
        trial.review(trial.filed(), "return", "Which?")
        accepted = trial.filed(supersedes=first)
        trial.review(accepted)
        gone = trial.filed(form="case_fact", hearing=None, answers=FACT)
        trial.server.post(f"/v1/observations/{gone}/withdraw", {"reason": "Twice."}, token=trial.observer.token)
        base = str(uuid4())
        assert trial.file(trial.body(form_version="9.9.9", answers={"said": "\u049b"})).status_code == 202
        assert trial.file(trial.body(supersedes=base)).status_code == 202
        trial.filed(observation=base)
        assert trial.file(trial.body(observation=base, hearing="H-02")).status_code == 409
        checkpoints_of(trial.server).issue(self.log)
        return accepted, trial.filed()

    def rows(self):
        return entries(self.server, self.log)

    def number(self, observation):
        """The number of the entry that acknowledged an observation."""
        return next(row.seq for row in self.rows() if str(row.subject_id) == observation)

    def subject(self, seq):
        return str(self.rows()[seq].subject_id)

    def told(self, *, log=None, openings=False, forgetful=False, remembers=True):
        """The exit code and the findings for what is exported now; `forgetful`: the server's own memory of checkpoints is gone."""
        store = self.server.store
        signer = checkpoints_of(self.server, self.folder if forgetful else None)
        exporter = Exporter(store.database, store.writer, signer, Sources(custody.stored, custody.openings))
        file = self.folder / f"{uuid4()}.zip"
        exporter.export(log or self.log, file, with_openings=openings)
        found = verify.verify(str(file), [self.known] if remembers else [])
        return found.code, found.findings

    def meddle(self):
        return unguarded(self.server)


@pytest.fixture
def story(server, tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    return Story(server, folder)


def drop(connection, *observations):
    """Take observations out of the database, with all that belongs to them."""
    ids = [UUID(str(each)) for each in observations]
    for table in OBSERVATION.metadata.sorted_tables:
        for reference in table.foreign_keys:
            if reference.column is OBSERVATION.c.id and table is not OBSERVATION:
                connection.execute(sa.delete(table).where(reference.parent.in_(ids)))
    connection.execute(sa.delete(OBSERVATION).where(OBSERVATION.c.id.in_(ids)))


def of(story, seq):
    return (JOURNAL.c.log == story.log) & (JOURNAL.c.seq == seq)


def test_what_a_server_exports_is_sound(story):
    assert story.told() == (0, [])
    assert story.told(openings=True) == (0, [])
    assert story.told(remembers=False) == (3, [])
    assert story.told(log=SERVER_LOG, remembers=False) == (3, [])


CHANGES = {
    "narrative": {"narrative": '{"account":"Nobody."}'},
    "received_at": None,
    "status": {"status": "rejected"},
    "captured_at": {"captured_at": "2013-04-02T13:00:00+05:00"},
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_row_that_was_changed_is_named_by_its_entry(story, column):
    with story.meddle() as connection:
        changed = CHANGES[column] or {"received_at": story.rows()[0].at}
        connection.execute(sa.update(OBSERVATION).where(OBSERVATION.c.id == UUID(story.accepted)).values(changed))
    code = "row_status" if column == "status" else "row_changed"
    assert story.told() == (1, [(code, story.number(story.accepted), story.accepted)])


def test_texts_that_were_swapped_between_two_observations_are_named(story):
    texts = [OBSERVATION.c.narrative, OBSERVATION.c.narrative_salt, OBSERVATION.c.answers, OBSERVATION.c.answers_salt]
    places = [OBSERVATION.c.id == UUID(each) for each in (story.accepted, story.last)]
    with story.meddle() as connection:
        one, other = (connection.execute(sa.select(*texts).where(place)).one()._asdict() for place in places)
        connection.execute(sa.update(OBSERVATION).where(places[0]).values(other))
        connection.execute(sa.update(OBSERVATION).where(places[1]).values(one))
    numbers = [(story.number(each), each) for each in (story.accepted, story.last)]
    changed = [(code, *each) for each in numbers for code in ("opening_changed", "row_changed")]
    assert story.told(openings=True) == (1, changed)


def test_a_row_that_was_deleted_is_missing_by_its_entry(story):
    with story.meddle() as connection:
        drop(connection, story.last)
    assert story.told() == (1, [("row_missing", story.number(story.last), story.last)])


def test_a_row_that_was_deleted_with_its_entry_leaves_a_gap(story):
    seq = story.number(story.last)
    after = story.subject(seq + 1)
    with story.meddle() as connection:
        drop(connection, story.last)
        connection.execute(sa.delete(JOURNAL).where(of(story, seq)))
    code, found = story.told()
    assert code == 1
    assert ("leaf_seq", seq, after) in found


def test_a_bit_of_an_entry_that_was_flipped_is_named(story):
    seq = story.number(story.accepted)
    leaf = story.rows()[seq].leaf
    assert b'"form":"hearing"' in leaf
    with story.meddle() as connection:
        connection.execute(sa.update(JOURNAL).where(of(story, seq)).values(leaf=leaf.replace(b'"form":"hearing"', b'"form":"healing"')))
    code, found = story.told()
    assert (code, found[0]) == (1, ("leaf_hash", seq, story.accepted))


def test_entries_that_changed_places_are_named(story):
    seq = story.number(story.accepted)
    one, other = story.rows()[seq : seq + 2]
    with story.meddle() as connection:
        for place, row in ((seq, other), (seq + 1, one)):
            connection.execute(sa.update(JOURNAL).where(of(story, place)).values(leaf=row.leaf, leaf_hash=row.leaf_hash))
    code, found = story.told()
    assert (code, found[0][0]) == (1, "leaf_seq")
    assert ("leaf_seq", seq, str(other.subject_id)) in found


def test_an_entry_that_was_added_past_the_server_is_under_no_checkpoint(story):
    last = story.rows()[-1]._asdict()
    leaf = rules.canonical(json.loads(last["leaf"]) | {"seq": last["seq"] + 1, "kind": "court.created", "facts": {}})
    with story.meddle() as connection:
        added = {**last, "seq": last["seq"] + 1, "kind": "court.created", "leaf": leaf, "leaf_hash": rules.leaf_hash(leaf)}
        connection.execute(sa.insert(JOURNAL).values(added))
        size = connection.execute(sa.select(HEAD.c.size).where(HEAD.c.log == story.log)).scalar_one()
        connection.execute(sa.update(HEAD).where(HEAD.c.log == story.log).values(size=size + 1))
    code, found = story.told()
    assert code == 1
    assert ("leaves_unsigned", story.known[0], None) in found


def cut(story, connection, size):
    """Take everything from an entry on out of the database, as if it had never been."""
    gone = [row.subject_id for row in story.rows()[size:] if row.kind == "observation.filed"]
    drop(connection, *gone)
    connection.execute(sa.delete(JOURNAL).where((JOURNAL.c.log == story.log) & (JOURNAL.c.seq >= size)))
    for table in (NODES, SIGNED):
        connection.execute(sa.delete(table).where(table.c.log == story.log))
    refold(story, connection)


def refold(story, connection):
    """Make the head of the log fit its entries, as who can hash would."""
    frontier = rules.Frontier()
    for digest in connection.execute(sa.select(JOURNAL.c.leaf_hash).where(JOURNAL.c.log == story.log).order_by(JOURNAL.c.seq)).scalars():
        frontier.append(bytes(digest))
    connection.execute(sa.update(HEAD).where(HEAD.c.log == story.log).values(size=frontier.size, peaks=frontier.stored()))


def test_a_tail_that_was_cut_off_is_seen_by_who_remembers(story):
    size = story.number(story.last)
    with story.meddle() as connection:
        cut(story, connection, size)
    # The export itself is an entry, so the log has grown by one again.
    assert story.told(forgetful=True, remembers=False) == (3, [])
    # It has grown by another one, up to what was remembered: as long as it was, and not the same.
    assert story.known[0] == size + 1
    code, found = story.told(forgetful=True)
    assert (code, found) == (1, [("known_differs", story.known[0], None)])


def test_a_tail_that_was_cut_off_further_is_shorter_than_somebody_remembers(story):
    with story.meddle() as connection:
        cut(story, connection, story.number(story.last))
    story.known = (story.known[0] + 5, story.known[1])
    assert story.told(forgetful=True) == (1, [("known_ahead", story.known[0], None)])


def test_a_log_that_was_written_anew_and_signed_with_the_real_key_is_seen_by_who_remembers(story):
    seq = story.number(story.accepted)
    leaf = json.loads(story.rows()[seq].leaf)
    leaf["facts"]["received_at"] = leaf["at"] = json.loads(story.rows()[seq - 1].leaf)["at"]
    text, moment = rules.canonical(leaf), story.rows()[seq - 1].at
    with story.meddle() as connection:
        connection.execute(sa.update(JOURNAL).where(of(story, seq)).values(leaf=text, leaf_hash=rules.leaf_hash(text), at=moment))
        connection.execute(sa.update(OBSERVATION).where(OBSERVATION.c.id == UUID(story.accepted)).values(received_at=moment))
        for table in (NODES, SIGNED):
            connection.execute(sa.delete(table).where(table.c.log == story.log))
        refold(story, connection)
    assert story.told(forgetful=True, remembers=False) == (3, [])
    assert story.told(forgetful=True) == (1, [("known_differs", story.known[0], None)])
