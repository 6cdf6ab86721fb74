"""Single cells made regular: email addresses, phones, names, lists, languages, yes and no, numbers."""

import re
from collections.abc import Sequence
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from coppice.lib.lines import one_line
from coppice.programs.rosters.headers import fold

ADDRESS = re.compile(r"<([^<>]+)>")
AROUND_AT = re.compile(r"\s*@\s*")
LABEL = re.compile(r"\b(?:mailto|e-?mail|correo)\s*:\s*", re.IGNORECASE)
PARTS = re.compile(r"[;,\n|]|\s/\s")
LIST_MARK = re.compile(r"[;\n|•]|\s/\s")
NAME_MARK = re.compile(r"[;,\n|&]|\band\b|\by\b", re.IGNORECASE)
PHONE_SHAPE = re.compile(
    r"'?(\+|00)?([\d\s().\-–/·]+)(?:(?:x|ext\.?|extension|#|int\.?)\s*(\d{1,6}))?", re.IGNORECASE
)
NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")
COMMA_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:,\d+)?")
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "rn", "msw", "lcsw", "mph"})
NOTHING = frozenset(
    ["", "n a", "na", "none", "nil", "null", "nobody", "no one", "ninguno", "ninguna", "nadie"]
)
YES = frozenset({"yes", "y", "true", "1", "x", "si", "s", "lead", "leader", "lider", "✓", "✔", "☑"})
NO = frozenset({"no", "n", "false", "0", "-", "none", "member", "✗", "☐"})
LANGUAGES = {
    "en": "english ingles anglais",
    "es": "spanish espanol castellano espagnol",
    "pt": "portuguese portugues",
    "fr": "french francais frances",
    "ht": "haitian kreyol",
    "zh": "chinese mandarin chino",
    "yue": "cantonese cantones",
    "vi": "vietnamese vietnamita",
    "tl": "tagalog filipino",
    "ko": "korean coreano",
    "ja": "japanese japones",
    "ar": "arabic arabe",
    "fa": "farsi persian dari",
    "ps": "pashto",
    "so": "somali",
    "am": "amharic",
    "sw": "swahili",
    "ru": "russian ruso",
    "uk": "ukrainian ucraniano",
    "pl": "polish polaco",
    "de": "german deutsch aleman",
    "it": "italian italiano",
    "hi": "hindi",
    "ur": "urdu",
    "pa": "punjabi",
    "bn": "bengali bangla",
    "ne": "nepali",
    "my": "burmese",
    "km": "khmer",
    "hmn": "hmong",
    "mi": "maori",
    "sm": "samoan",
    "to": "tongan",
    "nv": "navajo",
    "qu": "quechua",
    "ase": "asl",
}
LANGUAGE_CODES = {name: code for code, names in LANGUAGES.items() for name in (code, *names.split())}

_check_email = EmailValidator()


def says_nothing(text: str) -> bool:
    """Whether a cell only says that there is nothing to say: "-", "N/A", "none"."""
    return fold(text) in NOTHING


def clean_email(text: str) -> str:
    """Return the first valid address of a cell in lower case, or "" when there is none.

    Takes "Ana Ruiz <ana@x.org>", "mailto:ana@x.org", "ana@x.org; ana@home.net" and "ana @ x.org". A word
    before an address, as in "ana ruiz@x.org", may be a piece of it: what is left could be somebody else's.
    """
    bracketed = ADDRESS.search(text)
    said = AROUND_AT.sub("@", LABEL.sub("", bracketed[1] if bracketed else text))
    for part in PARTS.split(said):
        address = part.split()[0].strip("<>()'\".").removesuffix(".").lower() if part.strip() else ""
        if "@" in address and len(address) <= 254:
            try:
                _check_email(address)
            except ValidationError:
                continue
            return address
    return ""


def clean_phone(text: str) -> str:
    """Return a phone as its digits, with leading plus and extension ("+64215551234", "5551234567 x12").

    Returns "" for what has fewer than 6 or more than 15 digits, or letters. The first of several counts.
    """
    match = PHONE_SHAPE.fullmatch(re.split(r"[;,\n]|\s/\s|\bor\b", text)[0].strip())
    if not match:
        return ""
    digits = re.sub(r"\D", "", match[2])
    if not 6 <= len(digits) <= 15:
        return ""
    return ("+" if match[1] else "") + digits + (f" x{match[3]}" if match[3] else "")


def clean_name(text: str) -> str:
    """Return a name in reading order with single spaces: "Ruiz, Ana" → "Ana Ruiz", "Li Wei, PhD" as it is."""
    name = one_line(text)
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 2 and all(parts) and fold(parts[1]).replace(" ", "") not in SUFFIXES:
        return f"{parts[1]} {parts[0]}"
    return name


def split_list(text: str) -> list[str]:
    """Return the items of a cell that lists things, by semicolon, line or bar; by comma when it has none "
    "of these."""
    mark = LIST_MARK if LIST_MARK.search(text) else re.compile(",")
    return _distinct(mark.split(text))


def split_organizations(text: str) -> list[str]:
    """Return the organizations of a cell; commas belong to names, so only semicolons, bars and lines part "
    "them."""
    return [name for name in _distinct(re.split(r"[;\n|]", text)) if not says_nothing(name)]


def split_names(text: str) -> list[str]:
    """Return the people whom a cell names."""
    return [name for name in _distinct(NAME_MARK.split(text)) if not says_nothing(name)]


@lru_cache(maxsize=1024)
def language_code(text: str) -> str | None:
    """Return the code of a language: "Español" → "es", "en-US" → "en"; None for what is none that we know."""
    words = fold(text).split()
    return LANGUAGE_CODES.get(words[0]) if words else None


def parse_yes(text: str) -> bool | None:
    """Return whether a cell says yes, or None when it says neither yes nor no."""
    word = fold(text) or text.strip()
    return True if word in YES else False if word in NO else None


def are_numbers(cells: Sequence[str], *, with_commas: bool) -> bool:
    """Whether every cell that is filled is a number, so that the column holds amounts rather than codes.

    A leading zero makes a code ("007"), as do more than 15 digits.
    """
    shape = COMMA_NUMBER if with_commas and not all(map(NUMBER.fullmatch, cells)) else NUMBER
    return bool(cells) and all(map(shape.fullmatch, cells))


def parse_number(text: str) -> int | float:
    """Return the number of a cell that `are_numbers` accepted."""
    plain = text.replace(",", ".")
    return float(plain) if "." in plain else int(plain)


def _distinct(parts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(words for part in parts if (words := one_line(part))))
