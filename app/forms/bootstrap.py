"""What a phone is given before it goes where there is no network: its owner's cases, and every form with its vocabularies."""

import gzip
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel
from sqlmodel import Session

from app.accounts import service as accounts
from app.cases.models import Assignment, Case, Court, Document, Hearing, Participant
from app.forms import queries, service
from app.forms.schemas import (
    AssignmentOnPhone,
    CaseOnPhone,
    CourtOnPhone,
    DocumentOnPhone,
    HearingOnPhone,
    MemberOnPhone,
    ParticipantOnPhone,
    Told,
)
from app.journal.exposures import Seen, things_in
from app.kit import errors, etags
from app.kit.access import COORDINATOR, OBSERVER, Membership, Scope
from app.kit.errors import Fault, Problem
from app.taxonomy import service as taxonomy
from app.taxonomy.catalogue import Vocabulary, current

_OF_PARTS = ("participant_role", "count_subject", "observation_value", "observation_basis", "fact_aspect")
"""Vocabularies that parts of structured answers choose from, and no question by name."""


_NAMED = ("cases", "hearings", "participants", "documents")


@dataclass(frozen=True, slots=True)
class Package:
    """A phone's package: its tag, and its bytes, unless the phone has them already; and whom and what it names to whom."""

    etag: str
    content: bytes | None
    seen: Seen

    def packed(self) -> bytes:
        """The bytes under gzip: the same each time for the same content."""
        return gzip.compress(self.content or b"", 6, mtime=0)


def bootstrap(session: Session, scope: Scope, programme_id: UUID | None, language: str | None, if_none_match: str | None) -> Package:
    """The package of a caller in one programme; 404 and 403 as everywhere, 422 where it must be said which programme is meant."""
    member = _membership(scope, programme_id)
    programme = accounts.programme_of(session, member.programme_id)
    told = {
        "programme": programme.model_dump(mode="json"),
        "member": _member(session, member),
        **_monitored(session, scope, member),
        **_words(session, member.programme_id, language or programme.default_language),
    }
    content = orjson.dumps(told)
    # A weak tag: the same content may travel packed or not.
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    named = things_in({kind: [each["id"] for each in told[kind]] for kind in _NAMED})
    seen = Seen(member.programme_id, member.member_id, scope.device_id, named)
    return Package(etag, None if etags.has(if_none_match, etag.removeprefix("W/")) else content, seen)


def _membership(scope: Scope, programme_id: UUID | None) -> Membership:
    """The membership under which a phone works, the wider one first; where there is only one programme, it need not be named."""
    if programme_id is None:
        mine = scope.programmes(COORDINATOR, OBSERVER)
        if not mine:
            raise Problem(errors.FORBIDDEN)
        if len(mine) > 1:
            raise Problem(errors.INVALID_PARAMETER, [Fault("/query/programme_id", errors.REQUIRED)])
        programme_id = mine[0]
    found = scope.require(programme_id, COORDINATOR, OBSERVER)
    scope.demand_device(found.programme_id)
    return found


def _member(session: Session, member: Membership) -> Told:
    found = accounts.member_by_id(session, member.programme_id, member.member_id)
    languages = found.languages if found else {}
    return MemberOnPhone(id=member.member_id, code=member.code, role=member.role, languages=languages).model_dump(mode="json")


def _monitored(session: Session, scope: Scope, member: Membership) -> Told:
    """The cases to which the caller is assigned by any of her memberships, and every open one where she coordinates."""
    programme = member.programme_id
    mine = [each.member_id for each in scope.memberships if each.programme_id == programme]
    assigned = queries.assignments_of(session, programme, mine)
    whole = {each.case_id for each in assigned if each.case_id is not None}
    whole |= queries.open_cases(session, programme) if member.role == COORDINATOR else set()
    cases = queries.by_ids(session, Case, programme, whole | {each.in_case_id for each in assigned})
    in_part = {each.hearing_id for each in assigned}
    hearings = [each for each in queries.of_cases(session, Hearing, programme, _ids(cases)) if each.case_id in whole or each.id in in_part]
    return {**_places(session, programme, cases, hearings), **_around(session, programme, _ids(cases), assigned)}


