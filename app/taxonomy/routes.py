"""HTTP for readers of the taxonomy: one route for anybody who is signed in."""

from typing import Annotated, Literal

from fastapi import Query
from starlette.responses import Response

from app.kit.access import ANYBODY_KNOWN, allow, router
from app.kit.i18n import current_language
from app.taxonomy import service
from app.taxonomy.shown import TaxonomyShown

api = router("taxonomy")
Language = Annotated[Literal["en", "kk", "ru"] | None, Query(alias="lang", description="Language of labels; else `Accept-Language`.")]


@api.get("/taxonomy", response_model=TaxonomyShown)
@allow(ANYBODY_KNOWN)
def get_taxonomy(version: Annotated[str | None, Query(max_length=32)] = None, language: Language = None) -> Response:
    """Rights, indicators, vocabularies, forms and rules of assessment, in the newest version or the one asked for."""
    return Response(service.taxonomy_json(version, language or current_language.get()), media_type="application/json")
