"""One way into a table, whatever file it came in."""

import re
from collections.abc import Iterable, Iterator

from coppice.lib.sharing import SharedTexts
from coppice.lib.tables.decoding import decode
from coppice.lib.tables.delimited import split_rows
from coppice.lib.tables.guarding import unguard
from coppice.lib.tables.inspecting import Merged
from coppice.lib.tables.refusals import (
    CellTooLong,
    DuplicateColumns,
    EmptyFile,
    FileTooLarge,
    MergedHeader,
    NoHeader,
    NoRows,
    TooManyCells,
    TooManyColumns,
    TooManyRows,
)
from coppice.lib.tables.shape import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS, Format, Table, TableRow
from coppice.lib.tables.workbooks import is_workbook, split_workbook

INVISIBLE = "\ufeff\u200b\u200e\u200f"
VALUE = re.compile(r"\S+@\S+\.\S+|[+(]?\d[\d\s().,:/+-]*")
"""A cell that is an email address, a number, a date or a phone: a value, not the name of a column."""
ROWS_ABOVE_HEADER = 5


def read_table(content: bytes, filename: str) -> Table:
    """Read an uploaded file as a table.

    Its bytes say what it is; its name only settles that `.tsv` and `.tab` are separated by tabs.

    The first row that is not blank names the columns, unless lone titles stand above the real header. Blank
    rows and trailing empty columns are dropped, short rows filled up. Raises a `TableRefused` with its code,
    its sentence and, where one row is to blame, the number of that row.
    """
    if len(content) > MAX_BYTES:
        raise FileTooLarge
    if is_workbook(content):
        sheet = split_workbook(content)
        number, header, rows = _assemble(sheet.rows, sheet.merged)
        return Table(header, rows, number, Format.XLSX, "utf-8", sheet=sheet.title)
    text, encoding = decode(content)
    by_tabs = filename.lower().endswith((".tsv", ".tab"))
    delimiter, text_rows = split_rows(text, delimiter="\t" if by_tabs else "")
    number, header, rows = _assemble(text_rows, Merged())
    return Table(header, rows, number, Format.CSV, encoding, delimiter=delimiter)


def _assemble(
    raw: Iterable[tuple[int, list[str]]], merged: Merged
) -> tuple[int, tuple[str, ...], tuple[TableRow, ...]]:
    filled = _below_titles(list(_filled(raw)))
    if not filled:
        raise EmptyFile
    (number, header), rows = filled[0], filled[1:]
    if merged.covers_columns(number, width=max(len(cells) for _number, cells in filled)):
        raise MergedHeader(row=number)
    _check_header(number, header)
    if not rows:
        raise NoRows
    for row_number, cells in rows:
        if len(cells) > len(header):
            raise TooManyCells(row=row_number, count=len(cells), width=len(header))
    width = len(header)
    return (
        number,
        tuple(header),
        tuple(TableRow(n, (*cells, *[""] * (width - len(cells)))) for n, cells in rows),
    )


def _filled(raw: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    kept, shared = 0, SharedTexts()
    for number, row in raw:
        cells = [shared.of(_clean(cell)) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        kept += 1
        if kept > MAX_ROWS + 1:
            raise TooManyRows(row=number)
        if len(cells) > MAX_COLUMNS:
            raise TooManyColumns(row=number, count=len(cells))
        if any(len(cell) > MAX_CELL for cell in cells):
            raise CellTooLong(row=number)
        yield number, cells


def _clean(cell: str) -> str:
    if "\r" in cell:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    cell = cell.strip().strip(INVISIBLE)
    return unguard(cell).strip() if cell.startswith("'") else cell


def _below_titles(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Drop lone titles above the header: rows of one cell, then a row of several that names columns."""
    for index, (_number, cells) in enumerate(rows[:ROWS_ABOVE_HEADER]):
        if len(cells) > 1:
            named = index and all(cells) and not any(VALUE.fullmatch(cell) for cell in cells)
            return rows[index:] if named else rows
    return rows


def _check_header(number: int, header: list[str]) -> None:
    if any("@" in cell and VALUE.fullmatch(cell) for cell in header) or all(
        VALUE.fullmatch(cell) for cell in header if cell
    ):
        raise NoHeader(row=number)
    seen = set()
    for cell in header:
        name = " ".join(cell.casefold().split())
        if name and name in seen:
            raise DuplicateColumns(row=number, name=cell)
        seen.add(name)
