"""Files that come packed: within bounds, and never written anywhere by the names in them."""

import gzip
import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from coppice.conversations.importing.errors import ArchiveTooLarge, BrokenArchive

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What a damaged or hostile file does to its reader."""
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
BEGINNING = 64 * 1024
LARGEST_UNPACKED = 4 * 1024 * 1024 * 1024
MOST_PACKED = 100_000
BLOCK = 1024 * 1024


def start_of(file: IO[bytes]) -> bytes:
    """Return how a file begins, and go back to its start."""
    file.seek(0)
    beginning = file.read(BEGINNING)
    file.seek(0)
    return beginning


@contextmanager
def unpacked(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Give a file as it is when it is packed alone (gzip), or is mailboxes in a zip as Google gives them.

    Anything else is given as it came. What comes out is counted while it comes: ArchiveTooLarge beyond
    `LARGEST_UNPACKED` bytes, BrokenArchive for what does not unpack.
    """
    beginning = start_of(file)
    if beginning.startswith(GZIP):
        with tempfile.TemporaryFile() as whole:
            with _kind_refusals(), gzip.open(file) as packed:
                _copy(packed, whole)
            whole.seek(0)
            yield whole
    elif beginning.startswith(ZIP) and (mailboxes := _mailboxes(file)):
        with tempfile.TemporaryFile() as whole:
            with _kind_refusals(), zipfile.ZipFile(file) as box:
                for each in mailboxes:
                    with box.open(each) as packed:
                        _copy(packed, whole)
                    whole.write(b"\n\n")
            whole.seek(0)
            yield whole
    else:
        yield file


def names_in(file: IO[bytes]) -> list[zipfile.ZipInfo]:
    """Return what a zip holds. Raises BrokenArchive, ArchiveTooLarge for one that unpacks to too much."""
    with _kind_refusals(), zipfile.ZipFile(file) as box:
        infos = [info for info in box.infolist() if not info.is_dir()]
    if len(infos) > MOST_PACKED or sum(info.file_size for info in infos) > LARGEST_UNPACKED:
        raise ArchiveTooLarge
    return infos


def _mailboxes(file: IO[bytes]) -> list[zipfile.ZipInfo]:
    return [info for info in names_in(file) if info.filename.lower().endswith((".mbox", ".mbx"))]


@contextmanager
def _kind_refusals() -> Iterator[None]:
    """Raise BrokenArchive for whatever a damaged or hostile file does to its reader."""
    try:
        yield
    except BROKEN:
        raise BrokenArchive from None


def _copy(packed: Any, whole: IO[bytes]) -> None:
    size = whole.tell()
    while block := packed.read(BLOCK):
        size += len(block)
        if size > LARGEST_UNPACKED:
            raise ArchiveTooLarge
        whole.write(block)
