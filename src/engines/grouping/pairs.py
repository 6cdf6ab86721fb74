"""The loops over distances between pairs: who changes places with whom, so that groups are diverse.

A place is a seat of a group: seat k of group g is place g * ROOM + k, and the first SIZE of them are taken.
Kept are, for every place and group, the sum of distances from who sits there to the group's members, so that
five numbers say what an exchange gains; and for every two groups what one promises the other at most, so that
whole groups are passed over unseen. Only whole numbers are added up. `layout.py` says what lies where.
"""

from typing import Any

from engines.grouping.compiled import Real, Short, Whole, compiled, entry
from engines.grouping.kernel import draw
from engines.grouping.layout import (
    AT_MAXIMUM,
    AT_MEMBER,
    AT_MINIMUM,
    AT_SIZE,
    AT_WHOLE,
    HEADER,
    LOGARITHMS,
    ROOM,
    WORK,
    G,
    N,
)

AT_SUM, AT_PROMISE, AT_CHANGE, AT_FLOOR, NEAREST, PAIRS_HEADER = range(HEADER, HEADER + 6)
"""Tables: sums of distances by group and place; promises by two groups; a change of sums by place; what may
be lost. A number: twice the least distance."""

UNKNOWN = 1 << 60
"""In place of a promise that has not been found yet."""

WORK_OF_LOOK, WORK_OF_GROUP, WORK_OF_SEAT = 225, 10, 11
"""Tenths of nanoseconds of looking around from a place, of each group, and of each seat looked through."""

WORK_OF_PROMISE, WORK_OF_PROMISED, WORK_OF_TRADE, WORK_OF_PLACE = 60, 4, 640, 10
"""The same of a promise and each seat of it, and of an exchange and each place of it."""

WORK_OF_LOGARITHM, WORK_OF_DISTANCE = 10, 15
"""The same of preparing what may be lost, and of each distance added up."""


@entry
def seat_pairs(t: Whole, d: Short) -> None:
    """Sum up the distances from everybody to each group, and all that follows from them."""
    places = t[G] * t[ROOM]
    t[t[AT_WHOLE]] = 0
    t[t[AT_WHOLE] + WORK] += WORK_OF_DISTANCE * t[N] * t[N]
    for h in range(t[G]):
        for g in range(t[G]):
            for place in range(g * t[ROOM], g * t[ROOM] + t[t[AT_SIZE] + g]):
                row = t[t[AT_MEMBER] + place] * t[N]
                total = 0
                for other in range(h * t[ROOM], h * t[ROOM] + t[t[AT_SIZE] + h]):
                    total += d[row + t[t[AT_MEMBER] + other]]
                t[t[AT_SUM] + h * places + place] = total
                if g == h:
                    t[t[AT_WHOLE]] += total
    t[t[AT_WHOLE]] //= 2
    for g in range(t[G]):
        forget(t, g)


@entry
def mingle(t: Whole, r: Real, d: Short, rounds: int, warmth: float) -> int:
    """Look at everybody so many times for an exchange or a move, by annealing; returns how many were made.

    r: the logarithms by which Metropolis' rule draws what may be lost.
    """
    t[t[AT_WHOLE] + WORK] += WORK_OF_LOGARITHM * LOGARITHMS
    for k in range(LOGARITHMS):
        t[t[AT_FLOOR] + k] = int(warmth * r[k]) if warmth > 0.0 else 1
    made = 0
    for _ in range(rounds):
        for g in range(t[G]):
            k = 0
            while k < t[t[AT_SIZE] + g]:
                made += look_around(t, d, g, g * t[ROOM] + k)
                k += 1
    return made


@compiled
def look_around(t: Any, d: Any, g: int, place: int) -> int:
    """Let who sits at a place of group g change places with others, wherever that is accepted."""
    places = t[G] * t[ROOM]
    here = t[AT_SUM] + g * places
    row = t[t[AT_MEMBER] + place] * t[N]
    floor = t[t[AT_FLOOR] + draw(t, LOGARITHMS)]
    made = 0
    seats = 0
    h = draw(t, t[G])
    for _ in range(t[G]):
        h += 1
        if h == t[G]:
            h = 0
        if h == g:
            continue
        there = t[AT_SUM] + h * places
        gain = t[there + place] - t[here + place]
        if gain >= floor and may_move(t, g, h):
            move_over(t, d, g, place, h)
            made += 1
            break
        most = t[t[AT_PROMISE] + g * t[G] + h]
        if most == UNKNOWN:
            most = promise(t, g, h)
        if gain + most - t[NEAREST] < floor:
            continue
        seats += t[t[AT_SIZE] + h]
        for other in range(h * t[ROOM], h * t[ROOM] + t[t[AT_SIZE] + h]):
            both = gain + t[here + other] - t[there + other]
            if both >= floor:
                both -= 2 * d[row + t[t[AT_MEMBER] + other]]
                if both >= floor:
                    trade(t, d, g, place, h, other)
                    t[t[AT_WHOLE]] += both
                    made += 1
                    row = t[t[AT_MEMBER] + place] * t[N]
                    gain = t[there + place] - t[here + place]
                    floor = t[t[AT_FLOOR] + draw(t, LOGARITHMS)]
    t[t[AT_WHOLE] + WORK] += WORK_OF_LOOK + WORK_OF_GROUP * t[G] + WORK_OF_SEAT * seats
    return made


