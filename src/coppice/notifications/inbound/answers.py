"""The answer that a reply begins with: yes, no, maybe, a number or a choice; the rest is a comment."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils import translation

LOOKED_AT = 500
"""An answer stands within so many letters of the beginning of a reply, greetings among them."""


class Said(StrEnum):
    """What a first word means."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True)
class Answer[Value]:
    """What somebody answered, and what they wrote beside it."""

    value: Value
    comment: str


# Longer ones are tried first: "no problem" is no "no", and "yes and no" is neither.
WORDS: Mapping[Said | None, str] = {
    Said.YES: "yes|yeah|yep|yup|sure|of course|certainly|definitely|absolutely|okay|ok|accept|accepted"
    "|i accept"
    "|i agree|agreed|agree|i am coming|i'm coming|i will come|i'll come|i will be there|i'll be there"
    "|i can come"
    "|i can make it|count me in|i'm in|i am in|coming|will attend|see you there|that is right|that's right"
    "|correct|right"
    "|sí|si|claro|por supuesto|desde luego|de acuerdo|acepto|voy|iré|ire|ahí estaré|asistiré|estaré|correcto"
    "|ja|jawohl|gern|gerne|na klar|klar|natürlich|ich komme|bin dabei|ich bin dabei|einverstanden|zugesagt"
    "|oui|bien sûr|d'accord|volontiers|je viens|je viendrai|j'accepte|sim|claro que sim|aceito|vou"
    "|certo|va bene|volentieri|vengo|jazeker|akkoord|ik kom|jep|kyllä|igen|ano|áno|evet|tamam"
    "|да|конечно|так|是|是的|好|好的|可以|はい|네|예|نعم|हाँ|हां|có|vâng|oo|opo|wi|ee|haa|+1|👍|✅|✔|✔️",
    Said.NO: "no|nope|nah|no thanks|no thank you|i can't|i cannot|i can not|can't|cannot|can not|i won't"
    "|can't make it"
    "|decline|declined|i decline|not coming|i am not coming|i'm not coming|not this time|i disagree"
    "|disagree|not mine|that is not mine"
    "|unfortunately not|unfortunately i can't|unfortunately i cannot|sorry, i can't|sorry i can't"
    "|sorry, no|sorry no|i'm afraid not|i object|object"
    "|no gracias|no puedo|no podré|no voy|no asistiré|lamentablemente no|por desgracia no|no es mío|no acepto"
    "|nein|nein danke|leider nein|leider nicht|ich kann nicht|kann nicht|leider kann ich nicht|nicht dabei"
    "|abgesagt"
    "|non|non merci|je ne peux pas|malheureusement non|je refuse|não|nao|não posso|infelizmente não|recuso"
    "|no grazie|non posso|purtroppo no|nee|helaas niet|nej|nei|ei|nem|nie|hayır|hayir|нет|ні|不|不是|不行"
    "|不能"
    "|いいえ|아니요|아니오|لا|नहीं|không|hindi|non mèsi|👎|❌",
    Said.MAYBE: "maybe|perhaps|possibly|tentative|tentatively|not sure|i'm not sure|i am not sure"
    "|not sure yet|unsure|i don't know yet|i don't know"
    "|i do not know|i might|might|we'll see|tal vez|talvez|quizás|quizas|quizá|quiza|a lo mejor|puede ser"
    "|no sé|no lo sé|no estoy segura|no estoy seguro|todavía no sé"
    "|vielleicht|eventuell|weiß noch nicht|ich weiß noch nicht|mal sehen|weiss noch nicht|peut-être"
    "|peut être|je ne sais pas|je ne sais pas encore|não sei|forse|non so|non lo so"
    "|misschien|kanske|kanskje|måske|ehkä|talán|możná|może|belki|может быть|может|возможно|也许|可能|たぶん"
    "|아마"
    "|ربما|शायद|có thể|siguro|petèt",
    None: "no problem|no worries|no doubt|no need|no idea|no question|no one|nobody|no rush|yes and no"
    "|no hay problema|no hay de qué|no te preocupes"
    "|no se preocupe|no se preocupen|kein problem|keine frage|sin problema|si puedo|si es|si hay|si no"
    "|right now|right after|sure thing is|ok so|okay so|so so|si tengo"
    "|agree to disagree|no sooner|klar ist|pas de problème",
}


def _plain(words: str) -> str:
    """Return words without accents, capitals and the many forms of an apostrophe."""
    folded = unicodedata.normalize("NFKD", words.casefold().replace("’", "'").replace("‘", "'"))
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


