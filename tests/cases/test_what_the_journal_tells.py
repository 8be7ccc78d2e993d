"""Every change is told to the journal under its programme and case, in codes and ids and without a word that somebody typed."""

from uuid import UUID

import orjson
from sqlmodel import col, select

from app.journal.models import CaseRevision, JournalEntry
from tests.support.monitored import EDITABLE, THINGS
from tests.support.people import an_operator

CANARY = "Amberova"
TYPED = {
    "courts": {"label": CANARY, "name": CANARY, "place": CANARY, "region": CANARY},
    "cases": {"title": CANARY, "monitoring_note": CANARY, "charge_articles": [CANARY]},
    "hearings": {},
    "participants": {},
    "assignments": {},
    "documents": {"title": CANARY},
    "outcomes": {"participant_id": ..., "count": None, "group_note": CANARY},
    "notes": {"statement": CANARY, "kind": "assumption", "values": {"x": CANARY}},
}
EDITED = {
    "courts": {"label": CANARY + "!"},
    "cases": {"title": CANARY + "!"},
    "hearings": {"mode": "mixed"},
    "participants": {"is_protected": True},
    "documents": {"title": CANARY + "!"},
    "outcomes": {"group_note": CANARY + "!"},
    "notes": {"statement": CANARY + "!"},
}


def told(docket):
    """Every entry of the programme's log, in order."""
    with docket.server.store.read() as session:
        query = select(JournalEntry).where(JournalEntry.log == UUID(docket.programme.id)).order_by(col(JournalEntry.seq))
        return list(session.exec(query))


def changes(docket):
    """The numbers of the entries that tell of a change: that a stranger asked is noted too, some time after the answer."""
    return [each.seq for each in told(docket) if each.kind != "access.refused"]


def revision(docket):
    with docket.server.store.read() as session:
        return session.exec(select(CaseRevision.revision).where(CaseRevision.case_id == UUID(docket.case["id"]))).one()


def test_the_journal_holds_no_word_that_somebody_typed(docket):
    source = {**docket.source(), "locator": CANARY}
    for thing in THINGS:
        typed = {**TYPED[thing], **({"source": source} if thing in ("outcomes", "notes") else {})}
        made = docket.make(thing, **typed)
        if thing in EDITABLE:
            assert docket.patch(thing, made, EDITED[thing]).status_code == 200
        assert docket.delete(thing, made).status_code == 204
    docket.contest(docket.participant, locator=CANARY)
    entries = told(docket)
    kinds = {each.kind for each in entries}
    assert {f"{thing[:-1]}.{what}" for thing in THINGS for what in ("created", "deleted")} <= kinds
    assert {f"{thing[:-1]}.changed" for thing in EDITABLE} | {"role.contested"} <= kinds
    assert not [each.kind for each in entries if CANARY.encode() in each.leaf]


def test_an_entry_names_what_changed_where_and_who_did_it(docket):
    docket.patch("hearings", docket.hearing, {"status": "cancelled", "mode": "mixed"})
    entry = told(docket)[-1]
    assert (entry.kind, str(entry.subject_id)) == ("hearing.changed", docket.hearing["id"])
    assert (str(entry.case_id), str(entry.hearing_id)) == (docket.case["id"], docket.hearing["id"])
    assert str(entry.actor) == docket.programme.coordinator.member_id
    assert orjson.loads(entry.leaf)["facts"] == {"code": docket.hearing["code"], "fields": ["mode", "status"]}


def test_whatever_belongs_to_a_case_raises_its_revision(docket):
    for thing in set(THINGS) - {"courts", "cases"}:
        body = docket.body(thing)
        before = revision(docket)
        made = docket.server.post(f"/v1/{thing}", body, token=docket.token).json()
        assert revision(docket) == before + 1, thing
        docket.delete(thing, made)
        assert revision(docket) == before + 2, thing
    before = revision(docket)
    role = docket.contest(docket.participant).json()
    docket.server.delete(f"/v1/participants/{docket.participant['id']}/roles/{role['id']}", token=docket.token)
    docket.patch("cases", docket.case, {"defendants_stated": 37})
    assert revision(docket) == before + 3


def test_what_is_refused_is_told_as_no_change(docket):
    before = changes(docket)
    docket.post("hearings", code=docket.hearing["code"])
    docket.post("hearings", date="2012-02-30")
    docket.delete("cases", docket.case)
    docket.server.delete(f"/v1/courts/{docket.court['id']}", token=an_operator(docket.server).token)
    assert changes(docket) == before
