"""Two made-up languages that show what nobody translated, what is too narrow and what breaks right to left.

`en-xa` writes every letter of a message with an accent, vowels twice, between brackets: "Sign in" becomes
"⟦Šîîĝñ îîñ⟧". `ar-xb` does the same and turns each word around, as right-to-left script runs. A plain letter
on such a page is either somebody's own words or a string that gettext never saw.
"""

import re
from gettext import NullTranslations

from django.conf import settings
from django.utils.translation import trans_real
from django.utils.translation.trans_real import CONTEXT_SEPARATOR

LANGUAGES: list[tuple[str, str]] = [("en-xa", "⟦Ṕšéûðö⟧"), ("ar-xb", "⟦Ṕšéûðö ↔⟧")]

ACCENTS = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖṔɊŘŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýž",
)
# What a message only carries: places for values, tags, entities, addresses.
KEPT = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{[^{}\s]*\}|<[^<>]+>|&#?\w+;|https?://\S+")
# Such a message tells how a language writes a day: "l j F".
NO_WORDS = "Django's date letters"
VOWEL = re.compile(r"[aeiou]", re.IGNORECASE)
WORD = re.compile(r"\w[\w'’-]*")
TURN, TURN_END = "\u202e", "\u202c"  # RIGHT-TO-LEFT OVERRIDE and POP DIRECTIONAL FORMATTING


class PseudoTranslation(NullTranslations):
    """What Django asks of a language; the messages are made when somebody reads them."""

    def __init__(self, language: str, *, turned: bool) -> None:
        super().__init__()
        self._language = language
        self._turned = turned

    def language(self) -> str:
        return self._language

    def to_language(self) -> str:
        return self._language

    def gettext(self, message: str) -> str:
        context, _, words = message.rpartition(CONTEXT_SEPARATOR)
        return words if context.endswith(NO_WORDS) else pseudo(words, turned=self._turned)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def install() -> None:
    """Teach Django the made-up languages that the settings offer; doing it twice changes nothing.

    Django reads languages from files only. These two have none, so they take their place in the table of
    languages that have been read.
    """
    for language, _name in LANGUAGES:
        if language in dict(settings.LANGUAGES):
            trans_real._translations[language] = PseudoTranslation(  # type: ignore[attr-defined]
                language, turned=language == "ar-xb"
            )


def pseudo(message: str, *, turned: bool = False) -> str:
    """Return a message in accents and brackets; what it only carries, and space around it, stays as it is."""
    words = message.strip()
    if not words:
        return message
    before, after = message[: message.index(words)], message[message.index(words) + len(words) :]
    parts, end = [], 0
    for kept in KEPT.finditer(words):
        parts += [_accented(words[end : kept.start()], turned=turned), kept[0]]
        end = kept.end()
    parts.append(_accented(words[end:], turned=turned))
    return f"{before}⟦{''.join(parts)}⟧{after}"


def _accented(text: str, *, turned: bool) -> str:
    longer = VOWEL.sub(lambda vowel: vowel[0] + vowel[0].lower(), text).translate(ACCENTS)
    return WORD.sub(f"{TURN}\\g<0>{TURN_END}", longer) if turned else longer
