"""Who may do what: one policy on every route, and the scope of a caller as the database has it at this request.

Deny by default: a route is registered with a policy, or the app does not start (`check_policies`). The caller is known before anything
else is said about a request: 401 comes before any word about its body.
"""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from inspect import iscoroutinefunction, signature
from typing import Annotated, Any, NamedTuple, TypeVar, cast
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from app.kit import errors, wire
from app.kit.bodies import PlainRequest, check_content, check_declared_size, counted, headers_of, media
from app.kit.errors import Fault, Problem

OBSERVER = "observer"
COORDINATOR = "coordinator"
CUSTODIAN = "custodian"
ANALYST = "analyst"
AUDITOR = "auditor"
ROLES = (OBSERVER, COORDINATOR, CUSTODIAN, ANALYST, AUDITOR)
SERVICE = "service"
"""What a service client is in its programme, until a route that its scopes open lends it a role."""
SUMMARIES_READ, MONITORED_READ = "summaries:read", "monitored:read"
OBSERVATIONS_READ, JOURNAL_READ = "observations:read", "journal:read"
CLIENT_SCOPES = {SUMMARIES_READ: ANALYST, MONITORED_READ: COORDINATOR, OBSERVATIONS_READ: COORDINATOR, JOURNAL_READ: AUDITOR}
"""Every scope that a service client may be given, with the role that it lends on the routes which name it. None opens an identity."""
ANY_CLIENT = "any"
"""What a route names that every service client may call: it shows nothing of a programme's content."""
LARGEST_BODY = 1024 * 1024


