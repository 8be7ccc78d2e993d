"""When two codes are one for a reader: without case, and with Latin and Cyrillic letters that look alike taken as one."""

import unicodedata

# Letters of Russian and Kazakh (and of older orthographies) beside the Latin letters that look the same in capitals or small.
_CYRILLIC = "авекмнорстухһүіјѕԁԛԝёїәөӏ"
_LATIN = "abekmhopctyxhyijsdqwëïəɵi"
_LOOK_ALIKES = str.maketrans(_CYRILLIC, _LATIN)


def folded(text: str) -> str:
    """The text in NFC without case; what is compared where letters of two scripts stay apart, as in user names."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def code_key(code: str) -> str:
    """What is compared when a code has to be unique in its parent: `D01`, `d01`, and either with a Cyrillic look-alike."""
    return folded(code).translate(_LOOK_ALIKES)
