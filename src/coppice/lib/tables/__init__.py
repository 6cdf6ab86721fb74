"""Tables that people bring in and take away: CSV and XLSX read with kind refusals, CSV written safely."""

from coppice.lib.tables.reading import read_table
from coppice.lib.tables.refusals import TableRefused
from coppice.lib.tables.shape import Format, Table, TableRow
from coppice.lib.tables.workbooks import unpacked_size
from coppice.lib.tables.writing import csv_lines, write_csv

__all__ = [
    "Format",
    "Table",
    "TableRefused",
    "TableRow",
    "csv_lines",
    "read_table",
    "unpacked_size",
    "write_csv",
]
