"""What an assessment is made from: a trial's frame, its verdict, and what counted observations say. Plain values, named by case codes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

PRESENT = "present"
ABSENT = "absent"
CASE = "case"
"""The unit of what is about the case as a whole."""

Span = tuple[str, str]
"""From and until, as times of day `HH:MM` in the court's zone."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One counted filing: by whom, at which hearing (None: at none), and what is known of the observer there.

    `comprehension` is from the observer's own hearing form at that hearing; None where there is none. `attended` is when they were there,
    `happened` when the thing happened, where the filing says so. `is_lifting` marks a restriction reported as lifted.
    """

    filing: str
    observer: str
    hearing: str | None = None
    comprehension: str | None = None
    attended: Span | None = None
    happened: Span | None = None
    is_lifting: bool = False


class Statement(Protocol):
    """What a filing says of one indicator, and how its observer knows. `informant` is a keyed digest, equal for the same person."""

    @property
    def indicator(self) -> str:
        """The indicator's code."""

    @property
    def value(self) -> str:
        """One of present, absent, unsure."""

    @property
    def basis(self) -> str:
        """A term of `observation_basis`."""

    @property
    def document(self) -> str | None:
        """The code of the document that it is read in."""

    @property
    def informant_role(self) -> str | None:
        """The role of whoever told it."""

    @property
    def informant(self) -> str | None:
        """Who told it."""


class Observation(NamedTuple):
    """A statement, the filing it stands in, and the units it is about: hearings, participants, or the case (`CASE`)."""

    occasion: Occasion
    units: tuple[str, ...]
    said: Statement


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the first instance decided: whether it did, who was convicted (codes), whether anybody was, and whether anybody to custody."""

    is_delivered: bool = False
    convicted: frozenset[str] = frozenset()
    anybody_convicted: bool = False
    is_custodial: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """A case to be rated.

    `days` are those of all its hearings by code, `known` the hearings that took place, `observed` those with a counted hearing form.
    `language_able` of `observers` understood sufficiently in at least half of the hearings that they observed.
    `verdict` is what all that is on record about it bears out, `verdict_at_worst` what some of it does, where that is more.
    `observations` are read once.
    """

    days: Mapping[str, date] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    observed: frozenset[str] = frozenset()
    defendants: int = 0
    observers: int = 0
    language_able: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    verdict_at_worst: Verdict | None = None
    observations: Iterable[Observation] = ()
