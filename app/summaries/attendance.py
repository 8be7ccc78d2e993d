"""Who observed which hearing and understood it; what cannot be assessed because the observer did not understand."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.summaries.docket import Docket
from app.summaries.records import Filing, Hearing


@dataclass(frozen=True, slots=True)
class Grasp:
    """How many hearings an observer observed, and how many of them with sufficient comprehension."""

    observed: int = 0
    understood: int = 0

    def __add__(self, other: "Grasp") -> "Grasp":
        return Grasp(self.observed + other.observed, self.understood + other.understood)

    @property
    def is_able(self) -> bool:
        """Sufficient comprehension in at least half of the observed hearings (taxonomy, coverage)."""
        return 2 * self.understood >= self.observed


@dataclass(frozen=True, slots=True)
class Attendance:
    """Hearings and observers of a case, as codes in sorted order.

    `understood` are known hearings where somebody had sufficient comprehension; `deaf` are (observer, hearing) without any.
    """

    known: tuple[str, ...]
    observed: tuple[str, ...]
    understood: frozenset[str]
    deaf: frozenset[tuple[str, str]]
    grasp: Mapping[str, Grasp]
    """What each observer of the case took part in, by observer code, sorted."""
    reports: Mapping[str, tuple[Filing, ...]]
    """The hearing filings of each hearing of the case."""

    @property
    def is_whole(self) -> bool:
        """Whether every known hearing was understood by somebody; nothing is whole where no hearing is known."""
        return bool(self.known) and len(self.understood) == len(self.known)

    def can_assess(self, filing: Filing, basis: object, *, content: bool) -> bool:
        """Whether an answer counts: what was heard about content does not, where the same observer understood nothing at that hearing."""
        return not (content and basis == "heard" and (filing.observer, filing.hearing) in self.deaf)


def is_known(hearing: Hearing, today: date) -> bool:
    """Held, or scheduled with a date past; cancelled and postponed never."""
    return hearing.status == "held" or (hearing.status == "scheduled" and hearing.date < today)


def attend(docket: Docket) -> Attendance:
    """The attendance of a case, from its hearing filings."""
    reports: dict[str, list[Filing]] = defaultdict(list)
    for filing in docket.of("hearing"):
        if filing.hearing is not None and filing.hearing in docket.hearings:
            reports[filing.hearing].append(filing)
    known = tuple(sorted(code for code, hearing in docket.hearings.items() if is_known(hearing, docket.records.today)))
    return Attendance(
        known=known,
        observed=tuple(code for code in known if reports.get(code)),
        understood=frozenset(code for code in known if any(_understands(docket, each) for each in reports.get(code, ()))),
        deaf=frozenset(
            (each.observer, each.hearing)
            for filings in reports.values()
            for each in filings
            if each.hearing and each.answers.get("own_comprehension") in docket.lexicon.not_assessable
        ),
        grasp=_grasp(docket, reports),
        reports={code: tuple(filings) for code, filings in reports.items()},
    )


def _understands(docket: Docket, filing: Filing) -> bool:
    return filing.answers.get("own_comprehension") in docket.lexicon.sufficient


def _grasp(docket: Docket, reports: Mapping[str, list[Filing]]) -> dict[str, Grasp]:
    """Each observer's hearings; what coordinators file from documents observes nothing."""
    out: dict[str, Grasp] = {}
    for filings in reports.values():
        for observer in {each.observer for each in filings if each.is_observer}:
            understood = any(_understands(docket, each) for each in filings if each.observer == observer)
            out[observer] = out.get(observer, Grasp()) + Grasp(1, int(understood))
    return {observer: out[observer] for observer in sorted(out)}
