"""Finding what stands above an answered mail: "-----Original Message-----", or From, Sent, To and Subject."""

import re

from engines.replies import languages
from engines.replies.lines import Line, Sort, following

MOST_LINES = 40
"""A block of headers is looked for in so many lines, for a mail may have many recipients."""

DASHES = "-_=*—–"
MOST_TRIES = 2_000
"""So many lines are looked at as beginnings of headers."""

RULE = re.compile(r"[-_=*—–]{5,}$")
BEGINNINGS = frozenset(languages.FROM + languages.SENT + languages.SUBJECT)
LABEL = re.compile(r"[*_]{0,3}([^\s:：*_][^:：*_]{0,24}?)\s?[*_]{0,3}\s?[:：]")


def find(lines: list[Line]) -> None:
    """Mark where a mail that is answered begins; one that is forwarded stays, for it was sent on purpose."""
    forwarded, tries = -1, 0
    for index, line in enumerate(lines):
        if line.sort is not Sort.WORDS or line.is_code or index <= forwarded:
            continue
        if _is_named(line, languages.FORWARDED):
            forwarded = max(_end_of_headers(lines, following(lines, index + 1)), index)
        elif _is_named(line, languages.ORIGINAL):
            end = _end_of_headers(lines, following(lines, index + 1))
            _mark(lines, index, max(end, index + 1))
        elif tries < MOST_TRIES and _label(line) in BEGINNINGS:
            tries += 1
            end = _end_of_headers(lines, index)
            if end > index:
                _mark(lines, _above(lines, index), end)


def is_block(lines: list[Line]) -> bool:
    """Whether these lines begin with the headers of a mail."""
    return _end_of_headers(lines, following(lines, 0)) > 0


def _is_named(line: Line, names: tuple[str, ...]) -> bool:
    """Whether a line is one of these names between dashes."""
    if len(line.plain) > 100 or line.plain[0] not in DASHES or line.plain[-1] not in DASHES:
        return False
    name = line.plain.strip(DASHES + " \t<>").casefold()
    return 0 < len(name) < 60 and any(each in name for each in names)


def _end_of_headers(lines: list[Line], first: int) -> int:
    """The place behind a block of headers that begins here; -1 when there is none."""
    if first >= len(lines) or _label(lines[first]) not in BEGINNINGS:
        return -1
    found: list[str] = []
    last = first
    for index in range(first, min(first + MOST_LINES, len(lines))):
        if lines[index].sort is Sort.BLANK:
            break
        label = _label(lines[index])
        if label:
            found.append(label)
            last = index
    named = [any(each in names for each in found) for names in (languages.FROM, languages.SUBJECT)]
    if len(found) < 3 or not all(named) or not _is_sent(found):
        return -1
    return last + 1


def _is_sent(labels: list[str]) -> bool:
    return any(each in languages.SENT + languages.TO for each in labels)


def _label(line: Line) -> str:
    found = LABEL.match(line.plain[:60])
    return found.group(1).strip().casefold() if found else ""


def _mark(lines: list[Line], first: int, end: int) -> None:
    """Mark a beginning; where what follows is quoted line by line, it is no more than an attribution."""
    below = following(lines, end)
    is_quoted = below < len(lines) and lines[below].sort is Sort.QUOTE
    for each in lines[first:end]:
        if each.sort is not Sort.BLANK:
            each.sort = Sort.ATTRIBUTION if is_quoted else Sort.ORIGINAL


def _above(lines: list[Line], index: int) -> int:
    """Take in a rule that stands right above."""
    above = index - 1
    while above >= max(index - 3, 0) and lines[above].sort is Sort.BLANK:
        above -= 1
    return (
        above if above >= 0 and RULE.match(lines[above].plain) and lines[above].sort is Sort.WORDS else index
    )
