"""What coordinators and analysts do with official statistics: type them off a page, and read what follows from them."""

import re
from uuid import UUID

import orjson
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.cases.documents.service import DOCUMENTS
from app.journal import service as journal
from app.journal.schemas import Entry, EventKind
from app.kit import clock, errors, etags
from app.kit.access import COORDINATOR, Scope
from app.kit.database import violated
from app.kit.errors import STALE_VERSION, Problem
from app.statistics import queries
from app.statistics.models import OfficialStatistics
from app.statistics.schemas import Statistics
from app.statistics.shown import NOTHING, content_of, digest_of, statistics_of
from app.statistics.soundness import faults_in
from app.summaries.service import Asked, Memory, Told, programme_standing

DOCUMENT = "/source/document_id"
_AS_READ = re.compile(r'"(\d+)\.[^"]*"')


def read_statistics(session: Session, scope: Scope, memory: Memory, programme_id: UUID, asked: Asked) -> Told:
    """A programme's statistics with all that follows, for coordinators and analysts. Where none were entered they are empty, version 0."""
    standing = programme_standing(session, scope, memory, programme_id)
    row = queries.find(session, programme_id)
    version, language = row.version if row else 0, asked.language or standing.language
    # The journal's size stands for everything that was observed; the days of announced hearings change coverage only.
    etag = f'"{version}.{standing.version.size}-{memory.taxonomy.version}-{language}"'
    if etags.has(asked.if_none_match, etag):
        return Told(etag, language, None)
    statistics = Statistics.model_validate_json(row.content) if row else NOTHING
    content = memory.answers.take(
        ("statistics", programme_id, etag), lambda: orjson.dumps(statistics_of(statistics, version, standing.facts(), language))
    )
    return Told(etag, language, content)


def replace_statistics(session: Session, scope: Scope, programme_id: UUID, statistics: Statistics, if_match: str | None) -> None:
    """Put statistics in place of what was there; the same again changes nothing, no version and no journal.

    422 with every name that leads nowhere, 404 at the document where it is not the programme's, 409 `stale_version`.
    """
    member = scope.require(programme_id, COORDINATOR)
    if faults := faults_in(statistics):
        raise errors.invalid(*faults)
    document_id = statistics.source.document_id if statistics.source else None
    if document_id is not None:
        DOCUMENTS.within(session, programme_id, document_id, DOCUMENT)
    row = queries.find(session, programme_id, lock=True) or OfficialStatistics(
        programme_id=programme_id, version=0, content="", changed_at=clock.now()
    )
    _check(if_match, row.version)
    content = content_of(statistics)
    if content != row.content:
        row.version, row.content, row.source_document_id, row.changed_at = row.version + 1, content, document_id, clock.now()
        _store(session, row)
        facts = {"version": row.version, "digest": digest_of(content)}
        journal.record(session, Entry(EventKind.STATISTICS_REPLACED, programme_id, programme_id, actor=member.member_id, facts=facts))


def _check(if_match: str | None, version: int) -> None:
    """The tag of an answer begins with the version of the statistics; what was observed since is no reason to refuse."""
    etags.check(_AS_READ.sub(r'"\1"', if_match) if if_match is not None else None, version)


def _store(session: Session, row: OfficialStatistics) -> None:
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        if violated(error).startswith("fk"):
            raise errors.missing(DOCUMENT) from None
        # Two coordinators were first at once; the other one's stands.
        raise Problem(STALE_VERSION, facts={"current_version": 1}) from None
