"""Bodies are bounded before they are parsed: what is read, what is looked at, and who is told what first."""

import asyncio
import gzip
import json

import pytest

from app.kit import wire
from app.kit.access import LARGEST_BODY
from app.observations.reception import LARGEST_BATCH
from tests.support.every_route import RAW, Things, every_route, model_of
from tests.support.refusals import listening, nothing_written, told

CHUNK = 64 * 1024
SLACK = 64 * 1024


@pytest.fixture(scope="module")
def mine(standing):
    return Things(standing)


class Wire:
    """One request straight into the application, its body in chunks; counts what was taken of it."""

    def __init__(self, server, path, token, *, method="POST", total=10**10, declared=None, media="application/json", encoding=None) -> None:
        self.server, self.total, self.read, self.sent = server, total, 0, []
        headers = [(b"host", b"127.0.0.1"), (b"content-type", media.encode())]
        headers += [(b"authorization", f"Bearer {token}".encode())] if token else []
        headers += [(b"content-length", str(declared).encode())] if declared is not None else [(b"transfer-encoding", b"chunked")]
        headers += [(b"content-encoding", encoding.encode())] if encoding else []
        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "query_string": b"", "root_path": ""}
        self.scope = {**scope, "method": method, "path": path, "raw_path": path.encode(), "headers": headers, "client": None, "state": {}}
        asyncio.run(self.server.app(self.scope, self.receive, self.send))

    async def receive(self):
        size = min(CHUNK, self.total - self.read)
        self.read += size
        return {"type": "http.request", "body": b" " * size, "more_body": self.read < self.total}

    async def send(self, message):
        self.sent.append(message)

    @property
    def told(self):
        shown = json.loads(b"".join(each.get("body", b"") for each in self.sent))
        return self.sent[0]["status"], shown["code"]

    @property
    def headers(self):
        return dict(self.sent[0]["headers"])


def roads(mine):
    """(METHOD, path, token, media type, limit) of every route that takes a body."""
    for method, path, route in every_route():
        token = None if route.policy.is_public else mine.token_for(route)
        if path.startswith("/v1/auth/") and route.dependant.body_params and model_of(route) is None:
            yield method, path, None, "application/x-www-form-urlencoded", LARGEST_BODY
        elif model_of(route) is not None or (method, path) in {("POST", each) for each in RAW}:
            yield method, mine.path(path), token, "application/json", LARGEST_BATCH if path == RAW[1] else LARGEST_BODY


def test_an_endless_body_is_cut_at_the_limit_on_every_route(mine, caplog):
    with nothing_written(mine.server), listening(caplog):
        for method, path, token, media, limit in roads(mine):
            request = Wire(mine.server, path, token, method=method, media=media)
            assert request.told == (413, "body_too_large"), path
            assert limit < request.read <= limit + SLACK, path
            assert request.headers[b"connection"] == b"close"


def test_a_body_that_is_declared_too_large_is_not_read_at_all(mine, caplog):
    with nothing_written(mine.server), listening(caplog):
        for method, path, token, media, limit in roads(mine):
            for declared in (limit + 1, 10**10, "9" * 5000):
                request = Wire(mine.server, path, token, method=method, media=media, declared=declared)
                assert (request.told, request.read) == ((413, "body_too_large"), 0), path


def test_a_body_that_is_longer_than_declared_is_cut_all_the_same(mine):
    for declared in (0, 5):
        request = Wire(mine.server, "/v1/cases", mine.token, declared=declared)
        assert request.told == (413, "body_too_large")
        assert request.read <= LARGEST_BODY + SLACK


@pytest.mark.parametrize("path", ["/v1/cases", *RAW])
def test_a_body_as_large_as_may_be_is_read_whole(mine, path):
    limit = LARGEST_BATCH if path == RAW[1] else LARGEST_BODY
    for declared in (limit, None):
        request = Wire(mine.server, path, mine.token, total=limit, declared=declared)
        assert (request.told[1], request.read) == ("malformed_json", limit)


@pytest.mark.parametrize("path", ["/v1/cases", *RAW])
def test_nothing_is_read_for_whoever_may_not_ask_or_asks_in_another_way(mine, path):
    for token, media, encoding, told_ in (
        (None, "application/json", None, (401, "invalid_token")),
        (mine.token, "text/plain", None, (415, "unsupported_media_type")),
        (mine.token, "application/json", "br", (415, "unsupported_encoding")),
    ):
        request = Wire(mine.server, path, token, media=media, encoding=encoding)
        assert (request.told, request.read) == (told_, 0)


def test_an_unknown_address_or_method_reads_nothing(mine):
    assert (Wire(mine.server, "/v1/nowhere", mine.token).told, Wire(mine.server, "/v1/nowhere", mine.token).read) == ((404, "not_found"), 0)
    request = Wire(mine.server, "/v1/cases", mine.token, method="PUT")
    assert (request.told, request.read) == ((405, "method_not_allowed"), 0)


class Untouched:
    """Stands where the parser is, and fails the test if it is asked."""

    def decode(self, text):
        raise AssertionError("the document was parsed")


