"""Every SQL statement of attachments."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.models import Member
from app.evidence.models import Attachment, AttachmentPiece
from app.kit.database import as_id, fetch_among, is_sqlite
from app.observations.models import Observation


class Asked(NamedTuple):
    """Which attachments a list asks for; None asks for any."""

    programme_id: UUID | None = None
    observation_id: UUID | None = None
    document_id: UUID | None = None
    is_complete: bool | None = None


def find(session: Session, programmes: Collection[UUID], attachment_id: UUID, *, lock: bool = False) -> Attachment | None:
    """An attachment of one of the programmes; `lock` keeps others from changing it until the transaction ends."""
    query = select(Attachment).where(col(Attachment.programme_id).in_(programmes), Attachment.id == attachment_id)
    # The weaker lock lets whoever deletes a document look meanwhile whether this is its file.
    return session.exec(query.with_for_update(key_share=True) if lock and not is_sqlite(session.connection()) else query).first()


def count(session: Session, programme_id: UUID, member_id: UUID, observation_id: UUID | None, document_id: UUID | None) -> int:
    """How many attachments a document has, or a member's observation, those that are not whole yet included.

    What somebody else sent under the id of an observation takes no room from its own.
    """
    query = select(sa.func.count()).select_from(Attachment).where(Attachment.programme_id == programme_id)
    if observation_id is None:
        return session.exec(query.where(Attachment.document_id == document_id)).one()
    return session.exec(query.where(Attachment.observation_id == observation_id, Attachment.member_id == member_id)).one()


def pieces(session: Session, programme_id: UUID, attachment_id: UUID) -> Sequence[AttachmentPiece]:
    """The pieces of an upload in their order."""
    query = select(AttachmentPiece).where(AttachmentPiece.programme_id == programme_id, AttachmentPiece.attachment_id == attachment_id)
    return session.exec(query.order_by(col(AttachmentPiece.start))).all()


def drop_pieces(session: Session, programme_id: UUID, attachment_id: UUID) -> None:
    """Forget the pieces of an upload."""
    mine = sa.and_(col(AttachmentPiece.programme_id) == programme_id, col(AttachmentPiece.attachment_id) == attachment_id)
    session.connection().execute(sa.delete(AttachmentPiece).where(mine))


def names(session: Session) -> set[str]:
    """Every name under which something lies that belongs to a file."""
    columns = (col(AttachmentPiece.name), col(Attachment.thumbnail), col(Attachment.public))
    found = sa.union_all(*(sa.select(column).where(column.is_not(None)) for column in columns))
    return {str(name) for name in session.connection().execute(found).scalars()}


def sizes(session: Session, programme_id: UUID, member_id: UUID, since: datetime) -> tuple[int, int]:
    """How many bytes a programme holds or waits for, and how many of them one member began to send since a moment."""
    lately = sa.and_(col(Attachment.member_id) == member_id, col(Attachment.created_at) > since)
    summed = [sa.func.sum(col(Attachment.length)), sa.func.sum(sa.case((lately, col(Attachment.length)), else_=0))]
    whole, mine = session.connection().execute(sa.select(*summed).where(col(Attachment.programme_id) == programme_id)).one()
    return int(whole or 0), int(mine or 0)


def expired(session: Session, now: datetime, limit: int) -> Sequence[Attachment]:
    """Uploads of which something came, and the rest did not in time; held until the transaction ends."""
    due = (col(Attachment.expires_at) <= now, col(Attachment.received_at).is_(None), col(Attachment.received) > 0)
    query = select(Attachment).where(*due).limit(limit)
    return session.exec(query if is_sqlite(session.connection()) else query.with_for_update(skip_locked=True)).all()


def standing(
    session: Session, programmes: Iterable[UUID], observations: Iterable[UUID]
) -> Sequence[tuple[UUID, UUID, UUID, datetime | None]]:
    """(programme, observation, attachment, when it was whole) of every attachment of some observations, by the time of its creation.

    What somebody else sent under the id of an observation is none of it.
    """
    same = sa.and_(
        col(Observation.programme_id) == col(Attachment.programme_id),
        col(Observation.id) == col(Attachment.observation_id),
        col(Observation.member_id) == col(Attachment.member_id),
    )
    columns = (col(Attachment.programme_id), col(Attachment.observation_id), col(Attachment.id), col(Attachment.received_at))
    wanted = (col(Attachment.programme_id).in_(list(programmes)), col(Attachment.observation_id).in_(list(observations)))
    query = sa.select(*columns).join(Observation, same).where(*wanted)
    found = session.connection().execute(query.order_by(col(Attachment.created_at), col(Attachment.id)))
    return [(each[0], each[1], each[2], each[3]) for each in found if each[1] is not None]


def own_filings(session: Session, programmes: Iterable[UUID], observations: Iterable[UUID]) -> Sequence[Any]:
    """(programme, observation, member, form, version, answers) of those that were filled by a programme's own form."""
    version = sa.func.coalesce(Observation.read_as, Observation.form_version)
    columns = (col(Observation.programme_id), col(Observation.id), col(Observation.member_id), col(Observation.form_code), version)
    query = sa.select(*columns, col(Observation.answers)).where(col(Observation.form_code).is_not(None))
    mine = (col(Observation.programme_id).in_(list(programmes)), col(Observation.id).in_(list(observations)))
    return session.connection().execute(query.where(*mine)).all()


