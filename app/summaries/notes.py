"""What of a coordinator's notes may stand in a summary: codes, numbers, yes and no; never a sentence that somebody typed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.summaries.records import CaseRecords, Note

_CODE = re.compile(r"[a-z0-9_.:/-]{1,64}")


class _LeftOut:
    """What was typed and is not shown."""


LEFT_OUT: Final = _LeftOut()


@dataclass(frozen=True, slots=True)
class IdentityQuestion:
    """Whether a participant is the same person in several lists (`between`); confidence is certain, likely or uncertain."""

    participant: str
    between: frozenset[str]
    confidence: str
    note: Note


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """What a source states of a figure, or of one of its cells."""

    about: str
    cell: str | None
    stated: Any
    note: Note


def own_codes(records: CaseRecords) -> frozenset[str]:
    """The codes of a case that people see: participants, hearings, documents and the case itself."""
    papers = (each.code for each in (*records.documents, *records.cited))
    people, days = (each.code for each in records.participants), (each.code for each in records.hearings)
    return frozenset((records.code, *people, *days, *papers))


def coded(value: Any, own: frozenset[str] = frozenset()) -> Any:
    """The coded part of a value; `LEFT_OUT` where nothing of it is coded."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return value if is_code(value, own) else LEFT_OUT
    if isinstance(value, (list, tuple)):
        return [each for each in (coded(each, own) for each in value) if each is not LEFT_OUT]
    return coded_values(value, own) if isinstance(value, Mapping) else LEFT_OUT


def coded_values(values: Mapping[str, Any], own: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A note's values without what somebody typed; a name that is no code goes with its value."""
    shown = {name: coded(value, own) for name, value in values.items() if is_code(name, own)}
    return {name: shown[name] for name in sorted(shown) if shown[name] is not LEFT_OUT}


def is_code(text: str, own: frozenset[str] = frozenset()) -> bool:
    """Whether a string is a code: of the case's own, or of the shape that codes have."""
    return text in own or _CODE.fullmatch(text) is not None


def shown_code(value: Any, own: frozenset[str] = frozenset()) -> str | None:
    """A string where it is a code, else nothing."""
    return value if isinstance(value, str) and is_code(value, own) else None


def in_order(notes: Iterable[Note]) -> list[Note]:
    """Notes by key."""
    return sorted(notes, key=lambda each: (each.key, each.id))


def show_notes(notes: Iterable[Note], own: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """Notes as a summary shows them: kind, key and coded values."""
    by_kind = sorted(in_order(notes), key=lambda each: each.kind)
    return [{"kind": each.kind, "key": each.key, "values": coded_values(each.values, own)} for each in by_kind]


def identity_questions(records: CaseRecords) -> Iterator[IdentityQuestion]:
    """The questions about participants of the case; a note that names nobody known asks nothing."""
    people = {each.code for each in records.participants}
    for note in in_order(records.notes):
        person, confidence = note.values.get("participant"), note.values.get("confidence")
        is_asked = isinstance(person, str) and person in people and isinstance(confidence, str) and is_code(confidence)
        if note.kind == "identity_question" and is_asked:
            between = note.values.get("between")
            places = between if isinstance(between, (list, tuple)) else ()
            yield IdentityQuestion(str(person), frozenset(each for each in places if isinstance(each, str)), str(confidence), note)


def stated_numbers(records: CaseRecords) -> Iterator[StatedNumber]:
    """What notes state of figures. What is not coded, or states nothing, is compared with nothing."""
    own = own_codes(records)
    for note in in_order(records.notes):
        about, cell, stated = note.values.get("about"), note.values.get("cell"), coded(note.values.get("stated"), own)
        is_comparable = stated is not None and stated is not LEFT_OUT and (cell is None or shown_code(cell, own) is not None)
        if note.kind == "stated_finding" and isinstance(about, str) and is_comparable:
            yield StatedNumber(about, cell, stated, note)


def stated_findings(notes: Iterable[Note], own: frozenset[str] = frozenset()) -> list[tuple[dict[str, Any], Note]]:
    """A source's own verdicts: `{note, target, status}` by key. They stand beside a rating and never enter it."""
    return [
        ({"note": each.key, "target": shown_code(each.target, own), "status": shown_code(each.values["status"], own)}, each)
        for each in in_order(notes)
        if each.kind == "stated_finding" and "status" in each.values
    ]


def caveats_set(notes: Iterable[Note]) -> frozenset[str]:
    """The caveats that coordinators set by a note of kind coverage."""
    return frozenset(each.values["caveat"] for each in notes if each.kind == "coverage" and isinstance(each.values.get("caveat"), str))
