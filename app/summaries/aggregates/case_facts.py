"""What a folded case comes to, as sums without any person: by hearing (else by day), right, indicator, kind and observers' languages."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import product
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.assessment.inputs import ABSENT, PRESENT
from app.assessment.ratings import CONTESTED
from app.assessment.rulebook import ADVERSE
from app.summaries.aggregates.measures import (
    COMPLAINTS,
    HELD,
    INCIDENTS,
    MEASURES,
    OBSERVATIONS,
    OBSERVED,
    RATINGS,
    RESTRICTIONS,
    RETRACTIONS,
)
from app.summaries.facts import CaseFacts
from app.summaries.records import Filing

FLUENT = frozenset({"full", "sufficient"})
SIGHTINGS = (INCIDENTS, COMPLAINTS, RETRACTIONS, RESTRICTIONS)


class Subject(NamedTuple):
    """What a fact is about, as far as it is told."""

    right: str | None = None
    indicator: str | None = None
    kind: str | None = None


class _Key(NamedTuple):
    measure: str
    grain: str
    hearing: str | None
    day: date | None
    right: str | None
    indicator: str | None
    kind: str | None
    language: str | None


class Fact(NamedTuple):
    """How many; `hearing` is an id, `day` stands where there is no hearing."""

    measure: str
    grain: str
    hearing: str | None
    day: date | None
    right: str | None
    indicator: str | None
    kind: str | None
    language: str | None
    value: str | None
    n: int
    is_minimum: bool


class _Thing(NamedTuple):
    """Something that counts: where, about what, in which languages of those who filed it, and how often."""

    measure: str
    hearing: str | None
    day: date | None
    subjects: tuple[Subject, ...]
    languages: frozenset[str | None]
    n: int = 1


def facts_of(case: CaseFacts, zone: str) -> list[Fact]:
    """The facts of a case; days without a hearing are those of the programme's zone."""
    sums: Counter[_Key] = Counter()
    for thing in _Teller(case, zone).things():
        for key in _keys(thing):
            sums[key] += thing.n
    minimum = _minimums(case)
    told = [Fact(*key, value=None, n=n, is_minimum=minimum.get(key.measure, False)) for key, n in sums.items()]
    return [*told, *_ratings(case)]


def _keys(thing: _Thing) -> Iterator[_Key]:
    """The sums that a thing enters: each grain of its measure once for every subject and language that the grain tells apart."""
    for grain in _grains(thing):
        subjects = {_at(grain, each) for each in thing.subjects} or {Subject()}
        for subject, language in product(subjects, thing.languages if "l" in grain else (None,)):
            yield _Key(thing.measure, grain, thing.hearing, thing.day, *subject, language)


def _grains(thing: _Thing) -> Iterable[str]:
    """The grains at which a thing is told. Observations at hearings are in the tally, so that only their languages are told here."""
    grains = MEASURES[thing.measure].grains
    if thing.measure == OBSERVATIONS:
        return (each for each in grains if ("r" in each) == bool(thing.subjects) and ("l" in each or thing.hearing is None))
    if not thing.n:
        # A zero is told where it was looked at: of an indicator, or of the hearing as a whole.
        return (each for each in grains if ("i" in each) == bool(thing.subjects) and (thing.subjects or not set(each) & set("rk")))
    return grains


def _at(grain: str, subject: Subject) -> Subject:
    return Subject(*(value if letter in grain else None for letter, value in zip("rik", subject, strict=True)))


def _minimums(case: CaseFacts) -> Mapping[str, bool]:
    """Which numbers are minimums: those of what somebody must see, unless every known hearing was understood by somebody."""
    in_part = not case.attendance.is_whole
    vague = case.has_minimum or any(case.docket.is_placeholder(code) for code in case.retractions)
    return {INCIDENTS: in_part, RESTRICTIONS: in_part, COMPLAINTS: case.has_minimum, RETRACTIONS: vague}


def _ratings(case: CaseFacts) -> Iterator[Fact]:
    """Each right's rating; `contested` where observers contest what decides."""
    for code, rated in case.assessment.rights.items():
        yield Fact(RATINGS, "r", None, None, code, None, None, None, rated.rating or CONTESTED, 1, is_minimum=False)


