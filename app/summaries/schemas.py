"""What crosses the wire about summaries. Answers are folded into these shapes directly; a test compares every one with its model."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.summaries.examples import A_CASE, A_PROGRAMME, SOME_SOURCES

STATUSES = r"^(submitted|returned|rejected|accepted)(,(submitted|returned|rejected|accepted))*$"
LONGEST_STATUSES = 100
Monitoring = Literal["full", "partly", "none", "not_stated"]
Answer = Literal["yes", "no", "unknown", "contested"]
Rating = str
Plain = bool | int | str
"""A number, a text or a claim."""

Cell = Plain | list[str] | None


class Share(BaseModel):
    """A part of a whole; `percent` has one decimal, half up."""

    part: int
    whole: int
    percent: str = Field(examples=["85.0"])


Value = Plain | Share | list[str] | list[dict[str, Cell]] | None
"""A count, a claim, a text, a share, codes, or the rows of a table; null where it is not known, never 0."""


class UnderReading(BaseModel):
    """A figure's value under one reading of contested roles."""

    reading: str
    value: Value


class Trace(BaseModel):
    """What stands behind a figure: how many things, and where they are listed."""

    count: int
    href: str


class FigureShown(BaseModel):
    """A figure under the default reading; `readings` are there where some differs. `at_least`: a minimum; `stated`: taken from a note."""

    key: str
    type: Literal["count", "boolean", "text", "share", "table", "participants", "hearings", "terms"]
    label: str
    value: Value
    at_least: bool | None = None
    stated: bool | None = None
    readings: list[UnderReading] | None = None
    trace: Trace


class StatementShown(BaseModel):
    """What must be said beside every number: an id, the numbers, and the sentence in the reader's language."""

    id: str
    numbers: dict[str, Plain]
    text: str


class HearingsCovered(BaseModel):
    """Hearings known and observed; the share is `part/whole`, null of nothing."""

    hearings_known: int
    hearings_observed: int
    hearing_coverage: str | None


class CoverageShown(HearingsCovered):
    """How much of what happened was seen, and by whom."""

    observers: list[str]
    language_able: list[str]
    language_able_share: str | None
    statements: list[StatementShown]


class CaseHead(BaseModel):
    """A case without its title."""

    id: UUID
    code: str
    monitoring: Monitoring
    defendants_stated: int | None
    verdict_on: str | None


class Computed(BaseModel):
    """From what a summary was computed. `digest` is SHA-256 of what it says, equal in every language."""

    taxonomy_version: str
    statuses: list[str]
    digest: str


class CaseComputed(Computed):
    """From what the summary of a case was computed."""

    case_revision: int


class Stage(BaseModel):
    """A stage that a complaint can reach: how many complainants' answers are yes, no, unknown, or (where filings differ) contested."""

    stage: str
    yes: int
    no: int
    unknown: int
    contested: int | None = None


class ComplaintShown(BaseModel):
    """One complainant. `placeholder` marks somebody nobody identified."""

    participant: str
    role: str
    form: str
    stages: dict[str, Answer]
    response: list[str]
    observations: list[UUID]
    placeholder: bool | None = None


class ComplaintsShown(BaseModel):
    """How far complaints can be traced, and each of them."""

    funnel: list[Stage]
    ledger: list[ComplaintShown]


class RestrictionShown(BaseModel):
    """A restriction of access; `order` is null where the filings do not show its place."""

    order: int | None
    indicators: list[str]
    kinds: list[str]
    first_hearing: str | None
    ordered_by: list[str]
    observations: list[UUID]


class RetractionShown(BaseModel):
    """A witness who took testimony back, and why."""

    participant: str
    reasons: list[str]
    observations: list[UUID]


class Commuted(BaseModel):
    """How many sentences were commuted."""

    count: int | None


class TermChange(BaseModel):
    """A term changed on review, in months."""

    participant: str
    from_months: int | None
    to_months: int | None


class ConsistencyShown(BaseModel):
    """A check of the case's own numbers: it holds where both sides are equal."""

    check: str
    holds: bool
    left: int | list[int]
    right: int | list[int]


