"""What is new in a text beside an older one, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\S+\s*|\s+")
LINES = re.compile(r"[^\n]*\n|[^\n]+")
MOST_WORDS = 4000
"""Past so many words, comparing each with each takes longer than anybody waits: lines are compared."""


@dataclass(frozen=True)
class Piece:
    """Some words of a text beside an older one: `kind` is "same", "added" or "removed"."""

    kind: str
    words: str


def differences(then: str, now: str) -> list[Piece]:
    """Return the words of both texts in order, removed ones before those that replace them.

    Empty when the texts are the same. Long texts are compared line by line.
    """
    if then == now:
        return []
    old, new = WORDS.findall(then), WORDS.findall(now)
    if max(len(old), len(new)) > MOST_WORDS:
        old, new = LINES.findall(then), LINES.findall(now)
    pieces: list[Piece] = []
    for change, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if change == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        pieces += [
            Piece(kind, "".join(words))
            for kind, words in (("removed", old[a:b]), ("added", new[c:d]))
            if words
        ]
    return pieces
