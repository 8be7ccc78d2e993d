"""The rows of the store as the values that a case is folded from: ids become codes, and of answers only what is coded is taken."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import orjson

from app.cases.participants.rules import end_of
from app.kit import clock
from app.kit.clock import moment_of
from app.observations.preparation import form_of, stored_answers
from app.summaries.records import (
    CaseRecords,
    Document,
    Filing,
    GradeDecision,
    Hearing,
    Mark,
    Member,
    Note,
    Outcome,
    Participant,
    Placeholder,
    RoleReading,
    SideTaken,
    Source,
    Stored,
)
from app.summaries.rows import CaseRows, CaseState, ProgrammeRows, Rows
from app.taxonomy.catalogue import Form
from app.taxonomy.rules import coded

OBSERVER = "observer"
_REFERRING = frozenset({"participant_ref", "participant_refs", "document_ref", "indicator_picks", "participant_roles"})


class Codes:
    """Codes by id, as a driver gives the id and as a text of 36 characters. An id that is not known stands for itself."""

    __slots__ = ("_by_row", "by_text")

    def __init__(self, *rows: Iterable[Any], merges: Mapping[Any, Any] = MappingProxyType({})) -> None:
        self._by_row: dict[str, str] = {str(row[0]): row[1] for some in rows for row in some}
        # Whoever was merged goes by the code of the person whom it turned out to be, wherever it is named.
        self._by_row.update({str(found): self._by_row[str(end)] for found, end in merges.items()})
        self.by_text: dict[str, str] = {_text(found): code for found, code in self._by_row.items()}

    def __call__(self, found: Any) -> str | None:
        """The code of what a column names; None where it names nothing."""
        if found is None:
            return None
        return self._by_row.get(str(found)) or _text(found)

    def within(self, value: Any) -> Any:
        """JSON in which ids are replaced by codes, however deep they stand."""
        if isinstance(value, str):
            return self.by_text.get(value, value)
        if isinstance(value, list):
            found = [self.within(part) for part in value]
            # Two ids of one person are one code; no answer names anything twice otherwise.
            return list(dict.fromkeys(found)) if all(isinstance(part, str) for part in found) else found
        return {name: self.within(part) for name, part in value.items()} if isinstance(value, dict) else value


def case_records(state: CaseState, rows: CaseRows, today: date) -> CaseRecords:
    """What a case is folded from on a day, in the court's zone."""
    merges = _merges(rows.people)
    codes = Codes(rows.people, rows.hearings, rows.documents, rows.cited, merges=merges)
    code, monitoring, defendants_stated, verdict_on = rows.case
    return CaseRecords(
        id=str(state.id),
        code=code,
        monitoring=monitoring,
        defendants_stated=defendants_stated,
        verdict_on=verdict_on,
        participants=_participants(rows, codes, merges),
        hearings=tuple(Hearing(_text(found), own, _day(day), status) for found, own, day, status in rows.hearings),
        documents=_documents(rows.documents),
        cited=_documents(rows.cited),
        outcomes=tuple(_outcome(row, codes) for row in rows.outcomes),
        notes=_notes(rows.notes, codes),
        filings=_filings(rows, codes),
        stored=_stored(rows.filings),
        members=members_of(rows.members),
        today=today,
        programme_notes=_notes(rows.programme_notes, codes),
        revision=state.revision,
        sides=tuple(_side(row, codes) for row in rows.sides),
        grade_decision=next(map(_grade_decision, rows.grade_decisions), None),
    )


def programme_notes(rows: ProgrammeRows) -> tuple[Note, ...]:
    """The notes of a programme that belong to no case."""
    return _notes(rows.notes, Codes(rows.cited))


def members_of(rows: Rows) -> tuple[Member, ...]:
    """Observers with their languages as entered."""
    return tuple(Member(_text(found), code, orjson.loads(languages)) for found, code, languages in rows)


def _text(found: Any) -> str:
    """An id in its 36 characters: one database gives it without hyphens, the other as a UUID or, where asked to, as text."""
    plain = str(found)
    return plain if plain[8] == "-" else f"{plain[:8]}-{plain[8:12]}-{plain[12:16]}-{plain[16:20]}-{plain[20:]}"


def _day(found: Any) -> date:
    return found if isinstance(found, date) else date.fromisoformat(found)


def _documents(rows: Rows) -> tuple[Document, ...]:
    return tuple(Document(_text(found), code, kind) for found, code, kind in rows)


def _merges(people: Rows) -> dict[Any, Any]:
    """Who is merged, and into whom in the end."""
    into = {row[0]: row[-1] for row in people if row[-1] is not None}
    return {found: end_of(into, found) for found in into}


def _participants(rows: CaseRows, codes: Codes, merges: Mapping[Any, Any]) -> tuple[Participant, ...]:
    """Each person once. What sources say of a merged participant they say of that person, own roles first."""
    roles: dict[Any, list[RoleReading]] = defaultdict(list)
    for person, role, reading, *source in sorted(rows.roles, key=lambda row: row[0] in merges):
        roles[merges.get(person, person)].append(RoleReading(role, reading, _source(codes, *source)))
    merged: dict[Any, list[Any]] = defaultdict(list)
    for row in rows.people:
        if row[0] in merges:
            merged[merges[row[0]]].append(row)
    return tuple(_participant(row, roles.get(row[0], ()), merged.get(row[0], ())) for row in rows.people if row[0] not in merges)


