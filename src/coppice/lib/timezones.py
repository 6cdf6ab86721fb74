"""Time zones as people write them, turned into the names of the IANA database."""

import re
import unicodedata
from functools import cache, lru_cache
from zoneinfo import available_timezones

from coppice.lib.timezone_names import ABBREVIATIONS, CITIES, HALF_HOUR_ZONES, SPOKEN_NAMES, WINDOWS_NAMES

OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?")
OFFSET_IN_FRONT = re.compile(r"\((?:utc|gmt)\s*([+-]\s*\d{1,2}(?::?\d{2})?)?\)\s*")
FILLER = re.compile(
    r"\b(?:time ?zone|zona horaria|horario|hora|time|standard|daylight|savings?|estandar|del?|the|la)\b"
)
LARGEST_OFFSETS = {"+": 14, "-": 12}
WITHOUT_CITIES = ("Etc/", "Brazil/", "Canada/", "Chile/", "Mexico/", "US/")


@lru_cache(maxsize=4096)
def parse_time_zone(text: str) -> str | None:
    """Return the IANA name of a time zone, or None when the text names none.

    Understands IANA names in any capitals, Windows names, English and Spanish spoken names ("Eastern Time (US
    & Canada)", "hora del este"), abbreviations, cities and offsets ("GMT+2", "UTC-05:00", "+10:30"). An
    abbreviation of standard time stands for the zone of the people who say it, summer time included: "EST" is
    New York. A whole-hour offset becomes `Etc/GMT…` (whose sign is the reverse); any other, the best known
    zone there. "(UTC-05:00) Eastern Time" goes by its name when that is known, else by its offset.
    """
    words = _folded(text)
    if not words:
        return None
    in_front = OFFSET_IN_FRONT.match(words)
    if in_front and in_front.end() < len(words):
        return _named(words[in_front.end() :]) or _at_offset(in_front[1] or "+0")
    return _named(words) or _at_offset(words.strip("()"))


def _named(words: str) -> str | None:
    place = words.split(",")[0]
    for spelling in (words, words.strip("()"), re.sub(r"\s*\([^)]*\)", "", words), _bare(words), place):
        for names in (ABBREVIATIONS, WINDOWS_NAMES, SPOKEN_NAMES, _iana_names(), CITIES, _iana_cities()):
            if spelling in names:
                return names[spelling]
    return None


def _at_offset(text: str) -> str | None:
    match = OFFSET.fullmatch(text)
    if not match:
        return None
    sign, hours, minutes = match[1], int(match[2]), int(match[3] or 0)
    if minutes:
        return HALF_HOUR_ZONES.get(f"{sign}{hours}:{minutes:02}")
    if hours == 0:
        return "Etc/UTC"
    reverse = "-" if sign == "+" else "+"
    return f"Etc/GMT{reverse}{hours}" if hours <= LARGEST_OFFSETS[sign] else None


def _folded(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(plain.replace("−", "-").replace("–", "-").replace(".", "").casefold().split())


def _bare(words: str) -> str:
    """The words without what only says that they name a time: "us eastern standard time" → "us eastern"."""
    return " ".join(FILLER.sub(" ", re.sub(r"\s*\([^)]*\)", "", words)).split())


@cache
def _iana_names() -> dict[str, str]:
    names = {zone.casefold(): zone for zone in available_timezones()}
    return names | {name.replace("_", " "): zone for name, zone in names.items()}


@cache
def _iana_cities() -> dict[str, str]:
    """The last part of each name; where two zones share it, the one of the older, shorter name."""
    zones = sorted(available_timezones(), key=lambda zone: (len(zone), zone), reverse=True)
    return {
        zone.rsplit("/", 1)[1].replace("_", " ").casefold(): zone
        for zone in zones
        if "/" in zone and not zone.startswith(WITHOUT_CITIES)
    }
