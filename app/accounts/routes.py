"""Signing in, the caller's own account, phones, programmes, memberships and service clients over HTTP."""

from collections.abc import Sequence
from typing import Annotated, TypeVar, cast
from uuid import UUID

from fastapi import Depends, Form, Header
from starlette.requests import Request
from starlette.responses import Response

from app.accounts import clients, devices, enrolment, rules, service
from app.accounts.errors import INVALID_CLIENT, UNSUPPORTED_GRANT_TYPE
from app.accounts.schemas import (
    ClientCreated,
    ClientMade,
    ClientShown,
    DeviceCreated,
    DeviceMade,
    DeviceShown,
    EnrolmentCreated,
    EnrolmentMade,
    MemberAdded,
    MemberChanged,
    MemberMade,
    MembershipShown,
    MemberShown,
    MeShown,
    PasswordSet,
    ProgrammeChanged,
    ProgrammeCreated,
    ProgrammeMade,
    ProgrammeShown,
    TokenShown,
)
from app.accounts.sign_in import Origin, Signed, SignIn
from app.kit import access, errors, etags
from app.kit.access import Caller
from app.kit.errors import Fault, Problem
from app.kit.etags import IfMatch
from app.kit.ids import Id
from app.kit.paging import DEFAULT_LIMIT, Cursor, Limit, Page, cut
from app.kit.store import Store, StoreOf

auth = access.router("auth")
programmes = access.router("programmes")


async def _sign_in(request: Request) -> SignIn:
    return cast("SignIn", request.app.state.sign_in)


async def _bytes(request: Request) -> bytes:
    return await request.body()


Listed = TypeVar("Listed", ProgrammeShown, MemberShown, ClientShown, DeviceShown)
SignInOf = Annotated[SignIn, Depends(_sign_in)]
Text = Annotated[str | None, Form(max_length=4096)]
Signature = Annotated[str | None, Header(max_length=300, description="Of an enrolled phone: nonce and ECDSA signature (P-256, SHA-256).")]


def needed(name: str, value: str | None) -> str:
    """A field of a form that its grant needs."""
    if value is None:
        raise errors.invalid(Fault(errors.pointer(name), errors.REQUIRED))
    return value


@auth.post("/auth/token", response_model_exclude_none=True)
@access.allow(access.PUBLIC)
def issue_token(  # noqa: PLR0917 - FastAPI fills them by name
    request: Request,
    sign_in: SignInOf,
    store: StoreOf,
    grant_type: Annotated[str, Form(max_length=100, examples=["password"])],
    username: Annotated[Text, Form(examples=["a.observer"])] = None,
    password: Annotated[Text, Form(json_schema_extra={"format": "password"})] = None,
    refresh_token: Text = None,
    client_id: Text = None,
    client_secret: Annotated[Text, Form(json_schema_extra={"format": "password"})] = None,
    hearsight_signature: Signature = None,
    body: Annotated[bytes, Depends(_bytes)] = b"",
) -> TokenShown:
    r"""Tokens for a password, for a refresh token, or for a service client (OAuth2, RFC 6749, 4.3, 6 and 4.4).

    A service client sends its id and secret in the form or as `Authorization: Basic`, and gets no refresh token: it asks again.

    Beside a password, a refresh token of an earlier session of the same account, even one that has run out, tells who is known from
    strangers: their failures delay nobody who shows one.

    An enrolled phone signs its refreshes with its key: `Hearsight-Signature: <nonce>.<signature>`, over the text
    `POST\n/v1/auth/token\n<SHA-256 of the body in hex>\n<nonce>`.
    """
    if grant_type == "password":
        origin = Origin(request.client.host if request.client else None, refresh_token)
        return sign_in.by_password(needed("username", username), needed("password", password), origin)
    if grant_type == "refresh_token":
        return sign_in.by_refresh(needed("refresh_token", refresh_token), Signed(hearsight_signature, body))
    if grant_type == "client_credentials":
        return clients.admit_client(store, *_credentials(request, client_id, client_secret))
    raise Problem(UNSUPPORTED_GRANT_TYPE)


