"""Decisions about observations: what becomes of one that arrives, and what may be decided about one that is there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from app.observations.preparation import SKEW_SECONDS

SUBMITTED = "submitted"
HELD = "held"
RETURNED = "returned"
REJECTED = "rejected"
ACCEPTED = "accepted"
SUPERSEDED = "superseded"
WITHDRAWN = "withdrawn"

ReviewDecision = Literal["accept", "return", "reject"]
BECOMES = {"accept": ACCEPTED, "return": RETURNED, "reject": REJECTED}
REASONED = frozenset({"return", "reject"})
CLOCK_SKEW = "clock_skew"
HEARING_LOCKED = "hearing_locked"
REPLACEABLE = frozenset({SUBMITTED, HELD, RETURNED, ACCEPTED})


@dataclass(frozen=True, slots=True)
class Version:
    """One version in a chain of corrections, as far as a decision needs it."""

    id: UUID
    status: str
    replaces: UUID | None
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Move:
    """A change of status that follows from a decision."""

    id: UUID
    status: str


def is_skewed(captured: datetime, received: datetime) -> bool:
    """Whether a phone's claimed time lies more than 24 hours from the server's."""
    return abs((received - captured).total_seconds()) > SKEW_SECONDS


def ancestors(version: UUID, chain: Sequence[Version]) -> list[Version]:
    """The versions that one replaces, newest first."""
    by_id = {each.id: each for each in chain}
    found = []
    at = by_id[version].replaces
    while at is not None and at in by_id:
        found.append(by_id[at])
        at = by_id[at].replaces
    return found


def is_replaced(version: UUID, chain: Iterable[Version]) -> bool:
    """Whether a newer version stands on this one."""
    return any(each.replaces == version for each in chain)


def review(decision: str, version: UUID, chain: Sequence[Version]) -> list[Move] | str:
    """The moves that a decision makes, none where it changes nothing; or the code of the conflict that forbids it.

    Accepting takes every earlier version out of the count, and what of them is held out of what waits; no version before one that is
    accepted is accepted beside it. Undoing an acceptance brings the last version back that was accepted before, unless it was returned or
    rejected in between: then nothing counts until somebody accepts again.
    """
    mine = next(each for each in chain if each.id == version)
    if mine.status in (HELD, WITHDRAWN):
        return mine.status
    if mine.status == SUPERSEDED:
        return "stale_version"
    target = BECOMES[decision]
    if mine.status == target:
        return []
    moves = [Move(version, target)]
    if target == ACCEPTED and any(mine in ancestors(each.id, chain) for each in chain if each.status == ACCEPTED):
        return "stale_version"
    if target == ACCEPTED:
        return moves + [Move(each.id, SUPERSEDED) for each in ancestors(version, chain) if each.status in REPLACEABLE]
    if mine.status == ACCEPTED:
        counted_before = (each for each in ancestors(version, chain) if each.status == SUPERSEDED and each.accepted_at is not None)
        moves += [Move(each.id, ACCEPTED) for each in list(counted_before)[:1]]
    return moves


def withdrawal(version: UUID, chain: Sequence[Version]) -> list[Move] | str:
    """The moves that take a chain out, none where it is out; a version that a newer one stands on cannot be withdrawn."""
    if is_replaced(version, chain):
        return "stale_version"
    mine = next(each for each in chain if each.id == version)
    if mine.status == SUPERSEDED:
        return "stale_version"
    if mine.status == WITHDRAWN:
        return []
    return [Move(version, WITHDRAWN)] + [Move(each.id, WITHDRAWN) for each in ancestors(version, chain) if each.status != WITHDRAWN]
