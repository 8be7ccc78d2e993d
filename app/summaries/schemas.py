"""What crosses the wire about summaries. Answers are folded into these shapes directly; a test compares every one with its model."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.summaries.examples import A_CASE, A_PROGRAMME, SOME_SOURCES
from app.summaries.rated import Decided, Grade, GroupAssessed, Rating, RightAssessed

STATUSES = r"^(submitted|returned|rejected|accepted)(,(submitted|returned|rejected|accepted))*$"
LONGEST_STATUSES = 100
Monitoring = Literal["full", "partly", "none", "not_stated"]
Answer = Literal["yes", "no", "unknown", "contested"]
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
