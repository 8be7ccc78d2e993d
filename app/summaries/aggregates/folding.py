"""Keeping the facts of cases as new as the cases: folded when a read finds them older, or all at once by `python3 -m app fold`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.kit import clock
from app.kit.store import Store
from app.summaries import queries as cases
from app.summaries.aggregates import queries
from app.summaries.aggregates.case_facts import Fact, facts_of
from app.summaries.facts import establish
from app.summaries.gathering import case_records
from app.taxonomy.catalogue import Taxonomy

COUNTED = ("accepted",)


@dataclass(frozen=True, slots=True)
class Folded:
    """A case's facts, and as of when they hold."""

    programme_id: UUID
    case_id: UUID
    revision: int
    beside: int
    taxonomy: str
    zone: str
    due: date | None
    facts: tuple[Fact, ...]


def waiting(session: Session, taxonomy: Taxonomy, programme_id: UUID, case_id: UUID | None = None) -> list[UUID]:
    """The cases of a programme, or the one that is named, whose facts are older than what they follow from."""
    # Nowhere is it later than a day from now in UTC; each court's own day decides below.
    latest = clock.today("UTC") + timedelta(days=2)
    found = queries.waiting(session, programme_id, case_id, taxonomy.version, latest)
    return [each.case_id for each in found if not each.is_due or (each.due is not None and each.due < clock.today(each.zone))]


def fold(session: Session, taxonomy: Taxonomy, programme_id: UUID, case_id: UUID) -> Folded | None:
    """A case as it stands in this snapshot; None where it is gone."""
    state = cases.case_state(session, [programme_id], case_id)
    if state is None:
        return None
    today = clock.today(state.zone)
    zone = queries.zone_of(session, programme_id)
    case = establish(case_records(state, cases.case_rows(session, state, COUNTED), today), taxonomy)
    coming = [day for day in state.announced if day >= today.isoformat()]
    return Folded(
        programme_id=programme_id,
        case_id=case_id,
        revision=state.revision,
        beside=queries.beside(session, programme_id),
        taxonomy=taxonomy.version,
        zone=zone,
        due=date.fromisoformat(coming[0]) if coming else None,
        facts=tuple(facts_of(case, zone)),
    )


def keep(session: Session, folded: Folded) -> bool:
    """Put the facts of a case in the place of older ones; False where newer ones stand there already."""
    stand: dict[str, Any] = {name: getattr(folded, name) for name in ("revision", "beside", "taxonomy", "zone", "due")}
    rows = (fact._replace(day=fact.day.isoformat() if fact.day else None) for fact in folded.facts)  # type: ignore[arg-type]
    return queries.keep(session, folded.programme_id, folded.case_id, stand, rows)


def renew(store: Store, taxonomy: Taxonomy, programme_id: UUID, case_id: UUID) -> None:
    """Fold a case and keep what it comes to. It is folded before the pen is taken, so that nobody waits for it to write."""
    with store.read() as session:
        folded = fold(session, taxonomy, programme_id, case_id)
    if folded is not None:
        store.write(lambda session: keep(session, folded))


def renew_all(store: Store, taxonomy: Taxonomy, slug: str | None, tell: Callable[[str, int, int], None]) -> bool:
    """Fold every case that waits for it, of all programmes or one; `tell` hears of programme, done and due. False: no such programme."""
    with store.read() as session:
        found = queries.programmes(session, slug)
    for programme_id, name in found:
        with store.read() as session:
            due = waiting(session, taxonomy, programme_id)
        tell(name, 0, len(due))
        for done, case_id in enumerate(due, start=1):
            renew(store, taxonomy, programme_id, case_id)
            tell(name, done, len(due))
    store.write(queries.clear)
    return bool(found)
