"""CSV in its many dialects: which separator it uses, and its rows with the reason when one cannot be read."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from coppice.lib.tables.refusals import CellTooLong, NotASpreadsheet, StrayQuote, TooManyRows, UnclosedQuote
from coppice.lib.tables.shape import LAST_ROW

DELIMITERS = (",", ";", "\t", "|")
SEPARATOR_LINE = re.compile(r"\ufeff?sep=([,;\t|])\r?\n?", re.IGNORECASE)
OTHER_FORMATS = re.compile(r"\s*(?:%PDF|\{\\rtf|<!doctype|<html|<table|<\?xml)", re.IGNORECASE)
SAMPLE_ROWS = 60


def split_rows(text: str, *, delimiter: str = "") -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """Return the separator and the rows of a CSV text, each with its number in a spreadsheet program.

    The separator is the given one, else that of a first line `sep=;` (which those programs do not show as
    a row), else the one that `guess_delimiter` finds.
    """
    if OTHER_FORMATS.match(text) or _is_json(text):
        raise NotASpreadsheet
    declared = SEPARATOR_LINE.match(text)
    if declared:
        return declared[1], _rows(text[declared.end() :], declared[1])
    delimiter = delimiter or guess_delimiter(text)
    return delimiter, _rows(text, delimiter)


def guess_delimiter(text: str) -> str:
    """Return the separator that splits the first rows most evenly; a comma when none splits them.

    Splitting the very first row counts half as much again, because cells may hold lists with separators of
    their own, but names of columns seldom do.
    """
    return max(DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        widths = [len(row) for row in islice(reader, SAMPLE_ROWS) if any(row)]
    except csv.Error:
        return 0, 0
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
    if usual < 2:
        return 0, 0
    return widths.count(usual) / len(widths) + (0.5 if widths[0] > 1 else 0), usual


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _refusal(str(error), number) from None
        if number > LAST_ROW:
            raise TooManyRows(row=number)
        yield number, row


def _refusal(reason: str, number: int) -> Exception:
    """The csv module tells its reasons only in words."""
    if "unexpected end" in reason:
        return UnclosedQuote(row=number)
    if "field larger" in reason:
        return CellTooLong(row=number)
    return StrayQuote(row=number)


def _is_json(text: str) -> bool:
    ends = text.strip()[:1] + text.strip()[-1:]
    return ends in ("{}", "[]")
