"""What becomes of a version when it or its neighbours are decided about."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.observations.rules import Move, Version, is_skewed, review, withdrawal

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
THEN = datetime(2012, 4, 5, tzinfo=UTC)


def chain(*statuses, accepted=()):
    ids = (A, B, C)[: len(statuses)]
    return [
        Version(each, status, None if n == 0 else ids[n - 1], THEN if each in accepted else None)
        for n, (each, status) in enumerate(zip(ids, statuses, strict=True))
    ]


def test_accepting_a_correction_takes_every_earlier_version_out_of_the_count():
    assert review("accept", C, chain("accepted", "submitted", "submitted")) == [
        Move(C, "accepted"),
        Move(B, "superseded"),
        Move(A, "superseded"),
    ]


def test_accepting_a_correction_needs_no_earlier_version_accepted():
    assert review("accept", B, chain("submitted", "submitted")) == [Move(B, "accepted"), Move(A, "superseded")]


def test_an_accepted_version_counts_until_its_correction_is_accepted():
    assert review("return", B, chain("accepted", "submitted")) == [Move(B, "returned")]
    assert review("reject", B, chain("accepted", "submitted")) == [Move(B, "rejected")]


def test_what_is_rejected_stays_rejected_when_its_correction_is_accepted():
    assert review("accept", B, chain("rejected", "submitted")) == [Move(B, "accepted")]


def test_what_is_held_waits_no_more_when_its_correction_is_accepted():
    assert review("accept", C, chain("withdrawn", "held", "submitted")) == [Move(C, "accepted"), Move(B, "superseded")]


def test_of_one_chain_no_two_versions_count():
    assert review("accept", A, chain("rejected", "accepted")) == "stale_version"


def test_undoing_an_acceptance_brings_back_what_counted_before():
    versions = chain("superseded", "superseded", "accepted", accepted=(A,))
    assert review("reject", C, versions) == [Move(C, "rejected"), Move(A, "accepted")]


def test_undoing_an_acceptance_brings_back_nothing_that_never_counted():
    assert review("reject", B, chain("superseded", "accepted")) == [Move(B, "rejected")]


@pytest.mark.parametrize(("status", "code"), [("held", "held"), ("withdrawn", "withdrawn"), ("superseded", "stale_version")])
@pytest.mark.parametrize("decision", ["accept", "return", "reject"])
def test_what_is_held_withdrawn_or_superseded_cannot_be_reviewed(status, code, decision):
    assert review(decision, A, chain(status)) == code


def test_a_decision_that_changes_nothing_moves_nothing():
    assert review("accept", A, chain("accepted")) == []


def test_withdrawing_the_last_version_takes_the_chain_out():
    assert withdrawal(B, chain("accepted", "submitted")) == [Move(B, "withdrawn"), Move(A, "withdrawn")]


def test_a_version_that_a_newer_one_stands_on_cannot_be_withdrawn():
    assert withdrawal(A, chain("accepted", "submitted")) == "stale_version"


def test_withdrawing_twice_changes_nothing():
    assert withdrawal(A, chain("withdrawn")) == []


@pytest.mark.parametrize(("hours", "skewed"), [(0, False), (24, False), (-24, False), (24.01, True), (-700 * 24, True)])
def test_a_clock_more_than_a_day_off_is_flagged(hours, skewed):
    assert is_skewed(THEN, THEN + timedelta(hours=hours)) is skewed
