"""HTTP for readers of the taxonomy: three routes for anybody who is signed in."""

from typing import Annotated, Literal

from fastapi import Query
from starlette.responses import Response

from app.kit.access import ANYBODY_KNOWN, allow, router
from app.kit.i18n import current_language
from app.taxonomy import service
from app.taxonomy.shown import FormList, FormShown, TaxonomyShown

api = router("taxonomy")
Language = Annotated[Literal["en", "kk", "ru"] | None, Query(alias="lang", description="Language of labels; else `Accept-Language`.")]


@api.get("/taxonomy", response_model=TaxonomyShown)
@allow(ANYBODY_KNOWN)
def get_taxonomy(version: Annotated[str | None, Query(max_length=32)] = None, language: Language = None) -> Response:
    """Rights, indicators, vocabularies, forms and rules of assessment, in the newest version or the one asked for."""
    return _json(service.taxonomy_json(version, language or current_language.get()))


@api.get("/forms", response_model=FormList)
@allow(ANYBODY_KNOWN)
def list_forms(language: Language = None) -> Response:
    """The core forms with their versions."""
    return _json(service.forms_json(language or current_language.get()))


@api.get("/forms/{code}/versions/{version}", response_model=FormShown)
@allow(ANYBODY_KNOWN)
def get_form(code: str, version: str, language: Language = None) -> Response:
    """A form in one version: sections, questions, labels, conditions."""
    return _json(service.form_json(code, version, language or current_language.get()))


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")
