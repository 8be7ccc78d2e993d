"""Who was shown which narrative, identity and export: noted before it is shown, and told to auditors alone."""

import json
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.journal import rules
from app.journal import service as journal
from app.journal.bundle import Exporter, Sources
from app.journal.models import DisclosedThing, Disclosure
from app.journal.showing import Showing, Thing, What, things_of
from app.kit import clock
from app.observations import custody
from app.observations import service as observations
from tests.support.audit import Audit, about
from tests.support.clients import admitted
from tests.support.forms import answers_of
from tests.support.house import ROOT
from tests.support.journals import checkpoints_of, entries
from tests.support.named import Named
from tests.support.people import a_member, an_operator
from tests.support.refusals import nothing_written
from tests.support.trial import a_trial

pytestmark = pytest.mark.one_server

NARRATIVE = "He showed bruises on both arms"


@pytest.fixture
def trial(server):
    return a_trial(server)


@pytest.fixture
def audit(trial):
    return Audit(trial.server, trial.programme)


@pytest.fixture
def named(server):
    return Named(server)


def complaint(trial, person="D01"):
    """The id of an observation that names a person and says something in words."""
    answers = answers_of("torture_complaint", participant_ref=trial.participants[person], note=NARRATIVE)
    return trial.filed(form="torture_complaint", answers=answers)


def later(monkeypatch, by):
    """Let observations be read at a later time than it is; sessions would be over by then."""
    monkeypatch.setattr(observations, "clock", SimpleNamespace(now=lambda: clock.now() + by, stamp=clock.stamp))


def export(trial, folder, *, openings):
    store = trial.server.store
    exporter = Exporter(store.database, store.writer, checkpoints_of(trial.server), Sources(custody.stored, custody.openings))
    exporter.export(UUID(trial.programme.id), folder / f"{uuid4()}.zip", with_openings=openings)


def test_a_narrative_that_is_read_is_noted_with_its_reader_and_whom_it_is_about(trial, audit):
    found = complaint(trial)
    assert NARRATIVE in trial.get(found).text
    (line,) = audit.lines()
    assert about(line) == ("narrative", trial.coordinator.member_id, sorted([found, trial.participants["D01"]]))
    assert (line["observation_ids"], line["participant_ids"]) == ([found], [trial.participants["D01"]])
    assert (line["event"], line["reader_code"], line["is_whole"]) == ("narrative.shown", trial.coordinator.code, False)


def test_what_cannot_be_noted_is_not_shown(trial, audit, monkeypatch):
    found = complaint(trial)

    def full(*_):
        raise sa.exc.OperationalError("INSERT", None, Exception("no room"))

    monkeypatch.setattr(journal.queries, "insert_leaves", full)
    answer = trial.get(found)
    assert (answer.status_code, NARRATIVE in answer.text) == (503, False)
    monkeypatch.undo()
    assert audit.lines() == []
    assert trial.get(found).status_code == 200


