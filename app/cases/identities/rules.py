"""Who of many people may be meant by a name, and why, in words that name nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.cases.identities.schemas import Candidate
from app.cases.names.likeness import Likeness, Patronymic, alike
from app.cases.names.parts import readings_of
from app.cases.participants.rules import end_of
from app.kit import i18n

MOST_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whose names are known; `merged_into` is another participant who is the same person."""

    id: UUID
    code: str
    merged_into: UUID | None
    names: tuple[str, ...]


def candidates(sought: str, people: Iterable[Known]) -> list[Candidate]:
    """Who may be meant, the likeliest first, each once: whoever is merged stands under the code of whom it was merged into."""
    wanted = readings_of(sought)
    known = list(people)
    codes = {each.id: each.code for each in known}
    merges = {each.id: each.merged_into for each in known if each.merged_into is not None}
    best: dict[UUID, Likeness] = {}
    for person in known:
        found = [likeness for name in person.names if (likeness := alike(wanted, readings_of(name))) is not None]
        end = end_of(merges, person.id)
        best.update(_best(end, [*found, *filter(None, [best.get(end)])]))
    ranked = sorted(best, key=lambda each: (-best[each].score, codes[each], each))
    return [_candidate(each, codes[each], best[each]) for each in ranked[:MOST_CANDIDATES]]


def _best(person: UUID, found: list[Likeness]) -> Mapping[UUID, Likeness]:
    return {person: max(found, key=lambda each: each.score)} if found else {}


def _candidate(person: UUID, code: str, likeness: Likeness) -> Candidate:
    return Candidate(participant_id=person, code=code, score=likeness.score, level=likeness.level, reason=reason_of(likeness))


def reason_of(likeness: Likeness, language: str | None = None) -> str:
    """Why two names are thought to be alike, in the caller's language: which parts agree and how, and no part of a name."""
    keys = [f"match.surname.{likeness.surname}", f"match.given.{likeness.given}"]
    if likeness.patronymic is not Patronymic.NONE:
        keys.append(f"match.patronymic.{likeness.patronymic}")
    return "; ".join(i18n.text(key, language) for key in keys) + "."
