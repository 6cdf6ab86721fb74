"""Hours of the week as people tick or write them, as sets of whole hours."""

import re
from collections.abc import Mapping
from functools import lru_cache

from coppice.programs.rosters.headers import WEEKDAY_WORDS, WEEKDAYS, fold

WORDS = {"noon": 12, "mediodia": 12, "midday": 12, "midnight": 0, "medianoche": 0}
NO_HOURS = frozenset({"none", "never", "n a", "na", "no", "ninguno", "ninguna", "nunca"})
ALL_HOURS = frozenset({"all", "all day", "any", "anytime", "any time", "always", "todo el dia", "siempre"})
CLOCK = r"(\d{1,2})(?::([0-5]\d))?\s*(?:h|hrs?|uhr)?\s*(am|pm)?|(noon|midday|midnight|mediodia|medianoche)"
ONE = re.compile(CLOCK)
SPAN = re.compile(rf"(?:{CLOCK})\s*(?:-|–|—|\bto\b|\ba\b|\buntil\b)\s*(?:{CLOCK})")
DAY_NAME = "|".join(sorted(WEEKDAY_WORDS, key=len, reverse=True))
DAYS_THEN_HOURS = re.compile(
    rf"((?:{DAY_NAME})\b(?:\s*(?:,|&|/|-|–|\band\b|\by\b|\bto\b|\ba\b)\s*(?:{DAY_NAME})\b)*)\.?\s*:?\s*(.*)"
)
WHOLE_DAY = frozenset(range(24))
SLOTS = {day: [(hour, f"{day}-{hour:02}") for hour in range(24)] for day in WEEKDAYS}


@lru_cache(maxsize=8192)
def parse_hours(text: str) -> frozenset[int] | None:
    """Return the hours of a day that a cell lists (8 is 8:00 to 9:00), or None when it is no list of hours.

    "8AM;noon;1PM" → 8, 12, 13; "9-11, 14:00–16:00" → 9, 10, 14, 15; "11-1" → 11, 12; "none" → none; "all day"
    → all 24.
    """
    hours: set[int] = set()
    for part in re.split(r"[;,\n]", _plain(text)):
        part = part.strip()
        if not part or _bare(part) in NO_HOURS:
            continue
        found = WHOLE_DAY if _bare(part) in ALL_HOURS else _span(part)
        if found is None:
            return None
        hours |= found
    return frozenset(hours)


def parse_week(text: str) -> dict[str, frozenset[int]] | None:
    """Return the hours of each day in "Mon 9-11; Tue and Thu 14:00-16:00", or None when it names no days "
    "so."""
    week: dict[str, frozenset[int]] = {}
    for part in re.split(r"[;\n]", _plain(text)):
        if not part.strip():
            continue
        match = DAYS_THEN_HOURS.fullmatch(part.strip())
        hours = parse_hours(match[2] or "all day") if match else None
        if match is None or hours is None:
            return None
        for day in _days(match[1]):
            week[day] = week.get(day, frozenset()) | hours
    return week or None


def slots(week: Mapping[str, frozenset[int]]) -> list[str]:
    """Return hours of the week as sorted slots, Sunday first: ["sun-08", "mon-14"]."""
    return [slot for day, hours in SLOTS.items() if day in week for hour, slot in hours if hour in week[day]]


def _span(part: str) -> frozenset[int] | None:
    if one := ONE.fullmatch(part):
        hour = _minutes(one.groups())
        return None if hour is None else frozenset({hour // 60})
    span = SPAN.fullmatch(part)
    if not span:
        return None
    start, end = span.groups()[:4], span.groups()[4:]
    if start[0] and not start[2] and end[2] and int(start[0]) <= int(end[0]) % 12:
        start = (start[0], start[1], end[2], None)
    first, last = _minutes(start), _minutes(end)
    if first is None or last is None:
        return None
    if last <= first <= 12 * 60 and not end[2] and not end[3]:
        last += 12 * 60
    last = last or 24 * 60
    return frozenset(range(first // 60, -(-last // 60))) if first < last else None


def _minutes(clock: tuple[str | None, ...]) -> int | None:
    hour, minute, half, word = clock
    if word:
        return WORDS[word] * 60
    number = int(hour or 0)
    if half:
        if not 1 <= number <= 12:
            return None
        number = number % 12 + (12 if half == "pm" else 0)
    return number * 60 + int(minute or 0) if number < 24 else (24 * 60 if number == 24 else None)


def _days(text: str) -> list[str]:
    names = [WEEKDAY_WORDS[name] for name in re.findall(rf"\b(?:{DAY_NAME})\b", text)]
    if len(names) == 2 and re.search(r"-|–|\bto\b|\ba\b", text):
        first, last = WEEKDAYS.index(names[0]), WEEKDAYS.index(names[1])
        return [WEEKDAYS[day % 7] for day in range(first, last + (7 if last < first else 0) + 1)]
    return names


def _plain(text: str) -> str:
    return re.sub(r"\b([ap])\. ?m\b\.?", r"\1m", text.casefold().translate(str.maketrans("áéíóú", "aeiou")))


def _bare(part: str) -> str:
    return fold(part)