HUGE = {
    "100,000 deep": (b"[" * 100_000, "too_deep"),
    "33 deep behind a large list": (b"[" + b"1," * 100_000 + b"[" * 32 + b"]" * 33, "too_deep"),
    "objects 33 deep": (b'{"a":' * 33 + b"1" + b"}" * 33, "too_deep"),
    "deep behind texts that hold brackets": (b'["[[[","\\"[[[",' + b"[" * 40 + b"]" * 41, "too_deep"),
}


@pytest.mark.parametrize("bad", HUGE)
@pytest.mark.parametrize("path", ["/v1/cases", *RAW])
def test_a_deep_document_is_refused_without_being_parsed(mine, monkeypatch, caplog, path, bad):
    raw, code = HUGE[bad]
    monkeypatch.setattr(wire, "_DECODER", Untouched())
    with nothing_written(mine.server), listening(caplog):
        answer = mine.server.request("POST", path, token=mine.token, content=raw, headers={"Content-Type": "application/json"})
    assert told(answer) == (422, code, [("", code)])


@pytest.mark.parametrize("path", ["/v1/cases", *RAW])
def test_brackets_inside_texts_are_no_depth(mine, path):
    raw = json.dumps(["[" * 100, '"[{' * 50, "\\" * 33]).encode()
    answer = mine.server.request("POST", path, token=mine.token, content=raw, headers={"Content-Type": "application/json"})
    assert told(answer)[1] == "wrong_type"


@pytest.mark.parametrize("path", ["/v1/cases", *RAW])
def test_a_document_too_large_is_refused_without_being_parsed(mine, monkeypatch, path):
    monkeypatch.setattr(wire, "_DECODER", Untouched())
    raw = b'{"a":[' + b"1," * 2_500_000 + b"1]}"
    answer = mine.server.request("POST", path, token=mine.token, content=raw, headers={"Content-Type": "application/json"})
    assert told(answer) == (413, "body_too_large", [])


def test_a_long_integer_is_never_made_into_a_number(mine, monkeypatch):
    """Reading 5,000 digits takes time in the square of their number, and Python refuses it with an error of its own."""
    raw = b'{"items":[' + b"8675309" * 100_000 + b"]}"
    for path in RAW:
        answer = mine.server.request("POST", path, token=mine.token, content=raw, headers={"Content-Type": "application/json"})
        assert told(answer) == (422, "number_out_of_range", [("", "number_out_of_range")])


def test_a_bomb_in_gzip_is_not_inflated_beyond_the_limit(mine, monkeypatch, caplog):
    monkeypatch.setattr(wire, "_DECODER", Untouched())
    bomb = gzip.compress(b" " * (64 * 1024 * 1024))
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    with nothing_written(mine.server), listening(caplog):
        answer = mine.server.request("POST", RAW[1], token=mine.token, content=bomb, headers=headers)
    assert told(answer) == (413, "body_too_large", [])


def test_gzip_within_gzip_is_no_json(mine):
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    for raw in (gzip.compress(gzip.compress(b"{}")), b"", gzip.compress(b"{}") + b"x", gzip.compress(b"{}")[:-1], b"{}"):
        answer = mine.server.request("POST", RAW[1], token=mine.token, content=raw, headers=headers)
        assert told(answer) == (400, "malformed_json", [])


MANY = {
    "a body of one over": lambda mine: {"items": [{}] * 501},
    "answers of a custom form": lambda mine: custom(mine, [{"question": f"q{n}", "value": 1} for n in range(501)]),
    "values of an answer": lambda mine: custom(mine, [{"question": "q", "value": ["a"] * 501}]),
    "picks of a form": lambda mine: picked(mine, [{"indicator": "torture.visible_injuries", "value": "present"}] * 501),
}
PLACES = {
    "a body of one over": "/items",
    "answers of a custom form": "/answers",
    "values of an answer": "/answers/0/value",
    "picks of a form": "/answers/facts",
}


def custom(mine, answers):
    return mine.observation(form="custom", form_code="x_many", answers=answers)


def picked(mine, picks):
    body = mine.observation()
    return {**body, "answers": {**body["answers"], "facts": picks}}


@pytest.mark.parametrize("what", MANY)
def test_more_than_five_hundred_of_anything_are_too_many(mine, caplog, what):
    body = MANY[what](mine)
    with nothing_written(mine.server), listening(caplog):
        answer = mine.server.post(RAW["items" in body], body, token=mine.token)
    assert told(answer) == (422, "too_many_items", [(PLACES[what], "too_many_items")])


def test_lists_of_what_is_kept_are_short(mine, caplog):
    many = {
        "cases": {"charge_articles": [str(n) for n in range(101)]},
        "outcomes": {"sentences": ["fine"] * 21},
        "notes": {"values": {f"k{n}": n for n in range(201)}},
    }
    bodies = {thing: {**mine.docket.body(thing), **changed} for thing, changed in many.items()}
    with nothing_written(mine.server), listening(caplog):
        for thing, body in bodies.items():
            answer = mine.server.post(f"/v1/{thing}", body, token=mine.token)
            assert told(answer)[:2] == (422, "too_many_items"), answer.text
