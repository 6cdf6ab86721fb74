"""How many segments a text message takes: what a provider counts and charges (3GPP TS 23.038, 23.040).

A text of letters of the GSM alphabet alone has 160 to a segment, or 153 when it is in several; ten signs
count as two. One letter outside of it makes the whole text UCS-2: 70 to a segment, or 67, and an emoji counts
as two.
"""

from collections.abc import Callable

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("\f^{}\\[~]|€")
GSM_ALONE, GSM_OF_MANY = 160, 153
UCS_ALONE, UCS_OF_MANY = 70, 67

# Signs that programs put in place of plain ones: alone they would more than double what a text costs.
PLAIN = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u202f": " "}
)


def plain(text: str) -> str:
    """Return a text with plain quotes, dashes and spaces; letters stay as they are."""
    return text.translate(PLAIN)


def segments(text: str) -> int:
    """Return how many segments a text takes, at least one."""
    if all(letter in GSM or letter in GSM_TWICE for letter in text):
        weights, alone, of_many = [1 + (letter in GSM_TWICE) for letter in text], GSM_ALONE, GSM_OF_MANY
    else:
        weights, alone, of_many = [1 + (ord(letter) > 0xFFFF) for letter in text], UCS_ALONE, UCS_OF_MANY
    if sum(weights) <= alone:
        return 1
    # A sign of two is never cut: what is left of a segment then stays empty.
    taken, room = 1, of_many
    for weight in weights:
        if weight > room:
            taken, room = taken + 1, of_many
        room -= weight
    return taken


def fitted(compose: Callable[[str], str], words: str, *, most: int) -> str:
    """Return `compose(words)`, with words cut short where it would take more than `most` segments.

    What `compose` adds is never cut: a text that has no room even for that comes as it is.
    """
    words = plain(words)
    if segments(whole := plain(compose(words))) <= most:
        return whole
    shortest, longest = 0, len(words)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        if segments(plain(compose(_cut(words, middle)))) <= most:
            shortest = middle
        else:
            longest = middle - 1
    return plain(compose(_cut(words, shortest)))


def _cut(words: str, length: int) -> str:
    return words[:length].rstrip() + "..."
