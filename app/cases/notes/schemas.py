"""What crosses the wire about notes. Their `values` are small JSON whose shape depends on the kind of note."""

import datetime as dt
import re
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.cases.schemas import Source, SourceShown, refusal
from app.kit import errors
from app.kit.edits import UNCHANGED
from app.kit.ids import Id
from app.kit.wire import Body, Code, Reason, clean_text

NoteKind = Literal["discrepancy", "stated_finding", "identity_question", "assumption", "coverage"]
TargetCode = Annotated[str, Field(pattern=r"^[a-z0-9_.:/-]+$", max_length=80)]

DEEPEST, MOST, LONGEST = 3, 200, 500
_NAME = re.compile(r"[\w.-]{1,64}")


def _values(values: dict[str, Any]) -> dict[str, Any]:
    left = [MOST]
    return {_name(name): _value(value, 1, left) for name, value in values.items()}


def _name(name: str) -> str:
    clean = _text(name)
    if not _NAME.fullmatch(clean):
        raise refusal(errors.WRONG_FORMAT)
    return clean


def _value(value: Any, depth: int, left: list[int]) -> Any:
    """The value with its texts in NFC; refused where it nests deeper than three, holds more than 200 values, or a text over 500."""
    left[0] -= 1
    if left[0] < 0:
        raise refusal(errors.TOO_MANY_ITEMS)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict | list) and depth >= DEEPEST:
        raise refusal(errors.TOO_DEEP)
    if isinstance(value, dict):
        return {_name(name): _value(part, depth + 1, left) for name, part in value.items()}
    return [_value(part, depth + 1, left) for part in value] if isinstance(value, list) else value


def _text(text: str) -> str:
    try:
        clean = clean_text(text)
    except ValueError:
        raise refusal(errors.INVALID_TEXT) from None
    if len(clean) > LONGEST:
        raise refusal("string_too_long")
    return clean


Values = Annotated[dict[str, Any], AfterValidator(_values)]
"""A small JSON object: numbers, texts, yes and no, short lists and objects of these."""


class NoteChanges(Body):
    """What may be changed of a note; what is left out stays, and null clears."""

    model_config = ConfigDict(json_schema_extra={"example": {"values": {"status": "stated_violation"}}})

    kind: NoteKind = UNCHANGED
    key: Code = UNCHANGED
    statement: Reason = UNCHANGED
    values: Values = UNCHANGED
    target_kind: TargetCode | None = UNCHANGED
    target: TargetCode | None = UNCHANGED
    source: Source = UNCHANGED


class NewNote(NoteChanges):
    """What was read somewhere about a case or, with `case_id` null, about the programme.

    `values` of an identity question: `{participant, between, confidence}`; of a stated finding: `{status}` or `{about, cell?, stated}`
    with the key of a figure; of a coverage note: `{caveat?}`.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "programme_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                "case_id": "01890a5d-ac96-774b-bcce-b302099a8058",
                "kind": "stated_finding",
                "key": "RV4",
                "statement": "The presumption of innocence was not respected.",
                "target_kind": "right",
                "target": "presumption_of_innocence",
                "values": {"status": "stated_violation"},
                "source": {"document_id": "01890a5d-ac96-774b-bcce-b302099a8059", "locator": "paragraph 9"},
            }
        }
    )

    programme_id: Id
    case_id: Id | None
    kind: NoteKind
    key: Code
    statement: Reason
    values: Values = Field(default_factory=dict)
    source: Source


class NoteShown(BaseModel):
    """A note; `case_id` null means that it is about the programme."""

    id: UUID
    programme_id: UUID
    case_id: UUID | None
    kind: NoteKind
    key: str
    statement: str
    values: dict[str, Any]
    target_kind: str | None
    target: str | None
    source: SourceShown
    version: int
    created_at: dt.datetime
