"""Tokens as a forger would put them together: each differs in one thing from one that the server would take."""

import base64
import hashlib
import hmac
import json
from uuid import uuid4

HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


def encoded(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def without(claims, claim):
    return {name: value for name, value in claims.items() if name != claim}


class Forger:
    """Somebody who knows a server's key and for whom the others are named; so that a token is refused for what is wrong with it."""

    def __init__(self, kid, key, account, session, now) -> None:
        self.key, self.now = key, now
        self.header = {"alg": "HS256", "typ": "at+jwt", "kid": kid}
        who = {"iss": "hearsight", "aud": "hearsight-api", "sub": str(account), "sid": str(session), "dev": None, "jti": uuid4().hex}
        self.claims = {**who, "iat": now, "nbf": now, "exp": now + 600, "typ": "at+jwt"}

    def of(self, header, payload, key=None, hash_name="HS256"):
        """A token; a header or payload in text stands as it is."""
        parts = [part if isinstance(part, str) else json.dumps(part) for part in (header, payload)]
        body = ".".join(encoded(part.encode()) for part in parts)
        return f"{body}.{encoded(hmac.digest(self.key if key is None else key, body.encode(), HASHES[hash_name]))}"

    def good(self, **claims):
        """A token that is taken."""
        return self.of(self.header, {**self.claims, **claims})

    def forgeries(self, other="k0"):
        """By what is wrong with it, a token that must be refused; `other` is the name of another key of the ring."""
        header, claims, now, good = self.header, self.claims, self.now, self.good()
        return {
            "no algorithm": self.of({**header, "alg": "none"}, claims),
            "no algorithm and no signature": self.of({**header, "alg": "none"}, claims).rpartition(".")[0] + ".",
            "no algorithm in mixed case": self.of({**header, "alg": "NonE"}, claims),
            "a longer hash": self.of({**header, "alg": "HS384"}, claims, hash_name="HS384"),
            "RSA by header": self.of({**header, "alg": "RS256"}, claims),
            "elliptic curve by header": self.of({**header, "alg": "ES256"}, claims),
            "another key": self.of(header, claims, key=b"x" * 32),
            "an empty key": self.of(header, claims, key=b""),
            "a key of the ring under another name": self.of({**header, "kid": other}, claims),
            "a key name that climbs": self.of({**header, "kid": "../../etc/passwd"}, claims),
            "a key name that speaks SQL": self.of({**header, "kid": f"{header['kid']}' OR '1'='1"}, claims),
            "a key name that is a list": self.of({**header, "kid": [header["kid"]]}, claims),
            "no key name": self.of({name: header[name] for name in ("alg", "typ")}, claims),
            "a key set by address": self.of({**header, "jku": "https://example.org/keys"}, claims),
            "a certificate by address": self.of({**header, "x5u": "https://example.org/cert"}, claims),
            "a key of its own": self.of({**header, "jwk": {"kty": "oct", "k": encoded(self.key)}}, claims),
            "a critical header": self.of({**header, "crit": ["b64"], "b64": False}, claims),
            "another type in the header": self.of({**header, "typ": "JWT"}, claims),
            "a header twice": self.of(json.dumps(header).replace("{", '{"alg": "HS256", ', 1), claims),
            "a header that is a list": self.of([list(pair) for pair in header.items()], claims),
            "no end": self.of(header, without(claims, "exp")),
            "an end in text": self.of(header, {**claims, "exp": str(now + 600)}),
            "an end with a fraction": self.of(header, {**claims, "exp": now + 600.5}),
            "an infinite end": self.of(header, json.dumps(claims).replace(str(now + 600), "Infinity")),
            "a true end": self.of(header, {**claims, "exp": True}),
            "an end far away": self.of(header, {**claims, "exp": now + 86_400}),
            "no audience": self.of(header, without(claims, "aud")),
            "another audience": self.of(header, {**claims, "aud": "somebody"}),
            "many audiences": self.of(header, {**claims, "aud": ["hearsight-api", "somebody"]}),
            "no issuer": self.of(header, without(claims, "iss")),
            "another issuer": self.of(header, {**claims, "iss": "somebody"}),
            "no number": self.of(header, without(claims, "jti")),
            "no type": self.of(header, without(claims, "typ")),
            "a refresh type": self.of(header, {**claims, "typ": "refresh"}),
            "no session": self.of(header, without(claims, "sid")),
            "a session that is no id": self.of(header, {**claims, "sid": "1 OR 1=1"}),
            "an account that is a number": self.of(header, {**claims, "sub": 1}),
            "roles": self.of(header, {**claims, "role": "operator"}),
            "issued in the future": self.of(header, {**claims, "iat": now + 120, "exp": now + 500}),
            "not to be used before": self.of(header, {**claims, "nbf": now + 120}),
            "a payload that is a list": self.of(header, [1, 2]),
            "a payload that is no JSON": self.of(header, "not json"),
            "two parts": good.rpartition(".")[0],
            "five parts": good + ".a.b",
            "a blank inside": good[:20] + " " + good[20:],
            "padding": good + "=",
            "another spelling of the same signature": good[:-1] + chr(ord(good[-1]) + 1),
            "no expiry and no audience": self.of(header, {name: claims[name] for name in claims if name not in ("exp", "aud")}),
            "a time as large as a number gets": self.of(header, json.dumps(claims).replace(str(now + 600), "1e400")),
            "a claim twice": self.of(header, json.dumps(claims).replace("{", '{"sub": "x", ', 1)),
            "no signature": good.rpartition(".")[0] + ".",
            "nothing": "a.b.c",
            "a megabyte": good + "A" * 1_000_000,
        }
