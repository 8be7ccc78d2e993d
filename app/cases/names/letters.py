"""The fold table: what letters of each alphabet sound like, so that one name has one shape however it is spelled.

Sounds are written a b c d e f g h i j k l m n o p q r s t u v w z, where c is ts, j is zh or dzh, q is ch, and w is sh or shch. Sources:
ISO 9:1995; BGN/PCGN for Kazakh and Russian; ICAO 9303; Uzbek Latin of 1995; the Kazakh Latin alphabets of 2017, 2018 and 2021; and what
English, German and French newspapers write.
"""

from types import MappingProxyType

CYRILLIC = MappingProxyType(
    str.maketrans(
        {
            **dict(zip("абвгдежзийклмнопрстуфхцчшщыэё", "abvgdejziiklmnoprstufhcqwwiee", strict=True)),
            **dict(zip("әғқңөұүһіўҳґєј", "agknouuhiohgei", strict=True)),
            **dict.fromkeys("ъь", ""),
            "ю": "iu",
            "я": "ia",
            "ї": "i",
        }
    )
)
"""Kazakh, Russian, Uzbek and Ukrainian letters."""

PLAIN = MappingProxyType(
    str.maketrans(
        {
            **dict.fromkeys("äáăāàəãą", "a"),
            **dict.fromkeys("éèėêēëěę", "e"),
            **dict.fromkeys("ìíïīîıĩį", "i"),
            **dict.fromkeys("öóôōòõŏő", "o"),
            **dict.fromkeys("üúūŭùýűů", "u"),
            **dict.fromkeys("ğġǵģ", "g"),
            **dict.fromkeys("ñńŋņň", "n"),
            **dict.fromkeys("ķḳ", "k"),
            **dict.fromkeys("ḥḩẖ", "h"),
            **dict.fromkeys("šşșŝ", "sh"),
            **dict.fromkeys("čçć", "ch"),
            "ž": "zh",
            "ż": "zh",
            "â": "ya",
            "û": "yu",
            "ł": "l",
            "ß": "ss",
        }
    )
)
"""Latin letters with marks as plain ones: of ISO 9 (â, û, ŝ) and the Kazakh alphabets (ý for у, ş, ğ, ñ, ı) first of all."""

_SHARED = (("tzh", "tj"), ("tz", "c"), ("ts", "c"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("ck", "k"), ("q", "k"), ("w", "v"))
_IOTATED = (("ye", "e"), ("yo", "e"), ("yu", "iu"), ("ya", "ia"), ("y", "i"))
_ENGLISH = (("shch", "w"), ("sch", "w"), ("sh", "w"), ("tch", "q"), ("ch", "q"), ("dzh", "j"), ("dj", "j"), ("zh", "j"), ("x", "h"))
_GERMAN = (
    *(("schtsch", "w"), ("dsch", "j"), ("tsch", "q"), ("sch", "w"), ("ch", "h"), ("sh", "w"), ("x", "ks"), ("z", "c")),
    *(("je", "e"), ("jo", "e"), ("ju", "iu"), ("ja", "ia"), ("j", "i")),
)
_FRENCH = (("chtch", "w"), ("tch", "q"), ("ch", "w"), ("sh", "w"), ("dj", "j"), ("zh", "j"), ("ou", "u"), ("gu", "g"), ("x", "ks"))
_APOSTROPHES = (("s'", "w"), ("c'", "q"), ("y'", "u"))

MANNERS = tuple(MappingProxyType(dict((*own, *_SHARED, *_IOTATED))) for own in (_ENGLISH, _GERMAN, _FRENCH, (*_APOSTROPHES, *_ENGLISH)))
"""Ways of reading Latin letters; the last is the Kazakh alphabet of 2017, in which an apostrophe makes another letter."""

LOOK_ALIKES = (
    "aeopcyxikmthb",
    "аеорсухікмтнв",
)
"""Latin letters, and the Cyrillic letters that look the same."""

VOWELS = frozenset("aeiou")
