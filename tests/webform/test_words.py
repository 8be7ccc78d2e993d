"""What the phone's app says: every text there is in the three languages, and every text asked for."""

import json
import re
from itertools import chain

import pytest

from app.taxonomy.catalogue import current
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
        assert TEXTS["en"][key].isascii() or set(TEXTS["en"][key]) & set(
            "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{HORIZONTAL ELLIPSIS}\N{MIDDLE DOT}\N{EN DASH}"
        ), key
        for language in ("ru", "kk"):
            assert TEXTS[language][key] != TEXTS["en"][key], (language, key)
            assert re.search("[\u0430-\u04ff]", TEXTS[language][key].lower()), (language, key)
    alike = [key for key in TEXTS["kk"].keys() - same if TEXTS["kk"][key] == TEXTS["ru"][key]]
    assert set(alike) <= {"size.kb", "size.mb"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(STATIC.parent).as_posix())
def test_every_text_that_the_app_asks_for_is_there(path):
    for key in re.findall(r"\bt\(\s*\"([^\"]+)\"", SOURCES[path]):
        assert key in TEXTS["en"], key
    for start in re.findall(r"\bt\(\s*`([a-z_.]+)\$\{", SOURCES[path]):
        assert any(key.startswith(start) for key in TEXTS["en"]), start


def test_every_fault_of_a_filled_form_has_words():
    code = re.compile(r"(?:fault|faultAt)\((?:[^\n]*[,:?] )?\"([a-z_]+)\"")
    raised = set(code.findall(SOURCES[STATIC / "forms.js"] + SOURCES[STATIC / "sheet.js"]))
    assert raised >= {"required", "not_relevant", "out_of_range", "too_few_items", "invalid_time", "invalid_date"}
    assert {f"fault.{code}" for code in raised} <= TEXTS["en"].keys()


def test_every_language_of_the_taxonomy_is_one_that_the_app_speaks():
    spoken = {language for form in current().forms.values() for language in form.labels}
    assert spoken == set(LANGUAGES)
