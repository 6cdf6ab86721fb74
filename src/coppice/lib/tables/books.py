"""Workbooks going out: several sheets in one file, with numbers and dates as such and every text as text."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from coppice.lib.tables.shape import MAX_CELL
from coppice.lib.tables.writing import UNWRITABLE

LONGEST_TITLE = 31
NOT_IN_A_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
WIDEST, NARROWEST = 60, 8
DAY = "yyyy-mm-dd"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, a header, and rows of texts, numbers, dates and None (an empty cell)."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]


def write_book(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook (xlsx) with these sheets, headers frozen and columns as wide as they need.

    A text is never a formula, whatever it begins with: its cell says that it is text, also when somebody
    edits it. Times lose their zone, which the format does not know; control characters are left out.
    """
    book = openpyxl.Workbook(write_only=True)
    for each in sheets:
        _add(book, each)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _add(book: openpyxl.Workbook, sheet: Sheet) -> None:
    page: Any = book.create_sheet(sheet.title.translate(NOT_IN_A_TITLE).strip()[:LONGEST_TITLE])
    page.freeze_panes = "A2"
    for number, width in enumerate(_widths(sheet), start=1):
        page.column_dimensions[openpyxl.utils.get_column_letter(number)].width = width
    page.append([_cell(page, each, is_head=True) for each in sheet.header])
    for row in sheet.rows:
        page.append([_cell(page, each) for each in row])


def _widths(sheet: Sheet) -> Iterator[int]:
    columns = zip(sheet.header, *sheet.rows, strict=True)
    for column in columns:
        longest = max(len(str(each)) for each in column if each is not None)
        yield min(WIDEST, max(NARROWEST, longest + 2))


def _cell(page: Any, value: object, *, is_head: bool = False) -> Any:
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
    if value is None or isinstance(value, int | float | date):
        cell = WriteOnlyCell(page, value)
        if type(value) is date:
            cell.number_format = DAY
        return cell
    cell = WriteOnlyCell(page, UNWRITABLE.sub("", str(value))[:MAX_CELL])
    cell.data_type = "s"  # openpyxl takes "=…" for a formula, and "#N/A" for an error
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(bold=is_head)
    cell._style.quotePrefix = 1  # so that it stays text when its cell is edited
    return cell
