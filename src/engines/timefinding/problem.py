"""The question put to the engine: who shall meet, when each of them can, and the times to choose from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HOURS_OF_WEEK = 168
SATURDAY, SUNDAY = 5, 6
WEEKEND = frozenset({SATURDAY, SUNDAY})


class ProblemError(ValueError):
    """The question contradicts itself, for instance two people with one id or a time without a zone."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant to a later one, which is outside; both know their zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who shall come.

    zone: IANA name, in which the hours of this person's day are judged
    usual: hours of the local week when this person can usually meet (Monday 0:00 is 0, Sunday 23:00 is 167);
        None: not told
    free, if_need_be: what this person said of single times; stronger than what is usual
    busy: when this person cannot come, whatever else was said
    rest_days: local days (Monday 0) on which a meeting is a burden
    must: there is no meeting without this person
    carried: burden of meetings before these, as `Option.burdens` counts it
    """

    id: str
    zone: str
    usual: frozenset[int] | None = None
    free: tuple[Span, ...] = ()
    if_need_be: tuple[Span, ...] = ()
    busy: tuple[Span, ...] = ()
    rest_days: frozenset[int] = WEEKEND
    must: bool = False
    carried: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A time to choose: one start, or all starts of a series that would follow from it."""

    starts: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Choose `take` of the candidates for meetings of `minutes`, so that the burden is small and shared.

    step: minutes by which a meeting is judged; a multiple of it is `minutes`
    repeats: whether one candidate may be taken more than once (two halves of a series at the same time)

    Raises ProblemError when ids repeat, zones are unknown, times have no zone, or there is nothing to choose.
    """

    people: tuple[Person, ...]
    candidates: tuple[Candidate, ...]
    minutes: int = 60
    take: int = 1
    step: int = 15
    repeats: bool = False

    def __post_init__(self) -> None:
        for complaint in _complaints(self):
            raise ProblemError(complaint)


def _complaints(problem: Problem) -> Iterator[str]:
    if problem.step < 1 or problem.minutes < problem.step or problem.minutes % problem.step:
        yield f"{problem.minutes} minutes are no whole number of steps of {problem.step}"
    if problem.take < 1 or (problem.take > len(problem.candidates) and not problem.repeats):
        yield f"{problem.take} of {len(problem.candidates)} times cannot be taken"
    if len({len(each.starts) for each in problem.candidates}) != 1:
        yield "every candidate needs as many starts as the others, and there has to be one"
    elif not problem.candidates[0].starts:
        yield "a candidate without a start"
    if any(start.tzinfo is None for each in problem.candidates for start in each.starts):
        yield "a start without a zone"
    seen: set[str] = set()
    for person in problem.people:
        if person.id in seen:
            yield f"person {person.id} appears twice"
        seen.add(person.id)
        yield from _complaints_of(person)


def _complaints_of(person: Person) -> Iterator[str]:
    try:
        ZoneInfo(person.zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"person {person.id}: there is no zone {person.zone}"
    if person.carried < 0:
        yield f"person {person.id}: a burden of {person.carried}"
    if any(not 0 <= hour < HOURS_OF_WEEK for hour in person.usual or ()):
        yield f"person {person.id}: an hour that no week has"
    for span in (*person.free, *person.if_need_be, *person.busy):
        if span.start.tzinfo is None or span.end.tzinfo is None:
            yield f"person {person.id}: a time without a zone"
        elif span.end <= span.start:
            yield f"person {person.id}: a time that ends before it starts"


def every(step: int, first: datetime, last: datetime) -> tuple[Candidate, ...]:
    """A candidate every so many minutes, from the first start to the last that may be."""
    count = int((last - first) / timedelta(minutes=step)) + 1
    return tuple(Candidate((first + timedelta(minutes=step * number),)) for number in range(max(0, count)))


def weekly(step: int, first: datetime, *, times: int, weeks: int = 1) -> tuple[Candidate, ...]:
    """Every weekday and time of day, so many `times` every so many `weeks`, by the clock of `first`'s zone.

    A series keeps its time of day over clock changes; one that the clock skips on a day is left out.
    """
    zone, found = first.tzinfo, []
    for number in range(7 * 24 * 60 // step):
        wall = first.replace(tzinfo=None) + timedelta(minutes=step * number)
        walls = [wall + timedelta(weeks=weeks * time) for time in range(times)]
        starts = [each.replace(tzinfo=zone) for each in walls]
        if all(_is_real(start) for start in starts):
            found.append(Candidate(tuple(starts)))
    return tuple(found)


def _is_real(start: datetime) -> bool:
    utc = ZoneInfo("UTC")
    return start.astimezone(utc).astimezone(start.tzinfo).replace(tzinfo=None) == start.replace(tzinfo=None)
