"""Labels in a reader's language; a missing one falls back to English, then to any that there is."""

from collections.abc import Mapping

LANGUAGES = ("en", "ru", "kk")


def label_in(labels: Mapping[str, str], lang: str) -> str:
    """The label in a language, or the next best."""
    wanted = (lang, *LANGUAGES)
    return next((labels[each] for each in wanted if labels.get(each)), "")
