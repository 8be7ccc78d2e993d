"""Whether an outcome holds together: who it is for, which court decided what, and which sentence goes with it."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.cases.errors import NOT_RELEVANT
from app.kit import errors
from app.kit.errors import Fault
from app.taxonomy.catalogue import Taxonomy
from app.taxonomy.conditions import holds

FIRST = "first"


def outcome_faults(outcome: Mapping[str, Any], taxonomy: Taxonomy) -> Iterator[Fault]:
    """What is wrong with an outcome as a whole; a field that is missing is like one that is null."""
    yield from _whom(outcome)
    yield from _decision(outcome, taxonomy)
    yield from _sentence(outcome, taxonomy)
    if outcome.get("status_as_of") is not None and outcome.get("custody_status") is None:
        yield Fault("/status_as_of", NOT_RELEVANT)


def _whom(outcome: Mapping[str, Any]) -> Iterator[Fault]:
    """A participant, or a group. A group whose number is not stated needs a note of who it is."""
    if outcome.get("participant_id") is not None:
        yield from _absent(outcome, "count", "group_note")
    elif "count" not in outcome:
        yield Fault("/participant_id", errors.REQUIRED)
    elif outcome["count"] is None and not (outcome.get("group_note") or "").strip():
        yield Fault("/group_note", errors.REQUIRED)


def _decision(outcome: Mapping[str, Any], taxonomy: Taxonomy) -> Iterator[Fault]:
    """The first instance gives a verdict, each instance after it a result; a judge before it decides no case."""
    instances = taxonomy.vocabularies["court_instance"]
    rank = (instances[outcome["instance"]].order or 0) - (instances[FIRST].order or 0)
    if rank < 0:
        yield Fault("/instance", NOT_RELEVANT)
        return
    given, other = ("verdict", "result") if rank == 0 else ("result", "verdict")
    if outcome.get(given) is None:
        yield Fault(f"/{given}", errors.REQUIRED)
    yield from _absent(outcome, other)
    if rank == 0:
        yield from _absent(outcome, "new_term_months")


def _sentence(outcome: Mapping[str, Any], taxonomy: Taxonomy) -> Iterator[Fault]:
    """A sentence and a term go with the verdicts that the form `outcome` asks sentences for."""
    verdict = outcome.get("verdict")
    asks = taxonomy.forms["outcome"].questions["sentences"].relevant
    if verdict is not None and not holds(asks, {"verdict": verdict}):
        if outcome.get("sentences"):
            yield Fault("/sentences", NOT_RELEVANT)
        yield from _absent(outcome, "term_months")


def _absent(outcome: Mapping[str, Any], *names: str) -> Iterator[Fault]:
    return (Fault(f"/{name}", NOT_RELEVANT) for name in names if outcome.get(name) is not None)