class _Teller:
    """Tells everything that counts in a case."""

    def __init__(self, case: CaseFacts, zone: str) -> None:
        self._case = case
        self._zone = ZoneInfo(zone)
        self._taxonomy = case.lexicon.taxonomy
        self._filings = {each.id: each for each in case.docket.filings}
        spoken = {each.code: frozenset(code for code, level in each.languages.items() if level in FLUENT) for each in case.records.members}
        self._languages: dict[str, frozenset[str | None]] = {code: frozenset(found or {None}) for code, found in spoken.items()}

    def things(self) -> Iterator[_Thing]:
        """Everything that counts, and every zero."""
        yield from self._hearings()
        yield from self._observations()
        yield from self._incidents()
        yield from self._looked_at()
        yield from self._persons()
        yield from self._restrictions()

    def _hearings(self) -> Iterator[_Thing]:
        attendance = self._case.attendance
        observed = set(attendance.observed)
        for code in attendance.known:
            hearing, languages = self._case.docket.hearings[code].id, self._spoken_by(attendance.reports.get(code, ()))
            yield _Thing(HELD, hearing, None, (), frozenset())
            if code not in observed:
                yield _Thing(OBSERVED, hearing, None, (), frozenset(), 0)
                continue
            yield _Thing(OBSERVED, hearing, None, (), languages)
            for measure in SIGHTINGS:
                yield _Thing(measure, hearing, None, (), languages, 0)

    def _observations(self) -> Iterator[_Thing]:
        """Each filing, and each of its statements that something was so."""
        for filing in self._case.docket.filings:
            where, languages = self._place([filing]), self._spoken_by([filing])
            yield _Thing(OBSERVATIONS, *where, (), languages)
            said = Counter(mark.indicator for mark in filing.marks if mark.value == PRESENT)
            for indicator, n in said.items():
                yield _Thing(OBSERVATIONS, *where, (self._subject(indicator),), languages, n)

    def _incidents(self) -> Iterator[_Thing]:
        """The established violations and concerns, contested ones among them, as a summary lists them."""
        established = (each for rated in self._case.assessment.rights.values() for each in rated.adverse if each.is_established)
        for each in established:
            yield self._reported(INCIDENTS, [self._filings[one] for one in each.filings], (self._subject(each.indicator.code),))

    def _looked_at(self) -> Iterator[_Thing]:
        """At which hearing somebody who could tell said of what would be an incident whether it was so."""
        seen: dict[tuple[str, str], set[str]] = {}
        content, hearings = self._case.lexicon.content_indicators, self._case.docket.hearings
        for filing in self._case.docket.filings:
            hearing = hearings.get(filing.hearing or "")
            for mark in filing.marks if hearing else ():
                can_tell = self._case.attendance.can_assess(filing, mark.basis, content=mark.indicator in content)
                if hearing and can_tell and mark.value in (PRESENT, ABSENT) and self._is_adverse(mark.indicator):
                    seen.setdefault((hearing.id, mark.indicator), set()).add(filing.id)
        for (where, indicator), filings in seen.items():
            languages = self._spoken_by(self._filings[each] for each in filings)
            yield _Thing(INCIDENTS, where, None, (self._subject(indicator),), languages, 0)

    def _persons(self) -> Iterator[_Thing]:
        for complaint in self._case.complaints.by_person.values():
            yield self._reported(COMPLAINTS, complaint.filings, (Subject(kind=complaint.form),))
        for retraction in self._case.retractions.values():
            yield self._reported(RETRACTIONS, retraction.filings, tuple(Subject(kind=reason) for reason in retraction.reasons))

    def _restrictions(self) -> Iterator[_Thing]:
        words = self._case.lexicon
        for each in self._case.restrictions:
            subjects = (self._subject(words.indicator_of("restriction_kind", kind))._replace(kind=kind) for kind in each.kinds)
            yield self._reported(RESTRICTIONS, each.filings, tuple(subjects))

    def _reported(self, measure: str, filings: Iterable[Filing], subjects: tuple[Subject, ...]) -> _Thing:
        """Something that filings report; it stands where it was first reported."""
        several = list(filings)
        return _Thing(measure, *self._place(several), subjects, self._spoken_by(several))

    def _place(self, filings: Iterable[Filing]) -> tuple[str | None, date | None]:
        """The first hearing of filings, else the first day on which one was captured."""
        several = list(filings)
        known = self._case.docket.hearings
        hearings = [known[each.hearing] for each in several if each.hearing is not None and each.hearing in known]
        if hearings:
            return (min(hearings, key=lambda each: (each.date, each.code)).id, None)
        return (None, min((each.captured_at.astimezone(self._zone).date() for each in several), default=None))

    def _spoken_by(self, filings: Iterable[Filing]) -> frozenset[str | None]:
        """The languages in which those who filed follow a hearing; None stands for whom it is not known of."""
        unknown: frozenset[str | None] = frozenset({None})
        return frozenset[str | None]().union(*(self._languages.get(each.observer, unknown) for each in filings))

    def _subject(self, indicator: str | None) -> Subject:
        known = self._taxonomy.indicators.get(indicator or "")
        return Subject(known.right, known.code, known.kind) if known else Subject(indicator=indicator)

    def _is_adverse(self, indicator: str) -> bool:
        known = self._taxonomy.indicators.get(indicator)
        return known is not None and known.polarity in ADVERSE
