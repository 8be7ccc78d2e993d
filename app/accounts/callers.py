"""Who calls: a token's signature is checked once a minute at most, the session behind it is read from the database at each request."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import Session

from app.accounts import queries, rules
from app.accounts.models import ServiceClient
from app.kit import clock, errors, tokens
from app.kit.access import OBSERVER, SERVICE, Holder, Membership, Scope, ScopeLoader
from app.kit.database import as_id
from app.kit.errors import Problem
from app.kit.keys import Keys
from app.kit.store import Store
from app.kit.tokens import Claims

CHECKED_FOR = 60
LARGEST = 10_000


class TokenReader:
    """Reads access tokens, and remembers for a minute which signatures were good."""

    def __init__(self, keys: Keys) -> None:
        self._ring = keys.ring
        self._checked: dict[str, tuple[Claims, int]] = {}

    def claims_of(self, token: str | None) -> Claims:
        """What a good token says; 401 `invalid_token` for any other. It asks no database."""
        if token is None:
            raise Problem(errors.INVALID_TOKEN)
        now = int(clock.now().timestamp())
        found = self._checked.get(token)
        if found is not None and now < found[1]:
            return found[0]
        claims = tokens.verify(self._ring, token, now)
        if len(self._checked) >= LARGEST:
            self._checked.clear()
        self._checked[token] = claims, min(now + CHECKED_FOR, claims.expires_at)
        return claims

    def session_of(self, token: str | None) -> UUID:
        """The session that a good token names."""
        return self.claims_of(token).session_id

    def holder_of(self, token: str | None) -> tuple[Holder, bool]:
        """The session or service client that a good token names, and whether it is a person's session."""
        claims = self.claims_of(token)
        return Holder(claims.session_id, claims.device_id), claims.account_id != claims.session_id


def scope_query(session: Session, holders: Iterable[Holder]) -> dict[Holder, Scope]:
    """The scopes of several holders by one statement; sessions that ended, or whose account or device may not any more, are left out.

    The token of a service client names the client where others name a session: what is no session is looked for among those. A token that
    names another device than its session is bound to is nobody's.
    """
    asked = set(holders)
    wanted = {each.session_id for each in asked}
    found = _sessions_scopes(session, wanted)
    if others := wanted - found.keys():
        found |= clients_scopes(session, others)
    return {each: scope for each in asked if (scope := found.get(each.session_id)) and scope.device_id == each.device_id}


def _sessions_scopes(session: Session, session_ids: Iterable[UUID]) -> dict[UUID, Scope]:
    told: dict[Any, tuple[_Told, ...]] = {}
    for row in queries.scopes(session, session_ids):
        told[row[0]] = (*told.get(row[0], ()), tuple(row))
    return {scope.session_id: scope for scope in map(_scope_of, told.values())}


_Told = tuple[Any, ...]
"""A row: session, account, whether it is an operator, device; of a membership programme, member, code, role, and who needs devices."""


@lru_cache(maxsize=LARGEST)
def _scope_of(rows: tuple[_Told, ...]) -> Scope:
    """The scope that the database tells of: the same object as long as it tells the same."""
    session_id, account_id, is_operator, device_id = rows[0][:4]
    device = None if device_id is None else as_id(device_id)
    held = tuple(_membership(row, has_device=device is not None) for row in rows if row[5] is not None)
    # What a phone may do is what its observer does: an operator's rights stay with whoever signs in.
    return Scope(as_id(account_id), as_id(session_id), bool(is_operator) and device is None, held, device_id=device)


def _membership(row: _Told, *, has_device: bool) -> Membership:
    programme, member, code, role, devices = row[4:]
    lacks_device = not has_device and role == OBSERVER and devices == "required"
    return Membership(as_id(programme), as_id(member), str(code), str(role), lacks_device)


def clients_scopes(session: Session, client_ids: Iterable[UUID]) -> dict[UUID, Scope]:
    """The scopes of service clients that are neither revoked nor at their end."""
    now = clock.now()
    alive = [each for each in queries.clients_among(session, client_ids) if rules.is_alive(each.expires_at, each.revoked_at, now)]
    return {each.id: client_scope(each) for each in alive}


def client_scope(client: ServiceClient) -> Scope:
    """What a service client may do: on a route that one of its scopes opens, what that scope lends; elsewhere nothing."""
    held = Membership(client.programme_id, client.id, SERVICE, SERVICE)
    return Scope(client.id, client.id, memberships=(held,), client_scopes=frozenset(orjson.loads(client.scopes)))


def codes_of(session: Session, member_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The codes of members by their ids."""
    return queries.codes(session, member_ids)


def load_scope(store: Store, reader: TokenReader) -> ScopeLoader:
    """Loads the scope of a request's token: 401 `invalid_token` without a good one, `session_ended` where its session is over."""

    def load(token: str | None) -> Scope:
        holder, _ = reader.holder_of(token)
        with store.read() as session:
            scope = scope_query(session, [holder]).get(holder)
        if scope is None:
            raise Problem(errors.SESSION_ENDED)
        return scope

    return load
