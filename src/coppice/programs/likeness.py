"""How alike two topics are by their words, so that the same thing is not put up twice."""

from collections.abc import Iterable
from difflib import SequenceMatcher

from coppice.programs.rosters.headers import fold

ALIKE = 0.55
"""From here on a topic is shown as perhaps the same."""
STEM = 4
"""So many letters of a word decide: "volunteers" and "volunteering" are one."""
EMPTY_WORDS = frozenset(
    (
        *("a", "an", "and", "the", "of", "to", "for", "in", "on", "with", "our", "how", "we", "your", "my"),
        *("from", "by", "at", "as", "is", "are", "que", "de", "del", "la", "el", "los", "las", "en", "para"),
        *("por", "con", "y", "o", "un", "una", "como", "nuestro", "nuestra"),
    )
)


def likeness(one: str, other: str) -> float:
    """Return how alike two topics are, 0 to 1: by the words that they share, or by their letters.

    Words count by their first letters and without the small ones. The share is of the shorter topic's words
    and the longer one's in equal parts (the Dice coefficient, L. R. Dice 1945, with 2·shared / all).
    """
    first, second = _stems(one), _stems(other)
    if not first or not second:
        return float(fold(one) == fold(other))
    shared = 2 * len(first & second) / (len(first) + len(second))
    letters = SequenceMatcher(None, fold(one), fold(other), autojunk=False).ratio()
    return max(shared, letters if letters > 0.8 else 0.0)


def is_about(answer: str, topic: str, *, at_least: float = 0.6) -> bool:
    """Say whether an answer is about a topic: alike by their words, or all its words are in the topic's."""
    said = _stems(answer)
    return likeness(answer, topic) >= at_least or (bool(said) and said <= _stems(topic))


def nearest[Thing](
    words: str, things: Iterable[tuple[str, Thing]], *, at_least: float = ALIKE, most: int = 3
) -> list[Thing]:
    """Return the things whose words are most alike, the nearest first; none below `at_least`."""
    ranked = [(likeness(words, said), place, thing) for place, (said, thing) in enumerate(things)]
    found = sorted((each for each in ranked if each[0] >= at_least), key=lambda each: (-each[0], each[1]))
    return [thing for _score, _place, thing in found[:most]]


def _stems(words: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in fold(words).split() if word not in EMPTY_WORDS)
