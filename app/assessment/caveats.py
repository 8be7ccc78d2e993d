"""The caveats that follow from ratings (taxonomy, caveat_rules): what hangs on one observer, on hearsay, or on contested facts."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.assessment.ratings import RatedRight

CONTESTED_FACTS = "contested_facts"


def caveats_of(rights: Sequence[RatedRight]) -> Mapping[str, tuple[str, ...]]:
    """The caveats that hold, each with the rights it is about; contested facts are about the case and name none."""
    found = {
        "single_observer": tuple(each.right.code for each in rights if hangs_on_one_observer(each)),
        "reported_only": tuple(each.right.code for each in rights if hangs_on_hearsay(each)),
    }
    about_rights = {caveat: named for caveat, named in found.items() if named}
    is_contested = any(incident.is_contested for each in rights for incident in each.incidents)
    return MappingProxyType({**about_rights, CONTESTED_FACTS: ()} if is_contested else about_rights)


def hangs_on_one_observer(right: RatedRight) -> bool:
    """Whether all established incidents of a right come from one observer."""
    established = (each for each in right.adverse if each.is_established)
    return len(frozenset[str]().union(*(each.observers for each in established))) == 1


def hangs_on_hearsay(right: RatedRight) -> bool:
    """Whether a deciding incident has only reported sources."""
    return any(each.is_reported_only for each in right.low.deciding)
