"""Every code that can leave the server is known to callers: in the reference, in the OpenAPI document, and in three languages."""

import re

import pytest

from app.kit import i18n
from app.kit.errors import CATALOGUE
from tests.support.house import document, import_everything, rows


@pytest.fixture(autouse=True)
def _whole_catalogue():
    import_everything()


def codes():
    return {*CATALOGUE.kinds, *CATALOGUE.faults}


def test_the_reference_lists_every_kind_of_problem_with_its_status():
    listed = {code: int(status) for code, status, *_ in rows("reference/errors.md", "## Kinds of problem")}
    assert listed == {kind.code: kind.status for kind in CATALOGUE.kinds.values()}


def test_the_reference_lists_every_fault():
    assert {code for code, *_ in rows("reference/errors.md", "## Faults")} == CATALOGUE.faults


def test_the_reference_says_of_each_code_what_it_means_and_what_to_do():
    for heading in ("## Kinds of problem", "## Faults"):
        for code, *_, meaning, advice in rows("reference/errors.md", heading):
            assert meaning == i18n.text(f"problem.{code}", "en")
            assert len(advice) > 10


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_code_has_a_sentence_of_its_own_in_every_language(language):
    texts = {code: i18n.catalogue(language).get(f"problem.{code}", "") for code in codes()}
    assert [code for code, text in texts.items() if not text.endswith(".")] == []
    assert len(set(texts.values())) == len(texts)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_titles_in_kazakh_and_russian_are_no_english_left_over(language):
    found = i18n.catalogue(language)
    for code in codes():
        words = re.findall(r"[A-Za-z]+", found[f"problem.{code}"])
        assert set(words) <= {"JSON", "UTF"}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_catalogue_holds_a_title_of_a_code_that_does_not_exist(language):
    assert {key.removeprefix("problem.") for key in i18n.catalogue(language) if key.startswith("problem.")} == codes()


def test_a_code_has_one_status_wherever_it_stands():
    assert {code: kind.status for code, kind in CATALOGUE.kinds.items() if code in CATALOGUE.faults} == {"not_found": 404}


def test_the_openapi_document_names_every_code():
    shown = document()["components"]["schemas"]
    assert set(shown["ProblemShown"]["properties"]["code"]["x-error-codes"]) == codes()
    assert set(shown["FaultShown"]["properties"]["code"]["x-error-codes"]) == CATALOGUE.faults
    listed = {code for response in document()["components"]["responses"].values() for code in response["x-error-codes"]}
    assert listed == codes()
