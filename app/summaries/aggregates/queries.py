"""Every SQL statement of aggregates: which cases must be folded again, the facts of one, and sums over many.

Sums never touch marks: observations are added up from the tally, everything else from the facts of folded cases.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from app.cases.models import Case, Court, Hearing
from app.kit.database import BulkInsert, as_id
from app.observations.models import NOWHERE, Tally
from app.summaries.aggregates.measures import LANGUAGE, SUBJECTS
from app.summaries.aggregates.models import CaseFact
from app.summaries.aggregates.rules import Question, Sum


def _table(model: type[SQLModel]) -> sa.Table:
    found: sa.Table = model.__table__  # type: ignore[attr-defined]
    return found


_FACT, _TALLY = _table(CaseFact), _table(Tally)
_CASE, _COURT, _HEARING = _table(Case), _table(Court), _table(Hearing)
_SUBJECT_COLUMNS = {"right": "right_code", "indicator": "indicator", "kind": "kind", "rating": "value", LANGUAGE: "language"}
_FACTS = BulkInsert(
    CaseFact,
    (
        "programme_id",
        "case_id",
        "place",
        "measure",
        "grain",
        "hearing_id",
        "day",
        "right_code",
        "indicator",
        "kind",
        "language",
        "value",
        "n",
        "is_minimum",
    ),
)
# The last time that a coordinator changed somebody's languages. Whoever accepts an invitation changes a member too: the own one.
_BESIDE = """
SELECT COALESCE(MAX(seq), -1) FROM journal
WHERE log = :programme AND case_id IS NULL AND kind = 'member.changed' AND actor <> subject_id
"""
_STALE = """
SELECT c.id, COALESCE(t.timezone, p.timezone), f.due,
    CASE WHEN f.revision = COALESCE(r.revision, 0) AND f.beside = :beside AND f.taxonomy = :taxonomy AND f.zone = p.timezone
        THEN 1 ELSE 0 END
FROM court_case AS c
JOIN programme AS p ON p.id = c.programme_id
JOIN court AS t ON t.programme_id = c.programme_id AND t.id = c.court_id
LEFT JOIN case_revision AS r ON r.case_id = c.id
LEFT JOIN case_folded AS f ON f.programme_id = c.programme_id AND f.case_id = c.id
WHERE c.programme_id = :programme AND (:has_case = 0 OR c.id = :case) AND (
    f.revision IS NULL OR f.revision <> COALESCE(r.revision, 0) OR f.beside <> :beside OR f.taxonomy <> :taxonomy
    OR f.zone <> p.timezone OR f.due < :latest
)
ORDER BY c.id
"""
_KEEP = """
INSERT INTO case_folded (programme_id, case_id, revision, beside, taxonomy, zone, due)
VALUES (:programme, :case, :revision, :beside, :taxonomy, :zone, :due)
ON CONFLICT (programme_id, case_id) DO UPDATE SET revision = excluded.revision, beside = excluded.beside,
    taxonomy = excluded.taxonomy, zone = excluded.zone, due = excluded.due
