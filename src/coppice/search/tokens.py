"""Words as they are searched: in small letters, without accents, in any language."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from coppice.search.models import LONGEST_KNOWN

LONGEST_TOKEN = 64
SHORTEST_ROOT = 3

# Letters that Unicode does not take apart, as people without them on their keyboard write them.
SPELT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ـ": ""}
)
# Scripts that put no space between words: two signs at a time are searched.
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


class Token(NamedTuple):
    """One word of a text: folded, and where it stands in the text."""

    text: str
    start: int
    end: int


def tokens_of(text: str) -> Iterator[Token]:
    """Yield the words of a text in their order; a word with an apostrophe or a hyphen is two."""
    for found in _a_word().finditer(text):
        folded = fold(found[0])
        if not folded:
            continue
        if UNSPACED.search(folded):
            yield from _of_unspaced(found[0], found.start())
        else:
            yield Token(folded[:LONGEST_TOKEN], found.start(), found.end())


def words_of(text: str) -> list[str]:
    """Return the folded words of a text in their order."""
    return [token.text for token in tokens_of(text)]


def fold(word: str) -> str:
    """Write a word as it is searched: "Reunión" and "REUNION" are "reunion"."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", bare).translate(SPELT).casefold()


def is_known_by_spelling(word: str) -> bool:
    """Say whether a folded word is one whose misspellings are looked for: letters only, and not too long."""
    return 3 <= len(word) <= LONGEST_KNOWN and word.isalpha() and not UNSPACED.search(word)


def root_of(word: str) -> str:
    """Return what the forms of a word share, roughly: "meetings", "meeting" and "meets" are "meet".

    English and Spanish endings alone; a wrong guess finds a little more, behind what was asked for.
    """
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= SHORTEST_ROOT:
            return word[: len(word) - len(ending)] + instead
    return word


# The longest first: of one word one ending goes.
ENDINGS = (
    *(("ciones", "cion"), ("mente", ""), ("ings", ""), ("ions", "ion"), ("ies", "y"), ("ies", "i")),
    *(("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("ores", "or"), ("dades", "dad")),
    *(("ales", "al"), ("anes", "an"), ("ones", "on"), ("ing", ""), ("ed", ""), ("ss", "ss"), ("us", "us")),
    *(("is", "is"), ("os", "o"), ("as", "a"), ("es", "e"), ("s", "")),
)


def _of_unspaced(text: str, offset: int) -> Iterator[Token]:
    """Two signs at a time, each with the next: "教育局" is 教育 and 育局."""
    signs = [(fold(sign), place) for place, sign in enumerate(text)]
    whole = [(sign, place) for sign, place in signs if sign]
    if len(whole) == 1:
        yield Token(whole[0][0], offset + whole[0][1], offset + whole[0][1] + 1)
    for (one, start), (other, end) in pairwise(whole):
        yield Token(one + other, offset + start, offset + end + 1)


@cache
def _a_word() -> re.Pattern[str]:
    r"""Letters and figures with the marks that belong to them, which \w leaves out."""
    marks = [code for code in range(0x300, 0xFE30) if unicodedata.category(chr(code)) in ("Mn", "Mc", "Me")]
    runs: list[list[int]] = []
    for code in marks:
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    inside = "".join(f"{chr(first)}-{chr(last)}" for first, last in runs)
    return re.compile(rf"[^\W_](?:[^\W_]|[{inside}])*")