def received(session: Session, programmes: Iterable[UUID], wanted: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """(attachment, member) of those attachments that are whole, out of some, of which there may be any number; with who sent each."""
    statement = "SELECT id, member_id FROM attachment WHERE programme_id AMONG AND id AMONG AND received_at IS NOT NULL"
    return {(as_id(each[0]), as_id(each[1])) for each in fetch_among(session, statement, programmes, wanted)}


def page(
    session: Session, readable: tuple[Collection[UUID], Collection[UUID]], asked: Asked, *, after: Sequence[str] | None, limit: int
) -> Sequence[Attachment]:
    """Attachments of some programmes and some members by the time of their creation, from behind a position on.

    Those of an observation are its own: what somebody else sent under its id is shown to nobody but its sender.
    """
    programmes, members = readable
    query = select(Attachment).where(sa.or_(col(Attachment.programme_id).in_(programmes), col(Attachment.member_id).in_(members)))
    query = query.where(*_filters(asked))
    if asked.observation_id is not None:
        query = query.where(sa.or_(col(Attachment.member_id).in_(members), ~_is_under_anothers()))
    order = (col(Attachment.created_at), col(Attachment.programme_id), col(Attachment.id))
    if after is not None:
        position = (datetime.fromisoformat(after[0]), UUID(after[1]), UUID(after[2]))
        behind = [sa.literal(value, column.type) for column, value in zip(_columns(), position, strict=True)]
        query = query.where(sa.tuple_(*order) > sa.tuple_(*behind))
    return session.exec(query.order_by(*order).limit(limit)).all()


def codes_of(session: Session, members: Collection[UUID]) -> dict[UUID, str]:
    """The codes of members, by their ids."""
    return dict(session.exec(select(Member.id, Member.code).where(col(Member.id).in_(members))).all())


def _is_under_anothers() -> Any:
    """That an attachment came under the id of an observation which another member filed."""
    same = sa.and_(col(Observation.programme_id) == col(Attachment.programme_id), col(Observation.id) == col(Attachment.observation_id))
    return sa.exists().where(same, col(Observation.member_id) != col(Attachment.member_id))


def _columns() -> tuple[Any, ...]:
    table: Any = Attachment.__table__  # type: ignore[attr-defined]
    return table.c.created_at, table.c.programme_id, table.c.id


def _filters(asked: Asked) -> list[Any]:
    equal = [
        (col(Attachment.programme_id), asked.programme_id),
        (col(Attachment.observation_id), asked.observation_id),
        (col(Attachment.document_id), asked.document_id),
    ]
    found: list[Any] = [column == value for column, value in equal if value is not None]
    if asked.is_complete is not None:
        received = col(Attachment.received_at)
        found.append(received.is_not(None) if asked.is_complete else received.is_(None))
    return found
