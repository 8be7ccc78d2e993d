"""What a check on official statistics found: both sides with their sources, and what its sentence is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.summaries.discrepancies import Valued


class Named(NamedTuple):
    """A code that the catalogues may have a name for (`statistics.<kind>.<code>`)."""

    kind: str
    code: str


class Counted(NamedTuple):
    """What one register gives."""

    table: str
    register: Named
    number: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Numbers that do not agree. `sentence` names a text of the catalogues (`statistics.<sentence>`), `words` fill it."""

    check: str
    subject: str
    values: tuple[Valued, ...]
    sentence: str
    words: Mapping[str, Any]
