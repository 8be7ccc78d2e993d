"""Every request about courts, cases, people and papers that the reference sends is taken as it is."""

import pytest

from tests.support.monitored import Play
from tests.support.people import an_operator
from tests.support.reference import a_variant, load_file


def about_the_case(filings):
    return [each for each in [*filings["setup"], *filings["documents"]] if each["path"] != "/v1/observations"]


def papers(example):
    return [each for each in example.get("documents", ()) if each["path"] != "/v1/observations"]


CHECKS = load_file("checks.json")
EXAMPLES = [(each["check"], name) for each in CHECKS["checks"] for name in ("fires", "silent") if papers(each[name])]


def play(server, filings):
    playing = Play(server, an_operator(server), filings["accounts"])
    for request in about_the_case(filings):
        answer = playing.send(request)
        assert answer.status_code == (200 if request["method"] == "PATCH" else 201), (request, answer.text)
    return playing


def test_the_whole_setup_of_the_golden_case_is_taken(server):
    filings = load_file("zhanaozen_filings.json")
    playing = play(server, filings)
    token = playing.token_of("COO1")
    case = playing.ids["$case:T-a"]
    people = server.get("/v1/participants", params={"case_id": case, "limit": 200}, token=token).json()["items"]
    sent = [each["body"] for each in filings["setup"] if each["path"] == "/v1/participants" and each["body"]["case_id"] == "$case:T-a"]
    assert sorted(each["code"] for each in people) == sorted(each["code"] for each in sent)
    assert {each["code"] for each in people if each["roles"]} == {"D15", "D16", "U09", "U10", "W01", "W02"}
    notes = server.get("/v1/notes", params={"limit": 200}, token=token).json()["items"]
    assert len(notes) == sum(each["path"] == "/v1/notes" for each in filings["documents"])


@pytest.mark.parametrize("seed", [11, 12])
def test_the_setup_of_a_random_programme_is_taken(server, seed):
    play(server, a_variant(seed))


@pytest.mark.parametrize("dialect", ["sqlite"])
@pytest.mark.parametrize(("check", "example"), EXAMPLES)
def test_the_example_of_a_check_is_taken(server, check, example):
    filings = next(each for each in CHECKS["checks"] if each["check"] == check)[example]
    base = CHECKS["base"]
    playing = play(server, {**base, "documents": [*base["documents"], *filings["documents"]]})
    assert {each["ref"] for each in papers(filings) if "ref" in each} <= set(playing.ids)
