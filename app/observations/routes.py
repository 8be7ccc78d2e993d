"""Filing, reading, correcting and reviewing observations over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast

import orjson
from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from app.cases.sealing import Keeper
from app.kit import access, clock, errors, wire
from app.kit.access import AUDITOR, COORDINATOR, OBSERVER, Caller
from app.kit.bodies import check_content, headers_of
from app.kit.clock import moment_of
from app.kit.errors import Fault, Kind, Problem
from app.kit.i18n import current_language
from app.kit.ids import Id
from app.kit.paging import DEFAULT_LIMIT, Cursor, Limit, Page
from app.kit.problems import of_fault, tell_of, value_at
from app.kit.store import StoreOf
from app.kit.wire import Instant, Text
from app.observations import differences, exposure, review, service
from app.observations.arrivals import CONFLICT, CREATED, DUPLICATE, INVALID, STORED, Answer
from app.observations.errors import ID_CONFLICT
from app.observations.preparation import Refused
from app.observations.queries import Asked
from app.observations.reception import LARGEST_BATCH, Failed, Outcome, Reception, inflate, items_of
from app.observations.schemas import (
    AnswerGiven,
    BatchAnswer,
    BulkAnswer,
    BulkReviewed,
    DifferencesShown,
    ExposureShown,
    Filed,
    ObservationListed,
    ObservationShown,
    ReasonGiven,
    ReceiptsAnswer,
    ReceiptsAsked,
    ReleaseAsked,
    Reviewed,
    Status,
)
from app.taxonomy.routes import Language

router = access.router("observations")
filing = access.members(OBSERVER, COORDINATOR, is_late=True)
reading = access.members(OBSERVER, COORDINATOR)
reading_whole = access.members(OBSERVER, COORDINATOR, for_clients=access.OBSERVATIONS_READ)
reviewing = access.members(COORDINATOR)
accounting = access.members(COORDINATOR, AUDITOR)


def _content_key(request: Request) -> bytes:
    return _reception(request).key


ContentKey = Annotated[bytes, Depends(_content_key)]


def _keeper(caller: Caller, store: StoreOf) -> Keeper:
    return Keeper(caller, store.keys.identity)


KeeperOf = Annotated[Keeper, Depends(_keeper)]


PLAIN = (
    "For coordinators: only what is plain, or only what is not. Plain is what waits for review without a flag, a correction, a question, "
    "a conflict, a missing file, a cancelled hearing, or a difference from another observer of the same hearing. For one page so many are "
    "looked at: it may hold fewer than asked for, none too, and `next_cursor` goes on."
)


def asked_for(  # noqa: PLR0917 - the parameters of a query string
    programme_id: Id | None = None,
    case_id: Id | None = None,
    hearing_id: Id | None = None,
    form: Annotated[Text | None, Query(max_length=64)] = None,
    status: Status | None = None,
    observer: Annotated[Text | None, Query(max_length=32)] = None,
    updated_after: Instant | None = None,
    plain: Annotated[Literal["true", "false"] | None, Query(description=PLAIN)] = None,
) -> Asked:
    """Which observations a list asks for."""
    is_plain = None if plain is None else plain == "true"
    return Asked(programme_id, case_id, hearing_id, form, status, observer, updated_after, is_plain)


def taking(body: Any) -> dict[str, Any]:
    """The part of the OpenAPI document for a body that is read as it comes: bytes first, types after."""
    schema = {"$ref": f"#/components/schemas/{body}"} if isinstance(body, str) else body
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


SENT_AT: dict[str, Any] = {
    "parameters": [
        {
            "name": "Hearsight-Sent-At",
            "in": "header",
            "required": False,
            "description": "What the sender's own clock says now (RFC 3339). Anything else is passed over.",
            "schema": {"type": "string", "examples": ["2012-04-05T15:20:00+05:00"]},
        }
    ]
}


@router.post(
    "/observations",
    status_code=201,
    response_model=Filed,
    responses={200: {"model": Filed, "description": "The same again"}, 202: {"model": Filed, "description": "Kept whole, counts nowhere"}},
    openapi_extra={**taking("Observation"), **SENT_AT},
)
@access.allow(filing)
async def file_observation(request: Request) -> Response:
    """File one observation. Sending the same again is safe: it is stored once and gives its first receipt."""
    skew = _skew_of(request)
    raw = await _raw(request)
    answer = await _reception(request).file(request.scope["hearsight.holder"], raw, skew)
    if isinstance(answer, Answer) and answer.status in STORED:
        return _stored(answer)
    request.scope["hearsight.body"] = _by_question(wire.parse(raw))
    raise _problem_of(answer)


@router.post("/observations/batch", response_model=BatchAnswer, openapi_extra={**taking("Batch"), **SENT_AT})
@access.allow(filing, largest=LARGEST_BATCH)
async def file_batch(request: Request) -> Response:
    """File up to 500 observations. Each has its own result, in the order sent; all of it is durable before it is answered.

    Where the store is out and nothing of it could be kept, the batch is answered 503 or 507 as a whole.
    """
    skew = _skew_of(request)
    items = await _items(request)
    outcomes = await _reception(request).file_batch(request.scope["hearsight.holder"], items, skew)
    lost = [str(value_at(_by_question(item), place)) for item, outcome in zip(items, outcomes, strict=True) for place in _missing(outcome)]
    if lost or all(isinstance(each, Refused) for each in outcomes):
        # Where nothing went to the pen, nobody has asked yet whether the session is alive.
        await access.confirm(request)
        tell_of(request, lost)
    _demand_store(outcomes)
    return _Json({"results": [_result(outcome) for outcome in outcomes]})


def _skew_of(request: Request) -> int | None:
    """How far the sender's clock is behind ours, in seconds, taken before the body has come: a slow line is no slow clock.

    What cannot be read says nothing, and keeps nothing from being filed.
    """
    sent = moment_of(next(iter(headers_of(request, b"hearsight-sent-at")), ""))
    return None if sent is None else round((clock.now() - sent).total_seconds())


def _by_question(item: Any) -> Any:
    """An observation with its answers by question, as faults name their places: a programme's own form sends a list of pairs."""
    answers = item.get("answers") if isinstance(item, dict) else None
    if not isinstance(answers, list):
        return item
    pairs = [(each.get("question"), each.get("value")) for each in answers if isinstance(each, dict)]
    return {**item, "answers": {question: value for question, value in pairs if isinstance(question, str)}}


