"""Reading the taxonomy: whole, or form by form, in the language of the reader. Nothing here depends on a database."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from app.kit import errors
from app.taxonomy.catalogue import Form, Taxonomy, current, version, versions

_FALLBACKS = ("en", "ru", "kk")
_TEXTS = ("label", "help")


@lru_cache(maxsize=32)
def taxonomy_json(wanted: str | None, language: str) -> bytes:
    """A version of the taxonomy as JSON (`TaxonomyShown`), the newest where none is named; 404 for one that was never shipped."""
    taxonomy = _found(current().version if wanted is None else wanted)
    forms = [_form(taxonomy.forms[raw["code"]], raw, language) for raw in taxonomy.raw["forms"]]
    return orjson.dumps({**labelled(dict(taxonomy.raw), language), "forms": forms})


@lru_cache(maxsize=128)
def form_json(code: str, wanted: str, language: str) -> bytes:
    """A core form in one version as JSON (`FormShown`); 404 where there is no such form or version."""
    taxonomy = _found(wanted)
    for raw in taxonomy.raw["forms"]:
        if raw["code"] == code:
            return orjson.dumps(_form(taxonomy.forms[code], raw, language))
    raise errors.missing()


@lru_cache(maxsize=8)
def core_forms(language: str) -> tuple[dict[str, Any], ...]:
    """Every core form in its newest version, without questions (`FormListed`)."""
    newest = current()
    listed = [_head(newest.forms[raw["code"]], raw, language) for raw in newest.raw["forms"]]
    return tuple({**head, "versions": _versions_of(head["code"])} for head in listed)


def own_form_shown(form: Form, raw: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A programme's own form in one version, as core forms are shown (`FormShown`), with the lists that only it has."""
    return {**_form(form, raw, language), "vocabularies": labelled(raw["vocabularies"], language)}


def own_form_head(form: Form, raw: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The same without its questions and lists (`FormHead`)."""
    return _head(form, {name: value for name, value in raw.items() if name != "vocabularies"}, language)


def _found(wanted: str) -> Taxonomy:
    taxonomy = version(wanted)
    if taxonomy is None:
        raise errors.missing()
    return taxonomy


def _versions_of(code: str) -> list[str]:
    return [each for each in versions() if code in _found(each).forms]


def _head(form: Form, raw: Mapping[str, Any], language: str) -> dict[str, Any]:
    head: dict[str, Any] = labelled({name: value for name, value in raw.items() if name != "sections"}, language)
    return {**head, "version": form.version}


def _form(form: Form, raw: Mapping[str, Any], language: str) -> dict[str, Any]:
    sections = [
        {**section, "questions": [{**asked, "sensitivity": form.questions[asked["code"]].sensitivity} for asked in section["questions"]]}
        for section in raw["sections"]
    ]
    return {**_head(form, raw, language), "sections": labelled(sections, language)}


def labelled(value: Any, language: str) -> Any:
    """The same JSON, in which every label is a text in the language, with all `labels` and the `label_language` beside it.

    Where a language is missing, English stands in, then any other, and `label_language` (`help_language`) says so.
    """
    if isinstance(value, list):
        return [labelled(part, language) for part in value]
    if not isinstance(value, dict):
        return value
    shown: dict[str, Any] = {}
    for name, part in value.items():
        if name in _TEXTS and isinstance(part, dict):
            shown.update(_in_language(name, part, language))
        else:
            shown[name] = labelled(part, language)
    return shown


def _in_language(name: str, texts: Mapping[str, str], language: str) -> dict[str, Any]:
    chosen = next((each for each in (language, *_FALLBACKS) if texts.get(each)), None)
    shown = {name: texts[chosen] if chosen else None, f"{name}_language": chosen}
    return {**shown, "labels": dict(texts)} if name == "label" else shown
