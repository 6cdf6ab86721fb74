"""A calendar file in, the times at which its owner is busy out; everything else in it is read past."""

import calendar
import re
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import recurring_ical_events
from icalendar import Calendar

from coppice.meetings import errors

MOST_BYTES = 2 * 1024 * 1024
MOST_LINES = 20_000
"""Lines that say when something is; others are left out before anything is made of them."""
MOST_EVENTS = 5000
MOST_OF_ONE = 500
"""Events of one UID: a rule, and what differs from it."""
MOST_STEPS = 500_000
"""So often the rules of a file may begin anew in all, from the first day until the last that is looked at."""
MOST_TIMES = 1000
AHEAD = timedelta(weeks=8)
A_DAY = timedelta(days=1)
PATIENCE = 5.0
"""Seconds that a file may take in all: rules can be written that never come to an end."""
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"}
FARTHEST_POSITION = 31
BY_YEAR = {"DAILY": 366, "WEEKLY": 53, "MONTHLY": 12, "YEARLY": 1}
"""How often each frequency begins anew in a year."""
LONGEST_INTERVAL = 1000
EARLIEST_YEAR = 1600  # calendars write birthdays of an unknown year from 1604 on
KEPT = {
    *("BEGIN", "END", "UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXRULE", "EXDATE"),
    *("RECURRENCE-ID", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "ATTENDEE", "FREEBUSY"),
    *("X-WR-TIMEZONE", "TZID", "TZNAME", "TZOFFSETFROM", "TZOFFSETTO"),
}
"""Lines that say when something is, or whether one is busy then."""
FREE_KINDS = {"FREE"}
NOT_READABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)
"""What the calendar library raises for what it cannot make sense of."""


@dataclass(frozen=True, order=True)
class Busy:
    """One time, from one instant to another (aware, UTC)."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Reader:
    """Whose calendar it is: their zone, for times without one, and the addresses that invitations name."""

    zone: tzinfo
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Read:
    """What came of a file: times in order, what overlaps put together, and how many events were left out."""

    times: list[Busy]
    left_out: int = 0


def read_busy(content: bytes, reader: Reader, *, now: datetime) -> Read:
    """Return when somebody is busy in the next eight weeks.

    `content` is iCalendar (RFC 5545), of one or more calendars. Events count that are neither cancelled nor
    marked as free nor declined by their reader, each occurrence of those that recur; so do the busy times of
    VFREEBUSY. All-day events last from midnight to midnight in the reader's zone, by which times without a
    zone go as well. An event that cannot be read, or whose rule is none that people's calendars write, is
    left out and counted. Raises CalendarTooLarge, or CalendarNotRead.
    """
    if len(content) > MOST_BYTES:
        raise errors.CalendarTooLarge
    until, deadline = now + AHEAD, time.monotonic() + PATIENCE
    groups: dict[str, list[Any]] = {}
    found: list[Busy] = []
    left_out = 0
    for number, component in enumerate(_components(content)):
        if number >= MOST_EVENTS:
            raise errors.CalendarTooLarge
        if component.name == "VFREEBUSY":
            found += _told(component, reader)
        else:
            groups.setdefault(str(component.get("UID") or f"without-{number}"), []).append(component)
    steps = 0
    for events in groups.values():
        if time.monotonic() > deadline or len(events) > MOST_OF_ONE:
            raise errors.CalendarTooLarge
        try:
            steps += _steps(events, until)
            if steps > MOST_STEPS:
                raise errors.CalendarTooLarge
            for event in _occurrences(events, reader, now, until):
                found += _of_event(event, reader)
        except NOT_READABLE:
            left_out += not all(_is_free(each, reader.addresses) for each in events)
    merged = _merged(each for each in found if each.ends_at > now and each.starts_at < until)
    if len(merged) > MOST_TIMES:
        raise errors.CalendarTooLarge
    return Read(merged, left_out)


def _components(content: bytes) -> Iterator[Any]:
    try:
        calendars = Calendar.from_ical(_needed(content.decode("utf-8-sig", errors="replace")), multiple=True)
    except NOT_READABLE:
        raise errors.CalendarNotRead from None
    if not calendars or any(each.name != "VCALENDAR" for each in calendars):
        raise errors.CalendarNotRead
    for each in calendars:
        yield from (part for part in each.subcomponents if part.name in {"VEVENT", "VFREEBUSY"})


def _needed(text: str) -> str:
    """Return the lines that say when something is: a file of many years is mostly words that nobody reads."""
    kept: list[str] = []
    is_kept = False
    for line in re.split(r"\r\n|\n|\r", text):
        if not line.startswith((" ", "\t")):  # else it goes on with the line before
            is_kept = re.split("[:;]", line, maxsplit=1)[0].strip().upper() in KEPT
        if is_kept:
            kept.append(line)
    if len(kept) > MOST_LINES:
        raise errors.CalendarTooLarge
    return "\r\n".join(kept)


def _occurrences(events: list[Any], reader: Reader, now: datetime, until: datetime) -> list[Any]:
    """Return the events of one UID as they take place around the time that is looked at.

    Raises one of NOT_READABLE when nothing can be made of them.
    """
    if not any("RRULE" in each or "RDATE" in each for each in events):
        return events
    if not all(_is_tame(each) for each in events):
        raise ValueError("no rule that people's calendars write")
    own = Calendar()
    for each in events:
        own.add_component(each)
    begins, ends = (moment.astimezone(reader.zone) for moment in (now - A_DAY, until + A_DAY))
    return list(recurring_ical_events.of(own).between(begins, ends))


def _steps(events: list[Any], until: datetime) -> int:
    """Return how often the rules of one UID begin anew until the end, tame or not; 0 where none is read."""
    steps = 0
    for event in events:
        start = getattr(event.get("DTSTART"), "dt", None)
        if isinstance(start, date) and start.year >= EARLIEST_YEAR:  # others are left out anyway
            years = max(0, until.year - start.year) + 1
            for rule in _each(event.get("RRULE", [])):
                steps += years * max(
                    (BY_YEAR.get(str(each), 1) for each in _each(rule.get("FREQ", ""))), default=1
                )
    return steps


def _is_tame(event: Any) -> bool:
    """Say whether the rule of an event is one that people's calendars write, and comes to an end soon."""
    rules = event.get("RRULE")
    if rules is None:
        return True
    start = getattr(event.get("DTSTART"), "dt", None)
    return isinstance(start, date) and start.year >= EARLIEST_YEAR and all(map(_is_tame_rule, _each(rules)))


