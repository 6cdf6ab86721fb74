"""Showing why something was found: the words that answer, marked, in the part where they stand."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from coppice.search.ranking import Term
from coppice.search.tokens import Token, tokens_of

EXCERPT = 220
"""About so many signs of a text are shown."""
BEFORE = 60


def marked(text: str, terms: Sequence[Term]) -> SafeString:
    """Return a text as HTML, with the words that answer marked."""
    return _with_marks(text, _answering(text, terms))


def excerpt(text: str, terms: Sequence[Term]) -> SafeString:
    """Return the part of a text where most of the words stand together, marked, as HTML on one line."""
    flat = " ".join(text.split())
    answering = _answering(flat, terms)
    start = _best_start(answering, terms)
    begin = _at_a_space(flat, max(0, start - BEFORE)) if start > BEFORE else 0
    end = min(len(flat), begin + EXCERPT)
    if end < len(flat):
        end = max(flat.rfind(" ", begin, end), begin + EXCERPT // 2)
    inside = [
        Token(token.text, token.start - begin, token.end - begin)
        for token in answering
        if begin <= token.start and token.end <= end
    ]
    shown = _with_marks(flat[begin:end], inside)
    return mark_safe(f"{'… ' if begin else ''}{shown}{' …' if end < len(flat) else ''}")


def found_words(text: str, terms: Sequence[Term]) -> list[str]:
    """Return the words of a text that answer only because they are spelt nearly as was asked."""
    near = {word for term in terms for word in term.near}
    return [text[token.start : token.end] for token in tokens_of(text) if token.text in near]


def _answering(text: str, terms: Sequence[Term]) -> list[Token]:
    answers = cache(lambda word: any(term.found_as(word) for term in terms))
    return [token for token in tokens_of(text) if answers(token.text)]


def _best_start(answering: Sequence[Token], terms: Sequence[Term]) -> int:
    """Where the excerpt begins that shows the most of the terms, and of those the first."""
    meant: dict[str, list[str]] = {}
    for token in answering:
        if token.text not in meant:
            meant[token.text] = [term.word for term in terms if term.found_as(token.text)]
    best, most, last = 0, 0, 0
    inside: Counter[str] = Counter()
    for token in answering:  # a window over the text: each word comes in once, and goes out once
        while last < len(answering) and answering[last].end - token.start <= EXCERPT - BEFORE:
            inside.update(meant[answering[last].text])
            last += 1
        shown = sum(1 for count in inside.values() if count)
        if shown > most:
            best, most = token.start, shown
        inside.subtract(meant[token.text])
    return best


def _at_a_space(text: str, place: int) -> int:
    space = text.find(" ", place, place + 40)
    return space + 1 if space != -1 else place


def _with_marks(text: str, answering: Sequence[Token]) -> SafeString:
    """Escape what stands between the words and the words themselves, and mark these."""
    parts = []
    last = 0
    for token in answering:
        if token.start < last:
            continue
        parts += [
            escape(text[last : token.start]),
            "<mark>",
            escape(text[token.start : token.end]),
            "</mark>",
        ]
        last = token.end
    return mark_safe("".join([*parts, escape(text[last:])]))
