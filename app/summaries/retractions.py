"""Who took back a statement, and the reasons that were given."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from app.summaries.docket import Docket, listed, named
from app.summaries.records import Filing


@dataclass(frozen=True, slots=True)
class Retraction:
    """One person's retraction; reasons in vocabulary order."""

    participant: str
    reasons: tuple[str, ...]
    filings: tuple[Filing, ...]


def retractions_of(docket: Docket) -> Mapping[str, Retraction]:
    """Retractions by person, sorted by code, whatever the number of filings."""
    by_person: dict[str, list[Filing]] = defaultdict(list)
    for filing in docket.of("witness_retraction"):
        for person in named(filing)[:1]:
            by_person[person].append(filing)
    return {person: _retraction(docket, person, by_person[person]) for person in sorted(by_person)}


def _retraction(docket: Docket, person: str, filings: list[Filing]) -> Retraction:
    reasons = docket.lexicon.in_order("retraction_reason", (code for each in filings for code in listed(each, "reasons")))
    return Retraction(person, tuple(reasons), tuple(filings))
