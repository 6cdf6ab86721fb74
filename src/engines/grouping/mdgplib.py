"""Problems as the public library MDGPLIB writes them: groups with bounds, a distance for every two people."""

import gzip
import zlib
from pathlib import Path

from engines.grouping.diverse import Distances
from engines.grouping.problem import ProblemError

THOUSAND = 1000
"""Distances are counted in thousandths, so that sums are exact."""


def read_mdgplib(path: Path) -> Distances:
    """A problem from a file, gzipped or not: `N K ss|ds L1 U1 … LK UK`, then lines of `i j distance`.

    Raises ProblemError for another shape, and when the file cannot be read.
    """
    head, _, body = _content(path).partition(b"\n")
    words, cells = head.split(), body.split()
    try:
        people, groups = int(words[0]), int(words[1])
        bounds = [int(word) for word in words[3 : 3 + 2 * groups]]
        if len(bounds) != 2 * groups or len(cells) != 3 * people * (people - 1) // 2:
            raise ProblemError("the bounds of each group and the distance of every two people are needed")
        between = [0] * people**2
        for one, other, distance in zip(cells[::3], cells[1::3], cells[2::3], strict=True):
            i, j = int(one), int(other)
            between[i * people + j] = between[j * people + i] = round(THOUSAND * float(distance))
    except (IndexError, ValueError, OverflowError) as error:
        raise ProblemError(f"this is no problem of MDGPLIB: {error}") from error
    return Distances(between, tuple(bounds[::2]), tuple(bounds[1::2]))


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ProblemError(f"{path}: {error.strerror}") from error
    if path.suffix != ".gz":
        return content
    try:
        return gzip.decompress(content)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ProblemError(f"this is no whole archive: {error}") from error
