"""What coordinators and custodians do with names: enter them, look for them, open them."""

from typing import Any
from uuid import UUID

import orjson
from sqlmodel import Session

from app.cases import queries
from app.cases.casefiles.service import CASES
from app.cases.identities import rules
from app.cases.identities.rules import Known
from app.cases.identities.schemas import Candidates, IdentityBody, IdentityOpened, NameSought
from app.cases.ledger import born
from app.cases.models import Identity, IdentityReveal, Participant
from app.cases.participants.service import PARTICIPANTS
from app.cases.sealing import Keeper
from app.journal import service as journal
from app.journal.schemas import Entry, EventKind
from app.journal.showing import Showing, Thing, What, things_of
from app.kit import clock, errors, etags
from app.kit.access import COORDINATOR, CUSTODIAN
from app.kit.crypto import Place
from app.kit.errors import Problem


def write_identity(session: Session, keeper: Keeper, participant_id: UUID, body: IdentityBody, if_match: str | None) -> int:
    """Seal who a participant is, in the place of what stood; the version that stands now. The same again changes nothing."""
    participant = PARTICIPANTS.find(session, keeper.scope, participant_id, lock=True)
    row = queries.identity_of(session, participant.programme_id, participant.id)
    standing = row.version if row is not None else 0
    etags.check(if_match, standing)
    plaintext = orjson.dumps(body.model_dump(), option=orjson.OPT_SORT_KEYS)
    if row is not None and _is_same(keeper, row, plaintext):
        return standing
    member_id = keeper.scope.require(participant.programme_id, COORDINATOR).member_id
    sealed = keeper.seal(_place(participant.programme_id, participant.id, standing + 1), plaintext)
    columns: dict[str, Any] = {"sealed": sealed.blob, "version": standing + 1, "updated_at": clock.now(), "updated_by": member_id}
    written = row or Identity(programme_id=participant.programme_id, participant_id=participant.id, **columns)
    session.add(written.sqlmodel_update(columns))
    facts = {"code": participant.code, "version": written.version, "commitment": sealed.commitment}
    _tell(session, EventKind.IDENTITY_WRITTEN, participant, member_id, facts)
    return written.version


def reveal_identity(session: Session, keeper: Keeper, participant_id: UUID, reason: str) -> IdentityOpened:
    """Who a participant is, for a custodian who says why; 404 where no name was entered. The reason is kept sealed."""
    participant = queries.find(session, Participant, keeper.scope.programmes(), participant_id, lock=True)
    member_id = keeper.scope.require(participant.programme_id if participant else None, CUSTODIAN).member_id
    assert participant is not None
    row = queries.identity_of(session, participant.programme_id, participant.id)
    if row is None:
        raise errors.missing()
    opened = orjson.loads(keeper.open(_place_of(row), row.sealed))
    made = born(participant.programme_id)
    sealed = keeper.seal(Place(participant.programme_id, "identity_reveal", "reason", made["id"]), reason.encode())
    session.add(IdentityReveal(**made, participant_id=participant.id, member_id=member_id, reason=sealed.blob))
    facts = {"code": participant.code, "version": row.version, "reveal": str(made["id"]), "commitment": sealed.commitment}
    showing = Showing(What.IDENTITY, member_id, things_of(Thing.PARTICIPANT, [participant.id]))
    _tell(session, EventKind.IDENTITY_REVEALED, participant, member_id, facts, showing=showing)
    return IdentityOpened(participant_id=participant.id, version=row.version, updated_at=row.updated_at, **opened)


def match_name(session: Session, keeper: Keeper, sought: NameSought) -> Candidates:
    """Who may be meant by a name. Names are opened in memory, compared, and forgotten."""
    keeper.scope.require(sought.programme_id, COORDINATOR, place="/programme_id")
    if sought.case_id is not None:
        CASES.within(session, sought.programme_id, sought.case_id, "/case_id")
    known = (
        Known(found, code, merged_into, () if sealed is None else _names(keeper, _place(sought.programme_id, found, version), sealed))
        for found, code, merged_into, sealed, version in queries.people(session, sought.programme_id, sought.case_id)
    )
    return Candidates(candidates=rules.candidates(sought.name, known))


def note_search(session: Session, keeper: Keeper, sought: NameSought, found: Candidates) -> None:
    """Tell the journal that somebody looked for a name: who, where, and how many were found; not the name.

    Whoever knows a name learns from the answer which participant has it: that is an identity shown.
    """
    member_id = keeper.scope.require(sought.programme_id, COORDINATOR).member_id
    where = (sought.programme_id, sought.programme_id, sought.case_id)
    facts = {"candidates": len(found.candidates)}
    showing = Showing(What.IDENTITY, member_id, things_of(Thing.PARTICIPANT, [each.participant_id for each in found.candidates]))
    journal.record(session, Entry(EventKind.IDENTITY_SEARCHED, *where, actor=member_id, facts=facts, showing=showing))


def _tell(
    session: Session,
    kind: EventKind,
    participant: Participant,
    member_id: UUID,
    facts: dict[str, Any],
    *,
    showing: Showing | None = None,
) -> None:
    where = (participant.id, participant.programme_id, participant.case_id)
    journal.record(session, Entry(kind, *where, actor=member_id, facts=facts, showing=showing))


def _names(keeper: Keeper, place: Place, sealed: bytes) -> tuple[str, ...]:
    return tuple(each["text"] for each in orjson.loads(keeper.open(place, sealed))["names"])


def _place(programme_id: UUID, participant_id: UUID, version: int) -> Place:
    return Place(programme_id, "identity", "sealed", participant_id, version)


def _place_of(row: Identity) -> Place:
    return _place(row.programme_id, row.participant_id, row.version)


def _is_same(keeper: Keeper, row: Identity, plaintext: bytes) -> bool:
    """Whether the same stands already; what cannot be read any more may be written over."""
    try:
        return keeper.open(_place_of(row), row.sealed) == plaintext
    except Problem:
        return False
