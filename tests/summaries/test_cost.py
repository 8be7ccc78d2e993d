"""What a cold summary costs does not depend on the other cases of the store: the same statements, the same rows, the same work inside."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.summaries import queries
from app.summaries.service import Memory
from tests.support.copies import copy_case
from tests.support.effort import counted
from tests.support.forms import answers_of
from tests.support.trial import a_trial

FEW, MANY = 1, 200


@pytest.fixture
def trial(server):
    """A case in which there is something of everything that a summary is folded from."""
    trial = a_trial(server, hearings=3, participants=6, review="trusted")
    source = {"document_id": trial.document, "locator": "page 1"}
    about = {"programme_id": trial.programme.id, "case_id": trial.case}
    for n, (code, person) in enumerate(trial.participants.items()):
        complained = answers_of("torture_complaint", participant_ref=person, basis="document", document_ref=trial.document)
        trial.filed(form="torture_complaint", answers=complained, hearing=f"H-0{1 + n % 3}")
        trial.made(f"/v1/participants/{person}/roles", {"role": "witness", "reading": "B", "source": source})
        decided = {"instance": "first", "decided_on": None, "verdict": "convicted", "sentences": ["imprisonment"]}
        trial.made("/v1/outcomes", {"case_id": trial.case, "participant_id": person, **decided, "source": source})
        note = {"kind": "stated_finding", "key": f"N-{code}", "statement": "Said.", "values": {"status": "alleged"}, "source": source}
        trial.made("/v1/notes", {**about, **note})
    for hearing in trial.hearings:
        trial.filed(hearing=hearing)
    return trial


@pytest.fixture
def given(monkeypatch):
    """How many rows each statement of summaries gave."""
    numbers = []
    fetch = queries._fetch
    monkeypatch.setattr(queries, "_fetch", lambda *args, **named: numbers.append(len(rows := fetch(*args, **named))) or rows)
    return numbers


@pytest.fixture(params=["known", "unknown"])
def is_surveyed(request):
    """Whether the database has counted what it holds, as one that has been running for a while has."""
    return request.param == "known"


def cold(trial, given):
    """A cold summary over HTTP, and what it took."""
    trial.server.app.state.memory = Memory()
    given.clear()
    with counted(trial.server.store.database) as effort:
        answer = trial.server.get(f"/v1/cases/{trial.case}/summary", token=trial.coordinator.token)
    assert answer.status_code == 200
    return answer.json(), (effort.statements, list(given)), effort.work


def add_cases(trial, numbers, *, is_surveyed):
    database = trial.server.store.database
    with Session(database.writing) as session:
        copy_case(session, UUID(trial.case), numbers)
        session.commit()
        session.connection().exec_driver_sql("ANALYZE" if is_surveyed else "SELECT 1")
        session.commit()
        return session.connection().execute(sa.text("SELECT COUNT(*) FROM observation")).scalar()


def test_a_cold_summary_costs_the_same_beside_one_other_case_and_beside_two_hundred(trial, given, is_surveyed):
    assert add_cases(trial, range(FEW), is_surveyed=is_surveyed) == 9 * (1 + FEW)
    few_said, few_read, few_work = cold(trial, given)
    assert add_cases(trial, range(FEW, MANY), is_surveyed=is_surveyed) == 9 * (1 + MANY)
    many_said, many_read, many_work = cold(trial, given)
    assert few_read[0] > 10
    assert sum(few_read[1]) > 9 * 20
    assert (many_said, many_read) == (few_said, few_read)
    assert 0 < many_work < 1.2 * few_work
