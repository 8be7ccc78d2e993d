"""What is read of a case or a programme before it is understood: rows as the driver gives them, and how far everything has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class CaseState:
    """How far a case has come: whatever is computed from it is as new as this.

    `beside` is the last change in the programme that names no case: of members, documents and notes of the whole programme, time zones.
    `announced` are the days of scheduled hearings: each becomes known on the day after, without anybody writing anything.
    """

    programme_id: UUID
    id: UUID
    zone: str
    default_language: str
    revision: int
    beside: int
    announced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeState:
    """How far a programme has come: the size of its journal when something was last changed, and its cases."""

    id: UUID
    default_language: str
    size: int
    cases: tuple[CaseState, ...]


@dataclass(frozen=True, slots=True)
class CaseRows:
    """All that a case is folded from, row by row."""

    case: Any
    people: Rows
    roles: Rows
    hearings: Rows
    documents: Rows
    cited: Rows
    outcomes: Rows
    notes: Rows
    programme_notes: Rows
    members: Rows
    filings: Rows
    marks: Rows
    sides: Rows
    grade_decisions: Rows


@dataclass(frozen=True, slots=True)
class ProgrammeRows:
    """What a programme has beside its cases."""

    notes: Rows
    cited: Rows
    members: Rows
