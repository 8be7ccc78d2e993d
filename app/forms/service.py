"""A programme's own forms: written as drafts, published for good, given to its members."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.forms import queries, rules
from app.forms.definition import FormWritten
from app.forms.errors import FORM_PUBLISHED
from app.forms.models import ProgrammeForm
from app.forms.schemas import OwnFormListed, OwnFormShown
from app.forms.xlsform import Imported
from app.journal import service as journal
from app.journal.schemas import Entry, EventKind
from app.kit import clock, errors, i18n, ids
from app.kit.access import COORDINATOR, Scope
from app.kit.errors import Fault, Problem
from app.kit.paging import Page
from app.kit.windows import Window
from app.taxonomy import service as taxonomy
from app.taxonomy.catalogue import Form, current, own_form, version
from app.taxonomy.shown import FormShown

MOST_FORMS = 100
MOST_VERSIONS = 500
_LIST = "own forms"
Wanted = tuple[UUID, str, str]
"""Programme, code and version of an own form."""


class Own(NamedTuple):
    """An own form as answers are checked by it, and as it is kept."""

    form: Form
    raw: Mapping[str, Any]


@lru_cache(maxsize=500)
def _built(definition: str, number: str) -> Own:
    """The form that a kept definition means: the same value for the same text, so that what is found out about it is found out once."""
    raw = orjson.loads(definition)
    return Own(own_form(raw, number, version(raw["taxonomy_version"]) or current()), raw)


def _of(row: ProgrammeForm) -> Own:
    return _built(row.definition, row.version)


def write_draft(session: Session, scope: Scope, programme_id: UUID, written: FormWritten) -> tuple[OwnFormShown, bool]:
    """Keep a draft, and whether it is new: the same code and version replace an earlier draft.

    422 with the place of each fault, 409 `form_published` for a version that observers may have filled already.
    """
    member = scope.require(programme_id, COORDINATOR)
    raw = checked(written)
    earlier = queries.versions_of(session, programme_id, written.code)
    number = written.version or _next(each.version for each in earlier)
    found = _draft(session, programme_id, written.code, number)
    _demand_types(raw, earlier)
    if found is None:
        _demand_room(session, programme_id, written.code, earlier)
    row = found or ProgrammeForm(**_born(programme_id), code=written.code, version=number, **_written(raw, member.member_id))
    row.sqlmodel_update(_written(raw, member.member_id))
    session.add(row)
    _flush(session)
    _note(session, EventKind.FORM_DRAFTED, row, member.member_id)
    return _shown(session, row), found is None


def write_imported(session: Session, scope: Scope, programme_id: UUID, imported: Imported) -> tuple[OwnFormShown, bool]:
    """Keep a draft that was read from a workbook. As with any other, but that faults are told of its cells."""
    with imported.at_its_cells():
        return write_draft(session, scope, programme_id, imported.form)


def _draft(session: Session, programme_id: UUID, code: str, number: str) -> ProgrammeForm | None:
    """The draft that stands under a code and version; 409 where it is a draft no more."""
    row = queries.find_form(session, programme_id, code, number, lock=True)
    if row is not None and row.published_at is not None:
        raise Problem(FORM_PUBLISHED)
    return row


def _born(programme_id: UUID) -> dict[str, Any]:
    return {"programme_id": programme_id, "id": ids.new_id()}


def _written(raw: Mapping[str, Any], member_id: UUID) -> dict[str, Any]:
    """The columns that a draft has from its last writing."""
    definition = orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)
    digest = hashlib.sha256(definition).hexdigest()
    return {"definition": definition.decode(), "digest": digest, "written_by": member_id, "written_at": clock.now()}


def checked(written: FormWritten) -> dict[str, Any]:
    """A form in the shape in which it is kept; 422 with the place of each fault."""
    faults = rules.faults_of(written, current())
    if faults:
        raise errors.invalid(*faults)
    return rules.raw_of(written, current())


def _next(versions: Iterable[str]) -> str:
    """The whole number after the largest there is."""
    return str(1 + max((int(each) for each in versions if each.isascii() and each.isdecimal() and len(each) < 10), default=0))  # noqa: PLR2004


def _demand_types(raw: Mapping[str, Any], versions: Iterable[ProgrammeForm]) -> None:
    faults = rules.changed_types(raw, [_of(each).raw for each in versions if each.published_at is not None], current())
    if faults:
        raise errors.invalid(*faults)


def _demand_room(session: Session, programme_id: UUID, code: str, versions: Sequence[ProgrammeForm]) -> None:
    known = queries.codes_of(session, programme_id)
    if len(versions) >= MOST_VERSIONS or (code not in known and len(known) >= MOST_FORMS):
        raise errors.invalid(Fault("/version" if code in known else "/code", errors.TOO_MANY_ITEMS))


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError:
        # Two drafts of one version at the same time: the second learns that somebody changed it meanwhile.
        raise Problem(errors.STALE_VERSION) from None


def publish(session: Session, scope: Scope, programme_id: UUID, code: str, number: str) -> OwnFormShown:
    """Publish a draft: from now on it is filled, and never changes. Publishing it again changes nothing."""
    member = scope.require(programme_id, COORDINATOR)
    row = _existing(session, programme_id, code, number, lock=True)
    if row.published_at is None:
        _demand_types(_of(row).raw, queries.versions_of(session, programme_id, code))
        row.published_by, row.published_at = member.member_id, clock.now()
        session.add(row)
        session.flush()
        _note(session, EventKind.FORM_PUBLISHED, row, member.member_id)
    return _shown(session, row)


def delete_draft(session: Session, scope: Scope, programme_id: UUID, code: str, number: str) -> None:
    """Delete a draft; 409 `form_published` for what is published."""
    member = scope.require(programme_id, COORDINATOR)
    row = _draft(session, programme_id, code, number)
    if row is None:
        raise errors.missing()
    session.delete(row)
    session.flush()
    _note(session, EventKind.FORM_DELETED, row, member.member_id)


def _existing(session: Session, programme_id: UUID, code: str, number: str, *, lock: bool = False) -> ProgrammeForm:
    row = queries.find_form(session, programme_id, code, number, lock=lock)
    if row is None:
        raise errors.missing()
    return row


def _note(session: Session, kind: EventKind, row: ProgrammeForm, actor: UUID) -> None:
    facts = {"form": row.code, "form_version": row.version, "digest": row.digest}
    journal.record(session, Entry(kind, row.id, log=row.programme_id, actor=actor, facts=facts))


def show(session: Session, scope: Scope, programme_id: UUID, code: str, number: str) -> OwnFormShown:
    """A version of an own form, a draft too."""
    scope.require(programme_id, COORDINATOR)
    return _shown(session, _existing(session, programme_id, code, number))


def list_own(session: Session, scope: Scope, window: Window, programme_id: UUID) -> Page[OwnFormListed]:
    """Every version of a programme's own forms, drafts included, in the order in which they were begun."""
    scope.require(programme_id, COORDINATOR)
    name = f"{_LIST} {programme_id}"
    position = window.after(name)
    found = queries.forms_after(session, programme_id, UUID(position[0]) if position else None, window.limit + 1)
    shown, cursor = window.cut(name, found, lambda each: [str(each[0].id)])
    return Page(items=[_listed(*each) for each in shown], next_cursor=cursor)


