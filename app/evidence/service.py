"""What becomes of an attachment: created, taken in piece by piece, whole, shown, given up. Each of it is told to the journal."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_bytes, token_hex
from uuid import UUID

from sqlmodel import Session

from app.cases.documents import service as documents
from app.cases.errors import NOT_RELEVANT
from app.evidence import queries
from app.evidence.errors import ALREADY_RECEIVED, OFFSET_CONFLICT, UPLOAD_QUOTA
from app.evidence.models import Attachment, AttachmentPiece
from app.evidence.queries import Asked
from app.evidence.rules import METADATA
from app.evidence.schemas import AttachmentShown, Flag, Limits, Metadata, Piece, Upload, Whole
from app.evidence.sniffing import declared
from app.forms import service as forms
from app.journal import service as journal
from app.journal.schemas import Entry, EventKind
from app.journal.showing import Showing, Thing, What, things_of
from app.kit import clock, crypto, errors, ids
from app.kit.access import COORDINATOR, OBSERVER, Membership, Scope
from app.kit.crypto import Place
from app.kit.errors import Fault, Problem, pointer
from app.kit.paging import Page
from app.kit.windows import Window
from app.observations import service as observations
from app.observations.errors import ID_CONFLICT
from app.observations.preparation import stored_answers
from app.observations.schemas import AttachmentsShown
from app.taxonomy.answers import attachments

KEPT_FOR = timedelta(days=14)
"""For how long what came of an upload is kept after its last part."""
_DAY = timedelta(days=1)
_LATER = {"Retry-After": "3600"}
_EXPIRED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class _Target:
    """What a file is about, and the membership that adds it."""

    programme_id: UUID
    member_id: UUID
    observation_id: UUID | None = None
    document_id: UUID | None = None


def create(session: Session, scope: Scope, asked: tuple[Metadata, int], limits: Limits, key: bytes) -> tuple[Upload, bool]:
    """An upload for a file of so many bytes, and whether it is new: asking again is safe, and finds the one that is there.

    404 and 403 as for its document or another's observation, 403 `device_required`, 409 `id_conflict` for an id under which another file is
    expected, 422 `too_many_items`, 429 `upload_quota` for more than may be begun in a day, 507 `storage_full` for a programme that is full.
    """
    metadata, length = asked
    target = _target(session, scope, metadata)
    scope.demand_device(target.programme_id)
    # Whoever else adds something in this programme has committed by now, or waits: numbers and ids that are looked up stay true.
    journal.hold(session, [target.programme_id])
    wanted = metadata.id or ids.new_id()
    known = queries.find(session, [target.programme_id], wanted)
    if known is not None:
        if not _is_same(known, target, metadata, length):
            raise Problem(ID_CONFLICT)
        return upload_of(known), False
    _check_limits(session, target, length, limits)
    row = Attachment(
        programme_id=target.programme_id,
        id=wanted,
        observation_id=target.observation_id,
        document_id=target.document_id,
        member_id=target.member_id,
        filename=_sealed(key, target.programme_id, wanted, metadata.filename),
        declared_type=declared(metadata.filetype, metadata.filename),
        declared_sha256=metadata.sha256,
        length=length,
        folder=token_hex(16),
        created_at=clock.now(),
        expires_at=clock.now() + KEPT_FOR,
    )
    session.add(row)
    session.flush()
    _tell(session, row, EventKind.ATTACHMENT_CREATED, length=length)
    return upload_of(row), True


def _check_limits(session: Session, target: _Target, length: int, limits: Limits) -> None:
    if queries.count(session, target.programme_id, target.member_id, target.observation_id, target.document_id) >= limits.number:
        place = "observation_id" if target.document_id is None else "document_id"
        raise errors.invalid(Fault(pointer(METADATA, place), errors.TOO_MANY_ITEMS))
    held, lately = queries.sizes(session, target.programme_id, target.member_id, clock.now() - _DAY)
    if lately + length > limits.daily:
        raise Problem(UPLOAD_QUOTA, headers=_LATER)
    if held + length > limits.total:
        raise Problem(errors.STORAGE_FULL, headers=_LATER)


def _target(session: Session, scope: Scope, metadata: Metadata) -> _Target:
    if metadata.observation_id is not None and metadata.document_id is not None:
        raise errors.invalid(Fault(pointer(METADATA, "document_id"), NOT_RELEVANT))
    if metadata.document_id is not None:
        # Held before the head of the journal, as all take them: it cannot be deleted meanwhile.
        document = documents.DOCUMENTS.find(session, scope, metadata.document_id, place=pointer(METADATA, "document_id"), lock=True)
        member = scope.require(document.programme_id, COORDINATOR)
        return _Target(document.programme_id, member.member_id, None, document.id)
    if metadata.observation_id is None:
        raise errors.invalid(Fault(pointer(METADATA, "observation_id"), errors.REQUIRED))
    row = observations.find_readable(session, scope, metadata.observation_id)
    if row is None:
        member = _waiting(scope, metadata)
        return _Target(member.programme_id, member.member_id, metadata.observation_id)
    if not _is_mine(scope, row.member_id):
        raise Problem(errors.FORBIDDEN)
    return _Target(row.programme_id, row.member_id, row.id)


def _waiting(scope: Scope, metadata: Metadata) -> Membership:
    """As whom a file is sent whose observation is not here yet, or is somebody else's, which is not told apart.

    A file comes to no observation but one that the same member files.
    """
    if metadata.programme_id is not None:
        return scope.require(metadata.programme_id, OBSERVER, COORDINATOR, place=pointer(METADATA, "programme_id"))
    able = [each for each in scope.memberships if each.role in (OBSERVER, COORDINATOR)]
    if not able and scope.memberships:
        raise Problem(errors.FORBIDDEN)
    if not able:
        raise errors.missing(pointer(METADATA, "observation_id"))
    if len({each.programme_id for each in able}) > 1:
        raise errors.invalid(Fault(pointer(METADATA, "programme_id"), errors.REQUIRED))
    return able[0]


def _is_mine(scope: Scope, member_id: UUID) -> bool:
    return any(each.member_id == member_id for each in scope.memberships)


def _is_same(row: Attachment, target: _Target, metadata: Metadata, length: int) -> bool:
    asked = (target.member_id, target.observation_id, target.document_id, metadata.sha256, length)
    return asked == (row.member_id, row.observation_id, row.document_id, row.declared_sha256, row.length)


def _place(programme_id: UUID, attachment_id: UUID, column: str) -> Place:
    return Place(programme_id, "attachment", column, attachment_id)


def _sealed(key: bytes, programme_id: UUID, attachment_id: UUID, filename: str | None) -> bytes | None:
    return None if filename is None else crypto.seal(key, _place(programme_id, attachment_id, "filename"), filename.encode())


def filename_of(row: Attachment, key: bytes) -> str | None:
    """What the file was called on the phone; none where it had no name, or the key is another."""
    if row.filename is None:
        return None
    try:
        return crypto.open_(key, _place(row.programme_id, row.id, "filename"), row.filename).plaintext.decode()
    except crypto.Unreadable:
        return None


def upload_of(row: Attachment) -> Upload:
    """An attachment as its next part finds it."""
    return Upload(
        *(row.programme_id, row.id, row.folder, row.length, row.received),
        *(row.received_at is not None, row.declared_sha256, row.declared_type, row.expires_at),
    )


def find(session: Session, scope: Scope, attachment_id: UUID) -> Attachment:
    """An attachment that the caller may read: their own, or one of a programme that they coordinate.

    404 otherwise, 403 for members who read no observations at all.
    """
    row = queries.find(session, scope.programmes(), attachment_id)
    if row is not None and (_is_mine(scope, row.member_id) or scope.member(row.programme_id, COORDINATOR)):
        return row
    if row is not None and scope.member(row.programme_id, OBSERVER) is None:
        raise Problem(errors.FORBIDDEN)
    raise errors.missing()


def own(session: Session, scope: Scope, attachment_id: UUID) -> Upload:
    """An upload of the caller's; 403 for a coordinator, who may read it and not change it."""
    row = find(session, scope, attachment_id)
    if not _is_mine(scope, row.member_id):
        raise Problem(errors.FORBIDDEN)
    scope.demand_device(row.programme_id)
    return upload_of(row)


