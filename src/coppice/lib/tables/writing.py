"""Tables going out, as CSV that spreadsheet programs open rightly and never run."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from coppice.lib.tables.guarding import guard

UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ud800-\udfff]")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a whole CSV file: UTF-8 with a byte order mark, commas, CRLF, formulas made harmless."""
    return b"".join(csv_lines(header, rows))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield the same file row by row, for tables that are streamed.

    None becomes an empty cell; control characters, which no reader accepts, are left out.
    """
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    yield BYTE_ORDER_MARK
    for row in chain([header], rows):
        writer.writerow([_cell(value) for value in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def _cell(value: object) -> str:
    return "" if value is None else guard(UNWRITABLE.sub("", str(value)))
