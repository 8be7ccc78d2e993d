"""Signing in and out: passwords, refreshing, revoking, one-time secrets. The session of a phone is refreshed with its signature.

Hashing takes place before a transaction, never in it. Whatever is wrong with a name or a password, the answer and the work are the same.

Failures are counted for a user name, over all strangers together. Who is known counts for themselves, so that strangers shut nobody out:
whoever shows a refresh token of the account, one that has run out included, and whoever comes from a network that signed in today.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlmodel import Session

from app.accounts import devices, queries, rules
from app.accounts.callers import TokenReader
from app.accounts.errors import INVALID_CREDENTIALS, TOO_MANY_REQUESTS, WEAK_PASSWORD
from app.accounts.models import Account, Device, LoginSession
from app.accounts.passwords import Passwords, new_secret
from app.accounts.rules import Turn
from app.accounts.schemas import Newcomer, TokenShown
from app.accounts.service import join
from app.accounts.sources import Guesses, Sources
from app.journal.schemas import Entry, EventKind
from app.journal.service import record
from app.kit import clock, errors, ids, tokens
from app.kit.codes import folded
from app.kit.errors import Fault, Problem
from app.kit.store import Store
from app.kit.wire import clean_text


def known_key(username: str) -> str:
    """What a user name is looked up by; a text that no account can have finds none."""
    try:
        return folded(clean_text(username).strip())
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of who asks to be let in: an address, which is never kept, and a refresh token of an earlier session."""

    address: str | None = None
    refresh_token: str | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """What a refresh was sent with: the `Hearsight-Signature` header, and the bytes of the body that it is for."""

    header: str | None = None
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One try at a password: under which name, for which account if any, and where its failures are counted."""

    subject: str
    bucket: str
    network: bytes | None
    account_id: UUID | None
    password_hash: str | None


class SignIn:
    """The ways into a server and out of it."""

    def __init__(self, store: Store, reader: TokenReader, passwords: Passwords) -> None:
        self._store = store
        self._reader = reader
        self._passwords = passwords
        self._sources = Sources()
        self.guesses = Guesses(self._sources)
        self._refresh_key = store.keys.derive("refresh")
        self._delay_key = store.keys.derive("login-delay")

    def by_password(self, username: str, password: str, origin: Origin = Origin()) -> TokenShown:
        """Tokens of a new session. 401 `invalid_credentials`; 429 `too_many_requests` while a delay lasts or too many sign in."""
        attempt = self._attempt(username, origin)
        # Asked before a place is taken: what has to wait anyway keeps nobody else from signing in.
        self._demand_patience(attempt)
        with self._passwords.turn(attempt.network):
            if not self._holds(attempt, password):
                # Counted before the place is given up, so that guesses sent all at once do not slip past the delay.
                self._store.write(partial(_note_failure, bucket=attempt.bucket, at=clock.now()))
                raise Problem(INVALID_CREDENTIALS)
        begun = self._store.write(partial(_start, attempt=attempt, at=clock.now()))
        if begun is None:
            raise Problem(INVALID_CREDENTIALS)
        self._sources.remember(attempt.subject, attempt.network)
        return self.tokens_of(begun)

    def _attempt(self, username: str, origin: Origin) -> _Attempt:
        # By the key where a name has one, for outer blanks make no other name; else as it came.
        key = known_key(username) or folded(username)
        subject, network = rules.subject_of(self._delay_key, key), self._sources.network(origin.address)
        shown = rules.read_refresh_token(self._refresh_key, origin.refresh_token or "")
        with self._store.read() as session:
            account = queries.account_by_key(session, known_key(username))
            earlier = queries.session_of(session, shown[0]) if shown and account else None
            account_id, password_hash = (account.id, account.password_hash) if account and account.is_active else (None, None)
            is_theirs = earlier is not None and earlier.ended_at is None and earlier.account_id == account_id
        source = b""
        if earlier is not None and is_theirs:
            source = earlier.id.bytes
        elif network is not None and self._sources.knows(subject, network):
            source = network
        bucket = rules.subject_of(self._delay_key, key, source) if source else subject
        return _Attempt(subject, bucket, network, account_id, password_hash)

    def _demand_patience(self, attempt: _Attempt) -> None:
        with self._store.read() as session:
            failed = queries.failures_of(session, attempt.bucket)
            seconds = rules.waits(failed.failures, failed.last_failed_at, clock.now()) if failed else 0
        if seconds:
            raise Problem(TOO_MANY_REQUESTS, headers={"Retry-After": str(seconds)})

    def _holds(self, attempt: _Attempt, password: str) -> bool:
        # Asked again: others may have failed while this one waited for its place.
        self._demand_patience(attempt)
        return self._passwords.holds(password, attempt.password_hash) and attempt.account_id is not None

    def by_refresh(self, token: str, signed: Signed = Signed()) -> TokenShown:
        """The next tokens of a session. 401 `invalid_token` for what is no refresh token of ours, `session_ended` for one used up.

        Of a phone's session also `session_ended` where the signature of the phone is missing or wrong; nothing changes by it.
        """
        named = rules.read_refresh_token(self._refresh_key, token)
        if named is None:
            raise Problem(errors.INVALID_TOKEN)
        # A replayed token ends its session, which must be durable before the refusal: so the refusal is raised out here.
        found = self._store.write(partial(_refresh, session_id=named[0], counter=named[1], signed=signed, at=clock.now()))
        if found is None:
            raise Problem(errors.SESSION_ENDED)
        return self.tokens_of(*found)

    def revoke(self, token: str) -> None:
        """End the session of a token of either kind; a token that names none is no fault (RFC 7009, 2.2)."""
        session_id = self._session_named(token)
        if session_id is not None:
            self._store.write(partial(_end, session_id=session_id, at=clock.now()))

    def _session_named(self, token: str) -> UUID | None:
        named = rules.read_refresh_token(self._refresh_key, token)
        try:
            return named[0] if named else self._reader.session_of(token)
        except Problem:
            return None

    def redeem(self, username: str, secret: str, password: str) -> None:
        """Set a password by a one-time secret, once; every older session of the account ends. 401 `invalid_credentials`.

        Only for a right secret is anything hashed: whoever has none takes no place from others, whatever name they try.
        """
        demand_strength(password, username)
        key, digest = known_key(username), rules.secret_digest(secret)
        with self._store.read() as session:
            is_right = _fits(queries.account_by_key(session, key), digest, clock.now())
        if not is_right:
            raise Problem(INVALID_CREDENTIALS)
        with self._passwords.turn():
            hashed = self._passwords.hash(password)
        if not self._store.write(partial(_redeem, username_key=key, digest=digest, hashed=hashed, at=clock.now())):
            raise Problem(INVALID_CREDENTIALS)

    def newcomer(self, username: str, password: str | None, place: str = "/password") -> Newcomer:
        """What an account for a user name would be opened with: a hashed password or a one-time secret. The same work in any case."""
        if password is None:
            return Newcomer(username, folded(username), None, new_secret(), clock.now() + rules.SECRET_LIFETIME)
        demand_strength(password, username, place)
        with self._passwords.turn():
            return Newcomer(username, folded(username), self._passwords.hash(password), None, None)

    def tokens_of(self, found: LoginSession, device_id: UUID | None = None) -> TokenShown:
        """The tokens of a session, for the device that it is bound to."""
        issued_at = int(clock.now().timestamp())
        return TokenShown(
            access_token=tokens.issue(self._store.keys.ring, found.account_id, found.id, issued_at, device_id),
            expires_in=tokens.LIFETIME,
            refresh_token=rules.refresh_token(self._refresh_key, found.id, found.refresh_counter),
        )


def demand_strength(password: str, username: str, place: str = "/password") -> None:
    """422 `weak_password` for a password that would be guessed."""
    if rules.is_weak(password, username):
        raise errors.invalid(Fault(place, WEAK_PASSWORD))


def _note_failure(session: Session, bucket: str, at: datetime) -> None:
    queries.note_failure(session, bucket, at, at - rules.FORGET_FAILURES)


def _start(session: Session, attempt: _Attempt, at: datetime) -> LoginSession | None:
    """A new session, written; memberships that an account was made for come into force.

    `None` where the password was changed, or the account disabled, while the old one was being checked.
    """
    account = queries.account(session, attempt.account_id) if attempt.account_id else None
    if account is None or not account.is_active or account.password_hash != attempt.password_hash:
        return None
    account_id = account.id
    queries.forget_failures(session, attempt.bucket)
    for member in queries.members_of_account(session, account_id):
        if member.status == "invited" and member.joins_at_sign_in:
            join(session, member, at)
    return begin_session(session, account_id, at)


def begin_session(session: Session, account_id: UUID, at: datetime) -> LoginSession:
    """A new session of an account, written."""
    latest = at + rules.OBSERVERS_SPAN.absolute
    made = LoginSession(id=ids.new_id(), account_id=account_id, issued_at=at, last_used_at=at, absolute_expires_at=latest)
    session.add(made)
    _note(session, EventKind.SESSION_STARTED, made)
    return made


def _refresh(session: Session, session_id: UUID, counter: int, signed: Signed, at: datetime) -> tuple[LoginSession, UUID | None] | None:
    """The session with its next number and its device, or `None` where it is over; a token used up ends it."""
    found = queries.locked_session(session, session_id)
    device = queries.device_of_session(session, session_id)
    if found is None or not _is_alive(session, *found, device, at):
        return None
    if device is not None:
        # Before the number is looked at: whoever copied a token and has no key ends nobody's session.
        if not devices.is_signed(device, signed.header, signed.body):
            return None
        devices.see(session, device, at)
    alive, _ = found
    match rules.turn(counter, alive.refresh_counter):
        case Turn.REPLAYED:
            alive.ended_at = at
            _note(session, EventKind.SESSION_REPLAYED, alive)
            if device is not None:
                devices.note_replay(session, device)
            return None
        case Turn.NEXT:
            alive.refresh_counter += 1
            alive.last_used_at = at
        case Turn.AGAIN:
            pass
    return alive, device.id if device else None


def _is_alive(session: Session, found: LoginSession, account: Account, device: Device | None, at: datetime) -> bool:
    if found.ended_at is not None or not account.is_active:
        return False
    span = rules.OBSERVERS_SPAN if device is not None else _span_of(session, account)
    return not rules.is_over(found.issued_at, found.last_used_at, found.absolute_expires_at, span, at)


def _span_of(session: Session, account: Account) -> rules.Span:
    roles = {member.role for member in queries.members_of_account(session, account.id) if member.status == "active"}
    return rules.span_for(roles, is_operator=account.is_operator)


def _end(session: Session, session_id: UUID, at: datetime) -> None:
    found = queries.locked_session(session, session_id)
    if found is not None and found[0].ended_at is None:
        found[0].ended_at = at
        _note(session, EventKind.SESSION_ENDED, found[0])
        # A phone that signs out is out: its session is the only one that it will ever have.
        if (device := queries.device_of_session(session, session_id)) is not None:
            devices.revoke(session, device, at, actor=device.member_id)


def _fits(account: Account | None, digest: bytes, at: datetime) -> bool:
    """Whether a one-time secret is the one that an account waits for."""
    kept = account.secret_hash if account is not None and account.is_active else None
    is_right = hmac.compare_digest(kept or bytes(len(digest)), digest)
    until = account.secret_expires_at if account is not None else None
    return is_right and kept is not None and until is not None and until > at


def _redeem(session: Session, username_key: str, digest: bytes, hashed: str, at: datetime) -> bool:
    account = queries.account_by_key(session, username_key, for_update=True)
    if account is None or not _fits(account, digest, at):
        return False
    account.password_hash, account.secret_hash, account.secret_expires_at = hashed, None, None
    # A phone was let in by a coordinator's code and not by the password: it stays, until it is revoked.
    queries.end_sessions(session, account.id, at, with_phones=False)
    record(session, Entry(EventKind.PASSWORD_SET, account.id, actor=account.id))
    return True


def _note(session: Session, kind: EventKind, found: LoginSession) -> None:
    record(session, Entry(kind, found.id, actor=found.account_id))
