"""Copies of a case beside it, row by row: a programme with as many cases as a test wants, each as large as the first."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.kit.ids import new_id

COPIED = (
    *("court_case", "document", "hearing", "participant", "participant_role", "outcome", "note", "assignment", "case_revision"),
    *("observation", "mark", "citation", "tally"),
)
BY_OBSERVATION = ("mark", "citation")


def copy_case(session, case: UUID, numbers: range) -> None:
    """Copy a case with all that hangs on it, once for each number; the copies have codes of their own."""
    found = {name: _rows(session, SQLModel.metadata.tables[name], case) for name in COPIED}
    for n in numbers:
        ids: dict[Any, UUID] = {row["id"]: new_id() for rows in found.values() for row in rows if "id" in row}
        for name, rows in found.items():
            copies = [
                {column: ids.get(value, value) if isinstance(value, UUID) else value for column, value in row.items()} for row in rows
            ]
            if name == "court_case":
                copies = [{**row, "code": f"COPY-{n}", "code_key": f"copy-{n}"} for row in copies]
            if name == "document":
                copies = [{**row, "code": f"{row['code']}-{n}", "code_key": f"{row['code_key']}-{n}"} for row in copies]
            if copies:
                session.connection().execute(sa.insert(SQLModel.metadata.tables[name]), copies)


def _rows(session, table: sa.Table, case: UUID) -> list[dict[str, Any]]:
    if table.name in BY_OBSERVATION:
        observation = SQLModel.metadata.tables["observation"]
        wanted = table.c.observation_id.in_(sa.select(observation.c.id).where(observation.c.case_id == case))
    else:
        wanted = (table.c.id if table.name == "court_case" else table.c.case_id) == case
    return [dict(row) for row in session.connection().execute(sa.select(table).where(wanted)).mappings()]