@compiled
def may_move(t: Any, g: int, h: int) -> bool:
    """Whether the sizes of two groups let somebody move from the first to the second."""
    return t[t[AT_SIZE] + g] > t[t[AT_MINIMUM] + g] and t[t[AT_SIZE] + h] < t[t[AT_MAXIMUM] + h]


@compiled
def trade(t: Any, d: Any, g: int, place: int, h: int, other: int) -> None:
    """Have the people at two places of two groups change places."""
    places = t[G] * t[ROOM]
    i = t[t[AT_MEMBER] + place]
    j = t[t[AT_MEMBER] + other]
    t[t[AT_MEMBER] + place] = j
    t[t[AT_MEMBER] + other] = i
    for label in range(t[G]):
        base = t[AT_SUM] + label * places
        kept = t[base + place]
        t[base + place] = t[base + other]
        t[base + other] = kept
    for p in range(places):
        k = t[t[AT_MEMBER] + p]
        t[t[AT_CHANGE] + p] = d[j * t[N] + k] - d[i * t[N] + k]
    shift(t, t[AT_SUM] + g * places, t[AT_SUM] + h * places, t[AT_CHANGE], places)
    forget(t, g)
    forget(t, h)


@compiled
def shift(t: Any, up: int, down: int, change: int, count: int) -> None:
    """Add a change to one row of sums and take it from another."""
    for p in range(count):
        t[up + p] += t[change + p]
    for p in range(count):
        t[down + p] -= t[change + p]
    t[t[AT_WHOLE] + WORK] += WORK_OF_TRADE + WORK_OF_PLACE * count


@compiled
def forget(t: Any, g: int) -> None:
    """Let what group g and the others promise each other be found anew when it is asked for."""
    for h in range(t[G]):
        t[t[AT_PROMISE] + g * t[G] + h] = UNKNOWN
        t[t[AT_PROMISE] + h * t[G] + g] = UNKNOWN


@compiled
def promise(t: Any, g: int, h: int) -> int:
    """The most that group g would gain, and h lose the least, by anybody of group h who comes to g."""
    places = t[G] * t[ROOM]
    here = t[AT_SUM] + g * places
    there = t[AT_SUM] + h * places
    most = -UNKNOWN
    t[t[AT_WHOLE] + WORK] += WORK_OF_PROMISE + WORK_OF_PROMISED * t[t[AT_SIZE] + h]
    for p in range(h * t[ROOM], h * t[ROOM] + t[t[AT_SIZE] + h]):
        most = max(most, t[here + p] - t[there + p])
    t[t[AT_PROMISE] + g * t[G] + h] = most
    return most


@compiled
def move_over(t: Any, d: Any, g: int, place: int, h: int) -> None:
    """Have who sits at a place of group g sit down in group h; the last of g takes the empty seat."""
    places = t[G] * t[ROOM]
    i = t[t[AT_MEMBER] + place]
    last = g * t[ROOM] + t[t[AT_SIZE] + g] - 1
    new = h * t[ROOM] + t[t[AT_SIZE] + h]
    t[t[AT_WHOLE]] += t[t[AT_SUM] + h * places + place] - t[t[AT_SUM] + g * places + place]
    t[t[AT_MEMBER] + new] = i
    t[t[AT_MEMBER] + place] = t[t[AT_MEMBER] + last]
    for label in range(t[G]):
        base = t[AT_SUM] + label * places
        t[base + new] = t[base + place]
        t[base + place] = t[base + last]
    t[t[AT_SIZE] + g] -= 1
    t[t[AT_SIZE] + h] += 1
    for p in range(places):
        t[t[AT_CHANGE] + p] = d[i * t[N] + t[t[AT_MEMBER] + p]]
    shift(t, t[AT_SUM] + h * places, t[AT_SUM] + g * places, t[AT_CHANGE], places)
    forget(t, g)
    forget(t, h)
