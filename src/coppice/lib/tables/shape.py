"""What a table is once it has been read, and how large it may be."""

from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED_BYTES = 150 * 1024 * 1024
MAX_TAGS = 15_000_000
MAX_CELLS_IN_ROW = 2_000
MAX_MERGED = 200_000
MAX_PACKED_FILES = 2_000
MAX_ROWS = 100_000
MAX_COLUMNS = 200
LAST_ROW = 1_048_576
"""The last row that a spreadsheet program can show."""
MAX_CELL = 32_767
"""As many characters as a spreadsheet program keeps in one cell."""


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row; `number` is the one that a spreadsheet program shows beside it, blank rows counted."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows, each row exactly as wide as the header.

    Cells are trimmed text with "\\n" for line breaks; an empty cell is "". A header cell may be empty when
    its column holds something. `delimiter` is empty and `sheet` is filled for a workbook.
    """

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    header_number: int
    format: Format
    encoding: str
    delimiter: str = ""
    sheet: str = ""

    def column(self, index: int) -> list[str]:
        """Every cell of one column, top to bottom, the empty ones too."""
        return [row.cells[index] for row in self.rows]
