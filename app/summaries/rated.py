"""How rights, their groups and the grade cross the wire."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

Rating = str


class IncidentShown(BaseModel):
    """An indicator at a unit, with the filings that report it. `deciding`: counted by the rule that gives the rating."""

    indicator: str
    unit: str = Field(description="A hearing, a participant, or `case`.")
    level: Literal["E1", "E2", "E3"]
    effective_severity: int
    contested: bool
    filings: list[UUID]
    deciding: bool | None = None


class RightAssessed(BaseModel):
    """A right and its rating; `not_observed` with a reason where too little was seen.

    Where observers contest what decides, `rating` is null: `rating_low` counts contested incidents, `rating_high` leaves them out.
    """

    right: str
    group: str
    label: str
    rating: Rating | None
    rating_low: Rating | None = None
    rating_high: Rating | None = None
    status: Literal["firm", "contested"]
    rule: str = Field(description="The rule of the taxonomy that decides; `contested` where two differ.")
    confidence: Literal["low", "medium", "high"]
    reason: Literal["no_eligible_observation", "insufficient_coverage"] | None = None
    incidents: list[IncidentShown]
    contested: list[str] = Field(description="Contested incidents, as `indicator@unit`.")
    reported_concerns: list[IncidentShown]
    good_practices: list[IncidentShown]
    neutral_facts: list[IncidentShown]
    assessed_units: int
    unit_coverage: str | None = Field(description="`part/whole`; null of nothing.")


class StatedFinding(BaseModel):
    """A source's own verdict, which stands beside a rating and never enters it."""

    note: str
    target: str | None
    status: str | None


class GroupAssessed(BaseModel):
    """A group of rights with the ratings of its members."""

    group: str
    label: str
    rating: Rating
    members: dict[str, Rating | None] = Field(description="Null where a rating is contested.")
    stated_findings: list[StatedFinding]


GradeReason = Literal["verdict_pending", "too_little_observed"]
"""Why a case is not graded."""


class Decided(BaseModel):
    """Who decided, by code, and when."""

    by: str
    at: str = Field(json_schema_extra={"format": "date-time"})


class ComputedGrade(BaseModel):
    """The grade that a coordinator departed from."""

    value: str | None
    range: list[str] | None = None
    reason: GradeReason | None = None


class Grade(BaseModel):
    """The indicative grade of a case: computed, then confirmed by a coordinator or departed from; `computed` is what was departed from.

    `value` is null where it hangs on contested facts; `range` then is the best and the worst. `gross` are fundamental rights not respected
    under the gravest rule. `rule`, `confidence` and what follows speak of the computed grade, whatever was decided.
    """

    value: str | None
    range: list[str] | None = None
    rule: str
    status: Literal["computed", "confirmed", "departed"]
    confidence: Literal["low", "medium", "high"] | None
    reason: GradeReason | None = None
    gross: list[str]
    outcome_effect: bool
    significant_harm: bool
    rated_rights: int
    computed: ComputedGrade | None = None
    decision: Decided | None = None
