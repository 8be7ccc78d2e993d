"""Access tokens: what a server issued is good until it ends, and nothing else ever is."""

import base64
import hashlib
import hmac
import json
from uuid import UUID

import pytest

from app.kit import tokens
from app.kit.errors import INVALID_TOKEN, Problem
from tests.support.people import PASSWORD, an_account, signed_in

KEY = b"k" * 32
RING = {"k1": KEY, "k0": b"o" * 32}
NOW = 1_800_000_000
ACCOUNT = UUID("01a2109c-ff78-76ab-96e0-c6bd357d78fe")
SESSION = UUID("01a2109c-ff7a-70b7-9d08-b7b59a87f26c")
HEADER = {"alg": "HS256", "typ": "at+jwt", "kid": "k1"}
CLAIMS = {
    "iss": "hearsight",
    "aud": "hearsight-api",
    "sub": str(ACCOUNT),
    "sid": str(SESSION),
    "dev": None,
    "jti": "0" * 32,
    "iat": NOW,
    "nbf": NOW,
    "exp": NOW + 600,
    "typ": "at+jwt",
}
HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


def encoded(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def token_of(header, payload, key=KEY, hash_name="HS256"):
    """A token as a forger would put it together; texts stand as they are."""
    parts = [part if isinstance(part, str) else json.dumps(part) for part in (header, payload)]
    body = ".".join(encoded(part.encode()) for part in parts)
    return f"{body}.{encoded(hmac.digest(key, body.encode(), HASHES[hash_name]))}"


def without(claim):
    return {name: value for name, value in CLAIMS.items() if name != claim}


GOOD = token_of(HEADER, CLAIMS)
FORGED = {
    "no algorithm": token_of({**HEADER, "alg": "none"}, CLAIMS),
    "no algorithm and no signature": token_of({**HEADER, "alg": "none"}, CLAIMS).rpartition(".")[0] + ".",
    "no algorithm in mixed case": token_of({**HEADER, "alg": "NonE"}, CLAIMS),
    "a longer hash": token_of({**HEADER, "alg": "HS384"}, CLAIMS, hash_name="HS384"),
    "RSA by header": token_of({**HEADER, "alg": "RS256"}, CLAIMS),
    "elliptic curve by header": token_of({**HEADER, "alg": "ES256"}, CLAIMS),
    "another key": token_of(HEADER, CLAIMS, key=b"x" * 32),
    "an empty key": token_of(HEADER, CLAIMS, key=b""),
    "a key of the ring under another name": token_of({**HEADER, "kid": "k0"}, CLAIMS),
    "a key name that climbs": token_of({**HEADER, "kid": "../../etc/passwd"}, CLAIMS),
    "a key name that speaks SQL": token_of({**HEADER, "kid": "k1' OR '1'='1"}, CLAIMS),
    "a key name that is a list": token_of({**HEADER, "kid": ["k1"]}, CLAIMS),
    "no key name": token_of({"alg": "HS256", "typ": "at+jwt"}, CLAIMS),
    "a key set by address": token_of({**HEADER, "jku": "https://example.org/keys"}, CLAIMS),
    "a certificate by address": token_of({**HEADER, "x5u": "https://example.org/cert"}, CLAIMS),
    "a key of its own": token_of({**HEADER, "jwk": {"kty": "oct", "k": encoded(KEY)}}, CLAIMS),
    "a critical header": token_of({**HEADER, "crit": ["b64"], "b64": False}, CLAIMS),
    "another type in the header": token_of({**HEADER, "typ": "JWT"}, CLAIMS),
    "a header twice": token_of('{"alg":"HS256","alg":"HS256","typ":"at+jwt","kid":"k1"}', CLAIMS),
    "a header that is a list": token_of([["alg", "HS256"], ["typ", "at+jwt"], ["kid", "k1"]], CLAIMS),
    "no end": token_of(HEADER, without("exp")),
    "an end in text": token_of(HEADER, {**CLAIMS, "exp": str(NOW + 600)}),
    "an end with a fraction": token_of(HEADER, {**CLAIMS, "exp": NOW + 600.5}),
    "an infinite end": token_of(HEADER, json.dumps(CLAIMS).replace(str(NOW + 600), "Infinity")),
    "a true end": token_of(HEADER, {**CLAIMS, "exp": True}),
    "an end far away": token_of(HEADER, {**CLAIMS, "exp": NOW + 86_400}),
    "no audience": token_of(HEADER, without("aud")),
    "another audience": token_of(HEADER, {**CLAIMS, "aud": "somebody"}),
    "many audiences": token_of(HEADER, {**CLAIMS, "aud": ["hearsight-api", "somebody"]}),
    "no issuer": token_of(HEADER, without("iss")),
    "another issuer": token_of(HEADER, {**CLAIMS, "iss": "somebody"}),
    "no number": token_of(HEADER, without("jti")),
    "no type": token_of(HEADER, without("typ")),
    "a refresh type": token_of(HEADER, {**CLAIMS, "typ": "refresh"}),
    "no session": token_of(HEADER, without("sid")),
    "a session that is no id": token_of(HEADER, {**CLAIMS, "sid": "1 OR 1=1"}),
    "an account that is a number": token_of(HEADER, {**CLAIMS, "sub": 1}),
    "roles": token_of(HEADER, {**CLAIMS, "role": "operator"}),
    "issued in the future": token_of(HEADER, {**CLAIMS, "iat": NOW + 120, "exp": NOW + 500}),
    "not to be used before": token_of(HEADER, {**CLAIMS, "nbf": NOW + 120}),
    "a payload that is a list": token_of(HEADER, [1, 2]),
    "a payload that is no JSON": token_of(HEADER, "not json"),
    "two parts": GOOD.rpartition(".")[0],
    "five parts": GOOD + ".a.b",
    "a blank inside": GOOD[:20] + " " + GOOD[20:],
    "padding": GOOD + "=",
    "no signature": GOOD.rpartition(".")[0] + ".",
    "nothing": "a.b.c",
    "a megabyte": GOOD + "A" * 1_000_000,
}


def refused(token, now=NOW):
    with pytest.raises(Problem) as caught:
        tokens.verify(RING, token, now)
    return caught.value.kind is INVALID_TOKEN


def test_a_token_tells_whose_session_it_is_and_until_when():
    issued = tokens.issue(RING, ACCOUNT, SESSION, NOW)
    assert tokens.verify(RING, issued, NOW) == tokens.Claims(ACCOUNT, SESSION, NOW + 600)


def test_the_forgers_tools_make_good_tokens_where_they_change_nothing():
    assert tokens.verify(RING, GOOD, NOW) == tokens.Claims(ACCOUNT, SESSION, NOW + 600)


def test_tokens_under_the_older_key_of_the_ring_stay_good():
    older = token_of({**HEADER, "kid": "k0"}, CLAIMS, key=RING["k0"])
    assert tokens.verify(RING, older, NOW).session_id == SESSION


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_token_is_refused(how):
    assert refused(FORGED[how])


def test_a_token_is_good_until_its_last_second_and_not_after_it():
    assert tokens.verify(RING, GOOD, NOW + 599)
    assert refused(GOOD, NOW + 600)
    assert refused(GOOD, NOW + 601)


def test_a_server_whose_clock_was_set_back_a_little_takes_its_own_tokens():
    assert tokens.verify(RING, GOOD, NOW - 60)
    assert refused(GOOD, NOW - 61)


def problem_of(answer):
    body = answer.json()
    assert body.pop("request_id")
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, body, headers


def test_every_bad_token_gets_the_same_answer_over_http(server):
    person = signed_in(server, an_account(server))
    first = server.get("/v1/me", token="a.b.c")
    assert (first.status_code, first.json()["code"]) == (401, "invalid_token")
    bad = [*(token for how, token in FORGED.items() if how != "a megabyte"), GOOD, person.refresh_token, PASSWORD]
    for token in bad:
        assert problem_of(server.get("/v1/me", token=token)) == problem_of(first)
    for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}, {"Authorization": person.token}):
        assert problem_of(server.get("/v1/me", headers=headers)) == problem_of(first)
    assert server.get("/v1/me", token=person.token).status_code == 200


def test_a_caller_without_a_token_hears_nothing_about_the_body(server):
    assert server.post("/v1/programmes", {"nonsense": True}).json()["code"] == "invalid_token"
    assert server.request("POST", "/v1/programmes", content=b"{").json()["code"] == "invalid_token"
