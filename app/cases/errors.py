"""What can go wrong with what is monitored, beyond what can go wrong anywhere."""

from collections.abc import Iterable

from app.kit import errors
from app.kit.errors import CATALOGUE, Fault

ALREADY_ASSIGNED = CATALOGUE.kind("already_assigned", 409)
OUTCOME_EXISTS = CATALOGUE.kind("outcome_exists", 409)
ALREADY_MERGED = CATALOGUE.kind("already_merged", 409)
IDENTITY_UNREADABLE = CATALOGUE.kind("identity_unreadable", 500)
MERGE_CYCLE = CATALOGUE.kind("merge_cycle", 409)
NOT_MERGED = CATALOGUE.kind("not_merged", 409)
ROLE_EXISTS = CATALOGUE.kind("role_exists", 409)

NOT_RELEVANT = CATALOGUE.fault("not_relevant")
TOO_MANY_READINGS = CATALOGUE.fault("too_many_readings")


def refuse(faults: Iterable[Fault]) -> None:
    """Raise 422 with the faults, where there are any."""
    found = list(faults)
    if found:
        raise errors.invalid(*found)
