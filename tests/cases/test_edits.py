"""Edits: what is left out stays, null clears, what changes nothing leaves no trace, and nobody overwrites unseen."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlmodel import col, select

from app.journal.models import JournalEntry
from tests.support.monitored import EDITABLE, codes

pytestmark = pytest.mark.one_server

EDIT = {
    "courts": {"label": "Another court"},
    "cases": {"monitoring": "full"},
    "hearings": {"status": "postponed"},
    "participants": {"is_protected": True},
    "documents": {"kind": "other"},
    "outcomes": {"term_months": 60},
    "notes": {"statement": "It was fair."},
}
CLEARED = {
    "courts": ("timezone", "place"),
    "cases": ("defendants_stated", "verdict_on"),
    "hearings": ("court_id", "starts_at", "language", "mode"),
    "participants": ("placeholder",),
    "documents": ("dated",),
    "outcomes": ("decided_on", "term_months", "sentences"),
    "notes": ("target", "target_kind"),
}
NEVER_NULL = {
    "courts": ("code", "label"),
    "cases": ("code", "title", "court_id", "charge_articles", "monitoring"),
    "hearings": ("code", "date", "instance", "hearing_type", "status"),
    "participants": ("code", "role", "is_anonymous", "is_protected", "named_in_source"),
    "documents": ("code", "kind", "title"),
    "outcomes": ("instance", "source"),
    "notes": ("kind", "key", "statement", "values", "source"),
}
NEVER_SENT = ("id", "programme_id", "version", "created_at", "code_key", "member_id")


def entries(docket, thing_id):
    with docket.server.store.read() as session:
        query = select(JournalEntry.kind).where(JournalEntry.subject_id == UUID(thing_id)).order_by(col(JournalEntry.seq))
        return list(session.exec(query))


@pytest.fixture
def make(docket):
    """A thing with everything filled in that can be cleared."""
    full = {
        "cases": {"defendants_stated": 37, "verdict_on": "2012-06"},
        "hearings": {
            "court_id": docket.court["id"],
            "starts_at": "2012-04-02T10:00:00+05:00",
            "language": "kk",
            "mode": "in_person",
        },
        "participants": {"placeholder": {"stands_for": "group", "count": None, "at_least": 2}},
        "notes": {"target_kind": "right", "target": "presumption_of_innocence"},
    }
    return lambda thing: docket.make(thing, **full.get(thing, {}))


@pytest.mark.parametrize("thing", EDITABLE)
def test_an_edit_changes_what_was_sent_and_nothing_else(docket, make, thing):
    made = make(thing)
    answer = docket.patch(thing, made, EDIT[thing])
    assert answer.status_code == 200, answer.text
    assert answer.json() == {**made, **EDIT[thing], "version": 2}
    assert docket.get(thing, made).json() == answer.json()
    assert answer.headers["etag"] == docket.get(thing, made).headers["etag"] == '"2"'


@pytest.mark.parametrize("thing", EDITABLE)
def test_saving_the_same_ten_times_leaves_no_trace(docket, make, thing):
    made = make(thing)
    told = entries(docket, made["id"])
    same = {name: made[name] for name in (*NEVER_NULL[thing], *CLEARED[thing])}
    if "source" in same:
        same["source"] = docket.source()
    for changes in [{}, same] * 5:
        answer = docket.patch(thing, made, changes)
        assert answer.status_code == 200, answer.text
        assert answer.json() == made
    assert entries(docket, made["id"]) == told == [f"{thing[:-1]}.created"]


@pytest.mark.parametrize("thing", EDITABLE)
def test_null_clears_what_may_be_missing(docket, make, thing):
    made = make(thing)
    for name in CLEARED[thing]:
        assert made[name] is not None
        assert docket.patch(thing, made, {name: None}).json()[name] is None


@pytest.mark.parametrize("thing", EDITABLE)
def test_null_is_refused_for_what_has_to_be_there(docket, make, thing):
    made = make(thing)
    for name in NEVER_NULL[thing]:
        answer = docket.patch(thing, made, {name: None})
        assert answer.status_code == 422, name
        assert [each["pointer"] for each in answer.json()["errors"]] == [f"/{name}"]
    assert docket.get(thing, made).json() == made


@pytest.mark.parametrize("thing", EDITABLE)
def test_what_is_not_ones_to_write_is_an_unknown_field(docket, make, thing):
    made = make(thing)
    for name in NEVER_SENT:
        answer = docket.patch(thing, made, {name: made.get(name, "x")})
        assert codes(answer) == ["unknown_field", f"/{name} unknown_field"]
    for name in ("id", "version", "created_at", "roles"):
        assert codes(docket.post(thing, **{name: "x"})) == ["unknown_field", f"/{name} unknown_field"]


@pytest.mark.parametrize("thing", EDITABLE)
def test_an_edit_of_another_version_is_stale(docket, make, thing):
    made = make(thing)
    assert docket.patch(thing, made, EDIT[thing], headers={"If-Match": '"1"'}).status_code == 200
    for method in (lambda **options: docket.patch(thing, made, {}, **options), lambda **options: docket.delete(thing, made, **options)):
        answer = method(headers={"If-Match": '"1"'})
        assert answer.status_code == 409
        assert (answer.json()["code"], answer.json()["current_version"]) == ("stale_version", 2)
    assert docket.delete(thing, made, headers={"If-Match": '"2"'}).status_code == 204
    assert docket.get(thing, made).status_code == 404
    assert entries(docket, made["id"]) == [f"{thing[:-1]}.{what}" for what in ("created", "changed", "deleted")]


def test_what_is_made_says_where_it_stands(docket):
    answer = docket.post("courts")
    assert answer.headers["location"] == f"/v1/courts/{answer.json()['id']}"
    assert answer.headers["etag"] == '"1"'
    assert docket.server.get(answer.headers["location"], token=docket.token).json() == answer.json()


def test_ten_edits_at_once_are_ten_versions(docket):
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda n: docket.patch("courts", docket.court, {"label": f"Court {n}"}), range(10)))
    assert sorted(each.json()["version"] for each in answers) == list(range(2, 12))


def test_of_ten_edits_of_one_version_one_is_made(docket):
    one = {"headers": {"If-Match": '"1"'}}
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda n: docket.patch("courts", docket.court, {"label": f"Court {n}"}, **one), range(10)))
    assert sorted(each.status_code for each in answers) == [200] + [409] * 9
