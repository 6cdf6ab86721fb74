"""The XML of a workbook looked over before it is parsed: for bombs, merged cells and missing results.

openpyxl builds a whole row before it hands it over, and says of a formula without a saved result only that
the cell is empty. So the bytes are looked at first, in pieces, which is quick and needs little memory.
"""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from openpyxl.utils.cell import range_boundaries

from coppice.lib.tables.refusals import FormulaWithoutResult, UnpackedTooLarge
from coppice.lib.tables.shape import (
    LAST_ROW,
    MAX_CELLS_IN_ROW,
    MAX_MERGED,
    MAX_PACKED_FILES,
    MAX_TAGS,
    MAX_UNPACKED_BYTES,
)

PIECE = 1024 * 1024
OVERLAP = 4096
ROOT = re.compile(rb"<(\w+:)?worksheet[\s>]")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]+\d+:[A-Z]+\d+)"')
NO_RESULT = re.compile(
    rb'<(?:\w+:)?c r="[A-Z]+(\d{1,7})"(?![^>]*\bt="str")[^>]*>\s*'
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A cell with a formula and no value; a formula that gives an empty text says so by its type."""


@dataclass(slots=True)
class Merged:
    """The merged cells of a sheet, by each row that they cover: first and last column from 1, and top row."""

    by_row: dict[int, list[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(list))

    def covers_columns(self, row: int, *, width: int) -> bool:
        """Whether one cell of this row stands for several of the first `width` columns."""
        return any(first < min(last, width) for first, last, _top in self.by_row.get(row, ()))


def check_package(package: zipfile.ZipFile) -> None:
    """Refuse what unpacks beyond bounds; zipfile reads no more of a part than the part declares."""
    parts = package.infolist()
    if len(parts) > MAX_PACKED_FILES or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise UnpackedTooLarge
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with package.open(part) as source:
                _check_part(source)


def inspect_sheet(source: IO[bytes]) -> Merged:
    """Return a sheet's merged cells; raises FormulaWithoutResult where a result was never saved."""
    merged = Merged()
    count = 0
    for piece in _pieces(source):
        if b"f" in piece and (found := NO_RESULT.search(piece)):
            raise FormulaWithoutResult(row=int(found[1]))
        for reference in set(MERGED.findall(piece)):
            left, top, right, bottom = range_boundaries(reference.decode())
            count += bottom - top + 1
            if count > MAX_MERGED:
                raise UnpackedTooLarge
            for row in range(top, bottom + 1):
                merged.by_row[row].append((left, right, top))
    return merged


def _check_part(source: IO[bytes]) -> None:
    """Count rows and the cells of each; only a sheet has them, whatever its part is called."""
    tags = rows = cells = 0
    prefix = b""
    while piece := source.read(PIECE):
        if not prefix and (root := ROOT.search(piece)):
            prefix = root[1] or b""
        tags += piece.count(b"<")
        first, *others = piece.split(b"<" + prefix + b"row")
        rows += len(others)
        counts = [cells + _cells(first, prefix), *(_cells(row, prefix) for row in others)]
        cells = counts[-1]
        if tags > MAX_TAGS or rows > LAST_ROW or max(counts) > MAX_CELLS_IN_ROW:
            raise UnpackedTooLarge


def _cells(xml: bytes, prefix: bytes) -> int:
    return sum(xml.count(b"<" + prefix + b"c" + end) for end in (b" ", b">", b"/"))


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    """Yield the content in pieces that overlap, so that what lies on an edge is whole in one of them."""
    tail = b""
    while piece := source.read(PIECE):
        yield tail + piece
        tail = piece[-OVERLAP:]
