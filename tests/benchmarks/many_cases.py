"""A programme as large as programmes get, written straight into SQLite's tables: cases, hearings, and as many observations as wanted.

The number of cases and hearings stays the same however many observations there are: what grows is how many observers a programme has.
"""

from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.cases.models import Case, Hearing
from app.kit.codes import code_key
from app.kit.database import Database
from app.kit.ids import new_id
from app.summaries.aggregates.models import CaseFact, CaseFolded
from app.taxonomy.catalogue import current
from tests.support.world import NOW, World

CASES, HEARINGS, INDICATORS, MARKS = 40, 20, 40, 6
FIRST_DAY = date(2012, 1, 9)

_OBSERVATIONS = """
WITH RECURSIVE numbers(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM numbers WHERE x + 1 < :number)
INSERT INTO observation (programme_id, id, case_id, hearing_id, member_id, origin, form, form_version, captured_at, received_at,
    has_clock_skew, answers, narrative, answers_salt, narrative_salt, content_mac, status, root_id, updated_at)
SELECT :programme, printf('%032x', x), p.case_id, p.hearing_id, :member, 'observer', 'case_fact', '1.1.0', '2012-04-02T13:00:00+05:00',
    :now, 0, '{}', '{}', x'00', x'00', x'00', 'accepted', printf('%032x', x), :now
FROM numbers JOIN temp.places AS p ON p.n = x % :places
"""
_MARKS = """
WITH RECURSIVE numbers(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM numbers WHERE x + 1 < :number),
    several(m) AS (SELECT 0 UNION ALL SELECT m + 1 FROM several WHERE m + 1 < :marks)
INSERT INTO mark (programme_id, observation_id, n, indicator, unit, value, basis)
SELECT :programme, printf('%032x', x), m, i.code, 'hearing', CASE WHEN (x + m) % 3 = 0 THEN 'absent' ELSE 'present' END, 'seen'
FROM numbers CROSS JOIN several JOIN temp.spoken_of AS i ON i.n = (x / :places * :marks + m) % :indicators
"""
_TALLY = """
INSERT INTO tally (programme_id, case_id, hearing_id, form, indicator, value, status, n)
SELECT o.programme_id, o.case_id, o.hearing_id, o.form, k.indicator, k.value, o.status, COUNT(*) FROM observation AS o
JOIN mark AS k ON k.programme_id = o.programme_id AND k.observation_id = o.id GROUP BY 1, 2, 3, 4, 5, 6, 7
UNION ALL SELECT programme_id, case_id, hearing_id, form, '', '', status, COUNT(*) FROM observation GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
_BY_MARKS = """
SELECT SUBSTR(h.date, 1, 7), k.indicator, COUNT(*) FROM observation AS o
JOIN mark AS k ON k.programme_id = o.programme_id AND k.observation_id = o.id
JOIN hearing AS h ON h.programme_id = o.programme_id AND h.id = o.hearing_id
WHERE o.programme_id = :programme AND o.status = 'accepted' AND k.value = 'present' GROUP BY 1, 2
"""


def fill(database: Database, world: World, number: int) -> None:
    """Put cases, hearings and so many observations into a world, with their sums, and each case folded."""
    codes = list(current().indicators)[:INDICATORS]
    with Session(database.writing) as session:
        places = _places(session, world)
        _facts(session, world, places, codes)
        session.commit()
    given = {"number": number, "programme": world.programme.hex, "member": world.members["OBS1"].hex, "now": "2026-11-25T09:00:00.000000Z"}
    given |= {"places": len(places), "marks": MARKS, "indicators": INDICATORS}
    with database.writing.connect() as connection:
        _table(connection, "places", "case_id, hearing_id", [(case.hex, hearing.hex) for case, hearing in places])
        _table(connection, "spoken_of", "code", [(code,) for code in codes])
        for statement in (_OBSERVATIONS, _MARKS, _TALLY):
            connection.execute(sa.text(statement), given)
        connection.commit()


def counted_by_marks(session: Session, world: World) -> dict[tuple[str, str], int]:
    """What a query over all marks says was so, by month and indicator."""
    found = session.connection().execute(sa.text(_BY_MARKS), {"programme": world.programme.hex})
    return {(month, indicator): n for month, indicator, n in found}


def _table(connection: sa.Connection, name: str, columns: str, rows: list[tuple[str, ...]]) -> None:
    connection.exec_driver_sql(f"CREATE TEMP TABLE {name} (n INTEGER PRIMARY KEY, {columns})")
    marks = ", ".join("?" * (1 + len(rows[0])))
    connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({marks})", [(n, *row) for n, row in enumerate(rows)])


def _places(session: Session, world: World) -> list[tuple[UUID, UUID]]:
    """(case, hearing) of new cases; hearings a week apart."""
    made = []
    for n in range(CASES):
        code = f"B-{n}"
        kept = {"programme_id": world.programme, "created_at": NOW, "code": code, "code_key": code_key(code)}
        case = Case(**kept, id=new_id(), title="A trial", sought="a trial", court_id=world.court, charge_articles=[], monitoring="full")
        session.add(case)
        session.flush()
        for k in range(HEARINGS):
            held = {"code": f"H-{k}", "code_key": code_key(f"H-{k}"), "instance": "first", "hearing_type": "evidence", "status": "held"}
            day = FIRST_DAY + timedelta(days=7 * k + n)
            made.append((case.id, new_id()))
            session.add(Hearing(**{**kept, **held}, id=made[-1][1], case_id=case.id, date=day))
        session.flush()
    return made


def _facts(session: Session, world: World, places: list[tuple[UUID, UUID]], codes: list[str]) -> None:
    """What cases of this size come to: of each hearing, each indicator that was looked at, in two languages of observers."""
    cases = dict.fromkeys([case for case, _ in places] + [world.case, world.other_case])
    as_of = {"revision": 0, "beside": -1, "taxonomy": current().version, "zone": "Asia/Almaty"}
    session.add_all(CaseFolded(programme_id=world.programme, case_id=case, **as_of) for case in cases)
    rows = []
    for at, (case, hearing) in enumerate(places):
        told = [("", None, None), *(("l", language, None) for language in ("kk", "ru"))]
        told += [(grain, language, code) for code in codes for grain, language in (("rik", None), ("rikl", "kk"), ("rikl", "ru"))]
        for k, (grain, language, code) in enumerate(told):
            about = current().indicators.get(code or "")
            subject = {"right_code": about.right, "indicator": code, "kind": about.kind} if about else {}
            own = {"programme_id": world.programme, "case_id": case, "place": at * len(told) + k, "measure": "incidents", "grain": grain}
            none = {"right_code": None, "indicator": None, "kind": None, "day": None, "value": None}
            rows.append({**own, "hearing_id": hearing, **none, **subject, "language": language, "n": (at + k) % 7 == 0, "is_minimum": True})
    session.connection().execute(sa.insert(CaseFact.__table__), rows)
