"""Every failure as a problem document (RFC 9457): code, title in the caller's language, places; never the value that was sent."""

import logging
import re
from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any
from uuid import UUID

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.kit import errors, i18n
from app.kit.access import PolicedRoute, confirm, is_straight, walk
from app.kit.errors import Fault, Kind, Problem
from app.kit.ids import parse_id
from app.kit.outages import storage_fault
from app.kit.whereabouts import kind_of, place_of
from app.kit.wire import fault_of

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = {"Retry-After": "2"}
_FIELD_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
log = logging.getLogger("hearsight.problems")

_BY_STATUS = {
    400: errors.MALFORMED_JSON,
    404: errors.NOT_FOUND,
    405: errors.METHOD_NOT_ALLOWED,
    413: errors.BODY_TOO_LARGE,
    415: errors.UNSUPPORTED_MEDIA_TYPE,
}


class FaultShown(BaseModel):
    """One fault: where (RFC 6901 pointer into the body, `/query/…` for a parameter) and what (a stable code)."""

    pointer: str = Field(examples=["/answers/methods/0"])
    code: str = Field(examples=["not_in_vocabulary"])


class ProblemShown(BaseModel):
    """A problem document. `code` is stable and for machines, `title` is a sentence in the caller's language."""

    type: str = "about:blank"
    title: str = Field(examples=["An answer is not a term of its vocabulary."])
    status: int = Field(examples=[422])
    code: str = Field(examples=["not_in_vocabulary"])
    request_id: str
    errors: list[FaultShown] = []
    current_version: int | None = Field(default=None, description="With `stale_version`: the version that stands now.")
    current: UUID | None = Field(default=None, description="With `stale_version` of a correction: the version to build on.")
    conflicts: list[dict[str, Any]] | None = Field(
        default=None,
        description="What both changed: `pointer`, and `yours` and `theirs` where the answer is coded.",
        examples=[[{"pointer": "/answers/openness", "yours": "open", "theirs": "closed"}]],
    )
    apart: list[str] | None = Field(default=None, description="Pointers to what only one of the two corrections changed.")


def _shown(place: str) -> str:
    """A pointer as far as its steps are names of fields or numbers: any other key is the caller's own text, and may be a name."""
    return "".join(f"/{step}" for step in takewhile(_FIELD_NAME.fullmatch, place.split("/")[1:]))


