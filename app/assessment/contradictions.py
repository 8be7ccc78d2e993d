"""Who contradicts whom (taxonomy, contradiction C1 to C3): only somebody of whom we know that they were there, understood and looked.

A silent document contradicts nobody; a document states the opposite by an opposing indicator. One who did not understand the language
(V3) is no eligible source, and so contradicts nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from app.assessment.evidence import DIRECT, Scale, Source
from app.assessment.inputs import ABSENT, PRESENT, Observation, Occasion
from app.assessment.rulebook import ESTABLISHED

Name = tuple[str, str]
"""What makes an incident one: its indicator and its unit."""


class Statements:
    """What observations say, indexed: `present` by indicator and unit, then by hearing; denials by indicator and hearing.

    Indicators that the taxonomy does not have, and answers that are no answer (F3), are left out.
    """

    __slots__ = ("_absent", "present", "scale")

    def __init__(self, observations: Iterable[Observation], scale: Scale) -> None:
        self.scale = scale
        self.present: dict[Name, dict[str | None, list[Observation]]] = {}
        self._absent: dict[tuple[str, str | None], list[Observation]] = defaultdict(list)
        known = scale.rulebook.taxonomy.indicators
        for each in observations:
            occasion, units, said = each
            if said.value == ABSENT:
                self._absent[(said.indicator, occasion.hearing)].append(each)
            elif said.value == PRESENT and said.indicator in known:
                for unit in units:
                    self.present.setdefault((said.indicator, unit), {}).setdefault(occasion.hearing, []).append(each)

    def against(self, name: Name, hearing: str | None, reports: Sequence[Observation], sources: Sequence[Source]) -> list[Observation]:
        """The observations that contradict reports of an incident at one hearing; none where it stands. `sources` are the reports' own."""
        denials = self._absent.get((name[0], hearing))
        opposites = self.scale.rulebook.taxonomy.indicators[name[0]].opposes
        return [
            *(self._denials(denials, name[1], reports) if denials else ()),
            *(self._opposites(opposites, name[1], hearing, sources) if opposites else ()),
        ]

    def _denials(self, denials: Sequence[Observation], unit: str, reports: Sequence[Observation]) -> Iterator[Observation]:
        """C1 and C3: another observer, who was there at the time and could tell, says that it was not so."""
        who = {each.occasion.observer for each in reports}
        for each in denials:
            is_another = each.occasion.observer not in who and unit in each.units
            if is_another and self.scale.source_of(each).kind == DIRECT and any(was_there(each.occasion, one.occasion) for one in reports):
                yield each

    def _opposites(self, opposites: Iterable[str], unit: str, hearing: str | None, own: Sequence[Source]) -> Sequence[Observation]:
        """C2: other sources establish an indicator that opposes this one, which is established as well."""
        found = [each for code in opposites for each in self.present.get((code, unit), {}).get(hearing, ())]
        if not found or self.scale.level(own) < ESTABLISHED:
            return ()
        others = {each: source for each in found if (source := self.scale.source_of(each)) not in own}
        return list(others) if self.scale.level(others.values()) >= ESTABLISHED else ()


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
