"""Tables in: every encoding and separator, and each broken file with its own refusal. Tables out: no "
"formulas."""

import datetime
import io
import re
import zipfile
from itertools import product

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from coppice.lib.tables import (
    Format,
    Table,
    TableRefused,
    TableRow,
    csv_lines,
    inspecting,
    read_table,
    reading,
    shape,
    unpacked_size,
    write_csv,
)
from coppice.lib.tables.guarding import guard

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
DELIMITERS = (",", ";", "\t", "|")
LINE_ENDS = ("\n", "\r\n", "\r")


def workbook(*sheets: list[list[object]], hidden: tuple[int, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for index, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {index + 1}")
        for row in rows:
            sheet.append(row)
        if index in hidden:
            sheet.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def workbook_with_shared_strings() -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet("People")
    sheet.write_row(0, 0, ["Name", "Joined"])
    sheet.write(1, 0, "Ana")
    sheet.write_datetime(1, 1, datetime.datetime(2026, 3, 1), book.add_format({"num_format": "d mmm yyyy"}))
    book.close()
    return content.getvalue()


def with_member(content: bytes, name: str, change) -> bytes:
    """Return a copy of a zip file with one member rewritten by `change`."""
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, change(old.read(member)) if member == name else old.read(member))
    return copy.getvalue()


def refusal(content: bytes, filename: str = "people.csv") -> tuple[str, int | None]:
    with pytest.raises(TableRefused) as refused:
        read_table(content, filename)
    sentence = str(refused.value.sentence)
    assert sentence
    assert "{" not in sentence
    if refused.value.row:
        assert re.search(rf"\b{refused.value.row}\b", sentence)
    return refused.value.code, refused.value.row


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


@pytest.mark.parametrize(("encoding", "delimiter", "end"), list(product(ENCODINGS, DELIMITERS, LINE_ENDS)))
def test_every_encoding_separator_and_line_end_gives_the_same_table(encoding, delimiter, end):
    lines = ["Nombre,Correo,Notas", "José Peña,jose@x.org,", "Ana Núñez,ana@x.org,«sí»", ""]
    content = end.join(line.replace(",", delimiter) for line in lines).encode(encoding)

    table = read_table(content, "people.csv")

    assert table == Table(
        header=("Nombre", "Correo", "Notas"),
        rows=(
            TableRow(2, ("José Peña", "jose@x.org", "")),
            TableRow(3, ("Ana Núñez", "ana@x.org", "«sí»")),
        ),
        header_number=1,
        format=Format.CSV,
        encoding=encoding,
        delimiter=delimiter,
    )


def test_rows_are_numbered_as_a_spreadsheet_program_shows_them():
    content = b'Name,Notes\n\nAna,"first\r\nsecond"\n,\n   \nBo,\n'

    table = read_table(content, "people.csv")

    assert table.rows == (TableRow(3, ("Ana", "first\nsecond")), TableRow(6, ("Bo", "")))


def test_trailing_empty_columns_are_dropped_and_short_rows_filled():
    table = read_table(b"Name,Email,,,\nAna,a@x.org,,,\nBo\n", "people.csv")

    assert (table.header, cells(table)) == (("Name", "Email"), [("Ana", "a@x.org"), ("Bo", "")])


def test_column_without_a_name_is_kept_when_named_ones_follow():
    table = read_table(b",Name\n0,Ana\n", "people.csv")

    assert (table.header, cells(table)) == (("", "Name"), [("0", "Ana")])


def test_titles_above_the_header_are_passed_over():
    table = read_table(b"Spring roster\n\nName,Email\nAna,a@x.org\n", "people.csv")

    assert (table.header_number, table.header, cells(table)) == (3, ("Name", "Email"), [("Ana", "a@x.org")])


def test_a_single_column_is_a_table():
    table = read_table(b"Email\na@x.org\nb@x.org\n", "people.csv")

    assert (table.header, cells(table)) == (("Email",), [("a@x.org",), ("b@x.org",)])


def test_lists_inside_cells_do_not_decide_the_separator():
    content = b"Name,Hours,Email\nAna,8AM;9AM,a@x.org\nBo,8AM;9AM\nCy,1PM;2PM,c@x.org\nDi,1PM;2PM\n"

    assert read_table(content, "people.csv").delimiter == ","


@pytest.mark.parametrize("start", [b"sep=;\n", b"\xef\xbb\xbfsep=;\r\n"])
def test_declared_separator_is_used_and_its_line_is_no_row(start):
    table = read_table(start + b"Name;Email\nAna;a@x.org\n", "people.csv")

    assert (table.delimiter, table.header_number, table.rows[0].number) == (";", 1, 2)


def test_name_of_the_file_settles_tabs():
    table = read_table(b"Name, given\tEmail, work\nAna, B\ta@x.org, b\n", "people.tsv")

    assert table.header == ("Name, given", "Email, work")


def test_quoted_cells_after_a_space_are_read_as_quoted():
    table = read_table(b'Name, Organization\nAna, "Food, Housing and Care"\n', "people.csv")

    assert cells(table) == [("Ana", "Food, Housing and Care")]


def test_a_stray_control_character_does_not_refuse_a_whole_file():
    table = read_table(b"Name,Notes\nAna," + b"word " * 30 + b"co\x02operation\n\x1a", "people.csv")

    assert cells(table)[0][1].endswith("cooperation")


def test_workbook_cells_become_the_text_a_person_would_type():
    content = workbook(
        [
            ["Name", "Joined", "Seen", "At", "Hours", "Score", "Phone", "Lead", "Gone"],
            [
                " Ana ",
                datetime.date(2026, 3, 1),
                datetime.datetime(2026, 3, 1, 15, 48, 34),
                datetime.time(15, 30),
                12.0,
                2.024015675,
                64211234567.0,
                True,
                "#N/A",
            ],
        ]
    )

    table = read_table(content, "people.xlsx")

    assert cells(table) == [
        ("Ana", "2026-03-01", "2026-03-01 15:48:34", "15:30", "12", "2.024015675", "64211234567", "TRUE", "")
    ]
    assert (table.format, table.sheet, table.delimiter) == (Format.XLSX, "Sheet 1", "")


def test_first_visible_sheet_with_content_is_read_and_its_row_numbers_kept():
    people = [[], ["Name", "Email", "Notes"], [], ["Ana", None, "a", None], [None, None]]
    content = workbook([["Secret"], ["x"]], [], people, [["Other"], ["y"]], hidden=(0,))

    table = read_table(content, "people.xlsx")

    assert (table.sheet, table.header_number) == ("Sheet 3", 2)
    assert table.rows == (TableRow(4, ("Ana", "", "a")),)


def test_workbook_by_another_writer_is_read():
    content = workbook_with_shared_strings()

    assert cells(read_table(content, "people.xlsx")) == [("Ana", "2026-03-01")]


BROKEN_TEXTS = {
    "nothing": (b"", ("empty_file", None)),
    "blank lines": (b"\n \r\n\t\n", ("empty_file", None)),
    "only separators": (b",,,\n,,,\n", ("empty_file", None)),
    "header alone": (b"Name,Email\n", ("no_rows", None)),
    "quote never closed": (b'Name,Notes\nAna,x\nBo,"never closed\nCy,y\n', ("unclosed_quote", 3)),
    "text after a quote": (b'Name,Notes\nAna,"x" y\n', ("stray_quote", 2)),
    "quote closed by a later one": (b'Name,Notes\nAna,"x\nBo,"y"\n', ("stray_quote", 2)),
    "more cells than columns": (b"Name,Email\nAna,a@x.org\nBo,b@x.org,extra\n", ("too_many_cells", 3)),
    "same name twice": (b"Name,Email,email \nAna,a@x.org,b@x.org\n", ("duplicate_columns", 1)),
    "no names of columns": (b"\nAna,a@x.org\nBo,b@x.org\n", ("no_header", 2)),
    "numbers for names": (b"1,2\n3,4\n", ("no_header", 1)),
    "cell too long": (b"Name\nAna\n" + b"x" * 32_768, ("cell_too_long", 3)),
    "cell beyond the parser": (b"Name\nAna\n" + b"x" * 200_000, ("cell_too_long", 3)),
    "too many columns": (b"Name\nAna" + b",x" * 200, ("too_many_columns", 2)),
    "an image": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ("not_a_spreadsheet", None)),
    "a zero in a row": (b"Name,Email\nAna,a@x.org\nB\0o,b@x.org\n", ("unreadable_character", 3)),
    "a zero in Windows-1252": (b"Name,Email\nJos\xe9,a@x.org\nB\0o,b@x.org\n", ("unreadable_character", 3)),
    "zeros on both sides": (b"a\0\0b" * 40, ("not_a_spreadsheet", None)),
    "quote never closed in a long file": (
        b"Name,Email\n" + b"Ana,a@x.org\n" * 39_998 + b'"Bo,b@x.org\n' + b"Cy,c@x.org\n" * 9_000,
        ("unclosed_quote", 40_000),
    ),
    "a document for print": (b"%PDF-1.7\n1 0 obj\n", ("not_a_spreadsheet", None)),
    "a web page": (b"<!DOCTYPE html><html><table>", ("not_a_spreadsheet", None)),
    "JSON": (b'[{"name": "Ana", "email": "a@x.org"}]', ("not_a_spreadsheet", None)),
    "UTF-8 cut short": ("Name\nJosé\nPeña\nNúñ".encode()[:-1], ("unreadable_character", 4)),
    "cut after a quoted line break": ('Name\n"José\nPeña"\nNúñ'.encode()[:-1], ("unreadable_character", 3)),
    "undefined in Windows-1252": (b"Name\nAna\nB\x81\n", ("unreadable_character", 3)),
    "binary after a UTF-16 mark": (b"\xff\xfe" + bytes(20) + b"\x00\xd8", ("not_a_spreadsheet", None)),
    "odd UTF-16": ("Name\nAna".encode("utf-16") + b"x", ("unreadable_character", 2)),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ("old_workbook", None)),
    "locked workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        ("protected_workbook", None),
    ),
    "not really zipped": (b"PK\x03\x04 and then nothing", ("corrupt_workbook", None)),
}