def keep(session: Session, upload: Upload, pieces: Sequence[Piece]) -> None:
    """Remember pieces that are durable, and have them kept for a while again.

    409 `offset_conflict` where the upload does not stand at their beginning any more.
    """
    row = _standing_at(session, upload, pieces[0].start)
    session.add_all(_rows(upload, pieces))
    row.received += sum(each.length for each in pieces)
    row.expires_at = clock.now() + KEPT_FOR
    session.add(row)


def _standing_at(session: Session, upload: Upload, offset: int) -> Attachment:
    row = queries.find(session, [upload.programme_id], upload.id, lock=True)
    if row is None:
        raise errors.missing()
    if row.received != offset or row.received_at is not None:
        raise Problem(OFFSET_CONFLICT, headers={"Upload-Offset": str(row.received)})
    return row


def _rows(upload: Upload, pieces: Sequence[Piece]) -> list[AttachmentPiece]:
    return [
        AttachmentPiece(programme_id=upload.programme_id, attachment_id=upload.id, start=each.start, length=each.length, name=each.name)
        for each in pieces
    ]


def pieces_of(session: Session, upload: Upload) -> list[Piece]:
    """The pieces that are durable, in their order."""
    return [Piece(each.start, each.length, each.name) for each in queries.pieces(session, upload.programme_id, upload.id)]


