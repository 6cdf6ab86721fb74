"""Cuts some groups and their people out of the long arrays into short ones, and puts back how they end.

The short arrays have a layout of their own with the same tables, so that the same loops run on them, among
numbers that lie close together. People, units, groups, and what only tells them apart, count from 0 there.
"""

from typing import Any

from engines.grouping.compiled import Real, Whole, compiled, entry
from engines.grouping.kernel import draw
from engines.grouping.layout import (
    ACTIVES,
    AT_ACTIVE,
    AT_ALLOW,
    AT_ALLOW_ROW,
    AT_AT,
    AT_FOE_ITEM,
    AT_FOE_START,
    AT_HOME,
    AT_LIST_ITEM,
    AT_LIST_START,
    AT_MEMBER,
    AT_MOST_ITEM,
    AT_MOST_START,
    AT_MOVABLE,
    AT_ONLY,
    AT_POOL_ITEM,
    AT_POOL_OF,
    AT_POOL_START,
    AT_SIZE,
    AT_TOTAL,
    AT_UNIT_ITEM,
    AT_UNIT_OF,
    AT_UNIT_START,
    AT_WHOLE,
    CHANCE,
    FOES,
    MOSTS,
    MOVABLES,
    POOLS,
    ROOM,
    SOFT,
    TIMELY,
    WORK,
    G,
    N,
    U,
)

(
    WANTED,
    GROUPS,
    PEOPLE,
    LISTS,
    GROUP,
    GROUP_HERE,
    PERSON,
    PERSON_HERE,
    UNIT,
    ROW_HERE,
    VALUE_HERE,
    OF_PEOPLE,
    OF_GROUPS,
    STATE,
    REALS_OF_PEOPLE,
    REAL_STATE,
    HEAD,
) = range(17)
"""What stands in the notes of a cut. Numbers: how many groups are wanted; how many groups and people are
there; lists for each person. Where it begins: which groups, people and units of the long arrays are there;
the numbers here of groups, people, rows of allowed groups, and values of pools (-1: not here); lists of
tables, each after their number: of people, of groups, and of what changes in groups."""

SPAN = 6
"""Numbers that describe a table: where it begins in the long and in the short array, how many planes it has,
how far they are apart in either, and how many numbers stand in a row."""

WORK_OF_CUT = 4
"""The nanoseconds that a number takes to be brought."""


@compiled
def bring(a: Any, b: Any, w: Any, tables: int, rows: int, count: int) -> int:
    """Copy so many rows of some tables from the long array to the short one; returns how many numbers."""
    brought = 0
    for table in range(w[tables]):
        at = tables + 1 + table * SPAN
        width = w[at + 5]
        for plane in range(w[at + 2]):
            there = w[at] + plane * w[at + 3]
            here = w[at + 1] + plane * w[at + 4]
            for k in range(count):
                for c in range(width):
                    b[here + k * width + c] = a[there + w[rows + k] * width + c]
        brought += w[at + 2] * count * width
    return brought


@compiled
def bring_back(a: Any, b: Any, w: Any, tables: int, rows: int, count: int) -> None:
    """Copy so many rows of some tables of one plane from the short array to the long one."""
    for table in range(w[tables]):
        at = tables + 1 + table * SPAN
        width = w[at + 5]
        for k in range(count):
            for c in range(width):
                a[w[at] + w[rows + k] * width + c] = b[w[at + 1] + k * width + c]


@compiled
def draw_groups(t: Any, s: Any, w: Any) -> None:
    """Draw the groups, all of whose people there has to be room for."""
    groups = 0
    people = 0
    for _ in range(4 * w[WANTED]):
        g = draw(t, t[G])
        size = t[t[AT_SIZE] + g]
        if groups < w[WANTED] and w[w[GROUP_HERE] + g] < 0 and people + size <= s[N]:
            w[w[GROUP_HERE] + g] = groups
            w[w[GROUP] + groups] = g
            groups += 1
            people += size
    w[GROUPS] = groups
    s[G] = groups


