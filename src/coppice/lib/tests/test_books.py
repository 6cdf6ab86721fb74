"""Workbooks going out: texts as texts, numbers and days as such, and read back by our own reader."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest

from coppice.lib.tables import read_table
from coppice.lib.tables.books import WIDEST, Sheet, write_book


def sheet_of(*rows, header=("Name", "Score"), title="People"):
    content = write_book([Sheet(title, header, rows)])
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "#N/A", "{=1}", "2026-01-01", "7"])
def test_a_text_stays_text(text):
    cell = sheet_of([text, 1])["A2"]

    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_numbers_days_and_times_are_such():
    row = sheet_of(
        [2.5, date(2026, 3, 1), datetime(2026, 3, 1, 14, 30, tzinfo=UTC), None, True], header="abcde"
    )

    assert [cell.value for cell in row[2]] == [
        2.5,
        datetime(2026, 3, 1),
        datetime(2026, 3, 1, 14, 30),
        None,
        True,
    ]
    assert [cell.number_format for cell in row[2]][1] == "yyyy-mm-dd"


def test_what_the_format_does_not_know_is_left_out():
    sheet = sheet_of(["a\x00b", "x" * 40_000], title="Rules: [what] is/was 'reached', and very much more")

    assert (sheet["A2"].value, len(sheet["B2"].value)) == ("ab", 32_767)
    assert sheet.title == "Rules   what  is was  reached ,"
    assert sheet.column_dimensions["B"].width == WIDEST


def test_our_own_reader_takes_it_for_a_roster():
    content = write_book([Sheet("People", ["Name", "Organization"], [["Ana", "=Clinic"], ["Bo", None]])])

    found = read_table(content, "people.xlsx")

    assert found.header == ("Name", "Organization")
    assert [row.cells for row in found.rows] == [("Ana", "=Clinic"), ("Bo", "")]
