"""Why a file cannot be read as a table, each reason with a code, a row and what to do about it."""

from typing import cast

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError
from coppice.lib.tables.shape import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS


class TableRefused(DomainError):
    """A file that cannot be read; `row` is what the spreadsheet program calls the row, if one is to blame."""

    code = "table_refused"

    def __init__(self, *, row: int | None = None, **values: object) -> None:
        self.row = row
        super().__init__(format_lazy(cast(str, self.sentence), row=row, **values))


class EmptyFile(TableRefused):
    code = "empty_file"
    sentence = _("This file is empty. Choose the file that holds your people.")


class NoRows(TableRefused):
    code = "no_rows"
    sentence = _("This file names its columns but has no rows below them. Add the people and bring it again.")


class NotASpreadsheet(TableRefused):
    code = "not_a_spreadsheet"
    sentence = _("This file is not a table that we can read. Save it as CSV or XLSX and bring that file.")


class ProtectedWorkbook(TableRefused):
    code = "protected_workbook"
    sentence = _(
        "This workbook is protected by a password. Open it, remove the password, save it and bring it again."
    )


class OldWorkbook(TableRefused):
    code = "old_workbook"
    sentence = _(
        "This workbook is in a format that we cannot read. Save it as XLSX or CSV and bring that file."
    )


class CorruptWorkbook(TableRefused):
    code = "corrupt_workbook"
    sentence = _(
        "This workbook is damaged. Open it in your spreadsheet program, save it anew and bring that file."
    )


class FileTooLarge(TableRefused):
    code = "file_too_large"
    sentence = _(
        "This file is larger than {limit} MB. Split it into smaller files and bring them one by one."
    )

    def __init__(self) -> None:
        super().__init__(limit=MAX_BYTES // 1024 // 1024)


class UnpackedTooLarge(TableRefused):
    code = "unpacked_too_large"
    sentence = _(
        "This workbook unpacks to far more than a roster holds. Copy the people into a new workbook and "
        "bring that."
    )


class TooManyRows(TableRefused):
    code = "too_many_rows"
    sentence = _(
        "Row {row} is one too many: a file may hold {limit} rows. Split it and bring the parts one by one."
    )

    def __init__(self, *, row: int) -> None:
        super().__init__(row=row, limit=MAX_ROWS)


class TooManyColumns(TableRefused):
    code = "too_many_columns"
    sentence = _(
        "Row {row} has {count} columns, and {limit} is the most. Remove the columns that you do not need."
    )

    def __init__(self, *, row: int, count: int) -> None:
        super().__init__(row=row, count=count, limit=MAX_COLUMNS)


class CellTooLong(TableRefused):
    code = "cell_too_long"
    sentence = _(
        "Row {row} has a cell of more than {limit} characters. Often a quotation mark was opened there and "
        "never closed: close it, or shorten the cell."
    )

    def __init__(self, *, row: int) -> None:
        super().__init__(row=row, limit=MAX_CELL)


class UnclosedQuote(TableRefused):
    code = "unclosed_quote"
    sentence = _("In row {row} a quotation mark is opened and never closed. Close it, or remove it.")


class StrayQuote(TableRefused):
    code = "stray_quote"
    sentence = _(
        "In row {row} there is text after a closing quotation mark. Write a quotation mark inside a cell "
        "twice, or remove it."
    )


class UnreadableCharacter(TableRefused):
    code = "unreadable_character"
    sentence = _("Row {row} has characters that we cannot read. Save the file as CSV UTF-8 and bring that.")


class FormulaWithoutResult(TableRefused):
    code = "formula_without_result"
    sentence = _(
        "Row {row} has a formula whose result was not saved. Open the workbook in your spreadsheet program, "
        "save it and bring it again."
    )


class MergedHeader(TableRefused):
    code = "merged_header"
    sentence = _(
        "In row {row} one cell is merged over several columns, so we cannot tell them apart. Unmerge it, "
        "give each column a name of its own in one row, and bring it again."
    )


class TooManyCells(TableRefused):
    code = "too_many_cells"
    sentence = _(
        "Row {row} has {count} cells, but only {width} columns are named. Put quotation marks around a cell "
        "that holds the separator, name the missing column, or remove what stands above the names of the "
        "columns."
    )

    def __init__(self, *, row: int, count: int, width: int) -> None:
        super().__init__(row=row, count=count, width=width)


class DuplicateColumns(TableRefused):
    code = "duplicate_columns"
    sentence = _("Row {row} names two columns “{name}”. Give each column a name of its own.")

    def __init__(self, *, row: int, name: str) -> None:
        self.name = name
        super().__init__(row=row, name=name)


class NoHeader(TableRefused):
    code = "no_header"
    sentence = _(
        "Row {row} looks like a person, not like names of columns. Add a first row that names each column, "
        "such as Name, Email, Organization."
    )
