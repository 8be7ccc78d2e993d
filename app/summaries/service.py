"""Reading summaries: a case, a programme, and what stands behind a figure; folded once for each state of what they are folded from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlmodel import Session

from app.assessment.sentences import explain
from app.kit import clock, errors, etags
from app.kit.access import ANALYST, COORDINATOR, Scope
from app.kit.errors import Fault, Problem
from app.summaries import queries
from app.summaries.case_summary import summary_of
from app.summaries.facts import CaseFacts, establish
from app.summaries.gathering import case_records, members_of, programme_notes
from app.summaries.programme import CaseInBrief, ProgrammeFacts, in_brief, programme_of
from app.summaries.programme_summary import programme_summary_of
from app.summaries.rows import CaseState, ProgrammeState
from app.summaries.shelf import Shelf
from app.summaries.traces import NoCellsError, NoSuchFigureError, NoSuchReadingError, case_sources, programme_sources
from app.taxonomy.catalogue import Taxonomy, current

READERS = (COORDINATOR, ANALYST)
ROOM_FOR_FILINGS = 20_000
ROOM_FOR_ANSWERS = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """How a summary is asked for.

    `statuses` are those that count, comma-separated; no `language` is the programme's default; `if_none_match` tags what the caller has.
    """

    statuses: str = "accepted"
    language: str | None = None
    if_none_match: str | None = None


@dataclass(frozen=True, slots=True)
class FigureAsked:
    """A figure by its key, under a reading (none is the default one), whole or one cell of it."""

    key: str
    reading: str | None = None
    cell: str | None = None
    statuses: str = "accepted"


@dataclass(frozen=True, slots=True)
class Told:
    """A summary as JSON; `content` is None where the caller has it already."""

    etag: str
    language: str
    content: bytes | None


class CaseVersion(NamedTuple):
    """Everything that a case's facts depend on; `known` is how many announced hearings are past."""

    case_id: UUID
    revision: int
    beside: int
    known: int
    statuses: tuple[str, ...]


class ProgrammeVersion(NamedTuple):
    """Everything that a programme's facts depend on."""

    programme_id: UUID
    size: int
    known: int
    statuses: tuple[str, ...]


class Memory:
    """What one process remembers of what it folded. Facts weigh as many filings as they were established from, answers their bytes."""

    def __init__(self, taxonomy: Taxonomy | None = None) -> None:
        self.taxonomy = taxonomy or current()
        self.cases: Shelf[CaseFacts] = Shelf(ROOM_FOR_FILINGS, lambda facts: 1 + len(facts.records.filings))
        self.briefs: Shelf[CaseInBrief] = Shelf(5 * ROOM_FOR_FILINGS, _weight_of_brief)
        self.programmes: Shelf[ProgrammeFacts] = Shelf(5 * ROOM_FOR_FILINGS, lambda facts: 1 + sum(map(_weight_of_brief, facts.cases)))
        self.answers: Shelf[bytes] = Shelf(ROOM_FOR_ANSWERS, len)


def _weight_of_brief(brief: CaseInBrief) -> int:
    return 1 + len(brief.stored.observer) + len(brief.stored.document)


def statuses_in(text: str) -> tuple[str, ...]:
    """Comma-separated statuses, each once, sorted."""
    return tuple(sorted(set(text.split(","))))


def case_summary(session: Session, scope: Scope, memory: Memory, case_id: UUID, asked: Asked) -> Told:
    """The summary of a case, for coordinators and analysts; 404 where the case is invisible, 403 for other members."""
    state = _case(session, scope, case_id)
    version = _version(state, statuses_in(asked.statuses))
    return _told(
        memory,
        version,
        f"{version.revision}.{version.beside}.{version.known}",
        (asked, state.default_language),
        lambda lang: summary_of(_facts(session, memory, state, version), lang=lang, statuses=version.statuses),
    )


def programme_summary(session: Session, scope: Scope, memory: Memory, programme_id: UUID, asked: Asked) -> Told:
    """The summary of a programme, which is folded from all its cases."""
    state = _programme(session, scope, programme_id)
    version = _programme_version(state, statuses_in(asked.statuses))
    return _told(
        memory,
        version,
        f"{version.size}.{version.known}",
        (asked, state.default_language),
        lambda lang: programme_summary_of(_programme_facts(session, memory, state, version), lang=lang, statuses=version.statuses),
    )


def case_figure_sources(session: Session, scope: Scope, memory: Memory, case_id: UUID, asked: FigureAsked) -> bytes:
    """What stands behind a figure of a case; 404 for a figure that cases do not have, 422 for a reading or a cell that it does not have."""
    state = _case(session, scope, case_id)
    version = _version(state, statuses_in(asked.statuses))
    return _sources(lambda: case_sources(_facts(session, memory, state, version), asked.key, reading=asked.reading, cell=asked.cell))


