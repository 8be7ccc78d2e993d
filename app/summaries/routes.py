"""HTTP for readers of summaries: a case, a programme, and what stands behind each figure."""

from typing import Annotated, Any, Literal, cast

from fastapi import Depends, Header, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from app.kit.access import ANALYST, COORDINATOR, Caller, allow, members, router
from app.kit.i18n import asked_language
from app.kit.ids import Id
from app.kit.store import StoreOf
from app.summaries import service
from app.summaries.schemas import LONGEST_STATUSES, STATUSES, CaseSummary, FigureSources, ProgrammeSummary
from app.summaries.service import Asked, FigureAsked, Memory, Told

api = router("summaries")
READERS = members(COORDINATOR, ANALYST)
NOT_MODIFIED = 304

Statuses = Annotated[
    str,
    Query(
        pattern=STATUSES,
        max_length=LONGEST_STATUSES,
        description="Which observations count, comma-separated. With others than `accepted` the answer is provisional. Of a chain of "
        "corrections the newest with one of the statuses counts; held, superseded and withdrawn ones never do.",
    ),
]
Language = Annotated[
    Literal["en", "kk", "ru"] | None, Query(alias="lang", description="Language of labels; else `Accept-Language`, else the programme's.")
]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", max_length=2000, description="The `ETag` of what was read before.")]
Reading = Annotated[str | None, Query(max_length=64, description="A reading of the case; else each participant's own role.")]
CellName = Annotated[str | None, Query(max_length=200, description="A cell of a table: its dimensions joined by `/`.")]
Key = Annotated[str, Path(max_length=80, examples=["complaints.total"])]


async def _memory(request: Request) -> Memory:
    return cast("Memory", request.app.state.memory)


async def _asked(statuses: Statuses = "accepted", language: Language = None, if_none_match: IfNoneMatch = None) -> Asked:
    return Asked(statuses, language or asked_language.get(), if_none_match)


async def _figure(key: Key, reading: Reading = None, cell: CellName = None, statuses: Statuses = "accepted") -> FigureAsked:
    return FigureAsked(key, reading, cell, statuses)


MemoryOf = Annotated[Memory, Depends(_memory)]
AskedFor = Annotated[Asked, Depends(_asked)]
FigureOf = Annotated[FigureAsked, Depends(_figure)]
_UNCHANGED: dict[int | str, dict[str, Any]] = {NOT_MODIFIED: {"description": "The caller has it already."}}


@api.get("/cases/{case_id}/summary", response_model=CaseSummary, responses=_UNCHANGED)
@allow(READERS)
def get_case_summary(case_id: Id, asked: AskedFor, caller: Caller, store: StoreOf, memory: MemoryOf) -> Response:
    """What a case's accepted observations add up to, with what was not seen, where observers differ, and where numbers do not agree."""
    with store.read() as session:
        return _answer(service.case_summary(session, caller, memory, case_id, asked))


@api.get("/programmes/{programme_id}/summary", response_model=ProgrammeSummary, responses=_UNCHANGED)
@allow(READERS)
def get_programme_summary(programme_id: Id, asked: AskedFor, caller: Caller, store: StoreOf, memory: MemoryOf) -> Response:
    """A programme's cases beside each other and what they add up to."""
    with store.read() as session:
        return _answer(service.programme_summary(session, caller, memory, programme_id, asked))


@api.get("/cases/{case_id}/figures/{key}/sources", response_model=FigureSources)
@allow(READERS)
def get_case_figure_sources(case_id: Id, figure: FigureOf, caller: Caller, store: StoreOf, memory: MemoryOf) -> Response:
    """Everything behind a figure of a case, under a reading, whole or one cell of it. A cell that counts nobody has nothing behind it."""
    with store.read() as session:
        return _json(service.case_figure_sources(session, caller, memory, case_id, figure))


@api.get("/programmes/{programme_id}/figures/{key}/sources", response_model=FigureSources)
@allow(READERS)
def get_programme_figure_sources(programme_id: Id, figure: FigureOf, caller: Caller, store: StoreOf, memory: MemoryOf) -> Response:
    """Everything behind a figure of a programme, whole or one cell of it."""
    with store.read() as session:
        return _json(service.programme_figure_sources(session, caller, memory, programme_id, figure))


def _answer(told: Told) -> Response:
    headers = {"ETag": told.etag, "Content-Language": told.language}
    return Response(status_code=NOT_MODIFIED, headers=headers) if told.content is None else _json(told.content, **headers)


def _json(content: bytes, **headers: str) -> Response:
    return Response(content, headers=headers, media_type="application/json")
