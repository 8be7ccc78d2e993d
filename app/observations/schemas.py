"""What crosses the wire about observations."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.journal.showing import What, discloses
from app.journal.shown import Covering
from app.kit.ids import Id
from app.kit.problems import FaultShown
from app.kit.wire import Body, Reason
from app.observations.rules import ReviewDecision
from app.taxonomy.schemas import FormVersion, Observation

MAX_BATCH = 500
Status = Literal["submitted", "held", "returned", "rejected", "accepted", "superseded", "withdrawn"]
_RECEIPT: JsonDict = {
    "log": "01998c1e-0f00-7000-8000-000000000001",
    "seq": 41,
    "leaf_hash": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
    "received_at": "2026-11-25T09:30:00.000000Z",
}
_ID = "38c13a88-e30f-53a5-8795-6d375143c25c"


def is_none(value: object) -> bool:
    """Whether there is nothing to show."""
    return value is None


class Receipt(BaseModel):
    """Proof that the server took it: the place of the leaf in its log, and the leaf's hash (RFC 6962) in hex."""

    log: UUID
    seq: int
    leaf_hash: str
    received_at: str
    checkpoint: Annotated[
        Covering | None, Field(exclude_if=is_none, description="The last checkpoint, once one covers the leaf; else left out.")
    ] = None
    proof: Annotated[
        list[str] | None, Field(exclude_if=is_none, description="The leaf's place under the checkpoint: hashes in hex, from the leaf on.")
    ] = None

    model_config = ConfigDict(json_schema_extra={"examples": [_RECEIPT]})


class Filed(BaseModel):
    """A stored observation: `created`, `duplicate` (the same again, with its first receipt) or `held` with the reason in `code`."""

    id: UUID
    status: Literal["created", "duplicate", "held"]
    code: str | None = None
    receipt: Receipt

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": _ID, "status": "created", "receipt": _RECEIPT}]})


class ConflictShown(BaseModel):
    """A question that two corrections of one version answer differently; answers in a person's own words are left out."""

    pointer: str
    yours: Any = None
    theirs: Any = None


class BatchResult(BaseModel):
    """What became of one observation of a batch; `retryable` says whether sending the same again can help.

    With `stale_version`: `current` is the version to build on, `conflicts` what both change to different answers, and `apart` the questions
    that only one of the two changes.
    """

    id: UUID | None = None
    status: Literal["created", "duplicate", "held", "conflict", "invalid", "failed"]
    code: str | None = None
    errors: list[FaultShown] | None = None
    receipt: Receipt | None = None
    retryable: bool = False
    current: UUID | None = None
    conflicts: list[ConflictShown] | None = None
    apart: list[str] | None = None


class BatchAnswer(BaseModel):
    """The results of a batch in the order sent; all of it is durable."""

    results: list[BatchResult]

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"results": [{"id": _ID, "status": "created", "receipt": _RECEIPT, "retryable": False}]}]}
    )


class Batch(Body):
    """Up to 500 observations; one bad one never harms its neighbours."""

    items: Annotated[list[Observation], Field(min_length=1, max_length=MAX_BATCH)]


class VersionShown(BaseModel):
    """One version in a chain of corrections."""

    id: UUID
    status: Status
    received_at: datetime
    replaces: UUID | None


class DecisionShown(BaseModel):
    """What somebody decided about an observation."""

    decision: str
    by: str
    at: datetime
    reason: str | None


class AttachmentsShown(BaseModel):
    """The files of an observation: how many are expected, how many are stored whole, and the ids of those that are not.

    Expected are those whose uploads were created and not given up.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"expected": 1, "present": 1, "missing": []}]})

    expected: int = 0
    present: int = 0
    missing: list[UUID] = []


class Spoken(BaseModel):
    """One thing said about an observation or an earlier version of it: a question, a reason, an answer."""

    observation: UUID
    at: datetime
    by: str
    kind: Literal["returned", "rejected", "accepted", "answered"]
    text: str | None


class ClockShown(BaseModel):
    """What is known of when an observation was made; `captured_at` beside it is what the phone claims, untouched.

    `skew_seconds`: how far its clock was behind the server's when it was sent (below 0: ahead; null: not told), `told` the same in words.
    `estimated_at` is the claim put right by that. `not_before`: then the last of what it names (case, hearing, participants, documents) was
    entered, and no id of these can be guessed; `not_after` is when it was received, which its receipt pins in the journal.
    """

    skew_seconds: int | None
    told: str
    estimated_at: datetime | None
    not_before: datetime
    not_after: datetime


class ObservationListed(BaseModel):
    """An observation as a list shows it: without its answers."""

    id: UUID
    programme_id: UUID
    case_id: UUID
    hearing_id: UUID | None
    form: str
    form_code: str | None
    form_version: str
    observer: str
    origin: Literal["observer", "document"]
    captured_at: str
    received_at: datetime
    updated_at: datetime
    skew_seconds: int | None
    flags: list[str]
    supersedes: UUID | None
    status: Status
    held_code: str | None


class ObservationShown(ObservationListed):
    """An observation whole: its answers, its receipt, its versions and what was decided about it."""

    answers: Annotated[dict[str, Any], discloses(What.NARRATIVE)]
    receipt: Receipt
    clock: ClockShown
    attachments: AttachmentsShown
    versions: list[VersionShown]
    decisions: list[DecisionShown]
    thread: list[Spoken]
    errors: list[FaultShown]


class ExposureShown(BaseModel):
    """Which things a member, or one phone, was shown in the last ninety days, by ids.

    Cases, hearings, participants and documents are those of the packages for phones; observations are those that the member filed, or was
    shown whole, with whom they are about; attachments those that were looked at; hearings and participants too of which it was read why
    they were locked or merged. `identities` are participants whose names were shown; no phone is given any to carry. `reads_all`: a
    coordinator may have read anything besides.
    """

    programme_id: UUID
    member_id: UUID
    member: str
    device_id: UUID | None
    since: date
    reads_all: bool
    cases: list[UUID] = []
    hearings: list[UUID] = []
    participants: list[UUID] = []
    documents: list[UUID] = []
    observations: list[UUID] = []
    attachments: list[UUID] = []
    identities: list[UUID] = []


class AnswerChanged(BaseModel):
    """One question that a correction answers otherwise, in codes and in the caller's language; null where there is no answer."""

    question: str
    label: str
    before: Annotated[Any, discloses(What.NARRATIVE)]
    after: Annotated[Any, discloses(What.NARRATIVE)]
    before_label: Annotated[str | None, discloses(What.NARRATIVE)]
    after_label: Annotated[str | None, discloses(What.NARRATIVE)]


