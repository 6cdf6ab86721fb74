"""How hard each time is for each person, in whole numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from engines.timefinding.answer import Why
from engines.timefinding.problem import HOURS_OF_WEEK, Person, Problem, Span

HOURLY = (8, 8, 8, 8, 8, 8, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 3, 3, 8, 8)
"""The burden of each hour of the local day, while nothing else was said."""

NOON = 12
NIGHTLY = 8
REST_DAY, IF_NEED_BE, NOT_USUAL, AWAY = 3, 2, 10, 16
"""The burden of a rest day, on top of the hour's; of what was called possible if need be, in place of it; of
an hour other than somebody's usual ones, in place of it; of a meeting that somebody cannot come to."""

DAY = 24 * 60
MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONDAY = 3 * 24
"""Hours to add to those since the epoch, a Thursday, for hours since a Monday."""

type Array = Any
"""A numpy array of whole numbers."""


@dataclass
class Burdens:
    """`of[person, candidate]`: what all its meetings are to somebody; `away`: how many are missed."""

    problem: Problem
    starts: Array = field(init=False)
    of: Array = field(init=False)
    away: Array = field(init=False)

    def __post_init__(self) -> None:
        problem = self.problem
        steps = np.arange(0, problem.minutes, problem.step)
        self.starts = np.array([[minute_of(s) for s in each.starts] for each in problem.candidates])
        cells, where = np.unique(self.starts[:, :, None] + steps, return_inverse=True)
        where = where.reshape((*self.starts.shape, len(steps)))
        weeks = {zone: local_hours(zone, cells) for zone in {person.zone for person in problem.people}}
        self.of = np.empty((len(problem.people), len(self.starts)), dtype=np.int64)
        self.away = np.empty_like(self.of)
        for number, person in enumerate(problem.people):
            hardest = judged(person, cells, weeks[person.zone], problem.step)[where].max(axis=2)
            self.of[number] = hardest.sum(axis=1)
            self.away[number] = (hardest == AWAY).sum(axis=1)


def minute_of(instant: datetime) -> int:
    """Whole minutes since the epoch."""
    return (instant - EPOCH) // MINUTE


def local_hours(zone: str, minutes: Array) -> Array:
    """The hour of the local week (Monday 0:00 is 0) of instants in ascending order."""
    place = ZoneInfo(zone)
    days = np.unique(minutes // DAY)
    shifts = {day: _shift(place, day * DAY) for day in {*days.tolist(), *(days + 1).tolist()}}
    ends = np.searchsorted(minutes, days * DAY), np.searchsorted(minutes, (days + 1) * DAY)
    local = np.empty_like(minutes)
    for day, first, last in zip(days.tolist(), *(each.tolist() for each in ends), strict=True):
        here = minutes[first:last]
        if shifts[day] == shifts[day + 1]:
            local[first:last] = here + shifts[day]
        else:
            local[first:last] = here + [_shift(place, minute) for minute in here.tolist()]
    return (local // 60 + MONDAY) % HOURS_OF_WEEK


def _shift(place: ZoneInfo, minute: int) -> int:
    offset = (EPOCH + minute * MINUTE).astimezone(place).utcoffset()
    return 0 if offset is None else offset // MINUTE


def judged(person: Person, cells: Array, hours: Array, step: int) -> Array:
    """The burden of each step that begins at one of these minutes (ascending), by its local hour."""
    if person.usual is None:
        resting = np.isin(hours // 24, sorted(person.rest_days))
        burden = np.array(HOURLY)[hours % 24] + REST_DAY * resting
    else:
        burden = np.where(np.isin(hours, sorted(person.usual)), 0, NOT_USUAL)
    burden[_within(person.if_need_be, cells, step)] = IF_NEED_BE
    burden[_within(person.free, cells, step)] = 0
    burden[_touched(person.busy, cells, step)] = AWAY
    return burden


def _within(spans: Iterable[Span], cells: Array, step: int) -> Array:
    """Which steps lie wholly in one of the spans."""
    found = np.zeros(len(cells), dtype=bool)
    for start, end in _minutes(spans):
        found |= (cells >= start) & (cells + step <= end)
    return found


def _touched(spans: Iterable[Span], cells: Array, step: int) -> Array:
    """Which steps share a minute with one of the spans."""
    found = np.zeros(len(cells), dtype=bool)
    for start, end in _minutes(spans):
        found[np.searchsorted(cells, start - step, "right") : np.searchsorted(cells, end, "left")] = True
    return found


def _minutes(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Instants as whole minutes; one that ends within a minute takes all of it."""
    return [(minute_of(each.start), -((EPOCH - each.end) // MINUTE)) for each in spans]


def reasons(person: Person, start: datetime, minutes: int, step: int) -> tuple[int, tuple[Why, ...]]:
    """What one meeting is to somebody, as `Burdens` counts it, and why."""
    cells = minute_of(start) + np.arange(0, minutes, step)
    hours = local_hours(person.zone, cells)
    each = judged(person, cells, hours, step)
    burden = int(each.max())
    if burden == 0:
        return 0, ()
    here = [k for k in range(len(cells)) if each[k] == burden]
    return burden, tuple(dict.fromkeys(why for k in here for why in _why(person, burden, int(hours[k]))))


def _why(person: Person, burden: int, hour: int) -> Iterable[Why]:
    if burden == AWAY:
        return (Why.BUSY,)
    if burden == IF_NEED_BE:
        return (Why.IF_NEED_BE,)
    if person.usual is not None:
        return (Why.NOT_USUAL,)
    of_day, rest = HOURLY[hour % 24], REST_DAY if hour // 24 in person.rest_days else 0
    found = (
        [Why.NIGHT if of_day == NIGHTLY else Why.EARLY if hour % 24 < NOON else Why.LATE] if of_day else []
    )
    return (*found, *([Why.REST_DAY] if rest else []))
