"""Parameters of addresses, cursors and headers: a bad one is named by its place, and no value brings a server down."""

import pytest

from tests.support.every_route import Things, every_route, holds_id, model_of, query_parameters
from tests.support.refusals import CANARY, is_silent, listening, nothing_written, told

ODD_TEXTS = ["%00", "%ff", "%", "%zz", "%ED%A0%80", "%E2%80%AE", "%EF%BB%BF", "%F0%9F%92%A9", "'%20OR%201=1--"]
ODD_TEXTS += ["%25", "_", "%5C", "", "x" * 60_000]
BAD_LIMITS = ["1e9", "-1", "0", "201", "9" * 30, "9" * 5000, "5.0", "+5", "%205", "1_0", "%EF%BC%95", "0x5"]
BAD_LIMITS += ["true", "null", "", "%00", "1%00"]
BAD_IDS = ["x", "%00", "1%0a", "9" * 40, "", "null", "%EF%BC%91", "{}", "urn:uuid:6f9619ff-8b86-4d01-8b42-00cf4fc964ff"]
BAD_MOMENTS = ["2012", "1333621200", "2012-04-05", "2012-04-05T00:00:00", "2012-02-30T00:00:00Z"]
BAD_MOMENTS += ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00%2B14:00"]


@pytest.fixture(scope="module")
def mine(standing):
    return Things(standing)


def parameters():
    """(METHOD, path, name, annotation) of every parameter of every query."""
    for method, path, route in every_route():
        for each in query_parameters(route):
            yield method, path, each.alias, each.field_info.annotation


def every_list():
    return [path for _, path, name, _ in parameters() if name == "cursor"]


def ask(mine, method, path, query):
    """The answer to a request that is right but for its query."""
    route = next(route for verb, address, route in every_route() if (verb, address) == (method, path))
    model = model_of(route)
    options = {} if model is None else {"json": mine.body(path, model)}
    whole = "&".join([*(f"{name}={value}" for name, value in mine.needed(route, query.partition("=")[0]).items()), query])
    return mine.server.request(method, f"{mine.path(path)}?{whole}", token=mine.token, **options)


def refused(mine, address, name, values, code="invalid_parameter"):
    for value in values:
        answer = ask(mine, *address, f"{name}={value}")
        status, found, faults = told(answer)
        assert (status, found) == (422, code), (address, name, value[:40])
        assert code == "invalid_cursor" or [place for place, _ in faults] == [f"/query/{name}"]


def test_a_limit_is_a_number_from_1_to_200(mine, caplog):
    with nothing_written(mine.server), listening(caplog):
        for path in every_list():
            refused(mine, ("GET", path), "limit", BAD_LIMITS)
            for good in ("1", "200"):
                assert mine.server.get(f"{mine.path(path)}?limit={good}", token=mine.token).status_code == 200


def test_an_id_in_a_query_is_an_id(mine, caplog):
    with nothing_written(mine.server), listening(caplog):
        for method, path, name, annotation in parameters():
            if holds_id(annotation):
                refused(mine, (method, path), name, BAD_IDS)


def test_a_moment_in_a_query_has_an_offset_and_a_place_on_the_calendar(mine):
    refused(mine, ("GET", "/v1/observations"), "updated_after", BAD_MOMENTS)
    assert mine.server.get("/v1/observations?updated_after=2012-04-05T00:00:00%2B05:00", token=mine.token).status_code == 200


def test_a_parameter_stands_once(mine, caplog):
    with nothing_written(mine.server), listening(caplog):
        for method, path, name, _ in parameters():
            answer = ask(mine, method, path, f"{name}={CANARY}&{name}={CANARY}")
            assert told(answer)[:2] == (422, "invalid_parameter"), (path, name)
            assert is_silent(answer, caplog, CANARY), (path, name)


def test_no_text_in_a_query_brings_a_server_down(mine, caplog):
    with nothing_written(mine.server), listening(caplog):
        for method, path, name, _ in parameters():
            for value in ODD_TEXTS if method == "GET" else ():
                answer = ask(mine, method, path, f"{name}={value}")
                assert answer.status_code in (200, 404, 422), (path, name, value[:40], answer.text)


def test_what_is_looked_for_is_taken_as_it_is_written(mine):
    """`%` and `_` stand for themselves: in a pattern they would find everything."""
    for wildcard in ("%25", "_", "%25%25", "%5C%25"):
        assert mine.server.get(f"/v1/cases?q={wildcard}", token=mine.token).json()["items"] == []


