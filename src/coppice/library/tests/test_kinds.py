"""Which files the library takes: by what is in them."""

import io
import zipfile

import pytest

from coppice.library.errors import NotTaken, NotWhatItSays
from coppice.library.kinds import KINDS, kind_of
from coppice.library.tests.factories import document

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7"),
        ("a.JPG", b"\xff\xd8\xff\xe0"),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.webp", b"RIFF\0\0\0\0WEBP"),
        ("a.docx", document(word__document_xml="<w/>")),
        ("a.xlsx", document(xl__workbook_xml="<x/>")),
        ("a.odt", document(mimetype=OPEN_TEXT)),
        ("a.zip", document()),
        ("a.doc", OLD_OFFICE + b"words" * 500_000),
        ("a.txt", "Señora".encode()),
        ("a.txt", "Señora".encode("cp1252")),
        ("a.txt", "Señora".encode("utf-16")),
        ("a.md", b"# Title"),
        ("a.mp4", b"\0\0\0\x18ftypmp42"),
    ],
)
def test_what_says_what_it_is_is_taken(name, content):
    file = io.BytesIO(content)

    kind = kind_of(file, name)

    assert (name.lower().rpartition(".")[2] in kind.ends, file.tell()) == (True, 0)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ"),
        ("a.docx", document(xl__workbook_xml="<x/>")),
        ("a.docx", b"PK\x03\x04broken"),
        ("a.odt", document(mimetype="application/epub+zip")),
        ("a.txt", b"\0\x01\x02"),
        ("a.txt", b" <!DOCTYPE html><script>"),
        ("a.png", b"\xff\xd8\xff"),
    ],
)
def test_what_lies_about_itself_is_not(name, content):
    with pytest.raises(NotWhatItSays):
        kind_of(io.BytesIO(content), name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", document(word__document_xml="<w/>", word__vbaProject_bin="x")),
        ("a.odt", document(mimetype=OPEN_TEXT, Basic__script_xml="x")),
        ("a.xls", OLD_OFFICE + b"x" * (1024 * 1024 - 20) + "_VBA_PROJECT".encode("utf-16-le")),
        ("a.docm", document(word__document_xml="<w/>")),
        ("a.js", b"alert(1)"),
    ],
)
def test_macros_and_programs_are_not_taken(name, content):
    with pytest.raises(NotTaken):
        kind_of(io.BytesIO(content), name)


def test_no_two_kinds_claim_the_same_end_of_a_name():
    ends = [end for kind in KINDS for end in kind.ends]

    assert len(ends) == len(set(ends))


def _with_a_broken_part() -> bytes:
    """A packed file whose short line about itself does not unpack."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", OPEN_TEXT * 9)
    content = bytearray(packed.getvalue())
    content[38:44] = b"\xff" * 6
    return bytes(content)


def test_a_packed_file_that_does_not_unpack_is_refused():
    with pytest.raises(NotWhatItSays):
        kind_of(io.BytesIO(_with_a_broken_part()), "a.odt")


def test_a_packed_file_of_endless_parts_is_refused_before_they_are_listed(monkeypatch):
    monkeypatch.setattr(zipfile, "ZipFile", None)

    with pytest.raises(NotTaken):
        kind_of(io.BytesIO(b"PK\x03\x04" + b"PK\x01\x02".ljust(46, b"\0") * 40_000), "a.zip")
