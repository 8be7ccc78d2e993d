"""What is plain and may be accepted together: each reason against it, one by one, and the same in both databases."""

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from app.kit import clock
from app.observations import service
from app.observations.beside import ATTACHMENTS
from app.observations.schemas import AttachmentsShown
from tests.support.forms import all_clear, answers_of
from tests.support.trial import FACT
from tests.support.two_observers import a_bench

pytestmark = pytest.mark.one_server


@pytest.fixture
def bench(server):
    return a_bench(server)


def filed(bench, *, by=None, hearing="H-01", form="hearing", answers=None, **changed):
    """The id of an observation by a phone whose clock is right."""
    now = {"captured_at": clock.stamp(clock.now())}
    body = bench.trial.body(form=form, hearing=hearing, answers=answers or all_clear(), **{**now, **changed})
    answer = bench.trial.file(body, by=by)
    assert answer.status_code in {201, 202}, answer.text
    return body["id"]


def listed(bench, plain="true", *, by=None, **asked):
    params = {"plain": plain, "programme_id": bench.trial.programme.id, **asked}
    answer = bench.trial.server.get("/v1/observations", token=(by or bench.trial.coordinator).token, params=params)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


def test_two_observers_who_agree_are_plain_and_are_accepted_together(bench):
    ids = [filed(bench), filed(bench, by=bench.other), filed(bench, hearing="H-02")]
    ids.append(filed(bench, form="case_fact", hearing=None, answers=FACT))
    assert listed(bench) == ids
    assert [listed(bench, limit=1, hearing_id=bench.trial.hearings[each]) for each in ("H-01", "H-02")] == [[ids[0]], [ids[2]]]
    results = bench.trial.server.post("/v1/reviews", {"ids": ids, "decision": "accept"}, token=bench.token).json()["results"]
    assert {each["status"] for each in results} == {"done"}
    assert (listed(bench), set(listed(bench, "false"))) == ([], set(ids))


def test_whatever_asks_for_a_look_is_not_plain(bench, monkeypatch):
    trial = bench.trial
    asked, answered, corrected = filed(bench), filed(bench), filed(bench)
    for each in (asked, answered):
        trial.review(each, "return", "Which of the two?")
    trial.server.post(f"/v1/observations/{answered}/answer", {"text": "The first."}, token=trial.observer.token)
    correction = filed(bench, supersedes=corrected)
    skewed, held = filed(bench, captured_at="2106-02-07T06:28:15Z"), filed(bench, form_version="0.9.0")
    disputed, lacking, good = filed(bench), filed(bench), filed(bench)
    trial.file(trial.body(observation=disputed, captured_at="2012-04-02T13:00:00Z"))
    files = {(UUID(trial.programme.id), UUID(lacking)): AttachmentsShown(expected=1, missing=[uuid4()])}
    monkeypatch.setattr(ATTACHMENTS, "counted", lambda _session, _programmes, _ids: files)
    trial.server.post(f"/v1/hearings/{trial.hearings['H-02']}/lock", {"reason": "Read."}, token=bench.token)
    late = filed(bench, hearing="H-02")
    assert listed(bench) == [good]
    others = {asked, answered, corrected, correction, skewed, held, disputed, lacking, late}
    assert set(listed(bench, "false")) == others


def caged(bench, *people):
    """A hearing at which some defendants, and no others, sat in a cage."""
    return all_clear(cage_or_restraints="yes", cage_who=[bench.trial.participants[each] for each in people])


def uncaged(bench, person):
    """That somebody did not sit there, whoever else did."""
    return {"indicator": "presumption.cage_or_restraints", "value": "absent", "participant_refs": [bench.trial.participants[person]]}


def complaint(bench, person, how="written"):
    told = answers_of("torture_complaint", participant_ref=bench.trial.participants[person], hearing_ref=..., alleged_to=...)
    return {"form": "torture_complaint", "hearing": "H-02", "answers": {**told, "form": how}}


