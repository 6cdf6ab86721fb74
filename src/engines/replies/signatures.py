"""Finding signatures, what phones and apps add, and disclaimers: only at the end of what somebody wrote."""

import re
from collections.abc import Iterator

from engines.replies import languages
from engines.replies.lines import Line, Sort

LINES_AFTER_DASHES, LINES_AFTER_SIGN = 9, 25
"""Lines of a signature below "--", and below "-- " with its space, which means nothing else (RFC 3676)."""

MOST_ENDINGS = 50
"""So many signatures are taken from one stretch of words."""

FOOTER_LINES = 8

MOST_LINES = 30
"""A disclaimer of more lines is none."""

LINK = re.compile(r"\]?[<(]?(?:https?://|www\.)[^\s>)]*[>)]?")
MOST_WORDS = 12
LIST_RULE = re.compile(r"_{40,}$|-{40,}$|={40,}$")
TAIL_RULE = re.compile(r"_{5,}$")
CONTACT = re.compile(r"https?://|www\.|\S@\S")


def find(lines: list[Line]) -> None:
    """Mark signatures at the end of each stretch of words, the last stretch first."""
    for first, end in reversed(list(_stretches(lines))):
        _strip(lines, first, end)


def is_mobile(plain: str) -> bool:
    """Whether a line is one that a phone or an app adds: "Sent from my iPhone", "Get Outlook for Android"."""
    words = _without_links(plain)
    if not words or len(words) > 90 or len(words.split()) > MOST_WORDS:
        return False
    return bool(
        (
            languages.SENT_FROM.match(words)
            and (languages.DEVICE.search(words) or words.startswith("sent from my "))
        )
        or languages.GET_OUTLOOK.fullmatch(words)
    )


def _stretches(lines: list[Line]) -> Iterator[tuple[int, int]]:
    first = None
    for index, line in enumerate(lines):
        if line.sort in (Sort.WORDS, Sort.BLANK, Sort.SIGNATURE):
            first = index if first is None else first
        elif first is not None:
            yield first, index
            first = None
    if first is not None:
        yield first, len(lines)


def _strip(lines: list[Line], first: int, end: int) -> None:
    """Take signatures from the end until what ends the stretch is none."""
    finders = [_mobile_line, _mobile_paragraph, _disclaimer, _dashes, _footer]
    for _ in range(MOST_ENDINGS):
        end = _last_words(lines, first, end)
        if end <= first or lines[end - 1].is_code:
            return
        for finder in finders:
            begins = finder(lines, first, end)
            if begins is not None:
                break
        else:
            return
        if finder is _dashes:
            finders.remove(_dashes)  # above a signature such a line is a rule between words
        for each in lines[begins:end]:
            each.sort = Sort.BLANK if each.sort is Sort.BLANK else Sort.SIGNATURE
        end = begins


def _last_words(lines: list[Line], first: int, end: int) -> int:
    while end > first and lines[end - 1].sort is not Sort.WORDS:
        end -= 1
    return end


def _mobile_line(lines: list[Line], first: int, end: int) -> int | None:
    return end - 1 if is_mobile(lines[end - 1].plain) else None


def _paragraph(lines: list[Line], first: int, end: int) -> int:
    begins = end
    while begins > max(first, end - MOST_LINES) and lines[begins - 1].sort is Sort.WORDS:
        begins -= 1
    return begins


def _mobile_paragraph(lines: list[Line], first: int, end: int) -> int | None:
    """A short line with the name of a device, among others that are surely of phones."""
    begins = _paragraph(lines, first, end)
    words = _without_links(lines[end - 1].plain)
    is_short = len(words.split()) <= 5 and languages.DEVICE.search(words)
    is_first = begins == end - 1
    below = lines[end] if end < len(lines) else None
    is_signed = below is not None and below.sort is Sort.SIGNATURE and is_mobile(below.plain)
    return end - 1 if is_short and is_first and is_signed else None


def _disclaimer(lines: list[Line], first: int, end: int) -> int | None:
    begins = _paragraph(lines, first, end)
    if end - begins == MOST_LINES:
        return None
    words = " ".join(each.plain for each in lines[begins:end])[:2000].casefold()
    if languages.SCANNED.search(words) and len(words) < 200:
        return begins
    kinds = (languages.CONFIDENTIAL, languages.MESSAGE, languages.RECIPIENT)
    if len(words) < 80 or not all(kind.search(words) for kind in kinds):
        return None
    return begins if languages.MESSAGE.search(words[:100]) else None


def _dashes(lines: list[Line], first: int, end: int) -> int | None:
    """The last line of two dashes with few lines below it; what comes after "P.S." stays."""
    count = 0
    for index in range(end - 1, first - 1, -1):
        line = lines[index]
        if languages.POSTSCRIPT.match(line.plain) or line.is_code:
            return None
        if line.plain in ("--", "—", "–", "-- --"):
            most = LINES_AFTER_SIGN if line.text == "-- " else LINES_AFTER_DASHES
            return index if count <= most else None
        count += line.sort is Sort.WORDS
        if count > LINES_AFTER_SIGN:
            return None
    return None


def _footer(lines: list[Line], first: int, end: int) -> int | None:
    """What a mailing list adds below a long rule; or a few lines below a shorter one, right under a quote."""
    count = 0
    for index in range(end - 1, first - 1, -1):
        plain = lines[index].plain
        if LIST_RULE.match(plain) and any(CONTACT.search(each.plain) for each in lines[index + 1 : end]):
            return index
        if TAIL_RULE.match(plain) and _is_under_quote(lines, first, index):
            return index
        count += lines[index].sort is Sort.WORDS
        if count > FOOTER_LINES:
            return None
    return None


def _is_under_quote(lines: list[Line], first: int, index: int) -> bool:
    """Whether a stretch that is not the first of the mail begins with this line."""
    has_words_above = any(each.sort is Sort.WORDS for each in lines[: min(first, 200)])
    return has_words_above and all(each.sort is not Sort.WORDS for each in lines[first:index])


def _without_links(plain: str) -> str:
    return LINK.sub("", plain[:300]).replace("[", "").strip(" <>()[]*_.\t").casefold()
