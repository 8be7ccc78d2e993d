"""HTTP for the phone that gets ready."""

from typing import Annotated, Any, Literal

from fastapi import Header, Query
from starlette.responses import Response

from app.forms import bootstrap
from app.forms.schemas import Bootstrap
from app.kit.access import COORDINATOR, OBSERVER, Caller, allow, members, router
from app.kit.i18n import asked_language
from app.kit.ids import Id
from app.kit.store import StoreOf

api = router("taxonomy")
PHONES = members(OBSERVER, COORDINATOR)
NOT_MODIFIED = 304

Language = Annotated[
    Literal["en", "kk", "ru"] | None, Query(alias="lang", description="Language of labels; else `Accept-Language`, else the programme's.")
]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", max_length=2000, description="The `ETag` of what was read before.")]
Encodings = Annotated[str, Header(alias="Accept-Encoding", max_length=500, include_in_schema=False)]
_UNCHANGED: dict[int | str, dict[str, Any]] = {NOT_MODIFIED: {"description": "The caller has it already."}}
_VARIES = {"Vary": "Accept-Encoding, Accept-Language, Authorization"}


@api.get("/bootstrap", response_model=Bootstrap, responses=_UNCHANGED)
@allow(PHONES)
def get_bootstrap(  # noqa: PLR0917 - FastAPI fills them by name
    caller: Caller,
    store: StoreOf,
    programme_id: Id | None = None,
    language: Language = None,
    if_none_match: IfNoneMatch = None,
    accept_encoding: Encodings = "",
) -> Response:
    """All that a phone needs to work without a network: what its owner is to observe, and every form with its vocabularies.

    An observer gets the cases that she is assigned to, a coordinator every open one. Which programme is meant must be said by those who
    belong to several. Participants are codes; nothing that anybody filed or noted is among it. The app keeps the answer where it can wipe
    it, and asks again with `If-None-Match`; no browser may keep it beside.
    """
    with store.read() as session:
        found = bootstrap.bootstrap(session, caller, programme_id, language or asked_language.get(), if_none_match)
    headers = {"ETag": found.etag, **_VARIES}
    if found.content is None:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    if takes_gzip(accept_encoding):
        return Response(found.packed(), headers={**headers, "Content-Encoding": "gzip"}, media_type="application/json")
    return Response(found.content, headers=headers, media_type="application/json")


def takes_gzip(accepted: str) -> bool:
    """Whether an `Accept-Encoding` names gzip and does not forbid it (RFC 9110, 12.5.3)."""
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