def forgeries(server, path, token):
    """Cursors that this list never gave."""
    cursor = server.get(f"{path}?limit=1", token=token).json().get("next_cursor")
    found = ["x", "", "%00", "=", "AAAA", "A" * 500, "e30", "%EF%BC%91", "....", "bm9uc2Vuc2U"]
    if cursor is None:
        return found
    middle = len(cursor) // 2
    swapped = cursor[:middle] + ("A" if cursor[middle] != "A" else "B") + cursor[middle + 1 :]
    return [*found, cursor[:-1], cursor + "A", cursor + "%3D", cursor + "%0a", cursor[1:], cursor.swapcase(), swapped]


def test_a_forged_cursor_is_invalid_on_every_list(mine, caplog):
    for thing in ("courts", "cases", "hearings", "participants", "documents", "outcomes", "notes", "assignments"):
        mine.docket.make(thing)
    mine.filed()
    with nothing_written(mine.server), listening(caplog):
        for path in every_list():
            refused(mine, ("GET", path), "cursor", forgeries(mine.server, mine.path(path), mine.token), "invalid_cursor")
            refused(mine, ("GET", path), "cursor", ["A" * 501, "A" * 60_000])


def test_a_cursor_of_one_list_is_forged_on_any_other(mine):
    for path in every_list():
        cursor = mine.server.get(f"{mine.path(path)}?limit=1", token=mine.token).json()["next_cursor"]
        if cursor is not None:
            for other in every_list():
                if other != path:
                    refused(mine, ("GET", other), "cursor", [cursor], "invalid_cursor")


LANGUAGES = ["*", "en;q=nan", "en;q=1e999,ru", "x" * 9000, ",".join(["kk;q=0.1"] * 500), "en-", ";q=1", "-", "\t", "i-klingon"]
LANGUAGES += ["en;q=-1", "en;q=inf", "zh-Hant-CN-x-a1-b2-c3", "kk_KZ.UTF-8@x", "a-b-c-d-e-f", "ru;q=0", "ru;;q=1", "ru;q=1;q=0"]
LANGUAGES += ["\x01", "%00", "\xff\xfe", "\xf0\x9d\x94\xa2"]


@pytest.mark.parametrize("wanted", LANGUAGES)
def test_no_wish_for_a_language_is_a_fault(mine, caplog, wanted):
    headers = {"Accept-Language": wanted.encode("latin-1")}
    with listening(caplog):
        for path in ("/v1/me", "/v1/forms", mine.path("/v1/cases/{case_id}/summary"), "/v1/nowhere"):
            answer = mine.server.get(path, token=mine.token, headers=headers)
            assert answer.status_code == (404 if path == "/v1/nowhere" else 200), (path, answer.text)


TAGS = ["garbage", "", '""', '"0"', '"77"', 'W/"1"', "1", "'1'", '"1', '"' + "9" * 190 + '"', '"\xff"', ", , ,", '"1 "']
TAGS += ["\t", '"-1"', '"1e0"']


@pytest.mark.parametrize("tag", TAGS)
def test_an_edit_of_a_version_that_does_not_stand_is_stale_whatever_it_is_called(mine, caplog, tag):
    with nothing_written(mine.server), listening(caplog):
        for thing in ("courts", "cases", "hearings", "participants", "documents", "outcomes", "notes"):
            address = mine.path(f"/v1/{thing}/{{{thing.removesuffix('s')}_id}}")
            for method, options in (("PATCH", {"json": {}}), ("DELETE", {})):
                answer = mine.server.request(method, address, token=mine.token, headers={"If-Match": tag.encode("latin-1")}, **options)
                assert told(answer) == (409, "stale_version", []), (method, address)
                shown = mine.server.get(address, token=mine.token)
                assert f'"{answer.json()["current_version"]}"' == shown.headers["etag"]


@pytest.mark.parametrize("tag", ['"1"', "*", '"1", "7"', '"7" , "1"', ' "1" '])
def test_an_edit_of_the_version_that_stands_is_taken(mine, tag):
    court = mine.docket.make("courts")
    assert mine.docket.patch("courts", court, {"label": "Another"}, headers={"If-Match": tag}).status_code == 200


def test_a_tag_too_long_to_be_one_is_a_bad_parameter(mine, caplog):
    with nothing_written(mine.server), listening(caplog):
        answer = mine.server.patch(mine.path("/v1/courts/{court_id}"), {}, token=mine.token, headers={"If-Match": CANARY * 40})
    assert told(answer) == (422, "invalid_parameter", [("/header/if-match", "too_long")])
    assert is_silent(answer, caplog)


@pytest.mark.parametrize("tag", ["garbage", "", "*", '"x"', 'W/"x", "y"', "\xff", "x" * 1000])
def test_a_summary_is_given_to_whoever_has_another(mine, tag):
    address = mine.path("/v1/cases/{case_id}/summary")
    answer = mine.server.get(address, token=mine.token, headers={"If-None-Match": tag.encode("latin-1")})
    assert answer.status_code in ((200, 304) if tag == "*" else (200,))
