"""HTTP itself: methods, addresses, and who is told what first."""

from uuid import uuid4

import pytest

from app.kit.errors import SESSION_ENDED, Problem
from tests.support.every_route import RAW, Things, every_route, methods_of, model_of
from tests.support.monitored import without_request_id
from tests.support.refusals import is_silent, listening, nothing_written, told

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PROPFIND", "QUERY", "Q" * 200)


@pytest.fixture(scope="module")
def mine(standing):
    return Things(standing)


def paths():
    return sorted({path for _, path, _ in every_route()})


def test_every_other_method_is_405_and_says_which_ones_there_are(mine, caplog):
    with nothing_written(mine.server), listening(caplog):
        for path in paths():
            concrete = mine.path(path)
            allowed = methods_of(concrete)
            for method in set(METHODS) - allowed:
                answer = mine.server.request(method, concrete, token=mine.token)
                assert told(answer) == (405, "method_not_allowed", []), (method, path)
                assert set(answer.headers["allow"].split(", ")) == allowed | ({"HEAD"} if "GET" in allowed else set()), (method, path)


def steady(headers):
    """Headers without those that differ from request to request by design."""
    return {name: value for name, value in headers.items() if name not in ("x-request-id", "date")}


def test_head_answers_wherever_get_does_with_the_same_headers_and_no_body(mine):
    asked = 0
    for method, path, _ in every_route():
        if method == "GET":
            for token in (mine.token, None):
                shown, head = (mine.server.request(verb, mine.path(path), token=token) for verb in ("GET", "HEAD"))
                assert (head.status_code, head.content) == (shown.status_code, b""), path
                assert steady(head.headers) == steady(shown.headers), path
                asked += 1
    assert asked > 30


def test_head_of_what_only_takes_posts_is_405(mine):
    for path in paths():
        if "GET" not in methods_of(mine.path(path)):
            answer = mine.server.request("HEAD", mine.path(path), token=mine.token)
            assert (answer.status_code, answer.content) == (405, b""), path


WRONG = ["/V1/cases", "//v1/cases", "/v1//cases", "/v1/cases//", "/v2/cases", "/v1", "/", "/v1/cases;x=1", "/v1/cases%20"]
WRONG += ["/v1/cases%00", "/v1/%2e%2e/healthz", "/.git/config", "/v1/cases/x/y/z", "/%ff", "/" + "x" * 60_000]
WRONG += ["/v1/cases/../cases", "/v1/cases.json", "/\u202e"]


def test_a_trailing_slash_or_any_other_address_is_404_for_everybody(mine, caplog):
    addresses = [mine.path(path) + "/" for path in paths()] + WRONG
    with nothing_written(mine.server), listening(caplog):
        for path in addresses:
            for token in (mine.token, None):
                answer = mine.server.get(path, token=token)
                if path == "/v1/cases/../cases" and answer.status_code != 404:
                    continue  # A client may resolve the dots itself, and then asks for another address.
                assert told(answer) == (404, "not_found", []), path
                assert "location" not in answer.headers


BAD_TOKENS = ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "Bearer", "é", "\u00ff" * 10, "x" * 5000, "a b", "null", "0"]


def requests_that_need_a_caller(mine):
    for method, path, route in every_route():
        if not route.policy.is_public:
            takes_json = model_of(route) is not None or path in RAW
            yield method, mine.path(path), takes_json


def test_without_a_good_token_the_same_401_is_said_before_anything_else(mine, caplog):
    headers = [[], *([("Authorization", f"Bearer {token}".encode("latin-1"))] for token in BAD_TOKENS)]
    headers += [[("Authorization", f"Bearer {mine.token}")] * 2]
    headers += [[("Authorization", odd)] for odd in (f"Basic {mine.token}", mine.token, f"Bearer  {mine.token}", f"Bearer {mine.token},x")]
    bodies = [b"", b"{", b'{"role": 1}', b"\xff"]
    seen = set()
    with nothing_written(mine.server), listening(caplog):
        for method, path, takes_json in requests_that_need_a_caller(mine):
            for n, extra in enumerate(headers):
                content = {"content": bodies[n % len(bodies)]} if takes_json else {}
                sent = [*extra, ("Content-Type", ("text/plain", "application/json")[n % 2])]
                answer = mine.server.client.request(method, path, headers=sent, **content)
                assert answer.status_code == 401, (method, path, answer.text)
                assert answer.headers["www-authenticate"] == "Bearer"
                seen.add(without_request_id(answer))
    assert len(seen) == 1
    assert b'"code":"invalid_token"' in seen.pop()


MALFORMED = ({"content": b"{", "headers": {"Content-Type": "application/json"}}, {"content": b"x"}, {"json": {}})


def test_once_a_session_has_ended_nothing_else_is_said_on_any_route(mine, caplog):
    gone = mine.docket.an_observer(role="coordinator")
    assert mine.server.client.post("/v1/auth/revoke", data={"token": gone.token}).status_code == 200
    with nothing_written(mine.server), listening(caplog):
        for method, path, takes_json in requests_that_need_a_caller(mine):
            for options in MALFORMED if takes_json else ({},):
                answer = mine.server.request(method, path, token=gone.token, **options)
                assert told(answer) == (401, "session_ended", []), (method, path)
    assert is_silent(answer, caplog, gone.token)


def test_a_token_is_found_under_any_spelling_of_its_scheme(mine):
    for scheme in ("bearer", "BEARER", "Bearer"):
        assert mine.server.get("/v1/me", headers={"Authorization": f"{scheme} {mine.token}"}).status_code == 200


@pytest.mark.parametrize("path", ["/v1/auth/token", "/v1/auth/revoke"])
@pytest.mark.parametrize("media", ["application/json", "text/plain", "application/xml", ""])
def test_a_form_is_a_form(mine, caplog, path, media):
    with nothing_written(mine.server), listening(caplog):
        answer = mine.server.client.post(path, content=b'{"token":"Qx7canary"}', headers={"Content-Type": media})
    assert told(answer) == (415, "unsupported_media_type", [])
    assert is_silent(answer, caplog)


ODD_FIELDS = ["%00", "%ff", "%", "%ED%A0%80", "Qx7canary", "Qx7canary%E2%80%AE", "x" * 4096, "x" * 4097, "=HYPERLINK()", ""]


@pytest.mark.parametrize("value", ODD_FIELDS)
def test_nothing_that_a_form_holds_is_said_again(mine, caplog, value):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    with listening(caplog):
        for raw in (
            f"grant_type=password&username={value}&password={value}",
            f"grant_type=password&username={mine.observer.username}&password={value}",
            f"grant_type=refresh_token&refresh_token={value}",
            f"grant_type={value}",
            f"{value}={value}",
        ):
            answer = mine.server.client.post("/v1/auth/token", content=raw.encode(), headers=headers)
            assert answer.status_code in (400, 401, 422, 429), answer.text
            assert is_silent(answer, caplog, *([value] if len(value) > 4 else ["Qx7canary"]))


def test_a_session_that_ends_while_it_files_into_nowhere_gets_a_plain_answer(mine, monkeypatch):
    """What is not found is told to a watcher, for which the caller is looked up; that this can fail must not bring the road down."""
    monkeypatch.setitem(mine.server.app.state._state, "load_scope", a_refusal)
    monkeypatch.setattr(mine.server.transport, "raises", True)
    answer = mine.server.post(RAW[0], mine.observation(case_id=str(uuid4())), token=mine.token)
    assert told(answer) == (401, "session_ended", [])


def a_refusal(_):
    raise Problem(SESSION_ENDED)