def _credentials(request: Request, client_id: str | None, client_secret: str | None) -> tuple[str, str]:
    """What a service client shows, in one way and not in two (RFC 6749, 2.3)."""
    shown = rules.basic_credentials(request.headers.get("authorization"))
    in_form = (client_id, client_secret) if client_id is not None and client_secret is not None else None
    if (shown is None) == (in_form is None):
        raise Problem(INVALID_CLIENT)
    return cast("tuple[str, str]", shown or in_form)


@auth.post("/auth/revoke", response_class=Response)
@access.allow(access.PUBLIC)
def revoke_token(sign_in: SignInOf, token: Annotated[str, Form(max_length=4096)]) -> Response:
    """End the session of an access or refresh token; 200 whatever the token is (RFC 7009)."""
    sign_in.revoke(token)
    return Response()


@auth.post("/auth/password", status_code=204)
@access.allow(access.PUBLIC)
def set_password(sign_in: SignInOf, body: PasswordSet) -> None:
    """Set a password by a one-time secret, once. Every older session of the account ends."""
    sign_in.redeem(body.username, body.secret.get_secret_value(), body.password.get_secret_value())


@auth.get("/me")
@access.allow(access.SIGNED_IN)
def show_account(caller: Caller, store: StoreOf) -> MeShown:
    """The caller's account, memberships in force, and invitations that wait for an answer."""
    with store.read() as session:
        return service.me(session, caller)


@auth.post("/me/invitations/{member_id}/accept")
@access.allow(access.SIGNED_IN)
def accept_invitation(member_id: Id, caller: Caller, store: StoreOf) -> MembershipShown:
    """Accept an invitation: the membership counts from the next request on."""
    return store.write(lambda session: service.accept_invitation(session, caller, member_id))


@auth.post("/me/invitations/{member_id}/decline", status_code=204)
@access.allow(access.SIGNED_IN)
def decline_invitation(member_id: Id, caller: Caller, store: StoreOf) -> None:
    """Turn an invitation down."""
    store.write(lambda session: service.decline_invitation(session, caller, member_id))


@programmes.post("/programmes", status_code=201)
@access.allow(access.OPERATORS)
def create_programme(body: ProgrammeCreated, caller: Caller, store: StoreOf, sign_in: SignInOf, response: Response) -> ProgrammeMade:
    """Found a programme with its first coordinator. Without a password the answer holds a one-time secret, this once."""
    first = body.coordinator
    password = first.password.get_secret_value() if first.password else None
    newcomer = sign_in.newcomer(first.username, password, "/coordinator/password")
    made = store.write(lambda session: service.found_programme(session, caller, body, newcomer))
    _head(response, made.version, f"/v1/programmes/{made.id}")
    return made


