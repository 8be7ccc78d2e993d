"""What stands behind a figure: the observations, outcomes, documents and notes, and the persons, hearings, cases and members counted."""

from typing import Any

from app.summaries.counting import Behind, Figure
from app.summaries.facts import CaseFacts
from app.summaries.figures import case_figure, catalogue
from app.summaries.programme import ProgrammeFacts
from app.summaries.programme_figures import programme_figure

KINDS = ("observation", "outcome", "document", "note", "participant", "hearing", "case", "member", "programme")


class NoSuchFigureError(LookupError):
    """No figure of a case, or of a programme, has this key."""


class NoSuchReadingError(LookupError):
    """No participant of the case has a role under this reading."""


class NoCellsError(LookupError):
    """A cell was asked for of a figure that is no table."""


def case_sources(facts: CaseFacts, key: str, *, reading: str | None = None, cell: str | None = None) -> dict[str, Any]:
    """The answer of `GET /v1/cases/{id}/figures/{key}/sources`: sorted ids by kind. A cell that counts nobody has nothing behind it.

    Raises NoSuchFigureError, NoSuchReadingError, NoCellsError.
    """
    _check(key, "case", cell)
    if reading is not None and reading not in facts.readings:
        raise NoSuchReadingError(reading)
    return _show(key, reading, cell, case_figure(facts, key, reading))


def programme_sources(facts: ProgrammeFacts, key: str, *, cell: str | None = None) -> dict[str, Any]:
    """The same of a programme's figure, which has no readings."""
    _check(key, "programme", cell)
    return _show(key, None, cell, programme_figure(facts, key))


def _check(key: str, scope: str, cell: str | None) -> None:
    entry = catalogue().get(key)
    if entry is None or not entry.stands_in(scope):
        raise NoSuchFigureError(key)
    if cell is not None and not entry.dims:
        raise NoCellsError(key)


def _show(key: str, reading: str | None, cell: str | None, figure: Figure) -> dict[str, Any]:
    behind: Behind = figure.behind if cell is None else figure.cells.get(cell, frozenset())
    by_kind = {f"{kind}s": sorted(each.id for each in behind if each.kind == kind) for kind in KINDS}
    return {"key": key, "reading": reading, "cell": cell, "count": len(behind), **by_kind}
