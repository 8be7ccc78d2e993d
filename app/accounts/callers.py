"""Who calls: a token's signature is checked once a minute at most, the session behind it is read from the database at each request."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries
from app.kit import clock, errors, tokens
from app.kit.access import Membership, Scope, ScopeLoader
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


def scope_query(session: Session, session_ids: Iterable[UUID]) -> dict[UUID, Scope]:
    """The scopes of several sessions by one statement; those that ended, or whose account was disabled, are left out."""
    found: dict[UUID, Scope] = {}
    for session_id, account_id, is_operator, programme_id, member_id, code, role in queries.scopes(session, session_ids):
        key = as_id(session_id)
        held = found[key].memberships if key in found else ()
        if member_id is not None:
            held = (*held, Membership(as_id(programme_id), as_id(member_id), str(code), str(role)))
        found[key] = Scope(as_id(account_id), key, bool(is_operator), held)
    return found


def codes_of(session: Session, member_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The codes of members by their ids."""
    return queries.codes(session, member_ids)


def load_scope(store: Store, reader: TokenReader) -> ScopeLoader:
    """Loads the scope of a request's token: 401 `invalid_token` without a good one, `session_ended` where its session is over."""

    def load(token: str | None) -> Scope:
        session_id = reader.session_of(token)
        with store.read() as session:
            scope = scope_query(session, [session_id]).get(session_id)
        if scope is None:
            raise Problem(errors.SESSION_ENDED)
        return scope

    return load
