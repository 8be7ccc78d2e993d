"""Codes are unique in their parent, as people read them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.monitored import codes

pytestmark = pytest.mark.one_server

CODED = {"courts": "code", "cases": "code", "hearings": "code", "participants": "code", "documents": "code", "notes": "key"}
IN_A_CASE = ("hearings", "participants", "notes")


@pytest.mark.parametrize("thing", CODED)
def test_a_code_that_reads_like_one_that_is_there_is_taken(docket, thing):
    field = CODED[thing]
    docket.make(thing, **{field: "BAC-1"})
    for alike in ("BAC-1", "bac-1", "\u0412\u0410\u0421-1", " BAC-1 "):
        assert codes(docket.post(thing, **{field: alike})) == ["code_taken"], alike
    other = docket.make(thing, **{field: "BAC-2"})
    assert codes(docket.patch(thing, other, {field: "bac-1"})) == ["code_taken"]
    assert docket.patch(thing, other, {field: "bac-2"}).json()[field] == "bac-2"


@pytest.mark.parametrize("thing", CODED)
def test_ten_who_take_one_code_at_once_get_it_once(docket, thing):
    body = {**docket.body(thing), CODED[thing]: "RACE"}
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: docket.server.post(f"/v1/{thing}", body, token=docket.token), range(10)))
    assert sorted(each.status_code for each in answers) == [201] + [409] * 9
    assert {each.json()["code"] for each in answers if each.status_code == 409} == {"code_taken"}


@pytest.mark.parametrize("thing", IN_A_CASE)
def test_another_case_may_use_the_same_code(docket, thing):
    other = docket.make("cases")
    docket.make(thing, **{CODED[thing]: "X1"})
    docket.make(thing, **{CODED[thing]: "X1", "case_id": other["id"]})


def test_a_note_about_the_programme_has_its_key_to_itself(docket):
    docket.make("notes", key="X1")
    docket.make("notes", key="X1", case_id=None)
    assert codes(docket.post("notes", key="x1", case_id=None)) == ["code_taken"]


@pytest.mark.parametrize("code", ["", "   ", "a b", "x" * 33, "a\u0000", "d,1", "\u202eD01"])
def test_what_is_no_code_is_refused_at_its_place(docket, code):
    answer = docket.post("participants", code=code)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/code"]


def test_a_code_of_kazakh_letters_is_kept_in_nfc(docket):
    made = docket.make("hearings", code="\u0421\u0438\u0306-1")
    assert made["code"] == "\u0421\u0439-1"
