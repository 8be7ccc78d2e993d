"""HTTP for the journal."""

from typing import Annotated, cast

from fastapi import Depends, Query
from starlette.requests import Request

from app.journal import disclosures, reading
from app.journal.checkpoints import Checkpoints
from app.journal.disclosures import Asked
from app.journal.queries import Sought
from app.journal.showing import What
from app.journal.shown import CheckpointShown, Consistency, DisclosureShown, EntryShown, Inclusion
from app.kit.access import AUDITOR, COORDINATOR, JOURNAL_READ, Caller, allow, members, router
from app.kit.ids import Id
from app.kit.paging import PLAIN_DIGITS, Page
from app.kit.store import StoreOf
from app.kit.windows import WindowOf
from app.kit.wire import Instant

api = router("journal")
READERS = members(AUDITOR, COORDINATOR, with_operators=True, for_clients=JOURNAL_READ)
AUDITORS = members(AUDITOR)
LARGEST = 2**63 - 2

Size = Annotated[int, PLAIN_DIGITS, Query(ge=1, le=LARGEST)]
Kind = Annotated[
    str | None,
    Query(
        pattern=r"^[a-z_]+(\.[a-z_]+)?$",
        max_length=48,
        description="What happened, as `thing.done`, or `thing` for all that happened to such.",
    ),
]


async def _checkpoints(request: Request) -> Checkpoints:
    return cast("Checkpoints", request.app.state.checkpoints)


CheckpointsOf = Annotated[Checkpoints, Depends(_checkpoints)]
"""What signs the server's logs, for handlers."""


def _sought(  # noqa: PLR0917 - the parameters of a query string
    case_id: Id | None = None,
    subject_id: Annotated[Id | None, Query(description="What it happened to.")] = None,
    actor: Annotated[Id | None, Query(description="The membership that did it.")] = None,
    kind: Kind = None,
    since: Annotated[Instant | None, Query(description="Not before this moment.")] = None,
    until: Annotated[Instant | None, Query(description="Before this moment.")] = None,
) -> Sought:
    return Sought(case_id, subject_id, actor, kind, since, until)


@api.get("/journal")
@allow(READERS)
def list_entries(
    caller: Caller, window: WindowOf, sought: Annotated[Sought, Depends(_sought)], *, programme_id: Id | None = None
) -> Page[EntryShown]:
    """What happened, in the order in which it happened in each log. The server's log has the id of zeros, and is for operators."""
    with window.store.read() as session:
        return reading.list_entries(session, caller, window, programme_id, sought)


def _asked(  # noqa: PLR0917 - the parameters of a query string
    reader: Annotated[Id | None, Query(description="The membership or service client that it was shown to.")] = None,
    participant_id: Annotated[Id | None, Query(description="Who was named, or whom a narrative is about; whoever is the same too.")] = None,
    observation_id: Annotated[Id | None, Query(description="Whose narrative was shown.")] = None,
    kind: Annotated[What | None, Query(description="What was shown.")] = None,
    since: Annotated[Instant | None, Query(description="Not before this moment.")] = None,
    until: Annotated[Instant | None, Query(description="Before this moment.")] = None,
) -> Asked:
    return Asked(reader, participant_id, observation_id, kind, since, until)


@api.get("/disclosures")
@allow(AUDITORS)
def list_disclosures(
    caller: Caller, window: WindowOf, asked: Annotated[Asked, Depends(_asked)], *, programme_id: Id | None = None
) -> Page[DisclosureShown]:
    """Who was shown which identity, narrative and export, the newest first in each programme."""
    with window.store.read() as session:
        return disclosures.list_disclosures(session, caller, window, programme_id, asked)


@api.get("/journal/checkpoints")
@allow(READERS)
def list_checkpoints(
    caller: Caller, window: WindowOf, checkpoints: CheckpointsOf, *, programme_id: Id | None = None
) -> Page[CheckpointShown]:
    """What the server signed about its logs, the newest of each log first."""
    with window.store.read() as session:
        return reading.list_checkpoints(session, caller, window, programme_id, checkpoints.signer)


@api.get("/journal/proofs/inclusion")
@allow(READERS)
def get_inclusion(
    caller: Caller,
    store: StoreOf,
    checkpoints: CheckpointsOf,
    *,
    programme_id: Id,
    seq: Annotated[int, PLAIN_DIGITS, Query(ge=0, le=LARGEST, description="The entry's number.")],
    size: Size | None = None,
) -> Inclusion:
    """That an entry is among the first `size`; without a size, among those of the last checkpoint."""
    with store.read() as session:
        return reading.prove_inclusion(session, caller, checkpoints.signer, programme_id, seq=seq, size=size)


@api.get("/journal/proofs/consistency")
@allow(READERS)
def get_consistency(
    caller: Caller,
    store: StoreOf,
    *,
    programme_id: Id,
    first: Annotated[Size, Query(alias="from", description="The smaller size.")],
    to: Annotated[Size | None, Query(description="The larger size; else that of the last checkpoint.")] = None,
) -> Consistency:
    """That the first `from` entries are the beginning of the first `to`: nothing was changed, only added."""
    with store.read() as session:
        return reading.prove_consistency(session, caller, programme_id, first=first, second=to)
