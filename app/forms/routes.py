"""HTTP for forms: those there are, those that a programme makes for itself, and the phone that gets ready to fill them."""

from typing import Annotated, Any, Literal

from fastapi import Header, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.forms import bootstrap, service, workbook
from app.forms.definition import FormWritten
from app.forms.schemas import Bootstrap, OwnFormListed, OwnFormShown
from app.forms.xlsform import form_of
from app.journal import exposures
from app.kit import clock, errors
from app.kit.access import ANYBODY_KNOWN, COORDINATOR, OBSERVER, Caller, allow, members, router
from app.kit.errors import Problem
from app.kit.i18n import asked_language, current_language
from app.kit.ids import Id
from app.kit.paging import Page
from app.kit.store import StoreOf
from app.kit.windows import WindowOf
from app.taxonomy.catalogue import current
from app.taxonomy.shown import FormList, FormShown

api = router("taxonomy")
own = router("forms")
PHONES = members(OBSERVER, COORDINATOR)
AUTHORS = members(COORDINATOR)
OK, CREATED, NOT_MODIFIED, UNSUPPORTED_MEDIA = 200, 201, 304, 415
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORKBOOK: dict[str, Any] = {
    "requestBody": {"required": True, "content": {XLSX: {"schema": {"type": "string", "format": "binary", "examples": ["…"]}}}}
}
_PATH = "/programmes/{programme_id}/forms"
_VERSION = f"{_PATH}/{{form_code}}/versions/{{form_version}}"

Language = Annotated[
    Literal["en", "kk", "ru"] | None, Query(alias="lang", description="Language of labels; else `Accept-Language`, else the programme's.")
]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", max_length=2000, description="The `ETag` of what was read before.")]
Encodings = Annotated[str, Header(alias="Accept-Encoding", max_length=500, include_in_schema=False)]
FormCode = Annotated[str, Path(max_length=64, examples=["x_courthouse"])]
FormNumber = Annotated[str, Path(max_length=32, examples=["1"])]
_UNCHANGED: dict[int | str, dict[str, Any]] = {NOT_MODIFIED: {"description": "The caller has it already."}}
_REPLACED: dict[int | str, dict[str, Any]] = {OK: {"model": OwnFormShown, "description": "An earlier draft was replaced."}}
_VARIES = {"Vary": "Accept-Encoding, Accept-Language, Authorization"}


@api.get("/forms", response_model=FormList)
@allow(ANYBODY_KNOWN)
def list_forms(caller: Caller, store: StoreOf, language: Language = None) -> Response:
    """The core forms, and the published own ones of the caller's programmes, with their versions."""
    with store.read() as session:
        return _json(service.list_forms(session, caller, language or current_language.get()))


@api.get("/forms/{code}/versions/{version}", response_model=FormShown)
@allow(ANYBODY_KNOWN)
def get_form(  # noqa: PLR0917 - FastAPI fills them by name
    code: str, version: str, caller: Caller, store: StoreOf, programme_id: Id | None = None, language: Language = None
) -> Response:
    """A form in one version: sections, questions, labels, conditions. A programme's own form is there for its members.

    Where several of the caller's programmes have one of that code and version, `programme_id` says which is meant.
    """
    with store.read() as session:
        return _json(service.form_json(session, caller, (code, version, programme_id), language or current_language.get()))


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")


@own.get(_PATH)
@allow(AUTHORS)
def list_own_forms(programme_id: Id, caller: Caller, window: WindowOf) -> Page[OwnFormListed]:
    """Every version of a programme's own forms, drafts included."""
    with window.store.read() as session:
        return service.list_own(session, caller, window, programme_id)


@own.post(_PATH, status_code=CREATED, responses=_REPLACED)
@allow(AUTHORS)
def create_form(programme_id: Id, body: FormWritten, caller: Caller, store: StoreOf, response: Response) -> OwnFormShown:
    """Write a form of one's own, as a draft: under the code and version of an earlier draft it replaces that."""
    made, is_new = store.write(lambda session: service.write_draft(session, caller, programme_id, body))
    return located(response, made, is_new=is_new)


@own.post(
    f"{_PATH}/xlsform",
    status_code=CREATED,
    responses={**_REPLACED, UNSUPPORTED_MEDIA: {"description": "Problem"}},
    openapi_extra=_WORKBOOK,
)
@allow(AUTHORS, largest=workbook.LARGEST)
async def create_form_from_xlsform(programme_id: Id, request: Request, caller: Caller, store: StoreOf, response: Response) -> OwnFormShown:
    """Write a form as a draft from a workbook (XLSForm, .xlsx). Each fault names the cell that it stands in: `/survey/C4`.

    What has no counterpart here is a fault too; nothing is left out without a word.
    """
    caller.require(programme_id, COORDINATOR)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != XLSX:
        raise Problem(errors.UNSUPPORTED_MEDIA_TYPE)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(errors.UNSUPPORTED_ENCODING)
    content = await request.body()
    imported = await run_in_threadpool(form_of, content, current())
    made, is_new = await run_in_threadpool(store.write, lambda session: service.write_imported(session, caller, programme_id, imported))
    return located(response, made, is_new=is_new)


def located(response: Response, made: OwnFormShown, *, is_new: bool) -> OwnFormShown:
    """A draft with where it stands; 200 where it replaced another."""
    response.headers["Location"] = f"/v1/programmes/{made.programme_id}/forms/{made.code}/versions/{made.version}"
    response.status_code = CREATED if is_new else OK
    return made


@own.get(_VERSION)
@allow(AUTHORS)
def get_own_form(programme_id: Id, form_code: FormCode, form_version: FormNumber, caller: Caller, store: StoreOf) -> OwnFormShown:
    """A version of a form of one's own, as phones are shown it once it is published."""
    with store.read() as session:
        return service.show(session, caller, programme_id, form_code, form_version)


@own.post(f"{_VERSION}/publish")
@allow(AUTHORS)
def publish_form(programme_id: Id, form_code: FormCode, form_version: FormNumber, caller: Caller, store: StoreOf) -> OwnFormShown:
    """Publish a draft: phones get it from now on, and it never changes again. A correction is another version."""
    return store.write(lambda session: service.publish(session, caller, programme_id, form_code, form_version))


@own.delete(_VERSION, status_code=204)
@allow(AUTHORS)
def delete_draft(programme_id: Id, form_code: FormCode, form_version: FormNumber, caller: Caller, store: StoreOf) -> None:
    """Delete a draft. What is published stays: observations were filled by it."""
    store.write(lambda session: service.delete_draft(session, caller, programme_id, form_code, form_version))


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
    today = clock.now().date()
    with store.read() as session:
        found = bootstrap.bootstrap(session, caller, programme_id, language or asked_language.get(), if_none_match)
        is_noted = exposures.is_noted(session, found.seen, today)
    if not is_noted:
        # Before the answer, once a day: what a phone carries must be known when it is taken away.
        store.write(lambda session: exposures.note(session, found.seen, today))
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
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
