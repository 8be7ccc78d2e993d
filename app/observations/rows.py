"""Observations as rows for the hand-written statements of intake: tuples in the order of their columns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from app.kit import clock
from app.kit.ids import AnyId
from app.observations import canonical, rules
from app.observations.preparation import Prepared
from app.taxonomy.rules import EmittedMark, Reference

Author = tuple[str, str, str]
Fate = tuple[str, str | None]
Base = tuple[str, str]


def observation_row(
    prepared: Prepared, author: Author, fate: Fate, base: Base | None, now: datetime, *, skew: int | None = None, is_late: bool = False
) -> tuple[Any, ...]:
    """The row of an observation.

    `author` is programme, member and origin; `fate` status and held code; `base` the version it replaces and the root of that chain.
    """
    programme, member, origin = author
    status, held_code = fate
    at = clock.stamp(now)
    replaces, root = base or (None, prepared.id)
    return (
        programme,
        prepared.id,
        prepared.case_id,
        prepared.hearing_id,
        member,
        origin,
        prepared.form,
        prepared.form_code,
        prepared.form_version,
        prepared.captured_at,
        at,
        rules.is_skewed(prepared.captured, now),
        prepared.supersedes,
        prepared.answers,
        prepared.narrative,
        prepared.answers_salt,
        prepared.narrative_salt,
        prepared.content_mac,
        status,
        held_code,
        root,
        replaces,
        at if status == rules.ACCEPTED else None,
        skew,
        is_late,
        at,
    )


def mark_rows(programme: AnyId, observation: AnyId, case: AnyId, marks: Sequence[EmittedMark], key: bytes) -> list[tuple[Any, ...]]:
    """The rows of an observation's marks."""
    return [
        (
            programme,
            observation,
            n,
            mark.indicator,
            mark.unit,
            mark.value,
            mark.basis,
            mark.participant,
            mark.document,
            mark.informant_role,
            None if mark.informant is None else canonical.informant_digest(key, str(case), mark.informant),
            mark.aspect,
            orjson.dumps(mark.listed).decode() if mark.listed else None,
        )
        for n, mark in enumerate(marks)
    ]


def citation_rows(programme: AnyId, observation: AnyId, named: Sequence[tuple[str, str]]) -> list[tuple[Any, ...]]:
    """The rows of whom and what an observation names: (kind, id) of participants and documents."""
    return [
        (programme, observation, n, each if kind == "participant" else None, each if kind == "document" else None)
        for n, (kind, each) in enumerate(named)
    ]


def cited(references: Sequence[Reference]) -> list[tuple[str, str]]:
    """The participants and documents that answers name, each once."""
    return list(dict.fromkeys((ref.kind, ref.id) for ref in references if ref.kind != "observation"))
