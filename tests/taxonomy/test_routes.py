"""The taxonomy over HTTP, in three languages."""

from contextlib import nullcontext
from types import SimpleNamespace
from uuid import UUID

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.forms.routes import api as forms
from app.kit import errors, problems
from app.kit.access import Scope
from app.kit.errors import Problem
from app.kit.middleware import Passage
from app.taxonomy.catalogue import current
from app.taxonomy.routes import api
from app.taxonomy.service import labelled
from app.taxonomy.shown import FormList, FormShown, TaxonomyShown


def scope_of(token):
    if token is None:
        raise Problem(errors.INVALID_TOKEN)
    return Scope(account_id=UUID(int=1), session_id=UUID(int=2))


@pytest.fixture
def client():
    app = FastAPI(redirect_slashes=False)
    app.include_router(api)
    app.include_router(forms)
    app.state.load_scope = scope_of
    # Whoever is in no programme asks no database: core forms come from the package.
    app.state.store = SimpleNamespace(read=nullcontext)
    problems.install(app)
    app.add_middleware(Passage)
    return TestClient(app, headers={"Authorization": "Bearer x"})


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_taxonomy_is_served_whole_with_labels_in_the_language_asked_for(client, language):
    answer = client.get("/v1/taxonomy", params={"lang": language})
    assert answer.status_code == 200
    shown = TaxonomyShown.model_validate_json(answer.content)
    assert shown.meta["version"] == current().version
    assert [each.code for each in shown.indicators] == list(current().indicators)
    assert [each.code for each in shown.forms] == list(current().forms)
    for each in [*shown.right_groups, *shown.rights, *shown.indicators, *shown.vocabularies, *shown.vocabularies[0].terms]:
        assert each.label == each.labels[language]
        assert each.label_language == language


def test_the_language_of_the_request_decides_where_none_is_asked_for(client):
    answer = client.get("/v1/forms", headers={"Accept-Language": "kk, ru;q=0.5"})
    assert {each["label_language"] for each in answer.json()["items"]} == {"kk"}


def test_every_form_is_listed_with_its_versions(client):
    shown = FormList.model_validate_json(client.get("/v1/forms").content)
    assert [each.code for each in shown.items] == list(current().forms)
    assert all(each.versions == ["1.1.0"] and each.version == "1.1.0" for each in shown.items)
    assert shown.next_cursor is None


@pytest.mark.parametrize("code", sorted(current().forms))
def test_a_form_is_served_with_its_questions_conditions_and_sensitivity_in_force(client, code):
    shown = FormShown.model_validate_json(client.get(f"/v1/forms/{code}/versions/1.1.0", params={"lang": "ru"}).content)
    form = current().forms[code]
    questions = [question for section in shown.sections for question in section.questions]
    assert [question.code for question in questions] == list(form.questions)
    assert [question.sensitivity for question in questions] == [question.sensitivity for question in form.questions.values()]
    assert {question.label_language for question in questions} == {"ru"}
    assert sum(question.relevant is not None for question in questions) == sum(q.relevant is not None for q in form.questions.values())


def test_a_named_version_is_the_same_document_as_the_newest(client):
    assert client.get("/v1/taxonomy", params={"version": "1.1.0"}).content == client.get("/v1/taxonomy").content


@pytest.mark.parametrize(
    "path",
    [
        "/v1/taxonomy?version=9.9.9",
        "/v1/taxonomy?version=",
        "/v1/forms/haiku/versions/1.1.0",
        "/v1/forms/hearing/versions/9.9.9",
        "/v1/forms/hearing/versions/1.1.0%0a",
    ],
)
def test_what_was_never_shipped_is_not_found(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_language_that_is_not_spoken_here_is_a_bad_parameter(client):
    answer = client.get("/v1/forms", params={"lang": "fr"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_parameter")


@pytest.mark.parametrize("path", ["/v1/taxonomy", "/v1/forms", "/v1/forms/hearing/versions/1.1.0"])
def test_nobody_reads_the_taxonomy_without_signing_in(client, path):
    del client.headers["Authorization"]
    assert client.get(path).status_code == 401


def test_a_missing_label_falls_back_and_says_so():
    shown = labelled({"code": "x", "label": {"en": "Bench", "ru": ""}, "help": {"ru": "Скамья"}}, "ru")
    assert (shown["label"], shown["label_language"], shown["labels"]) == ("Bench", "en", {"en": "Bench", "ru": ""})
    assert (shown["help"], shown["help_language"]) == ("Скамья", "ru")
    assert labelled({"help": {}}, "kk") == {"help": None, "help_language": None}