def complete(session: Session, scope: Scope, upload: Upload, pieces: Sequence[Piece], whole: Whole) -> None:
    """Have an upload whole with its last pieces; a document's file becomes the file of that document."""
    row = _standing_at(session, upload, pieces[0].start)
    session.add_all(_rows(upload, pieces))
    row.received, row.received_at, row.expires_at, row.salt = row.length, clock.now(), None, token_bytes(crypto.SALT_LENGTH)
    row.sha256, row.type, row.flags = whole.sha256, whole.type, " ".join(whole.flags)
    row.width, row.height = whole.size or (None, None)
    row.thumbnail, row.public = whole.thumbnail, whole.public
    session.add(row)
    commitment = crypto.commit(_place(row.programme_id, row.id, "content"), row.salt, bytes.fromhex(whole.sha256))
    facts = {"length": row.length, "type": whole.type, "flags": list(whole.flags), "copies": list(whole.copies), "commitment": commitment}
    _tell(session, row, EventKind.ATTACHMENT_RECEIVED, **facts)
    if row.document_id is not None:
        session.flush()
        documents.attach(session, scope, row.document_id, row.id)


def refuse(session: Session, upload: Upload, code: str) -> None:
    """Give an upload up that cannot be what it should be."""
    _give_up(session, upload, EventKind.ATTACHMENT_REFUSED, code=code)


def remove(session: Session, scope: Scope, attachment_id: UUID) -> Upload:
    """Give one's own upload up; 409 `already_received` for one that is whole: evidence stays."""
    upload = own(session, scope, attachment_id)
    _give_up(session, upload, EventKind.ATTACHMENT_REMOVED, received=upload.received)
    return upload


def _give_up(session: Session, upload: Upload, kind: EventKind, **facts: object) -> None:
    row = queries.find(session, [upload.programme_id], upload.id, lock=True)
    if row is None:
        raise errors.missing()
    if row.received_at is not None:
        raise Problem(ALREADY_RECEIVED)
    queries.drop_pieces(session, upload.programme_id, upload.id)
    _tell(session, row, kind, **facts)
    session.delete(row)
    session.flush()


def expire(session: Session) -> list[Upload]:
    """Let go of what came of uploads whose rest did not come in time, and what they were: each begins anew when its phone comes back.

    That the file is missing stays known.
    """
    found = []
    for row in queries.expired(session, clock.now(), _EXPIRED_AT_ONCE):
        found.append(upload_of(row))
        queries.drop_pieces(session, row.programme_id, row.id)
        _tell(session, row, EventKind.ATTACHMENT_EXPIRED, received=row.received)
        row.received, row.folder, row.expires_at = 0, token_hex(16), clock.now() + KEPT_FOR
        session.add(row)
    return found


def _tell(session: Session, row: Attachment, kind: EventKind, **facts: object) -> None:
    about = {"observation_id": row.observation_id, "document_id": row.document_id}
    told = {name: str(value) for name, value in about.items() if value is not None}
    of = None if row.observation_id is None else observations.of_member(session, row.programme_id, row.observation_id, row.member_id)
    case_id, hearing_id = (None, None) if of is None else (of.case_id, of.hearing_id)
    journal.record(session, Entry(kind, row.id, row.programme_id, case_id, hearing_id, row.member_id, facts={**told, **facts}))


def showings(session: Session, scope: Scope, row: Attachment) -> list[Entry]:
    """The entry that says who is shown a file; none where one says so already, not long ago. As with narratives."""
    reader = scope.member(row.programme_id, COORDINATOR)
    is_own = reader is None or reader.member_id == row.member_id
    reader_id = row.member_id if reader is None else reader.member_id
    since = clock.now() - (observations.OWN_SHOWN_AGAIN if is_own else observations.SHOWN_AGAIN)
    if journal.was_shown(session, row.programme_id, reader_id, row.id, since):
        return []
    people = observations.people_in(session, row.programme_id, row.observation_id) if row.observation_id is not None else set()
    things = things_of(Thing.ATTACHMENT, [row.id]) | things_of(Thing.PARTICIPANT, people)
    return [Entry(EventKind.ATTACHMENT_SHOWN, ids.new_id(), row.programme_id, showing=Showing(What.ATTACHMENT, reader_id, things))]


