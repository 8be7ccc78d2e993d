"""Bad inputs in bodies, each with its exact answer, on every road and both databases; nothing echoed, nothing written by half."""

import codecs
import gzip
import json

import pytest

from app.kit.errors import pointer
from tests.support.refusals import CANARY, is_silent, listening, nothing_written, told
from tests.support.roads import DAY, NUMBER, TEXT, roads


def refusals(trial, caplog, make, *, hole=None, whole, **headers):
    """What every road (with some hole) answers to a body that it must not take: place of the hole and answer, by the road's name."""
    found = {}
    with nothing_written(trial.server), listening(caplog):
        for road in roads(trial):
            if hole is None or hole in road.places:
                answer = road.send(trial.server, make(road), **headers)
                assert is_silent(answer, caplog), (road.name, answer.text)
                found[road.name] = road.places.get(hole), road.refusal(answer, whole=whole)
    assert found
    return found


def all_are(found, status, code):
    """Whether every road answers with one fault at its hole."""
    return {name: answer for name, (place, answer) in found.items() if answer != (status, code, [(place, code)])} == {}


def whole_is(found, status, code):
    """Whether every road refuses the whole request."""
    faults = [("", code)] if status == 422 else []
    return {name: answer for name, (_, answer) in found.items() if answer != (status, code, faults)} == {}


def filled(hole, literal):
    """Makes a body with a hole filled."""
    return lambda road: road.raw(**{hole.strip("@"): literal})


def anywhere(literal):
    """Makes a body with the first of its holes filled."""
    return lambda road: road.raw(**{next(iter(road.places)).strip("@"): literal})


def test_every_road_takes_its_body_once_the_holes_are_filled(trial):
    for road in roads(trial):
        answer = road.send(trial.server, road.raw())
        assert answer.status_code == (200 if road.is_batch else 201), (road.name, answer.text)
        assert not road.is_batch or answer.json()["results"][0]["status"] == "created"


MARKS = f'"{CANARY}e' + "\\u0301" * 10_000 + '"'
BAD_TEXTS = {
    "lone high surrogate": (f'"{CANARY}\\ud800"', "invalid_text"),
    "lone low surrogate": (f'"{CANARY}\\udc00x"', "invalid_text"),
    "NUL": (f'"{CANARY}\\u0000"', "invalid_text"),
    "escape character": (f'"{CANARY}\\u001b[2J"', "invalid_text"),
    "10,000 combining marks": (MARKS, "invalid_text"),
    "a number": ("8675309", "wrong_type"),
    "yes": ("true", "wrong_type"),
    "a list": (f'["{CANARY}"]', "wrong_type"),
    "an object": (f'{{"{CANARY}": 1}}', "wrong_type"),
    "20,001 characters": (f'"{CANARY}{"x" * 19_992}"', "too_long"),
}


@pytest.mark.parametrize("bad", BAD_TEXTS)
def test_a_text_that_cannot_be_kept_is_named_by_its_place(trial, caplog, bad):
    literal, code = BAD_TEXTS[bad]
    assert all_are(refusals(trial, caplog, filled(TEXT, literal), hole=TEXT, whole=False), 422, code)


@pytest.mark.parametrize("letter", ["\u202e", "\u202a", "\u2066", "\u2069"])
def test_a_bidirectional_control_is_refused_in_a_title_and_kept_in_a_narrative(trial, caplog, letter):
    literal = json.dumps(f"{CANARY}{letter}gpj")
    for road in roads(trial):
        answer = road.send(trial.server, road.raw(text=literal))
        if road.name == "case":
            assert (told(answer), is_silent(answer, caplog)) == ((422, "invalid_text", [("/title", "invalid_text")]), True)
        elif TEXT in road.places:
            assert answer.status_code in (200, 201), (road.name, answer.text)


@pytest.mark.parametrize("field", ["code", "title"])
def test_what_people_tell_things_apart_by_holds_nothing_misleading(trial, caplog, field):
    (case,) = [road for road in roads(trial) if road.name == "case"]
    for letter, code in (("\u202e", "invalid_text"), ("\u2066", "invalid_text"), ("e" + "\u0301" * 10, "invalid_text")):
        body = json.dumps({**json.loads(case.raw()), field: CANARY + letter}).encode()
        answer = case.send(trial.server, body)
        assert told(answer) == (422, code, [(f"/{field}", code)])
        assert is_silent(answer, caplog)


BAD_NUMBERS = {
    "text": '"5"',
    "yes": "true",
    "a fraction of nothing": "5.0",
    "an exponent": "5e0",
    "a fraction": "5.5",
    "a list": "[5]",
    "an object": '{"8675309": 5}',
}


