"""Which merges make sense."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from app.cases.errors import ALREADY_MERGED, MERGE_CYCLE, NOT_RELEVANT
from app.cases.participants.rules import end_of
from app.kit.errors import Fault, Problem


def check_merge(merges: Mapping[UUID, UUID], participant_id: UUID, into: UUID) -> UUID:
    """Who the other one is in the end; 409 `merge_cycle` where the way there leads past the participant, `already_merged` elsewhere."""
    end = into
    while end != participant_id and end in merges:
        end = merges[end]
    if end == participant_id:
        raise Problem(MERGE_CYCLE)
    if participant_id in merges and end_of(merges, participant_id) != end:
        raise Problem(ALREADY_MERGED)
    return end


def placeholder_faults(*, is_placeholder: bool, into_placeholder: bool) -> Iterator[Fault]:
    """A placeholder can turn out to be somebody; somebody does not turn into a placeholder, and would be one defendant less."""
    if into_placeholder and not is_placeholder:
        yield Fault("/into", NOT_RELEVANT)