def test_every_way_to_a_narrative_is_noted_with_the_change_that_it_answers(trial, audit):
    reviewed, gone = complaint(trial), complaint(trial)
    stranger = a_member(trial.server, trial.programme)
    held = trial.body()
    assert trial.file(held, by=stranger).json()["status"] == "held"
    answers = [
        trial.review(reviewed),
        trial.server.post(f"/v1/observations/{gone}/withdraw", {"reason": "Twice."}, token=trial.observer.token),
        trial.server.post(f"/v1/observations/{held['id']}/release", {"assign": True, "reason": "So."}, token=trial.coordinator.token),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    found = [(line["reader"], line["observation_ids"]) for line in audit.lines()]
    coordinator = trial.coordinator.member_id
    assert found == [(coordinator, [held["id"]]), (trial.observer.member_id, [gone]), (coordinator, [reviewed])]


def test_a_change_that_fails_shows_nothing_and_notes_nothing(trial, audit):
    found = complaint(trial)
    assert trial.review(found, "return").status_code == 422
    assert trial.review(str(uuid4())).status_code == 404
    assert audit.lines() == []


def test_lists_receipts_and_summaries_show_no_narrative_and_are_not_noted(trial, audit):
    found = complaint(trial)
    token = trial.coordinator.token
    with nothing_written(trial.server):
        answers = [
            trial.server.get("/v1/observations", token=token),
            trial.server.post("/v1/observations/receipts", {"ids": [found]}, token=token),
            trial.server.get(f"/v1/cases/{trial.case}/summary", token=token),
        ]
    assert [(answer.status_code, NARRATIVE in answer.text) for answer in answers] == [(200, False)] * 3


def test_reading_again_is_the_same_showing_for_an_hour(trial, audit, monkeypatch):
    found = complaint(trial)
    trial.get(found)
    later(monkeypatch, observations.SHOWN_AGAIN - timedelta(minutes=1))
    with nothing_written(trial.server):
        assert NARRATIVE in trial.get(found).text
    later(monkeypatch, observations.SHOWN_AGAIN)
    trial.get(found)
    assert len(audit.lines()) == 2


def test_an_hour_of_one_reader_or_narrative_is_not_that_of_another(trial, audit):
    one, other = complaint(trial), complaint(trial)
    second = a_member(trial.server, trial.programme, role="coordinator")
    for found in (one, other):
        for reader in (trial.coordinator, second):
            trial.get(found, by=reader)
    assert len(audit.lines()) == 4
    assert [line["observation_ids"] for line in audit.lines(reader=second.member_id)] == [[other], [one]]


def test_observers_who_read_their_own_are_noted_once_a_day(trial, audit, monkeypatch):
    found = complaint(trial)
    trial.get(found, by=trial.observer)
    later(monkeypatch, observations.OWN_SHOWN_AGAIN - timedelta(minutes=1))
    with nothing_written(trial.server):
        trial.get(found, by=trial.observer)
    later(monkeypatch, observations.OWN_SHOWN_AGAIN)
    trial.get(found, by=trial.observer)
    assert [line["reader"] for line in audit.lines()] == [trial.observer.member_id] * 2


@pytest.mark.parametrize("headers", [{}, {"If-None-Match": "*"}, {"If-None-Match": '"1"'}])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_head_and_a_conditional_reading_count_as_reading(trial, audit, method, headers):
    found = complaint(trial)
    answer = trial.server.request(method, f"/v1/observations/{found}", token=trial.coordinator.token, headers=headers)
    assert answer.status_code == 200
    assert [line["observation_ids"] for line in audit.lines()] == [[found]]


def test_a_service_client_that_reads_stands_there_under_its_own_id(trial, audit):
    found = complaint(trial)
    token = admitted(trial.server, trial.programme, ["observations:read"])
    assert trial.server.get(f"/v1/observations/{found}", token=token).status_code == 200
    listed = trial.server.get(f"/v1/programmes/{trial.programme.id}/clients", token=trial.coordinator.token).json()["items"]
    (line,) = audit.lines()
    assert (line["reader"], line["reader_code"]) == (listed[0]["id"], None)


def test_a_name_that_is_opened_or_found_is_noted_with_whose_it_is(named):
    audit = Audit(named.server, named.programme)
    one, other = named.somebody("Aliya Bekova"), named.somebody("Timur Sadykov")
    named.reveal(one)
    assert named.found("Alia Bekova") == [(one["code"], "auto")]
    assert named.found("Somebody Else") == []
    coordinator, custodian = named.programme.coordinator.member_id, named.custodian.member_id
    searched, revealed = ("identity.searched", coordinator), ("identity.revealed", custodian)
    found = [(line["event"], line["reader"], line["participant_ids"]) for line in audit.lines()]
    assert found == [(*searched, []), (*searched, [one["id"]]), (*revealed, [one["id"]])]
    assert {line["kind"] for line in audit.lines()} == {"identity"}
    assert audit.lines(participant_id=other["id"]) == []


def test_whoever_is_the_same_person_counts_too(named):
    audit = Audit(named.server, named.programme)
    one, other, third = (named.somebody(name) for name in ("Aliya Bekova", "Alia Bekova", "Timur Sadykov"))
    for person in (one, other, third):
        named.reveal(person)
    named.merge(one, other)
    for person in (one, other):
        assert [line["participant_ids"] for line in audit.lines(participant_id=person["id"])] == [[other["id"]], [one["id"]]]
    named.unmerge(one)
    assert [line["participant_ids"] for line in audit.lines(participant_id=one["id"])] == [[one["id"]]]


def test_an_export_with_what_observers_wrote_showed_everything_that_was_there(trial, audit, tmp_path):
    found = complaint(trial)
    export(trial, tmp_path, openings=False)
    export(trial, tmp_path, openings=True)
    new = complaint(trial, "D02")
    whole, closed = audit.lines()
    assert [(line["kind"], line["reader"], line["is_whole"]) for line in (whole, closed)] == [
        ("export", None, True),
        ("export", None, False),
    ]
    assert audit.lines(observation_id=found) == audit.lines(participant_id=trial.participants["D01"]) == [whole]
    assert audit.lines(observation_id=new) == audit.lines(observation_id=str(uuid4())) == []


def test_lines_are_found_by_reader_record_kind_and_time(trial, audit, tmp_path):
    one, other = complaint(trial), complaint(trial, "D02")
    trial.get(one)
    trial.get(other, by=trial.observer)
    export(trial, tmp_path, openings=False)
    everything = audit.lines()
    assert len(everything) == 3
    exported, second, first = everything
    wanted = {
        "reader": (trial.observer.member_id, [second]),
        "observation_id": (one, [first]),
        "participant_id": (trial.participants["D02"], [second]),
        "kind": ("narrative", [second, first]),
        "since": (second["at"], [exported, second]),
        "until": (second["at"], [first]),
    }
    for name, (value, found) in wanted.items():
        assert audit.lines(**{name: value}) == found, name
    assert audit.lines(observation_id=one, participant_id=trial.participants["D02"]) == []
    assert audit.lines(observation_id=one, reader=trial.coordinator.member_id, kind="narrative") == [first]


def test_pages_leave_nothing_out_and_give_nothing_twice(trial, audit):
    for _ in range(5):
        trial.get(complaint(trial))
    everything, found, cursor = audit.lines(), [], None
    while cursor is not None or not found:
        page = audit.ask(limit=2, **({"cursor": cursor} if cursor else {})).json()
        found, cursor = found + page["items"], page["next_cursor"]
    assert found == everything
    cursor = audit.ask(limit=2).json()["next_cursor"]
    assert audit.ask(limit=2, cursor=cursor, kind="export").json()["code"] == "invalid_cursor"


def test_only_auditors_read_it_and_only_of_their_own_programme(trial, audit):
    trial.get(complaint(trial))
    server, query = trial.server, {"programme_id": trial.programme.id}
    for role in ("coordinator", "observer", "custodian", "analyst"):
        token = a_member(server, trial.programme, role=role).token
        assert server.get("/v1/disclosures", token=token, params=query).json()["code"] == "forbidden", role
        assert server.get("/v1/disclosures", token=token).json()["items"] == []
    strangers = a_member(server, a_trial(server).programme, role="auditor").token, an_operator(server).token
    for token in strangers:
        assert server.get("/v1/disclosures", token=token, params=query).status_code == 404
        assert server.get("/v1/disclosures", token=token).json()["items"] == []
    client = admitted(server, trial.programme, ["journal:read"])
    assert server.get("/v1/disclosures", token=client, params=query).status_code == 403
    assert server.get("/v1/disclosures", token=audit.token).json()["items"] == audit.lines()


def test_the_journal_says_that_something_was_shown_and_neither_to_whom_nor_what(trial, audit):
    found = complaint(trial)
    trial.get(found)
    (line,) = audit.lines()
    leaf = json.loads(entries(trial.server, trial.programme.id)[line["seq"]].leaf)
    assert (leaf["kind"], set(leaf), set(leaf["facts"])) == ("narrative.shown", {"v", "log", "seq", "kind", "id", "at", "facts"}, {"shown"})
    told = json.dumps(leaf)
    assert [each for each in (found, line["reader"], *line["participant_ids"], trial.case) if each in told] == []


def test_a_line_can_be_held_against_its_entry_by_anybody(trial, audit):
    trial.get(complaint(trial))
    (line,) = audit.lines()
    row = entries(trial.server, trial.programme.id)[line["seq"]]
    things = [["observation", each] for each in line["observation_ids"]] + [["participant", each] for each in line["participant_ids"]]
    said = rules.canonical({"reader": line["reader"], "things": sorted(things), "what": line["kind"], "whole": line["is_whole"]})
    opened = rules.commitment_to_showing(trial.programme.id, bytes.fromhex(line["salt"]), said).hex()
    assert opened == line["commitment"] == json.loads(row.leaf)["facts"]["shown"]
    assert line["leaf_hash"] == row.leaf_hash.hex()


def test_the_commitment_is_the_one_of_the_vector_in_the_reference():
    page = (ROOT / "docs" / "reference" / "journal.md").read_text(encoding="utf-8")
    section = page.partition("\n## Who was shown what\n")[2].partition("\n## ")[0]
    vector = dict(line.split(None, 1) for line in section.splitlines() if line.startswith("    ") and "=" not in line and "SHA" not in line)
    said = json.loads(vector["said"])
    named = frozenset((Thing(kind), UUID(each)) for kind, each in said["things"])
    showing = Showing(What(said["what"]), UUID(said["reader"]), named, said["whole"], bytes.fromhex(vector["salt"]))
    assert showing.commitment(UUID(vector["log"])) == vector["shown"]
    other = Showing(What(said["what"]), UUID(said["reader"]), named | things_of(Thing.PARTICIPANT, [uuid4()]), salt=showing.salt)
    assert other.commitment(UUID(vector["log"])) != vector["shown"]


CHANGES = {
    "another reader": sa.update(Disclosure).values(reader=uuid4()),
    "no salt": sa.update(Disclosure).values(salt=None),
    "not whole any more": sa.update(Disclosure).values(is_whole=True),
    "another time": sa.update(Disclosure).values(at=clock.now() - timedelta(days=9)),
    "nothing named": sa.delete(DisclosedThing),
    "something else": sa.update(DisclosedThing).where(DisclosedThing.thing == "observation").values(subject_id=uuid4()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_line_that_somebody_changed_is_not_shown(trial, audit, change):
    trial.get(complaint(trial))
    with Session(trial.server.store.database.writing) as session:
        session.connection().execute(CHANGES[change])
        session.commit()
    answer = audit.ask()
    assert (answer.status_code, answer.json()["code"]) == (500, "journal_unsound")


def test_reading_changes_nothing_of_what_a_case_adds_up_to(named):
    docket = named
    person = docket.somebody("Aliya Bekova")
    filed = docket.file(docket.an_observer())
    path = f"/v1/cases/{docket.case['id']}/summary"
    before = docket.server.get(path, token=docket.token)
    docket.reveal(person)
    docket.match("Aliya Bekova", case_id=docket.case["id"])
    docket.server.get(f"/v1/observations/{filed.json()['id']}", token=docket.token)
    after = docket.server.get(path, token=docket.token)
    assert (after.headers["etag"], after.json()["computed"]) == (before.headers["etag"], before.json()["computed"])
    assert len(Audit(docket.server, docket.programme).lines()) == 3
