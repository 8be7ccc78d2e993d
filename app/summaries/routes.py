"""HTTP for readers of summaries: a case, a programme, what stands behind a figure or a rating, and what coordinators decide about them."""

from typing import Annotated, Any, Literal, cast

from fastapi import Depends, Header, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from app.kit.access import ANALYST, COORDINATOR, SUMMARIES_READ, Caller, allow, members, router
from app.kit.i18n import asked_language
from app.kit.ids import Id
from app.kit.paging import Page
from app.kit.store import StoreOf
from app.kit.windows import WindowOf
from app.review import service as review
from app.review.schemas import DisagreementDecided, DisagreementDecisionShown, GradeDecided, GradeDecisionShown
from app.summaries import deciding, service
from app.summaries.explained import RightExplained
from app.summaries.schemas import LONGEST_STATUSES, STATUSES, CaseSummary, FigureSources, ProgrammeSummary
from app.summaries.service import Asked, FigureAsked, Memory, Told

api = router("summaries")
READERS = members(COORDINATOR, ANALYST, for_clients=SUMMARIES_READ)
DECIDERS = members(COORDINATOR)
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
RightCode = Annotated[str, Path(max_length=80, examples=["interpretation"])]
Key = Annotated[str, Path(max_length=80, examples=["complaints.total"])]


async def _memory(request: Request) -> Memory:
    return cast("Memory", request.app.state.memory)


async def _asked(statuses: Statuses = "accepted", language: Language = None, if_none_match: IfNoneMatch = None) -> Asked:
    return Asked(statuses, language or asked_language.get(), if_none_match)


async def _figure(key: Key, reading: Reading = None, cell: CellName = None, statuses: Statuses = "accepted") -> FigureAsked:
    return FigureAsked(key, reading, cell, statuses)


async def _asked_in(statuses: Statuses = "accepted", language: Language = None) -> Asked:
    return Asked(statuses, language or asked_language.get())


MemoryOf = Annotated[Memory, Depends(_memory)]
AskedFor = Annotated[Asked, Depends(_asked)]
AskedIn = Annotated[Asked, Depends(_asked_in)]
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


@api.get("/cases/{case_id}/rights/{right}/explanation", response_model=RightExplained)
@allow(READERS)
def get_right_explanation(case_id: Id, right: RightCode, asked: AskedIn, caller: Caller, store: StoreOf, *, memory: MemoryOf) -> Response:
    """Why a right has its rating: the rules that fired, the incidents with their observations, and what would change it."""
    with store.read() as session:
        told = service.explanation(session, caller, memory, case_id, asked, right=right)
    return _json(told.content or b"", **{"Content-Language": told.language})


@api.post("/cases/{case_id}/disagreements/decisions", status_code=201)
@allow(DECIDERS)
def add_disagreement_decision(
    case_id: Id, body: DisagreementDecided, caller: Caller, store: StoreOf, memory: MemoryOf
) -> DisagreementDecisionShown:
    """Take a side where observers differ. It is shown first from now on; every figure and every rating stays as it is."""
    with store.read() as session:
        disputed = deciding.disputed(session, caller, memory, case_id, body)
    return store.write(lambda session: review.decide_disagreement(session, caller, disputed, body))


@api.get("/cases/{case_id}/disagreements/decisions")
@allow(DECIDERS)
def list_disagreement_decisions(case_id: Id, caller: Caller, window: WindowOf) -> Page[DisagreementDecisionShown]:
    """Every decision on disagreements of a case as it was made, later ones in the place of earlier ones, with the reasons."""
    with window.store.read() as session:
        return review.list_disagreement_decisions(session, caller, window, case_id)


@api.post("/cases/{case_id}/grade/decisions", status_code=201)
@allow(DECIDERS)
def add_grade_decision(case_id: Id, body: GradeDecided, caller: Caller, store: StoreOf, memory: MemoryOf) -> GradeDecisionShown:
    """Confirm the computed grade or depart from it. The decision holds until another grade is computed."""
    with store.read() as session:
        graded = deciding.graded(session, caller, memory, case_id)
    return store.write(lambda session: review.decide_grade(session, caller, graded, body))


@api.get("/cases/{case_id}/grade/decisions")
@allow(DECIDERS)
def list_grade_decisions(case_id: Id, caller: Caller, window: WindowOf) -> Page[GradeDecisionShown]:
    """Every decision on the grade of a case as it was made, with what had been computed and the reasons."""
    with window.store.read() as session:
        return review.list_grade_decisions(session, caller, window, case_id)


def _answer(told: Told) -> Response:
    headers = {"ETag": told.etag, "Content-Language": told.language}
    return Response(status_code=NOT_MODIFIED, headers=headers) if told.content is None else _json(told.content, **headers)


def _json(content: bytes, **headers: str) -> Response:
    return Response(content, headers=headers, media_type="application/json")
