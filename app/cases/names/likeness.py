"""How alike two names are: whether one may be the other's spelling (`auto`), whether a person should look (`suggest`), and in which way.

The bands are those of the reference table of names: `auto` for full names that are spellings of one another, and for nothing else. A name
with an initial never asks for more than `suggest`: siblings share surname and initial. Nothing here merges anybody.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations, product
from typing import Literal

from app.cases.names.distance import apart
from app.cases.names.families import Surname, compare_surnames, is_same
from app.cases.names.parts import Reading, readings_of

Level = Literal["auto", "suggest"]
_SIMILAR_GIVEN = 0.2
_BOTH_SIMILAR = 1.6
_SAME_INITIAL = 0.35
_LEAST_AUTO = 90
_MOST_SUGGESTED = 89


class Given(StrEnum):
    """How two given names are alike."""

    SAME = "same"
    SIMILAR = "similar"
    INITIAL = "initial"
    OTHER_INITIAL = "other_initial"
    ABSENT = "absent"


class Patronymic(StrEnum):
    """How two patronymics stand to each other; `NONE` where neither name has one."""

    NONE = "none"
    SAME = "same"
    ONE_SIDE = "one_side"
    OTHER = "other"


_POINTS = {Surname.SAME: 55, Surname.GENDER: 44, Surname.ENDING: 40, Surname.SIMILAR: 36}
_GIVEN_POINTS = {Given.SAME: 40, Given.SIMILAR: 28, Given.INITIAL: 26, Given.ABSENT: 12, Given.OTHER_INITIAL: 4}
_LOST = {Patronymic.OTHER: 12, Patronymic.ONE_SIDE: 4}


@dataclass(frozen=True, slots=True)
class Likeness:
    """In which way two names are alike; `cost` is how far their sounds are apart."""

    surname: Surname
    given: Given
    patronymic: Patronymic
    cost: float

    @property
    def level(self) -> Level:
        """`auto` for two full names that differ in spelling only."""
        is_whole = self.surname is Surname.SAME and self.given is Given.SAME
        return "auto" if is_whole and self.patronymic in (Patronymic.NONE, Patronymic.SAME) else "suggest"

    @property
    def score(self) -> int:
        """0 to 100: from 90 for `auto`, below for `suggest`."""
        if self.level == "auto":
            return max(_LEAST_AUTO, 100 - round(15 * self.cost))
        points = _POINTS[self.surname] + _GIVEN_POINTS[self.given] - _LOST.get(self.patronymic, 0) - round(5 * self.cost)
        return max(1, min(_MOST_SUGGESTED, points))


def likeness(one: str, other: str) -> Likeness | None:
    """How alike two names are; None where nobody should be asked."""
    return alike(readings_of(one), readings_of(other))


def alike(one: Iterable[Reading], other: Iterable[Reading]) -> Likeness | None:
    """How alike two names are in the manner of reading in which they are most alike."""
    found = (each for pair in product(one, other) for each in _ways(*pair))
    return max(found, key=lambda each: (each.score, -each.cost), default=None)


def _ways(one: Reading, other: Reading) -> Iterator[Likeness]:
    """Every way in which two names, each in its own order of words, can be held against each other."""
    for place, its_place in product(range(len(one.words)), range(len(other.words))):
        if not (one.may_be_surname(place) or other.may_be_surname(its_place)):
            continue
        family = compare_surnames(one.words[place], other.words[its_place])
        if family is not None:
            yield from _with_given(family, _Rest.of(one, place), _Rest.of(other, its_place))


@dataclass(frozen=True, slots=True)
class _Rest:
    """A name without its surname."""

    words: tuple[str, ...]
    initials: tuple[str, ...]
    patronymic: str | None

    @classmethod
    def of(cls, reading: Reading, place: int) -> "_Rest":
        words = reading.words[:place] + reading.words[place + 1 :]
        return cls(words, reading.initials, reading.patronymic)


def _with_given(family: tuple[Surname, float], one: _Rest, other: _Rest) -> Iterator[Likeness]:
    surname, distance = family
    if one.words and other.words:
        for given, cost, patronymic in _in_full(one, other):
            if _is_worth_asking(surname, given, distance + cost):
                yield Likeness(surname, given, patronymic, distance + cost)
        return
    given = _by_initial(one, other)
    if given is Given.OTHER_INITIAL and surname not in (Surname.SAME, Surname.GENDER):
        return
    if given is Given.ABSENT and surname is Surname.SIMILAR:
        return
    yield Likeness(surname, given, _patronymics(one.patronymic, other.patronymic), distance)


def _is_worth_asking(surname: Surname, given: Given, cost: float) -> bool:
    if given is Given.SAME or surname in (Surname.SAME, Surname.GENDER):
        return True
    return cost <= _BOTH_SIMILAR


def _in_full(one: _Rest, other: _Rest) -> Iterator[tuple[Given, float, Patronymic]]:
    """Given names paired in every order; what is left over counts as a further name, as a patronymic does."""
    short, long = sorted((one.words, other.words), key=len)
    patronymic = _patronymics(one.patronymic, other.patronymic)
    for chosen in permutations(long, len(short)):
        kinds = [_given(a, b) for a, b in zip(short, chosen, strict=True)]
        found = [each for each in kinds if each is not None]
        if len(found) < len(kinds):
            continue
        given = Given.SAME if all(kind is Given.SAME for kind, _ in found) else Given.SIMILAR
        further = patronymic if len(short) == len(long) else Patronymic.ONE_SIDE
        yield given, sum(cost for _, cost in found), further


def _given(one: str, other: str) -> tuple[Given, float] | None:
    distance = apart(one, other)
    if is_same(one, other, distance):
        return Given.SAME, distance
    return (Given.SIMILAR, distance) if distance <= _SIMILAR_GIVEN * min(len(one), len(other)) else None


def _patronymics(one: str | None, other: str | None) -> Patronymic:
    if one is None or other is None:
        return Patronymic.NONE if one is other else Patronymic.ONE_SIDE
    return Patronymic.SAME if is_same(one, other, apart(one, other)) else Patronymic.OTHER


def _by_initial(one: _Rest, other: _Rest) -> Given:
    first, second = _begins(one), _begins(other)
    if not first or not second:
        return Given.ABSENT
    agrees = any(_is_same_initial(a, b) for a, b in product(first, second))
    return Given.INITIAL if agrees else Given.OTHER_INITIAL


def _begins(rest: _Rest) -> tuple[str, ...]:
    """What a given name can begin with: its words, or the first initial."""
    return rest.words or rest.initials[:1]


def _is_same_initial(one: str, other: str) -> bool:
    return apart(one[:1], other[:1]) <= _SAME_INITIAL