def _listed(row: ProgrammeForm, wrote: str, published: str | None) -> OwnFormListed:
    own = _of(row)
    return OwnFormListed(
        **row.model_dump(include={"id", "programme_id", "code", "version", "written_at", "published_at", "digest"}),
        label=i18n.label(own.form.labels),
        labels=dict(own.form.labels),
        opened_from=own.raw["opened_from"],
        status="draft" if row.published_at is None else "published",
        questions=len(own.form.questions),
        written_by=wrote,
        published_by=published,
    )


def _shown(session: Session, row: ProgrammeForm) -> OwnFormShown:
    codes = queries.codes_of_members(session, row.programme_id, {each for each in (row.written_by, row.published_by) if each})
    listed = _listed(row, codes[row.written_by], codes.get(row.published_by) if row.published_by else None)
    form = FormShown.model_validate(_served(row, i18n.current_language.get()))
    return OwnFormShown(**listed.model_dump(), form=form)


def _served(row: ProgrammeForm, language: str) -> dict[str, Any]:
    """A version as phones are shown it."""
    own = _of(row)
    return {**taxonomy.own_form_shown(own.form, own.raw, language), "programme_id": row.programme_id}


def newest(session: Session, programme_id: UUID, language: str) -> list[dict[str, Any]]:
    """A programme's own forms, each in the version that was published last, as phones are shown them."""
    last = {row.code: row for row in queries.published_forms(session, [programme_id])}
    return [_served(last[code], language) for code in sorted(last)]


def list_forms(session: Session, scope: Scope, language: str) -> bytes:
    """The core forms, and the own ones of the caller's programmes, each in its newest version, as JSON (`FormList`)."""
    own = _own_heads(session, scope.programmes(), language)
    return orjson.dumps({"items": [*taxonomy.core_forms(language), *own], "next_cursor": None})


def _own_heads(session: Session, programmes: Sequence[UUID], language: str) -> list[dict[str, Any]]:
    by_form: dict[tuple[str, UUID], list[ProgrammeForm]] = {}
    for row in queries.published_forms(session, programmes) if programmes else ():
        by_form.setdefault((row.code, row.programme_id), []).append(row)
    found = []
    for (_, programme), rows in sorted(by_form.items()):
        own = _of(rows[-1])
        head = taxonomy.own_form_head(own.form, own.raw, language)
        found.append({**head, "programme_id": programme, "versions": [each.version for each in rows]})
    return found


def form_json(session: Session, scope: Scope, asked: tuple[str, str, UUID | None], language: str) -> bytes:
    """A form in one version as JSON (`FormShown`): a core one, or a published one of the caller's programmes.

    `asked` is code, version and, where the caller's programmes have several of that name, the programme.
    """
    code, number, programme_id = asked
    mine = [each for each in scope.programmes() if programme_id in (None, each)]
    if programme_id is not None and not mine:
        raise errors.missing()
    if not code.startswith("x_"):
        return taxonomy.form_json(code, number, language)
    rows = [each for each in queries.published_forms(session, mine, [code]) if each.version == number] if mine else []
    if not rows:
        raise errors.missing()
    if len(rows) > 1:
        raise Problem(errors.INVALID_PARAMETER, [Fault("/query/programme_id", errors.REQUIRED)])
    return orjson.dumps(_served(rows[0], language))


def published(session: Session, wanted: Collection[Wanted]) -> dict[Wanted, Form]:
    """The forms that answers are checked by, of those that are published."""
    if not wanted:
        return {}
    rows = queries.published_forms(session, {each[0] for each in wanted}, {each[1] for each in wanted})
    found = {(row.programme_id, row.code, row.version): row for row in rows}
    return {each: _of(found[each]).form for each in wanted if each in found}