@pytest.mark.parametrize("bad", BAD_NUMBERS)
def test_what_only_looks_like_an_integer_is_none(trial, caplog, bad):
    assert all_are(refusals(trial, caplog, filled(NUMBER, BAD_NUMBERS[bad]), hole=NUMBER, whole=False), 422, "wrong_type")


@pytest.mark.parametrize("number", ["-1", "-8675309", str(2**53), str(2**63 - 1), str(-(2**63))])
def test_a_number_beyond_what_can_be_counted_is_out_of_range(trial, caplog, number):
    assert all_are(refusals(trial, caplog, filled(NUMBER, number), hole=NUMBER, whole=False), 422, "out_of_range")


IN_THE_DOCUMENT = {
    "NaN": ("NaN", 400, "malformed_json"),
    "Infinity": ("Infinity", 400, "malformed_json"),
    "-Infinity": ("-Infinity", 400, "malformed_json"),
    "1e999": ("1e999", 422, "number_out_of_range"),
    "-1e999": ("-1e999", 422, "number_out_of_range"),
    "2^63": (str(2**63), 422, "number_out_of_range"),
    "-2^63-1": (str(-(2**63) - 1), 422, "number_out_of_range"),
    "2^64": (str(2**64), 422, "number_out_of_range"),
    "5,000 digits": ("8675309" * 715, 422, "number_out_of_range"),
    "a key twice": (f'{{"{CANARY}": 1, "{CANARY}": 2}}', 422, "duplicate_key"),
    "a key twice, once escaped": (f'{{"{CANARY}k": 1, "{CANARY}\\u006b": 2}}', 422, "duplicate_key"),
    "33 deep": ("[" * 33 + "]" * 33, 422, "too_deep"),
    "33 deep, of objects": ('{"a":' * 33 + "1" + "}" * 33, 422, "too_deep"),
    "100,000 deep": ("[" * 100_000, 422, "too_deep"),
    "a leading zero": ("08675309", 400, "malformed_json"),
    "a comment": (f"/* {CANARY} */ 1", 400, "malformed_json"),
    "a single quote": (f"'{CANARY}'", 400, "malformed_json"),
    "a raw line end in a text": (f'"{CANARY}\n"', 400, "malformed_json"),
    "a trailing comma": (f'["{CANARY}",]', 400, "malformed_json"),
    "a text without end": (f'"{CANARY}', 400, "malformed_json"),
    "an unknown escape": (f'"{CANARY}\\x41"', 400, "malformed_json"),
}


@pytest.mark.parametrize("bad", IN_THE_DOCUMENT)
def test_a_fault_of_the_document_fails_the_whole_request(trial, caplog, bad):
    literal, status, code = IN_THE_DOCUMENT[bad]
    assert whole_is(refusals(trial, caplog, anywhere(literal), whole=True), status, code)


def in_utf_16(raw):
    return raw.decode().encode("utf-16")