@compiled
def cut_members(t: Any, s: Any, w: Any) -> None:
    """Number the people and units of the groups, and say where they are."""
    people = 0
    for k in range(w[GROUPS]):
        base = t[AT_MEMBER] + w[w[GROUP] + k] * t[ROOM]
        for m in range(t[t[AT_SIZE] + w[w[GROUP] + k]]):
            i = t[base + m]
            w[w[PERSON_HERE] + i] = people
            w[w[PERSON] + people] = i
            s[s[AT_MEMBER] + k * s[ROOM] + m] = people
            people += 1
    w[PEOPLE] = people
    units = 0
    items = 0
    for n in range(people):
        i = w[w[PERSON] + n]
        unit = t[t[AT_UNIT_OF] + i]
        if t[t[AT_UNIT_ITEM] + t[t[AT_UNIT_START] + unit]] == i:
            w[w[UNIT] + units] = unit
            s[s[AT_AT] + units] = w[w[GROUP_HERE] + t[t[AT_AT] + unit]]
            s[s[AT_UNIT_START] + units] = items
            for q in range(t[t[AT_UNIT_START] + unit], t[t[AT_UNIT_START] + unit + 1]):
                here = w[w[PERSON_HERE] + t[t[AT_UNIT_ITEM] + q]]
                s[s[AT_UNIT_ITEM] + items] = here
                s[s[AT_UNIT_OF] + here] = units
                items += 1
            units += 1
    s[s[AT_UNIT_START] + units] = items
    s[U] = units


@compiled
def cut_rights(t: Any, s: Any, w: Any) -> None:
    """Where units may be, of the groups here; and in which of them people were before."""
    rows = 0
    movable = 0
    for unit in range(s[U]):
        there = w[w[UNIT] + unit]
        only = t[t[AT_ONLY] + there]
        s[s[AT_ONLY] + unit] = w[w[GROUP_HERE] + only] if only >= 0 else -1
        if only < 0:
            s[s[AT_MOVABLE] + movable] = unit
            s[s[AT_ACTIVE] + movable] = unit
            movable += 1
        row = t[t[AT_ALLOW_ROW] + there]
        if row >= 0 and w[w[ROW_HERE] + row] < 0:
            for k in range(w[GROUPS]):
                s[s[AT_ALLOW] + rows * w[GROUPS] + k] = t[t[AT_ALLOW] + row * t[G] + w[w[GROUP] + k]]
            w[w[ROW_HERE] + row] = rows
            rows += 1
        s[s[AT_ALLOW_ROW] + unit] = w[w[ROW_HERE] + row] if row >= 0 else -1
    s[MOVABLES] = movable
    s[ACTIVES] = movable
    for unit in range(s[U]):
        row = t[t[AT_ALLOW_ROW] + w[w[UNIT] + unit]]
        if row >= 0:
            w[w[ROW_HERE] + row] = -1
    for n in range(w[PEOPLE]):
        home = t[t[AT_HOME] + w[w[PERSON] + n]]
        s[s[AT_HOME] + n] = w[w[GROUP_HERE] + home] if home >= 0 else -1


@compiled
def cut_lists(t: Any, s: Any, w: Any, starts: int, items: int, lists: int) -> None:
    """So many lists of each person, one after another."""
    count = 0
    for each in range(lists):
        for n in range(w[PEOPLE]):
            s[s[starts] + each * (s[N] + 1) + n] = count
            there = t[starts] + each * (t[N] + 1) + w[w[PERSON] + n]
            for q in range(t[there], t[there + 1]):
                s[s[items] + count] = t[t[items] + q]
                count += 1
        s[s[starts] + each * (s[N] + 1) + w[PEOPLE]] = count


@compiled
def cut_foes(t: Any, s: Any, w: Any) -> None:
    """From whom people are to be kept apart, of those who are here."""
    count = 0
    for n in range(w[PEOPLE]):
        s[s[AT_FOE_START] + n] = count
        there = t[AT_FOE_START] + w[w[PERSON] + n]
        for q in range(t[there], t[there + 1]):
            here = w[w[PERSON_HERE] + t[t[AT_FOE_ITEM] + q]]
            if here >= 0:
                s[s[AT_FOE_ITEM] + count] = here
                count += 1
    s[s[AT_FOE_START] + w[PEOPLE]] = count
    s[FOES] = count


