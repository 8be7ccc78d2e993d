"""HTTP for official statistics."""

from typing import Annotated, Any

from fastapi import Depends
from starlette.responses import Response

from app.kit.access import ANALYST, COORDINATOR, SUMMARIES_READ, Caller, allow, members, router
from app.kit.etags import IfMatch
from app.kit.i18n import asked_language
from app.kit.ids import Id
from app.kit.store import StoreOf
from app.statistics import service
from app.statistics.answers import StatisticsShown
from app.statistics.schemas import Statistics
from app.summaries.routes import IfNoneMatch, Language, MemoryOf
from app.summaries.service import Asked, Told

api = router("statistics")
NOT_MODIFIED = 304
_UNCHANGED: dict[int | str, dict[str, Any]] = {NOT_MODIFIED: {"description": "The caller has it already."}}


async def _asked(language: Language = None, if_none_match: IfNoneMatch = None) -> Asked:
    return Asked(language=language or asked_language.get(), if_none_match=if_none_match)


class Replacing:
    """How statistics are replaced: on which version they build, and in which language the answer is."""

    def __init__(self, language: Language = None, if_match: IfMatch = None) -> None:
        self.if_match = if_match
        self.asked = Asked(language=language or asked_language.get())


AskedFor = Annotated[Asked, Depends(_asked)]
ReplacingOf = Annotated[Replacing, Depends()]


@api.get("/programmes/{programme_id}/statistics", response_model=StatisticsShown, responses=_UNCHANGED)
@allow(members(COORDINATOR, ANALYST, for_clients=SUMMARIES_READ))
def get_statistics(programme_id: Id, asked: AskedFor, caller: Caller, store: StoreOf, memory: MemoryOf) -> Response:
    """Official statistics as printed, what follows from them, and both beside what was observed."""
    with store.read() as session:
        return _answer(service.read_statistics(session, caller, memory, programme_id, asked))


@api.put("/programmes/{programme_id}/statistics", response_model=StatisticsShown)
@allow(members(COORDINATOR))
def set_statistics(  # noqa: PLR0917 - FastAPI fills them by name
    programme_id: Id, body: Statistics, how: ReplacingOf, caller: Caller, store: StoreOf, memory: MemoryOf
) -> Response:
    """Enter official statistics in place of those that were there; the answer is what `GET` gives from now on."""
    store.write(lambda session: service.replace_statistics(session, caller, programme_id, body, how.if_match))
    with store.read() as session:
        return _answer(service.read_statistics(session, caller, memory, programme_id, how.asked))


def _answer(told: Told) -> Response:
    headers = {"ETag": told.etag, "Content-Language": told.language}
    if told.content is None:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    return Response(told.content, headers=headers, media_type="application/json")
