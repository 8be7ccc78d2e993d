"""What the server stores of each observation, for who checks the journal: commitments computed anew, and salt and text where asked for."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson
from sqlmodel import Session

from app.kit import clock
from app.observations import canonical, queries
from app.observations.models import Observation

VERSION = 1


def stored(session: Session, programme_id: UUID) -> Iterator[dict[str, Any]]:
    """Each observation of a programme without any text. One whose entry is gone has the number 0: whoever checks finds no such entry."""
    for row, seq in queries.with_entries(session, programme_id):
        yield {
            "id": row.id,
            "seq": seq or 0,
            "case": row.case_id,
            "hearing": row.hearing_id,
            "actor": row.member_id,
            "received_at": clock.stamp(row.received_at),
            "status": row.status,
            "answers": commitment(row, canonical.ANSWERS).hex(),
            "narrative": commitment(row, canonical.NARRATIVE).hex(),
            "columns_agree": columns_agree(row),
        }


def openings(session: Session, programme_id: UUID) -> Iterator[dict[str, Any]]:
    """Salt and text of each column: what observers wrote."""
    for row, _ in queries.with_entries(session, programme_id):
        for column in (canonical.ANSWERS, canonical.NARRATIVE):
            salt, text = _column(row, column)
            yield {"id": row.id, "version": VERSION, "column": column, "salt": salt.hex(), "text": text}


def commitment(row: Observation, column: str) -> bytes:
    """The commitment to a column as it is stored now."""
    salt, text = _column(row, column)
    return canonical.commitment(row.programme_id, row.id, column, salt=salt, text=text, version=VERSION)


def columns_agree(row: Observation) -> bool:
    """Whether the columns by which an observation is found and counted say what its stored text says."""
    try:
        said = orjson.loads(row.answers)
    except ValueError:
        return False
    columns = {
        "form": row.form,
        "version": row.form_version,
        "case": str(row.case_id),
        "hearing": row.hearing_id and str(row.hearing_id),
        "captured_at": row.captured_at,
        "supersedes": row.supersedes and str(row.supersedes),
    }
    return isinstance(said, dict) and said.get("form_code") == row.form_code and columns.items() <= said.items()


def _column(row: Observation, column: str) -> tuple[bytes, str]:
    return (row.answers_salt, row.answers) if column == canonical.ANSWERS else (row.narrative_salt, row.narrative)
