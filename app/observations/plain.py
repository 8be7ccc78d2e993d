"""Which observations are plain: nothing about them asks for a second look, so that a coordinator may accept them together.

Plain is what waits for review and carries no flag; corrects nothing and is not corrected; of which nothing was decided, asked or answered,
and no other content came under its id; whose files are here; whose hearing was neither cancelled nor postponed; and from which no other
observer's standing filing of that hearing differs.

Two observers differ where a case's summary would call it a disagreement: they mark the same thing of the same person, of everybody
concerned or of the hearing otherwise, or say another form of a complaint, another verdict, sentence or term, another role heard, another
number counted. What says nothing (`unsure`, `unknown` and the like) differs from nothing; who could understand is not asked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlmodel import Session

from app.observations import neighbours, rules
from app.observations.beside import ATTACHMENTS
from app.observations.models import Observation
from app.observations.neighbours import Neighbour

SAYS_NOTHING = frozenset({"unknown", "could_not_tell", "not_described", "no_reason_given", "unsure"})
_SEEN_AS_COMPLAINT = "torture.complaint_raised"
"""Said by complaint forms, whose answers are compared instead."""
_EVERYBODY = "all_concerned"
_OUTCOME = ("verdict", "sentences", "term_months")


class _Said(NamedTuple):
    """One thing said about one unit: a person, a hearing, a case, or everybody but those left out."""

    what: str
    unit: str
    value: str
    left_out: frozenset[str] = frozenset()

    def differs(self, other: "_Said") -> bool:
        return self.what == other.what and self.value != other.value and self._meets(other)

    def _meets(self, other: "_Said") -> bool:
        if _EVERYBODY not in (self.unit, other.unit):
            return self.unit == other.unit
        return self.unit not in other.left_out and other.unit not in self.left_out


def plain(session: Session, rows: Sequence[Observation]) -> set[UUID]:
    """The ids of those among some observations that are plain."""
    calm = [each for each in rows if is_calm(each)]
    found: set[UUID] = set()
    for programme in {each.programme_id for each in calm}:
        mine = [each for each in calm if each.programme_id == programme]
        ids = [each.id for each in mine]
        told = neighbours.spoken_of(session, programme, ids)
        files = ATTACHMENTS.counted(session, [programme], ids)
        told |= {each for each in ids if (held := files.get((programme, each))) and held.missing}
        found |= _undisputed(session, programme, [each for each in mine if each.id not in told])
    return found


def is_calm(row: Observation) -> bool:
    """Whether an observation waits for review, and nothing in its own row asks for a look."""
    return row.status == rules.SUBMITTED and not (row.has_clock_skew or row.is_late) and row.supersedes is None


def _undisputed(session: Session, programme: UUID, rows: Sequence[Observation]) -> set[UUID]:
    hearings = {each.hearing_id for each in rows if each.hearing_id is not None}
    cases = {each.case_id for each in rows}
    standing = neighbours.of_hearings(session, programme, cases, hearings) if hearings else []
    merged = neighbours.merges_in(session, programme, cases) if standing else {}
    by_hearing: dict[UUID, list[tuple[Neighbour, tuple[_Said, ...]]]] = {}
    for each in standing:
        by_hearing.setdefault(each.hearing, []).append((each, tuple(_said_by(each, merged))))
    gone = neighbours.dropped(session, programme, hearings) if hearings else set[UUID]()
    disputed = {each for there in by_hearing.values() for each in _disputed(there)}
    return {each.id for each in rows if each.hearing_id not in gone} - disputed


def _disputed(there: Sequence[tuple[Neighbour, tuple[_Said, ...]]]) -> Iterator[UUID]:
    """What was filed of one hearing and differs from what another observer filed of it."""
    by_what: dict[str, list[tuple[UUID, UUID, _Said]]] = {}
    for filed, said in there:
        for each in said:
            by_what.setdefault(each.what, []).append((filed.id, filed.member, each))
    for same in by_what.values():
        if len({each.value for _, _, each in same}) > 1 and len({member for _, member, _ in same}) > 1:
            yield from (one for one, member, each in same if any(other != member and each.differs(that) for _, other, that in same))


def _said_by(filed: Neighbour, merged: Mapping[str, str]) -> Iterator[_Said]:
    answers = filed.answers
    away = [merged.get(each, each) for each in _listed(answers.get("absent_who"))]
    for indicator, unit, participant, value, left_out in filed.marks:
        if indicator != _SEEN_AS_COMPLAINT and value not in SAYS_NOTHING:
            about = merged.get(participant, participant) if participant else unit
            out = frozenset([*away, *(merged.get(each, each) for each in left_out)]) if unit == _EVERYBODY else frozenset[str]()
            yield _Said(indicator, about, value, out)
    for what, unit, answer in _answered(filed.form, answers):
        if isinstance(answer, (list, int)) or answer not in SAYS_NOTHING:
            yield _Said(what, merged.get(unit, unit), orjson.dumps(answer).decode())


def _answered(form: str, answers: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """(what, about whom or what, answer) of the answers that a summary compares."""
    person = answers.get("participant_ref")
    if form == "torture_complaint" and person and answers.get("form"):
        yield "complaint", person, answers["form"]
    if form == "outcome":
        for each in _listed(person or answers.get("participant_refs"))[:1]:
            for name in _OUTCOME:
                if (answer := answers.get(name)) is not None:
                    yield f"outcome.{name}", each, sorted(answer) if isinstance(answer, list) else answer
    if form in ("hearing", "case_fact"):
        yield from (("role", each["participant_ref"], each["role"]) for each in _parts(answers.get("roles_heard")))
        yield from (("count", each["subject"], each["value"]) for each in _parts(answers.get("counted")))


def _listed(answer: Any) -> list[str]:
    return answer if isinstance(answer, list) else [answer] if isinstance(answer, str) else []


def _parts(answer: Any) -> Iterable[Mapping[str, Any]]:
    return [each for each in answer if isinstance(each, dict)] if isinstance(answer, list) else []
