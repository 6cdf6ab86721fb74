"""Which files the library takes: told by what is in them, and by their name only where that says the same."""

import codecs
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coppice.library.errors import NotTaken, NotWhatItSays

HEAD = 8192
MOST_PARTS = 20_000
A_PART = b"PK\x01\x02"
BROKEN = (
    *(OSError, NotImplementedError, RuntimeError, ValueError, EOFError, MemoryError),
    *(zlib.error, lzma.LZMAError, struct.error),
)
"""What reading a part of a packed file may end with when it is broken, locked, or made to do harm."""
OLD_MACROS = "_VBA_PROJECT".encode("utf-16-le")
STEP = 1024 * 1024


@dataclass(frozen=True)
class FileKind:
    """One kind of file: what browsers call it, what people call it, and the ends of its names."""

    content_type: str
    label: str | Promise
    ends: tuple[str, ...]
    begins: Callable[[bytes], bool]


def _starts(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(heads)


def _is_text(head: bytes) -> bool:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    begins = head.removeprefix(codecs.BOM_UTF8).lstrip()[:64].lower()
    is_markup = begins.startswith((b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml"))
    return not is_markup and not any(byte < 9 or 13 < byte < 27 for byte in head)


_is_zip = _starts(b"PK\x03\x04")
_is_old_office = _starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

WORD, SHEET, SLIDES = _("Word document"), _("Spreadsheet"), _("Slides")
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."

KINDS = (
    FileKind("application/pdf", "PDF", ("pdf",), lambda head: b"%PDF-" in head[:1024]),
    FileKind("image/jpeg", _("Picture"), ("jpg", "jpeg"), _starts(b"\xff\xd8\xff")),
    FileKind("image/png", _("Picture"), ("png",), _starts(b"\x89PNG\r\n\x1a\n")),
    FileKind("image/gif", _("Picture"), ("gif",), _starts(b"GIF87a", b"GIF89a")),
    FileKind(
        "image/webp", _("Picture"), ("webp",), lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    ),
    FileKind(f"{OFFICE}wordprocessingml.document", WORD, ("docx",), _is_zip),
    FileKind(f"{OFFICE}spreadsheetml.sheet", SHEET, ("xlsx",), _is_zip),
    FileKind(f"{OFFICE}presentationml.presentation", SLIDES, ("pptx",), _is_zip),
    FileKind(f"{OPEN}text", _("Text document"), ("odt",), _is_zip),
    FileKind(f"{OPEN}spreadsheet", SHEET, ("ods",), _is_zip),
    FileKind(f"{OPEN}presentation", SLIDES, ("odp",), _is_zip),
    FileKind("application/msword", WORD, ("doc",), _is_old_office),
    FileKind("application/vnd.ms-excel", SHEET, ("xls",), _is_old_office),
    FileKind("application/vnd.ms-powerpoint", SLIDES, ("ppt",), _is_old_office),
    FileKind("application/rtf", _("Text document"), ("rtf",), _starts(b"{\\rtf")),
    FileKind("application/epub+zip", _("Electronic book"), ("epub",), _is_zip),
    FileKind("application/zip", _("Packed files"), ("zip",), _is_zip),
    FileKind("text/plain", _("Text"), ("txt",), _is_text),
    FileKind("text/markdown", _("Text"), ("md", "markdown"), _is_text),
    FileKind("text/csv", _("Table"), ("csv", "tsv"), _is_text),
    FileKind("text/calendar", _("Calendar"), ("ics",), _starts(b"BEGIN:VCALENDAR")),
    FileKind(
        "audio/mpeg",
        _("Sound"),
        ("mp3",),
        _starts(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa"),
    ),
    FileKind("audio/mp4", _("Sound"), ("m4a",), lambda head: head[4:8] == b"ftyp"),
    FileKind("audio/wav", _("Sound"), ("wav",), lambda head: head[:4] == b"RIFF" and head[8:12] == b"WAVE"),
    FileKind("audio/ogg", _("Sound"), ("ogg", "oga", "opus"), _starts(b"OggS")),
    FileKind("video/mp4", _("Film"), ("mp4", "m4v", "mov"), lambda head: head[4:8] == b"ftyp"),
    FileKind("video/webm", _("Film"), ("webm",), _starts(b"\x1aE\xdf\xa3")),
)
BY_END = {end: kind for kind in KINDS for end in kind.ends}
BY_TYPE = {kind.content_type: kind for kind in KINDS}
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")
PDF = "application/pdf"
TEXTS = ("text/plain", "text/markdown", "text/csv", "text/calendar")
SHOWN_WITHIN = (PDF, *PICTURES, *TEXTS)
"""What a browser may show by itself; everything else is saved to disk."""


def kind_of_name(name: str) -> FileKind:
    """Return the kind that a file's name promises; raises NotTaken for one that the library does not take."""
    kind = BY_END.get(PurePath(name).suffix.lower().removeprefix("."))
    if kind is None:
        raise NotTaken
    return kind


def kind_of(file: IO[bytes], name: str) -> FileKind:
    """Return what kind of file this is by its name and its content, which have to say the same.

    Raises NotTaken (also for macros), NotWhatItSays. Leaves the file at its beginning.
    """
    kind = kind_of_name(name)
    file.seek(0)
    is_so = kind.begins(file.read(HEAD))
    if is_so and kind.begins is _is_zip:
        is_so = _is_packed_as(kind, file)
    elif is_so and kind.begins is _is_old_office:
        _refuse_old_macros(file)
    file.seek(0)
    if not is_so:
        raise NotWhatItSays
    return kind


def _is_packed_as(kind: FileKind, file: IO[bytes]) -> bool:
    """Say whether a packed file holds what its kind is made of; nothing is unpacked but one short line."""
    if _parts_in(file) > MOST_PARTS:
        raise NotTaken
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            names = set(packed.namelist())
            says = packed.open("mimetype").read(100).decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, *BROKEN):
        return False
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
        raise NotTaken
    folder = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}.get(kind.ends[0])
    if folder:
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)
    if kind.content_type.startswith(OPEN) or kind.ends == ("epub",):
        return says.strip() == kind.content_type
    return True


def _parts_in(file: IO[bytes]) -> int:
    """Count the parts that a packed file says it has, up to about MOST_PARTS, before they fill any memory."""
    file.seek(0)
    count, before = 0, b""
    while count <= MOST_PARTS and (piece := file.read(STEP)):
        count += (before + piece).count(A_PART)
        before = piece[-len(A_PART) + 1 :]
    return count


def _refuse_old_macros(file: IO[bytes]) -> None:
    file.seek(0)
    before = b""
    while piece := file.read(STEP):
        if OLD_MACROS in before + piece:
            raise NotTaken
        before = piece[-len(OLD_MACROS) :]
