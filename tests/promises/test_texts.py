"""Any text at all, on both databases at once: kept exactly as its NFC, or refused; and both answer alike."""

import json
import unicodedata
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.databases import DIALECTS
from tests.support.forms import all_clear
from tests.support.monitored import without_request_id
from tests.support.servers import Server
from tests.support.trial import a_trial

LETTERS = st.one_of(
    st.characters(),
    st.characters(categories=["Cs"]),
    st.characters(categories=["Mn", "Me", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"]),
    st.sampled_from(
        "\0\x01\x7f\x85\u200b\u200e\u202a\u202e\u2066\u2069\u2028\ufeff\ufffe\uffff\ufdd0\U0001ffff\U0010ffff\u0301\u0958\u2126\uac01"
    ),
)
TEXTS = st.text(LETTERS, max_size=40)
EXAMPLES = ["\0", "a\0b", "\ud800", "\udc00\ud800", "\ud83d\ude00", "\U0001f600", "\u202e", "\u2066x\u2069", "\ufeff", "\ufffe"]
EXAMPLES += ["\uffff", "\U0010fffe", "e" + "\u0301" * 8, "e" + "\u0301" * 10_000, "\u0344" * 5, "\u0958", "\u1100\u1161\u11a8"]
EXAMPLES += ["\u212b", "\ufb01", "\u04d8" * 500, "\r\n\t", "\x85", "\u2028", '=HYPERLINK("x")', "'; DROP TABLE journal; --", "{{7*7}}"]
EXAMPLES += ["%s%n", "$1", "\\u0000", "\\", '"', "</script>", "NULL", "0", "", " ", "\u200b"]


@pytest.fixture(scope="module")
def both(request, tmp_path_factory):
    """A trial on each database, side by side."""
    trials, running = {}, []
    for dialect in DIALECTS:
        templates = request.getfixturevalue(f"{dialect}_templates")
        address = templates.fresh()
        server = Server(address, tmp_path_factory.mktemp("house"))
        running.append((server, templates, address))
        server.__enter__()
        trials[dialect] = a_trial(server)
    yield trials
    for server, templates, address in running:
        server.__exit__(None, None, None)
        templates.drop(address)


def post(server, path, body, token):
    """Sends a body whose texts may hold what no encoder would let through: as escapes, which JSON allows."""
    return server.request("POST", path, token=token, content=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


def outcome(answer, found):
    """What both databases must agree on: the text that was kept, or the whole refusal."""
    assert answer.status_code in (201, 422), answer.text
    return found(answer) if answer.status_code == 201 else without_request_id(answer)


def narrative(trial, text):
    """What comes back of a note in an observation."""
    body = trial.body(observation=uuid4(), answers=all_clear(note=text))
    answer = post(trial.server, "/v1/observations", body, trial.observer.token)
    return outcome(answer, lambda _: trial.get(body["id"]).json()["answers"].get("note"))


def batched(trial, text):
    """The same in a batch."""
    body = trial.body(observation=uuid4(), answers=all_clear(note=text))
    (result,) = post(trial.server, "/v1/observations/batch", {"items": [body]}, trial.observer.token).json()["results"]
    if result["status"] == "created":
        return trial.get(body["id"]).json()["answers"].get("note")
    assert result["status"] == "invalid"
    return result["errors"]


def title(trial, text):
    """What comes back of a title."""
    body = {"programme_id": trial.programme.id, "code": uuid4().hex, "kind": "other", "title": text}
    answer = post(trial.server, "/v1/documents", body, trial.coordinator.token)
    return outcome(answer, lambda made: trial.server.get(made.headers["location"], token=trial.coordinator.token).json()["title"])


def statement(trial, text):
    """What comes back of a note that a coordinator wrote, and of a value in it."""
    source = {"document_id": trial.document}
    note = {"programme_id": trial.programme.id, "case_id": None, "kind": "assumption", "key": uuid4().hex, "source": source}
    body = {**note, "statement": text, "values": {"said": text}}
    answer = post(trial.server, "/v1/notes", body, trial.coordinator.token)
    return outcome(answer, lambda made: (made.json()["statement"], made.json()["values"]["said"]))


def named(trial, text):
    """What comes back of a code."""
    body = {"programme_id": trial.programme.id, "code": text, "kind": "other", "title": "A document"}
    answer = post(trial.server, "/v1/documents", body, trial.coordinator.token)
    if answer.status_code == 409:
        return answer.json()["code"]
    return outcome(answer, lambda made: made.json()["code"])


def searched(trial, text):
    """What a search for it gives."""
    answer = trial.server.client.get(
        "/v1/documents",
        params={"q": text.encode("utf-8", "replace").decode()},
        headers={"Authorization": f"Bearer {trial.coordinator.token}"},
    )
    assert answer.status_code in (200, 422), answer.text
    return answer.status_code


PLACES = {"narrative": narrative, "batch": batched, "title": title, "statement": statement}


def agreed(both, place, text):
    """What both databases say of a text at a place."""
    found = [place(both[dialect], text) for dialect in DIALECTS]
    assert found[0] == found[1]
    return found[0]


def kept(found, text):
    """Whether what was kept is the text, letter for letter in NFC; a refusal keeps nothing. Escapes in pairs are one letter in JSON."""
    normal = unicodedata.normalize("NFC", json.loads(json.dumps(text)))
    return found in (normal, (normal, normal)) or isinstance(found, bytes | list)


GENEROUS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)


@pytest.mark.parametrize("place", PLACES)
@GENEROUS
@given(text=TEXTS)
def test_a_text_comes_back_as_its_nfc_or_is_refused_on_both_databases_alike(both, place, text):
    assert kept(agreed(both, PLACES[place], text), text)


@pytest.mark.parametrize("place", PLACES)
def test_texts_that_broke_others_come_back_or_are_refused(both, place):
    for text in EXAMPLES:
        assert kept(agreed(both, PLACES[place], text), text), ascii(text[:20])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", ["\0", "\ud800", "\udfff x", "e" + "\u0301" * 10_000, "\x1b[2J"])
def test_what_cannot_be_kept_is_refused_everywhere(both, place, text):
    found = agreed(both, PLACES[place], text)
    assert "invalid_text" in str(found)


@pytest.mark.parametrize(
    "text", ["\u202e", "\ufeff", "\ufffe\uffff", "\U0010ffff", "\u2066x\u2069", "e" + "\u0301" * 7, "\r\n\t", "\u200d"]
)
def test_a_narrative_keeps_what_a_person_wrote(both, text):
    """A quoted word may be in any script, and a phone may send what Unicode has no letter for: evidence is kept as it came."""
    for place in (narrative, batched):
        assert agreed(both, place, f"x{text}y") == unicodedata.normalize("NFC", f"x{text}y")


@GENEROUS
@example("e" + "\u0301" * 10)
@example("\u202eD01")
@given(text=TEXTS)
def test_a_code_is_taken_or_refused_on_both_databases_alike(both, text):
    assert agreed(both, named, text) is not None


@GENEROUS
@given(text=TEXTS)
def test_a_search_for_anything_is_answered_on_both_databases_alike(both, text):
    assert agreed(both, searched, text) in (200, 422)


def test_a_formula_is_a_text_like_any_other(both):
    for formula in ('=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1"):
        assert agreed(both, narrative, formula) == formula
        assert agreed(both, title, f"x{formula}") == f"x{formula}"