def _participant(row: Any, roles: Iterable[RoleReading], merged: Iterable[Any]) -> Participant:
    """A person as entered. Somebody named in the source, or to be protected, under any of their codes is so under the one that stands."""
    found, code, role, is_anonymous, is_protected, named_in_source, stands_for, count, at_least, _ = row
    own = [(each[1], each[2], each[4], each[5]) for each in merged]
    return Participant(
        id=_text(found),
        code=code,
        role=role,
        is_anonymous=bool(is_anonymous),
        is_protected=bool(is_protected) or any(protected for *_, protected, _ in own),
        named_in_source=bool(named_in_source) or any(named for *_, named in own),
        roles=tuple(roles),
        placeholder=Placeholder(stands_for, count, at_least) if stands_for else None,
        merged=tuple(sorted((other, role_there) for other, role_there, *_ in own)),
    )


def _source(codes: Codes, document: Any, observation: Any, locator: str | None) -> Source:
    return Source(codes(document), _text(observation) if observation is not None else None, locator)


def _outcome(row: Any, codes: Codes) -> Outcome:
    found, instance, person, count, verdict, result, sentences, term, new_term, custody, document, locator = row
    return Outcome(
        id=_text(found),
        instance=instance,
        source=_source(codes, document, None, locator),
        participant=codes(person),
        is_group=person is None,
        count=count,
        verdict=verdict,
        result=result,
        sentences=None if sentences is None else tuple(orjson.loads(sentences)),
        term_months=term,
        new_term_months=new_term,
        custody_status=custody,
    )


def _notes(rows: Rows, codes: Codes) -> tuple[Note, ...]:
    return tuple(
        Note(_text(found), kind, key, codes.within(orjson.loads(given)), _source(codes, *source), target_kind, target)
        for found, kind, key, given, target_kind, target, *source in rows
    )


def _side(row: Any, codes: Codes) -> SideTaken:
    hearing, kind, what, unit, person, value, by, at = row
    where = str(codes(hearing))
    named = {"hearing": where, "participant": str(codes(person))}
    return SideTaken(where, kind, what, named.get(unit, unit), orjson.loads(value), by, _stamp(at))


def _grade_decision(row: Any) -> GradeDecision:
    value, computed, by, at = row
    return GradeDecision(value, orjson.loads(computed), by, _stamp(at))


def _stamp(found: Any) -> str:
    """A moment as text: one database keeps it so, the other gives a moment in the zone of its session."""
    return found if isinstance(found, str) else clock.stamp(found)


def _stored(rows: Rows) -> Stored:
    by_origin: dict[bool, list[str]] = {True: [], False: []}
    for found, origin, *_ in rows:
        by_origin[origin == OBSERVER].append(_text(found))
    return Stored(observer=frozenset(by_origin[True]), document=frozenset(by_origin[False]))


def _filings(rows: CaseRows, codes: Codes) -> tuple[Filing, ...]:
    """The filings that count: of a core form in a version that is known here, and of a chain of corrections the newest alone."""
    marks = _marks(rows.marks, codes)
    counted = [row for row in rows.filings if row[-2] is not None]
    replaced = _replaced(rows.filings, counted)
    return tuple(
        _filing(row, form, codes, marks.get(row[0], ()))
        for row in counted
        if row[0] not in replaced and (form := _form(row[4], row[5])) is not None
    )


def _replaced(rows: Rows, counted: Rows) -> set[Any]:
    """What a counted observation stands in the place of, directly or by way of others."""
    base = {found: replaces for found, _, replaces, *_ in rows if replaces is not None}
    out: set[Any] = set()
    for found, *_ in counted if base else ():
        at = base.get(found)
        while at is not None and at not in out:
            out.add(at)
            at = base.get(at)
    return out


@lru_cache(maxsize=64)
def _form(form: str, version: str) -> Form | None:
    return form_of(form, version)


@lru_cache(maxsize=64)
def _referring(form: Form) -> tuple[str, ...]:
    return tuple(code for code, question in form.questions.items() if question.type in _REFERRING)


def _filing(row: Any, form: Form, codes: Codes, marks: Iterable[Mark]) -> Filing:
    found, origin, _, observer, _, _, hearing, captured_at, answers, narrative = row
    captured = moment_of(captured_at)
    assert captured is not None  # Intake took no other.
    said = coded(form, stored_answers(answers, narrative))
    for question in _referring(form):
        if question in said:
            said[question] = codes.within(said[question])
    return Filing(
        id=_text(found),
        form=form.code,
        hearing=codes(hearing),
        captured_at=captured,
        observer=observer,
        is_observer=origin == OBSERVER,
        answers=said,
        marks=tuple(marks),
    )


def _marks(rows: Rows, codes: Codes) -> Mapping[str, list[Mark]]:
    """Marks by observation. Those that say the same are one value: a large case has few different ones."""
    made: dict[Any, Mark] = {}
    by_filing: dict[str, list[Mark]] = defaultdict(list)
    for row in rows:
        said = row[:-1]
        mark = made.get(said)
        if mark is None:
            mark = made[said] = _mark(codes, said)
        by_filing[row[-1]].append(mark)
    return by_filing


def _mark(codes: Codes, said: tuple[Any, ...]) -> Mark:
    indicator, unit, value, basis, participant, document, informant_role, informant, aspect, listed = said
    return Mark(
        indicator=indicator,
        unit=unit,
        value=value,
        basis=basis,
        participant=codes(participant),
        document=codes(document),
        informant_role=informant_role,
        informant=informant,
        aspect=aspect,
        listed=tuple(codes.within(orjson.loads(listed))) if listed else (),
    )
