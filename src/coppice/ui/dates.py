"""Moments as sentences, in the reader's zone."""

from datetime import date, datetime, time, tzinfo
from functools import lru_cache

from django.utils import timezone
from django.utils.dateformat import format as write
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from coppice.ui.markup import markup


def local_time(
    start: datetime, *, zone: tzinfo | None = None, end: datetime | None = None, yours: bool = True
) -> SafeString:
    """Return "Tuesday 1 December, 14:00 to 15:00, your time (New York)".

    `start` and `end` are aware; `zone` is the active zone unless given. The year stands only when it is not
    this year; the second day only when the end falls on another day.
    """
    zone = zone or timezone.get_current_timezone()
    begins = _minute(start, zone)
    ends = _minute(end, zone) if end is not None else None
    at = begins.isoformat(timespec="minutes")
    return _sentence(at, begins, ends, str(zone), yours, _year_in(zone), get_language())


@lru_cache(maxsize=4096)
def _sentence(
    at: str,
    begins: datetime,
    ends: datetime | None,
    zone: str,
    yours: bool,
    _year: int,
    _language: str | None,
) -> SafeString:
    """Write `local_time` in the language that is active; kept, as lists ask for the same moments again.

    `at` tells apart the two moments of an hour that a clock goes through twice.
    """
    words = _moment(begins)
    if ends is not None:
        closing = _clock(ends) if ends.date() == begins.date() else _moment(ends)
        words = gettext("%(start)s to %(end)s") % {"start": words, "end": closing}
    return markup(
        '<span class="when"><time datetime="{at}">{words}</time>, {whose}</span>',
        at=at,
        words=words,
        whose=(gettext("your time (%(place)s)") if yours else gettext("%(place)s time"))
        % {"place": place(zone)},
    )


def day(moment: datetime) -> str:
    """Return "Tuesday 1 December", with the year when it is not the current one."""
    if moment.year == _year_in(moment.tzinfo):
        return _written(moment.date(), pgettext("day in Django's date letters", "l j F"), get_language())
    return _written(
        moment.date(), pgettext("day with year in Django's date letters", "l j F Y"), get_language()
    )


def place(zone: tzinfo | str) -> str:
    """Return the city that names a zone: "New York" for America/New_York."""
    return str(zone).rpartition("/")[2].replace("_", " ")


def _moment(moment: datetime) -> str:
    return gettext("%(day)s, %(time)s") % {"day": day(moment), "time": _clock(moment)}


def _clock(moment: datetime) -> str:
    at = time(moment.hour, moment.minute)
    return _written(at, pgettext("time in Django's date letters", "H:i"), get_language())


def _minute(moment: datetime, zone: tzinfo) -> datetime:
    return timezone.localtime(moment, zone).replace(second=0, microsecond=0)


def _year_in(zone: tzinfo | None) -> int:
    """Return which year it is now in a zone."""
    return timezone.localtime(timezone.now(), zone).year


@lru_cache(maxsize=1024)
def _written(what: date | time, letters: str, _language: str | None) -> str:
    """Write a day or a time of day by Django's letters, in the language that is active."""
    return write(what, letters)
