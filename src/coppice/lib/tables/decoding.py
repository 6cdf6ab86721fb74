"""Bytes into text: UTF-8 with and without its mark, UTF-16 and UTF-32 with theirs, Windows-1252."""

import codecs
import re

from coppice.lib.tables.refusals import EmptyFile, NotASpreadsheet, UnreadableCharacter

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
MOST_LOOKED_AT = 4096
LINE_END = re.compile(r"\r\n?|\n")


def decode(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    Text that is not UTF-8 is taken as Windows-1252, unless most of it is UTF-8: then it was cut or mixed, and
    guessing would spoil every accented name.
    """
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "") or _unmarked(content)
    if encoding:
        text = _strictly(content, encoding)
    else:
        try:
            text, encoding = content.decode("utf-8"), "utf-8"
        except UnicodeDecodeError as error:
            if _is_binary(content.decode("latin-1")):
                raise NotASpreadsheet from None
            if _is_mostly_utf8(content):
                raise UnreadableCharacter(row=_row_of(content[: error.start].decode("utf-8"))) from None
            text, encoding = _strictly(content, "cp1252"), "cp1252"
    if _is_binary(text):
        raise NotASpreadsheet
    if "\x00" in text:
        raise UnreadableCharacter(row=_row_of(text[: text.index("\x00")]))
    text = CONTROL.sub("", text)
    if not text.strip("\ufeff \t\r\n"):
        raise EmptyFile
    return text, encoding


def _unmarked(content: bytes) -> str:
    """Tell UTF-16 without its mark by the zeros beside its letters, all of them on one side."""
    start = content[:MOST_LOOKED_AT]
    before, behind = start[::2].count(0), start[1::2].count(0)
    if not before + behind > len(start) / 4:
        return ""
    if not before:
        return "utf-16-le"
    return "" if behind else "utf-16-be"


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, errors="ignore")
        if _is_binary(before):
            raise NotASpreadsheet from None
        raise UnreadableCharacter(row=_row_of(before)) from None


def _is_mostly_utf8(content: bytes) -> bool:
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", errors="ignore")) - broken > broken


def _is_binary(text: str) -> bool:
    """One or two stray control characters are a slip; one in fifty is no text."""
    return len(CONTROL.findall(text)) > max(2, len(text) / 50)


def _row_of(text_before: str) -> int:
    """Count line ends outside quotation marks, as a spreadsheet program counts rows."""
    return sum(len(LINE_END.findall(part)) for part in text_before.split('"')[::2]) + 1