class Holder(NamedTuple):
    """Who a token says sent a request: a session or a service client, and the device that the session is bound to, if to any."""

    session_id: UUID
    device_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """What one person is in one programme; `code` is how an observer appears everywhere.

    `lacks_device`: the programme requires an enrolled phone of its observers, and this session is none's.
    """

    programme_id: UUID
    member_id: UUID
    code: str
    role: str
    lacks_device: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """A caller, as the database has them at this request: rights of several memberships add up."""

    account_id: UUID
    session_id: UUID
    is_operator: bool = False
    memberships: tuple[Membership, ...] = ()
    client_scopes: frozenset[str] | None = None
    """What a service client was given; `None` for people."""
    device_id: UUID | None = None
    """The phone that the session is bound to. Such a session holds the one membership that the phone was enrolled for."""

    def programmes(self, *roles: str) -> list[UUID]:
        """Programmes in which the caller holds one of the roles (any role where none is named), sorted."""
        return sorted({each.programme_id for each in self.memberships if not roles or each.role in roles})

    def sees(self, programme_id: UUID | None) -> bool:
        """Whether anything of that programme may be known to the caller at all."""
        return any(each.programme_id == programme_id for each in self.memberships)

    def member(self, programme_id: UUID, *roles: str) -> Membership | None:
        """The caller's membership in a programme with one of the roles, the first named role first."""
        found = [each for each in self.memberships if each.programme_id == programme_id and each.role in roles]
        return min(found, key=lambda each: roles.index(each.role), default=None)

    def require(self, programme_id: UUID | None, *roles: str, place: str | None = None) -> Membership:
        """The membership that allows it. 404 where the programme is invisible (at `place`), 403 without the role."""
        if programme_id is None or not self.sees(programme_id):
            raise errors.missing(place)
        found = self.member(programme_id, *roles)
        if found is None:
            raise Problem(errors.FORBIDDEN)
        return found

    def demand_device(self, programme_id: UUID) -> None:
        """403 `device_required` for an observer who must use an enrolled phone in a programme and does not; coordinators need none."""
        is_lacking = any(each.programme_id == programme_id and each.lacks_device for each in self.memberships)
        if is_lacking and self.member(programme_id, COORDINATOR) is None:
            raise Problem(errors.DEVICE_REQUIRED)


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call a route. `roles`: at least one of them in some programme; which one, the service decides on the object."""

    name: str
    roles: frozenset[str] = frozenset()
    is_public: bool = False
    for_operators: bool = False
    with_operators: bool = False
    """Operators may call it too, for what belongs to no programme."""
    is_late: bool = False
    """The token is checked at once, the session only where the request is carried out (`confirm`, or in the writer's transaction)."""
    for_clients: str | None = None
    """The scope with which a service client may call it; none may where no scope is named."""

    def admitted(self, scope: Scope) -> Scope | None:
        """The caller's scope on this route, or `None` where it may not be called at all.

        Members of other roles learn from the object: 404 or 403. A service client holds, here alone, the role that its scope lends.
        """
        if scope.client_scopes is None:
            return scope if scope.is_operator or not self.for_operators else None
        if self.for_clients == ANY_CLIENT:
            return scope
        if self.for_clients not in scope.client_scopes:
            return None
        role = CLIENT_SCOPES[self.for_clients]
        return replace(scope, memberships=tuple(replace(each, role=role) for each in scope.memberships))


PUBLIC = Policy("public", is_public=True)
SIGNED_IN = Policy("signed_in")
ANYBODY_KNOWN = Policy("signed_in", for_clients=ANY_CLIENT)
OPERATORS = Policy("operators", for_operators=True)


def members(*roles: str, is_late: bool = False, with_operators: bool = False, for_clients: str | None = None) -> Policy:
    """The policy of routes for members with one of the roles, and for service clients with a scope."""
    return Policy("+".join(roles), frozenset(roles), is_late=is_late, with_operators=with_operators, for_clients=for_clients)


class StrictRequest(Request):
    """A request whose JSON was parsed strictly before the framework saw it."""

    parsed: Any = None

    async def json(self) -> Any:
        """The strictly parsed body."""
        return self.parsed


ScopeLoader = Callable[[str | None], Scope]
"""Takes the bearer token of a request, gives the caller's scope or raises 401."""

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class PolicedRoute(APIRoute):
    """A route that knows its caller before it reads the body, and reads JSON strictly. Without a policy it cannot be made."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.policy = policy_of(endpoint)
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with the caller and the body checked first."""
        handle = super().get_route_handler()
        largest: int = getattr(self.endpoint, "largest", LARGEST_BODY)
        takes_form = is_form(self)
        takes_json = self.body_field is not None and not takes_form
        parameters = [each.alias for each in get_flat_params(self.dependant) if isinstance(each.field_info, Query)]

        async def checked(request: Request) -> Response:
            check_declared_size(request, largest)
            await admit(request, self.policy)
            check_repeats(request, parameters)
            strict = StrictRequest(request.scope, counted(request.receive, largest))
            if takes_json:
                strict.parsed = request.scope["hearsight.body"] = await read_json(strict)
            elif takes_form:
                await read_form(strict)
            return await handle(strict)

        return straight(self, largest) if is_straight(self) else checked


def is_straight(route: PolicedRoute) -> bool:
    """Whether a route takes the request as it comes and makes its own response: then the framework has nothing to find out for it."""
    names = set(signature(route.endpoint).parameters)
    return route.policy.is_late and names == {"request"} and iscoroutinefunction(route.endpoint)


def straight(route: PolicedRoute, largest: int) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """The short road of intake: size, token, handler."""

    async def checked(request: Request) -> Response:
        check_declared_size(request, largest)
        await admit(request, route.policy)
        response: Response = await route.endpoint(PlainRequest(request, largest))
        return response

    return checked


def policy_of(endpoint: Callable[..., Any]) -> Policy:
    """The policy that a handler was given with `allow`; a handler without one stops the start."""
    found = getattr(endpoint, "policy", None)
    if not isinstance(found, Policy):
        raise TypeError(f"{endpoint.__module__}.{endpoint.__name__} names no policy")
    return found


def is_form(route: APIRoute) -> bool:
    """Whether a route takes a form instead of JSON (the OAuth2 token route does, RFC 6749, 4.3.2)."""
    return any(type(parameter.field_info).__name__ == "Form" for parameter in route.dependant.body_params)


async def admit(request: Request, policy: Policy | None) -> Scope | None:
    """The caller's scope, kept with the request; raises 401 without a good token and 403 where the policy keeps the caller out."""
    if policy is None or policy.is_public:
        return None
    if policy.is_late:
        holder, is_person = request.app.state.holder_of(bearer(request))
        request.scope["hearsight.holder"] = holder
        # What is left for later is whether a session is alive and what its person may do; a program may or may not at once.
        return None if is_person else await confirm(request, policy)
    return await confirm(request, policy)


async def confirm(request: Request, policy: Policy = SIGNED_IN) -> Scope:
    """The caller's scope as the database has it now, kept with the request."""
    load = cast("ScopeLoader", request.app.state.load_scope)
    scope = policy.admitted(await run_in_threadpool(load, bearer(request)))
    if scope is None:
        raise Problem(errors.FORBIDDEN)
    request.scope["hearsight.scope"] = scope
    return scope


def bearer(request: Request) -> str | None:
    """The token of an `Authorization: Bearer` header, if there is exactly one (RFC 6750, 2.1)."""
    found = headers_of(request, b"authorization")
    scheme, _, token = found[0].partition(" ") if len(found) == 1 else ("", "", "")
    return token if scheme.lower() == "bearer" and token else None


def check_repeats(request: Request, parameters: Iterable[str]) -> None:
    """422 `invalid_parameter` for a parameter given twice: readers differ in which of the two they take. No route takes a list."""
    if request.scope["query_string"]:
        repeated = [name for name in parameters if len(request.query_params.getlist(name)) > 1]
        if repeated:
            raise Problem(errors.INVALID_PARAMETER, [Fault(errors.pointer("query", name), errors.DUPLICATE_KEY) for name in repeated])


async def read_form(request: Request) -> None:
    """Have a form's bytes ready for the framework, which takes any fault met while it reads them for a malformed form."""
    declared = request.headers.get("content-type")
    if declared is not None and media(declared).get_content_type() not in _FORMS:
        raise Problem(errors.UNSUPPORTED_MEDIA_TYPE)
    await request.body()


async def read_json(request: Request) -> Any:
    """The strictly parsed JSON body of a request."""
    check_content(request)
    return wire.parse(await request.body())


async def _caller(request: Request) -> Scope:
    return cast("Scope", request.scope["hearsight.scope"])


Caller = Annotated[Scope, Depends(_caller)]
"""The signed-in caller of a route."""


Handler = TypeVar("Handler", bound=Callable[..., Any])


def allow(policy: Policy, *, largest: int = LARGEST_BODY) -> Callable[[Handler], Handler]:
    """Give a handler its policy, and the bytes of body it takes: stands between the route decorator and the function."""

    def mark(handler: Handler) -> Handler:
        handler.policy = policy  # type: ignore[attr-defined]
        handler.largest = largest  # type: ignore[attr-defined]
        return handler

    return mark


def router(tag: str, prefix: str = "/v1") -> APIRouter:
    """A router whose every route must name its policy."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=PolicedRoute, redirect_slashes=False)


def walk(routes: Iterable[BaseRoute]) -> Iterable[BaseRoute]:
    """Every route under some routes, those of included routers too."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is None:
            yield route
        else:
            yield from walk(included.routes)


def check_policies(app: FastAPI) -> None:
    """Refuse to start while a route of the application answers without a policy."""
    bare = [getattr(route, "path", "?") for route in walk(app.routes) if not isinstance(route, PolicedRoute) and not is_static(route)]
    if bare:
        raise RuntimeError(f"routes without a policy: {', '.join(sorted(bare))}")


def is_static(route: BaseRoute) -> bool:
    """Whether a route serves the API's own description, which holds nothing of anybody."""
    return getattr(route, "path", "") in STATIC_PATHS


STATIC_PATHS = {
    "/openapi.json",
    "/docs",
    "/swagger/swagger-ui-bundle.js",
    "/swagger/swagger-ui.css",
    "/swagger/favicon-32x32.png",
    "/swagger",
}
