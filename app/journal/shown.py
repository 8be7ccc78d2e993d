"""What crosses the wire about the journal: entries, checkpoints and proofs. Nobody's words are in any of it."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from app.journal.showing import What

_LOG = "01998c1e-0f00-7000-8000-000000000001"
_ORIGIN = f"01998c1e-0f00-7000-8000-0000000000f1/{_LOG}"
_ROOT = "ef7f49b620f6c7ea9b963a214da34b5021c6ded8ed57734380a311ab726aa907"
_HASH = "a20bf9a7cc2dc8a08f5f415a71b19f6ac427bab54d24eec868b5d3103449953a"
_SIGNED = "Hq09LUpJD0wdOZn287CG2tLdwDpQmFAmIBVCexn+pHZBO+dIPYeLVi+4WJ8FMDWCAcpHiTYR78myj/68zcxZhUWC5Q0="
A_CHECKPOINT: JsonDict = {
    "log": _LOG,
    "size": 8,
    "root": _ROOT,
    "issued_at": "2026-11-25T09:40:00.000000Z",
    "text": f"{_ORIGIN}\n8\n739JtiD2x+qbljohTaNLUCHG3tjtV3NDgKMRq3JqqQc=\n\n\N{EM DASH} {_ORIGIN} {_SIGNED}\n",
    "key": f"{_ORIGIN}+1ead3d2d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNX3chmQSVTG4=",
}
_HASHES = "In hex, from the leaf towards the root (RFC 6962, 2.1)."


class EntryShown(BaseModel):
    """One entry of a log. `leaf` are its exact bytes, which `leaf_hash` is the hash of; the other fields say the same.

    `actor` is the membership that did it, with the `actor_code` that the programme knows it by; in the server's log an account.
    """

    log: UUID
    seq: int
    kind: str
    subject_id: UUID
    case_id: UUID | None
    hearing_id: UUID | None
    actor: UUID | None
    actor_code: str | None
    at: dt.datetime
    facts: dict[str, Any]
    leaf: str
    leaf_hash: str


class CheckpointShown(BaseModel):
    """That the first `size` entries of a log have this root. `text` is what was signed, with the signature; `key` checks it."""

    model_config = ConfigDict(json_schema_extra={"examples": [A_CHECKPOINT]})

    log: UUID
    size: int
    root: str
    issued_at: dt.datetime
    text: str
    key: str


class Inclusion(BaseModel):
    """That an entry stands at `seq` among the first `size` of its log, whose root is `root`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"log": _LOG, "seq": 2, "leaf_hash": _HASH, "size": 4, "root": _ROOT, "proof": [_HASH], "checkpoint": A_CHECKPOINT}
            ]
        }
    )

    log: UUID
    seq: int
    leaf_hash: str
    size: int
    root: str
    proof: Annotated[list[str], Field(description=_HASHES)]
    checkpoint: Annotated[CheckpointShown, Field(description="The last one; its size may be larger.")]


class Consistency(BaseModel):
    """That the first `from` entries of a log begin the first `to`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"log": _LOG, "from": 4, "to": 8, "from_root": _HASH, "to_root": _ROOT, "proof": [_HASH]}]},
        serialize_by_alias=True,
        validate_by_name=True,
    )

    log: UUID
    since: Annotated[int, Field(alias="from")]
    to: int
    from_root: str
    to_root: str
    proof: Annotated[list[str], Field(description=_HASHES)]


class Covering(BaseModel):
    """The checkpoint that a receipt's entry is proven under."""

    size: int
    root: str
    text: str


class Proven(BaseModel):
    """What makes a receipt provable: a checkpoint over its entry, and the entry's place under it."""

    checkpoint: Covering
    proof: list[str]


class DisclosureShown(BaseModel):
    """That somebody was shown something.

    `reader` is a membership, with the `reader_code` that the programme knows it by, or a service client, which has no code; null for what
    was done on the server itself. `event` is the kind of the entry that commits to all this (`seq` in the programme's log), `commitment`
    what stands there under `shown`, and `salt` what opens it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme_id": _LOG,
                    "seq": 57,
                    "event": "narrative.shown",
                    "kind": "narrative",
                    "at": "2026-11-25T09:41:00.000000Z",
                    "reader": "01998c1e-0f00-7000-8000-0000000000b1",
                    "reader_code": "C1",
                    "observation_ids": ["38c13a88-e30f-53a5-8795-6d375143c25c"],
                    "attachment_ids": [],
                    "participant_ids": ["01998c1e-0f00-7000-8000-0000000000d1"],
                    "hearing_ids": [],
                    "is_whole": False,
                    "leaf_hash": _HASH,
                    "commitment": _ROOT,
                    "salt": _HASH,
                }
            ]
        }
    )

    programme_id: UUID
    seq: int
    event: str
    kind: What
    at: dt.datetime
    reader: UUID | None
    reader_code: str | None
    observation_ids: Annotated[list[UUID], Field(description="Whose narratives were shown.")]
    attachment_ids: Annotated[list[UUID], Field(description="Which files were shown.")]
    participant_ids: Annotated[list[UUID], Field(description="Who was named, or whom the narratives or reasons are about.")]
    hearing_ids: Annotated[list[UUID], Field(description="Of which hearings it was shown why they were locked.")]
    is_whole: Annotated[bool, Field(description="Every narrative that there was by then.")]
    leaf_hash: str
    commitment: str | None
    salt: str | None
