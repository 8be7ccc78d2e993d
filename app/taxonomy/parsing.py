"""One observation as it was sent, made into its typed body, or into the list of all that is wrong with it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

import orjson
from pydantic import ValidationError

from app.kit import errors
from app.kit.errors import Fault, pointer
from app.kit.wire import clean_text, faults_of, reduce_faults
from app.taxonomy.catalogue import current
from app.taxonomy.checking import check_answers
from app.taxonomy.schemas import CORE_BODIES, CustomObservation, Envelope, ObservationBody
from app.taxonomy.sheet import is_field_name

_POINTING = frozenset({"/case_id", "/hearing_id", "/supersedes"})
_ANSWERS = "/answers"


def parse_observation(value: Any) -> tuple[ObservationBody | None, list[Fault]]:
    """The body of one observation, or None with its faults (pointers from the root of the body).

    `value` is JSON that `kit.wire.parse` let through. A core form comes back as an `Envelope`, and `check_answers` must be asked about its
    answers; of another version than the newest the caller decides whether it is known. Where something is wrong around the answers of the
    newest version, the faults that `check_answers` finds are among the faults here, except that no day is in the future. An id of something
    that is no id is `not_found`.
    """
    if not isinstance(value, dict):
        return None, [Fault("", errors.WRONG_TYPE)]
    body, faults = _body_of(value)
    if isinstance(body, CustomObservation) or (isinstance(body, Envelope) and body.form_version != current().version):
        faults = reduce_faults(_unclean(value["answers"], "answers"))
    if isinstance(body, CustomObservation) and len({answer.question for answer in body.answers}) != len(body.answers):
        faults.append(Fault(_ANSWERS, errors.DUPLICATE_ITEM))
    return (None if faults else body), faults


def _body_of(value: dict[str, Any]) -> tuple[ObservationBody | None, list[Fault]]:
    model = _model_of(value)
    if model in _TYPED:
        # What the types say of answers, `check_answers` says too, and it costs less to be told once.
        with suppress(ValidationError):
            return Envelope.model_validate(value), []
    try:
        return model.model_validate_json(orjson.dumps(value)), []
    except ValidationError as error:
        return None, _faults(value, error, is_typed=model in _TYPED)
    except TypeError:
        return None, reduce_faults(_unclean(value))


def _model_of(value: Mapping[str, Any]) -> type[ObservationBody]:
    form = value.get("form")
    if form == "custom":
        return CustomObservation
    if isinstance(form, str) and value.get("form_version") == current().version:
        return CORE_BODIES.get(form, Envelope)
    return Envelope


_TYPED = frozenset(CORE_BODIES.values())


def _faults(value: dict[str, Any], error: ValidationError, *, is_typed: bool) -> list[Fault]:
    """Pydantic's faults around the answers, and of typed answers the faults that the rules find: those know nulls, places and texts."""
    found = [_around(fault, value) for fault in faults_of(error)]
    answers = value.get("answers")
    if not (is_typed and isinstance(answers, dict)):
        return reduce_faults(found)
    hearing = value.get("hearing_id")
    within = check_answers(
        current().forms[value["form"]], answers, hearing_id=hearing if isinstance(hearing, str) else None, today=date.max
    )
    return reduce_faults([*(fault for fault in found if not fault.pointer.startswith(_ANSWERS)), *within]) or reduce_faults(found)


def _around(fault: Fault, value: Mapping[str, Any]) -> Fault:
    if fault == Fault("/form", errors.NOT_IN_VOCABULARY) and not isinstance(value["form"], str):
        return Fault("/form", errors.WRONG_TYPE)
    if fault.code == errors.WRONG_FORMAT and fault.pointer in _POINTING:
        return Fault(fault.pointer, errors.MISSING)
    if fault.code == errors.UNKNOWN_FIELD:
        parent, _, name = fault.pointer.rpartition("/")
        return fault if is_field_name(name) else Fault(parent, fault.code)
    return fault


def _unclean(value: Any, *place: str | int) -> Iterator[Fault]:
    """The places of texts that cannot be kept; a field with such a name is shown at the place it stands in."""
    if isinstance(value, str):
        if not _is_clean(value):
            yield Fault(pointer(*place), errors.INVALID_TEXT)
    elif isinstance(value, dict):
        if not all(map(_is_clean, value)):
            yield Fault(pointer(*place), errors.INVALID_TEXT)
        for name, part in value.items():
            yield from _unclean(part, *place, *([name] if is_field_name(name) else []))
    elif isinstance(value, list):
        for n, part in enumerate(value):
            yield from _unclean(part, *place, n)


def _is_clean(text: str) -> bool:
    try:
        clean_text(text, narrative=True)
    except ValueError:
        return False
    return True


def custom_answers(body: CustomObservation) -> dict[str, Any]:
    """The answers of a programme's own form by question, as those of core forms stand."""
    return {answer.question: answer.value for answer in body.answers}
