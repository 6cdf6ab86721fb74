"""The one public function: what somebody wrote in a mail, told from what their mail program put around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from engines.replies import attributions, headers, pages, signatures
from engines.replies.lines import SIGNS, Line, Sort, blocks, sorted_lines, without_signs

MOST = 500_000
"""Characters of a body that are read; `Reading.is_cut` tells that there were more."""


class Kind(StrEnum):
    """How a mail is built."""

    PLAIN = "plain"  # nothing is quoted
    TOP = "top"  # the answer stands above the mail that is answered
    BOTTOM = "bottom"  # it stands below a quote
    INTERLEAVED = "interleaved"  # it stands between quotes, which are kept as far as an answer follows
    QUOTE = "quote"  # there is nothing but a quote
    UNCLEAR = "unclear"  # a mail is answered, yet not where its words end: everything is kept


@dataclass(frozen=True)
class Reading:
    """What a mail says.

    `words`: the writer's own words, with the quotes that their answers stand between; lines end with a
    newline, lists and links of HTML are written as Markdown has them. `quoted` and `signature`: what was
    dropped, as it came. `is_cut`: the body was longer than `MOST` characters; what came after is in none.
    """

    words: str
    quoted: str
    signature: str
    kind: Kind
    is_cut: bool = False


def read(text: str, html: str = "") -> Reading:
    """Tell the writer's own words from quotes and signatures.

    `text` is the plain body and `html` the other one of the same mail; either may be empty. The plain one is
    read, unless it is empty or only the HTML tells where the answered mail begins. Raises nothing; in doubt
    it keeps. The time grows no faster than the length of the mail.
    """
    plain = _read(without_signs(text[:MOST]), is_cut=len(text) > MOST)
    if not html.strip() or (text.strip() and plain.quoted):
        return plain
    page = _read(pages.to_text(html[:MOST]), is_cut=len(html) > MOST)
    is_better = page.quoted and page.words and page.kind is not Kind.UNCLEAR
    return page if is_better or not text.strip() else plain


def _read(body: str, *, is_cut: bool) -> Reading:
    lines = sorted_lines(body)
    attributions.find(lines)
    headers.find(lines)
    signatures.find(lines)
    kind, kept = _shape(lines)
    stay = set(kept)
    words = [lines[index] for index in kept if lines[index].sort in (Sort.WORDS, Sort.QUOTE, Sort.BLANK)]
    signed = [line for line in lines if line.sort is Sort.SIGNATURE]
    gone = [line for index, line in enumerate(lines) if line.sort is not Sort.SIGNATURE and index not in stay]
    if not any(line.sort is Sort.WORDS for line in lines):
        typed = [line for line in signed if not signatures.is_mobile(line.plain)]
        if typed and not any(line.sort is Sort.QUOTE for line in words):
            words, signed = typed, [line for line in signed if signatures.is_mobile(line.plain)]
    return Reading(_joined(words), _joined(gone), _joined(signed), kind, is_cut)


def _shape(lines: list[Line]) -> tuple[Kind, list[int]]:
    """How the mail is built, and the places of the lines that stay."""
    everything = range(len(lines))
    begins = next((index for index in everything if lines[index].sort is Sort.ORIGINAL), None)
    if begins is None:
        return _between(lines, everything)
    if any(lines[index].sort is Sort.WORDS for index in range(begins)):
        kind, kept = _between(lines, range(begins))
        return Kind.TOP if kind is Kind.PLAIN else kind, kept
    announced = (Sort.ORIGINAL, Sort.ATTRIBUTION)
    kept = [index for index in everything if lines[index].sort not in announced]
    _, without_tail = _between(lines, kept)
    return Kind.UNCLEAR, without_tail


def _between(lines: list[Line], places: Iterable[int]) -> tuple[Kind, list[int]]:
    """Tell apart by where words and quotes stand, in lines among which no mail begins unmarked."""
    kept = list(places)
    part = [lines[index] for index in kept]
    quotes = list(blocks(part, Sort.QUOTE))
    words = [index for index, line in enumerate(part) if line.sort is Sort.WORDS]
    said = [any(line.sort is Sort.ATTRIBUTION for line in part)]
    said += [_is_answered_mail(part[first:end]) for first, end in quotes]
    if not quotes:
        return Kind.PLAIN, [index for index in kept if lines[index].sort is not Sort.ATTRIBUTION]
    if not words:
        stay = [] if any(said) else kept
        return Kind.QUOTE, stay
    gone: set[int] = set()
    kind = Kind.PLAIN
    if quotes[-1][0] > words[-1] and any(said):
        gone.update(range(words[-1] + 1, len(part)))
        kind = Kind.TOP
    leading = [(first, end) for first, end in quotes if first < words[0]]
    if any(words[0] < first < words[-1] for first, _end in quotes) or (leading and kind is Kind.TOP):
        kind = Kind.INTERLEAVED
    elif leading:
        kind = Kind.BOTTOM
        for first, end in leading:
            if _is_announced(part, first) or _is_answered_mail(part[first:end]):
                gone.update(range(first, end))
    return kind, [place for index, place in enumerate(kept) if index not in gone and _stays(part[index])]


def _stays(line: Line) -> bool:
    return line.sort is not Sort.ATTRIBUTION


def _is_announced(part: list[Line], first: int) -> bool:
    """Whether an attribution stands right above a quote."""
    above = first - 1
    while above >= 0 and part[above].sort is Sort.BLANK:
        above -= 1
    return above >= 0 and part[above].sort is Sort.ATTRIBUTION


def _is_answered_mail(quote: list[Line]) -> bool:
    """Whether a quote begins with an attribution or headers of its own, as some programs write it."""
    inside = sorted_lines("\n".join(_unquoted(line.text) for line in quote[:60]))
    seen = [line for line in inside if line.sort is Sort.WORDS][:6]
    told = ""
    for line in seen:
        told = f"{told} {line.plain}".strip()
        if attributions.is_attribution(told, is_quoted=True):
            return True
    return headers.is_block(inside)


def _unquoted(text: str) -> str:
    return SIGNS.sub("", text).removeprefix(" ")


def _joined(lines: list[Line]) -> str:
    """Lines as text, with at most one blank line between two others."""
    told: list[str] = []
    before = Sort.BLANK
    for line in lines:
        if before is Sort.QUOTE and line.sort is Sort.WORDS:
            told.append("")  # else Markdown takes the words for more of the quote
        before = line.sort
        if line.sort is not Sort.BLANK or (told and told[-1]):
            told.append(line.text.rstrip())
    return "\n".join(told).strip("\n")
