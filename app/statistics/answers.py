"""What is answered about official statistics. Answers are computed into these shapes directly; a test compares every one with its model."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.statistics.examples import SOME_STATISTICS
from app.statistics.schemas import Offence, Origin, Statement, Sum, Table
from app.summaries.schemas import DiscrepancyShown, ProgrammeHead

Flag = Literal["no_denominator", "not_stated", "printed_equals_truncation", "printed_differs"]


class RateShown(BaseModel):
    """`part` of `whole` in per cent, four decimals, half up. Beside a printed rate: its number, and what should have been printed."""

    part: int | None
    whole: int | None
    percent: str | None
    printed: str | None = None
    as_printed: str | None = Field(default=None, description="The recomputed rate, rounded half up to the printed decimals.")
    flag: Flag | None = Field(description="Why there is no rate, or what is wrong with the printed one.")


class SideShown(BaseModel):
    """Columns and their sum; null where a cell is blank."""

    columns: list[str]
    total: int | None


class BalanceShown(BaseModel):
    """Sums that should be equal; `holds` is null where one is not known."""

    sides: list[SideShown]
    difference: int | None
    holds: bool | None


class RowComputed(BaseModel):
    """What follows from one row."""

    row: str = Field(description="`ARTICLE/YEAR`, or `YEAR`.")
    year: int
    article: str | None
    rate: RateShown | None
    balance: BalanceShown | None


class GroupComputed(BaseModel):
    """Column sums over several rows, and what follows from them. A pooled rate is that of the sums."""

    year: int | None = None
    article: str | None = None
    columns: dict[str, int | None]
    rate: RateShown | None
    balance: BalanceShown | None


class TableComputed(BaseModel):
    """What follows from a table."""

    key: str
    kept_by: str = Field(alias="register")
    rows: list[RowComputed]
    by_year: list[GroupComputed]
    by_article: list[GroupComputed]
    total: GroupComputed


class Against(BaseModel):
    """Numbers that a claim is held against."""

    value: Any
    source: str


class ClaimComputed(BaseModel):
    """Whether the numbers bear a claim out; null where they cannot say."""

    statement: str
    about: str
    claim: str
    against: list[Against]
    holds: bool | None


class SumComputed(BaseModel):
    """A stated total beside the sum of its parts."""

    key: str
    stated_total: int
    parts: int
    holds: bool


class Recomputed(BaseModel):
    """Everything that follows from the printed numbers."""

    tables: list[TableComputed]
    claims: list[ClaimComputed]
    sums: list[SumComputed]


class FormSeen(BaseModel):
    """How many complained in one form."""

    form: str
    label: str
    n: int


class CaseSeen(BaseModel):
    """A case with a verdict in the year."""

    id: UUID
    code: str


class OfficialBeside(BaseModel):
    """An official number beside the observed one. `suggests_gap`: observers alone saw at least half of it."""

    table: str
    column: str = Field(description="A column that is counted, or `all`.")
    official: int | None
    observed: int | None
    at_least: bool
    suggests_gap: bool


class ObservedYearShown(BaseModel):
    """Complainants in the programme's cases with a verdict in a year; null where no such case was observed, never 0."""

    year: int
    cases: list[CaseSeen]
    complainants: int | None
    at_least: bool
    by_form: list[FormSeen]
    official: list[OfficialBeside]


class StatisticsComputed(BaseModel):
    """What the answer was computed from."""

    taxonomy_version: str
    digest: str = Field(description="SHA-256 of the statistics as they are kept; the journal holds the same.")


class StatisticsShown(BaseModel):
    """Official statistics as printed, recomputed, and beside what was observed. Version 0: none were entered yet."""

    model_config = ConfigDict(json_schema_extra={"examples": [SOME_STATISTICS]})

    programme: ProgrammeHead
    version: int
    computed: StatisticsComputed
    source: Origin | None
    offences: list[Offence]
    tables: list[Table]
    statements: list[Statement]
    sums: list[Sum]
    recomputed: Recomputed
    observed: list[ObservedYearShown]
    discrepancies: list[DiscrepancyShown]
