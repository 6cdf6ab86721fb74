"""Times for a series: the engine judges every weekday and time of day over all its meetings."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from coppice.meetings.time_finding import EVERY, STEP, Attendee, Judged, person, whole_steps
from engines.timefinding import Candidate, Found, Meeting, Option, Problem, Why, find_times, weekly

SHOWN = 6
APART = 120
MOST_TIMES = 60


@dataclass(frozen=True)
class Rhythms:
    """One way for a series: the time that it keeps, or two that take turns, each judged over its meetings.

    `score` counts what everybody bears in all meetings (engines/timefinding); less is better.
    """

    times: tuple[Judged, ...]
    score: int


def propose_series(
    people: Sequence[Attendee],
    *,
    first: datetime,
    meetings: int,
    weeks: int,
    minutes: int,
    is_in_turn: bool = False,
    shown: int = SHOWN,
) -> list[Rhythms]:
    """Return the least hard ways to meet so many times every so many weeks, the best first.

    `first` is midnight of the first day, in the organizer's zone, whose clock all times keep. In turn, two
    times of one weekday share the meetings, so that what is hard is shared too. Empty without people. What
    only own calendars say chooses among them; how hard they are, and their order, is told without it.
    """
    if not people:
        return []
    found: list[tuple[int, Rhythms]] = []
    for candidates in _candidates(first, meetings=meetings, weeks=weeks, is_in_turn=is_in_turn):
        problem = Problem(
            tuple(person(each, heeds_private=True) for each in people),
            candidates,
            minutes=whole_steps(minutes),
            step=STEP,
            take=2 if is_in_turn else 1,
        )
        answer = find_times(problem, options=1 if is_in_turn else shown, apart=APART)
        if isinstance(answer, Found):
            found += [(option.score, _rhythms(option, people, minutes=minutes)) for option in answer.options]
    best = sorted(found, key=lambda each: (each[0], each[1].times[0].starts_at))[:shown]
    return sorted((each for _score, each in best), key=lambda each: (each.score, each.times[0].starts_at))


def _candidates(
    first: datetime, *, meetings: int, weeks: int, is_in_turn: bool
) -> list[tuple[Candidate, ...]]:
    """Return all times of a week, or when two take turns those of each weekday alone."""
    times = min(MOST_TIMES, max(1, meetings))
    if not is_in_turn:
        return [weekly(EVERY, first, times=times, weeks=weeks)]
    by_day: dict[object, list[Candidate]] = {}
    for each in weekly(EVERY, first, times=max(1, times // 2), weeks=2 * weeks):
        by_day.setdefault(each.starts[0].astimezone(first.tzinfo).date(), []).append(each)
    return [tuple(each) for each in by_day.values()]


def _rhythms(option: Option, people: Sequence[Attendee], *, minutes: int) -> Rhythms:
    if any(each.private for each in people):
        option = _told(option, people, minutes=minutes)
    judged = [_judged(meetings, len(people), option.score) for meetings in option.times]
    return Rhythms(tuple(sorted(judged, key=lambda each: each.starts_at)), option.score)


def _told(option: Option, people: Sequence[Attendee], *, minutes: int) -> Option:
    """Judge what was chosen anew, without what people's own calendars say."""
    problem = Problem(
        tuple(person(each) for each in people),
        tuple(Candidate(tuple(each.start for each in meetings)) for meetings in option.times),
        minutes=whole_steps(minutes),
        step=STEP,
        take=len(option.times),
    )
    answer = find_times(problem, options=1)
    if not isinstance(answer, Found):
        raise AssertionError("nobody has to come, so that no time is ruled out")
    return answer.options[0]


def _judged(meetings: Sequence[Meeting], people: int, score: int) -> Judged:
    """Judge one time by all its meetings: whoever cannot come to one, or has it hard once, counts."""
    reasons: dict[str, set[Why]] = {}
    away = set()
    for meeting in meetings:
        for each in meeting.hard:
            reasons.setdefault(each.person, set()).update(each.reasons)
            if each.is_away:
                away.add(each.person)
    return Judged(
        starts_at=meetings[0].start,
        people=people,
        cannot=len(away),
        hard=len(reasons) - len(away),
        score=score,
        reasons=dict(Counter(_flat(reasons.values()))),
    )


def _flat(reasons: Iterable[Iterable[Why]]) -> Iterable[Why]:
    return (why for each in reasons for why in each)


def length_of(meetings: int, *, weeks: int) -> timedelta:
    """Return how long a series of so many meetings lasts, from its first day to its last."""
    return timedelta(weeks=weeks * (max(1, meetings) - 1) + 1) - timedelta(days=1)
