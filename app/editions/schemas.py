"""What crosses the wire about editions. None of it was typed by anybody."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.summaries.examples import A_CASE
from app.summaries.schemas import CaseSummary

_CASE = "0197a3c2-0000-7000-8000-0000000000a1"
_OBSERVATION = "6f9619ff-8b86-4d01-8b42-00cf4fc964ff"
A_HEAD: dict[str, Any] = {
    "case_id": _CASE,
    "number": 2,
    "digest": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
    "taxonomy_version": "1.1.0",
    "case_revision": 41,
    "checkpoint": {
        "log": "0197a3c2-0000-7000-8000-000000000001",
        "size": 120,
        "root": "ef7f49b620f6c7ea9b963a214da34b5021c6ded8ed57734380a311ab726aa907",
    },
    "observations": 1,
    "frozen_at": "2026-11-25T09:00:00.000001Z",
    "frozen_by": "COO",
}
_SAID = "Yes, torture complaints in all: 3 instead of 1 (+2)."
A_DIFFERENCE: dict[str, Any] = {
    "case_id": _CASE,
    "earlier": {**A_HEAD, "number": 1},
    "later": A_HEAD,
    "changes": [
        {
            "kind": "right",
            "what": "interpretation",
            "before": {"rating": "partially_respected", "rule": "PR1"},
            "after": {"rating": "not_respected", "rule": "NR1"},
            "sentence": "Free interpretation: was partially respected, now not respected, because rule NR1 applies instead of PR1.",
        }
    ],
    "sentences": ["Free interpretation: was partially respected, now not respected, because rule NR1 applies instead of PR1."],
}


class Covered(BaseModel):
    """What of the journal an edition stands on: the first `size` entries of the log, whose root a checkpoint of that size signs.

    Editions from before there were checkpoints have no root.
    """

    log: UUID
    size: int
    root: str | None


class EditionHead(BaseModel):
    """Which edition it is, and of what: `observations` is how many counted, `frozen_by` the code of who froze it."""

    model_config = ConfigDict(json_schema_extra={"examples": [A_HEAD]})

    case_id: UUID
    number: int
    digest: str
    taxonomy_version: str
    case_revision: int
    checkpoint: Covered
    observations: int
    frozen_at: dt.datetime
    frozen_by: str


class EditionShown(BaseModel):
    """An edition whole, the same bytes for ever: which one it is, the ids of the observations that counted, and the summary."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"edition": A_HEAD, "observations": [_OBSERVATION], "summary": A_CASE}]})

    edition: EditionHead
    observations: Annotated[list[UUID], Field(description="Sorted.")]
    summary: CaseSummary


class ChangeShown(BaseModel):
    """One thing that changed: `what` by its code, with coded values before and after (null: it was not there)."""

    kind: Literal[
        "complaint_added",
        "complaint_removed",
        "complaint_changed",
        "figure",
        "right",
        "group",
        "grade",
        "disagreement_appeared",
        "disagreement_vanished",
        "disagreement_changed",
        "discrepancy_appeared",
        "discrepancy_vanished",
        "discrepancy_changed",
        "observation_added",
        "observation_removed",
        "observation_superseded",
        "taxonomy",
        "part",
    ]
    what: str
    before: Any = None
    after: Any = None
    sentence: str


class DifferenceShown(BaseModel):
    """What changed from one edition to another; `sentences` say it in words, the weightiest first. Nothing stands there twice."""

    model_config = ConfigDict(json_schema_extra={"examples": [A_DIFFERENCE]})

    case_id: UUID
    earlier: EditionHead
    later: EditionHead
    changes: list[ChangeShown]
    sentences: list[str]
