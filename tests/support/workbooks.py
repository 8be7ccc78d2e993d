"""XLSForms as coordinators make them. Valid by default."""

import io
import zipfile

from openpyxl import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SURVEY = [
    [
        "type",
        "name",
        "label::English (en)",
        "label::Русский (ru)",
        "hint::English (en)",
        "required",
        "relevant",
        "constraint",
        "sensitivity",
    ],
    ["begin_group", "building", "Building"],
    ["hearing_ref", "hearing_ref", "Hearing", None, None, "yes"],
    ["select_multiple entrances", "entrances", "Entrances", "Входы", None, True, None, "count-selected(.) >= 1"],
    ["integer", "benches", "Benches", None, None, None, "selected(${entrances}, 'main')", ". >= 0 and . <= 500"],
    ["select_one observation_basis", "basis", "Basis", None, None, "yes"],
    [],
    ["participant_ref", "who", "Who"],
    ["text", "told", "Told", None, "In short", None, None, "string-length(.) <= 200"],
    ["boolean", "armed", "Armed", None, None, "no", None, None, "restricted"],
    ["end_group"],
]
SURVEY[0].append("label::kk")
SURVEY[3] += [None, "Кіреберістер"]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Қазақша (kk)"],
    ["entrances", "main", "Main"],
    ["entrances", "yard", "Yard", "Аула"],
]
SETTINGS = [
    ["form_title::English (en)", "form_title::Русский (ru)", "form_id", "version", "opened_from"],
    ["Courthouse", "Здание суда", "x_courthouse", 1, "hearing"],
]


def a_workbook(*, survey=SURVEY, choices=CHOICES, settings=SETTINGS, **others):
    """The bytes of a workbook with those sheets; None leaves one out."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in {"notes": [["for people"]], "survey": survey, "choices": choices, "settings": settings, **others}.items():
        if rows is not None:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def with_cell(sheet, place, value):
    """The rows of a sheet with another value in a cell such as `C4`."""
    column, row = ord(place[0]) - ord("A"), int(place[1:]) - 1
    rows = [list(each) for each in sheet]
    rows += [[] for _ in range(row + 1 - len(rows))]
    rows[row] += [None] * (column + 1 - len(rows[row]))
    rows[row][column] = value
    return rows


def tampered(content, change):
    """The same archive with other parts: `change` says of each what it holds instead, by its name."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return made.getvalue()
