"""What coordinators and analysts do with editions: freeze a summary, list what was frozen, read it, and see what changed.

Freezing reads the case in one snapshot and writes in a transaction of its own, for a fold has no place where others wait for the pen.
"""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlmodel import Session

from app.editions import queries
from app.editions.difference import difference
from app.editions.errors import PROVISIONAL
from app.editions.models import Edition, EditionText
from app.editions.schemas import Covered, EditionHead
from app.journal import service as journal
from app.journal.schemas import Entry, EventKind
from app.kit import clock, errors, etags, i18n, ids
from app.kit.access import COORDINATOR, Scope
from app.kit.errors import Fault, Problem
from app.kit.paging import Page
from app.kit.windows import Window
from app.summaries.service import READERS, Asked, Memory, Told, case_standing, case_summary


class Draft(NamedTuple):
    """A case's summary about to be frozen: as JSON by language, and what it was made of, read in one snapshot."""

    programme_id: UUID
    case_id: UUID
    texts: Mapping[str, bytes]
    digest: str
    taxonomy_version: str
    case_revision: int
    journal_size: int
    observations: str

    def is_as(self, edition: Edition) -> bool:
        """Whether an edition says the same already, and says it of the same observations."""
        frozen = edition.digest, edition.taxonomy_version, edition.observations
        return frozen == (self.digest, self.taxonomy_version, self.observations)


class Frozen(NamedTuple):
    """An edition, and whether it was made just now."""

    head: EditionHead
    is_new: bool


def draft(session: Session, scope: Scope, memory: Memory, case_id: UUID, statuses: str) -> Draft:
    """The summary of a case, ready to be frozen; 422 where other observations are to count than accepted ones."""
    standing = case_standing(session, scope, memory, case_id)
    programme_id = standing.state.programme_id
    scope.require(programme_id, COORDINATOR)
    if set(statuses.split(",")) != {Asked().statuses}:
        raise Problem(errors.INVALID_PARAMETER, [Fault("/query/statuses", PROVISIONAL)])
    texts = {each: case_summary(session, scope, memory, case_id, Asked(language=each)).content or b"" for each in i18n.LANGUAGES}
    computed = orjson.loads(texts[i18n.FALLBACK])["computed"]
    roots = queries.roots(session, programme_id, case_id)
    counted = sorted({each.id for each in standing.facts.records.filings})
    return Draft(
        programme_id=programme_id,
        case_id=case_id,
        texts=texts,
        digest=computed["digest"],
        taxonomy_version=computed["taxonomy_version"],
        case_revision=computed["case_revision"],
        journal_size=journal.size(session, programme_id),
        observations=orjson.dumps([[each, roots[each]] for each in counted]).decode(),
    )


def freeze(session: Session, scope: Scope, draft: Draft, root: bytes) -> Frozen:
    """Freeze a draft under the next number, with the root that was signed of what it stands on.

    A case that says the same as its last edition is that edition. So is one that somebody else froze between our reading it and now: of two
    at once, the later state stays.
    """
    member = scope.require(draft.programme_id, COORDINATOR)
    if not queries.lock_case(session, draft.programme_id, draft.case_id):
        raise errors.missing()
    last = queries.latest(session, draft.programme_id, draft.case_id)
    if last is not None and (draft.is_as(last) or last.journal_size > draft.journal_size):
        return Frozen(_head(last, queries.code_of(session, last.programme_id, last.member_id)), is_new=False)
    edition = _edition(draft, root, member.member_id, last.number + 1 if last else 1)
    head = _head(edition, member.code)
    session.add(edition)
    session.flush()
    session.add_all(_text(edition, language, _content(head, edition, summary)) for language, summary in draft.texts.items())
    session.flush()
    facts = {"number": edition.number, "digest": edition.digest}
    journal.record(
        session,
        Entry(EventKind.EDITION_FROZEN, edition.id, edition.programme_id, edition.case_id, actor=member.member_id, facts=facts),
    )
    return Frozen(head, is_new=True)


