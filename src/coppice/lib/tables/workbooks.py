"""XLSX workbooks: the first visible sheet that holds something, its cells as a person would type them."""

import datetime
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from coppice.lib.tables.inspecting import Merged, check_package, inspect_sheet
from coppice.lib.tables.refusals import (
    CorruptWorkbook,
    EmptyFile,
    NotASpreadsheet,
    OldWorkbook,
    ProtectedWorkbook,
)
from coppice.lib.tables.shape import LAST_ROW

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
ERROR_VALUES = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What zipfile, openpyxl and the parsers of XML (by SyntaxError) are known to raise on damaged files."""


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are some program's workbook, readable or not, rather than text."""
    return content.startswith((ZIP, OLE))


def unpacked_size(content: bytes) -> int:
    """Return how many bytes a file is once unpacked; what is no package is as large as it is."""
    if not content.startswith(ZIP):
        return len(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return sum(member.file_size for member in package.infolist())
    except DAMAGE:
        return len(content)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its rows with their numbers, and its merged cells."""

    title: str
    rows: Iterator[tuple[int, list[str]]]
    merged: Merged


def split_workbook(content: bytes) -> Sheet:
    """Return the first visible sheet that holds something."""
    if content.startswith(OLE):
        raise ProtectedWorkbook if ENCRYPTED_STREAM in content else OldWorkbook
    _check_package(content)
    try:
        sheets = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets
    except DAMAGE:
        raise CorruptWorkbook from None
    for sheet in sheets:
        if sheet.sheet_state != "visible":
            continue
        merged = _inspected(sheet)
        rows = _filled_down(_rows(sheet), merged)
        first = next((row for row in rows if any(row[1])), None)
        if first:
            return Sheet(sheet.title, chain([first], rows), merged)
    raise EmptyFile


def _check_package(content: bytes) -> None:
    """Refuse what is no workbook or unpacks beyond bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            if "xl/workbook.xml" not in names:
                raise OldWorkbook if names & {"xl/workbook.bin", "content.xml"} else NotASpreadsheet
            check_package(package)
    except DAMAGE:
        raise CorruptWorkbook from None


def _inspected(sheet: Any) -> Merged:
    try:
        with sheet._get_source() as source:
            return inspect_sheet(source)
    except DAMAGE:
        raise CorruptWorkbook from None


def _filled_down(rows: Iterable[tuple[int, list[str]]], merged: Merged) -> Iterator[tuple[int, list[str]]]:
    """Give each row that a merged cell covers what the cell says: one organization beside several people."""
    tops: dict[tuple[int, int], str] = {}
    for number, cells in rows:
        for left, _right, top in merged.by_row.get(number, ()):
            if number == top and left <= len(cells):
                tops[top, left] = cells[left - 1]
            elif number > top and any(cells):
                cells += [""] * (left - len(cells))
                cells[left - 1] = cells[left - 1] or tops.get((top, left), "")
        yield number, cells


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Read a sheet, trusting neither the size nor the row numbers that it declares."""
    try:
        sheet.reset_dimensions()
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > LAST_ROW:
                raise CorruptWorkbook
            yield number, [_text(value) for value in values]
    except DAMAGE:
        raise CorruptWorkbook from None


def _text(value: object) -> str:
    """Return a cell as a person would type it: 2026-03-01, 15:30, 12 rather than 12.0, TRUE."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "" if value in ERROR_VALUES else value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(value, ".15g") if abs(value) < 1e15 else format(value, "f").removesuffix(".000000")
    if isinstance(value, datetime.datetime):
        return _moment(value)
    if isinstance(value, datetime.time):
        return value.isoformat("seconds").removesuffix(":00")
    return str(value)


def _moment(value: datetime.datetime) -> str:
    if value.time() == datetime.time():
        return value.date().isoformat()
    return value.replace(microsecond=0).isoformat(" ").removesuffix(":00")
