"""What crosses the wire about the explanation of a rating."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.summaries.examples import AN_EXPLANATION
from app.summaries.rated import Rating


class RuleFired(BaseModel):
    """A rule that gives the rating: what it counted and how many it takes, or how much was seen where it counts nothing."""

    rule: str
    rating: Rating
    counted: int | None = None
    at_least: int | None = None
    assessed: int | None = None
    total: int | None = None
    observed: int | None = None
    known: int | None = None
    sentence: str


class Voice(BaseModel):
    """Who says something, in which filing, and how they know."""

    observer: str
    filing: UUID
    indicator: str
    value: Literal["present", "absent", "unsure"]
    basis: str
    comprehension: str | None
    document: str | None


class ReportOfIncident(BaseModel):
    """What was said of an incident at one hearing (null: at none), and what speaks against it."""

    hearing: str | None
    said: list[Voice]
    against: list[Voice]


class IncidentExplained(BaseModel):
    """An established incident with both sides."""

    indicator: str
    label: str
    unit: str
    level: Literal["E1", "E2", "E3"]
    effective_severity: int
    contested: bool
    deciding: bool
    filings: list[UUID]
    reports: list[ReportOfIncident]
    sentence: str


class IncidentNamed(BaseModel):
    """An incident by its indicator and its unit."""

    indicator: str
    unit: str


class ChangeExplained(BaseModel):
    """What would change the rating, to what, and how much is missing."""

    kind: str
    rule: str
    rating: Rating
    lacks: int
    hearings: int | None = None
    incidents: list[IncidentNamed]
    sentence: str


class RightExplained(BaseModel):
    """Why a right has its rating: which rules fired (two where it is contested), on which incidents, and what would change it.

    `sentences` say all of it in the reader's language.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [AN_EXPLANATION]})

    right: str
    label: str
    rating: Rating | None
    rating_low: Rating | None = None
    rating_high: Rating | None = None
    status: Literal["firm", "contested"]
    rule: str = Field(description="The rule of the taxonomy that decides; `contested` where two differ.")
    confidence: Literal["low", "medium", "high"]
    reason: Literal["no_eligible_observation", "insufficient_coverage"] | None = None
    fired: list[RuleFired]
    incidents: list[IncidentExplained]
    changes: list[ChangeExplained]
    sentences: list[str]
