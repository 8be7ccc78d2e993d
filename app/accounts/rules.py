"""Decisions about passwords, waiting, how long a session lives, codes and signatures: values in, values out; time is an argument."""

import base64
import binascii
import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import unquote_plus
from uuid import UUID

from app.kit.access import OBSERVER

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
FEWEST_LETTERS = 5
SECRET_LIFETIME = timedelta(days=7)
CLIENT_LIFETIME = timedelta(days=366)
"""The longest that a service client lives: a year, whichever year it is."""
LONGEST_DELAY = 42
FORGET_FAILURES = timedelta(minutes=15)

# What stands at the top of every list of stolen passwords, and what anybody would try first here; digits and signs around it add nothing.
WORST_WORDS = frozenset(
    """
    password passwort passw0rd p@ssword p@ssw0rd parol пароль құпиясөз letmein iloveyou welcome changeme secret superman
    qwerty qwertyuiop йцукен йцукенгшщзхъ asdfghjkl zxcvbnm qazwsxedc 1q2w3e4r5t6y q1w2e3r4t5y6 administrator admin root
    mypassword passwordpassword passwordadmin adminadmin qwertyqwerty test testtest testpassword guest default
    kazakhstan казахстан қазақстан almaty astana hearsight hearsighthearsight courtobserver trialobserver trialmonitor trialmonitoring
    courtmonitor courtmonitoring monitoring мониторинг наблюдатель координатор
    """.split()  # noqa: SIM905 - sixty lines of one word each would hide what stands here
)
_RUNS = tuple(
    row * 3 for row in ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзхъфывапролджэячсмитьбю")
)


def normal_password(text: str) -> str:
    """A password as it is hashed: NFC, nothing cut, so that one typed on another keyboard is the same."""
    return unicodedata.normalize("NFC", text)


def is_weak(password: str, username: str) -> bool:
    """Whether a password is short, well known, a run along a keyboard, a few letters repeated, or the user's own name."""
    plain = password.casefold()
    core = plain.strip("0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~№") or plain
    is_run = any(core in run or core[::-1] in run or plain in run or plain[::-1] in run for run in _RUNS)
    return len(password) < SHORTEST_PASSWORD or len(set(plain)) < FEWEST_LETTERS or is_run or core in {*WORST_WORDS, username.casefold()}


def delay_after(failures: int) -> int:
    """Seconds to wait after so many failures in a row: 0, 1, 2, 4 … 42. It grows and never locks."""
    return min(LONGEST_DELAY, 2 ** min(failures - 2, 10)) if failures > 1 else 0


