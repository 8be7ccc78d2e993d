"""HTTP for editions."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from app.editions import service
from app.editions.schemas import DifferenceShown, EditionHead, EditionShown
from app.journal.errors import told_to_callers
from app.journal.routes import CheckpointsOf
from app.kit.access import ANALYST, COORDINATOR, SUMMARIES_READ, Caller, allow, members, router
from app.kit.i18n import asked_language
from app.kit.ids import Id
from app.kit.paging import PLAIN_DIGITS, Page
from app.kit.store import StoreOf
from app.kit.windows import WindowOf
from app.summaries.routes import IfNoneMatch, Language, MemoryOf, Statuses
from app.summaries.service import Asked, Told

api = router("editions")
READERS = members(COORDINATOR, ANALYST, for_clients=SUMMARIES_READ)
LARGEST_NUMBER = 2**31 - 1
OK, CREATED, NOT_MODIFIED = 200, 201, 304

Number = Annotated[int, PLAIN_DIGITS, Path(ge=1, le=LARGEST_NUMBER, description="The number of an edition: 1, 2, 3 … in each case.")]
Since = Annotated[
    int | None,
    PLAIN_DIGITS,
    Query(alias="from", ge=1, le=LARGEST_NUMBER, description="The edition to compare with; else the one before."),
]
_AGAIN: dict[int | str, dict[str, Any]] = {OK: {"model": EditionHead, "description": "The last edition says all of it already."}}
_UNCHANGED: dict[int | str, dict[str, Any]] = {NOT_MODIFIED: {"description": "The caller has it already."}}


async def _asked(language: Language = None, if_none_match: IfNoneMatch = None) -> Asked:
    return Asked(language=language or asked_language.get(), if_none_match=if_none_match)


async def _asked_in(language: Language = None) -> Asked:
    return Asked(language=language or asked_language.get())


AskedIn = Annotated[Asked, Depends(_asked_in)]
AskedFor = Annotated[Asked, Depends(_asked)]


@api.post("/cases/{case_id}/editions", status_code=CREATED, responses=_AGAIN)
@allow(members(COORDINATOR))
def create_edition(
    case_id: Id,
    caller: Caller,
    store: StoreOf,
    memory: MemoryOf,
    checkpoints: CheckpointsOf,
    *,
    request: Request,
    response: Response,
    statuses: Statuses = "accepted",
) -> EditionHead:
    """Freeze the summary of a case under the next number, with a checkpoint of the journal as it was read.

    A case that says the same as its last edition is that edition, with 200.
    """
    with store.read() as session:
        draft = service.draft(session, caller, memory, case_id, statuses)
    # Signed before it is frozen: an edition never names a root that nobody signed.
    with told_to_callers():
        root = checkpoints.issue(draft.programme_id, draft.journal_size).root
    frozen = store.write(lambda session: service.freeze(session, caller, draft, root))
    response.headers["Location"] = f"{request.url.path}/{frozen.head.number}"
    response.status_code = CREATED if frozen.is_new else OK
    return frozen.head


@api.get("/cases/{case_id}/editions")
@allow(READERS)
def list_editions(case_id: Id, caller: Caller, window: WindowOf) -> Page[EditionHead]:
    """The editions of a case by number."""
    with window.store.read() as session:
        return service.list_editions(session, caller, window, case_id)


@api.get("/cases/{case_id}/editions/{number}", response_model=EditionShown, responses=_UNCHANGED)
@allow(READERS)
def get_edition(case_id: Id, number: Number, asked: AskedFor, caller: Caller, store: StoreOf) -> Response:
    """An edition: the summary as it stood, and of what it was made. The same bytes each time, in each language."""
    with store.read() as session:
        return _answer(service.read_edition(session, caller, case_id, number, asked))


@api.get("/cases/{case_id}/editions/{number}/difference", response_model=DifferenceShown)
@allow(READERS)
def get_difference(case_id: Id, number: Number, asked: AskedIn, caller: Caller, store: StoreOf, *, since: Since = None) -> Response:
    """What changed between two editions, in words and in codes."""
    with store.read() as session:
        return _answer(service.edition_difference(session, caller, case_id, asked, earlier=since, later=number))


def _answer(told: Told) -> Response:
    headers = {"Content-Language": told.language, **({"ETag": told.etag} if told.etag else {})}
    if told.content is None:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    return Response(told.content, headers=headers, media_type="application/json")
