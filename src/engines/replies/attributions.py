"""Finding the line above a quote, "On Monday Maria wrote:", in any language and however it is broken."""

import re
import unicodedata

from engines.replies import languages
from engines.replies.lines import BAR, LONGEST, Line, Sort

MOST_LINES = 6
"""An attribution is broken into so many lines at most."""

MOST_TRIES = 5_000
"""So many lines of a mail are looked at as ends of attributions; whatever comes later stays as it is."""

ADDRESS = re.compile(r"[<(\[«]\s?(?:mailto:)?[^\s<>()@]{1,80}@[^\s<>()@]|<\s?mailto:")
TIME = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2} ?[時时시点點]")
DAY = re.compile(r"(?<!\d)\d{4}(?!\d)|(?<!\d)\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?!\d)|\d{1,2} ?[日일]")
SOME_DAY = re.compile(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?(?!\d)")
AROUND = "-—–*_\"'«“> \t"

_alphabetic = [re.escape(each) for each in languages.OPENERS if each.isascii() or each[0] < "\u2e80"]
_packed = [re.escape(each) for each in languages.OPENERS if each[0] >= "\u2e80"]
OPENER = re.compile(rf"(?:{'|'.join(_alphabetic)})[\s,]|(?:{'|'.join(_packed)})\s?\d|(?:ב|ב-)\d")
OPENER_ALONE = re.compile(rf"(?:{'|'.join(_alphabetic)})(?:[\s,]|$)")
DATE_FIRST = re.compile(r"\(?\d|[^\s\d.,:;!?<>()]{1,12}[.,]{0,2}\s\(?\d")
NAME_FIRST = re.compile(r"(?:[^\d.!?:;@<>(\[]|(?<=\b\w)\.){0,60}[<(\[]\s?[^\s@]{1,80}@")


def find(lines: list[Line]) -> None:
    """Mark attributions; a sure one that nothing quoted follows begins the mail that is answered."""
    after = _next_seen(lines)
    tries = 0
    for index, line in enumerate(lines):
        if line.is_code or len(line.plain) > LONGEST or line.sort not in (Sort.WORDS, Sort.QUOTE):
            continue
        ends = _ends(line.plain)
        if not ends and not (ADDRESS.search(line.plain) or line.plain.endswith(">")):
            continue
        if line.sort is Sort.QUOTE and not _closes_address(line):
            continue
        below = after[index + 1]
        is_quoted = below < len(lines) and (_is_quote(lines[below]) or _is_barred(lines, below))
        tries += 1
        if (not ends and not is_quoted) or tries > MOST_TRIES:
            continue
        first = _beginning(lines, index, is_quoted=is_quoted)
        if first is not None:
            sort = Sort.ATTRIBUTION if is_quoted else Sort.ORIGINAL
            for each in lines[first : index + 1]:
                each.sort = Sort.BLANK if each.sort is Sort.BLANK else sort
            if is_quoted:
                _bars(lines, below)


def is_attribution(words: str, *, is_quoted: bool) -> bool:
    """Whether words in one line announce a quote; it takes more where nothing marked as quoted follows."""
    plain = _ascii_digits(words).lstrip(AROUND).casefold()
    if not _begins(plain):
        return False
    ends = _ends(plain)
    address, day, time = ADDRESS.search(plain), DAY.search(plain), TIME.search(plain)
    wrote = any(verb in plain for verb in languages.WROTE)
    if not is_quoted:
        return bool(ends and address and (day or (time and SOME_DAY.search(plain))) and (wrote or time))
    if not ends:
        return bool(address and day)
    return bool((address and (wrote or day or time)) or (wrote and (day or time)))


def _ends(plain: str) -> bool:
    """Whether a line ends as attributions do: with a colon, or with dashes around it all."""
    rest = plain.rstrip("*_ ")
    return rest.endswith((":", "：", "--"))


def _next_seen(lines: list[Line]) -> list[int]:
    """For each place the next line that is not blank, in one walk from the end."""
    seen = [len(lines)] * (len(lines) + 2)
    for index in range(len(lines) - 1, -1, -1):
        seen[index] = seen[index + 1] if lines[index].sort is Sort.BLANK else index
    return seen


def _is_quote(line: Line) -> bool:
    return line.sort is Sort.QUOTE and not _closes_address(line)


def _closes_address(line: Line) -> bool:
    """Whether what looks like a quote is the end of an address that was broken: "> wrote:"."""
    rest = line.plain[1:].strip()
    return len(rest) < 60 and (rest == ":" or (_ends(rest) and rest.casefold().startswith(languages.WROTE)))


def _beginning(lines: list[Line], last: int, *, is_quoted: bool) -> int | None:
    """The line at which the attribution that ends at `last` begins; the shortest that will do."""
    words, first, count = "", last, 0
    while first >= 0 and count < MOST_LINES:
        line = lines[first]
        if line.sort is Sort.BLANK:
            if not words.lstrip().startswith("<") or first == 0 or lines[first - 1].sort is Sort.BLANK:
                return None
            first -= 1
            continue
        if (
            line.is_code
            or line.sort not in (Sort.WORDS, Sort.QUOTE)
            or len(line.plain) + len(words) > LONGEST
        ):
            return None
        words = f"{line.plain} {words}".strip()
        count += 1
        if _may_begin(lines, first, last) and is_attribution(words, is_quoted=is_quoted):
            return _with_line_above(lines, first)
        first -= 1
    return None


def _may_begin(lines: list[Line], first: int, last: int) -> bool:
    return lines[first].sort is Sort.WORDS or first == last


def _with_line_above(lines: list[Line], first: int) -> int:
    """Take in the line above where it begins there: with "On Wednesday,", with its date or with a name."""
    above = lines[first - 1] if first else None
    if above is None or above.sort is not Sort.WORDS or len(above.plain) > 100 or above.is_code:
        return first
    here = lines[first].plain.lstrip(AROUND).casefold()
    told = above.plain.lstrip(AROUND).casefold()
    if told.endswith(">") and NAME_FIRST.match(told) and not ADDRESS.search(here):
        return first - 1
    if OPENER.match(here) or (DAY.search(here) and not told.endswith(",")):
        return first
    is_dated = bool(TIME.search(told) or DAY.search(told))
    is_begun = (OPENER.match(told) or OPENER_ALONE.match(told)) and (is_dated or told.endswith(","))
    return first - 1 if is_begun or (is_dated and DATE_FIRST.match(told)) else first


def _begins(plain: str) -> bool:
    return bool(OPENER.match(plain) or DATE_FIRST.match(plain) or NAME_FIRST.match(plain))


def _ascii_digits(words: str) -> str:
    """Digits of other scripts as 0 to 9."""
    if words.isascii():
        return words
    return "".join(
        str(unicodedata.digit(each)) if each.isdigit() and not each.isascii() else each for each in words
    )


def _is_barred(lines: list[Line], index: int) -> bool:
    """Whether two lines from here on begin with a bar, as an old way of quoting."""
    return all(BAR.match(each.text) for each in lines[index : index + 2]) and index + 1 < len(lines)


def _bars(lines: list[Line], index: int) -> None:
    while index < len(lines) and lines[index].sort is Sort.WORDS and BAR.match(lines[index].text):
        lines[index].sort = Sort.QUOTE
        index += 1
