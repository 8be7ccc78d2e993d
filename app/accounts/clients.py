"""Service clients: programs that read in one programme by themselves. Coordinators make and revoke them; their secret lets them in."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson
from sqlmodel import Session

from app.accounts import queries, rules
from app.accounts.errors import INVALID_CLIENT
from app.accounts.models import ServiceClient
from app.accounts.schemas import ClientCreated, ClientMade, ClientShown, TokenShown
from app.accounts.service import Listed, check_coordinator
from app.journal.schemas import Entry, EventKind
from app.journal.service import record
from app.kit import clock, errors, ids, tokens
from app.kit.access import Scope
from app.kit.errors import Fault, Problem
from app.kit.ids import parse_id
from app.kit.store import Store

_NOBODY = UUID(int=0)


def create_client(session: Session, scope: Scope, programme_id: UUID, body: ClientCreated) -> ClientMade:
    """A new service client with its secret, this once. 422 `out_of_range` for an end that is past or more than a year away."""
    actor = check_coordinator(session, scope, programme_id)
    now = clock.now()
    secret = secrets.token_urlsafe(32)
    made = ServiceClient(
        programme_id=programme_id,
        id=ids.new_id(),
        label=body.label,
        secret_hash=rules.client_digest(secret),
        scopes=orjson.dumps(body.scopes).decode(),
        created_by=actor,
        created_at=now,
        expires_at=_end(body.expires_at, now),
    )
    session.add(made)
    _note(session, EventKind.CLIENT_CREATED, made, actor=actor)
    return ClientMade(**_shown(made).model_dump(), secret=secret)


def _end(asked: datetime | None, now: datetime) -> datetime:
    latest = now + rules.CLIENT_LIFETIME
    if asked is not None and not now < asked <= latest:
        raise errors.invalid(Fault("/expires_at", errors.OUT_OF_RANGE))
    return asked or latest


def list_clients(session: Session, scope: Scope, programme_id: UUID, listed: Listed) -> Sequence[ClientShown]:
    """The service clients of a programme, revoked ones included."""
    check_coordinator(session, scope, programme_id)
    return [_shown(each) for each in queries.clients(session, programme_id, *listed)]


def show_client(session: Session, scope: Scope, programme_id: UUID, client_id: UUID) -> ClientShown:
    """A service client of a programme."""
    check_coordinator(session, scope, programme_id)
    return _shown(_found(session, programme_id, client_id))


def revoke_client(session: Session, scope: Scope, programme_id: UUID, client_id: UUID) -> None:
    """End a service client, from its next request on and for ever. Its row stays, and says when."""
    actor = check_coordinator(session, scope, programme_id)
    found = _found(session, programme_id, client_id, for_update=True)
    if found.revoked_at is None:
        found.revoked_at = clock.now()
        _note(session, EventKind.CLIENT_REVOKED, found, actor=actor)


def admit_client(store: Store, client_id: str, secret: str) -> TokenShown:
    """A token for a service client (RFC 6749, 4.4), without a refresh token. 401 `invalid_client`, whatever is wrong.

    An unknown, a revoked and an expired client and a wrong secret cost the same: one look-up and one comparison.
    """
    given, now = rules.client_digest(secret), clock.now()
    with store.read() as session:
        found = next(iter(queries.clients_among(session, [parse_id(client_id) or _NOBODY])), None)
        is_right = hmac.compare_digest(found.secret_hash if found else bytes(len(given)), given)
        if found is None or not is_right or not rules.is_alive(found.expires_at, found.revoked_at, now):
            raise Problem(INVALID_CLIENT)
        token = tokens.issue(store.keys.ring, found.id, found.id, int(now.timestamp()))
        return TokenShown(access_token=token, expires_in=tokens.LIFETIME, scope=" ".join(orjson.loads(found.scopes)))


def _found(session: Session, programme_id: UUID, client_id: UUID, *, for_update: bool = False) -> ServiceClient:
    found = queries.client(session, programme_id, client_id, for_update=for_update)
    if found is None:
        raise errors.missing()
    return found


def _shown(client: ServiceClient) -> ClientShown:
    fields = client.model_dump(include=set(ClientShown.model_fields) - {"scopes"})
    return ClientShown(**fields, scopes=orjson.loads(client.scopes))


def _note(session: Session, kind: EventKind, client: ServiceClient, *, actor: UUID) -> None:
    facts = {"scopes": orjson.loads(client.scopes), "expires_at": clock.stamp(client.expires_at)}
    record(session, Entry(kind, client.id, log=client.programme_id, actor=actor, facts=facts))
