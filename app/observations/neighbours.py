"""What stands around observations that wait for review: what others filed of the same hearings, and what was said about them before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.cases.models import Case, Document, Hearing, Participant
from app.journal.models import JournalEntry
from app.journal.schemas import EventKind
from app.kit.database import fetch_among
from app.kit.ids import spelled
from app.observations.models import Citation, Decision, Mark, Observation

STANDING = ("submitted", "returned", "accepted")
"""Statuses of what was filed and neither taken back, rejected, replaced nor kept apart."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What stands of a hearing: whose it is, by which form, and what it says.

    `marks` are (indicator, unit, participant, value, who is left out).
    """

    id: UUID
    hearing: UUID
    member: UUID
    form: str
    answers: dict[str, Any]
    marks: tuple[tuple[str, str, str | None, str, tuple[str, ...]], ...]


def of_hearings(session: Session, programme_id: UUID, cases: Collection[UUID], hearings: Collection[UUID]) -> list[Neighbour]:
    """All that stands of some hearings of some cases, by which it is found."""
    of = (col(Observation.programme_id) == programme_id, col(Observation.case_id).in_(cases), col(Observation.hearing_id).in_(hearings))
    standing = (*of, col(Observation.status).in_(STANDING))
    rows = session.exec(select(Observation).where(*standing)).all()
    same = sa.and_(col(Mark.programme_id) == col(Observation.programme_id), col(Mark.observation_id) == col(Observation.id))
    marks: dict[UUID, list[Mark]] = {}
    # Not by the ids of the rows: there may be more of them than a statement takes.
    for mark in session.exec(select(Mark).join(Observation, same).where(*standing)):
        marks.setdefault(mark.observation_id, []).append(mark)
    return [_neighbour(row, marks.get(row.id, ())) for row in rows]


def _neighbour(row: Observation, marks: Sequence[Mark]) -> Neighbour:
    answers = {**orjson.loads(row.answers)["answers"], **orjson.loads(row.narrative)}
    said = tuple(
        (each.indicator, each.unit, _text(each.participant_id), each.value, tuple(orjson.loads(each.listed or "[]"))) for each in marks
    )
    assert row.hearing_id is not None
    return Neighbour(row.id, row.hearing_id, row.member_id, row.form, answers, said)


def _text(named: UUID | None) -> str | None:
    return None if named is None else str(named)


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