@pytest.mark.parametrize("case", BROKEN_TEXTS)
def test_broken_file_is_refused_with_row_and_reason(case):
    content, expected = BROKEN_TEXTS[case]

    assert refusal(content) == expected


def test_more_rows_than_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)

    assert len(read_table(b"Name\nA\n\nB\nC\n", "people.csv").rows) == 3
    assert refusal(b"Name\nA\n\nB\nC\nD\n") == ("too_many_rows", 6)


def test_rows_beyond_the_last_of_a_spreadsheet_program_are_refused():
    assert refusal(b"Name\n" + b"\n" * shape.LAST_ROW + b"Ana") == ("too_many_rows", shape.LAST_ROW + 1)


def test_larger_file_than_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 10)

    assert refusal(b"Name\nAna\nBo\n") == ("file_too_large", None)


def test_workbook_cut_short_is_refused():
    content = workbook([["Name"], ["Ana"]])

    assert {refusal(content[: len(content) * part // 10])[0] for part in range(1, 10)} == {"corrupt_workbook"}


@pytest.mark.parametrize("part", ["worksheets/sheet1", "workbook", "sharedStrings", "styles"])
def test_workbook_with_a_damaged_part_is_refused(part):
    member = f"xl/{part}.xml"
    content = with_member(workbook_with_shared_strings(), member, lambda part: part[: len(part) // 2])

    assert refusal(content) == ("corrupt_workbook", None)


def test_workbook_with_wild_numbers_is_refused_not_obeyed():
    content = workbook([["Name"], ["Ana"]])

    def far_row(part: bytes) -> bytes:
        return part.replace(b'<row r="2"', b'<row r="99999999999"')

    assert refusal(with_member(content, "xl/worksheets/sheet1.xml", far_row)) == ("corrupt_workbook", None)


def test_workbook_that_declares_a_vast_sheet_is_read_by_its_cells():
    def vast(part: bytes) -> bytes:
        return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', part)

    content = with_member(workbook([["Name"], ["Ana"]]), "xl/worksheets/sheet1.xml", vast)

    assert cells(read_table(content, "people.xlsx")) == [("Ana",)]


def test_workbook_that_unpacks_too_large_is_refused_before_it_is_unpacked():
    bomb = io.BytesIO(workbook([["Name"], ["Ana"]]))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as package, package.open("xl/media/x", "w") as part:
        for _ in range(shape.MAX_UNPACKED_BYTES // 1024 // 1024 + 1):
            part.write(bytes(1024 * 1024))

    assert len(bomb.getvalue()) < 1024 * 1024
    assert refusal(bomb.getvalue()) == ("unpacked_too_large", None)


def test_workbook_of_too_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(inspecting, "MAX_PACKED_FILES", 3)

    assert refusal(workbook([["Name"], ["Ana"]])) == ("unpacked_too_large", None)


def test_workbook_whose_entities_multiply_is_refused():
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 40) for n in range(1, 8))
    doctype = b'<!DOCTYPE sst [<!ENTITY e0 "lol">' + entities + b"]>"

    def multiply(part: bytes) -> bytes:
        return doctype + part[part.index(b"<sst") :].replace(b"Ana", b"&e7;")

    content = with_member(workbook_with_shared_strings(), "xl/sharedStrings.xml", multiply)

    assert refusal(content) == ("corrupt_workbook", None)


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("word/document.xml", "not_a_spreadsheet"),
        ("xl/workbook.bin", "old_workbook"),
        ("content.xml", "old_workbook"),
    ],
)
def test_other_packages_are_refused(member, expected):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr(member, "x")

    assert refusal(content.getvalue()) == (expected, None)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_read(encoding):
    table = read_table("Name,Notes\nAna Peña,Łódź\n".encode(encoding), "people.csv")

    assert (cells(table), table.encoding) == ([("Ana Peña", "Łódź")], encoding)


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("rows", "limit"),
    [
        (b"<row>" + b"<c/>" * 5 + b"</row>", "MAX_CELLS_IN_ROW"),
        (b"<row>" + b"<c></c>" * 5 + b"</row><row/>", "MAX_CELLS_IN_ROW"),
        (b"<row/>" * 5, "LAST_ROW"),
        (b"<x/>" * 9, "MAX_TAGS"),
    ],
)
def test_workbook_whose_sheet_is_a_bomb_is_refused_before_it_is_parsed(rows, limit, monkeypatch):
    content = with_member(
        workbook([["Name"], ["Ana"]]),
        SHEET,
        lambda part: part[: part.index(b"<sheetData>")] + b"<sheetData>" + rows + b"</sheetData></worksheet>",
    )
    monkeypatch.setattr(inspecting, limit, 4 if limit != "MAX_TAGS" else 8)

    assert refusal(content) == ("unpacked_too_large", None)


def test_rows_with_a_prefix_are_counted_too(monkeypatch):
    def prefixed(part: bytes) -> bytes:
        return re.sub(rb"<(/?)(worksheet|sheetData|row|c|is|t)\b", rb"<\1x:\2", part).replace(
            b"xmlns=", b"xmlns:x="
        )

    content = with_member(workbook([["Name", "Email", "Area"], ["Ana", "", ""]]), SHEET, prefixed)
    monkeypatch.setattr(inspecting, "MAX_CELLS_IN_ROW", 2)

    assert refusal(content) == ("unpacked_too_large", None)


def with_cells(*rows: list[object], merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells_together in merged:
        book.active.merge_cells(cells_together)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_results_of_formulas_are_read_and_a_missing_one_is_refused_with_its_row():
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Given", "Name", "Note"])
    sheet.write(1, 0, "Ana")
    sheet.write_formula(1, 1, '=A2&" Ruiz"', value="Ana Ruiz")
    sheet.write_formula(1, 2, '=""', value="empty")
    book.close()
    with_empty_text = with_member(
        content.getvalue(), SHEET, lambda part: part.replace(b"<v>empty</v>", b"<v></v>")
    )

    assert cells(read_table(with_empty_text, "people.xlsx")) == [("Ana", "Ana Ruiz", "")]
    assert refusal(with_cells(["Given", "Name"], ["Ana", "x"], ["Bo", '=A3&" Ruiz"'])) == (
        "formula_without_result",
        3,
    )


def test_a_header_merged_over_columns_is_refused():
    rows = [["Name", "Contact", ""], ["", "Email", "Phone"], ["Ana", "a@x.org", "5550000000"]]

    assert refusal(with_cells(*rows, merged=("B1:C1", "A1:A2"))) == ("merged_header", 1)


def test_a_title_merged_over_the_table_is_passed_over():
    content = with_cells(["Spring roster", ""], ["Name", "Email"], ["Ana", "a@x.org"], merged=("A1:B1",))

    assert cells(read_table(content, "people.xlsx")) == [("Ana", "a@x.org")]


def test_one_cell_merged_beside_several_people_counts_for_each():
    rows = [["Name", "Organization"], ["Ana", "Pantry"], ["Bo"], [""], ["Cy"], ["Di", "Rides"]]

    assert cells(read_table(with_cells(*rows, merged=("B2:B5",)), "people.xlsx")) == [
        ("Ana", "Pantry"),
        ("Bo", "Pantry"),
        ("Cy", "Pantry"),
        ("Di", "Rides"),
    ]


def test_more_merged_cells_than_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr(inspecting, "MAX_MERGED", 3)

    assert refusal(with_cells(["Name"], ["Ana"], merged=("A2:A5",))) == ("unpacked_too_large", None)


def test_the_size_of_a_file_once_unpacked():
    content = workbook([["Name"], ["Ana"]])

    assert unpacked_size(b"Name\nAna\n") == 9
    assert unpacked_size(content) > len(content) // 2
    assert unpacked_size(content[:100]) == 100


def test_workbook_without_content_is_refused():
    assert refusal(workbook([], [["Name"], ["Ana"]], hidden=(1,))) == ("empty_file", None)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1-800-555", "'+1-800-555"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("+64 21 555 1234", "+64 21 555 1234"),
        ("+64215551234", "+64215551234"),
        ("-3.5", "-3.5"),
        ("'tis", "'tis"),
        ("Ana", "Ana"),
    ],
)
def test_cells_that_would_run_are_guarded_and_harmless_ones_stay_readable(cell, written):
    assert guard(cell) == written


def test_written_file_opens_in_spreadsheet_programs():
    content = write_csv(["Name", "Phone"], [["José", "+64 21 1"], ["=cmd", None], [7, "a\x00b"]])

    assert content == "\ufeffName,Phone\r\nJosé,+64 21 1\r\n'=cmd,\r\n7,ab\r\n".encode()
    assert b"".join(csv_lines(["Name"], iter([["Ana"]]))) == b"\xef\xbb\xbfName\r\nAna\r\n"


def as_read(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf"))
words = st.text(letters | st.sampled_from("\n\r\t,;|\"'=+-@ "), max_size=12)


@given(st.lists(st.tuples(words, words, words), min_size=1, max_size=8))
def test_what_was_written_is_read_back(rows):
    content = write_csv(["Name", "Notes", "Last"], [*rows, ("end", "", "end")])

    table = read_table(content, "people.csv")

    expected = [tuple(as_read(cell) for cell in row) for row in rows]
    assert cells(table) == [*(row for row in expected if any(row)), ("end", "", "end")]
