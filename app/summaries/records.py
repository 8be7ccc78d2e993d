"""What a case is folded from: plain values, as they stand in the store at one moment.

People, hearings and documents are named by their case codes, because that is what a reader sees; ids are kept beside them for traces.
Nothing here holds a title, a name or a narrative: `Filing.answers` has no answer of the question type `text`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read: a document by code, or an observation by id, and the place in it."""

    document: str | None = None
    observation: str | None = None
    locator: str | None = None


@dataclass(frozen=True, slots=True)
class RoleReading:
    """The role that one source gives a participant, under the name of a reading."""

    role: str
    reading: str
    source: Source


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Somebody nobody identified: one unit, whatever its size."""

    stands_for: str  # person | group
    count: int | None = None
    at_least: int | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """A person of the case under its code; `roles` are the contested ones, in the order in which they were entered.

    `merged` are the own roles of the participants who turned out to be this person, by their codes.
    """

    id: str
    code: str
    role: str
    is_anonymous: bool = False
    is_protected: bool = False
    named_in_source: bool = False
    roles: tuple[RoleReading, ...] = ()
    placeholder: Placeholder | None = None
    merged: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Hearing:
    """A hearing of the case; `date` is the plain day in the court's zone."""

    id: str
    code: str
    date: date
    status: str  # scheduled | held | postponed | cancelled
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document that can be cited."""

    id: str
    code: str
    kind: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a document shows of the outcome for one person (`participant` is a code) or for a group (`is_group`, `count` may be unknown).

    Terms are in months. Exactly one of `verdict` (first instance) and `result` (review) is set.
    """

    id: str
    instance: str
    source: Source
    participant: str | None = None
    is_group: bool = False
    count: int | None = None
    verdict: str | None = None
    result: str | None = None
    sentences: tuple[str, ...] | None = None
    term_months: int | None = None
    new_term_months: int | None = None
    custody_status: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What a coordinator read somewhere, without its statement. `values` name participants by code."""

    id: str
    kind: str
    key: str
    values: Mapping[str, Any]
    source: Source
    target_kind: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What a filing itself says of one indicator.

    `unit` is what the mark is about: `hearing`, `case`, `participant` (then `participant` is a code) or `all_concerned` (every defendant
    present at that hearing but those `listed` by code, joined when folded).
    `informant` is a keyed digest of who said it, equal for the same person.
    """

    indicator: str
    unit: str
    value: str  # present | absent | unsure
    basis: str
    participant: str | None = None
    document: str | None = None
    informant_role: str | None = None
    informant: str | None = None
    aspect: str | None = None
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filing:
    """A counted observation: one filled form by one observer.

    `answers` are the coded answers with participants, documents and hearings named by code; `captured_at` is the claimed moment.
    """

    id: str
    form: str
    hearing: str | None
    captured_at: datetime
    observer: str
    is_observer: bool
    answers: Mapping[str, Any]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """The ids of the observations stored, whatever their status: of members with the role observer, and of others (from documents)."""

    observer: frozenset[str] = frozenset()
    document: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Member:
    """A member with the role observer, with the languages as entered: language -> full | sufficient | partial | none."""

    id: str
    code: str
    languages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SideTaken:
    """A coordinator's decision where observers differ: what it is about, as a disagreement names it, the value taken, by whom, and when."""

    hearing: str
    kind: str
    what: str
    unit: str
    value: Any
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class GradeDecision:
    """A coordinator's last word on the grade: `value` is None where it was confirmed; `computed` is the grade that it was about."""

    value: str | None
    computed: Mapping[str, Any]
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class CaseRecords:
    """Everything that a case's summary is folded from. The order of each tuple carries no meaning, but for `sides`."""

    id: str
    code: str
    monitoring: str  # full | partly | none | not_stated
    defendants_stated: int | None
    verdict_on: str | None
    participants: tuple[Participant, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    documents: tuple[Document, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    notes: tuple[Note, ...] = ()
    filings: tuple[Filing, ...] = ()
    stored: Stored = field(default_factory=Stored)
    members: tuple[Member, ...] = ()
    today: date = date.max
    """The day on which the case is folded, in the court's zone: a scheduled hearing with an earlier date is known."""
    programme_notes: tuple[Note, ...] = ()
    """The programme's notes that belong to no case: their caveats hold for every case."""
    cited: tuple[Document, ...] = ()
    """Documents of the programme that are not this case's own and are cited in it."""
    revision: int = 0
    """The case revision that these records were read at."""
    sides: tuple[SideTaken, ...] = ()
    """Decisions on disagreements in the order in which they were made: of two about the same thing the later one holds."""
    grade_decision: GradeDecision | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeRecords:
    """A programme's cases as folded, its observers and the notes that belong to no case."""

    id: str
    cases: tuple[CaseRecords, ...]
    members: tuple[Member, ...] = ()
    notes: tuple[Note, ...] = ()
