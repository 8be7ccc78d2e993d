"""Attachments over HTTP: resumable uploads as tus 1.0 has them, and downloads as files that do nothing."""

from collections.abc import AsyncIterator, Callable, Coroutine
from itertools import chain
from typing import Annotated, Any, Literal, cast

from fastapi import Depends, Query
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from app.evidence import rules, service
from app.evidence.errors import OFFSET_CONFLICT, UPLOAD_INCOMPLETE
from app.evidence.models import Attachment
from app.evidence.queries import Asked
from app.evidence.reception import Reception
from app.evidence.schemas import CEILING, AttachmentShown, Metadata, Upload
from app.journal.showing import What
from app.kit import access, bodies, clock, errors, wire
from app.kit.access import COORDINATOR, OBSERVER, Caller, PolicedRoute
from app.kit.errors import Problem
from app.kit.ids import Id
from app.kit.paging import Page
from app.kit.store import Store, StoreOf
from app.kit.windows import WindowOf
from app.observations import service as observations

FILENAMES = "filenames"
_TUS = {"Tus-Resumable": rules.VERSION}
_INERT = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}
evidence = access.members(OBSERVER, COORDINATOR)


class TusRoute(PolicedRoute):
    """A route whose every answer says which tus it speaks, failures included."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with that header on whatever comes of it."""
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                response = await handle(request)
            except Problem as problem:
                problem.headers.update(_TUS)
                raise
            response.headers.update(_TUS)
            return response

        return told


api = access.router("attachments")
api.route_class = TusRoute


def _reception(request: Request) -> Reception:
    return cast("Reception", request.app.state.evidence)


ReceptionOf = Annotated[Reception, Depends(_reception)]


def _header(name: str, example: str, *, is_required: bool = True) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": is_required, "schema": {"type": "string", "examples": [example]}}


_VERSION = _header("Tus-Resumable", rules.VERSION)
_CREATION = {
    "parameters": [
        _VERSION,
        _header("Upload-Length", "184320"),
        _header("Upload-Metadata", "observation_id MzhjMTNhODgt…,filename cGhvdG8uanBn,sha256 NWY3MGJm…"),
    ]
}
_PART = {
    "parameters": [
        _VERSION,
        _header("Upload-Offset", "0"),
        _header("Upload-Checksum", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", is_required=False),
    ],
    "requestBody": {
        "required": True,
        "content": {rules.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary", "examples": ["…"]}}},
    },
}
_SHOWING = {"type": "string", "format": "binary", "x-discloses": What.ATTACHMENT.value}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, to be saved",
        "content": {"application/octet-stream": {"schema": _SHOWING}},
    }
}
_PICTURE: dict[int | str, dict[str, Any]] = {200: {"description": "A JPEG", "content": {"image/jpeg": {"schema": _SHOWING}}}}
_PROBLEM = {"description": "Problem"}


@api.options("/attachments", status_code=204, response_class=Response)
@access.allow(access.PUBLIC)
def get_upload_terms(reception: ReceptionOf) -> Response:
    """What uploads may be like: the version of tus, its extensions, the largest file in bytes."""
    headers = {
        "Tus-Version": rules.VERSION,
        "Tus-Extension": rules.EXTENSIONS,
        "Tus-Max-Size": str(reception.limits.size),
        "Tus-Checksum-Algorithm": ",".join(rules.ALGORITHMS),
    }
    return Response(status_code=204, headers=headers)


@api.post(
    "/attachments",
    status_code=201,
    response_class=Response,
    responses={200: {"description": "The same again"}, **dict.fromkeys((409, 412, 413, 422, 429, 507), _PROBLEM)},
    openapi_extra=_CREATION,
)
@access.allow(evidence)
async def create_attachment(request: Request, caller: Caller, reception: ReceptionOf) -> Response:
    """Begin an upload for an observation of one's own, which may come later, or for a document. Doing so again under its `id` is safe."""
    metadata = _metadata(request)
    rules.check_version(request.headers.get("tus-resumable"))
    length = rules.length_of(request.headers.get("upload-length"))
    if length > reception.limits.size:
        raise bodies.too_large()
    key = reception.store.keys.derive(FILENAMES)
    upload, is_new = await run_in_threadpool(
        reception.store.write, lambda session: service.create(session, caller, (metadata, length), reception.limits, key)
    )
    headers = {"Location": f"/v1/attachments/{upload.id}", **_standing(upload)}
    return Response(status_code=201 if is_new else 200, headers=headers)


