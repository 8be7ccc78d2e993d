"""Official statistics as they cross the wire: typed off the page, number by number. Nothing computed is taken from a caller."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.kit import errors
from app.kit.ids import Id
from app.kit.wire import Body, Text
from app.statistics.examples import A_SHEET

LARGEST_COUNT = 10**12
LONGEST_NAME = 64
RATE = "rate"
_RATE = re.compile(r"[0-9]{1,9}([.,][0-9]{1,6})?\s?%?")


def _name(value: str) -> str:
    """A name that can stand in a source (`table:KEY/ROW/COLUMN`) without looking like another part of it."""
    if len(value) > LONGEST_NAME:
        raise PydanticCustomError("string_too_long", errors.TOO_LONG)
    if not value or not all(letter.isalnum() or letter in "-_" for letter in value):
        raise PydanticCustomError(errors.WRONG_FORMAT, errors.WRONG_FORMAT)
    return value


def _article(value: str) -> str:
    found = value.strip()
    if len(found) > LONGEST_NAME:
        raise PydanticCustomError("string_too_long", errors.TOO_LONG)
    if not found or "/" in found:
        raise PydanticCustomError(errors.WRONG_FORMAT, errors.WRONG_FORMAT)
    return found


def _printed_rate(value: str) -> str:
    found = value.strip()
    if not _RATE.fullmatch(found):
        raise PydanticCustomError(errors.WRONG_FORMAT, errors.WRONG_FORMAT)
    return found


Name = Annotated[str, AfterValidator(_name), Field(examples=["complaints"])]
"""A key or the name of a column: 1-64 letters, digits and `-_`."""

Article = Annotated[Text, AfterValidator(_article), Field(examples=["347-1"])]
"""The number of an article as the source prints it, 1-64 characters without a slash."""

Count = Annotated[int, Field(ge=0, le=LARGEST_COUNT)]
Year = Annotated[int, Field(ge=1900, le=2100, examples=[2012])]
PrintedRate = Annotated[str, AfterValidator(_printed_rate), Field(examples=["0.91 %"])]
"""A rate in per cent as the source prints it, with as many decimals: a text, because 0.9 and 0.90 are not the same."""

Percent = Annotated[float, Field(ge=0, le=1_000_000, examples=[2])]
Locator = Annotated[Text | None, Field(examples=["paragraph 74"])]
ROW: dict[str, Any] = {"year": 2011, "article": "308", "complaints": 19900, "sent_to_court": 183, "printed_rate": "0.91 %"}


class Origin(Body):
    """Where the statistics were read."""

    title: Text | None = Field(default=None, examples=["Statistical yearbook"])
    document_id: Id | None = None


class Offence(Body):
    """One deed under all the articles and names that the source gives it."""

    code: Name = Field(examples=["torture"])
    articles: list[Article] = Field(default=[], max_length=50)
    labels: list[Text] = Field(default=[], max_length=50, examples=[["Torture"]])


class Row(Body):
    """One printed line: a year, perhaps an article, and whole numbers by the name of their column. A cell that is blank is left out."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [ROW]})
    __pydantic_extra__: dict[str, Count]

    year: Year
    article: Article | None = None
    printed_rate: PrintedRate | None = None


class Where(Body):
    """Which rows of a table count."""

    article: Article | None = None
    year: Year | None = None


class Counts(Body):
    """What the sum of some columns of a table counts. Tables with the same subject are set beside each other."""

    subject: Name = Field(examples=["torture_complaints"])
    columns: list[Name] = Field(min_length=1, max_length=20)
    where: Where | None = None


class Table(Body):
    """A table as printed. `rate_of`: numerator and denominator of the printed rates; `balance`: sums of columns that should be equal."""

    key: Name = Field(examples=["table1"])
    title: Text | None = Field(default=None, examples=["Complaints and cases sent to court"])
    kept_by: Name = Field(alias="register", examples=["law_enforcement"])
    locator: Locator = None
    unit: Text | None = Field(default=None, examples=["complaints"])
    rows: list[Row] = Field(min_length=1, max_length=1000)
    rate_of: Annotated[list[Name], Field(min_length=2, max_length=2, examples=[["sent_to_court", "complaints"]])] | None = None
    balance: (
        Annotated[list[Annotated[list[Name], Field(min_length=1, max_length=20)]], Field(min_length=2, max_length=5, examples=[None])]
        | None
    ) = None
    counts: Counts | None = None


class Claim(Body):
    """What a statement claims of numbers: below a percentage (all years together), or growing or falling from year to year."""

    kind: Literal["below", "rising", "falling"]
    value: Percent | None = None
    but: list[Year] | None = Field(default=None, alias="except", max_length=50, description="Years that the claim itself leaves out.")


class Statement(Body):
    """A sentence with numbers. `about`: `TABLE.COLUMN`, `TABLE.rate`, or in words; `values` by year, or by what they count."""

    key: Name = Field(examples=["paragraph_75"])
    locator: Locator = None
    about: Text = Field(examples=["table1.rate"])
    unit: Text | None = None
    text: Text | None = None
    values: Annotated[dict[Name, Count], Field(max_length=200, examples=[{"2010": 35}])] = Field(default_factory=dict)
    article: Article | None = None
    articles: Annotated[list[Article], Field(max_length=50)] | None = None
    claim: Claim | None = None


class Sum(Body):
    """A total that is printed with its parts."""

    key: Name = Field(examples=["deaths"])
    locator: Locator = None
    what: Text | None = None
    stated_total: Count
    parts: dict[Name, Count] = Field(min_length=1, max_length=200, examples=[{"suicide": 33, "other": 94}])


class Statistics(Body):
    """Official statistics of one source, as printed. They replace what was there."""

    model_config = ConfigDict(json_schema_extra={"examples": [A_SHEET]})

    source: Origin | None = None
    offences: list[Offence] = Field(default=[], max_length=200)
    tables: list[Table] = Field(default=[], max_length=50)
    statements: list[Statement] = Field(default=[], max_length=500)
    sums: list[Sum] = Field(default=[], max_length=200)


def as_printed(statistics: Statistics) -> dict[str, Any]:
    """The same as JSON, without what was left out."""
    found: dict[str, Any] = statistics.model_dump(mode="json", by_alias=True, exclude_none=True)
    for each in found["statements"]:
        if "value" in each.get("claim", {}):
            each["claim"]["value"] = plain(each["claim"]["value"])
    return found


def plain(number: float) -> float:
    """A whole number without decimals, so that a claim is shown as it was made."""
    return int(number) if number.is_integer() else number