def _missing(outcome: Outcome) -> list[str]:
    """The places of an observation that name what is not there."""
    return [fault.pointer for fault in outcome.faults if fault.code == errors.MISSING] if isinstance(outcome, Answer) else []


def _reception(request: Request) -> Reception:
    return cast("Reception", request.app.state.reception)


async def _raw(request: Request, *encodings: str) -> bytes:
    """The body as it came, unpacked; whoever has no session learns that before anything about the body."""
    try:
        encoding = check_content(request, encodings)
        raw = await request.body()
        return inflate(raw) if encoding == "gzip" else raw
    except Problem:
        await access.confirm(request)
        raise


async def _items(request: Request) -> list[Any]:
    raw = await _raw(request, "gzip")
    try:
        return items_of(wire.parse(raw))
    except Problem:
        await access.confirm(request)
        raise


class _Json(Response):
    """JSON with its headers as the server takes them: Starlette would write them anew for each answer."""

    def __init__(self, content: Any, code: int = 200, *more: tuple[bytes, bytes]) -> None:
        self.body, self.status_code, self.background = orjson.dumps(content), code, None
        self.raw_headers = [_JSON, (b"content-length", b"%d" % len(self.body)), *more]


_JSON = (b"content-type", b"application/json")


_STATUS = {CREATED: 201, DUPLICATE: 200, "held": 202}
_OUT = (errors.BUSY, errors.STORAGE_UNAVAILABLE, errors.STORAGE_FULL)
_CONFLICTS = {ID_CONFLICT.code: ID_CONFLICT, errors.STALE_VERSION.code: errors.STALE_VERSION}
_REFUSALS = {errors.MISSING: errors.NOT_FOUND, **{each.code: each for each in (errors.FORBIDDEN, errors.DEVICE_REQUIRED)}}


def _stored(answer: Answer) -> Response:
    content = {"id": answer.id, "status": answer.status, "code": answer.code, "receipt": answer.receipt}
    return _Json(content, _STATUS[answer.status], (b"location", f"/v1/observations/{answer.id}".encode()))


def _problem_of(answer: Answer | Refused) -> Problem:
    """Why an observation was not stored."""
    if isinstance(answer, Refused):
        return errors.invalid(*answer.faults)
    return Problem(_kind_of(answer), answer.faults, facts=answer.facts)


def _kind_of(answer: Answer) -> Kind:
    code = answer.code or errors.INVALID_REQUEST.code
    if answer.status == CONFLICT:
        return _CONFLICTS[code]
    return _REFUSALS.get(code, Kind(code, 422))


def _demand_store(outcomes: Sequence[Outcome]) -> None:
    """Raise what kept the store from keeping any of a batch."""
    failed = next((each.fault for each in outcomes if isinstance(each, Failed)), None)
    is_kept = any(isinstance(each, Answer) and each.status in STORED for each in outcomes)
    if failed is not None and not is_kept and of_fault(failed).kind in _OUT:
        raise failed


def _result(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Refused):
        return _told(outcome.id, INVALID, outcome.faults[0].code, outcome.faults)
    if isinstance(outcome, Answer):
        found = _told(outcome.id, outcome.status, outcome.code, outcome.faults)
        return {**found, **(outcome.facts or {}), **({"receipt": outcome.receipt} if outcome.receipt else {})}
    return {**_told(outcome.id, "failed", of_fault(outcome.fault).kind.code, ()), "retryable": True}


