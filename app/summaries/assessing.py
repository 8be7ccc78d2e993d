"""A case's records as the assessment takes them: who was where and understood what, and each mark about the units that it concerns."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from app.assessment.assess import Assessment, assess
from app.assessment.inputs import CASE, Observation, Occasion, Span, Trial, Verdict
from app.summaries.attendance import Attendance
from app.summaries.docket import EVERYBODY, Docket, listed
from app.summaries.outcomes import FirstInstance
from app.summaries.records import Filing, Mark

LIFTED = "lifted"


def assessment_of(docket: Docket, attendance: Attendance, first: FirstInstance) -> Assessment:
    """The assessment of a case under the default reading of its roles."""
    return assess(trial_of(docket, attendance, first), docket.lexicon.taxonomy)


def trial_of(docket: Docket, attendance: Attendance, first: FirstInstance) -> Trial:
    """What a case's records say of a trial."""
    return Trial(
        days={code: each.date for code, each in docket.hearings.items()},
        known=frozenset(attendance.known),
        observed=frozenset(attendance.observed),
        defendants=docket.records.defendants_stated or len(docket.defendants),
        observers=len(attendance.grasp),
        language_able=sum(each.is_able for each in attendance.grasp.values()),
        verdict=_verdict(first, all),
        verdict_at_worst=_verdict(first, any),
        observations=_observations(docket, attendance),
    )


def _verdict(first: FirstInstance, how_many: Callable[[Iterable[bool]], bool]) -> Verdict:
    """The verdict by all rows about each person, or by any of them: these differ only where rows do."""
    custodial = first.lexicon.custodial
    convicted = [each for each in first.outcomes if how_many(map(first.is_conviction, each.versions))]
    return Verdict(
        is_delivered=bool(first.outcomes),
        convicted=frozenset(each.person for each in convicted if each.person is not None),
        anybody_convicted=bool(convicted),
        is_custodial=any(how_many(not custodial.isdisjoint(row.sentences) for row in each.versions) for each in first.outcomes),
    )


def _observations(docket: Docket, attendance: Attendance) -> Iterator[Observation]:
    occasions, concerned = _Occasions(docket, attendance), _Concerned(docket)
    for filing in docket.filings:
        occasion = occasions.of(filing)
        here = (filing.hearing,) if filing.hearing else ()
        for mark in filing.marks:
            yield Observation(occasion, here if mark.unit == "hearing" else concerned.units(filing, mark), mark)


class _Concerned:
    """Whom marks are about, each group of people made once: a large case says "nobody" of the same people thousands of times."""

    __slots__ = ("_docket", "_groups")

    def __init__(self, docket: Docket) -> None:
        self._docket = docket
        self._groups: dict[tuple[str, ...] | str | None, tuple[str, ...]] = {}

    def units(self, filing: Filing, mark: Mark) -> tuple[str, ...]:
        """The units of a mark that is about no hearing: participants, or the case."""
        if mark.unit == CASE:
            return (CASE,)
        key = (*listed(filing, "absent_who"), *mark.listed) if mark.unit == EVERYBODY else mark.participant
        known = self._groups.get(key)
        if known is None:
            known = self._groups[key] = self._docket.units(filing, mark)
        return known


class _Occasions:
    """What is known of each observer at each hearing: from their own hearing forms, the least where two of them differ."""

    __slots__ = ("_attended", "_grasp")

    def __init__(self, docket: Docket, attendance: Attendance) -> None:
        self._grasp: dict[tuple[str, str | None], str] = {}
        self._attended: dict[tuple[str, str | None], Span] = {}
        rank = docket.lexicon.ranks.get("comprehension", {})
        for filing in (each for reports in attendance.reports.values() for each in reports):
            where, said, span = (filing.observer, filing.hearing), str(filing.answers.get("own_comprehension")), span_of(filing.answers)
            if said in rank and rank[said] >= rank.get(self._grasp.get(where, ""), 0):
                self._grasp[where] = said
            if span is not None:
                self._attended[where] = max(span, self._attended.get(where, span))

    def of(self, filing: Filing) -> Occasion:
        where = (filing.observer, filing.hearing)
        return Occasion(
            filing=filing.id,
            observer=filing.observer,
            hearing=filing.hearing,
            comprehension=self._grasp.get(where),
            attended=self._attended.get(where),
            happened=span_of(filing.answers, "time_from", "time_to"),
            is_lifting=filing.answers.get("change") == LIFTED,
        )


def span_of(answers: Mapping[str, object], since: str = "arrived_at", until: str = "left_at") -> Span | None:
    """When an observer was there, as far as it is answered; where one end only is known, it is that moment. Times are `HH:MM`."""
    start, end = answers.get(since), answers.get(until)
    if start is None and end is None:
        return None
    return (str(start or end), str(end or start))
