"""The burden of a meeting told step by step and choice by choice: slow, with nothing of the engine's."""

from datetime import timedelta
from itertools import combinations, combinations_with_replacement
from zoneinfo import ZoneInfo

NIGHT, EARLY, LATE = range(6), {6: 3, 7: 1}, {18: 1, 19: 1, 20: 3, 21: 3}


def burden(person, start, minutes, step):
    """What one meeting is to one person: the hardest of its steps."""
    steps = [start + timedelta(minutes=k) for k in range(0, minutes, step)]
    return max(of_step(person, each, each + timedelta(minutes=step)) for each in steps)


def of_step(person, start, end):
    """What one step is to one person."""
    local = start.astimezone(ZoneInfo(person.zone))
    if any(span.start < end and start < span.end for span in person.busy):
        return 16
    if any(span.start <= start and end <= span.end for span in person.free):
        return 0
    if any(span.start <= start and end <= span.end for span in person.if_need_be):
        return 2
    if person.usual is not None:
        return 0 if 24 * local.weekday() + local.hour in person.usual else 10
    of_hour = {**EARLY, **LATE}.get(local.hour, 8 if local.hour in (*NIGHT, 22, 23) else 0)
    return of_hour + (3 if local.weekday() in person.rest_days else 0)


def least(problem):
    """The least score of any choice, or None where nobody may be away and somebody always is."""
    table = [
        [sum(burden(p, s, problem.minutes, problem.step) for s in each.starts) for p in problem.people]
        for each in problem.candidates
    ]
    allowed = [
        number
        for number, each in enumerate(problem.candidates)
        if not any(
            p.must and burden(p, s, problem.minutes, problem.step) == 16
            for p in problem.people
            for s in each.starts
        )
    ]
    ways = combinations_with_replacement if problem.repeats else combinations
    scores = [
        sum(
            (person.carried + sum(table[each][n] for each in chosen)) ** 2
            for n, person in enumerate(problem.people)
        )
        for chosen in ways(allowed, problem.take)
    ]
    return min(scores, default=None)