def document(kind: Kind, faults: Iterable[Fault], request_id: str, facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The JSON of a problem document."""
    shown = [{"pointer": _shown(fault.pointer), "code": fault.code} for fault in faults]
    title = i18n.text(f"problem.{kind.code}", language)
    return {
        "type": "about:blank",
        "title": title,
        "status": kind.status,
        "code": kind.code,
        "request_id": request_id,
        "errors": shown,
        **facts,
    }


def answer(request: Request, problem: Problem) -> Response:
    """The response that tells a caller of a problem."""
    request_id = str(request.scope.get("hearsight.request_id", ""))
    content = document(problem.kind, problem.faults, request_id, problem.facts, i18n.current_language.get())
    headers = {"Cache-Control": "no-store", **problem.headers}
    if problem.kind.status == 401:  # noqa: PLR2004 - RFC 9110, 11.6.1: a 401 names its scheme
        headers["WWW-Authenticate"] = "Bearer"
    return Response(orjson.dumps(content), status_code=problem.kind.status, media_type=MEDIA_TYPE, headers=headers)


def of_request(error: RequestValidationError) -> Problem:
    """What is wrong with a request: its path (then it leads nowhere), its parameters, or its body."""
    found = error.errors()
    if any(each["loc"] and each["loc"][0] == "path" for each in found):
        return errors.missing()
    places = {str(each["loc"][0]) for each in found if each["loc"]}
    faults = sorted({fault_of(each["type"], [step for step in each["loc"] if step != "body"]) for each in found})
    if places & {"query", "header"}:
        return Problem(errors.INVALID_PARAMETER, faults)
    return errors.invalid(*faults)


def of_storage(error: DBAPIError) -> Problem:
    """What a failing database means for a caller; the database's own words stay here."""
    kind = storage_fault(error)
    log.error("storage fault", extra={"facts": {"code": kind.code, "fault": kind_of(error.orig), "where": place_of(error)}})
    return Problem(kind, headers=RETRY_AFTER)


def of_fault(fault: BaseException) -> Problem:
    """What any failure means for a caller."""
    if isinstance(fault, Problem):
        return fault
    if isinstance(fault, DBAPIError):
        return of_storage(fault)
    if isinstance(fault, PoolTimeout):
        return Problem(errors.BUSY, headers=RETRY_AFTER)
    # The class and the line alone: an exception's text may carry a value, and a value may be a name.
    log.error("internal fault", extra={"facts": {"fault": kind_of(fault), "where": place_of(fault)}})
    return Problem(errors.INTERNAL)


def allowed(request: Request) -> str:
    """The methods that an address takes, for `Allow` (RFC 9110, 10.2.1): those of every route that has it, and HEAD wherever GET is."""
    routes = [route for route in walk(request.app.routes) if isinstance(route, Route) and route.path_regex.match(request.url.path)]
    found = {method for route in routes for method in route.methods or ()}
    return ", ".join(sorted(found | ({"HEAD"} if "GET" in found else set())))


def roads(app: FastAPI) -> dict[tuple[str, str], ASGIApp]:
    """By method and path, the short roads of the routes that take a request as it comes (`access.is_straight`).

    What they raise becomes the same problem documents that the application would make of it.
    """
    straight = [route for route in walk(app.routes) if isinstance(route, PolicedRoute) and is_straight(route)]
    return {(method, route.path): _road(route) for route in straight for method in route.methods or ()}


def _road(route: PolicedRoute) -> ASGIApp:
    handle = route.get_route_handler()

    async def road(scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = route
        request = Request(scope, receive)
        try:
            response = await handle(request)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the caller is told of a problem
            problem = of_fault(fault)
            response = answer(request, await _watched(request, problem) if problem.kind is errors.NOT_FOUND else problem)
        await response(scope, receive, send)

    return road


async def _watched(request: Request, problem: Problem) -> Problem:
    """The same problem, told to the watcher; or what kept the caller from being known."""
    try:
        await confirm(request)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the caller is told of a problem
        return of_fault(fault)
    tell(request, problem)
    return problem


def tell(request: Request, problem: Problem) -> None:
    """Tell the watcher, where there is one, which ids led a signed-in caller nowhere."""
    tell_of(request, _named(request, problem))


def tell_of(request: Request, texts: Iterable[str]) -> None:
    """The same, by the ids themselves; whatever is no id is left out."""
    watch, scope = getattr(request.app.state, "on_missing", None), request.scope.get("hearsight.scope")
    if watch is not None and scope is not None:
        route = f"{request.method} {getattr(request.scope.get('route'), 'path', '')}"
        watch(scope, {each for text in texts if (each := parse_id(text)) is not None}, route)


def _named(request: Request, problem: Problem) -> Iterable[str]:
    """What a 404 is about: what stands at the places of its faults, else what the address names."""
    if not problem.faults:
        return [*map(str, request.path_params.values()), *request.query_params.values()]
    body = request.scope.get("hearsight.body")
    return [str(value_at(body, fault.pointer)) for fault in problem.faults]


def value_at(body: Any, place: str) -> Any:
    """What stands at a place of a JSON value (RFC 6901), as far as the place leads."""
    for step in place.split("/")[1:]:
        if isinstance(body, Mapping):
            body = body.get(step)
        elif isinstance(body, list) and step.isdecimal() and int(step) < len(body):
            body = body[int(step)]
        else:
            return None
    return body


def install(app: FastAPI) -> None:
    """Make every failure of an application a problem document."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, problem: Problem) -> Response:
        if problem.kind is errors.NOT_FOUND:
            tell(request, problem)
        return answer(request, problem)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        return answer(request, of_request(error))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        kind = _BY_STATUS.get(error.status_code, Kind(errors.INVALID_REQUEST.code, error.status_code))
        headers = {"Allow": allowed(request)} if kind is errors.METHOD_NOT_ALLOWED else error.headers or {}
        return answer(request, Problem(kind, headers=headers))

    @app.exception_handler(DBAPIError)
    async def _storage(request: Request, error: DBAPIError) -> Response:
        return answer(request, of_storage(error))

    @app.exception_handler(PoolTimeout)
    async def _exhausted(request: Request, fault: PoolTimeout) -> Response:
        return answer(request, of_fault(fault))

    @app.exception_handler(Exception)
    async def _internal(request: Request, error: Exception) -> Response:
        return answer(request, of_fault(error))
