"""What is new in a text beside an older one, word by word."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

WORDS = re.compile(r"\S+\s*|\s+")
LINES = re.compile(r"[^\n]*\n|[^\n]+")
MOST_WORDS = 4000
"""Past so many words, comparing each with each takes longer than anybody waits: lines are compared."""

MOST_PAIRS = 200_000
"""Past so many pairs of equal parts, a text says the same over and over."""


@dataclass(frozen=True)
class Piece:
    """Some words of a text beside an older one: `kind` is "same", "added" or "removed"."""

    kind: str
    words: str


def differences(then: str, now: str) -> list[Piece]:
    """Return the words of both texts in order, removed ones before those that replace them.

    Empty when the texts are the same. Long texts are compared line by line, and those that repeat
    themselves without end only by how they begin and end.
    """
    if then == now:
        return []
    old, new = WORDS.findall(then), WORDS.findall(now)
    if max(len(old), len(new)) > MOST_WORDS or _pairs(old, new) > MOST_PAIRS:
        old, new = LINES.findall(then), LINES.findall(now)
    pieces: list[Piece] = []
    for change, a, b, c, d in _opcodes(old, new):
        if change == "equal":
            if a == b:
                continue
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        pieces += [
            Piece(kind, "".join(words))
            for kind, words in (("removed", old[a:b]), ("added", new[c:d]))
            if words
        ]
    return pieces


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """What becomes of which parts; where too much is alike, what is between the same beginning and end."""
    if max(len(old), len(new)) <= MOST_WORDS and _pairs(old, new) <= MOST_PAIRS:
        return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    begin = _same(zip(old, new, strict=False))
    end = _same(zip(reversed(old[begin:]), reversed(new[begin:]), strict=False))
    last_old, last_new = len(old) - end, len(new) - end
    return [
        ("equal", 0, begin, 0, begin),
        ("replace", begin, last_old, begin, last_new),
        ("equal", last_old, len(old), last_new, len(new)),
    ]


def _same(pairs: Iterable[tuple[str, str]]) -> int:
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _pairs(old: Iterable[str], new: Iterable[str]) -> int:
    """Of how many pairs of parts, one of each text, both are the same: so much is looked at over and over."""
    counted = Counter(new)
    return sum(counted[part] for part in old)
