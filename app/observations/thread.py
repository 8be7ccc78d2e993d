"""What is said about an observation: decisions with their reasons, the coordinator's questions and the observer's answers.

Whatever somebody typed is sealed, for it tends to name people; the journal has a salted commitment to it and never a word of it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from app.cases.sealing import Keeper
from app.kit import ids
from app.kit.crypto import Place
from app.observations import queries
from app.observations.models import Decision, Observation, Remark
from app.observations.schemas import DecisionShown, Spoken

ANSWER = "answer"
_KINDS = {"return": "returned", "reject": "rejected", "accept": "accepted", ANSWER: "answered"}


class Said(NamedTuple):
    """A decision or an answer, with its words where there are any."""

    decision: str
    text: str | None
    by: UUID
    at: datetime


def keep(session: Session, keeper: Keeper, row: Observation, said: Said) -> dict[str, str]:
    """Keep what was said about an observation; gives what the journal may hold of it."""
    made = Decision(
        programme_id=row.programme_id,
        id=ids.new_id(),
        observation_id=row.id,
        member_id=said.by,
        decided_at=said.at,
        decision=said.decision,
    )
    session.add(made)
    if said.text is None:
        return {"decision": str(made.id)}
    sealed = keeper.seal(_place(made), said.text.encode())
    session.flush()
    session.add(Remark(programme_id=made.programme_id, id=made.id, text=sealed.blob))
    return {"decision": str(made.id), "commitment": sealed.commitment}


def told(session: Session, keeper: Keeper, programme_id: UUID, chain: Sequence[UUID], of: UUID) -> tuple[list[DecisionShown], list[Spoken]]:
    """(what was decided about one version, what was said about all versions of its chain), oldest first."""
    session.flush()
    rows = queries.decisions(session, programme_id, chain)
    words = {made.id: made.reason if blob is None else keeper.open(_place(made), blob).decode() for made, _, blob in rows}
    decided = [
        DecisionShown(decision=made.decision, by=code, at=made.decided_at, reason=words[made.id])
        for made, code, _ in rows
        if made.observation_id == of and made.decision != ANSWER
    ]
    spoken = [
        Spoken(observation=made.observation_id, at=made.decided_at, by=code, kind=_KINDS[made.decision], text=words[made.id])
        for made, code, _ in rows
        if made.decision in _KINDS
    ]
    return decided, spoken


def last_words(session: Session, keeper: Keeper, programme_id: UUID, observations: Sequence[UUID], decision: str) -> dict[UUID, set[str]]:
    """What was said with one decision about observations since anything else was decided or answered about them."""
    found: dict[UUID, set[str]] = {}
    for made, _, blob in queries.decisions(session, programme_id, observations):
        said = found.setdefault(made.observation_id, set())
        if made.decision != decision:
            said.clear()
        elif text := made.reason if blob is None else keeper.open(_place(made), blob).decode():
            said.add(text)
    return found


def _place(made: Decision) -> Place:
    return Place(made.programme_id, "remark", "text", made.id)
