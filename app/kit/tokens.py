"""Access tokens: the only file that knows python-jose, thin enough to be replaced in an hour.

HS256 and nothing else, under 32-byte keys looked up by `kid` in a fixed table; there is no public key anywhere near, so there is nothing
to confuse. The library alone accepts tokens without `exp` or `aud`, text and infinite times, unknown critical headers: each is checked
here, and whatever is wrong with a token, the answer is the same 401.
"""

import base64
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jose import jwt

from app.kit import errors
from app.kit.errors import Problem
from app.kit.ids import parse_id

ALGORITHM = "HS256"
LIFETIME = 600
LARGEST = 4096
AHEAD = 60
ISSUER = "hearsight"
AUDIENCE = "hearsight-api"
TYPE = "at+jwt"
_PART = re.compile(r"[A-Za-z0-9_-]+")
_HEADER = {"alg", "typ", "kid"}
_CLAIMS = {"iss", "aud", "sub", "sid", "dev", "jti", "iat", "nbf", "exp", "typ"}
_REQUIRED = {f"require_{claim}": True for claim in ("aud", "iss", "sub", "jti")}


@dataclass(frozen=True, slots=True)
class Claims:
    """What a good token says: whose account, which session and on which device, until when (seconds since 1970). It holds no rights."""

    account_id: UUID
    session_id: UUID
    expires_at: int
    device_id: UUID | None = None


def issue(ring: Mapping[str, bytes], account_id: UUID, session_id: UUID, now: int, device_id: UUID | None = None) -> str:
    """A token of ten minutes for a session and its device, where it has one; signed with the newest key."""
    kid, key = next(iter(ring.items()))
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(account_id),
        "sid": str(session_id),
        "dev": None if device_id is None else str(device_id),
        "jti": secrets.token_hex(16),
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
        "typ": TYPE,
    }
    token: str = jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": kid, "typ": TYPE})
    return token


def verify(ring: Mapping[str, bytes], token: str, now: int) -> Claims:
    """What a token says, judged by the server's clock only. 401 `invalid_token` for anything but a token that this server issued."""
    try:
        return _verified(ring, token, now)
    except Exception:  # noqa: BLE001 - a hostile token may raise anything, and every answer is the same
        raise Problem(errors.INVALID_TOKEN) from None


def _verified(ring: Mapping[str, bytes], token: str, now: int) -> Claims:
    parts = token.split(".")
    _demand(len(token) <= LARGEST and len(parts) == 3 and all(map(_is_canonical, parts)))  # noqa: PLR2004 - RFC 7515, 7.1
    header = _part(parts[0])
    _demand(set(header) == _HEADER and header["alg"] == ALGORITHM and header["typ"] == TYPE)
    _part(parts[1])
    claims = jwt.decode(token, ring[header["kid"]], algorithms=[ALGORITHM], audience=AUDIENCE, issuer=ISSUER, options=_OPTIONS)
    _demand(set(claims) == _CLAIMS and claims["typ"] == TYPE and claims["aud"] == AUDIENCE)
    issued, starts, ends = (claims[name] for name in ("iat", "nbf", "exp"))
    _demand(all(type(moment) is int for moment in (issued, starts, ends)))
    _demand(issued <= now + AHEAD and starts <= now + AHEAD and now < ends <= issued + LIFETIME)
    account, session = parse_id(claims["sub"]), parse_id(claims["sid"])
    device = None if claims["dev"] is None else parse_id(claims["dev"])
    if account is None or session is None or (device is None and claims["dev"] is not None):
        raise ValueError
    return Claims(account, session, ends, device)


# Times are judged here against the server's clock as it was given, so the library's own look at the clock is switched off; requiring
# one of them would switch it on again. That all three are there, the set of claims says.
_OPTIONS = {**_REQUIRED, "verify_exp": False, "verify_nbf": False, "verify_iat": False}


def _demand(holds: bool) -> None:  # noqa: FBT001 - reads as the demand that it is
    if not holds:
        raise ValueError


def _is_canonical(text: str) -> bool:
    """Whether a part is the one base64url text of its bytes: the library takes other last letters too, so a token would have many texts."""
    return bool(_PART.fullmatch(text)) and base64.urlsafe_b64encode(_bytes(text)).decode().rstrip("=") == text


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _part(text: str) -> dict[str, Any]:
    """A header or a payload, read strictly: an object without equal keys."""
    pairs: list[tuple[str, Any]] = json.loads(_bytes(text), object_pairs_hook=list)
    _demand(isinstance(pairs, list) and len(dict(pairs)) == len(pairs))
    return dict(pairs)
