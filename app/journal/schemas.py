"""What goes into the journal and what comes back: values without text of people."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from app.journal.models import SERVER_LOG
from app.journal.showing import Showing
from app.kit.ids import AnyId


class EventKind(StrEnum):
    """Everything that the journal tells of, as `thing.done`. A kind is never renamed or reused."""

    # Enum's own is a function of Python, and each entry is looked for in several sets of kinds.
    __hash__ = str.__hash__

    ACCOUNT_CREATED = "account.created"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ENABLED = "account.enabled"
    SECRET_ISSUED = "secret.issued"  # noqa: S105 - the name of an event
    PASSWORD_SET = "password.set"  # noqa: S105 - the name of an event
    SESSION_STARTED = "session.started"
    SESSION_ENDED = "session.ended"
    SESSION_REPLAYED = "session.replayed"
    PROGRAMME_CREATED = "programme.created"
    PROGRAMME_CHANGED = "programme.changed"
    MEMBER_ADDED = "member.added"
    MEMBER_CHANGED = "member.changed"
    MEMBER_REMOVED = "member.removed"
    CLIENT_CREATED = "client.created"
    CLIENT_REVOKED = "client.revoked"
    ENROLMENT_CREATED = "enrolment.created"
    DEVICE_ENROLLED = "device.enrolled"
    DEVICE_REPLAYED = "device.replayed"
    DEVICE_REVOKED = "device.revoked"
    COURT_CREATED = "court.created"
    COURT_CHANGED = "court.changed"
    COURT_DELETED = "court.deleted"
    CASE_CREATED = "case.created"
    CASE_CHANGED = "case.changed"
    CASE_DELETED = "case.deleted"
    HEARING_CREATED = "hearing.created"
    HEARING_CHANGED = "hearing.changed"
    HEARING_DELETED = "hearing.deleted"
    HEARING_LOCKED = "hearing.locked"
    HEARING_UNLOCKED = "hearing.unlocked"
    PARTICIPANT_CREATED = "participant.created"
    PARTICIPANT_CHANGED = "participant.changed"
    PARTICIPANT_DELETED = "participant.deleted"
    PARTICIPANT_MERGED = "participant.merged"
    PARTICIPANT_UNMERGED = "participant.unmerged"
    IDENTITY_WRITTEN = "identity.written"
    IDENTITY_REVEALED = "identity.revealed"
    IDENTITY_SEARCHED = "identity.searched"
    ROLE_CONTESTED = "role.contested"
    ROLE_WITHDRAWN = "role.withdrawn"
    ASSIGNMENT_CREATED = "assignment.created"
    ASSIGNMENT_DELETED = "assignment.deleted"
    DOCUMENT_CREATED = "document.created"
    DOCUMENT_CHANGED = "document.changed"
    DOCUMENT_DELETED = "document.deleted"
    OUTCOME_CREATED = "outcome.created"
    OUTCOME_CHANGED = "outcome.changed"
    OUTCOME_DELETED = "outcome.deleted"
    NOTE_CREATED = "note.created"
    NOTE_CHANGED = "note.changed"
    NOTE_DELETED = "note.deleted"
    DISAGREEMENT_DECIDED = "disagreement.decided"
    GRADE_DECIDED = "grade.decided"
    EDITION_FROZEN = "edition.frozen"
    STATISTICS_REPLACED = "statistics.replaced"
    FORM_DRAFTED = "form.drafted"
    FORM_PUBLISHED = "form.published"
    FORM_DELETED = "form.deleted"
    ATTACHMENT_CREATED = "attachment.created"
    ATTACHMENT_RECEIVED = "attachment.received"
    ATTACHMENT_REFUSED = "attachment.refused"
    ATTACHMENT_REMOVED = "attachment.removed"
    ATTACHMENT_EXPIRED = "attachment.expired"
    ATTACHMENT_SHOWN = "attachment.shown"
    ACCESS_REFUSED = "access.refused"
    JOURNAL_EXPORTED = "journal.exported"
    NARRATIVE_SHOWN = "narrative.shown"
    REASON_SHOWN = "reason.shown"
    OBSERVATION_FILED = "observation.filed"
    OBSERVATION_HELD = "observation.held"
    OBSERVATION_RELEASED = "observation.released"
    OBSERVATION_CONFLICTED = "observation.conflicted"
    OBSERVATION_ACCEPTED = "observation.accepted"
    OBSERVATION_RETURNED = "observation.returned"
    OBSERVATION_ANSWERED = "observation.answered"
    OBSERVATION_REJECTED = "observation.rejected"
    OBSERVATION_SUPERSEDED = "observation.superseded"
    OBSERVATION_WITHDRAWN = "observation.withdrawn"


CHANGING_NOTHING = frozenset(
    {
        EventKind.ATTACHMENT_CREATED,
        EventKind.ATTACHMENT_RECEIVED,
        EventKind.ATTACHMENT_REFUSED,
        EventKind.ATTACHMENT_REMOVED,
        EventKind.ATTACHMENT_EXPIRED,
        EventKind.ATTACHMENT_SHOWN,
        EventKind.ACCESS_REFUSED,
        EventKind.IDENTITY_REVEALED,
        EventKind.IDENTITY_SEARCHED,
        EventKind.JOURNAL_EXPORTED,
        EventKind.NARRATIVE_SHOWN,
        EventKind.REASON_SHOWN,
    }
)
"""What only tells that something was read or asked for, or of a file: whatever is computed from a case or a programme stays as it was."""


@dataclass(slots=True)
class Entry:
    """One thing that happened, before it has a place in a log.

    Ids are `UUID`s or texts of 36 small characters. `facts` hold ids, codes, numbers and digests only: a leaf may be handed to anybody.
    `log` is a programme's id, or the server's log. An entry with a `showing` commits to it.
    """

    kind: EventKind
    subject_id: AnyId
    log: AnyId = SERVER_LOG
    case_id: AnyId | None = None
    hearing_id: AnyId | None = None
    actor: AnyId | None = None
    audience: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    showing: Showing | None = None


class Leaf(NamedTuple):
    """An entry with its place."""

    entry: Entry
    seq: int
    leaf_hash: bytes
    at: str