def waits(failures: int, last_failed_at: datetime, now: datetime) -> int:
    """Whole seconds that are left to wait, rounded up; 0 where a sign-in may be tried."""
    left = last_failed_at + timedelta(seconds=delay_after(failures)) - now
    return max(0, -(-left // timedelta(seconds=1)))


@dataclass(frozen=True, slots=True)
class Span:
    """How long a session lives unused, and at the longest."""

    sliding: timedelta
    absolute: timedelta


OBSERVERS_SPAN = Span(timedelta(days=30), timedelta(days=90))
TRUSTED_SPAN = Span(timedelta(hours=12), timedelta(days=7))


def span_for(roles: set[str], *, is_operator: bool) -> Span:
    """The span of a session: short for whoever can do more than observe."""
    return TRUSTED_SPAN if is_operator or roles - {OBSERVER} else OBSERVERS_SPAN


def is_over(issued_at: datetime, last_used_at: datetime, latest: datetime, span: Span, now: datetime) -> bool:
    """Whether a session has run out, judged by the roles that its account has now."""
    return now >= min(latest, issued_at + span.absolute, last_used_at + span.sliding)


class Turn(Enum):
    """What the number of a refresh token means for its session."""

    NEXT = "next"
    AGAIN = "again"
    REPLAYED = "replayed"


def turn(counter: int, newest: int) -> Turn:
    """Whether a refresh token is the newest, the one before (its successor is still unused: the reply was lost), or one used up."""
    if counter == newest:
        return Turn.NEXT
    return Turn.AGAIN if counter == newest - 1 else Turn.REPLAYED


_COUNTER_LENGTH = 4
_SESSION_LENGTH = 16
_BODY_LENGTH = _SESSION_LENGTH + _COUNTER_LENGTH


def refresh_token(key: bytes, session_id: UUID, counter: int) -> str:
    """The refresh token of a session under a number: it follows from the server's key, so a database alone yields none."""
    body = session_id.bytes + counter.to_bytes(_COUNTER_LENGTH, "big")
    return base64.urlsafe_b64encode(body + hmac.digest(key, body, hashlib.sha256)).decode().rstrip("=")


def read_refresh_token(key: bytes, token: str) -> tuple[UUID, int] | None:
    """The session and the number that a refresh token names; `None` for anything that this server did not make."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, tag = raw[:_BODY_LENGTH], raw[_BODY_LENGTH:]
    if len(body) != _BODY_LENGTH or not hmac.compare_digest(tag, hmac.digest(key, body, hashlib.sha256)):
        return None
    return UUID(bytes=body[:_SESSION_LENGTH]), int.from_bytes(body[_SESSION_LENGTH:], "big")


def subject_of(key: bytes, username_key: str, source: bytes = b"") -> str:
    """The digest under which failures are counted: for a user name, whether it exists or not, and where a source is known, for that alone.

    A user name holds no NUL, so that no name and source are taken for another name.
    """
    return hmac.digest(key, username_key.encode("utf-8", "replace") + b"\0" + source, hashlib.sha256).hex()


def secret_digest(secret: str) -> bytes:
    """What is kept of a one-time secret: its SHA-256 (it has 128 random bits, so it needs no slow hash)."""
    return hashlib.sha256(secret.strip().upper().replace("-", "").encode("utf-8", "replace")).digest()


def client_digest(secret: str) -> bytes:
    """What is kept of a service client's secret: its SHA-256 (it has 256 random bits, so it needs no slow hash)."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def is_alive(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Whether a service client is neither revoked nor at its end."""
    return revoked_at is None and now < expires_at


def basic_credentials(header: str | None) -> tuple[str, str] | None:
    """Name and secret of an `Authorization: Basic` header as OAuth2 spells them (RFC 6749, 2.3.1); `None` for any other."""
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, separator, secret = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return None
    return (unquote_plus(name), unquote_plus(secret)) if separator else None


CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for another."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
CODE_LENGTH, _GROUP = 16, 4


def grouped(code: str) -> str:
    """A code as it is read out: in groups of four."""
    return "-".join(code[start : start + _GROUP] for start in range(0, CODE_LENGTH, _GROUP))


def code_mac(key: bytes, code: str) -> bytes:
    """What is kept of a code: a keyed digest of its letters, however it was typed, so that a database alone can not even be guessed at."""
    letters = code.upper().translate(_READ_AS)
    return hmac.digest(key, letters.encode("utf-8", "replace"), hashlib.sha256)


_SIGNATURE = re.compile(r"([A-Za-z0-9_-]{22,128})\.([A-Za-z0-9_-]{86})", re.ASCII)


def read_signature(header: str | None) -> tuple[str, bytes] | None:
    """The nonce and the 64 bytes of a `Hearsight-Signature` header; `None` for any other text."""
    found = _SIGNATURE.fullmatch(header or "")
    return (found[1], base64.urlsafe_b64decode(found[2] + "==")) if found else None


def signed_refresh(body: bytes, nonce: str) -> bytes:
    """What a phone signs when it refreshes: method, path, digest of the body, nonce. No clock: those of phones are off."""
    return f"POST\n/v1/auth/token\n{hashlib.sha256(body).hexdigest()}\n{nonce}".encode()
