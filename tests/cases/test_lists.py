"""Lists page in a stable order, filter by programme and parent, and find codes and titles in any script."""

from urllib.parse import quote

import pytest

from tests.support.monitored import THINGS, codes

pytestmark = pytest.mark.one_server

ORDER = {
    "courts": "code",
    "cases": "code",
    "hearings": "date",
    "participants": "code",
    "assignments": "id",
    "documents": "code",
    "outcomes": "id",
    "notes": "key",
}


def pages(docket, thing, **query):
    """Every page of a list, read by its cursors."""
    cursor = None
    while True:
        asked = {**query, **({"cursor": cursor} if cursor else {})}
        answer = docket.server.get(f"/v1/{thing}", params=asked, token=docket.token)
        assert answer.status_code == 200, answer.text
        yield answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return


@pytest.mark.parametrize("thing", THINGS)
def test_pages_give_everything_once_in_order(docket, thing):
    for n in range(5):
        dated = {"date": f"2012-04-{10 - 2 * (n // 2):02d}"} if thing == "hearings" else {}
        docket.make(thing, **dated)
    whole = docket.listed(thing, programme_id=docket.programme.id)
    paged = list(pages(docket, thing, programme_id=docket.programme.id, limit=2))
    assert [each["id"] for page in paged for each in page] == [each["id"] for each in whole]
    assert [len(page) for page in paged[:-1]] == [2] * (len(paged) - 1)
    assert [each[ORDER[thing]] for each in whole] == sorted(each[ORDER[thing]] for each in whole)


def test_a_page_that_ends_the_list_has_no_next(docket):
    docket.make("courts")
    assert [len(page) for page in pages(docket, "courts", programme_id=docket.programme.id, limit=2)] == [2]


def test_what_comes_in_between_pages_is_not_lost_and_repeats_nothing(docket):
    made = [docket.make("participants", code=f"P{n}") for n in (1, 3, 5)]
    several = pages(docket, "participants", case_id=docket.case["id"], limit=2)
    first = next(several)
    docket.make("participants", code="P4")
    rest = [each["code"] for page in several for each in page]
    assert rest == ["P3", "P4", "P5"][-len(rest) :]
    assert {each["code"] for each in first}.isdisjoint(rest)
    assert {each["code"] for each in made} <= {each["code"] for each in first} | set(rest)


def test_a_cursor_is_good_for_the_list_that_gave_it(docket):
    for _ in range(2):
        docket.make("cases")
        docket.make("hearings")
    cursor = docket.server.get("/v1/cases", params={"limit": 1}, token=docket.token).json()["next_cursor"]
    for path in ("/v1/hearings?limit=1", "/v1/cases?limit=1&q=T", f"/v1/cases?limit=1&programme_id={docket.programme.id}"):
        assert codes(docket.server.get(f"{path}&cursor={cursor}", token=docket.token)) == ["invalid_cursor"]
    changed = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    assert codes(docket.server.get(f"/v1/cases?cursor={changed}", token=docket.token)) == ["invalid_cursor"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=-1", "limit=1e9", "programme_id=1", "court_id=%00", "q=%00", "q=" + "x" * 101]
)
def test_a_bad_parameter_is_named(docket, query):
    answer = docket.server.get(f"/v1/cases?{query}", token=docket.token)
    assert codes(answer)[0] == "invalid_parameter"
    assert answer.json()["errors"][0]["pointer"] == f"/query/{query.partition('=')[0]}"


def test_lists_filter_by_their_parents(docket):
    other = docket.make("cases")
    court = docket.make("courts")
    moved = docket.make("cases", court_id=court["id"])
    assert [each["id"] for each in docket.listed("cases", court_id=court["id"])] == [moved["id"]]
    for thing in ("hearings", "participants", "documents", "notes"):
        made = docket.make(thing, case_id=other["id"])
        assert [each["id"] for each in docket.listed(thing, case_id=other["id"])] == [made["id"]]
        assert docket.listed(thing, case_id=moved["id"]) == []
    person = docket.make("participants", case_id=other["id"])
    outcome = docket.make("outcomes", case_id=other["id"], participant_id=person["id"])
    assert [each["id"] for each in docket.listed("outcomes", case_id=other["id"])] == [outcome["id"]]
    docket.make("notes", kind="assumption", values={}, case_id=moved["id"])
    docket.make("notes", case_id=moved["id"])
    assert [each["kind"] for each in docket.listed("notes", case_id=moved["id"], kind="assumption")] == ["assumption"]


def test_assignments_are_found_by_case_hearing_and_member(docket):
    observer = docket.an_observer()
    to_case = docket.make("assignments", member_id=observer.member_id, hearing_id=None, case_id=docket.case["id"])
    to_hearing = docket.make("assignments")
    docket.make("assignments", hearing_id=docket.make("hearings", case_id=docket.make("cases")["id"])["id"])
    assert [each["id"] for each in docket.listed("assignments", case_id=docket.case["id"])] == [to_case["id"], to_hearing["id"]]
    assert [each["id"] for each in docket.listed("assignments", hearing_id=docket.hearing["id"])] == [to_hearing["id"]]
    assert [each["id"] for each in docket.listed("assignments", member_id=observer.member_id)] == [to_case["id"]]


@pytest.mark.parametrize("q", ["шетпе", "ШЕТПЕ", "(100%", "shetp", "SHETP", "\u0455hetp"])
def test_a_search_finds_codes_and_titles_in_capital_and_small_letters(docket, q):
    found = docket.make("cases", code="SHETPE", title="Станция Шетпе (100% _)")
    assert [each["id"] for each in docket.listed("cases", programme_id=docket.programme.id, q=q)] == [found["id"]]


@pytest.mark.parametrize("q", ["%", "_", "Никого"])
def test_a_search_takes_signs_for_what_they_are(docket, q):
    assert docket.listed("cases", programme_id=docket.programme.id, q=q) == []


def test_a_search_follows_an_edited_title(docket):
    docket.patch("cases", docket.case, {"title": "Новое название"})
    address = f"/v1/cases?programme_id={docket.programme.id}&q={quote('новое')}"
    assert len(docket.server.get(address, token=docket.token).json()["items"]) == 1
    assert docket.listed("participants", q=docket.participant["code"].lower(), programme_id=docket.programme.id)
