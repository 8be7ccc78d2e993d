"""Editions over HTTP: what is frozen stays as it was, byte for byte, and holds nothing that anybody typed."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from app.editions import service
from app.editions.schemas import EditionShown
from app.kit.access import COORDINATOR, Membership, Scope
from app.kit.ids import new_id
from app.summaries.service import Memory
from tests.support.monitored import codes
from tests.support.people import a_programme
from tests.support.two_observers import CANARY, a_bench

LANGUAGES = ("en", "ru", "kk")


@pytest.fixture
def bench(server):
    """A case with one complaint, accepted."""
    made = a_bench(server)
    made.sat_in()
    made.first = made.complaint("D01", "oral")
    return made


def journal_kinds(bench):
    with bench.trial.server.store.read() as session:
        return [row[0] for row in session.connection().exec_driver_sql("SELECT kind FROM journal ORDER BY at, seq")]


def test_an_edition_says_what_it_was_made_of(bench):
    computed = bench.summary()["computed"]
    made = bench.post("/editions")
    assert made.status_code == 201
    head = made.json()
    assert made.headers["Location"] == bench.path("/editions/1")
    assert (head["number"], head["digest"], head["case_revision"]) == (1, computed["digest"], computed["case_revision"])
    assert (head["taxonomy_version"], head["frozen_by"], head["observations"]) == ("1.1.0", bench.trial.coordinator.code, 2)
    assert head["checkpoint"]["log"] == bench.trial.programme.id
    with bench.trial.server.store.read() as session:
        found = session.connection().exec_driver_sql("SELECT size FROM journal_head ORDER BY size DESC").scalar()
    # The edition's own entry comes after everything that is in it.
    assert head["checkpoint"]["size"] == found - 1
    query = {"programme_id": bench.trial.programme.id}
    (signed,) = bench.trial.server.get("/v1/journal/checkpoints", token=bench.trial.coordinator.token, params=query).json()["items"]
    assert {name: signed[name] for name in ("log", "size", "root")} == head["checkpoint"]
    shown = bench.get("/editions/1").json()
    assert shown["edition"] == head
    assert bench.first in shown["observations"]
    assert len(shown["observations"]) == 2


def test_an_edition_has_the_shape_that_is_described(bench):
    bench.post("/editions")
    shown = bench.get("/editions/1", lang="en").json()
    assert EditionShown.model_validate(shown).model_dump(mode="json", exclude_unset=True) == shown


def test_a_frozen_summary_is_the_one_that_was_read_and_the_same_bytes_for_ever(bench):
    read = {lang: bench.get("/summary", lang=lang).content for lang in LANGUAGES}
    bench.post("/editions")
    frozen = {lang: bench.get("/editions/1", lang=lang).content for lang in LANGUAGES}
    for lang in LANGUAGES:
        assert frozen[lang].endswith(b',"summary":' + read[lang] + b"}")
    bench.complaint("D02")
    bench.post("/editions")
    assert {lang: bench.get("/editions/1", lang=lang).content for lang in LANGUAGES} == frozen
    assert bench.get("/editions/2", lang="en").content != frozen["en"]


def test_an_edition_is_tagged_by_its_bytes_and_not_sent_twice(bench):
    bench.post("/editions")
    answer = bench.get("/editions/1", lang="kk")
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer.headers["Content-Language"] == "kk"
    headers = {"If-None-Match": answer.headers["ETag"]}
    again = bench.trial.server.get(bench.path("/editions/1"), token=bench.token, params={"lang": "kk"}, headers=headers)
    assert (again.status_code, again.content) == (304, b"")


def test_freezing_a_case_that_says_the_same_gives_the_same_edition(bench):
    first = bench.post("/editions")
    case = {
        "programme_id": bench.trial.programme.id,
        "code": "T-9",
        "title": "Another",
        "court_id": bench.trial.court,
        "charge_articles": [],
    }
    bench.trial.made("/v1/cases", {**case, "monitoring": "none"})
    again = bench.post("/editions")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again.headers["Location"] == first.headers["Location"]
    assert [each["number"] for each in bench.get("/editions").json()["items"]] == [1]
    assert journal_kinds(bench).count("edition.frozen") == 1


def test_the_journal_tells_the_number_and_the_digest_and_no_more(bench):
    head = bench.post("/editions").json()
    with bench.trial.server.store.read() as session:
        leaf = session.connection().exec_driver_sql("SELECT leaf FROM journal WHERE kind = 'edition.frozen'").scalar()
    told = json.loads(bytes(leaf))
    assert told["facts"] == {"number": 1, "digest": head["digest"]}
    assert told["case"] == bench.trial.case


def test_editions_are_listed_by_number_and_page_by_page(bench):
    for person in ("D01", "D02", "D03"):
        bench.complaint(person, by=bench.other)
        assert bench.post("/editions").status_code == 201
    page = bench.get("/editions", limit=2).json()
    assert [each["number"] for each in page["items"]] == [1, 2]
    rest = bench.get("/editions", limit=2, cursor=page["next_cursor"]).json()
    assert ([each["number"] for each in rest["items"]], rest["next_cursor"]) == ([3], None)


@pytest.mark.parametrize("statuses", ["submitted", "accepted,submitted", "rejected,returned"])
def test_a_provisional_summary_cannot_be_frozen(bench, statuses):
    answer = bench.post("/editions", statuses=statuses)
    assert answer.status_code == 422
    assert codes(answer) == ["invalid_parameter", "/query/statuses provisional"]
    assert bench.get("/editions").json()["items"] == []
    assert bench.post("/editions", statuses="accepted").status_code == 201


def test_coordinators_freeze_analysts_read_and_nobody_else_does_either(bench):
    bench.post("/editions")
    bench.complaint("D02")
    bench.post("/editions")
    stranger = a_programme(bench.trial.server).coordinator
    roads = ("/editions", "/editions/1", "/editions/2/difference")
    for road in roads:
        assert bench.get(road, by=bench.analyst).status_code == 200, road
        assert bench.get(road, by=bench.trial.observer).status_code == 403, road
        assert bench.get(road, by=stranger).status_code == 404, road
    assert [bench.post("/editions", by=each).status_code for each in (bench.analyst, bench.trial.observer, stranger)] == [403, 403, 404]


@pytest.mark.parametrize("number", ["2", "0", "-1", "99999999999", "x", "1.0"])
def test_a_number_that_no_edition_has_leads_nowhere(bench, number):
    bench.post("/editions")
    assert bench.get(f"/editions/{number}").status_code == 404
    assert bench.get(f"/editions/{number}/difference").status_code == 404


def test_a_case_without_anything_can_be_frozen_and_then_not_be_deleted(bench):
    case = {"programme_id": bench.trial.programme.id, "code": "E-1", "title": "Empty", "court_id": bench.trial.court, "charge_articles": []}
    bench.trial.case = bench.trial.made("/v1/cases", {**case, "monitoring": "none"})
    assert bench.post("/editions").json()["observations"] == 0
    assert {each["rating"] for each in bench.get("/editions/1").json()["summary"]["rights"]} == {"not_observed"}
    answer = bench.trial.server.delete(bench.path(), token=bench.token)
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")


@pytest.mark.parametrize("table", ["edition", "edition_text"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET programme_id = programme_id", "DELETE FROM {}"])
def test_no_edition_can_be_changed_or_deleted_whoever_asks(bench, table, verb):
    bench.post("/editions")
    with pytest.raises(DBAPIError, match="append only"):
        bench.trial.server.store.write(lambda session: session.connection().exec_driver_sql(verb.format(table)).rowcount)
    assert bench.get("/editions/1").status_code == 200


def test_two_who_freeze_at_once_get_one_edition(bench):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: bench.post("/editions"), range(4)))
    assert sorted(each.status_code for each in answers) == [200, 200, 200, 201]
    assert {each.json()["number"] for each in answers} == {1}


def test_of_two_drafts_the_later_state_stays(bench):
    store, trial = bench.trial.server.store, bench.trial
    member = Membership(UUID(trial.programme.id), UUID(trial.coordinator.member_id), "COORD", COORDINATOR)
    scope, case = Scope(new_id(), new_id(), memberships=(member,)), UUID(trial.case)

    def draft():
        with store.read() as session:
            return service.draft(session, scope, Memory(), case, "accepted")

    early = draft()
    bench.complaint("D02")
    late = draft()
    frozen = store.write(lambda session: service.freeze(session, scope, late, bytes(32)))
    other = store.write(lambda session: service.freeze(session, scope, early, bytes(32)))
    assert (frozen.is_new, other.is_new) == (True, False)
    assert other.head.number == frozen.head.number == 1
    assert other.head.digest == frozen.head.digest


def test_nothing_that_anybody_typed_is_frozen(bench):
    note = {
        "kind": "assumption",
        "key": "A1",
        "statement": CANARY,
        "values": {},
        "source": {"document_id": bench.trial.document, "locator": "page 1"},
    }
    bench.trial.made("/v1/notes", {"programme_id": bench.trial.programme.id, "case_id": bench.trial.case, **note})
    bench.post("/editions")
    bench.complaint("D02")
    bench.post("/editions")
    assert CANARY in bench.trial.get(bench.first).text, "the coordinator reads what was typed: what looks for it finds it"
    for lang in LANGUAGES:
        for road in ("/editions", "/editions/1", "/editions/2", "/editions/2/difference"):
            answer = bench.get(road, lang=lang)
            assert answer.status_code == 200
            assert CANARY not in answer.text
    with bench.trial.server.store.read() as session:
        connection = session.connection()
        stored = [str(row) for table in ("edition", "edition_text") for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
    assert stored
    assert [row for row in stored if CANARY in row] == []