class Collided(BaseModel):
    """A correction that came second: questions that both changed to different answers, and those that one of them changed alone."""

    other: UUID
    same: list[str]
    mine: list[str]
    theirs: list[str]


class VersionDiffers(BaseModel):
    """A version, and what it changed in the one that it corrects."""

    id: UUID
    captured_at: str
    received_at: datetime
    by: str
    status: Status
    against: UUID | None
    changes: list[AnswerChanged]
    collision: Collided | None = None


class DifferencesShown(BaseModel):
    """The versions of an observation, oldest first; behind them corrections that are held because another one was there first."""

    versions: list[VersionDiffers]


class ReasonGiven(Body):
    """Why something is done."""

    reason: Reason

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Filed for the wrong hearing."}]})


class AnswerGiven(Body):
    """What an observer answers to a coordinator's question."""

    text: Reason

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "The first of the two: he stood when he was asked."}]})


class ReleaseAsked(Body):
    """How a held observation is released: under another form version, with an assignment made, and why."""

    form_version: FormVersion | None = None
    assign: bool = False
    reason: Reason

    model_config = ConfigDict(json_schema_extra={"examples": [{"assign": True, "reason": "She stood in for a colleague."}]})


class Reviewed(Body):
    """A decision on one observation; returning and rejecting need a reason."""

    decision: ReviewDecision
    reason: Reason | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "return", "reason": "Which of the two defendants?"}]})


class BulkReviewed(Body):
    """One decision on up to 500 observations."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_BATCH)]
    decision: ReviewDecision
    reason: Reason | None = None

    model_config = ConfigDict(json_schema_extra={"examples": [{"ids": [_ID], "decision": "accept"}]})


class BulkResult(BaseModel):
    """What a decision did to one observation."""

    id: UUID
    status: Literal["done", "unchanged", "conflict", "not_found"]
    code: str | None = None


class BulkAnswer(BaseModel):
    """The results of a bulk decision in the order of the ids sent."""

    results: list[BulkResult]

    model_config = ConfigDict(json_schema_extra={"examples": [{"results": [{"id": _ID, "status": "done"}]}]})


class ReceiptsAsked(Body):
    """Which observations a phone wants to know about."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_BATCH)]

    model_config = ConfigDict(json_schema_extra={"examples": [{"ids": [_ID]}]})


class ReceiptShown(BaseModel):
    """Whether an observation is here: `stored`, `held` (stored whole, counts nowhere yet), or `unknown` to this caller.

    `flags` say how it came: `clock_skew`, or `hearing_locked` where the coordinator had closed the hearing by then.
    A phone may delete its copy where `safe_to_delete` is true: then the observation is durable, and every file that was announced for it.
    """

    id: UUID
    status: Literal["stored", "held", "unknown"]
    observation_status: Status | None = None
    flags: list[str] = []
    receipt: Receipt | None = None
    attachments: AttachmentsShown = AttachmentsShown()
    safe_to_delete: bool = False


class ReceiptsAnswer(BaseModel):
    """The receipts in the order of the ids sent."""

    results: list[ReceiptShown]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "results": [
                        {
                            "id": _ID,
                            "status": "stored",
                            "observation_status": "submitted",
                            "flags": [],
                            "receipt": _RECEIPT,
                            "attachments": {"expected": 1, "present": 1, "missing": []},
                            "safe_to_delete": True,
                        }
                    ]
                }
            ]
        }
    )
