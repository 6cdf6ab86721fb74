"""A mailbox file (mbox) as mails, one by one: of Mailman, Google Groups, and whatever else writes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

LARGEST_MAIL = 40 * 1024 * 1024
LONGEST_LINE = 1024 * 1024
# "From jane at example.org  Tue Mar  3 10:02:11 2015", "From 1503435956@xxx Tue Mar 03 10:02:11 +0000 2015"
BEGINS = re.compile(
    rb"From [^\r\n]{0,300}?\d{1,2}:\d{2}(?::\d{2})?[^\r\n]{0,60}\b(?:19|20)\d\d\b[^\r\n]{0,40}\r?\n?$"
)
MARK = b"\xef\xbb\xbf"
HEADER = re.compile(rb"[!-9;-~]{1,80}:|>?From ")
ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RawMail:
    """A mail as it stands in the file: `line` is the one that begins it, `raw` the mail itself.

    `offset` and `length` count bytes of the file, with that line. `is_large` when it is longer than
    `LARGEST_MAIL`: `raw` is empty then.
    """

    line: bytes
    raw: bytes
    offset: int
    length: int
    is_large: bool = False


def is_mbox(beginning: bytes) -> bool:
    """Say whether a file that begins so is a mailbox."""
    lines = beginning.removeprefix(MARK).lstrip(b"\r\n").splitlines(keepends=True)
    return len(lines) > 1 and bool(BEGINS.match(lines[0]) and HEADER.match(lines[1]))


def mails(file: IO[bytes]) -> Iterator[RawMail]:
    """Yield the mails of a mailbox file, which is read once from its beginning, one mail in memory at a time.

    A mail begins at a line "From …" with a date after an empty line, if a header follows: such a line within
    somebody's words begins none. Lines that were marked (">From ") are as they were written.
    """
    cutter = _Cutter()
    offset, is_after_blank, waiting = 0, True, b""
    for line in _lines(file):
        if waiting:
            if HEADER.match(line):
                if mail := cutter.end(offset - len(waiting)):
                    yield mail
                cutter.begin(waiting, offset - len(waiting))
            else:
                cutter.add(waiting)
            waiting = b""
        if is_after_blank and BEGINS.match(line if offset else line.removeprefix(MARK)):
            waiting = line
        else:
            cutter.add(line)
        is_after_blank = not line.strip(b"\r\n")
        offset += len(line)
    cutter.add(waiting)
    if mail := cutter.end(offset):
        yield mail


def mail_at(file: IO[bytes], *, offset: int, length: int) -> bytes:
    """Return a mail that `mails` found, once more."""
    file.seek(offset)
    return _unescaped(file.read(min(length, LARGEST_MAIL)).partition(b"\n")[2])


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE):
        yield line


class _Cutter:
    """Gathers the lines of one mail."""

    def __init__(self) -> None:
        self._line, self._offset, self._size = b"", -1, 0
        self._parts: list[bytes] = []

    def begin(self, line: bytes, offset: int) -> None:
        self._line, self._offset, self._size = line, offset, 0
        self._parts = []

    def add(self, line: bytes) -> None:
        if self._offset < 0:
            return
        self._size += len(line)
        if self._size <= LARGEST_MAIL:
            self._parts.append(line)
        else:
            self._parts = []

    def end(self, offset: int) -> RawMail | None:
        if self._offset < 0:
            return None
        return RawMail(
            line=self._line,
            raw=_unescaped(b"".join(self._parts)),
            offset=self._offset,
            length=offset - self._offset,
            is_large=self._size > LARGEST_MAIL,
        )


def _unescaped(raw: bytes) -> bytes:
    return ESCAPED.sub(rb"\1", raw) if b"From " in raw else raw
