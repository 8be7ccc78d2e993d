"""What stands around observations that wait for review: what others filed of the same hearings, and what was said about them before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import Session, col, select

from app.cases.models import Case, Document, Hearing, Participant
from app.journal.models import JournalEntry
from app.journal.schemas import EventKind
from app.kit.database import as_id, fetch_among
from app.kit.ids import spelled
from app.observations.models import Citation, Decision, Observation

STANDING = ("submitted", "returned", "accepted")
"""Statuses of what was filed and neither taken back, rejected, replaced nor kept apart."""


_ANSWERED = "SELECT id, hearing_id, member_id, form, answers, narrative FROM observation WHERE programme_id AMONG AND id AMONG"
# What is marked as present and as absent at one hearing; most is not, and there may be very many marks.
_CONTRADICTED = """
WITH said AS (
    SELECT o.hearing_id, m.observation_id, m.indicator, m.unit, m.participant_id, m.value, m.listed
    FROM mark m JOIN observation o ON o.programme_id = m.programme_id AND o.id = m.observation_id
    WHERE m.programme_id AMONG AND m.observation_id AMONG AND m.value <> 'unsure'
), contradicted AS (
    SELECT hearing_id, indicator FROM said GROUP BY hearing_id, indicator HAVING MIN(value) <> MAX(value)
)
SELECT s.observation_id, s.indicator, s.unit, s.participant_id, s.value, s.listed
FROM said s JOIN contradicted c ON c.hearing_id = s.hearing_id AND c.indicator = s.indicator
"""
Said = tuple[str, str, str | None, str, tuple[str, ...]]
"""A mark: indicator, unit, participant, value, who is left out."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What stands of a hearing: whose it is, by which form, and what it says."""

    id: UUID
    hearing: UUID
    member: UUID
    form: str
    answers: dict[str, Any]
    marks: tuple[Said, ...]


def of_hearings(session: Session, programme_id: UUID, cases: Collection[UUID], hearings: Collection[UUID]) -> list[Neighbour]:
    """What stands of those of some hearings of which more than one observer filed; of marks, only such as are contradicted there.

    The cases are those by which it is found.
    """
    of = (col(Observation.programme_id) == programme_id, col(Observation.case_id).in_(cases), col(Observation.hearing_id).in_(hearings))
    query = select(Observation.id, Observation.hearing_id, Observation.member_id).where(*of, col(Observation.status).in_(STANDING))
    rows = session.exec(query).all()
    observers: dict[UUID | None, set[UUID]] = {}
    for _, hearing, member in rows:
        observers.setdefault(hearing, set()).add(member)
    met = [each for each, hearing, _ in rows if len(observers[hearing]) > 1]
    if not met:
        return []
    marks: dict[UUID, list[Said]] = {}
    for found, *said, listed in fetch_among(session, _CONTRADICTED, [programme_id], met):
        marks.setdefault(as_id(found), []).append(
            (said[0], said[1], said[2] and spelled(said[2]), said[3], tuple(orjson.loads(listed or "[]")))
        )
    return [_neighbour(row, marks.get(as_id(row[0]), [])) for row in fetch_among(session, _ANSWERED, [programme_id], met)]


def _neighbour(row: Any, marks: Sequence[Said]) -> Neighbour:
    found, hearing, member, form, told, kept = row
    answers = {**orjson.loads(told)["answers"], **orjson.loads(kept)}
    return Neighbour(as_id(found), as_id(hearing), as_id(member), form, answers, tuple(marks))


def dropped(session: Session, programme_id: UUID, hearings: Collection[UUID]) -> set[UUID]:
    """Those of some hearings that did not take place, as the coordinator has it: whoever files of one contradicts that."""
    query = select(Hearing.id).where(Hearing.programme_id == programme_id, col(Hearing.id).in_(hearings))
    return set(session.exec(query.where(col(Hearing.status).in_(("cancelled", "postponed")))))


def known_since(session: Session, row: Observation) -> datetime:
    """When the last of what an observation names by ids of this server was entered: before that, nobody could have written it.

    Its case, its hearing, its participants and documents: their ids are made here, and cannot be guessed.
    """
    cited = select(Citation.participant_id, Citation.document_id)
    cited = cited.where(Citation.programme_id == row.programme_id, Citation.observation_id == row.id)
    named = list(session.exec(cited))
    things: list[tuple[Any, list[UUID | None]]] = [
        (Case, [row.case_id]),
        (Hearing, [row.hearing_id]),
        (Participant, [participant for participant, _ in named]),
        (Document, [document for _, document in named]),
    ]
    return max(at for table, ids in things for at in _entered(session, table, row.programme_id, [each for each in ids if each]))


def _entered(session: Session, table: Any, programme_id: UUID, ids: Sequence[UUID]) -> Sequence[datetime]:
    return session.exec(select(table.created_at).where(table.programme_id == programme_id, table.id.in_(ids))).all() if ids else []


def spoken_of(session: Session, programme_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Those about which something was decided, asked or answered; to which a correction came; or under whose id other content came."""
    decided = select(Decision.observation_id).where(Decision.programme_id == programme_id, col(Decision.observation_id).in_(ids))
    corrected = select(Observation.supersedes).where(Observation.programme_id == programme_id, col(Observation.supersedes).in_(ids))
    disputed = select(JournalEntry.subject_id).where(JournalEntry.log == programme_id, col(JournalEntry.subject_id).in_(ids))
    disputed = disputed.where(JournalEntry.kind == EventKind.OBSERVATION_CONFLICTED.value)
    found: set[UUID] = set()
    for query in (decided, corrected, disputed):
        found.update(each for each in session.exec(query) if each is not None)
    return found


def merges_in(session: Session, programme_id: UUID, cases: Collection[UUID]) -> dict[str, str]:
    """Participants of some cases who turned out to be somebody else: who they are in the end, by id."""
    statement = "SELECT id, merged_into FROM participant WHERE programme_id AMONG AND case_id AMONG AND merged_into IS NOT NULL"
    first = {spelled(row[0]): spelled(row[1]) for row in fetch_among(session, statement, [programme_id], cases)}
    return {each: _end_of(first, each) for each in first}


def _end_of(merges: Mapping[str, str], participant: str) -> str:
    """The end of a chain of merges; a loop is refused where merges are made."""
    while participant in merges:
        participant = merges[participant]
    return participant
