"""The observation of all figures here: a real hearing form, 880 bytes of answers, 6 marks, 7 counters, one journal entry."""

from collections.abc import Sequence
from uuid import uuid4

import orjson

from app.taxonomy.catalogue import current
from tests.support.forms import all_clear

MARKS = 6
COUNTERS = MARKS + 1
_UNTOLD = (
    "announced_in_time",
    "all_admitted",
    "room_adequate",
    "language_problem_today",
    "interpreter_used",
    "private_talk_hindered",
    "cage_or_restraints",
    "visible_injuries",
    "judge_even_handed",
    "equal_time",
    "statements_read",
    "discrimination",
    "motions_refused",
)


def answers():
    """A report of a quiet hearing by somebody who could not tell much: six marks, the usual size."""
    return all_clear(**dict.fromkeys(_UNTOLD, "could_not_tell"), any_restriction="yes")


def a_filing(case_id: str, hearing_id: str) -> dict:
    """A new observation, as a phone would send it."""
    return {
        "id": str(uuid4()),
        "form": "hearing",
        "form_version": current().version,
        "case_id": case_id,
        "hearing_id": hearing_id,
        "captured_at": "2026-11-25T14:20:00+05:00",
        "answers": answers(),
    }


def bodies(case_id: str, hearing_id: str, number: int, batch: int) -> Sequence[bytes]:
    """The bodies of `number` requests: single observations, or batches where `batch` is more than one."""
    if batch == 1:
        return [orjson.dumps(a_filing(case_id, hearing_id)) for _ in range(number)]
    return [orjson.dumps({"items": [a_filing(case_id, hearing_id) for _ in range(batch)]}) for _ in range(number)]
