"""Makes a form of ours out of an XLSForm, and names the cell of everything that has no counterpart here."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from app.forms import expressions, rules
from app.forms.definition import FormWritten
from app.forms.errors import UNREADABLE_WORKBOOK, UNSUPPORTED, WORKBOOK_TOO_LARGE
from app.forms.expressions import Unsupported
from app.forms.workbook import Gap, Sheet, TooLarge, Unreadable, read
from app.kit import errors
from app.kit.errors import Fault, Problem
from app.kit.wire import faults_of, reduce_faults
from app.taxonomy.catalogue import Taxonomy

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
_BEYOND = ("external_choices", "osm", "entities")
_LANGUAGES = ("en", "kk", "ru")
_LANGUAGE = re.compile(r"(?:.*\(\s*(\w+)\s*\)|\s*(\w+)\s*)")
_TEXTS = {"label": "label", "hint": "help", "form_title": "label"}
_COLUMNS: Mapping[str, frozenset[str]] = {
    SURVEY: frozenset({"type", "name", "required", "relevant", "constraint", "sensitivity", "est_seconds"}),
    CHOICES: frozenset({"list_name", "name"}),
    SETTINGS: frozenset(
        {"form_id", "version", "default_language", "opened_from", "subject", "max_minutes", "default_sensitivity"},
    ),
}
_TRANSLATED = {SURVEY: {"label", "hint"}, CHOICES: {"label"}, SETTINGS: {"form_title"}}
_SPELT = {"list name": "list_name", "relevance": "relevant", "id_string": "form_id", "title": "form_title"}
_SAME_TYPE = frozenset(
    {
        "integer",
        "text",
        "date",
        "time",
        "boolean",
        "hearing_ref",
        "participant_ref",
        "participant_refs",
        "document_ref",
        "form_ref",
        "attachment_refs",
    }
)
_TYPES = {"int": "integer", "string": "text", **dict.fromkeys(("image", "photo", "audio", "video", "file"), "attachment_refs")}
"""A question that takes files takes any that an observer may send, and several: which ones came is what is asked."""
_CHOOSING = {
    "select_one": "select_one",
    "select one": "select_one",
    "select_multiple": "select_multiple",
    "select multiple": "select_multiple",
}
_YES, _NO = {"yes", "true", "true()", "1"}, {"", "no", "false", "false()", "0"}
Place = tuple[str | int, ...]


@dataclass
class _Reading:
    """A workbook while a form is made of it: what is wrong, and from which cell each part of the form comes."""

    sheets: Mapping[str, Sheet]
    language: str | None = None
    faults: list[Fault] = field(default_factory=list)
    cells: dict[Place, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def fault(self, code: str, cell: str) -> None:
        """Note what is wrong in a cell."""
        self.faults.append(Fault(cell, code))


@dataclass(frozen=True)
class _Row:
    """A row of a sheet, by what its columns mean: `label` of a language is (`label`, `kk`)."""

    reading: _Reading
    sheet: str
    number: int
    values: Mapping[tuple[str, str], str]
    columns: Mapping[tuple[str, str], str]

    def get(self, name: str) -> str:
        """What stands in a column; nothing where there is none."""
        return self.values.get((name, ""), "").strip()

    def cell(self, name: str, language: str = "") -> str:
        """The place of a cell: `/survey/C4`. Of a column that is not there, the name of it."""
        letters = self.columns.get((name, language)) or next((at for (each, _), at in self.columns.items() if each == name), None)
        return f"/{self.sheet}/{name if letters is None else f'{letters}{self.number}'}"

    def fault(self, code: str, name: str) -> None:
        """Note what is wrong in a column of this row."""
        self.reading.fault(code, self.cell(name))

    def texts(self, name: str, place: Place) -> dict[str, str]:
        """What stands in each language of a column, and from where."""
        found = {language: value for (each, language), value in self.values.items() if each == name and value.strip()}
        for language in found:
            self.reading.cells[*place, language] = self.cell(name, language)
        self.reading.cells[place] = self.cell(name)
        return found


@dataclass(frozen=True)
class Imported:
    """A form that was read, and where each part of it stood."""

    form: FormWritten
    reading: _Reading

    @contextmanager
    def at_its_cells(self) -> Iterator[None]:
        """What is found to be wrong with the form within is told of the cells from which it was made."""
        try:
            yield
        except Problem as problem:
            problem.faults = tuple(Fault(_cell_of(self.reading, each.pointer), each.code) for each in problem.faults)
            raise


def form_of(content: bytes, taxonomy: Taxonomy) -> Imported:
    """The form that a workbook describes.

    422 with the cell of every fault: `/survey/C4`; of a sheet or a column that is missing, its name.
    """
    reading = _Reading(_sheets(content))
    body = _form(reading)
    try:
        form = FormWritten.model_validate(body)
    except ValidationError as error:
        raise errors.invalid(*_told(reading, faults_of(error))) from None
    if reading.faults:
        raise errors.invalid(*reduce_faults(reading.faults))
    faults = rules.faults_of(form, taxonomy)
    if faults:
        raise errors.invalid(*_told(reading, faults))
    return Imported(form, reading)


def _sheets(content: bytes) -> dict[str, Sheet]:
    try:
        return read(content, (SURVEY, CHOICES, SETTINGS, *_BEYOND))
    except TooLarge:
        raise errors.invalid(Fault("", WORKBOOK_TOO_LARGE)) from None
    except Gap as gap:
        raise errors.invalid(Fault(f"/{gap.sheet}/{gap.cell}", UNSUPPORTED)) from None
    except Unreadable:
        raise errors.invalid(Fault("", UNREADABLE_WORKBOOK)) from None


def _told(reading: _Reading, faults: Iterable[Fault]) -> list[Fault]:
    """What is wrong with a form, at the cells from which it was made."""
    marked = {fault.pointer for fault in reading.faults}
    # Of a cell that could not be read, and a group that lost all of its questions so, nothing more is to be said.
    left = [fault for fault in faults if not (marked and fault.code == errors.TOO_FEW_ITEMS)]
    found = [Fault(_cell_of(reading, fault.pointer), fault.code) for fault in left]
    return reduce_faults([*reading.faults, *(fault for fault in found if fault.pointer not in marked)])


def _cell_of(reading: _Reading, pointer: str) -> str:
    steps: Place = tuple(int(step) if step.isdecimal() else step for step in pointer.split("/")[1:])
    while steps:
        if steps in reading.cells:
            return reading.cells[steps]
        steps = steps[:-1]
    return f"/{SURVEY}"


def _form(reading: _Reading) -> dict[str, Any]:
    for name in _BEYOND:
        if any(reading.sheets[name].rows if name in reading.sheets else ()):
            reading.fault(UNSUPPORTED, f"/{name}")
    for name in (SURVEY, SETTINGS):
        if name not in reading.sheets:
            raise errors.invalid(Fault(f"/{name}", errors.REQUIRED))
    twins = [fault for name, sheet in reading.sheets.items() for fault in _twins(name, sheet)]
    if twins:
        raise errors.invalid(*twins)
    settings = _settings(reading)
    choices = list(_vocabularies(reading))
    return {**settings, "vocabularies": choices, "sections": _sections(reading, settings["label"])}


def _rows(reading: _Reading, sheet: str) -> Iterator[_Row]:
    """The rows of a sheet in which something stands that we know."""
    found = reading.sheets.get(sheet)
    if found is None:
        return
    meanings = {header: meaning for header in found.headers.values() if (meaning := _meaning(reading, sheet, header)) is not None}
    reading.faults += _same(sheet, found, meanings)
    columns = {meanings[header]: letters for letters, header in found.headers.items() if header in meanings}
    for number, row in enumerate(found.rows, 2):
        for header in row.keys() - meanings.keys():
            # Said of the column once, and of the first cell in which something stands.
            meanings[header] = ("", "")
            reading.fault(UNSUPPORTED, f"/{sheet}/{found.column(header)}{number}")
        values = {meanings[header]: value for header, value in row.items() if meanings[header] != ("", "")}
        if values:
            yield _Row(reading, sheet, number, values, columns)


def _meaning(reading: _Reading, sheet: str, header: str) -> tuple[str, str] | None:
    """Which column of ours a header stands for, and which language; none where there is none."""
    plain, separator, said = header.partition("::")
    name = _SPELT.get(plain.strip().lower(), plain.strip().lower())
    if name in _TRANSLATED[sheet]:
        found = _LANGUAGE.fullmatch(said) if separator else None
        language = (found.group(1) or found.group(2)).lower() if found else (reading.language if not separator else None)
        return (name, language) if language in _LANGUAGES else None
    return (name, "") if name in _COLUMNS[sheet] and not separator else None


def _twins(sheet: str, found: Sheet) -> list[Fault]:
    """The columns that are called as one before them."""
    return _same(sheet, found, {header: (header, "") for header in found.headers.values()})


def _same(sheet: str, found: Sheet, meanings: Mapping[str, tuple[str, str]]) -> list[Fault]:
    """The columns that mean what one before them means."""
    met: set[tuple[str, str]] = set()
    faults = []
    for letters, header in found.headers.items():
        meaning = meanings.get(header)
        if meaning in met:
            faults.append(Fault(f"/{sheet}/{letters}1", errors.DUPLICATE_ITEM))
        met |= {meaning} if meaning else set()
    return faults


def _settings(reading: _Reading) -> dict[str, Any]:
    sheet = reading.sheets[SETTINGS]
    reading.language = _default_language(sheet)
    if reading.language is None and any(_has_plain_texts(each) for each in reading.sheets.values()):
        raise errors.invalid(Fault(f"/{SETTINGS}/default_language", errors.REQUIRED))
    row = next(_rows(reading, SETTINGS), None)
    if row is None:
        raise errors.invalid(Fault(f"/{SETTINGS}", errors.REQUIRED))
    for name, of in (("form_id", "code"), ("version", "version"), *((each, each) for each in _COLUMNS[SETTINGS])):
        reading.cells[of,] = row.cell(name)
    if not row.get("form_id"):
        row.fault(errors.REQUIRED, "form_id")
    said = {name: row.get(name) or None for name in ("opened_from", "subject", "version")}
    given = {"code": row.get("form_id"), **said, "max_minutes": _number(row, "max_minutes"), "label": row.texts("form_title", ("label",))}
    sensitivity = row.get("default_sensitivity")
    return given | ({"default_sensitivity": sensitivity} if sensitivity else {})


def _default_language(sheet: Sheet) -> str | None:
    said = next((row["default_language"] for row in sheet.rows if "default_language" in row), "")
    found = _LANGUAGE.fullmatch(said)
    language = (found.group(1) or found.group(2)).lower() if found else None
    return language if language in _LANGUAGES else None


def _has_plain_texts(sheet: Sheet) -> bool:
    return any(header.lower() in {*_TEXTS, "title"} for header in sheet.headers.values())


def _number(row: _Row, name: str) -> int | None:
    """The whole number in a cell; none where it is empty."""
    value = row.get(name)
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 10):  # noqa: PLR2004 - nothing is asked for that is longer
        row.fault(errors.WRONG_TYPE, name)
        return None
    return int(value)


def _vocabularies(reading: _Reading) -> Iterator[dict[str, Any]]:
    """The lists of the second sheet, in the order in which they begin."""
    found: dict[str, dict[str, Any]] = {}
    for row in _rows(reading, CHOICES):
        name = row.get("list_name")
        if not name:
            row.fault(errors.REQUIRED, "list_name")
            continue
        place: Place = ("vocabularies", list(found).index(name) if name in found else len(found))
        terms = found.setdefault(name, {"code": name, "terms": []})["terms"]
        reading.cells.setdefault((*place, "code"), row.cell("list_name"))
        reading.cells.setdefault((*place, "terms"), row.cell("list_name"))
        at = (*place, "terms", len(terms))
        reading.cells[*at, "code"] = row.cell("name")
        terms.append({"code": row.get("name"), "label": row.texts("label", (*at, "label"))})
    yield from found.values()


def _sections(reading: _Reading, title: Mapping[str, str]) -> list[dict[str, Any]]:
    """The groups of the first sheet, and what stands between them."""
    found: list[dict[str, Any]] = []
    group: _Row | None = None
    is_open = False
    for row in _rows(reading, SURVEY):
        kind = " ".join(row.get("type").replace("_", " ").split()).lower()
        if kind == "begin group":
            if group is not None:
                row.fault(UNSUPPORTED, "type")
            group, is_open = row, True
            found.append(_group(row, title, len(found)))
        elif kind == "end group":
            if group is None:
                row.fault(errors.WRONG_FORMAT, "type")
            group, is_open = None, False
        else:
            if not is_open:
                found.append({"code": f"part_{len(found) + 1}", "label": title, "questions": []})
                is_open = True
            _add_question(row, group, found[-1], len(found) - 1)
    if group is not None:
        group.fault(errors.WRONG_FORMAT, "type")
    return found


def _group(row: _Row, title: Mapping[str, str], number: int) -> dict[str, Any]:
    for name in ("hint", "required", "constraint", "sensitivity", "est_seconds"):
        if row.get(name) or (name == "hint" and row.texts(name, ("hint",))):
            row.fault(UNSUPPORTED, name)
    place: Place = ("sections", number)
    row.reading.cells[*place, "code"] = row.cell("name")
    row.reading.cells[*place, "questions"] = row.cell("type")
    return {"code": row.get("name"), "label": row.texts("label", (*place, "label")) or title, "questions": []}


def _add_question(row: _Row, group: _Row | None, section: dict[str, Any], number: int) -> None:
    place: Place = ("sections", number, "questions", len(section["questions"]))
    kind, choices = _type(row)
    name = row.get("name")
    if not name:
        row.fault(errors.REQUIRED, "name")
    limits = _read(row, "constraint", lambda text: expressions.constraint(text, kind or ""))
    asked: dict[str, Any] = {
        "code": name,
        "type": kind,
        "label": row.texts("label", (*place, "label")),
        "required": _required(row),
        "choices": choices,
        "relevant": _relevant(row, group),
        "constraint": limits,
        "sensitivity": row.get("sensitivity") or None,
    }
    seconds = _number(row, "est_seconds")
    asked |= {} if seconds is None else {"est_seconds": seconds}
    helped = row.texts("hint", (*place, "help"))
    asked |= {"help": helped} if helped else {}
    for column, of in (("type", "type"), ("type", "choices"), ("name", "code"), *((each, each) for each in _COLUMNS[SURVEY])):
        row.reading.cells.setdefault((*place, of), row.cell(column))
    row.reading.types.setdefault(name, kind or "")
    if kind is not None:
        section["questions"].append(asked)


def _type(row: _Row) -> tuple[str | None, str | None]:
    """What kind of answer a question asks for, and out of which list; none where it has no counterpart."""
    said = " ".join(row.get("type").split())
    for start, kind in _CHOOSING.items():
        if said.lower().startswith(f"{start} ") and len(said[len(start) :].split()) == 1:
            return kind, said[len(start) :].strip()
    plain = _TYPES.get(said.lower(), said.lower())
    if plain in _SAME_TYPE:
        return plain, None
    row.fault(UNSUPPORTED if said else errors.REQUIRED, "type")
    return None, None


def _required(row: _Row) -> bool:
    said = row.get("required").lower()
    if said not in _YES | _NO:
        row.fault(UNSUPPORTED, "required")
    return said in _YES


def _relevant(row: _Row, group: _Row | None) -> dict[str, Any] | None:
    """When a question is asked: when its group is, and its own condition holds."""
    of_group = None if group is None else _read(group, "relevant", lambda text: expressions.condition(text, row.reading.types))
    own = _read(row, "relevant", lambda text: expressions.condition(text, row.reading.types))
    if of_group and own:
        return {"all": [of_group, own]}
    return own or of_group


def _read(row: _Row, name: str, reader: Any) -> dict[str, Any] | None:
    text = row.get(name)
    if not text:
        return None
    try:
        found: dict[str, Any] = reader(text)
    except Unsupported:
        row.fault(UNSUPPORTED, name)
        return None
    return found
