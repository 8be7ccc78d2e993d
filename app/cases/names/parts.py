"""A name taken apart: words that stand for surname and given name in any order, initials, and a patronymic."""

import re
import unicodedata
from dataclasses import dataclass

from app.cases.names.sounds import has_vowel, sounds_of

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʻʼ`´ʹ′ʺ″\u02bf", "'"))
_JOINED = re.compile("[-\u2010-\u2015\u00ad\u200b-\u200d\u2060]")
_WORD = re.compile("[^\\W\\d_](?:[^\\W\\d_]|['\u0300-\u036f])*\\.?")
_CHILD_OF = ("uli", "kizi", "ogli", "ugli", "kiz", "ul")
_PATRONYMIC = ("oviq", "eviq", "ovih", "evih", "oviw", "eviw", "ovna", "evna", "iniqna", "uli", "kizi", "ogli", "ugli")
_SURNAME = ("ov", "ev", "ova", "eva", "ski", "skaia", "uli", "kizi", "ogli", "ugli", "enko")
_PERHAPS_SURNAME = ("in", "ina", "iq")
_LONGEST_INITIAL = 2
_LONGEST_WITHOUT_VOWEL = 4
_FULL = 2
MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """A name in one manner of reading, in sounds: at most four words in the order given, without the patronymic, and the initials."""

    words: tuple[str, ...]
    initials: tuple[str, ...]
    patronymic: str | None = None

    @property
    def is_full(self) -> bool:
        """Whether it has a surname and a given name in full."""
        return len(self.words) >= _FULL

    def may_be_surname(self, place: int) -> bool:
        """Whether the word at a place can be the surname: by its ending, else by standing first."""
        for endings in (_SURNAME, _PERHAPS_SURNAME):
            if any(each.endswith(endings) for each in self.words):
                return self.words[place].endswith(endings)
        return place == 0


def readings_of(name: str) -> tuple[Reading, ...]:
    """A name in every manner in which its letters can be read, each once."""
    words, initials = _split(name)
    manners = max((len(each) for each in (*words, *initials)), default=0)
    found = (_reading([_in(each, manner) for each in words], [_in(each, manner) for each in initials]) for manner in range(manners))
    return tuple(dict.fromkeys(found))


def _in(sounds: tuple[str, ...], manner: int) -> str:
    return sounds[min(manner, len(sounds) - 1)]


def _split(name: str) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    words: list[tuple[str, ...]] = []
    initials: list[tuple[str, ...]] = []
    text = unicodedata.normalize("NFC", _JOINED.sub("", name).translate(_APOSTROPHES).casefold())
    for found in _WORD.findall(text):
        letters = found.rstrip(".")
        sounds = sounds_of(letters)
        (initials if _is_initial(letters, sounds[0], has_dot=found != letters) else words).append(sounds)
    return words, initials


def _is_initial(letters: str, sounds: str, *, has_dot: bool) -> bool:
    if len(letters) == 1 or (has_dot and len(letters) <= _LONGEST_INITIAL):
        return True
    return len(letters) <= _LONGEST_WITHOUT_VOWEL and not has_vowel(sounds)


def _reading(words: list[str], initials: list[str]) -> Reading:
    joined: list[str] = []
    for word in words:
        if word in _CHILD_OF and joined:
            joined[-1] += word
        elif word:
            joined.append(word)
    patronymic = next((each for each in reversed(joined) if each.endswith(_PATRONYMIC)), None) if len(joined) > _FULL else None
    if patronymic is not None:
        joined.remove(patronymic)
    return Reading(tuple(joined[:MOST_WORDS]), tuple(initials), patronymic)