def test_what_two_observers_say_otherwise_of_the_same_is_not_plain(bench):
    mine = filed(bench, answers=caged(bench, "D01"))
    for others in (all_clear(), all_clear(cage_or_restraints="could_not_tell", other_facts=[uncaged(bench, "D01")])):
        theirs = filed(bench, by=bench.other, answers=others)
        assert (listed(bench), set(listed(bench, "false", status="submitted"))) == ([], {mine, theirs})
        bench.trial.review(theirs, "reject", "It was another day.")
    assert listed(bench) == [mine]
    heard = [filed(bench, by=by, **complaint(bench, person)) for by in (None, bench.other) for person in ("D01", "D02")]
    assert set(listed(bench)) == {mine, *heard}
    filed(bench, by=bench.other, **complaint(bench, "D02", "oral"))
    assert set(listed(bench)) == {mine, heard[0], heard[2], heard[3]}


def test_who_turned_out_to_be_one_person_is_compared_as_one(bench):
    said = all_clear(cage_or_restraints="could_not_tell", other_facts=[uncaged(bench, "D03")])
    ids = {filed(bench, answers=caged(bench, "D01")), filed(bench, by=bench.other, answers=said)}
    assert set(listed(bench)) == ids
    merge = {"into": bench.trial.participants["D01"], "reason": "The same."}
    path = f"/v1/participants/{bench.trial.participants['D03']}/merge"
    assert bench.trial.server.post(path, merge, token=bench.token).status_code == 200
    assert listed(bench) == []


def test_only_a_coordinator_learns_what_is_plain(bench):
    token = bench.trial.observer.token
    assert bench.trial.server.get("/v1/observations?plain=true", token=token).status_code == 403
    for bad in ("yes", "1", "", "True"):
        answer = bench.trial.server.get(f"/v1/observations?plain={bad}", token=bench.token)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/query/plain")


def test_however_little_is_plain_a_page_looks_at_so_many_and_its_cursor_goes_on(bench, monkeypatch):
    """Whoever follows the cursors finds all, each once; of what only its own row or another names against it, none is looked at."""
    monkeypatch.setattr(service, "SIFTED_AT_ONCE", 1)
    monkeypatch.setattr(service, "SIFTINGS", 1)
    told = [filed(bench, hearing="H-02") for _ in range(3)]
    for each in told:
        bench.trial.review(each, "reject", "Another day.")
        bench.trial.review(each, "accept")
        bench.trial.review(each, "return", "Which?")
        path = f"/v1/observations/{each}/answer"
        bench.trial.server.post(path, {"text": "The first."}, token=bench.trial.observer.token)
    mine, theirs = filed(bench, answers=caged(bench, "D01")), filed(bench, by=bench.other)
    good = [filed(bench, hearing="H-02") for _ in range(2)]
    pages, cursor = [], {}
    while cursor is not None:
        params = {"plain": "true", "programme_id": bench.trial.programme.id, "limit": 1, **cursor}
        answer = bench.trial.server.get("/v1/observations", token=bench.token, params=params).json()
        pages.append([each["id"] for each in answer["items"]])
        cursor = {"cursor": answer["next_cursor"]} if answer["next_cursor"] else None
    assert [each for page in pages for each in page] == good
    assert (not pages[0], len(pages) <= len({mine, theirs, *good})) == (True, True)


def test_however_much_stands_of_a_hearing_it_is_asked_for_by_few_values(bench):
    """A statement takes 32 766 values on SQLite, and 65 535 on PostgreSQL: what stands of a hearing may be more."""
    sizes = []
    filed(bench)

    @sa.event.listens_for(bench.trial.server.store.database.reading, "before_cursor_execute")
    def _count(_connection, _cursor, statement, parameters, _context, _many):
        if "hearing_id IN" in statement:
            sizes.append(len(parameters))

    for _ in range(2):
        filed(bench, by=bench.other)
        assert len(listed(bench)) == len(sizes) + 1
    sa.event.remove(bench.trial.server.store.database.reading, "before_cursor_execute", _count)
    assert sizes[0] == sizes[1]