MEANINGS: Mapping[str, Said | None] = {
    _plain(words): said for said, all_words in WORDS.items() for words in all_words.split("|")
}
LONGEST_FIRST = sorted(MEANINGS, key=len, reverse=True)
GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|hola|buenos dias|buenas tardes"
    r"|buenas|estimad[oa]s?|querid[oa]s?"
    r"|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|moin|servus|bonjour|bonsoir|salut|cher|chere|ola"
    r"|bom dia|boa tarde|ciao|buongiorno"
    r"|hej|goedemorgen|beste|thanks|thank you|many thanks|gracias|muchas gracias|danke|vielen dank|merci"
    r"|obrigad[oa]|grazie)\b[^\n,!.:;]{0,40}(?:[,!.:;]+|\n)\s*"
)


def read_word(text: str) -> Answer[Said] | None:
    """Return whether a reply says yes, no or maybe; None when its first words say none of them.

    A greeting or a thank-you before it does not count, nor do capitals and accents.
    """
    text, later = _begin(text)
    plain = _plain(text)
    for words in LONGEST_FIRST:
        if plain.startswith(words) and not _goes_on(plain, words):
            said = MEANINGS[words]
            return None if said is None else Answer(said, _rest(text, words, later))
    return None


def read_choice[Value](text: str, choices: Iterable[tuple[Value, Any]]) -> Answer[Value] | None:
    """Return which of some choices a reply begins with, by its number or its label in any language of ours.

    `choices` are (value, label) with labels that may be lazy translations, such as (4, "4: yes"); a number
    is that of a value that is one. None when it begins with none of them.
    """
    text, later = _begin(text)
    plain = _plain(text)
    pairs = [(value, label) for value, label in choices]
    number = re.match(r"\W{0,3}(\d{1,3})(?![\d.,]\d)(?:\s*(?:/|out of|von|de|sur)\s*\d+)?", text)
    if number is not None:
        found = [value for value, _label in pairs if isinstance(value, int) and int(value) == int(number[1])]
        return Answer(found[0], _after(text[number.end() :], later)) if found else None
    labels: list[tuple[str, Value]] = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels += [(_plain(re.sub(r"^\d+: ", "", str(label))), value) for value, label in pairs]
    for label, value in sorted(labels, key=lambda each: -len(each[0])):
        if label and plain.startswith(label) and not _goes_on(plain, label):
            return Answer(value, _rest(text, label, later))
    return None


def read_numbers(text: str, *, most: int) -> Answer[tuple[int, ...]] | None:
    """Return the numbers from 1 to `most` that a reply begins with ("1, 3 and 4"); None for none."""
    text, later = _begin(text)
    found = re.match(
        r"\W{0,3}\d{1,3}(?:\s*(?:[,;/&+]|\b(?:and|y|e|und|et|en|og)\b|\s)\s*\d{1,3})*(?![\d:.]*\d)", text
    )
    numbers = tuple(dict.fromkeys(int(each) for each in re.findall(r"\d+", found[0]))) if found else ()
    if found is None or not all(1 <= number <= most for number in numbers):
        return None
    return Answer(numbers, _after(text[found.end() :], later))


def _begin(text: str) -> tuple[str, str]:
    """Return a reply from its first word on, after greetings: where its answer stands, and all that follows.

    What is looked at is short, because much of it takes the square of its length.
    """
    text = text.strip().lstrip("\"'“”«»*_-–—•>¡¿([ \t\n")
    text, later = text[:LOOKED_AT], text[LOOKED_AT:]
    text = unicodedata.normalize("NFC", text)
    for _greeting in range(2):
        found = GREETING.match(_plain(text))
        if found is None:
            break
        text = _from(text, found.end()).lstrip("\"'“”¡¿ \t\n")
    return text, later


def _from(text: str, plain_length: int) -> str:
    """Return a text without so many letters of its plain form."""
    for end in range(len(text) + 1):
        if len(_plain(text[:end])) >= plain_length:
            return text[end:].lstrip("\ufe0f\u0301\u0300\u0303")
    return ""


def _goes_on(plain: str, words: str) -> bool:
    """Say whether the last of these words is only the beginning of the one that stands there."""
    after = plain[len(words) : len(words) + 1]
    return words[-1:].isalnum() and words.isascii() and (after.isalnum() or after in {"'", "_"})


def _rest(text: str, words: str, later: str) -> str:
    return _after(_from(text, len(words)), later)


def _after(text: str, later: str) -> str:
    rest = text.lstrip(" \t\n.,;:!?)-–—…*_\"'“”\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
    return (rest + later).strip()
