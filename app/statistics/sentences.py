"""The sentence of a finding in a reader's language: what the check is called, and what does not agree."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from app.kit import i18n
from app.statistics.findings import Counted, Finding, Named
from app.summaries.discrepancies import check_catalogue
from app.summaries.labels import label_in


def told(finding: Finding, lang: str) -> str:
    """`label: sentence`, of keys, numbers and the names of offences as printed."""
    label = label_in(check_catalogue()[finding.check].label, lang)
    words = {name: _word(value, lang) for name, value in finding.words.items()}
    return f"{label}: {i18n.text(f'statistics.{finding.sentence}', lang, **words)}"


def _word(value: Any, lang: str) -> str:
    """A word of a sentence; a percentage with as many decimals as it was given, after a comma where the language writes one."""
    if isinstance(value, Decimal):
        return str(value) if lang == i18n.FALLBACK else str(value).replace(".", ",")
    if isinstance(value, Named):
        return i18n.catalogue(lang).get(f"statistics.{value.kind}.{value.code}", value.code)
    if isinstance(value, Counted):
        return f"{value.table} ({_word(value.register, lang)}): {value.number}"
    if value is None:
        return i18n.text("statistics.not_stated", lang)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(_word(each, lang) for each in value) or i18n.text("statistics.none", lang)
    return str(value)
