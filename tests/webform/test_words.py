"""What the phone's app says: every text there is in the three languages, and every text asked for."""

import json
import random
import re
import unicodedata
from itertools import chain

import pytest

from app.taxonomy.catalogue import current
from app.taxonomy.rules import check_answers
from tests.support.filled import a_filled_form
from tests.support.forms import TODAY
from tests.support.house import ROOT

STATIC = ROOT / "app" / "webform" / "static"
LANGUAGES = ("en", "ru", "kk")
TEXTS = {language: json.loads((STATIC / "words" / f"{language}.json").read_text(encoding="utf-8")) for language in LANGUAGES}
SOURCES = {path: path.read_text(encoding="utf-8") for path in chain(STATIC.rglob("*.js"), STATIC.parent.rglob("*.html"))}
_BLANKS = re.compile(r"\{(\w+)\}")


def test_every_text_is_there_in_kazakh_russian_and_english_with_the_same_blanks():
    assert list(TEXTS["ru"]) == list(TEXTS["en"]) == list(TEXTS["kk"])
    for key, english in TEXTS["en"].items():
        for language in LANGUAGES:
            assert TEXTS[language][key].strip() == TEXTS[language][key] != "", (language, key)
            assert sorted(_BLANKS.findall(TEXTS[language][key])) == sorted(_BLANKS.findall(english)), (language, key)


def test_no_text_is_left_in_another_language():
    same = {"app.name", "common.list"}
    for key in TEXTS["en"].keys() - same:
        for language in ("ru", "kk"):
            assert TEXTS[language][key] != TEXTS["en"][key], (language, key)
            assert any("CYRILLIC" in unicodedata.name(letter, "") for letter in TEXTS[language][key]), (language, key)
    alike = [key for key in TEXTS["kk"].keys() - same if TEXTS["kk"][key] == TEXTS["ru"][key]]
    assert set(alike) <= {"size.kb", "size.mb"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(STATIC.parent).as_posix())
def test_every_text_that_the_app_asks_for_is_there(path):
    for key in re.findall(r"\bt\(\s*\"([^\"]+)\"", SOURCES[path]):
        assert key in TEXTS["en"], key
    for start in re.findall(r"\bt\(\s*`([a-z_.]+)\$\{", SOURCES[path]):
        assert any(key.startswith(start) for key in TEXTS["en"]), start


def test_whatever_the_server_finds_wrong_with_a_form_is_told_in_words():
    draw = random.Random(6)
    found = {
        fault.code
        for form, answers, hearing in (a_filled_form(draw) for _ in range(600))
        for fault in check_answers(form, answers, hearing_id=hearing, today=TODAY)
    }
    assert len(found) > 12
    assert {f"fault.{code}" for code in found} <= TEXTS["en"].keys()


def test_no_text_is_kept_that_nobody_shows():
    asked = " ".join(SOURCES.values())
    starts = set(re.findall(r"`([a-z_.]+\.)\$\{", asked))
    for key in TEXTS["en"]:
        assert f'"{key}"' in asked or any(key.startswith(start) for start in starts), key


def test_every_help_of_the_taxonomy_is_told_in_the_language_of_the_reader():
    for form in current().forms.values():
        for code, question in form.questions.items():
            assert not question.help or f"help.{code}" in TEXTS["kk"], code


def test_every_language_of_the_taxonomy_is_one_that_the_app_speaks():
    spoken = {language for form in current().forms.values() for language in form.labels}
    assert spoken == set(LANGUAGES)