def _ids(rows: Iterable[Case]) -> set[UUID]:
    return {each.id for each in rows}


def _places(session: Session, programme: UUID, cases: Sequence[Case], hearings: Sequence[Hearing]) -> Told:
    courts = {each.court_id for each in cases} | {each.court_id for each in hearings if each.court_id is not None}
    return {
        "courts": _shown(CourtOnPhone, queries.by_ids(session, Court, programme, courts)),
        "cases": _shown(CaseOnPhone, cases),
        "hearings": _shown(HearingOnPhone, sorted(hearings, key=lambda each: (each.date, each.code_key, each.id))),
    }


def _around(session: Session, programme: UUID, cases: Collection[UUID], assigned: Sequence[Assignment]) -> Told:
    documents = [*queries.of_cases(session, Document, programme, cases), *queries.of_no_case(session, programme)]
    return {
        "assignments": _shown(AssignmentOnPhone, assigned),
        "participants": _people(session, programme, cases),
        "documents": _shown(DocumentOnPhone, documents),
    }


def _shown(model: type[BaseModel], rows: Iterable[Any]) -> list[Told]:
    return [model.model_validate(row).model_dump(mode="json") for row in rows]


def _people(session: Session, programme: UUID, cases: Collection[UUID]) -> list[Told]:
    people = queries.of_cases(session, Participant, programme, cases)
    merged = {each.id: each.merged_into for each in people if each.merged_into is not None}
    roles: dict[UUID, list[str]] = {}
    for participant, role in queries.contested_roles(session, programme, cases):
        roles.setdefault(participant, []).append(role)
    return [_person(each, roles.get(each.id, []), _last(each.id, merged)).model_dump(mode="json") for each in people]


def _person(row: Participant, roles: Iterable[str], merged_into: UUID | None) -> ParticipantOnPhone:
    plain = row.model_dump(include={"id", "case_id", "code", "role", "stands_for"})
    return ParticipantOnPhone(**plain, roles=list(dict.fromkeys(roles)), merged_into=merged_into)


def _last(participant: UUID, merged: Mapping[UUID, UUID]) -> UUID | None:
    """The end of a chain of merges; a loop is refused where merges are made."""
    found = participant
    while found in merged:
        found = merged[found]
    return found if participant in merged else None


def _words(session: Session, programme: UUID, language: str) -> Told:
    newest = current()
    core = [orjson.Fragment(taxonomy.form_json(code, newest.version, language)) for code in newest.forms]
    own = service.newest(session, programme, language)
    lists = {each["code"]: [_own_term(term) for term in each["terms"]] for form in own for each in form["vocabularies"]}
    chosen = {question["choices"] for form in own for section in form["sections"] for question in section["questions"]}
    lists |= {code: _terms(newest.vocabularies[code]) for code in chosen & newest.vocabularies.keys() - _chosen()}
    return {
        "taxonomy_version": newest.version,
        "forms": [*core, *own],
        **_said(),
        "vocabularies": {**_vocabularies(), **{code: lists[code] for code in sorted(lists)}},
    }


def _own_term(term: Told) -> Told:
    return {"code": term["code"], "label": term["labels"]}


@cache
def _vocabularies() -> Told:
    """What core forms choose from, ready to be sent."""
    newest = current()
    return {code: orjson.Fragment(orjson.dumps(_terms(newest.vocabularies[code]))) for code in sorted(_chosen())}


@cache
def _said() -> Told:
    newest = current()
    indicators = [
        {**_term(each), "right": each.right, "applies_to": each.applies_to, "kind": each.kind, "polarity": each.polarity}
        for each in newest.indicators.values()
        if not each.derived
    ]
    return {
        "indicators": orjson.Fragment(orjson.dumps(indicators)),
        "rights": orjson.Fragment(orjson.dumps([_term(each) for each in newest.rights.values()])),
    }


@cache
def _chosen() -> frozenset[str]:
    asked = (question.choices for form in current().forms.values() for question in form.questions.values())
    return frozenset({*_OF_PARTS, *(each for each in asked if each is not None)})


def _terms(vocabulary: Vocabulary) -> list[Told]:
    return [_term(term) for term in vocabulary.values()]


def _term(term: Any) -> Told:
    return {"code": term.code, "label": dict(term.labels)}