def programme_figure_sources(session: Session, scope: Scope, memory: Memory, programme_id: UUID, asked: FigureAsked) -> bytes:
    """What stands behind a figure of a programme, whose figures have no readings."""
    state = _programme(session, scope, programme_id)
    version = _programme_version(state, statuses_in(asked.statuses))
    if asked.reading is not None:
        raise _invalid("reading")
    return _sources(lambda: programme_sources(_programme_facts(session, memory, state, version), asked.key, cell=asked.cell))


def explanation(session: Session, scope: Scope, memory: Memory, case_id: UUID, asked: Asked, *, right: str) -> Told:
    """Why a right of a case has its rating, in the reader's language; 404 for a right that the taxonomy does not have."""
    state = _case(session, scope, case_id)
    if right not in memory.taxonomy.rights:
        raise errors.missing()
    facts = _facts(session, memory, state, _version(state, statuses_in(asked.statuses)))
    language = asked.language or state.default_language
    return Told("", language, orjson.dumps(explain(facts.assessment, right, language)))


class CaseStanding(NamedTuple):
    """A case as it stands, for what is decided about it or made of it: how far it has come, and its facts."""

    state: CaseState
    version: CaseVersion
    facts: CaseFacts


def case_standing(session: Session, scope: Scope, memory: Memory, case_id: UUID) -> CaseStanding:
    """How a case stands by its accepted observations, for those who may read its summary."""
    state = _case(session, scope, case_id)
    version = _version(state, statuses_in(Asked().statuses))
    return CaseStanding(state, version, _facts(session, memory, state, version))


class Standing(NamedTuple):
    """A programme as it stands, for what is set beside its figures: how far it has come, its language, and its facts, folded when asked."""

    version: ProgrammeVersion
    language: str
    facts: Callable[[], ProgrammeFacts]


def programme_standing(session: Session, scope: Scope, memory: Memory, programme_id: UUID) -> Standing:
    """How a programme stands by its accepted observations, for those who may read its summary."""
    state = _programme(session, scope, programme_id)
    version = _programme_version(state, statuses_in(Asked().statuses))
    return Standing(version, state.default_language, lambda: _programme_facts(session, memory, state, version))


def _case(session: Session, scope: Scope, case_id: UUID) -> CaseState:
    state = queries.case_state(session, scope.programmes(), case_id)
    scope.require(state.programme_id if state else None, *READERS)
    assert state is not None
    return state


def _programme(session: Session, scope: Scope, programme_id: UUID) -> ProgrammeState:
    scope.require(programme_id, *READERS)
    return queries.programme_state(session, programme_id)


def _version(state: CaseState, statuses: tuple[str, ...]) -> CaseVersion:
    return CaseVersion(state.id, state.revision, state.beside, _past(state), statuses)


def _programme_version(state: ProgrammeState, statuses: tuple[str, ...]) -> ProgrammeVersion:
    return ProgrammeVersion(state.id, state.size, sum(map(_past, state.cases)), statuses)


def _past(state: CaseState) -> int:
    """How many announced hearings lie before today, in the court's zone."""
    today = clock.today(state.zone).isoformat() if state.announced else ""
    return sum(day < today for day in state.announced)


def _facts(session: Session, memory: Memory, state: CaseState, version: CaseVersion) -> CaseFacts:
    def fold() -> CaseFacts:
        rows = queries.case_rows(session, state, version.statuses)
        return establish(case_records(state, rows, clock.today(state.zone)), memory.taxonomy)

    return memory.cases.take(version, fold)


def _programme_facts(session: Session, memory: Memory, state: ProgrammeState, version: ProgrammeVersion) -> ProgrammeFacts:
    def brief(case: CaseState) -> CaseInBrief:
        of_case = _version(case, version.statuses)
        return memory.briefs.take(of_case, lambda: in_brief(_facts(session, memory, case, of_case)))

    def fold() -> ProgrammeFacts:
        rows = queries.programme_rows(session, state.id)
        return programme_of(str(state.id), map(brief, state.cases), members_of(rows.members), programme_notes(rows), memory.taxonomy)

    return memory.programmes.take(version, fold)


def _told(
    memory: Memory,
    version: CaseVersion | ProgrammeVersion,
    stand: str,
    reader: tuple[Asked, str],
    summary_in: Callable[[str], dict[str, Any]],
) -> Told:
    """A summary under its tag; `reader` is how it was asked for, and the language of those who asked for none."""
    asked, default = reader
    language = asked.language or default
    etag = f'"{stand}-{memory.taxonomy.version}-{"+".join(version.statuses)}-{language}"'
    if etags.has(asked.if_none_match, etag):
        return Told(etag, language, None)
    return Told(etag, language, memory.answers.take((version, language), lambda: orjson.dumps(summary_in(language))))


def _sources(find: Callable[[], dict[str, Any]]) -> bytes:
    try:
        return orjson.dumps(find())
    except NoSuchFigureError:
        raise errors.missing() from None
    except NoSuchReadingError:
        raise _invalid("reading") from None
    except NoCellsError:
        raise _invalid("cell") from None


def _invalid(parameter: str) -> Problem:
    return Problem(errors.INVALID_PARAMETER, [Fault(f"/query/{parameter}", errors.NOT_IN_VOCABULARY)])
