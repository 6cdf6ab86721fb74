"""The lines of a mail: each is somebody's words until something shows that it is not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

ORIGINAL_BEGINS, SIGNED, ATTRIBUTED = "\ue000", "\ue001", "\ue002"
"""What `pages` puts before a line where the HTML says: here the mail that is answered begins, this is a
signature, this announces a quote. Plain text holds them as little as `read` lets it: see `without_signs`."""

LONGEST_SIGNATURE = 1_500
"""Where the HTML calls more characters a signature, somebody wrote their mail into it."""

LONGEST = 600
"""A line of more characters announces nothing."""

UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
QUOTED = re.compile(r"\s{0,3}[>＞]")
SIGNS = re.compile(r"(?:\s{0,3}[>＞])+")
INITIALS = re.compile(r"\s?([A-Z]{1,3})> ?")
BAR = re.compile(r"\s{0,3}\|(?:\s|$)")
FENCE = re.compile(r"\s{0,3}(?:```|~~~)")


class Sort(Enum):
    """What a line is."""

    BLANK = "blank"
    WORDS = "words"
    QUOTE = "quote"
    ATTRIBUTION = "attribution"  # "On Monday Maria wrote:" above a quote
    ORIGINAL = "original"  # from here on comes the mail that is answered, not marked line by line
    SIGNATURE = "signature"


@dataclass(slots=True)
class Line:
    """A line as it came, how it reads without what nobody sees, and what it is."""

    text: str
    plain: str
    sort: Sort
    is_code: bool = False


def sorted_lines(text: str) -> list[Line]:
    """Split a text into lines: blank ones, quotes by their sign, and words; code is left alone."""
    lines = [_line(each) for each in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    signed = [line for line in lines if line.sort is Sort.SIGNATURE]
    if sum(len(line.text) for line in signed) > LONGEST_SIGNATURE:
        for line in signed:
            line.sort = Sort.WORDS
    _mend_from(lines)
    _find_initials(lines)
    _find_code(lines)
    return lines


def without_signs(text: str) -> str:
    """A text without the characters that `pages` keeps for itself."""
    return text.translate({ord(each): None for each in (ORIGINAL_BEGINS, SIGNED, ATTRIBUTED)})


def following(lines: list[Line], index: int) -> int:
    """The place of the next line that is not blank, from `index` on, or the end."""
    while index < len(lines) and lines[index].sort is Sort.BLANK:
        index += 1
    return index


def blocks(lines: list[Line], sort: Sort) -> Iterator[tuple[int, int]]:
    """Where lines of a sort stand together with blank ones between: first place and the one behind."""
    index = 0
    while index < len(lines):
        if lines[index].sort is not sort:
            index += 1
            continue
        first = last = index
        while index < len(lines) and lines[index].sort in (sort, Sort.BLANK):
            last = index if lines[index].sort is sort else last
            index += 1
        yield first, last + 1


def bare(line: str) -> str:
    """A line as everybody sees it: without marks of direction, with plain spaces, trimmed."""
    if line.isascii():
        return line.strip()
    return UNSEEN.sub("", line).replace("\u00a0", " ").replace("\u202f", " ").strip()


def _line(text: str) -> Line:
    if not text:
        return Line("", "", Sort.BLANK)
    if text.startswith(SIGNED):
        return Line(text[1:], bare(text[1:]), Sort.SIGNATURE)
    if text.startswith(ORIGINAL_BEGINS):
        return Line(text[1:], bare(text[1:]), Sort.ORIGINAL)
    if text.startswith(ATTRIBUTED):
        return Line(text[1:], bare(text[1:]), Sort.ATTRIBUTION)
    plain = bare(text)
    if not plain:
        return Line("", "", Sort.BLANK)
    return Line(text, plain, Sort.QUOTE if QUOTED.match(text) else Sort.WORDS)


def _mend_from(lines: list[Line]) -> None:
    """Mailboxes put a sign of quoting before a line with "From ": take it away where it stands alone."""
    for index, line in enumerate(lines):
        if line.text.startswith(">From "):
            beside = lines[max(index - 1, 0) : index] + lines[index + 1 : index + 2]
            if not any(each.sort is Sort.QUOTE for each in beside):
                line.text, line.plain, line.sort = line.text[1:], line.plain[1:], Sort.WORDS


def _find_initials(lines: list[Line]) -> None:
    """Some programs quote with the initials of who wrote: three such lines in a row are a quote."""
    run: list[Line] = []
    before = ""
    for line in [*lines, Line("", "", Sort.BLANK)]:
        found = INITIALS.match(line.text)
        initials = found.group(1) if found else ""
        if initials != before and run:
            if len(run) >= 3:
                for each in run:
                    each.sort = Sort.QUOTE
            run = []
        if initials:
            run.append(line)
        before = initials


def _find_code(lines: list[Line]) -> None:
    """Between two fences everything is the writer's."""
    opened: int | None = None
    for index, line in enumerate(lines):
        if line.sort is Sort.WORDS and FENCE.match(line.text):
            if opened is None:
                opened = index
            else:
                for each in lines[opened : index + 1]:
                    each.sort = Sort.BLANK if each.sort is Sort.BLANK else Sort.WORDS
                    each.is_code = True
                opened = None
