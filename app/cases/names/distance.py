"""How far two shapes are apart: an edit distance in which what spellings confuse costs little, and what tells names apart costs much."""

from rapidfuzz.distance import OSA

from app.cases.names.letters import VOWELS

_ALIKE = {
    frozenset(pair): cost
    for pair, cost in {
        "ou": 0.1,  # ө, ұ, ў: Толебек, Тулебек
        "ao": 0.15,  # Uzbek and Russian: Қодирхон, Кадырхан
        "iu": 0.2,  # vowel harmony: Жүніс, Жунус
        "ae": 0.25,  # ә
        "ei": 0.3,
        "hk": 0.3,
        "eo": 0.35,  # ё
        "dt": 0.35,
        "sz": 0.35,
        "ij": 0.35,  # j as й or zh
        "uv": 0.35,
        "cs": 0.35,
        "mn": 0.4,
        "gh": 0.4,
        "jz": 0.4,
        "gk": 0.45,
        "jw": 0.45,  # German sch for both
        "qw": 0.5,
        "sw": 0.5,
        "fv": 0.5,
        "io": 0.5,
        "ai": 0.6,
        "eu": 0.6,
        "bp": 0.6,
    }.items()
}
_SWAPPED = 0.6
_SWAPPED_VOWELS = 0.2  # Дүйсен, Дюсен
_BEGINNING = 4
_MOST_AT_BEGINNING = 2
FAR = 99.0
"""So far apart that nobody would take one for the other."""


def apart(one: str, other: str) -> float:
    """The distance of two shapes: 0 for the same, about 1 for each sound that is really another, `FAR` where half of the sounds differ."""
    if one == other:
        return 0.0
    most = max(len(one), len(other)) // 2
    if OSA.distance(one, other, score_cutoff=most) > most:
        return FAR
    return _least(one, other)


def begin_alike(one: str, other: str) -> bool:
    """Whether it is worth looking further: of the first four sounds at most two are others. Most pairs of names end here."""
    return OSA.distance(one[:_BEGINNING], other[:_BEGINNING], score_cutoff=_MOST_AT_BEGINNING) <= _MOST_AT_BEGINNING


def _least(one: str, other: str) -> float:
    before: list[float] = []
    row = [0.0]
    for place in range(len(other)):
        row.append(row[-1] + _left_out(other, place))
    for i, letter in enumerate(one):
        before, row, above = row, [row[0] + _left_out(one, i)], before
        for j, wanted in enumerate(other):
            least = min(before[j] + _taken_for(letter, wanted), before[j + 1] + _left_out(one, i), row[j] + _left_out(other, j))
            if i and j and letter == other[j - 1] and wanted == one[i - 1]:
                least = min(least, above[j - 1] + (_SWAPPED_VOWELS if {letter, wanted} <= VOWELS else _SWAPPED))
            row.append(least)
    return row[-1]


def _taken_for(letter: str, wanted: str) -> float:
    return 0.0 if letter == wanted else _ALIKE.get(frozenset((letter, wanted)), 1.0)


def _left_out(word: str, place: int) -> float:
    letter, before, after = word[place], word[place - 1 : place], word[place + 1 : place + 2]
    if letter == "i":
        # An unstressed і is often not heard (Тілеу, Тлеу); at the beginning it is only what e begins with (Iessenov).
        return 0.2 if place or after == "e" else 0.8
    if letter == "g" and before == "n":
        return 0.25  # ң
    return 0.5 if letter in VOWELS or letter == "h" else 0.8