def list_editions(session: Session, scope: Scope, window: Window, case_id: UUID) -> Page[EditionHead]:
    """The editions of a case by number."""
    programme_id, _ = _case(session, scope, case_id)
    of = f"edition {case_id}"
    position = window.after(of)
    found = queries.page(session, programme_id, case_id, after=position[0] if position else 0, limit=window.limit + 1)
    rows, next_cursor = window.cut(of, found, lambda last: [last[0].number])
    return Page(items=[_head(edition, by) for edition, by in rows], next_cursor=next_cursor)


def read_edition(session: Session, scope: Scope, case_id: UUID, number: int, asked: Asked) -> Told:
    """An edition in one language, byte for byte as it was frozen; 404 for a number that no edition of the case has."""
    programme_id, default = _case(session, scope, case_id)
    found = _found(session, programme_id, case_id, number, asked.language or default)
    etag = f'"{found.sha256}"'
    return Told(etag, found.language, None if etags.has(asked.if_none_match, etag) else found.content.encode())


def edition_difference(session: Session, scope: Scope, case_id: UUID, asked: Asked, *, earlier: int | None, later: int) -> Told:
    """What changed up to an edition since an earlier one, else since the one before it; 422 where there is none before."""
    programme_id, default = _case(session, scope, case_id)
    lang = asked.language or default
    found = _found(session, programme_id, case_id, later, lang)
    since = later - 1 if earlier is None else earlier
    other = queries.text(session, programme_id, case_id, since, lang)
    if other is None:
        raise Problem(errors.INVALID_PARAMETER, [Fault("/query/from", errors.MISSING if earlier is not None else errors.REQUIRED)])
    frozen = [orjson.loads(each.content) for each in (other, found)]
    roots = _roots(session, programme_id, case_id, since, later)
    return Told("", lang, orjson.dumps(difference(*frozen, roots=roots, lang=lang)))


def _case(session: Session, scope: Scope, case_id: UUID) -> tuple[UUID, str]:
    """The programme of a case whose summary the caller may read, and its language."""
    found = queries.case_of(session, scope.programmes(), case_id)
    scope.require(found[0] if found else None, *READERS)
    assert found is not None
    return found


def _found(session: Session, programme_id: UUID, case_id: UUID, number: int, language: str) -> EditionText:
    found = queries.text(session, programme_id, case_id, number, language)
    if found is None:
        raise errors.missing()
    return found


def _roots(session: Session, programme_id: UUID, case_id: UUID, *numbers: int) -> dict[str, str]:
    """Of each observation behind some editions, the first of its corrections, as it was frozen."""
    found = [queries.find(session, programme_id, case_id, number) for number in numbers]
    return {each: root for edition in found if edition is not None for each, root in orjson.loads(edition.observations)}


def _edition(draft: Draft, root: bytes, member_id: UUID, number: int) -> Edition:
    return Edition(
        programme_id=draft.programme_id,
        id=ids.new_id(),
        case_id=draft.case_id,
        number=number,
        digest=draft.digest,
        taxonomy_version=draft.taxonomy_version,
        case_revision=draft.case_revision,
        journal_size=draft.journal_size,
        journal_root=root.hex(),
        observations=draft.observations,
        member_id=member_id,
        frozen_at=clock.now(),
    )


def _head(edition: Edition, by: str) -> EditionHead:
    return EditionHead(
        case_id=edition.case_id,
        number=edition.number,
        digest=edition.digest,
        taxonomy_version=edition.taxonomy_version,
        case_revision=edition.case_revision,
        checkpoint=Covered(log=edition.programme_id, size=edition.journal_size, root=edition.journal_root),
        observations=len(orjson.loads(edition.observations)),
        frozen_at=edition.frozen_at,
        frozen_by=by,
    )


def _content(head: EditionHead, edition: Edition, summary: bytes) -> bytes:
    """The answer in one language; the summary goes in as it is, so that what was read before freezing is what stays."""
    listed = orjson.dumps([each for each, _ in orjson.loads(edition.observations)])
    return b'{"edition":%b,"observations":%b,"summary":%b}' % (head.model_dump_json().encode(), listed, summary)


def _text(edition: Edition, language: str, content: bytes) -> EditionText:
    return EditionText(
        programme_id=edition.programme_id,
        edition_id=edition.id,
        language=language,
        content=content.decode(),
        sha256=hashlib.sha256(content).hexdigest(),
    )
