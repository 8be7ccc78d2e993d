"""What a word sounds like: one shape for a Cyrillic word, up to four for a Latin one, which may be read in several manners."""

import re
import unicodedata
from collections.abc import Mapping

from app.cases.names.letters import CYRILLIC, LOOK_ALIKES, MANNERS, PLAIN, VOWELS

_IS_CYRILLIC = re.compile("[\u0400-\u052f]")
_IS_LATIN = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]")
# ISO 9 writes й as j: behind a vowel and before a consonant, or at the end. Elsewhere a j is zh.
_SHORT_I = re.compile(r"(?<=[aeiouy])j(?![aeiouy])")
_DOUBLED = re.compile(r"(.)\1+")
_PATTERNS = tuple(re.compile("|".join(sorted(map(re.escape, manner), key=len, reverse=True))) for manner in MANNERS)
_TO_CYRILLIC = str.maketrans(*LOOK_ALIKES)
_TO_LATIN = str.maketrans(*reversed(LOOK_ALIKES))


def sounds_of(word: str) -> tuple[str, ...]:
    """The shapes of a word in small letters, by manner of reading: one for Cyrillic, one for each manner otherwise."""
    cyrillic, latin = len(_IS_CYRILLIC.findall(word)), len(_IS_LATIN.findall(word))
    if cyrillic >= latin and cyrillic:
        return (_short(word.translate(_TO_CYRILLIC).replace("'", "").translate(CYRILLIC)),)
    plain = _SHORT_I.sub("i", _without_marks(word.translate(_TO_LATIN)).translate(PLAIN))
    return tuple(_short(_read(plain, pattern, manner)) for pattern, manner in zip(_PATTERNS, MANNERS, strict=True))


def _without_marks(text: str) -> str:
    """Without combining marks that make no letter of their own: what ISO 9 stacks upon Kazakh letters."""
    return "".join(letter for letter in unicodedata.normalize("NFC", text) if not unicodedata.combining(letter))


def _read(text: str, pattern: re.Pattern[str], manner: Mapping[str, str]) -> str:
    return pattern.sub(lambda found: manner[found[0]], text).replace("'", "")


def _short(sounds: str) -> str:
    """Doubled letters are as good as one (Kassymov, Касымов), and дж as ж (Джуракулов, Жўрақулов)."""
    return _DOUBLED.sub(r"\1", sounds.replace("dj", "j"))


def has_vowel(sounds: str) -> bool:
    """Whether a shape can be a word; initials such as Sh. or Dzh. cannot."""
    return not VOWELS.isdisjoint(sounds)