def _told(found: Any, state: str, code: str | None, faults: tuple[Fault, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {"id": found, "status": state, "retryable": False}
    if code is not None:
        told["code"] = code
    if faults:
        told["errors"] = [{"pointer": fault.pointer, "code": fault.code} for fault in faults]
    return told


@router.get("/observations", response_model=Page[ObservationListed])
@access.allow(reading_whole)
def list_observations(
    caller: Caller,
    store: StoreOf,
    asked: Annotated[Asked, Depends(asked_for)],
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[ObservationListed]:
    """Observations by the time of their last change: all of a coordinator's programmes, an observer's own."""
    with store.read() as session:
        return service.list_observations(session, caller, asked, (store.cursors, cursor), limit)


@router.get("/observations/{observation_id}", response_model=ObservationShown)
@access.allow(reading_whole)
def get_observation(observation_id: Id, keeper: KeeperOf, store: StoreOf) -> ObservationShown:
    """One observation whole, with its receipt, its chain of versions, and what was asked, answered and decided about it."""
    with store.read() as session:
        found, telling = service.show(session, keeper, observation_id)
    if telling:
        # Before the answer: what cannot be noted is not shown.
        store.write(lambda session: service.note(session, telling))
    return found


@router.get("/observations/{observation_id}/differences", response_model=DifferencesShown)
@access.allow(reading)
def show_differences(observation_id: Id, caller: Caller, store: StoreOf, language: Language = None) -> DifferencesShown:
    """What each version of an observation changed in the one before it, question by question, in codes and in words.

    Where two corrections of one version collide, both stand here with the questions that both changed and those that only one did.
    """
    with store.read() as session:
        found, telling = differences.show(session, caller, observation_id, language or current_language.get())
    if telling:
        store.write(lambda session: service.note(session, telling))
    return found


@router.get("/programmes/{programme_id}/members/{member_id}/exposure", response_model=ExposureShown)
@access.allow(accounting)
def show_members_exposure(programme_id: Id, member_id: Id, caller: Caller, store: StoreOf) -> ExposureShown:
    """What a member was shown in the last ninety days, on every phone and without one, by ids."""
    with store.read() as session:
        return exposure.of_member(session, caller, programme_id, member_id)


@router.get("/devices/{device_id}/exposure", response_model=ExposureShown)
@access.allow(accounting)
def show_phones_exposure(device_id: Id, caller: Caller, store: StoreOf) -> ExposureShown:
    """What a phone was given to carry in the last ninety days, and what its observer was shown, by ids; revoked phones included."""
    with store.read() as session:
        return exposure.of_phone(session, caller, device_id)


@router.post("/observations/receipts", response_model=ReceiptsAnswer)
@access.allow(reading)
def list_receipts(body: ReceiptsAsked, caller: Caller, store: StoreOf) -> ReceiptsAnswer:
    """Which of these are safely stored, and which of their files are missing: a phone deletes only what is confirmed here."""
    with store.read() as session:
        return service.confirm(session, caller, body.ids)


@router.post("/observations/{observation_id}/withdraw", response_model=ObservationShown)
@access.allow(reading)
def withdraw_observation(observation_id: Id, body: ReasonGiven, keeper: KeeperOf, store: StoreOf) -> ObservationShown:
    """Take one's own filing back, with every version of it. It stays on record and counts no more."""
    return store.write(lambda session: review.withdraw(session, keeper, observation_id, body.reason))


@router.post("/observations/{observation_id}/answer", response_model=ObservationShown)
@access.allow(reading)
def answer_question(observation_id: Id, body: AnswerGiven, keeper: KeeperOf, store: StoreOf) -> ObservationShown:
    """Answer the question with which one's own observation was returned; it waits for review again. A correction answers as well."""
    return store.write(lambda session: review.answer(session, keeper, observation_id, body.text))


@router.post("/observations/{observation_id}/release", response_model=ObservationShown)
@access.allow(reviewing)
def release_observation(observation_id: Id, body: ReleaseAsked, keeper: KeeperOf, store: StoreOf, key: ContentKey) -> ObservationShown:
    """Check a held observation again and let it go on. Where it still breaks its form it stays held, with its faults listed."""
    return store.write(lambda session: review.release(session, keeper, observation_id, body, key))


@router.post("/observations/{observation_id}/review", response_model=ObservationShown)
@access.allow(reviewing)
def review_observation(observation_id: Id, body: Reviewed, keeper: KeeperOf, store: StoreOf) -> ObservationShown:
    """Accept one observation, return it with a question to its observer, or reject it; only accepted ones count.

    The same again changes nothing; another question, or another reason to reject, is added to the thread.
    """
    return store.write(lambda session: review.review_one(session, keeper, observation_id, body))


@router.post("/reviews", response_model=BulkAnswer)
@access.allow(reviewing)
def review_observations(body: BulkReviewed, keeper: KeeperOf, store: StoreOf) -> BulkAnswer:
    """One decision on up to 500 observations; each has its own result, in the order of the ids sent."""
    return store.write(lambda session: review.review_many(session, keeper, body))
