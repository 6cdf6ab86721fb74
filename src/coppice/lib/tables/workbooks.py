"""XLSX workbooks: the first visible sheet that holds something, its cells as a person would type them."""

import datetime
import io
import zipfile
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from coppice.lib.tables.refusals import (
    CorruptWorkbook,
    EmptyFile,
    NotASpreadsheet,
    OldWorkbook,
    ProtectedWorkbook,
    UnpackedTooLarge,
)
from coppice.lib.tables.shape import LAST_ROW, MAX_PACKED_FILES, MAX_UNPACKED_BYTES

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
    ParseError,
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
"""What zipfile, the XML parser and openpyxl are known to raise on damaged files."""


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


def split_workbook(content: bytes) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """Return the sheet's name and its rows, each with its number."""
    if content.startswith(OLE):
        raise ProtectedWorkbook if ENCRYPTED_STREAM in content else OldWorkbook
    _check_package(content)
    try:
        sheets = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets
    except DAMAGE:
        raise CorruptWorkbook from None
    for sheet in sheets:
        rows = _rows(sheet) if sheet.sheet_state == "visible" else iter(())
        first = next((row for row in rows if any(row[1])), None)
        if first:
            return sheet.title, chain([first], rows)
    raise EmptyFile


def _check_package(content: bytes) -> None:
    """Refuse what is no workbook or unpacks beyond bounds; zipfile reads no more than a member declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
    except DAMAGE:
        raise CorruptWorkbook from None
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        raise OldWorkbook if names & {"xl/workbook.bin", "content.xml"} else NotASpreadsheet
    if len(members) > MAX_PACKED_FILES or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise UnpackedTooLarge


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
