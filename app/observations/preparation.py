"""One observation made ready before it meets the database: parsed, checked, canonical, with its marks and all that it points to."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from app.kit import errors
from app.kit.clock import moment_of
from app.kit.errors import Fault
from app.kit.ids import parse_id
from app.observations import canonical
from app.observations.errors import INVALID_SUPERSEDES, UNKNOWN_FORM_VERSION
from app.taxonomy import catalogue, rules
from app.taxonomy.rules import EmittedMark, Reference
from app.taxonomy.schemas import CustomObservation, ObservationBody

SKEW_SECONDS = 24 * 3600
CUSTOM = "custom"


@dataclass(slots=True)
class Prepared:
    """An observation that is in order by itself; what it points to is not looked up yet. Ids are texts of 36 small characters."""

    id: str
    form: str
    form_code: str | None
    form_version: str
    case_id: str
    hearing_id: str | None
    captured_at: str
    captured: datetime
    supersedes: str | None
    answers: str
    narrative: str
    answers_salt: bytes
    narrative_salt: bytes
    content_mac: bytes
    marks: tuple[EmittedMark, ...]
    references: tuple[Reference, ...]
    held_code: str | None
    body: ObservationBody
    sent: Mapping[str, Any]
    """The answers as they came, by question."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An observation with faults; nothing of it is kept. The id is shown back where it is one."""

    id: str | None
    faults: tuple[Fault, ...]


def prepare(value: Any, *, key: bytes, today: date) -> Prepared | Refused:
    """Make an observation ready, or say all that is wrong with it.

    `value` is strictly parsed JSON; `key` recognises equal content; `today` is the last day that is not the future.
    """
    body, faults = rules.parse_observation(value)
    if body is None:
        return Refused(_id_of(value), tuple(faults))
    if body.supersedes is not None and body.supersedes == body.id:
        return Refused(body.id, (Fault("/supersedes", INVALID_SUPERSEDES),))
    answers = _answers_of(body, value)
    form = form_of(body.form, body.form_version)  # type: ignore[attr-defined]
    return _made(body, answers, None, key) if form is None else _checked(body, answers, form, key, today)


def under(prepared: Prepared, form: catalogue.Form, *, key: bytes, today: date) -> Prepared | Refused:
    """An observation of which nobody could say what it means, ready anew under a form that is known now."""
    return _checked(prepared.body, prepared.sent, form, key, today)


def mac_without_form(prepared: Prepared, key: bytes) -> bytes:
    """What recognised the same content before its form was known here: then all of it was kept as narrative, as it came."""
    return canonical.content_mac(key, *_texts(fields_of(prepared.body), prepared.sent, None)[1:])


def last_day(now: datetime) -> date:
    """The last day that is not the future: one that has begun anywhere on earth."""
    return (now + timedelta(hours=14)).date()


def _checked(body: ObservationBody, answers: Mapping[str, Any], form: catalogue.Form, key: bytes, today: date) -> Prepared | Refused:
    found = rules.check_answers(form, answers, hearing_id=body.hearing_id, today=today)
    return Refused(body.id, tuple(found)) if found else _made(body, answers, form, key)


def form_of(form: str, version: str) -> catalogue.Form | None:
    """A core form in a version that was ever shipped; None for others."""
    taxonomy = catalogue.version(version)
    return taxonomy.forms.get(form) if taxonomy is not None else None


def _id_of(value: Any) -> str | None:
    given = value.get("id") if isinstance(value, dict) else None
    return given.lower() if isinstance(given, str) and parse_id(given) else None


def _answers_of(body: ObservationBody, value: Any) -> dict[str, Any]:
    if isinstance(body, CustomObservation):
        return rules.custom_answers(body)
    answers: dict[str, Any] = value["answers"]
    return answers


def _texts(fields: dict[str, Any], answers: Mapping[str, Any], form: catalogue.Form | None) -> tuple[dict[str, Any], str, str]:
    """The answers as they are kept, and the two columns: what is open, and what is narrative."""
    kept = rules.clean_answers(form, answers)
    open_, narrative = rules.split_answers(form, kept)
    write = canonical.canonical if form is None else canonical.simple
    return kept, write({**fields, "answers": open_}), write(narrative)


def _made(body: ObservationBody, answers: Mapping[str, Any], form: catalogue.Form | None, key: bytes) -> Prepared:
    fields = fields_of(body)
    kept, text, told = _texts(fields, answers, form)
    salts = secrets.token_bytes(2 * canonical.SALT_LENGTH)
    return Prepared(
        id=body.id,
        form=fields["form"],
        form_code=fields.get("form_code"),
        form_version=body.form_version,
        case_id=body.case_id,
        hearing_id=body.hearing_id,
        captured_at=body.captured_at,
        captured=moment_of(body.captured_at) or datetime.min,  # noqa: DTZ901 - a claimed time was checked before
        supersedes=body.supersedes,
        answers=text,
        narrative=told,
        answers_salt=salts[: canonical.SALT_LENGTH],
        narrative_salt=salts[canonical.SALT_LENGTH :],
        content_mac=canonical.content_mac(key, text, told),
        marks=tuple(rules.emit_marks(form, kept)) if form else (),
        references=tuple(rules.references(form, kept)) if form else (),
        held_code=None if form else UNKNOWN_FORM_VERSION,
        body=body,
        sent=answers,
    )


def fields_of(body: ObservationBody) -> dict[str, Any]:
    """What stands around the answers in the canonical form; ids become text in JSON."""
    fields: dict[str, Any] = {
        "form": body.form,  # type: ignore[attr-defined]
        "version": body.form_version,
        "case": body.case_id,
        "hearing": body.hearing_id,
        "captured_at": body.captured_at,
        "supersedes": body.supersedes,
    }
    if isinstance(body, CustomObservation):
        fields["form_code"] = body.form_code
    return fields


def stored_answers(answers: str, narrative: str) -> dict[str, Any]:
    """The answers of a stored observation, put together again from its two columns."""
    found: dict[str, Any] = orjson.loads(answers)["answers"]
    return {**found, **orjson.loads(narrative)}


def missing_reference(reference: Reference) -> Fault:
    """The fault of an answer that points to nothing of the case."""
    return Fault(reference.pointer, errors.MISSING)
