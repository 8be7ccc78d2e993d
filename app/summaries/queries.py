"""Every SQL statement of summaries: how far a case or a programme has come, and all that a case is folded from.

Rows come as the driver gives them. A large case has tens of thousands of marks, and a type decorator on each would cost more than the fold;
`gathering.py` reads them.

What a case costs must not depend on the other cases of its programme. Without statistics of its own SQLite takes any index that begins
with the programme, so where tables meet the order is said (`CROSS JOIN`, `LEFT JOIN`: the case's rows first); no sort is left to an index.
"""

from collections.abc import Collection, Iterator
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.kit.database import as_id
from app.summaries.rows import CaseRows, CaseState, ProgrammeRows, ProgrammeState, Rows

_STATES = """
SELECT c.programme_id, c.id, COALESCE(t.timezone, p.timezone), p.default_language, COALESCE(r.revision, 0), h.beside
FROM court_case AS c
LEFT JOIN programme AS p ON p.id = c.programme_id
LEFT JOIN journal_head AS h ON h.log = c.programme_id
LEFT JOIN court AS t ON t.programme_id = c.programme_id AND t.id = c.court_id
LEFT JOIN case_revision AS r ON r.case_id = c.id
"""
_STATE = f"{_STATES} WHERE c.id = :case AND c.programme_id IN :programmes"
_STATES_OF_PROGRAMME = f"{_STATES} WHERE c.programme_id = :programme"
_ANNOUNCED = "SELECT case_id, date FROM hearing WHERE programme_id = :programme AND status = 'scheduled'"
_ANNOUNCED_OF_CASE = f"{_ANNOUNCED} AND case_id = :case"
_PROGRAMME = """
SELECT p.default_language, COALESCE(h.changed, 0) FROM programme AS p LEFT JOIN journal_head AS h ON h.log = p.id WHERE p.id = :programme
"""
_CASE = "SELECT code, monitoring, defendants_stated, verdict_on FROM court_case WHERE programme_id = :programme AND id = :case"
_PEOPLE = """
SELECT id, code, role, is_anonymous, is_protected, named_in_source, stands_for, stands_for_count, stands_for_at_least, merged_into
FROM participant WHERE programme_id = :programme AND case_id = :case
"""
_ROLES = """
SELECT participant_id, role, reading, source_document_id, source_observation_id, source_locator
FROM participant_role WHERE programme_id = :programme AND case_id = :case ORDER BY CAST(id AS TEXT)
"""
_HEARINGS = "SELECT id, code, date, status FROM hearing WHERE programme_id = :programme AND case_id = :case"
_DOCUMENTS = "SELECT id, code, kind FROM document WHERE programme_id = :programme AND case_id = :case"
_CITED = """
SELECT d.id, d.code, d.kind FROM document AS d
WHERE d.programme_id = :programme AND (d.case_id IS NULL OR d.case_id <> :case) AND d.id IN (
    SELECT source_document_id FROM participant_role WHERE programme_id = :programme AND case_id = :case
    UNION SELECT source_document_id FROM outcome WHERE programme_id = :programme AND case_id = :case
    UNION SELECT source_document_id FROM note WHERE programme_id = :programme AND case_id = :case
    UNION SELECT source_document_id FROM note WHERE programme_id = :programme AND case_id IS NULL
    UNION SELECT n.document_id FROM observation AS o CROSS JOIN citation AS n
        WHERE o.programme_id = :programme AND o.case_id = :case AND n.programme_id = o.programme_id AND n.observation_id = o.id
)
"""
_CITED_BY_PROGRAMME = """
SELECT d.id, d.code, d.kind FROM document AS d
WHERE d.programme_id = :programme
    AND d.id IN (SELECT source_document_id FROM note WHERE programme_id = :programme AND case_id IS NULL)
"""
_OUTCOMES = """
SELECT id, instance, participant_id, count, verdict, result, sentences, term_months, new_term_months, custody_status,
    source_document_id, source_locator
FROM outcome WHERE programme_id = :programme AND case_id = :case
"""
_NOTES = """
SELECT id, kind, key, given, target_kind, target, source_document_id, source_observation_id, source_locator
FROM note WHERE programme_id = :programme
"""
_NOTES_OF_CASE = f"{_NOTES} AND case_id = :case"
_NOTES_OF_PROGRAMME = f"{_NOTES} AND case_id IS NULL"
# Somebody who left goes on being an observer of what she filed: it still counts, and so does what she could not understand.
_MEMBERS = """
SELECT m.id, m.code, m.languages FROM member AS m
WHERE m.programme_id = :programme AND m.role = 'observer' AND (
    m.status <> 'removed' OR EXISTS (SELECT 1 FROM observation AS o WHERE o.programme_id = m.programme_id AND o.member_id = m.id)
)
"""
_FILINGS = """
SELECT CAST(o.id AS TEXT), o.origin, CAST(o.replaces AS TEXT), m.code, o.form, COALESCE(o.read_as, o.form_version),
    CAST(o.hearing_id AS TEXT), o.captured_at,
    CASE WHEN o.status IN :statuses THEN o.answers END, CASE WHEN o.status IN :statuses THEN o.narrative END
FROM observation AS o CROSS JOIN member AS m
WHERE o.programme_id = :programme AND o.case_id = :case AND m.programme_id = o.programme_id AND m.id = o.member_id
"""
_MARKS = """
SELECT k.indicator, k.unit, k.value, k.basis, CAST(k.participant_id AS TEXT), CAST(k.document_id AS TEXT), k.informant_role, k.informant,
    k.aspect, k.listed, CAST(k.observation_id AS TEXT)
FROM observation AS o CROSS JOIN mark AS k
WHERE o.programme_id = :programme AND o.case_id = :case AND o.status IN :statuses
    AND k.programme_id = o.programme_id AND k.observation_id = o.id
"""
_SIDES = """
SELECT d.hearing_id, d.kind, d.what, d.unit, d.participant_id, d.value, m.code, d.decided_at
FROM disagreement_decision AS d
JOIN member AS m ON m.programme_id = d.programme_id AND m.id = d.member_id
WHERE d.programme_id = :programme AND d.case_id = :case ORDER BY d.decided_at, d.id
"""
_GRADE_DECISIONS = """
SELECT g.value, g.computed, m.code, g.decided_at
FROM grade_decision AS g
JOIN member AS m ON m.programme_id = g.programme_id AND m.id = g.member_id
WHERE g.programme_id = :programme AND g.case_id = :case ORDER BY g.decided_at DESC, g.id DESC LIMIT 1
"""
_GIVEN = {
    "case": sa.bindparam("case", type_=sa.Uuid()),
    "programme": sa.bindparam("programme", type_=sa.Uuid()),
    "programmes": sa.bindparam("programmes", type_=sa.Uuid(), expanding=True),
    "statuses": sa.bindparam("statuses", expanding=True),
}