@compiled
def cut_pools(t: Any, s: Any, w: Any) -> None:
    """Who is alike, of those who are here."""
    values = 0
    start = s[AT_POOL_START]
    for pool in range(t[POOLS]):
        for n in range(w[PEOPLE]):
            value = t[t[AT_POOL_OF] + pool * t[N] + w[w[PERSON] + n]]
            here = -1
            if value >= 0:
                here = w[w[VALUE_HERE] + value]
                if here < 0:
                    here = values
                    w[w[VALUE_HERE] + value] = here
                    s[start + here] = 0
                    values += 1
                s[start + here] += 1
            s[s[AT_POOL_OF] + pool * s[N] + n] = here
    total = 0
    for value in range(values):
        total += s[start + value]
        s[start + value] = total
    s[start + values] = total
    for pool in range(t[POOLS]):
        for n in range(w[PEOPLE]):
            here = s[s[AT_POOL_OF] + pool * s[N] + n]
            if here >= 0:
                s[start + here] -= 1
                s[s[AT_POOL_ITEM] + s[start + here]] = n
                w[w[VALUE_HERE] + t[t[AT_POOL_OF] + pool * t[N] + w[w[PERSON] + n]]] = -1


@entry
def cut(t: Whole, r: Real, s: Whole, q: Real, w: Whole) -> int:
    """Draw groups and cut them out of the long arrays `t` and `r` into the short ones `s` and `q`.

    No hard rule may be broken. Returns how many units can change places.
    """
    draw_groups(t, s, w)
    cut_members(t, s, w)
    brought = bring(t, s, w, w[OF_PEOPLE], w[PERSON], w[PEOPLE])
    brought += bring(t, s, w, w[OF_GROUPS], w[GROUP], w[GROUPS])
    brought += bring(t, s, w, w[STATE], w[GROUP], w[GROUPS])
    brought += bring(r, q, w, w[REALS_OF_PEOPLE], w[PERSON], w[PEOPLE])
    brought += bring(r, q, w, w[REAL_STATE], w[GROUP], w[GROUPS])
    cut_rights(t, s, w)
    cut_lists(t, s, w, AT_LIST_START, AT_LIST_ITEM, w[LISTS])
    cut_lists(t, s, w, AT_MOST_START, AT_MOST_ITEM, t[MOSTS])
    cut_foes(t, s, w)
    cut_pools(t, s, w)
    for n in range(w[PEOPLE]):
        w[w[PERSON_HERE] + w[w[PERSON] + n]] = -1
    for k in range(w[GROUPS]):
        w[w[GROUP_HERE] + w[w[GROUP] + k]] = -1
    q[SOFT] = r[SOFT]
    s[TIMELY] = t[TIMELY]
    q[s[AT_TOTAL]] = 0.0
    s[s[AT_WHOLE] + CHANCE] = t[t[AT_WHOLE] + CHANCE]
    s[s[AT_WHOLE] + CHANCE + 1] = t[t[AT_WHOLE] + CHANCE + 1]
    s[s[AT_WHOLE] + WORK] = t[t[AT_WHOLE] + WORK] + brought * WORK_OF_CUT
    return s[ACTIVES]


@entry
def put_back(t: Whole, r: Real, s: Whole, q: Real, w: Whole) -> None:
    """Have everybody in the long arrays where they are in the short ones now; chance goes on from there."""
    bring_back(t, s, w, w[STATE], w[GROUP], w[GROUPS])
    bring_back(r, q, w, w[REAL_STATE], w[GROUP], w[GROUPS])
    for k in range(w[GROUPS]):
        base = t[AT_MEMBER] + w[w[GROUP] + k] * t[ROOM]
        for m in range(s[s[AT_SIZE] + k]):
            t[base + m] = w[w[PERSON] + s[s[AT_MEMBER] + k * s[ROOM] + m]]
    for unit in range(s[U]):
        t[t[AT_AT] + w[w[UNIT] + unit]] = w[w[GROUP] + s[s[AT_AT] + unit]]
    r[t[AT_TOTAL]] += q[s[AT_TOTAL]]
    t[t[AT_WHOLE] + CHANCE] = s[s[AT_WHOLE] + CHANCE]
    t[t[AT_WHOLE] + CHANCE + 1] = s[s[AT_WHOLE] + CHANCE + 1]
    t[t[AT_WHOLE] + WORK] = s[s[AT_WHOLE] + WORK]
