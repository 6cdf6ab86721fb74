"""The engine's call: people with their clocks, hours and meetings in; times, and how hard each is, out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from engines.timefinding import Candidate, Found, Option, Person, Problem, Span, Why, every, find_times

STEP = 15
"""Minutes by which a meeting is judged: the engine's own."""

EVERY = 30
"""Minutes from one start that may be proposed to the next."""

SHOWN = 6
CLOSEST, FURTHEST = 120, 25 * 60
"""Minutes between two proposals at least: two hours when there are few days to choose from; with many days
more than a day, so that they fall on several days and, where all are alike, on several times of the day."""

FREE, IF_NEED_BE, BUSY = "yes", "if_need_be", "no"
"""What somebody says of a time, as `TimeAnswer.Answer` has it."""


@dataclass(frozen=True)
class Attendee:
    """Somebody who shall meet.

    `zone` is an IANA name. `free_hours` are hours of the local week (Monday 0:00 is 0) that they told and
    share, or None. `busy` are their other meetings as (start, end), aware. `private` is when their own
    calendar says that they have something else: what is proposed heeds it, and nothing that is told does, so
    that nobody reads a calendar slot by slot.
    """

    key: int
    zone: str
    free_hours: frozenset[int] | None = None
    busy: tuple[tuple[datetime, datetime], ...] = ()
    private: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True)
class Judged:
    """One time: for how many of `people` it is easy, hard (`reasons` tell how often each) and not possible.

    `score` is the sum over people of the square of their burden (engines/timefinding); less is better.
    """

    starts_at: datetime
    people: int
    cannot: int
    hard: int
    score: int
    reasons: Mapping[Why, int] = field(default_factory=dict)

    @property
    def easy(self) -> int:
        return self.people - self.hard - self.cannot


def propose(
    people: Sequence[Attendee], *, first: datetime, last: datetime, minutes: int, shown: int = SHOWN
) -> list[Judged]:
    """Return the least hard starts between two instants, the best first, some hours apart.

    Starts are every half hour from `first`; the last one ends by `last`. Empty without people or time. What
    only own calendars say chooses among them; how hard they are, and their order, is told without it.
    """
    length = timedelta(minutes=minutes)
    if not people or last - first < length:
        return []
    days = (last - first) / timedelta(days=1)
    apart = int(min(FURTHEST, max(CLOSEST, days * 24 * 60 / (shown + 2))))
    problem = Problem(
        tuple(person(each, heeds_private=True) for each in people),
        every(EVERY, first.astimezone(UTC), (last - length).astimezone(UTC)),
        minutes=whole_steps(minutes),
        step=STEP,
    )
    found = find_times(problem, options=shown, apart=apart)
    options = found.options if isinstance(found, Found) else ()
    if not any(each.private for each in people):
        return [_judged(option, len(people)) for option in options]
    told = [
        judge(people, starts_at=option.times[0][0].start, minutes=minutes, answers={}) for option in options
    ]
    return sorted(told, key=lambda each: (each.score, each.starts_at))


def judge(
    people: Sequence[Attendee], *, starts_at: datetime, minutes: int, answers: Mapping[int, str]
) -> Judged:
    """Return how hard one time is, by what people answered (by their key), else by their own clock.

    Each time is judged alone, so that what somebody said of one counts for no other that overlaps it. Who
    answered knows best: their other meetings do not count. Nobody's own calendar does.
    """
    length = timedelta(minutes=whole_steps(minutes))
    span = Span(starts_at, starts_at + length)
    problem = Problem(
        tuple(_answered(each, answers.get(each.key, ""), span) for each in people),
        (Candidate((starts_at,)),),
        minutes=whole_steps(minutes),
        step=STEP,
    )
    found = find_times(problem, options=1)
    if not isinstance(found, Found):
        raise AssertionError("nobody has to come, so that no time is ruled out")
    return _judged(found.options[0], len(people))


def person(attendee: Attendee, *, heeds_private: bool = False) -> Person:
    """Return somebody as the engine takes them, with what their own calendar says or without."""
    busy = (*attendee.busy, *attendee.private) if heeds_private else attendee.busy
    return Person(
        id=str(attendee.key),
        zone=attendee.zone,
        usual=attendee.free_hours,
        busy=tuple(Span(start, end) for start, end in busy),
    )


def _answered(attendee: Attendee, answer: str, span: Span) -> Person:
    if not answer:
        return person(attendee)
    return Person(
        id=str(attendee.key),
        zone=attendee.zone,
        free=(span,) if answer == FREE else (),
        if_need_be=(span,) if answer == IF_NEED_BE else (),
        busy=(span,) if answer == BUSY else (),
    )


def _judged(option: Option, people: int) -> Judged:
    [[meeting]] = option.times
    away = sum(each.is_away for each in meeting.hard)
    reasons = Counter(_flat(each.reasons for each in meeting.hard))
    return Judged(
        starts_at=meeting.start,
        people=people,
        cannot=away,
        hard=len(meeting.hard) - away,
        score=option.score,
        reasons=dict(reasons),
    )


def _flat(reasons: Iterable[Iterable[Why]]) -> Iterable[Why]:
    return (why for each in reasons for why in each)


def whole_steps(minutes: int) -> int:
    """Return the length as the engine wants it: whole quarters of an hour."""
    return -(-minutes // STEP) * STEP