def _is_tame_rule(rule: Any) -> bool:
    said = {str(key).upper(): [str(value).upper() for value in _each(rule[key])] for key in rule}
    if not set(said) <= PARTS or not set(said.get("FREQ", [""])) <= BY_YEAR.keys():
        return False
    if not all(1 <= int(each) <= LONGEST_INTERVAL for each in said.get("INTERVAL", ())):
        return False
    months = [int(each) for each in said.get("BYMONTH", ())] or list(range(1, 13))
    longest = max(calendar.monthrange(2024, month)[1] for month in months)
    days = [abs(int(each)) for each in said.get("BYMONTHDAY", ())] or [1]
    positions = [abs(int(each)) for each in said.get("BYSETPOS", ())] or [1]
    weeks = [abs(int(each[:-2] or 1)) for each in said.get("BYDAY", ())] or [1]
    return min(days) <= longest and max(positions) <= FARTHEST_POSITION and max(weeks) <= 5


def _of_event(event: Any, reader: Reader) -> list[Busy]:
    if _is_free(event, reader.addresses):
        return []
    start = event["DTSTART"].dt
    if "DTEND" in event:
        end = event["DTEND"].dt
    elif "DURATION" in event:
        end = start + event["DURATION"].dt
    else:
        end = start
    if end == start and not isinstance(start, datetime):
        end = start + A_DAY  # as RFC 5545 (3.6.1) has it; the library gives each occurrence an end of its own
    return _whole(start, end, reader)


def _is_free(event: Any, addresses: Collection[str]) -> bool:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return True
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return True
    if str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE":
        return True
    return any(
        str(each).lower().removeprefix("mailto:") in addresses
        and str(getattr(each, "params", {}).get("PARTSTAT", "")).upper() == "DECLINED"
        for each in _each(event.get("ATTENDEE", []))
    )


def _told(component: Any, reader: Reader) -> list[Busy]:
    """Return the busy times of a VFREEBUSY."""
    found: list[Busy] = []
    for line in _each(component.get("FREEBUSY", [])):
        if str(getattr(line, "params", {}).get("FBTYPE", "BUSY")).upper() in FREE_KINDS:
            continue
        for period in _each(getattr(line, "dts", line)):
            try:
                start, end = getattr(period, "dt", None) or (period.start, period.end)
                found += _whole(start, start + end if isinstance(end, timedelta) else end, reader)
            except NOT_READABLE:
                continue
    return found


def _whole(start: date, end: date, reader: Reader) -> list[Busy]:
    begins, ends = _instant(start, reader.zone), _instant(end, reader.zone)
    return [Busy(begins, ends)] if begins < ends else []


def _instant(moment: date, zone: tzinfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _merged(times: Iterable[Busy]) -> list[Busy]:
    merged: list[Busy] = []
    for each in sorted(times):
        if merged and each.starts_at <= merged[-1].ends_at:
            merged[-1] = Busy(merged[-1].starts_at, max(merged[-1].ends_at, each.ends_at))
        else:
            merged.append(each)
    return merged


def _each(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
