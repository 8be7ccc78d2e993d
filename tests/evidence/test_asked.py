"""Files that a form asks for are expected from the moment that an answer names them."""

from uuid import UUID, uuid4

import pytest

from app.evidence import queries
from tests.support.own_forms import QUESTIONS, Desk, filled
from tests.support.people import a_member
from tests.support.refusals import told
from tests.support.tus import Phone, an_id

SCANS = {"code": "scans", "type": "attachment_refs", "label": {"en": "Scans"}, "constraint": {"min_items": 2}}


@pytest.fixture
def desk(trial):
    """Whoever writes forms; each test has a form of its own."""
    found = Desk(trial.server, trial.programme)
    found.code = f"x_{an_id().replace('-', '_')}".replace("x_", "x_f", 1)
    found.published(code=found.code, questions=[*QUESTIONS, SCANS])
    return found


def filing(trial, desk, *files, **changed):
    body = filled(trial, code=desk.code, scans=list(files))
    return {**body, **changed}


def counted(trial, observation):
    return trial.get(observation).json()["attachments"]


def test_a_file_that_an_answer_names_is_missing_until_it_came(trial, desk):
    one, other = sorted([an_id(), an_id()])
    body = filing(trial, desk, one.upper(), other)
    assert trial.file(body).status_code == 201
    phone = Phone(trial.server, trial.observer.token, body["id"])
    assert counted(trial, body["id"]) == {"expected": 2, "present": 0, "missing": [one, other]}
    phone.sent(b"a scan", id=other)
    beside = phone.created(b"another").rpartition("/")[2]
    assert counted(trial, body["id"]) == {"expected": 3, "present": 1, "missing": [beside, one]}
    (receipt,) = trial.server.post("/v1/observations/receipts", {"ids": [body["id"]]}, token=phone.token).json()["results"]
    assert receipt["safe_to_delete"] is False
    phone.give_up(f"/v1/attachments/{beside}")
    phone.sent(b"the first", id=one)
    assert counted(trial, body["id"]) == {"expected": 2, "present": 2, "missing": []}
    (receipt,) = trial.server.post("/v1/observations/receipts", {"ids": [body["id"]]}, token=phone.token).json()["results"]
    assert receipt["safe_to_delete"] is True


def test_a_file_that_came_with_an_earlier_version_is_here_and_anothers_is_not(trial, desk):
    one, other = sorted([an_id(), an_id()])
    body = filing(trial, desk, one, other)
    trial.file(body)
    Phone(trial.server, trial.observer.token, body["id"]).sent(b"a scan", id=one)
    stranger = a_member(trial.server, trial.programme)
    Phone(trial.server, stranger.token).sent(b"not hers", id=other, observation_id=an_id(), programme_id=trial.programme.id)
    correction = filing(trial, desk, one, other, supersedes=body["id"])
    assert trial.file(correction).status_code == 201
    assert counted(trial, correction["id"]) == {"expected": 2, "present": 1, "missing": [other]}


def test_an_answer_names_files_by_their_ids(trial, desk):
    one = an_id()
    for files, code in (
        ([one], (422, "too_few_items")),
        ([one, one.upper()], (422, "duplicate_item")),
        (["photo.jpg", one], (404, "not_found")),
    ):
        assert told(trial.file(filing(trial, desk, *files)))[:2] == code
    bad = [{**SCANS, "sensitivity": "sealed", "choices": "entrances"}]
    assert told(desk.draft(code=f"{desk.code}_2", questions=[*QUESTIONS, *bad])) == (
        422,
        "not_relevant",
        [("/sections/0/questions/7/choices", "not_relevant")],
    )


def test_any_number_of_files_may_be_asked_about_at_once(trial):
    with trial.server.store.read() as session:
        assert queries.received(session, [UUID(trial.programme.id)], [uuid4() for _ in range(70_000)]) == set()
