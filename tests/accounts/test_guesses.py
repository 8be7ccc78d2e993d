"""Codes for phones that somebody guesses: the guesser waits longer and longer, and nobody else does."""

import pytest

from app.accounts.sources import Guesses, Sources
from app.kit.errors import Problem
from tests.support.clocks import FakeClock
from tests.support.people import a_member, a_programme
from tests.support.phones import Phone, a_code

pytestmark = pytest.mark.one_server
WRONG = "0000-0000-0000-0000"


def waits(guesses, address):
    try:
        guesses.demand_patience(address)
    except Problem as problem:
        return int(problem.headers["Retry-After"])
    return 0


def test_a_network_waits_for_its_own_guesses_up_to_42_seconds_and_is_forgiven_in_a_quarter_of_an_hour(monkeypatch):
    clock, guesses = FakeClock(monkeypatch), Guesses(Sources())
    delays = []
    for _ in range(9):
        guesses.failed("203.0.113.7")
        delays.append(waits(guesses, "203.0.113.200"))
        assert (waits(guesses, "198.51.100.7"), waits(guesses, "2001:db8::1"), waits(guesses, None)) == (0, 0, 0)
        clock.advance(seconds=delays[-1])
        assert waits(guesses, "203.0.113.7") == 0
    assert delays == [0, 1, 2, 4, 8, 16, 32, 42, 42]
    clock.advance(minutes=16)
    guesses.failed("203.0.113.7")
    assert waits(guesses, "203.0.113.7") == 0


def test_behind_a_proxy_of_the_house_nobody_waits_for_another(monkeypatch):
    FakeClock(monkeypatch)
    guesses = Guesses(Sources())
    for _ in range(9):
        guesses.failed("10.0.0.1")
    assert waits(guesses, "10.0.0.1") == 0


def test_a_phone_with_a_right_code_gets_in_when_its_network_has_waited(server):
    programme = a_programme(server)
    phone, code = Phone(server), a_code(server, programme, a_member(server, programme))["code"]
    server.app.state.sign_in.guesses = Guesses(Sources())
    assert [phone.ask(WRONG).status_code for _ in range(3)] == [404, 404, 429]
    refused = phone.ask(code)
    assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (429, "too_many_requests", "1")
    server.app.state.sign_in.guesses = Guesses(Sources())
    assert phone.ask(code).status_code == 201
    assert phone.ask(code).status_code == 200