BYTES = {
    "UTF-16": in_utf_16,
    "UTF-16 without a mark": lambda raw: raw.decode().encode("utf-16-le"),
    "UTF-32": lambda raw: raw.decode().encode("utf-32"),
    "a byte order mark": lambda raw: codecs.BOM_UTF8 + raw,
    "a bad byte": lambda raw: raw.replace(b"plain", b"Qx7canary\xff").replace(b"2012", b"2012\xff"),
    "a surrogate in UTF-8": lambda raw: raw.replace(b"plain", b"Qx7canary\xed\xa0\x80").replace(b"2012", b"\xed\xa0\x80"),
    "an overlong slash": lambda raw: raw.replace(b"plain", b"Qx7canary\xc0\xaf").replace(b"2012", b"\xc0\xaf"),
    "nothing": lambda raw: b"",
    "blanks": lambda raw: b" \n\t",
    "two documents": lambda raw: raw + raw,
    "half a document": lambda raw: raw[: len(raw) // 2],
    "a NUL behind": lambda raw: raw + b"\0",
}


@pytest.mark.parametrize("bad", BYTES)
def test_what_is_no_json_text_in_utf_8_is_malformed(trial, caplog, bad):
    assert whole_is(refusals(trial, caplog, lambda road: BYTES[bad](road.raw()), whole=True), 400, "malformed_json")


@pytest.mark.parametrize("raw", [b"[]", b"null", b"5", b'"Qx7canary"', b"true", b'["Qx7canary"]'])
def test_a_body_that_is_no_object_is_of_the_wrong_type(trial, caplog, raw):
    assert whole_is(refusals(trial, caplog, lambda _: raw, whole=True), 422, "wrong_type")


MEDIA = {
    "text": "text/plain",
    "a form": "application/x-www-form-urlencoded",
    "a form of parts": "multipart/form-data; boundary=x",
    "XML": "application/xml",
    "text in XML": "text/xml",
    "JSON in another script": "application/json; charset=utf-16",
    "JSON by lines": "application/jsonl",
    "a relative": "application/problem+json",
    "nothing": "",
    "no name": ";;;",
    "a list": "text/plain, application/json",
}


@pytest.mark.parametrize("media", MEDIA)
def test_another_media_type_is_not_taken(trial, caplog, media):
    found = refusals(trial, caplog, lambda road: road.raw(), whole=True, **{"Content-Type": MEDIA[media]})
    assert whole_is(found, 415, "unsupported_media_type")


def test_a_body_without_a_media_type_is_not_taken(trial, caplog):
    with nothing_written(trial.server), listening(caplog):
        for road in roads(trial):
            answer = trial.server.request("POST", road.path, token=road.token, content=road.raw())
            assert told(answer) == (415, "unsupported_media_type", [])


@pytest.mark.parametrize(
    "media", ["application/json;charset=UTF-8", "Application/JSON", 'application/json; charset="utf-8"', "application/json;"]
)
def test_json_may_be_called_by_all_its_names(trial, media):
    for road in roads(trial):
        assert told(road.send(trial.server, b"[]", **{"Content-Type": media}))[1] == "wrong_type"


def test_xml_with_entities_is_not_even_looked_at(trial, caplog):
    bomb = b'<!DOCTYPE x [<!ENTITY a "Qx7canary"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    found = refusals(trial, caplog, lambda _: bomb, whole=True, **{"Content-Type": "application/xml"})
    assert whole_is(found, 415, "unsupported_media_type")


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "zstd", "identity, gzip", "gzip, gzip", "x"])
def test_an_encoded_body_is_not_taken_but_a_batch_in_gzip(trial, caplog, encoding):
    with nothing_written(trial.server), listening(caplog):
        for road in roads(trial):
            if not (road.is_batch and encoding.lower() == "gzip"):
                answer = road.send(trial.server, gzip.compress(road.raw()), **{"Content-Encoding": encoding})
                assert told(answer) == (415, "unsupported_encoding", []), road.name


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ('"2012-02-30"', "invalid_date"),
        ('"2012-2-3"', "invalid_date"),
        ('"20120402"', "invalid_date"),
        ('"2012-W14-1"', "invalid_date"),
        ('"2012-04-02T00:00:00Z"', "invalid_date"),
        ('"\uff12012-04-02"', "invalid_date"),
        ('"Qx7canary"', "invalid_date"),
        ('""', "invalid_date"),
        ("20120402", "wrong_type"),
    ],
)
def test_a_day_that_never_was_is_no_date(trial, caplog, day, code):
    assert all_are(refusals(trial, caplog, filled(DAY, day), hole=DAY, whole=False), 422, code)


KEYS = {
    "role": "/role",
    "Role": "/Role",
    "a b": "",
    "Айгуль": "",
    "\u202e": "",
    "\0": "",
    "": "",
    "/x~": "",
    "x" * 65: "",
    "__proto__": "/__proto__",
}


@pytest.mark.parametrize("key", KEYS)
def test_a_field_that_is_not_known_is_refused_and_repeated_only_where_it_looks_like_one(trial, caplog, key):
    def with_the_field(road):
        body = json.loads(road.raw())
        odd = {**(body["items"][0] if road.is_batch else body), key: CANARY}
        return json.dumps({"items": [odd]} if road.is_batch else odd).encode()

    found = refusals(trial, caplog, with_the_field, whole=False)
    assert {answer for _, answer in found.values() if answer != (422, "unknown_field", [(KEYS[key], "unknown_field")])} == set()


@pytest.mark.parametrize("key", KEYS)
def test_an_unknown_field_inside_is_refused_in_the_same_way(trial, caplog, key):
    places = {
        "observation": ("answers",),
        "batch": ("answers",),
        "fact": ("answers", "counted", 0),
        "note": ("source",),
        "outcome": ("source",),
    }

    def with_the_field(road):
        body = json.loads(road.raw())
        inner = body["items"][0] if road.is_batch else body
        for step in places[road.name]:
            inner = inner[step]
        inner[key] = CANARY
        return json.dumps(body).encode()

    with nothing_written(trial.server), listening(caplog):
        for road in roads(trial):
            if road.name in places:
                answer = road.send(trial.server, with_the_field(road))
                place = pointer(*places[road.name]) + KEYS[key]
                assert road.refusal(answer, whole=False) == (422, "unknown_field", [(place, "unknown_field")]), road.name
                assert is_silent(answer, caplog)


def test_a_million_answers_are_too_large_to_be_looked_at(trial, caplog):
    found = refusals(trial, caplog, anywhere(json.dumps(["8675309"] * 1_000_000)), whole=True)
    assert whole_is(found, 413, "body_too_large")