WHERE case_folded.revision <= excluded.revision AND case_folded.beside <= excluded.beside
RETURNING 1
"""
_ORPHANS = """
DELETE FROM {table} WHERE NOT EXISTS (
    SELECT 1 FROM court_case AS c WHERE c.programme_id = {table}.programme_id AND c.id = {table}.case_id
)
"""
_TYPES: dict[str, sa.types.TypeEngine[Any]] = {"programme": sa.Uuid(), "case": sa.Uuid(), "due": sa.Date(), "latest": sa.Date()}


class Waiting(NamedTuple):
    """A case whose facts are older than what they follow from. `is_due`: only because announced hearings have passed since."""

    case_id: UUID
    zone: str
    due: date | None
    is_due: bool


def beside(session: Session, programme_id: UUID) -> int:
    """The journal's number of the last change of somebody's languages; -1 where there was none."""
    found: int = _run(session, _BESIDE, programme=programme_id).scalar_one()
    return found


def zone_of(session: Session, programme_id: UUID) -> str:
    """The time zone of a programme."""
    found: str = _run(session, "SELECT timezone FROM programme WHERE id = :programme", programme=programme_id).scalar_one()
    return found


def waiting(session: Session, programme_id: UUID, case_id: UUID | None, taxonomy: str, latest: date) -> list[Waiting]:
    """The cases that must be folded again, where the day is nowhere later than `latest`; all of a programme, or one."""
    asked = {"programme": programme_id, "case": case_id or NOWHERE, "has_case": int(case_id is not None)}
    given = {**asked, "beside": beside(session, programme_id), "taxonomy": taxonomy, "latest": latest}
    found: Sequence[Any] = _run(session, _STALE, **given).all()
    return [Waiting(as_id(case), zone, _day(due), bool(is_due)) for case, zone, due, is_due in found]


def keep(session: Session, programme_id: UUID, case_id: UUID, stand: dict[str, Any], facts: Iterable[tuple[Any, ...]]) -> bool:
    """Put facts in the place of those of a case; False, and nothing is changed, where newer ones stand there."""
    if _run(session, _KEEP, programme=programme_id, case=case_id, **stand).first() is None:
        return False
    _run(session, "DELETE FROM case_fact WHERE programme_id = :programme AND case_id = :case", programme=programme_id, case=case_id)
    own = (str(programme_id), str(case_id))
    _FACTS.run(session, [(*own, place, *fact) for place, fact in enumerate(facts)])
    return True


def clear(session: Session) -> None:
    """Remove the facts of cases that are gone."""
    for table in ("case_fact", "case_folded"):
        _run(session, _ORPHANS.format(table=table))


def is_there(session: Session, table: str, programme_id: UUID, found: UUID) -> bool:
    """Whether a programme has a case, or a court, with an id."""
    model = {"case": _CASE, "court": _COURT}[table]
    query = sa.select(sa.literal(1)).where(model.c.programme_id == programme_id, model.c.id == found)
    return session.connection().execute(query).first() is not None


def programmes(session: Session, slug: str | None) -> list[tuple[UUID, str]]:
    """Programmes by slug: all, or the one that is named."""
    found: Sequence[Any] = _run(session, "SELECT id, slug FROM programme ORDER BY slug").all()
    return [(as_id(programme), name) for programme, name in found if slug in (None, name)]


def fact_sums(session: Session, question: Question, group_by: Sequence[str], grain: str, *, at_no_hearing: bool = False) -> list[Sum]:
    """Sums of facts at one grain; those at no hearing alone where asked for."""
    source = _joined(_FACT)
    day = sa.func.coalesce(_HEARING.c.date, _FACT.c.day)
    columns = [_dimension(each, day) for each in group_by]
    # A hearing that is gone while its case waits to be folded again counts no more.
    there = _FACT.c.hearing_id.is_(None) if at_no_hearing else sa.or_(_FACT.c.hearing_id.is_(None), _HEARING.c.id.is_not(None))
    asked = [getattr(_FACT.c, _SUBJECT_COLUMNS[name]) == value for name, value in question.narrowed.items()]
    own = [_FACT.c.programme_id == question.programme_id, _FACT.c.measure == question.measure.facts, _FACT.c.grain == grain]
    minimum = sa.func.max(sa.case((_FACT.c.is_minimum, 1), else_=0))
    query = sa.select(*columns, sa.func.sum(_FACT.c.n), minimum).select_from(source).where(*own, there, *asked, *_narrowed(question, day))
    return _sums(session, query.group_by(*columns))


def tally_sums(
    session: Session, question: Question, group_by: Sequence[str], indicators: Sequence[str] | None, *, is_about: bool
) -> list[Sum]:
    """Accepted observations of core forms; where they are told by what they are about, statements that something was so, by indicator.

    Those at no hearing are left out where days matter: the tally does not know when they were.
    """
    columns = [_dimension(each, _HEARING.c.date) for each in group_by if each not in SUBJECTS]
    columns += [_TALLY.c.indicator] if is_about else []
    own = [_TALLY.c.programme_id == question.programme_id, _TALLY.c.status == "accepted", ~_TALLY.c.form.startswith("x_", autoescape=True)]
    own += [_TALLY.c.value == "present", _TALLY.c.indicator != ""] if is_about else [_TALLY.c.indicator == ""]
    own += [_TALLY.c.indicator.in_(indicators)] if indicators is not None else []
    own += [_TALLY.c.hearing_id != NOWHERE] if question.needs_days else []
    number: sa.ColumnElement[Any] = sa.func.sum(_TALLY.c.n)
    query = (
        sa.select(*columns, number, sa.literal_column("0", sa.Integer))
        .select_from(_joined(_TALLY))
        .where(*own, *_narrowed(question, _HEARING.c.date))
    )
    # What was withdrawn leaves a zero behind, which is no observation.
    return [each for each in _sums(session, query.group_by(*columns)) if each.n]


def _joined(source: sa.Table) -> sa.FromClause:
    """Sums with the case, the hearing (where there is one) and the court that they belong to."""
    of_case = sa.and_(_CASE.c.programme_id == source.c.programme_id, _CASE.c.id == source.c.case_id)
    at = sa.and_(_HEARING.c.programme_id == source.c.programme_id, _HEARING.c.id == source.c.hearing_id)
    court = sa.func.coalesce(_HEARING.c.court_id, _CASE.c.court_id)
    before = sa.and_(_COURT.c.programme_id == source.c.programme_id, _COURT.c.id == court)
    return source.join(_CASE, of_case).outerjoin(_HEARING, at).join(_COURT, before)


def _dimension(name: str, day: Any) -> sa.ColumnElement[Any]:
    match name:
        case "case":
            return _CASE.c.code
        case "court":
            return _COURT.c.code
        case "region":
            return _COURT.c.region
        case "month" | "year":
            # Both databases write a date as 2012-04-05.
            length = sa.literal_column("7" if name == "month" else "4", sa.Integer)
            return sa.func.substr(sa.cast(day, sa.Text), sa.literal_column("1", sa.Integer), length)
        case _:
            found: sa.ColumnElement[Any] = getattr(_FACT.c, _SUBJECT_COLUMNS[name])
            return found


def _narrowed(question: Question, day: Any) -> list[sa.ColumnElement[bool]]:
    """Conditions on places and days."""
    equal = ((_CASE.c.id, question.case_id), (_COURT.c.id, question.court_id), (_COURT.c.region, question.region))
    since = [day >= question.since] if question.since is not None else []
    until = [day <= question.until] if question.until is not None else []
    return [*(column == value for column, value in equal if value is not None), *since, *until]


def _sums(session: Session, query: sa.Select[Any]) -> list[Sum]:
    found = session.connection().execute(query)
    return [Sum(tuple(values), int(n), bool(is_minimum)) for *values, n, is_minimum in found if n is not None]


def _run(session: Session, statement: str, **given: Any) -> sa.CursorResult[Any]:
    typed = [sa.bindparam(name, type_=_TYPES[name]) for name in given if name in _TYPES]
    return session.connection().execute(sa.text(statement).bindparams(*typed), given)


def _day(found: Any) -> date | None:
    return date.fromisoformat(found) if isinstance(found, str) else found