def _metadata(request: Request) -> Metadata:
    found = rules.metadata_of(request.headers.get("upload-metadata"))
    # So that whoever asks for another programme's observation is told of as with any other body.
    request.scope["hearsight.body"] = {rules.METADATA: found}
    try:
        return Metadata.model_validate(found)
    except ValidationError as error:
        raise errors.invalid(*wire.faults_of(error, rules.METADATA)) from None


@api.patch(
    "/attachments/{attachment_id}",
    status_code=204,
    response_class=Response,
    responses=dict.fromkeys((400, 404, 408, 409, 412, 413, 415, 422, 460), _PROBLEM),
    openapi_extra=_PART,
)
@access.allow(evidence, largest=CEILING)
async def add_attachment_part(attachment_id: Id, request: Request, caller: Caller, reception: ReceptionOf) -> Response:
    """Send a part of a file, from where the upload stands. When the last of it was stored and its digest compared, it is complete."""
    upload = await run_in_threadpool(_own, reception.store, caller, attachment_id)
    checksum = _checked(request, upload)
    durable = await reception.take(caller, upload, _body(request), checksum)
    is_whole = durable == upload.length
    kept = {} if is_whole else {"Upload-Expires": rules.expires(clock.now() + service.KEPT_FOR)}
    return Response(status_code=204, headers={"Upload-Offset": str(durable), **kept})


def _own(store: Store, caller: access.Scope, attachment_id: Any) -> Upload:
    with store.read() as session:
        return service.own(session, caller, attachment_id)


def _checked(request: Request, upload: Upload) -> rules.Checksum | None:
    """The checksum of a part, after all that its headers must say was found right."""
    headers = request.headers
    rules.check_version(headers.get("tus-resumable"))
    if headers.get("content-type") != rules.MEDIA_TYPE:
        raise Problem(errors.UNSUPPORTED_MEDIA_TYPE)
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(errors.UNSUPPORTED_ENCODING)
    if rules.number_of("upload-offset", headers.get("upload-offset")) != upload.received:
        raise Problem(OFFSET_CONFLICT, headers={"Upload-Offset": str(upload.received)})
    checksum = rules.checksum_of(headers.get("upload-checksum"))
    bodies.check_declared_size(request, upload.length - upload.received)
    return checksum


async def _body(request: Request) -> AsyncIterator[bytes]:
    try:
        async for content in request.stream():
            yield content
    except ClientDisconnect:
        raise ConnectionResetError from None


@api.delete("/attachments/{attachment_id}", status_code=204, response_class=Response, openapi_extra={"parameters": [_VERSION]})
@access.allow(evidence)
async def remove_attachment(attachment_id: Id, request: Request, caller: Caller, reception: ReceptionOf) -> Response:
    """Give up an upload that is not complete. What is complete is evidence, and stays."""
    await run_in_threadpool(_own, reception.store, caller, attachment_id)
    rules.check_version(request.headers.get("tus-resumable"))
    upload = await run_in_threadpool(reception.store.write, lambda session: service.remove(session, caller, attachment_id))
    await reception.clear(upload)
    return Response(status_code=204)


def asked_for(
    programme_id: Id | None = None,
    observation_id: Id | None = None,
    document_id: Id | None = None,
    state: Annotated[Literal["incomplete", "complete"] | None, Query()] = None,
) -> Asked:
    """Which attachments a list asks for."""
    return Asked(programme_id, observation_id, document_id, None if state is None else state == "complete")


