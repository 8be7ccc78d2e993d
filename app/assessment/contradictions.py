"""Who contradicts whom (taxonomy, contradiction C1 to C3): only somebody of whom we know that they were there, understood and looked.

A silent document contradicts nobody; a document states the opposite by an opposing indicator. One who did not understand the language
(V3) is no eligible source, and so contradicts nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from app.assessment.evidence import DIRECT, Scale, Source
from app.assessment.inputs import ABSENT, PRESENT, Observation, Occasion
from app.assessment.rulebook import ESTABLISHED

Answer = tuple[str, str, str, str | None]
"""Indicator, value, basis and comprehension: what decides whether an answer shows anything."""

Name = tuple[str, str]
"""What makes an incident one: its indicator and its unit."""


class Statements:
    """What observations say, indexed in one pass: a large case has tens of thousands of them.

    `present` is by indicator and unit, then by hearing; `answers` has the units that each different answer is about; `observers` are all
    who say anything. Indicators that the taxonomy does not have, and answers that are no answer (F3), report and deny nothing.

    Denials are many and few of them deny anything, so they are kept as the parts of observations in a row, three to each.
    """

    __slots__ = ("_absent", "answers", "observers", "opposites", "present", "scale")

    def __init__(self, observations: Iterable[Observation], scale: Scale) -> None:
        self.scale = scale
        self.opposites = {code: each.opposes for code, each in scale.rulebook.taxonomy.indicators.items()}
        self.present: dict[Name, dict[str | None, list[Observation]]] = {}
        self.answers: dict[Answer, set[tuple[str, ...]]] = defaultdict(set)
        self.observers: set[str] = set()
        self._absent: dict[tuple[str, str | None], list[Any]] = defaultdict(list)
        for each in observations:
            occasion, units, said = each
            indicator, value, hearing = said.indicator, said.value, occasion.hearing
            self.observers.add(occasion.observer)
            self.answers[(indicator, value, said.basis, occasion.comprehension)].add(units)
            if value == ABSENT:
                self._absent[(indicator, hearing)] += each
            elif value == PRESENT and indicator in self.opposites:
                for unit in units:
                    self.present.setdefault((indicator, unit), {}).setdefault(hearing, []).append(each)

    def against(self, name: Name, hearing: str | None, reports: Sequence[Observation], sources: Sequence[Source]) -> list[Observation]:
        """The observations that contradict reports of an incident at one hearing; none where it stands. `sources` are the reports' own."""
        denials = self._absent.get((name[0], hearing))
        denied = self._denials(denials, name[1], reports) if denials else []
        opposites = self.opposites[name[0]]
        return denied + self._opposites(opposites, name[1], hearing, sources) if opposites else denied

    def _denials(self, denials: Sequence[Any], unit: str, reports: Sequence[Observation]) -> list[Observation]:
        """C1 and C3: another observer, who was there at the time and could tell, says that it was not so."""
        who = {each.occasion.observer for each in reports}
        found = []
        for occasion, units, said in zip(denials[::3], denials[1::3], denials[2::3], strict=True):
            if occasion.observer not in who and unit in units:
                is_direct = self.scale.class_of(said.indicator, said.basis, occasion.comprehension) == DIRECT
                if is_direct and any(was_there(occasion, each.occasion) for each in reports):
                    found.append(Observation(occasion, units, said))
        return found

    def _opposites(self, opposites: Iterable[str], unit: str, hearing: str | None, own: Sequence[Source]) -> list[Observation]:
        """C2: other sources establish an indicator that opposes this one, which is established as well."""
        found = [each for code in opposites for each in self.present.get((code, unit), {}).get(hearing, ())]
        if not found or self.scale.level(own) < ESTABLISHED:
            return []
        others = {each: source for each in found if (source := self.scale.source_of(each)) not in own}
        return list(others) if self.scale.level(others.values()) >= ESTABLISHED else []


def was_there(denying: Occasion, reporting: Occasion) -> bool:
    """Whether one who denies something was there when it happened, as far as is known.

    Where the time of the incident is not told, it lies somewhere in the attendance of the one who reported it.
    """
    if denying.attended is None:
        return True
    came, left = denying.attended
    if reporting.happened is not None:
        return came <= reporting.happened[0] and reporting.happened[1] <= left
    return reporting.attended is None or (came <= reporting.attended[1] and reporting.attended[0] <= left)