@programmes.get("/programmes")
@access.allow(access.ANYBODY_KNOWN)
def list_programmes(caller: Caller, store: StoreOf, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Page[ProgrammeShown]:
    """The programmes that the caller belongs to; an operator sees that each exists."""
    after = _behind(store, "programmes", cursor)
    with store.read() as session:
        found = service.list_programmes(session, caller, (after, limit + 1))
    return _page(store, "programmes", found, limit)


@programmes.get("/programmes/{programme_id}")
@access.allow(access.ANYBODY_KNOWN)
def get_programme(programme_id: Id, caller: Caller, store: StoreOf, response: Response) -> ProgrammeShown:
    """A programme: its zone, its language, how it reviews; nothing of its content."""
    with store.read() as session:
        found = service.programme(session, caller, programme_id)
    _head(response, found.version)
    return found


@programmes.patch("/programmes/{programme_id}")
@access.allow(access.members(access.COORDINATOR))
def change_programme(  # noqa: PLR0917 - FastAPI fills them by name
    programme_id: Id, body: ProgrammeChanged, caller: Caller, store: StoreOf, response: Response, if_match: IfMatch = None
) -> ProgrammeShown:
    """Change a programme; what is left out stays."""
    changed = store.write(lambda session: service.change_programme(session, caller, programme_id, body, expected=if_match))
    _head(response, changed.version)
    return changed


@programmes.post("/programmes/{programme_id}/members", status_code=201)
@access.allow(access.members(access.COORDINATOR))
def add_member(  # noqa: PLR0917 - FastAPI fills them by name
    programme_id: Id, body: MemberAdded, caller: Caller, store: StoreOf, sign_in: SignInOf, response: Response
) -> MemberMade:
    """Add a member: a new account joins by signing in, an existing one by accepting its invitation in `/v1/me`.

    The answer is the same for both. Without a password it holds a one-time secret, this once; an account that existed keeps its own
    password, and neither counts for it. Who is in the programme already holds the further membership at once.
    """
    with store.read() as session:
        service.check_coordinator(session, caller, programme_id)
    newcomer = sign_in.newcomer(body.username, body.password.get_secret_value() if body.password else None)
    made = store.write(lambda session: service.add_member(session, caller, programme_id, body, newcomer))
    _head(response, made.version, f"/v1/programmes/{programme_id}/members/{made.id}")
    return made


@programmes.get("/programmes/{programme_id}/members")
@access.allow(access.members(access.COORDINATOR))
def list_members(
    programme_id: Id, caller: Caller, store: StoreOf, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[MemberShown]:
    """The members of a programme, removed ones included."""
    after = _behind(store, f"members {programme_id}", cursor)
    with store.read() as session:
        found = service.list_members(session, caller, programme_id, (after, limit + 1))
    return _page(store, f"members {programme_id}", found, limit)


@programmes.get("/programmes/{programme_id}/members/{member_id}")
@access.allow(access.members(access.COORDINATOR))
def get_member(programme_id: Id, member_id: Id, caller: Caller, store: StoreOf, response: Response) -> MemberShown:
    """A member of a programme."""
    with store.read() as session:
        found = service.show_member(session, caller, programme_id, member_id)
    _head(response, found.version)
    return found


@programmes.patch("/programmes/{programme_id}/members/{member_id}")
@access.allow(access.members(access.COORDINATOR))
def change_member(  # noqa: PLR0917 - FastAPI fills them by name
    programme_id: Id, member_id: Id, body: MemberChanged, caller: Caller, store: StoreOf, response: Response, if_match: IfMatch = None
) -> MemberShown:
    """Change a member's languages, remove a member, or bring a removed one back; a role never changes, it is given anew."""
    changed = store.write(lambda session: service.change_member(session, caller, programme_id, member_id, body, expected=if_match))
    _head(response, changed.version)
    return changed


@programmes.delete("/programmes/{programme_id}/members/{member_id}", status_code=204)
@access.allow(access.members(access.COORDINATOR))
def remove_member(programme_id: Id, member_id: Id, caller: Caller, store: StoreOf, if_match: IfMatch = None) -> None:
    """Remove a member, from the next request on. What was filed stays, under the same code. The last coordinator stays too."""
    store.write(lambda session: service.remove_member(session, caller, programme_id, member_id, expected=if_match))


@programmes.post("/programmes/{programme_id}/clients", status_code=201)
@access.allow(access.members(access.COORDINATOR))
def create_client(programme_id: Id, body: ClientCreated, caller: Caller, store: StoreOf, response: Response) -> ClientMade:
    """Let a program read in a programme by itself. The answer holds its secret, this once; only a digest of it is kept."""
    made = store.write(lambda session: clients.create_client(session, caller, programme_id, body))
    response.headers["Location"] = f"/v1/programmes/{programme_id}/clients/{made.id}"
    return made


@programmes.get("/programmes/{programme_id}/clients")
@access.allow(access.members(access.COORDINATOR))
def list_clients(
    programme_id: Id, caller: Caller, store: StoreOf, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[ClientShown]:
    """The service clients of a programme, revoked and expired ones included."""
    after = _behind(store, f"clients {programme_id}", cursor)
    with store.read() as session:
        found = clients.list_clients(session, caller, programme_id, (after, limit + 1))
    return _page(store, f"clients {programme_id}", found, limit)


@programmes.get("/programmes/{programme_id}/clients/{client_id}")
@access.allow(access.members(access.COORDINATOR))
def get_client(programme_id: Id, client_id: Id, caller: Caller, store: StoreOf) -> ClientShown:
    """A service client of a programme."""
    with store.read() as session:
        return clients.show_client(session, caller, programme_id, client_id)


@programmes.delete("/programmes/{programme_id}/clients/{client_id}", status_code=204)
@access.allow(access.members(access.COORDINATOR))
def revoke_client(programme_id: Id, client_id: Id, caller: Caller, store: StoreOf) -> None:
    """End a service client, from its next request on and for ever; another one is made in its place."""
    store.write(lambda session: clients.revoke_client(session, caller, programme_id, client_id))


@programmes.post("/programmes/{programme_id}/enrolments", status_code=201)
@access.allow(access.members(access.COORDINATOR))
def create_enrolment(programme_id: Id, body: EnrolmentCreated, caller: Caller, store: StoreOf, request: Request) -> EnrolmentMade:
    """Make a code for the phone of an observer, to be shown as a QR code. It is good once; the answer holds it, this once."""
    address = request.app.state.public_address or str(request.base_url).rstrip("/")
    return store.write(lambda session: enrolment.create_enrolment(session, caller, programme_id, body, keys=store.keys, address=address))


@auth.post("/devices", status_code=201, responses={200: {"model": DeviceMade, "description": "The same again"}, 410: {}, 429: {}})
@access.allow(access.PUBLIC)
def create_device(body: DeviceCreated, sign_in: SignInOf, store: StoreOf, request: Request, response: Response) -> DeviceMade:
    """Enrol a phone with a code. Until its first refresh the same code and key give the same phone again, for the answer may be lost.

    Whoever tries codes that nobody made waits longer and longer; others, on other networks, do not.
    """
    made, is_new = enrolment.enrol_device(store, sign_in, body, request.client.host if request.client else None)
    response.status_code = 201 if is_new else 200
    return made


@auth.get("/devices")
@access.allow(access.members(access.OBSERVER, access.COORDINATOR))
def list_devices(
    caller: Caller, store: StoreOf, programme_id: Id | None = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[DeviceShown]:
    """Enrolled phones, revoked ones included: those of a coordinator's programmes, and one's own."""
    after = _behind(store, "devices", cursor)
    with store.read() as session:
        found = devices.list_devices(session, caller, programme_id, after, limit + 1)
    return _page(store, "devices", found, limit)


@auth.delete("/devices/{device_id}", status_code=204)
@access.allow(access.members(access.OBSERVER, access.COORDINATOR))
def revoke_device(device_id: Id, caller: Caller, store: StoreOf) -> None:
    """Put a phone out, from its next request on and for ever: by its observer or a coordinator. What it filed stays."""
    store.write(lambda session: devices.revoke_device(session, caller, device_id))


def _head(response: Response, version: int, location: str | None = None) -> None:
    response.headers["ETag"] = etags.tag(version)
    if location is not None:
        response.headers["Location"] = location


def _behind(store: Store, of: str, cursor: str | None) -> UUID | None:
    position = store.cursors.read(of, cursor)
    return UUID(position[0]) if position else None


def _page(store: Store, of: str, found: Sequence[Listed], limit: int) -> Page[Listed]:
    shown, cursor = cut(found, limit, lambda last: store.cursors.make(of, [str(last.id)]))
    return Page[Listed](items=list(shown), next_cursor=cursor)
