"""How one surname stands to another: the same, that of a brother or sister, without its ending, or only similar."""

from enum import StrEnum

from app.cases.names.distance import apart, begin_alike
from app.cases.names.letters import VOWELS

_SAME_FOR_EACH_SOUND = 0.035
_SAME_AT_MOST = 0.35
_SIMILAR_FOR_EACH_SOUND = 0.12
_STEM_FOR_EACH_SOUND = 0.06
_SHORTEST_STEM = 4
_FEMININE = {"ova": "ov", "eva": "ev", "ina": "in", "skaia": "ski", "aia": "i"}
_ENDINGS = ("ov", "ev", "uli", "kizi", "ogli", "ugli")
_OLDER = ("bai", "boi", "ba", "bo")
"""What often stands before -ev, and may go with it: Өтешбаев, Otesh."""


class Surname(StrEnum):
    """How two surnames are alike, the most alike first."""

    SAME = "same"
    GENDER = "gender"
    ENDING = "ending"
    SIMILAR = "similar"


def is_same(one: str, other: str, distance: float) -> bool:
    """Whether two shapes at a distance are spellings of one word. Short words must be closer: Алма is not Алима."""
    return distance <= min(_SAME_FOR_EACH_SOUND * min(len(one), len(other)), _SAME_AT_MOST)


def compare_surnames(one: str, other: str) -> tuple[Surname, float] | None:
    """How two surnames are alike, and how far they are apart; None where they are not."""
    if not begin_alike(one, other):
        return None
    distance = apart(one, other)
    if is_same(one, other, distance):
        return Surname.SAME, distance
    masculine = apart(_masculine(one), _masculine(other))
    if is_same(_masculine(one), _masculine(other), masculine):
        return Surname.GENDER, masculine
    stems = _stems_apart(one, other)
    if stems is not None:
        return Surname.ENDING, stems
    return (Surname.SIMILAR, distance) if distance <= _SIMILAR_FOR_EACH_SOUND * min(len(one), len(other)) else None


def _masculine(word: str) -> str:
    for feminine, masculine in _FEMININE.items():
        if word.endswith(feminine):
            return word.removesuffix(feminine) + masculine
    return word


def _stems_apart(one: str, other: str) -> float | None:
    """How far two surnames are apart without their endings; None where both have the same ending or none, or the stems differ."""
    stem, ending = _parted(_masculine(one))
    wanted, its_ending = _parted(_masculine(other))
    if ending == its_ending:
        return None
    pairs = [(stem, wanted)]
    if not (ending and its_ending):
        # Only where one of the two has no ending at all: Утешев and Утешбаев are two families.
        pairs.append((_bare(stem), _bare(wanted)))
    found = [distance for a, b in pairs if min(len(a), len(b)) >= _SHORTEST_STEM and (distance := apart(a, b)) <= _allowed(a, b)]
    return min(found, default=None)


def _allowed(stem: str, other: str) -> float:
    return _STEM_FOR_EACH_SOUND * min(len(stem), len(other))


def _parted(word: str) -> tuple[str, str]:
    ending = next((each for each in _ENDINGS if word.endswith(each)), "")
    stem = word.removesuffix(ending)
    # Оңғарбай loses its й before -ев.
    return (stem[:-1] if stem.endswith("i") and stem[-2:-1] in VOWELS else stem), "ov" if ending == "ev" else ending


def _bare(stem: str) -> str:
    return next((stem.removesuffix(each) for each in _OLDER if stem.endswith(each)), stem)
