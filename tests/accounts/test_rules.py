"""Waiting, weak passwords, spans and refresh tokens, as decisions about values."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.accounts import rules
from app.accounts.rules import OBSERVERS_SPAN, TRUSTED_SPAN, Turn

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = b"r" * 32
SESSION = UUID("01a2109c-ff7a-70b7-9d08-b7b59a87f26c")


def test_the_delay_grows_and_never_locks():
    assert [rules.delay_after(failures) for failures in range(9)] == [0, 0, 1, 2, 4, 8, 16, 32, 42]
    assert rules.delay_after(1_000_000) == 42


def test_what_is_left_to_wait_is_rounded_up_to_whole_seconds():
    assert rules.waits(3, START, START) == 2
    assert rules.waits(3, START, START + timedelta(seconds=0.5)) == 2
    assert rules.waits(3, START, START + timedelta(seconds=1.5)) == 1
    assert rules.waits(3, START, START + timedelta(seconds=2)) == 0
    assert rules.waits(3, START, START + timedelta(days=1)) == 0


@pytest.mark.parametrize(
    "password",
    [
        "",
        "elevenchars",
        "aaaaaaaaaaaaaaaa",
        "abababababab",
        "123456789012",
        "098765432109",
        "abcdefghijklmno",
        "qwertyuiopas",
        "йцукенгшщзхъ",
        "Password1234",
        "p@ssw0rd!!!!!!",
        "hearsight2026!",
        "  Administrator 1  ",
        "passwordpassword",
        "A.Coordinator",
    ],
)
def test_a_password_that_would_be_guessed_is_weak(password):
    assert rules.is_weak(password, "a.coordinator")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "тихий суд в апреле",
        "қара шаңырақ 12",
        "observer-password-1",
        "x7#Kq2!vR9$m",
        "🐎🐈🐕🐄🐖🐏🐐🐪🐫🦙🦒🐘",
    ],
)
def test_a_password_of_any_script_that_nobody_tries_first_is_taken(password):
    assert not rules.is_weak(password, "a.coordinator")


def test_sessions_of_whoever_can_do_more_than_observe_are_short():
    assert rules.span_for({"observer"}, is_operator=False) == OBSERVERS_SPAN
    assert rules.span_for(set(), is_operator=False) == OBSERVERS_SPAN
    assert rules.span_for({"observer", "auditor"}, is_operator=False) == TRUSTED_SPAN
    assert rules.span_for(set(), is_operator=True) == TRUSTED_SPAN
    assert (OBSERVERS_SPAN.sliding, OBSERVERS_SPAN.absolute) == (timedelta(days=30), timedelta(days=90))
    assert (TRUSTED_SPAN.sliding, TRUSTED_SPAN.absolute) == (timedelta(hours=12), timedelta(days=7))


def test_a_session_ends_unused_or_at_the_longest():
    latest = START + timedelta(days=90)
    used = START + timedelta(days=5)
    assert not rules.is_over(START, used, latest, TRUSTED_SPAN, used + timedelta(hours=12) - timedelta(seconds=1))
    assert rules.is_over(START, used, latest, TRUSTED_SPAN, used + timedelta(hours=12))
    assert rules.is_over(START, START + timedelta(days=7), latest, TRUSTED_SPAN, START + timedelta(days=7))
    assert rules.is_over(START, latest, latest, OBSERVERS_SPAN, latest)


def test_a_refresh_token_is_new_resent_or_replayed():
    assert [rules.turn(counter, 5) for counter in (5, 4, 3, 0)] == [Turn.NEXT, Turn.AGAIN, Turn.REPLAYED, Turn.REPLAYED]


def test_a_refresh_token_names_its_session_and_number():
    token = rules.refresh_token(KEY, SESSION, 7)
    assert rules.read_refresh_token(KEY, token) == (SESSION, 7)


def test_a_changed_refresh_token_names_nothing():
    token = rules.refresh_token(KEY, SESSION, 7)
    for changed in (token[:-2], "z" + token[1:], token + "AA", token.replace("-", "+") + "+", "", "é", "A" * 70):
        assert rules.read_refresh_token(KEY, changed) is None


def test_a_refresh_token_of_another_key_names_nothing():
    assert rules.read_refresh_token(b"s" * 32, rules.refresh_token(KEY, SESSION, 7)) is None


def test_a_secret_is_known_again_however_it_is_typed():
    assert rules.secret_digest("ABCDE-FGHIJ") == rules.secret_digest(" abcdefghij ")
    assert rules.secret_digest("ABCDE-FGHIJ") != rules.secret_digest("ABCDE-FGHIK")
