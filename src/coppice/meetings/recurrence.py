"""A rule of meeting turned into days, instants and what calendars need to follow it; knows no database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule
from dateutil.rrule import weekday as weekday_of

WEEK = timedelta(days=7)
DAY_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
TRIES = 7
"""How often a day on which nobody meets is followed by another before the meeting is left out."""


class Rhythm(StrEnum):
    """What a rule counts in."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Instead(StrEnum):
    """What becomes of a meeting that falls on a day on which nobody meets."""

    SKIP = "skip"
    WEEK_BEFORE = "week_before"
    WEEK_AFTER = "week_after"
    DAY_BEFORE = "day_before"


class Out(StrEnum):
    """Why a day of the rule has no meeting."""

    MONTH = "month"
    FREE_DAY = "free_day"
    TAKEN = "taken"


class Clocks(StrEnum):
    """What clocks do at a time of day: they show it once, never, or twice."""

    ONCE = "once"
    SKIPPED = "skipped"
    REPEATED = "repeated"


STEPS = {
    Instead.WEEK_BEFORE: -WEEK,
    Instead.WEEK_AFTER: WEEK,
    Instead.DAY_BEFORE: timedelta(days=-1),
}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Every `every` weeks on `weekdays` (Monday is 0), or months on the `position`-th of the one weekday.

    `position` is 1 to 4, or -1 for the last. The first week or month is that of the first day that fits, from
    `first` on. `clocks` are one time of day, or two that take turns week by week or month by month. On
    `free_days` nobody meets: `instead` says what then.
    """

    rhythm: Rhythm
    first: date
    last: date
    clocks: tuple[time, ...]
    weekdays: tuple[int, ...]
    every: int = 1
    position: int = 0
    months_out: frozenset[int] = field(default_factory=frozenset)
    free_days: frozenset[date] = field(default_factory=frozenset)
    instead: Instead = Instead.SKIP


@dataclass(frozen=True)
class Slot:
    """One day of a rule: which of its times, the day on which people really meet, or why they do not."""

    day: date
    strand: int
    clock: time
    meets_on: date | None
    why: Out | None = None

    @property
    def local(self) -> datetime:
        """When people meet, by the organizer's clock (naive); raises ValueError when they do not."""
        if self.meets_on is None:
            raise ValueError(f"nobody meets for {self.day}")
        return datetime.combine(self.meets_on, self.clock)

    @property
    def is_moved(self) -> bool:
        return self.meets_on is not None and self.meets_on != self.day


@dataclass(frozen=True)
class Moment:
    """An instant (UTC) for a time of day, and what the clocks do there."""

    instant: datetime
    clocks: Clocks


def expand(rule: Rule) -> list[Slot]:
    """Return every day of the rule in order, with the days that have no meeting and why."""
    days = _days(rule)
    taken = set(days)
    slots = []
    for day in days:
        strand = _turn(rule, days[0], day) % len(rule.clocks)
        meets_on, why = _meets_on(rule, day, taken)
        if meets_on is not None:
            taken.add(meets_on)
        slots.append(Slot(day, strand, rule.clocks[strand], meets_on, why))
    return slots


def resolve(local: datetime, zone: ZoneInfo) -> Moment:
    """Return the instant of a naive time by the clocks of a zone.

    A time that clocks skip becomes the one that they show then, as RFC 5545 (3.3.5) has it: half past two
    becomes half past three where clocks go from two to three. Of a time that they show twice it is the first.
    """
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    instant = first.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None, fold=0) != local:
        return Moment(instant, Clocks.SKIPPED)
    is_twice = first.utcoffset() != second.utcoffset()
    return Moment(instant, Clocks.REPEATED if is_twice else Clocks.ONCE)


def recurrence(rule: Rule, until: datetime) -> dict[str, object]:
    """Return the parts of the RRULE of one strand; `until` is aware (RFC 5545 wants it in UTC)."""
    interval = rule.every * len(rule.clocks)
    parts: dict[str, object] = {"FREQ": "WEEKLY" if rule.rhythm is Rhythm.WEEKLY else "MONTHLY"}
    if interval > 1:
        parts["INTERVAL"] = interval
    at = str(rule.position) if rule.rhythm is Rhythm.MONTHLY else ""
    parts["BYDAY"] = [f"{at}{DAY_NAMES[day]}" for day in sorted(rule.weekdays)]
    parts["UNTIL"] = until.astimezone(UTC)
    return parts


def _days(rule: Rule) -> list[date]:
    if rule.rhythm is Rhythm.WEEKLY:
        frequency, on = WEEKLY, [weekday_of(day) for day in rule.weekdays]
    else:
        frequency, on = MONTHLY, [weekday_of(day, rule.position) for day in rule.weekdays]
    begins = datetime.combine(rule.first, time())
    first = rrule(frequency, byweekday=on, wkst=MO, dtstart=begins, count=1)[0]
    until = datetime.combine(rule.last, time())
    every = rrule(frequency, interval=rule.every, byweekday=on, wkst=MO, dtstart=first, until=until)
    return [moment.date() for moment in every]


def _turn(rule: Rule, first: date, day: date) -> int:
    """Return how many turns lie between two days of a rule."""
    if rule.rhythm is Rhythm.WEEKLY:
        weeks = ((day - timedelta(days=day.weekday())) - (first - timedelta(days=first.weekday()))) // WEEK
        return weeks // rule.every
    return ((day.year - first.year) * 12 + day.month - first.month) // rule.every


def _meets_on(rule: Rule, day: date, taken: set[date]) -> tuple[date | None, Out | None]:
    if day.month in rule.months_out:
        return None, Out.MONTH
    if day not in rule.free_days:
        return day, None
    for other in _others(rule, day):
        if other in taken or not rule.first <= other <= rule.last:
            return None, Out.TAKEN
        if other not in rule.free_days:
            return other, None
    return None, Out.FREE_DAY


def _others(rule: Rule, day: date) -> Iterator[date]:
    step = STEPS.get(rule.instead)
    if step is not None:
        yield from (day + step * count for count in range(1, TRIES + 1))
