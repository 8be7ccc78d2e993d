"""Which language a caller reads (kk, ru, en), and texts from the catalogues of `app/locales`.

Codes never change with the language. The catalogues are gettext files read as they are: they are small, and what is not compiled cannot
be out of date.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel import negotiate_locale
from babel.messages.pofile import read_po

LANGUAGES = ("en", "kk", "ru")
FALLBACK = "en"
_CATALOGUES = Path(__file__).resolve().parent.parent / "locales"

current_language: ContextVar[str] = ContextVar("current_language", default=FALLBACK)
"""The language of the request at hand."""

asked_language: ContextVar[str | None] = ContextVar("asked_language", default=None)
"""The language that the request asks for in a way that can be met; where there is none, an answer about a programme takes its default."""


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Every text of a language by its key."""
    with (_CATALOGUES / f"{language}.po").open("rb") as source:
        found = read_po(source, locale=language)
    return {str(message.id): str(message.string) for message in found if message.id and message.string}


def text(key: str, language: str | None = None, **values: object) -> str:
    """The text under a key in a language (that of the request where none is named), English where it is missing, else the key."""
    chosen = language or current_language.get()
    found = catalogue(chosen).get(key) or catalogue(FALLBACK).get(key) or key
    return found.format(**values) if values else found


def negotiate(header: str | None) -> str | None:
    """The language that an `Accept-Language` header asks for (RFC 9110, 12.5.4); None where it asks for none that we have."""
    wanted = []
    for part in (header or "").split(",")[:20]:
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if tag and weight > 0:
            wanted.append((-weight, tag))
    preferred = [tag for _, tag in sorted(wanted, key=lambda each: each[0])]
    return negotiate_locale(preferred, LANGUAGES, sep="-") if preferred else None


def label(labels: Mapping[str, str], language: str | None = None) -> str:
    """The label in a language, falling back to English and then to any."""
    chosen = language or current_language.get()
    return labels.get(chosen) or labels.get(FALLBACK) or next(iter(labels.values()), "")