def list_attachments(session: Session, scope: Scope, window: Window, asked: Asked) -> Page[AttachmentShown]:
    """A page of what the caller may read, by the time of its creation."""
    if asked.programme_id is not None:
        scope.require(asked.programme_id, COORDINATOR, OBSERVER)
    readable = observations.readable(scope)
    of = f"attachments {asked}"
    found = queries.page(session, (readable.programmes, readable.members), asked, after=window.after(of), limit=window.limit + 1)
    rows, following = window.cut(of, found, lambda last: [clock.stamp(last.created_at), str(last.programme_id), str(last.id)])
    codes = queries.codes_of(session, {row.member_id for row in rows})
    return Page(items=[_shown(row, codes[row.member_id]) for row in rows], next_cursor=following)


def shown(session: Session, row: Attachment) -> AttachmentShown:
    """An attachment without its content and its name."""
    return _shown(row, queries.codes_of(session, [row.member_id])[row.member_id])


def _shown(row: Attachment, sent_by: str) -> AttachmentShown:
    fields = row.model_dump(include=set(AttachmentShown.model_fields) - {"flags"})
    flags: list[Flag] = row.flags.split()  # type: ignore[assignment]
    return AttachmentShown(
        **fields,
        sent_by=sent_by,
        state="incomplete" if row.received_at is None else "complete",
        flags=flags,
        has_thumbnail=row.thumbnail is not None,
        has_copy=row.public is not None,
    )


def is_whole(session: Session, programme_id: UUID, attachment_id: UUID) -> bool:
    """Whether a programme has a whole attachment under an id."""
    row = queries.find(session, [programme_id], attachment_id)
    return row is not None and row.received_at is not None


def counted(session: Session, programmes: Collection[UUID], wanted: Collection[UUID]) -> Mapping[tuple[UUID, UUID], AttachmentsShown]:
    """(programme, observation) -> how many files are expected of it, how many are here, and which ones are missing.

    Those are expected that an answer of the observation names, and those whose uploads were created and not given up.
    """
    found: dict[tuple[UUID, UUID], AttachmentsShown] = {}
    seen: dict[tuple[UUID, UUID], set[UUID]] = {}
    for programme, observation, attachment, received_at in queries.standing(session, programmes, wanted):
        so_far = found.setdefault((programme, observation), AttachmentsShown())
        seen.setdefault((programme, observation), set()).add(attachment)
        so_far.expected += 1
        if received_at is None:
            so_far.missing.append(attachment)
        else:
            so_far.present += 1
    _count_named(session, _named(session, programmes, wanted), seen, found)
    return found


def _named(session: Session, programmes: Collection[UUID], wanted: Collection[UUID]) -> dict[tuple[UUID, UUID, UUID], list[UUID]]:
    """(programme, observation, member) -> the files that answers name, where a form of a programme's own asks for files."""
    rows = queries.own_filings(session, programmes, wanted)
    known = forms.published(session, {(each[0], each[3], each[4]) for each in rows})
    found = {}
    for programme, observation, member, code, version, answers in rows:
        form = known.get((programme, code, version))
        named = [] if form is None else attachments(form, stored_answers(answers, "{}"))
        if named:
            found[programme, observation, member] = [UUID(each) for each in named]
    return found


def _count_named(
    session: Session,
    named: Mapping[tuple[UUID, UUID, UUID], Sequence[UUID]],
    seen: Mapping[tuple[UUID, UUID], Collection[UUID]],
    found: dict[tuple[UUID, UUID], AttachmentsShown],
) -> None:
    """Add the files that are named and were not sent for this observation: they came with a version before it, or are missing."""
    asked = {each for some in named.values() for each in some}
    here = queries.received(session, {programme for programme, _, _ in named}, asked) if asked else set()
    for (programme, observation, member), some in named.items():
        so_far = found.setdefault((programme, observation), AttachmentsShown())
        for each in some:
            if each in seen.get((programme, observation), ()):
                continue
            so_far.expected += 1
            if (each, member) in here:
                so_far.present += 1
            else:
                so_far.missing.append(each)
