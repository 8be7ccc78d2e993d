"""Access tokens: what a server issued is good until it ends, and nothing else ever is."""

from uuid import UUID

import pytest

from app.kit import tokens
from app.kit.errors import INVALID_TOKEN, Problem
from tests.support.forged import Forger

KEY = b"k" * 32
RING = {"k1": KEY, "k0": b"o" * 32}
NOW = 1_800_000_000
ACCOUNT = UUID("01a2109c-ff78-76ab-96e0-c6bd357d78fe")
SESSION = UUID("01a2109c-ff7a-70b7-9d08-b7b59a87f26c")
FORGER = Forger("k1", KEY, ACCOUNT, SESSION, NOW)
GOOD = FORGER.good()
FORGED = FORGER.forgeries()


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
    older = FORGER.of({**FORGER.header, "kid": "k0"}, FORGER.claims, key=RING["k0"])
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


def test_a_caller_without_a_token_hears_nothing_about_the_body(server):
    assert server.post("/v1/programmes", {"nonsense": True}).json()["code"] == "invalid_token"
    assert server.request("POST", "/v1/programmes", content=b"{").json()["code"] == "invalid_token"
