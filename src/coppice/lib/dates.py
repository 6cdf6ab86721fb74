"""Dates as people and programs write them, with one decision per column on which comes first, day or "
"month."""

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from coppice.lib.timezones import parse_time_zone

MONTHS = (
    ("january", "jan", "enero", "ene"),
    ("february", "feb", "febrero"),
    ("march", "mar", "marzo"),
    ("april", "apr", "abril", "abr"),
    ("may", "mayo"),
    ("june", "jun", "junio"),
    ("july", "jul", "julio"),
    ("august", "aug", "agosto", "ago"),
    ("september", "sep", "sept", "septiembre", "setiembre", "set"),
    ("october", "oct", "octubre"),
    ("november", "nov", "noviembre"),
    ("december", "dec", "diciembre", "dic"),
)
MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, start=1) for name in names}
MONTH = rf"(?P<month>{'|'.join(sorted(MONTH_NUMBERS, key=len, reverse=True))})"
GAP = r"(?:\s*[,./-]\s*|\s+(?:de|del|of)\s+|\s+)"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|o|º)?"
YEAR = r"(?P<year>\d{4}|\d{2})"
NAMED = tuple(
    re.compile(form)
    for form in (
        rf"{DAY}{GAP}{MONTH}{GAP}{YEAR}",
        rf"{MONTH}{GAP}{DAY}{GAP}{YEAR}",
        rf"(?P<year>\d{{4}}){GAP}{MONTH}{GAP}{DAY}",
    )
)
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
SERIAL_START = datetime.date(1899, 12, 30)
WEEKDAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thu(?:rs)?|fri|sat|sun"
    "|lunes|martes|miercoles|jueves|viernes|sabado|domingo"
)
WEEKDAY_FIRST = re.compile(rf"(?:{WEEKDAYS})\b[.,]?\s*(?:el\s+)?(?=\w)")
HALF_DAY = re.compile(r"(?<=[\d\s])([ap])\.? ?m\b\.?")
BETWEEN = re.compile(r"(?:,?\s*(?:at\s|a las\s)|t(?=\d)|,?\s+|,)")
TIME = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?\s*(?P<half>[ap]m)?\s*(?P<zone>\S.*)?"
)


def parse_date(text: str, *, day_first: bool | None = None) -> datetime.date | None:
    """Return the date that a text gives, or None.

    Understands 2026-03-01, 2026/3/1, 20260301, 01/03/2026, 1.3.26, 1 March 2026, Mar 1, 2026, 1 de marzo de
    2026, each with or without a weekday before and a time behind, and Excel's serial numbers from 1954 to
    2119. `day_first` decides 01/03/2026; without a decision such a date is None unless only one order is
    possible. Dates with dots put the day first. Two-digit years are 1969 to 2068, as in POSIX.
    """
    moment = parse_moment(text, day_first=day_first)
    return moment.date() if moment else None


@lru_cache(maxsize=8192)
def parse_moment(text: str, *, day_first: bool | None = None) -> datetime.datetime | None:
    """Return date and time as `parse_date` does; aware when the text names a zone, midnight when it has no "
    "time."""
    words = WEEKDAY_FIRST.sub("", _folded(text))
    day, rest = _leading_date(words, day_first=day_first)
    if day is None:
        return None
    if not rest:
        return datetime.datetime.combine(day, datetime.time())
    time = TIME.fullmatch(rest)
    return _at_time(day, time) if time else None


def guess_day_first(values: Iterable[str]) -> bool | None:
    """Return whether a column writes the day before the month, or None when it does not say or contradicts "
    "itself."""
    return _order_of(values).day_first


def leaves_order_open(values: Iterable[str]) -> bool:
    """Say whether a column has dates that may be read day first or month first, and nothing settles which.

    A column that contradicts itself is not open: either reading would be wrong for some of its rows.
    """
    order = _order_of(values)
    return order.is_open and not (order.day_leads or order.month_leads)


@dataclass(slots=True)
class _Order:
    """What the dates of a column show about their order."""

    day_leads: bool = False
    month_leads: bool = False
    is_open: bool = False

    @property
    def day_first(self) -> bool | None:
        return self.day_leads if self.day_leads != self.month_leads else None


def _order_of(values: Iterable[str]) -> _Order:
    order = _Order()
    for value in values:
        match = YEAR_LAST.match(WEEKDAY_FIRST.sub("", _folded(value)))
        if match:
            first, second = int(match[1]), int(match[3])
            order.day_leads |= first > 12 >= second
            order.month_leads |= second > 12 >= first
            order.is_open |= first != second and max(first, second) <= 12 and match[2] != "."
    return order


def _leading_date(words: str, *, day_first: bool | None) -> tuple[datetime.date | None, str]:
    for form in NAMED:
        if match := form.match(words):
            month = MONTH_NUMBERS[match["month"]]
            return _date(match["year"], month, match["day"]), _behind(words, match)
    if match := YEAR_FIRST.match(words) or COMPACT.match(words):
        return _date(*match.groups()), _behind(words, match)
    if match := YEAR_LAST.match(words):
        return _in_either_order(match, day_first=day_first), _behind(words, match)
    if (match := SERIAL.fullmatch(words)) and FIRST_SERIAL <= int(match[1]) <= LAST_SERIAL:
        return SERIAL_START + datetime.timedelta(days=int(match[1])), ""
    return None, ""


def _in_either_order(match: re.Match[str], *, day_first: bool | None) -> datetime.date | None:
    first, mark, second, year = match.groups()
    by_day, by_month = _date(year, second, first), _date(year, first, second)
    if day_first is None and mark == ".":
        day_first = True
    if day_first is None:
        return by_day or by_month if by_day == by_month or not (by_day and by_month) else None
    return by_day if day_first else by_month


def _date(year: str, month: str | int, day: str) -> datetime.date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 69 else 1900
    try:
        return datetime.date(number, int(month), int(day))
    except ValueError:
        return None


def _at_time(day: datetime.date, time: re.Match[str]) -> datetime.datetime | None:
    hour = int(time["hour"])
    if time["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if time["half"] == "pm" else 0)
    zone = parse_time_zone(time["zone"]) if time["zone"] else None
    if time["zone"] and not zone:
        return None
    try:
        clock = datetime.time(
            hour, int(time["minute"]), int(time["second"] or 0), tzinfo=ZoneInfo(zone) if zone else None
        )
    except ValueError:
        return None
    return datetime.datetime.combine(day, clock)


def _behind(words: str, match: re.Match[str]) -> str:
    return BETWEEN.sub("", words[match.end() :], count=1)


def _folded(text: str) -> str:
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return HALF_DAY.sub(r"\1m", " ".join(text.casefold().split()))
