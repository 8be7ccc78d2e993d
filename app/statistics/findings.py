"""What a check on official statistics found: both sides with their sources, and what its sentence is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.summaries.discrepancies import Valued


@dataclass(frozen=True, slots=True)
class Finding:
    """Numbers that do not agree. `sentence` names a text of the catalogues (`statistics.<sentence>`), `words` fill it."""

    check: str
    subject: str
    values: tuple[Valued, ...]
    sentence: str
    words: Mapping[str, Any]
