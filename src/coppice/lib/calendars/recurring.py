"""Events that come again by a rule, and what falls out of it (RFC 5545 section 3.8.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar.prop import vRecur

from coppice.lib.calendars.lines import clock, line


@dataclass(frozen=True)
class Recurrence:
    """When an event comes again, by the clock of its zone: all times are naive.

    `first` is its DTSTART and keeps to the rule, `last` the last time, `rule` holds the parts of the RRULE,
    `left_out` are times of the rule at which it does not take place (EXDATE).
    """

    first: datetime
    last: datetime
    rule: Mapping[str, object]
    left_out: tuple[datetime, ...] = ()


def recurrence_lines(recurs: Recurrence, *, duration: timedelta, tzid: str | None) -> list[str]:
    """Return beginning, end, rule and exceptions of an event; without a `tzid` the zone is UTC."""
    return [
        clock_times("DTSTART", recurs.first, tzid),
        clock_times("DTEND", recurs.first + duration, tzid),
        f"RRULE:{vRecur(recurs.rule).to_ical().decode()}",
        *(clock_times("EXDATE", moment, tzid) for moment in recurs.left_out),
    ]


def clock_times(word: str, moment: datetime, tzid: str | None) -> str:
    """Return a naive time of a zone as what `word` names."""
    if tzid is None:
        return f"{word}:{clock(moment)}Z"
    return line(word, clock(moment), {"TZID": tzid})
