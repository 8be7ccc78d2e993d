"""No mass assignment: a field that the server decides about is refused on every route, and nothing of the request is carried out."""

import copy

import pytest

from tests.support.every_route import RAW, Things, every_route, example_of, id_places, model_of, models_in, put
from tests.support.refusals import CANARY, is_silent, listening, nothing_written, result_of, told

PRIVILEGED = (
    "role", "roles", "is_operator", "is_admin", "programme_id", "project_id", "account_id", "author_id", "member_id", "observer", "origin",
    "seq", "leaf_hash", "receipt", "status", "version", "created_at", "updated_at", "received_at", "accepted_at", "id", "code_key",
    "content_mac", "answers_salt", "password_hash", "is_active", "has_clock_skew", "coordinator", "scope",
)  # fmt: skip


@pytest.fixture(scope="module")
def mine(standing):
    return Things(standing)


def bodies(mine):
    """(METHOD, path, whoever may, body, places of objects in it with the names known there) of every route that takes JSON."""
    for method, path, route in every_route():
        model = model_of(route)
        if (method, path) == ("POST", RAW[0]):
            body = mine.body(path, model)
            around = [([], {*body, "hearing_id", "supersedes"}), (["answers"], set(body["answers"])), (["answers", "counted", 0], set())]
            yield method, path, mine.token, body, around
        elif model is not None:
            body = mine.body(path, model)
            yield method, path, mine.token_for(route), body, [([], set(model.model_fields)), *inner_places(model, body)]


def inner_places(model, body):
    """The objects inside a body that have a type of their own."""
    for name, field in model.model_fields.items():
        for inner in models_in(field.annotation):
            if isinstance(body.get(name), dict):
                yield [name], set(inner.model_fields)


def test_every_route_that_takes_json_takes_no_field_that_the_server_decides_about(mine, caplog):
    asked = 0
    with nothing_written(mine.server), listening(caplog):
        for method, path, token, body, places in bodies(mine):
            for steps, known in places:
                for name in PRIVILEGED:
                    if name not in known:
                        bad = copy.deepcopy(body)
                        put(bad, [*steps, name], CANARY)
                        answer = mine.server.request(method, mine.path(path), json=bad, token=token)
                        place = "".join(f"/{step}" for step in [*steps, name])
                        assert told(answer) == (422, "unknown_field", [(place, "unknown_field")]), (method, path, answer.text)
                        asked += 1
    assert is_silent(answer, caplog)
    assert asked > 500


def test_a_batch_takes_none_either(mine, caplog):
    with nothing_written(mine.server), listening(caplog):
        for name in PRIVILEGED:
            if name != "id":
                answer = mine.server.post(RAW[1], {"items": [{**mine.observation(), name: CANARY}]}, token=mine.token)
                assert result_of(answer) == (422, "unknown_field", [(f"/{name}", "unknown_field")])
                whole = mine.server.post(RAW[1], {"items": [mine.observation()], name: CANARY}, token=mine.token)
                assert told(whole) == (422, "unknown_field", [(f"/{name}", "unknown_field")])


def test_an_observer_who_adds_a_privileged_field_learns_no_more(mine):
    with nothing_written(mine.server):
        for method, path, _, body, _ in bodies(mine):
            answer = mine.server.request(method, mine.path(path), json={**body, "is_operator": True}, token=mine.observer.token)
            assert answer.status_code in (403, 422), (method, path, answer.text)


@pytest.mark.parametrize("path", ["/v1/auth/token", "/v1/auth/revoke"])
def test_a_form_gives_no_rights(mine, path):
    """RFC 6749, 3.2: a token endpoint ignores parameters that it does not know; so they must change nothing."""
    plain = {"grant_type": "password", "username": mine.observer.username, "password": "wrong" * 4, "token": "x"}
    answers = [mine.server.client.post(path, data={**plain, **more}) for more in ({}, {"is_operator": "true", "scope": "operator"})]
    assert answers[0].status_code == answers[1].status_code


def test_replies_hold_exactly_the_fields_that_are_documented(mine):
    seen = 0
    for method, path, route in every_route():
        if method == "GET" and "{key}" not in path and hasattr(route.response_model, "model_fields"):
            answer = mine.server.get(mine.path(path), token=mine.token)
            if answer.status_code in (404, 422):
                continue  # Nothing of the kind is there, or the address asks for a parameter.
            seen += 1
            assert set(answer.json()) <= set(route.response_model.model_fields), path
            assert {name for name, field in route.response_model.model_fields.items() if field.is_required()} <= set(answer.json()), path
    assert seen > 20


def test_every_body_with_ids_was_found(mine):
    """Guards the tests of this kind: the examples that they start from are whole."""
    for _, _, route in every_route():
        model = model_of(route)
        if model is not None:
            assert isinstance(example_of(model), dict)
            assert all(isinstance(step, str | int) for steps in id_places(model) for step in steps)
