"""Workbooks of strangers (.xlsx): looked over as bytes before a parser sees them, then read by pyxform's own reader.

A workbook is a ZIP archive of XML (ISO/IEC 29500): what it unpacks to, how many tags it has and how far its cells lie is bounded first.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

LARGEST = 2 * 1024 * 1024
"""The most bytes of a workbook, in bytes."""
_MOST_PARTS = 200
_MOST_UNPACKED = 16 * 1024 * 1024
_MOST_PACKED = 100
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What a workbook may be packed with (ISO/IEC 29500-2); others ask for as much memory as the file says."""
_MOST_TAGS = 300_000
_MOST_COLUMNS = 200
_MOST_ROWS = 20_000
_GAP = 60
"""pyxform's reader takes sixty empty rows for the end of a sheet, and twenty empty columns for its width."""
_TAG = re.compile(rb"""<[A-Za-z_][^\s/<>]*((?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*/?>""")
_PLACE = re.compile(rb"""\sr\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NEAR = re.compile(rb"(?:[A-Z]{1,2}[0-9]{1,5}|[0-9]{1,5})")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)["']""")
_UTF8 = {b"utf-8", b"utf8", b"us-ascii"}
_FORBIDDEN = ("<!DOCTYPE", "<!ENTITY")
_BLANKS = re.compile(r"( )+")


class Unreadable(Exception):  # noqa: N818 - what somebody sent is no error of ours
    """What was sent is no workbook, or holds what no form needs."""


class TooLarge(Unreadable):
    """A workbook that unpacks to more than any form needs."""


class Gap(Unreadable):
    """Something stands so far behind empty rows or columns that the reader takes it for no part of the sheet; with its place."""

    def __init__(self, sheet: str, cell: str) -> None:
        super().__init__(sheet)
        self.sheet, self.cell = sheet, cell


class Sheet(NamedTuple):
    """A sheet of a form: the cells of its first row by column (`A`), and the rows below it by what stands above them.

    `rows` begins with the second row of the sheet; empty rows are among them.
    """

    headers: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]

    def column(self, header: str) -> str:
        """The letters of a column."""
        return next((letters for letters, each in self.headers.items() if each == header), "A")


def read(content: bytes, wanted: Sequence[str]) -> dict[str, Sheet]:
    """The sheets of those names that a workbook has, in lower case. Raises `Unreadable` for whatever else was sent."""
    try:
        _look_over(content)
        found = _headers(content, wanted)
        return {name: Sheet(headers, rows) for name, (headers, rows) in _rows(content, found).items()}
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - whatever a parser says of a hostile file, it is no form; its words name what stands there
        raise Unreadable from None


def _look_over(content: bytes) -> None:
    if len(content) > LARGEST:
        raise TooLarge
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(each.file_size for each in parts) > _MOST_UNPACKED:
            raise TooLarge
        if any(each.file_size > _MOST_PACKED * max(each.compress_size, 1024) for each in parts):
            raise TooLarge
        if len({each.filename for each in parts}) < len(parts) or any(each.flag_bits & 1 for each in parts):
            raise Unreadable
        if any(each.compress_type not in _PACKED for each in parts):
            raise Unreadable
        tags = 0
        for each in parts:
            tags += _look_into(archive.read(each))
            if tags > _MOST_TAGS:
                raise TooLarge


def _look_into(part: bytes) -> int:
    """How many tags a part has. Refuses a document type and entities, in any encoding, and cells that lie far away."""
    declared = _DECLARED.match(part.removeprefix(b"\xef\xbb\xbf")[:200])
    if declared is not None and declared.group(1).lower() not in _UTF8:
        raise Unreadable
    if any(word.encode(code) in part for word in _FORBIDDEN for code in ("utf-8", "utf-16-le", "utf-16-be")):
        raise Unreadable
    number = 0
    for tag in _TAG.finditer(part):
        number += 1
        place = _PLACE.search(tag.group(1))
        if place is not None and not _NEAR.fullmatch(place.group(1) or place.group(2) or b""):
            raise TooLarge
    return number


def _headers(content: bytes, wanted: Sequence[str]) -> dict[str, dict[str, str]]:
    """The first row of each sheet, where something stands in it. Refuses what pyxform's reader would leave out without a word."""
    from openpyxl import load_workbook  # noqa: PLC0415 - takes half a second, which only who reads a workbook waits for

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    found = {}
    for title in book.sheetnames:
        name = title.lower()
        if name not in wanted:
            continue
        rows = book[title].iter_rows(max_col=_MOST_COLUMNS + 1, max_row=_MOST_ROWS + 1)
        found[name] = _first(name, next(rows, ()))
        _look_for_gaps(name, rows)
    return found


def _first(sheet: str, cells: Sequence[Any]) -> dict[str, str]:
    found, last = {}, 0
    for number, cell in enumerate(cells, 1):
        if cell.value is None or not str(cell.value).strip():
            continue
        letters = _letters(number)
        if number > _MOST_COLUMNS or number - last > _GAP // 3:
            raise Gap(sheet, f"{letters}1")
        found[letters], last = _BLANKS.sub(" ", str(cell.value).strip()), number
    return found


def _look_for_gaps(sheet: str, rows: Iterator[Sequence[Any]]) -> None:
    last = 1
    for number, row in enumerate(rows, 2):
        at = next((n for n, cell in enumerate(row, 1) if cell.value is not None and str(cell.value).strip()), None)
        if at is None:
            continue
        if number > _MOST_ROWS or number - last > _GAP:
            raise Gap(sheet, f"{_letters(at)}{number}")
        last = number


def _rows(content: bytes, headers: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[Mapping[str, str], Sequence[Mapping[str, str]]]]:
    from pyxform.xls2json_backends import xlsx_to_dict  # noqa: PLC0415 - as above

    if any(len(set(each.values())) < len(each) for each in headers.values()):
        # The reader has no row of a sheet of which two columns are called alike; whoever asks is told by the headers alone.
        return {name: (each, ()) for name, each in headers.items()}
    found = xlsx_to_dict(io.BytesIO(content))
    return {name: (each, [_plain(row) for row in found.get(name, ())]) for name, each in headers.items()}


def _plain(row: Mapping[str, Any]) -> dict[str, str]:
    return {header: str(value) for header, value in row.items() if value is not None}


def _letters(number: int) -> str:
    """The name of a column: 1 is `A`, 27 is `AA`."""
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