@api.get("/attachments", response_model=Page[AttachmentShown])
@access.allow(evidence)
def list_attachments(caller: Caller, window: WindowOf, asked: Annotated[Asked, Depends(asked_for)]) -> Page[AttachmentShown]:
    """Attachments without their content and their names: all of a coordinator's programmes, an observer's own."""
    with window.store.read() as session:
        return service.list_attachments(session, caller, window, asked)


@api.get("/attachments/{attachment_id}", response_model=AttachmentShown)
@access.allow(evidence)
def get_attachment(attachment_id: Id, response: Response, caller: Caller, store: StoreOf) -> AttachmentShown:
    """An attachment without its content. `HEAD` says how much of an upload is stored, and where its next part begins."""
    with store.read() as session:
        row = service.find(session, caller, attachment_id)
        response.headers.update(_standing(service.upload_of(row)))
        return service.shown(session, row)


@api.get("/attachments/{attachment_id}/content", response_class=Response, responses={**_FILE, 409: _PROBLEM})
@access.allow(evidence)
def get_attachment_content(attachment_id: Id, request: Request, caller: Caller, store: StoreOf, reception: ReceptionOf) -> Response:
    """The file as it came, byte for byte, to be saved and never to be run."""
    row = _readable(store, caller, attachment_id)
    if row.received_at is None:
        raise Problem(UPLOAD_INCOMPLETE)
    upload = service.upload_of(row)
    with store.read() as session:
        pieces = service.pieces_of(session, upload)
    _note(store, caller, row)
    # The first piece before the answer begins: a store that cannot be reached is said in words.
    first = reception.vault.open(upload, pieces[0].name)
    name = service.filename_of(row, store.keys.derive(FILENAMES))
    headers = {**_INERT, "Content-Disposition": rules.disposition(name), "Content-Length": str(row.length)}
    rest = reception.vault.contents(upload, () if request.scope.get("hearsight.is_head") else pieces[1:])
    return StreamingResponse(chain((first,), rest), headers=headers, media_type="application/octet-stream")


@api.get("/attachments/{attachment_id}/thumbnail", response_class=Response, responses=_PICTURE)
@access.allow(evidence)
def get_attachment_thumbnail(attachment_id: Id, caller: Caller, reception: ReceptionOf) -> Response:
    """A small picture of an image, without metadata; 404 where there is none."""
    row = _readable(reception.store, caller, attachment_id)
    return _picture(reception, caller, row, ("thumbnail", row.thumbnail))


@api.get("/attachments/{attachment_id}/copy", response_class=Response, responses=_PICTURE)
@access.allow(evidence)
def get_attachment_copy(attachment_id: Id, caller: Caller, reception: ReceptionOf) -> Response:
    """A copy of an image that can be published: its pixels, without place, time, device or author; 404 where there is none."""
    row = _readable(reception.store, caller, attachment_id)
    return _picture(reception, caller, row, ("public", row.public))


def _readable(store: Store, caller: access.Scope, attachment_id: Any) -> Attachment:
    with store.read() as session:
        return service.find(session, caller, attachment_id)


def _standing(upload: Upload) -> dict[str, str]:
    """How far an upload is, and until when what came of it is kept."""
    headers = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.length)}
    return headers if upload.expires_at is None else {**headers, "Upload-Expires": rules.expires(upload.expires_at)}


def _note(store: Store, caller: access.Scope, row: Attachment) -> None:
    """Before the answer: what cannot be noted is not shown."""
    with store.read() as session:
        telling = service.showings(session, caller, row)
    if telling:
        store.write(lambda session: observations.note(session, telling))


def _picture(reception: Reception, caller: access.Scope, row: Attachment, kept: tuple[str, str | None]) -> Response:
    part, name = kept
    if name is None:
        raise errors.missing()
    _note(reception.store, caller, row)
    content = reception.vault.open(service.upload_of(row), name, part=part)
    return Response(content, headers={**_INERT, "Content-Disposition": 'attachment; filename="copy.jpg"'}, media_type="image/jpeg")
