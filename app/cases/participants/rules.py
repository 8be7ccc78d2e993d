"""What makes sense of participants: placeholders, the readings of a case, and who is whom after merges."""

from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import TypeVar

from app.cases.errors import NOT_RELEVANT, TOO_MANY_READINGS
from app.cases.participants.schemas import Placeholder
from app.kit import errors
from app.kit.codes import code_key
from app.kit.errors import Fault

MOST_READINGS = 4
Id = TypeVar("Id", bound=Hashable)


def placeholder_faults(placeholder: Placeholder | None) -> Iterator[Fault]:
    """A person is one; a group of a known size has no smallest size beside it, unless the same."""
    if placeholder is None:
        return
    if placeholder.stands_for == "person":
        if placeholder.count not in (None, 1):
            yield Fault("/placeholder/count", errors.OUT_OF_RANGE)
        if placeholder.at_least not in (None, 1):
            yield Fault("/placeholder/at_least", NOT_RELEVANT)
    elif placeholder.count is not None and placeholder.at_least is not None and placeholder.at_least > placeholder.count:
        yield Fault("/placeholder/at_least", errors.OUT_OF_RANGE)


def spelled(reading: str, known: Collection[str]) -> str:
    """The reading as the case spells it already: `a`, or a Cyrillic look-alike, is the reading `A` and not a second one."""
    return next((each for each in sorted(known) if code_key(each) == code_key(reading)), reading)


def reading_faults(reading: str, known: Collection[str]) -> Iterator[Fault]:
    """A case has at most four readings: every figure that depends on them is given under each."""
    if reading not in known and len(known) >= MOST_READINGS:
        yield Fault("/reading", TOO_MANY_READINGS)


def end_of(merges: Mapping[Id, Id], participant_id: Id) -> Id:
    """Who a participant is: the one at the end of the merges that begin with it. Merges make chains and no loops."""
    while participant_id in merges:
        participant_id = merges[participant_id]
    return participant_id