class OutcomesShown(BaseModel):
    """How the case ended, and how the numbers add up."""

    convicted: int | None
    acquitted: int | None
    custodial: int | None
    conditional: int | None
    released: int | None
    held: int | None
    unattributed: int | None
    commuted: Commuted
    changes: list[TermChange]
    consistency: list[ConsistencyShown]


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


class StanceShown(BaseModel):
    """A value and the observers who gave it. An outcome row stands with nobody and decides."""

    value: Cell
    observers: list[str]
    decides: bool | None = None


class SideTakenShown(Decided):
    """The side that a coordinator took. It is shown first, and no figure and no rating follows it."""

    value: Cell


class DisagreementShown(BaseModel):
    """One thing at one hearing on which observers differ."""

    hearing: str
    kind: Literal["mark", "answer", "role", "count"]
    what: str
    unit: str
    values: list[StanceShown]
    decision: SideTakenShown | None = None


class NotAssessable(BaseModel):
    """What an observer heard without understanding."""

    hearing: str
    kind: Literal["mark", "answer", "role", "count"]
    what: str
    unit: str
    observer: str
    value: Cell


class DiscrepancySide(BaseModel):
    """One side of a discrepancy and where it comes from."""

    value: Any
    source: str


class DiscrepancyShown(BaseModel):
    """Where what is on record does not agree with itself. `statement` is a generated sentence."""

    check: str
    subject: str
    values: list[DiscrepancySide]
    statement: str


class NoteInBrief(BaseModel):
    """A coordinator's note: its key and its coded values, never its statement."""

    kind: str
    key: str
    values: dict[str, Any]


class Caveat(BaseModel):
    """What a reader must keep in mind; about some rights only where they are named."""

    caveat: str
    rights: list[str] | None = None


class CaseSummary(BaseModel):
    """What a case's counted observations add up to. It holds no text that a person typed."""

    model_config = ConfigDict(json_schema_extra={"examples": [A_CASE]})

    case: CaseHead
    computed: CaseComputed
    provisional: bool
    coverage: CoverageShown
    figures: list[FigureShown]
    complaints: ComplaintsShown
    restrictions: list[RestrictionShown]
    language: list[str]
    retractions: list[RetractionShown]
    counsel: list[str]
    outcomes: OutcomesShown
    rights: list[RightAssessed]
    groups: list[GroupAssessed]
    grade: Grade
    disagreements: list[DisagreementShown]
    not_assessable: list[NotAssessable]
    discrepancies: list[DiscrepancyShown]
    notes: list[NoteInBrief]
    caveats: list[Caveat]


class ProgrammeHead(BaseModel):
    """A programme without its name."""

    id: UUID


class CaseBeside(BaseModel):
    """A case beside the others of its programme."""

    id: UUID
    code: str
    coverage: HearingsCovered
    monitoring: Monitoring
    revision: int


class RightAcrossCases(BaseModel):
    """A right, and by rating the codes of the cases that have it; `contested` where observers contest what decides."""

    right: str
    label: str
    ratings: dict[Rating, list[str]]


class CaveatOfCases(BaseModel):
    """A caveat and the codes of the cases for which it holds."""

    caveat: str
    cases: list[str]


class ProgrammeSummary(BaseModel):
    """A programme's cases beside each other and what they add up to. It has no rating and no grade of its own."""

    model_config = ConfigDict(json_schema_extra={"examples": [A_PROGRAMME]})

    programme: ProgrammeHead
    computed: Computed
    provisional: bool
    cases: list[CaseBeside]
    coverage: CoverageShown
    figures: list[FigureShown]
    rights: list[RightAcrossCases]
    discrepancies: list[DiscrepancyShown]
    notes: list[NoteInBrief]
    caveats: list[CaveatOfCases]


Ids = Annotated[list[UUID], Field(description="Sorted.")]


class FigureSources(BaseModel):
    """Everything behind a figure, or behind one cell of it under one reading: ids by kind."""

    model_config = ConfigDict(json_schema_extra={"examples": [SOME_SOURCES]})

    key: str
    reading: str | None
    cell: str | None
    count: int
    observations: Ids
    outcomes: Ids
    documents: Ids
    notes: Ids
    participants: Ids
    hearings: Ids
    cases: Ids
    members: Ids
    programmes: Ids
