"""What something else hangs on cannot be deleted; what nothing hangs on can."""

import pytest

from tests.support.monitored import codes

pytestmark = pytest.mark.one_server

HANGING = {
    "courts": lambda d: (court := d.make("courts"), [("cases", d.make("cases", court_id=court["id"]))]),
    "cases": lambda d: (d.case, [("hearings", d.hearing), ("participants", d.participant), ("documents", d.document)]),
    "hearings": lambda d: (d.hearing, [("assignments", d.make("assignments"))]),
    "participants": lambda d: (d.participant, [("outcomes", d.make("outcomes", participant_id=d.participant["id"]))]),
    "documents": lambda d: (d.document, [("outcomes", d.make("outcomes")), ("notes", d.make("notes"))]),
}


@pytest.mark.parametrize("thing", HANGING)
def test_what_something_hangs_on_stays_until_it_is_gone(docket, thing):
    made, hanging = HANGING[thing](docket)
    for kind, each in hanging:
        assert codes(docket.delete(thing, made)) == ["in_use"]
        assert docket.get(thing, made).status_code == 200
        assert docket.delete(kind, each).status_code == 204
    assert docket.delete(thing, made).status_code == 204
    assert docket.get(thing, made).status_code == docket.delete(thing, made).status_code == 404


def test_a_court_named_by_a_hearing_alone_stays(docket):
    court = docket.make("courts")
    hearing = docket.make("hearings", court_id=court["id"])
    assert codes(docket.delete("courts", court)) == ["in_use"]
    docket.patch("hearings", hearing, {"court_id": None})
    assert docket.delete("courts", court).status_code == 204


def test_a_participant_whom_a_question_or_a_role_is_about_stays(docket):
    values = {"participant": docket.participant["id"], "between": ["complaint"], "confidence": "likely"}
    question = docket.make("notes", kind="identity_question", values=values)
    assert codes(docket.delete("participants", docket.participant)) == ["in_use"]
    docket.patch("notes", question, {"kind": "assumption"})
    role = docket.contest(docket.participant).json()
    assert codes(docket.delete("participants", docket.participant)) == ["in_use"]
    address = f"/v1/participants/{docket.participant['id']}/roles/{role['id']}"
    assert docket.server.delete(address, token=docket.token).status_code == 204
    assert docket.delete("participants", docket.participant).status_code == 204


def test_what_an_observation_names_stays(docket):
    observer = docket.an_observer()
    docket.make("assignments", member_id=observer.member_id)
    assert docket.file(observer).status_code == 201
    for thing, made in (("hearings", docket.hearing), ("cases", docket.case)):
        assert codes(docket.delete(thing, made)) == ["in_use"]