def case_state(session: Session, programmes: Collection[UUID], case_id: UUID) -> CaseState | None:
    """The state of a case of one of the programmes."""
    found = _fetch(session, _STATE, case=case_id, programmes=list(programmes))
    announced = _fetch(session, _ANNOUNCED_OF_CASE, case=case_id, programme=as_id(found[0][0])) if found else ()
    return next(_states(found, announced), None)


def programme_state(session: Session, programme_id: UUID) -> ProgrammeState:
    """The state of a programme that there is, with its cases."""
    language, size = _fetch(session, _PROGRAMME, programme=programme_id)[0]
    found = _fetch(session, _STATES_OF_PROGRAMME, programme=programme_id)
    announced = _fetch(session, _ANNOUNCED, programme=programme_id)
    return ProgrammeState(programme_id, language, size, tuple(_states(found, announced)))


def _states(rows: Rows, announced: Rows) -> Iterator[CaseState]:
    days: dict[Any, list[str]] = {}
    for case, day in announced:
        days.setdefault(case, []).append(str(day))
    for programme, case, zone, language, revision, beside in rows:
        yield CaseState(as_id(programme), as_id(case), zone, language, revision, beside or 0, tuple(sorted(days.get(case, ()))))


def case_rows(session: Session, state: CaseState, statuses: Collection[str]) -> CaseRows:
    """All that a case is folded from, where observations with one of the statuses count: fourteen statements, however large it is."""
    own: dict[str, Any] = {"programme": state.programme_id, "case": state.id}
    counted = {**own, "statuses": sorted(statuses)}
    return CaseRows(
        case=_fetch(session, _CASE, **own)[0],
        people=_fetch(session, _PEOPLE, **own),
        roles=_fetch(session, _ROLES, **own),
        hearings=_fetch(session, _HEARINGS, **own),
        documents=_fetch(session, _DOCUMENTS, **own),
        cited=_fetch(session, _CITED, **own),
        outcomes=_fetch(session, _OUTCOMES, **own),
        notes=_fetch(session, _NOTES_OF_CASE, **own),
        programme_notes=_fetch(session, _NOTES_OF_PROGRAMME, programme=state.programme_id),
        members=_fetch(session, _MEMBERS, programme=state.programme_id),
        filings=_fetch(session, _FILINGS, **counted),
        marks=_fetch(session, _MARKS, **counted),
        sides=_fetch(session, _SIDES, **own),
        grade_decisions=_fetch(session, _GRADE_DECISIONS, **own),
    )


def programme_rows(session: Session, programme_id: UUID) -> ProgrammeRows:
    """What a programme has beside its cases."""
    return ProgrammeRows(
        notes=_fetch(session, _NOTES_OF_PROGRAMME, programme=programme_id),
        cited=_fetch(session, _CITED_BY_PROGRAMME, programme=programme_id),
        members=_fetch(session, _MEMBERS, programme=programme_id),
    )


def _fetch(session: Session, statement: str, **given: Any) -> Rows:
    with session.connection().execute(_prepared(statement, tuple(given)), given) as result:
        # Plain tuples: a row object for each of tens of thousands of marks would keep the garbage collector busy.
        assert result.cursor is not None
        return result.cursor.fetchall()


@cache
def _prepared(statement: str, names: tuple[str, ...]) -> sa.TextClause:
    return sa.text(statement).bindparams(*(_GIVEN[name] for name in names))
