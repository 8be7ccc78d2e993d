"""Contested roles: at most four readings in a case, each said once by a source, told by what was entered or by its id."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.support.monitored import codes

pytestmark = pytest.mark.one_server


def roles_of(docket, participant):
    return docket.get("participants", participant).json()["roles"]


def withdraw(docket, participant, body):
    return docket.server.delete(f"/v1/participants/{participant['id']}/roles", json=body, token=docket.token)


def entered(role):
    source = {"document_id": role["source"]["document_id"], "locator": role["source"]["locator"]}
    return {"role": role["role"], "reading": role["reading"], "source": source}


def test_roles_stand_with_their_participant_in_the_order_of_entry(docket):
    person = docket.participant
    first = docket.contest(person, role="witness", reading="B")
    second = docket.contest(person, role="defendant", reading="A", locator="paragraph 6")
    assert first.status_code == second.status_code == 201
    assert roles_of(docket, person) == [first.json(), second.json()]
    listed = docket.listed("participants", case_id=docket.case["id"])
    assert [each["roles"] for each in listed if each["id"] == person["id"]] == [[first.json(), second.json()]]
    assert docket.get("participants", person).json()["role"] == person["role"]


def test_the_same_said_twice_is_said_once(docket):
    first, again = docket.contest(docket.participant), docket.contest(docket.participant)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(roles_of(docket, docket.participant)) == 1
    assert docket.get("participants", docket.participant).headers["etag"] == '"2"'


def test_one_source_does_not_say_two_roles_under_one_reading(docket):
    docket.contest(docket.participant)
    assert codes(docket.contest(docket.participant, role="victim")) == ["role_exists"]
    assert docket.contest(docket.participant, role="victim", locator="paragraph 8").status_code == 201


def test_a_reading_in_other_letters_is_the_same_reading(docket):
    docket.contest(docket.participant, reading="A")
    for n, alike in enumerate(("a", "\u0410", "\u0430")):
        answer = docket.contest(docket.make("participants"), reading=alike, locator=f"line {n}")
        assert answer.json()["reading"] == "A"


def test_a_fifth_reading_is_one_too_many(docket):
    for reading in "ABCD":
        assert docket.contest(docket.participant, reading=reading).status_code == 201
    fifth = docket.contest(docket.make("participants"), reading="E")
    assert (fifth.status_code, codes(fifth)) == (422, ["too_many_readings", "/reading too_many_readings"])
    assert docket.contest(docket.make("participants"), reading="D").status_code == 201
    other = docket.make("participants", case_id=docket.make("cases")["id"])
    assert docket.contest(other, reading="E").status_code == 201
    assert withdraw(docket, docket.participant, entered(roles_of(docket, docket.participant)[0])).status_code == 204
    assert docket.contest(docket.participant, reading="E").status_code == 201


def test_ten_new_readings_at_once_give_four(docket):
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda n: docket.contest(docket.participant, reading=f"R{n}"), range(10)))
    assert sorted(each.status_code for each in answers) == [201] * 4 + [422] * 6


def test_a_role_is_taken_back_by_what_was_entered_or_by_its_id(docket):
    said, other = docket.contest(docket.participant).json(), docket.contest(docket.participant, reading="C").json()
    for changed in ({"role": "victim"}, {"reading": "D"}, {"source": docket.source()}):
        assert codes(withdraw(docket, docket.participant, {**entered(said), **changed})) == ["not_found"]
    assert withdraw(docket, docket.participant, entered(said)).status_code == 204
    assert codes(withdraw(docket, docket.participant, entered(said))) == ["not_found"]
    stranger = docket.make("participants")
    for person, status in ((stranger, 404), (docket.participant, 204), (docket.participant, 404)):
        answer = docket.server.delete(f"/v1/participants/{person['id']}/roles/{other['id']}", token=docket.token)
        assert answer.status_code == status
    assert roles_of(docket, docket.participant) == []


def test_a_role_is_a_term_and_its_source_exists(docket):
    assert codes(docket.contest(docket.participant, role="hero")) == ["not_in_vocabulary", "/role not_in_vocabulary"]
    assert codes(docket.contest(docket.participant, reading="a b")) == ["wrong_format", "/reading wrong_format"]
    missing = docket.contest(docket.participant, source={"document_id": str(uuid4())})
    assert codes(missing) == ["not_found", "/source/document_id not_found"]
    missing = docket.contest(docket.participant, source={"observation_id": str(uuid4())})
    assert codes(missing) == ["not_found", "/source/observation_id not_found"]
