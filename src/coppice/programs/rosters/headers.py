"""What the name of a column says, whatever its capitals, accents, spacing or politeness."""

import re
import unicodedata
from functools import lru_cache

PUNCTUATION = re.compile(r"[\W_]+")
RUN_TOGETHER = re.compile(r"(?<=[a-z])(?=[A-Z])")
BRACKETED = re.compile(r"[\[(]([^\])]+)[\])]\s*$")
POLITENESS = re.compile(
    r"^(?:(?:please|kindly|por favor) )?"
    r"(?:(?:enter|provide|type|write|give|indicate|state|select|share|list) )?"
    r"(?:(?:ingrese|escriba|indique|seleccione) )?"
    r"(?:(?:what is|what s|what are|which is|tell us|cual es|cuales son) )?"
    r"(?:(?:your|the|our|su|sus|tu|tus|el|la|los|las) )?"
)

WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
WEEKDAY_WORDS = {
    "sunday": "sun", "sundays": "sun", "sun": "sun", "domingo": "sun", "domingos": "sun", "dom": "sun",
    "monday": "mon", "mondays": "mon", "mon": "mon", "lunes": "mon", "lun": "mon",
    "tuesday": "tue", "tuesdays": "tue", "tue": "tue", "tues": "tue", "martes": "tue",
    "wednesday": "wed", "wednesdays": "wed", "wed": "wed", "miercoles": "wed", "mie": "wed",
    "thursday": "thu", "thursdays": "thu", "thu": "thu", "thur": "thu", "thurs": "thu",
    "jueves": "thu", "jue": "thu",
    "friday": "fri", "fridays": "fri", "fri": "fri", "viernes": "fri", "vie": "fri",
    "saturday": "sat", "saturdays": "sat", "sat": "sat", "sabado": "sat", "sabados": "sat", "sab": "sat",
}  # fmt: skip
ORDINALS = {
    "top": 1, "first": 1, "1st": 1, "primer": 1, "primera": 1, "1a": 1,
    "second": 2, "2nd": 2, "segunda": 2, "segundo": 2, "2a": 2,
    "third": 3, "3rd": 3, "tercera": 3, "tercer": 3, "3a": 3,
    "fourth": 4, "4th": 4, "cuarta": 4, "4a": 4,
    "fifth": 5, "5th": 5, "quinta": 5, "5a": 5,
}  # fmt: skip
WISH_WORD = r"(?:choice|preference|wish|option|rank|opcion|preferencia|eleccion|deseo)"
NUMBERED_WISH = re.compile(rf"\b{WISH_WORD} (?:no |number |numero )?(\d{{1,2}})\b|\b{WISH_WORD}(\d{{1,2}})\b")
ORDINAL_WISH = re.compile(rf"\b({'|'.join(ORDINALS)}) {WISH_WORD}\b")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return words in lower case without accents or punctuation: "José  Peña-Ruiz" → "jose pena ruiz"."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(PUNCTUATION.sub(" ", text).casefold().split())


def fold_header(header: str) -> str:
    """Return the words of a header as `fold` does, run-together ones parted: "FirstName" → "first name"."""
    return fold(RUN_TOGETHER.sub(" ", header))


def core(header: str) -> str:
    """Return what a header asks for: "What is your first name?" → "first name"."""
    words = fold_header(header)
    return POLITENESS.sub("", words, count=1) or words


def weekday(header: str) -> str | None:
    """Return the one weekday that a header names, as "sun" to "sat"."""
    named = {WEEKDAY_WORDS[word] for word in fold_header(header).split() if word in WEEKDAY_WORDS}
    return named.pop() if len(named) == 1 else None


def wish_rank(header: str) -> int | None:
    """Return the rank that a header gives a wish: "Rank your top choices [Choice 2]" → 2, "Top choice" → 1.

    What stands in brackets goes before the question that it belongs to.
    """
    bracketed = BRACKETED.search(header)
    for words in ([fold_header(bracketed[1])] if bracketed else []) + [fold_header(header)]:
        if numbered := NUMBERED_WISH.search(words):
            return int(numbered[1] or numbered[2])
        if ordinal := ORDINAL_WISH.search(words):
            return ORDINALS[ordinal[1]]
    return None
