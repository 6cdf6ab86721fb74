"""Files in an export: JSON read one by one and whole, tables line by line, each within bounds."""

import io
import json
import re
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import IO, Any

from coppice.conversations.importing.errors import BrokenArchive, PartTooLarge
from coppice.conversations.importing.unpacking import BROKEN, ZIP, names_in, start_of
from coppice.notifications.inbound.reading import well_formed

LONGEST_LINE = 1024 * 1024
LARGEST_JSON = 16 * 1024 * 1024
"""Measured: 16 MB of an export take 60 MB of memory once they are read, the worst JSON 400 MB."""


def parsed(content: bytes) -> Any:
    """Return what a JSON file says; None for what is none, or too deep. Raises PartTooLarge."""
    if len(content) > LARGEST_JSON:
        raise PartTooLarge
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def files(file: IO[bytes], pattern: str) -> Iterator[tuple[re.Match[str], bytes]]:
    """Yield the files of a zip whose whole name fits, in the order of names.

    Nothing is written anywhere by its name. Raises BrokenArchive, ArchiveTooLarge, and PartTooLarge for one
    of more than `LARGEST_JSON` bytes.
    """
    wanted = re.compile(pattern)
    infos = sorted(names_in(file), key=lambda info: info.filename)
    with zipfile.ZipFile(file) as box:
        for info in infos:
            if found := wanted.fullmatch(info.filename):
                yield found, _content(box, info)


def has(file: IO[bytes], *names: str) -> bool:
    """Say whether a file is a zip that holds a file of each of these names, in whatever folder."""
    if not start_of(file).startswith(ZIP):
        return False
    here = {info.filename.rpartition("/")[2] for info in names_in(file)}
    return set(names) <= here


def _content(box: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > LARGEST_JSON:
        raise PartTooLarge
    try:
        with box.open(info) as packed:
            return packed.read(LARGEST_JSON + 1)
    except BROKEN:
        raise BrokenArchive from None


@contextmanager
def lines_of(file: IO[bytes], pattern: str) -> Iterator[Iterator[str]]:
    """Give the lines of a text, or of the first file of a zip whose whole name fits, as they are read.

    There are none where nothing fits. Raises BrokenArchive, ArchiveTooLarge.
    """
    if not start_of(file).startswith(ZIP):
        with closing(_decoded(file)) as lines:
            yield lines
        return
    wanted = re.compile(pattern)
    info = next((info for info in names_in(file) if wanted.fullmatch(info.filename)), None)
    if info is None:
        yield iter(())
        return
    try:
        box = zipfile.ZipFile(file)
        packed = box.open(info)
    except BROKEN:
        raise BrokenArchive from None
    with box, packed, closing(_decoded(packed)) as lines:
        yield lines


def _decoded(file: IO[bytes]) -> Generator[str]:
    """The lines of a text, each of `LONGEST_LINE` signs at most; one that is longer comes in parts."""
    text = io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="")
    try:
        while line := text.readline(LONGEST_LINE):
            yield line.replace("\0", "")
    except BROKEN:
        raise BrokenArchive from None
    finally:
        text.detach()


def texts(value: Any) -> str:
    """Return what should be text, as every database keeps it; "" for anything else."""
    return well_formed(value) if isinstance(value, str) else ""


def dicts(value: Any) -> list[dict[str, Any]]:
    """Return those of a list that are objects; none where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
