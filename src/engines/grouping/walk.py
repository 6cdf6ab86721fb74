"""The walk from one grouping to the next: changes, hard rules, construction, repair and annealing."""

from typing import Any

from engines.grouping.compiled import Real, Whole, compiled, entry
from engines.grouping.kernel import (
    at_least,
    bits,
    count_free,
    draw,
    enough,
    load,
    swap_gain,
    told_hours,
    worth_linear,
)
from engines.grouping.layout import (
    ACTIVES,
    AIMS,
    AT_ACTIVE,
    AT_ALLOW,
    AT_ALLOW_ROW,
    AT_AT,
    AT_BREACH,
    AT_BROKEN,
    AT_BROKEN_AT,
    AT_FOE_ITEM,
    AT_FOE_START,
    AT_FREE,
    AT_IS_ACTIVE,
    AT_IS_OPEN,
    AT_KEPT,
    AT_KEPT_SIZE,
    AT_KIND,
    AT_LEAST_COUNT,
    AT_LEAST_HAS,
    AT_LINEAR_SUM,
    AT_LOGARITHM,
    AT_LOOSE,
    AT_LOOSE_AT,
    AT_LOWEST,
    AT_MAXIMUM,
    AT_MEMBER,
    AT_MINIMUM,
    AT_MOST,
    AT_MOST_ITEM,
    AT_MOST_START,
    AT_MOVABLE,
    AT_ONLY,
    AT_OPTIONAL,
    AT_PLACE,
    AT_POOL_ITEM,
    AT_POOL_OF,
    AT_POOL_START,
    AT_REACH,
    AT_SHARED_COUNT,
    AT_SHARED_QUORUM,
    AT_SIZE,
    AT_STAMP,
    AT_STOOD,
    AT_TALLY,
    AT_TARGET,
    AT_TOPIC,
    AT_TOTAL,
    AT_UNIT_ITEM,
    AT_UNIT_OF,
    AT_UNIT_START,
    AT_WHOLE,
    AT_WORTH,
    AWAY,
    FOES,
    HOUR_AIMS,
    HOURS,
    LEASTS,
    LIMIT,
    LIMITED,
    LOGARITHMS,
    LOOSE,
    MOSTS,
    MOVABLES,
    POOLS,
    REACHED,
    ROOM,
    SHAREDS,
    SLOT_WORDS,
    SOFT,
    STAY,
    TIMELY,
    WORK,
    WORST_FIRST,
    G,
    N,
    U,
)

RENAMES = 10
"""Out of 1,000 trials, how many exchange all people of two groups."""

MOVES = 10
"""Out of 1,000 trials, how many move somebody without an exchange."""

DRAWN = 3
"""How many groups are drawn, of which the weakest is annealed again."""

WORK_OF_TRIAL = 41
"""Nanoseconds that a trial takes, whatever it finds."""

LOOKS = 8
"""How many people are looked at for one who is alike, while few groups are active."""

REPAIR_UPHILL = 30
"""Out of 1,000 repairs, how many may break one more rule for a moment."""

LIMITED_MOVES = 250
"""MOVES while only so many people may be elsewhere than where they stood."""

TRADES = 3
"""One of so many trials then brings somebody back, and somebody else elsewhere in their stead."""

STRAYS = 8
"""One of so many repairs then may bring somebody away that breaks no fewer rules."""

NUISANCE = 1e-6
"""What somebody's move has to gain at least, of a person's score, while moves are limited."""

LOOKED_AT, WORK_OF_LOOK_AT = 64, 18
"""At how many groups and people at most a trial looks for suitable hours, and the nanoseconds of each."""

NEVER = 1e18
"""A gain that no change has."""


@compiled
def breach(t: Any, r: Any, row: int, g: int) -> int:
    """How many people (or slots) too many or too few a row has as group g."""
    size = t[t[AT_SIZE] + row]
    if not t[t[AT_IS_OPEN] + g]:
        return size
    base = row * t[ROOM]
    total = max(0, t[t[AT_MINIMUM] + g] - size, size - t[t[AT_MAXIMUM] + g])
    for rule in range(t[MOSTS]):
        starts = rule * (t[N] + 1)
        for k in range(size):
            i = starts + t[t[AT_MEMBER] + base + k]
            for q in range(t[t[AT_MOST_START] + i], t[t[AT_MOST_START] + i + 1]):
                v = t[t[AT_MOST_ITEM] + q]
                t[t[AT_TALLY] + v] += 1
                total += t[t[AT_TALLY] + v] > t[t[AT_MOST] + rule]
        for k in range(size):
            i = starts + t[t[AT_MEMBER] + base + k]
            for q in range(t[t[AT_MOST_START] + i], t[t[AT_MOST_START] + i + 1]):
                t[t[AT_TALLY] + t[t[AT_MOST_ITEM] + q]] = 0
    if size or not t[t[AT_OPTIONAL] + g]:
        for rule in range(t[LEASTS]):
            count = 0
            for k in range(size):
                count += t[t[AT_LEAST_HAS] + rule * t[N] + t[t[AT_MEMBER] + base + k]]
            total += max(0, t[t[AT_LEAST_COUNT] + rule] - count)
    if t[FOES]:
        total += foes_within(t, row)
    if size and t[SHAREDS]:
        answered = told_hours(t, row)
        for rule in range(t[SHAREDS]):
            need = enough(answered, r[t[AT_SHARED_QUORUM] + rule])
            reached = 0
            for word in range(t[SLOT_WORDS]):
                reached += bits(at_least(t, word, count_free(t, row, word, -1, -1), need))
            total += max(0, t[t[AT_SHARED_COUNT] + rule] - reached)
    return total


@compiled
def foes_within(t: Any, row: int) -> int:
    """Pairs of a row that are to be kept apart."""
    base = row * t[ROOM]
    stamp = t[t[AT_WHOLE] + 4] + 1
    t[t[AT_WHOLE] + 4] = stamp
    for k in range(t[t[AT_SIZE] + row]):
        t[t[AT_STAMP] + t[t[AT_MEMBER] + base + k]] = stamp
    pairs = 0
    for k in range(t[t[AT_SIZE] + row]):
        i = t[t[AT_MEMBER] + base + k]
        for q in range(t[t[AT_FOE_START] + i], t[t[AT_FOE_START] + i + 1]):
            pairs += t[t[AT_STAMP] + t[t[AT_FOE_ITEM] + q]] == stamp
    return pairs // 2


@compiled
def is_allowed(t: Any, unit: int, g: int) -> bool:
    """Whether a unit may be in group g, which has to be open."""
    if not t[t[AT_IS_OPEN] + g]:
        return False
    if t[t[AT_ONLY] + unit] >= 0:
        return t[t[AT_ONLY] + unit] == g
    row = t[t[AT_ALLOW_ROW] + unit]
    return row < 0 or t[t[AT_ALLOW] + row * t[G] + g] == 1


@compiled
def exchange(t: Any, row: int, g: int, out: int, into: int) -> None:
    """Fill a spare row with group g's members, without unit `out` and with unit `into` (-1: none)."""
    base = g * t[ROOM]
    here = row * t[ROOM]
    size = 0
    for k in range(t[t[AT_SIZE] + g]):
        i = t[t[AT_MEMBER] + base + k]
        if out < 0 or t[t[AT_UNIT_OF] + i] != out:
            t[t[AT_MEMBER] + here + size] = i
            size += 1
    if into >= 0:
        for q in range(t[t[AT_UNIT_START] + into], t[t[AT_UNIT_START] + into + 1]):
            t[t[AT_MEMBER] + here + size] = t[t[AT_UNIT_ITEM] + q]
            size += 1
    t[t[AT_SIZE] + row] = size


@compiled
def settle(t: Any, r: Any, row: int, g: int, broken: int) -> None:
    """Make a spare row group g."""
    base = g * t[ROOM]
    here = row * t[ROOM]
    t[t[AT_SIZE] + g] = t[t[AT_SIZE] + row]
    for k in range(t[t[AT_SIZE] + row]):
        i = t[t[AT_MEMBER] + here + k]
        t[t[AT_MEMBER] + base + k] = i
        unit = t[t[AT_UNIT_OF] + i]
        if t[LIMITED] and t[t[AT_AT] + unit] != g:
            t[t[AT_WHOLE] + AWAY] += more_away(t, unit, g)
            loosen(t, unit, g)
        t[t[AT_AT] + unit] = g
    worth = load(t, r, g, g)
    r[t[AT_TOTAL]] += worth - r[t[AT_WORTH] + g]
    r[t[AT_WORTH] + g] = worth
    t[t[AT_WHOLE]] += broken - t[t[AT_BREACH] + g]
    t[t[AT_BREACH] + g] = broken
    mark(t, g)
    if r[WORST_FIRST] > 0.0:
        find_lowest(t, r)


@compiled
def more_away(t: Any, unit: int, g: int) -> int:
    """How many more people of a unit are not where they stood once it is in group g (below 0: fewer)."""
    now = t[t[AT_AT] + unit]
    more = 0
    for q in range(t[t[AT_UNIT_START] + unit], t[t[AT_UNIT_START] + unit + 1]):
        stood = t[t[AT_STOOD] + t[t[AT_UNIT_ITEM] + q]]
        if stood >= 0 and stood != g:
            more += 1
        if stood >= 0 and now >= 0 and stood != now:
            more -= 1
    return more


@compiled
def loosen(t: Any, unit: int, g: int) -> None:
    """Keep the list of loose units: a unit in group g is in it unless all its people stood there."""
    is_loose = False
    for q in range(t[t[AT_UNIT_START] + unit], t[t[AT_UNIT_START] + unit + 1]):
        if t[t[AT_STOOD] + t[t[AT_UNIT_ITEM] + q]] != g:
            is_loose = True
    at = t[t[AT_LOOSE_AT] + unit]
    if is_loose and at < 0:
        t[t[AT_LOOSE_AT] + unit] = t[t[AT_WHOLE] + LOOSE]
        t[t[AT_LOOSE] + t[t[AT_WHOLE] + LOOSE]] = unit
        t[t[AT_WHOLE] + LOOSE] += 1
    elif not is_loose and at >= 0:
        t[t[AT_WHOLE] + LOOSE] -= 1
        last = t[t[AT_LOOSE] + t[t[AT_WHOLE] + LOOSE]]
        t[t[AT_LOOSE] + at] = last
        t[t[AT_LOOSE_AT] + last] = at
        t[t[AT_LOOSE_AT] + unit] = -1


@compiled
def least_gain(t: Any, floor: float, more: int) -> float:
    """What a change has to gain that brings so many more people away from where they stood.

    NEVER when they would be too many; while they are too many, whatever brings somebody back is right.
    """
    away = t[t[AT_WHOLE] + AWAY]
    if more > 0 and away + more > t[LIMIT]:
        return NEVER
    if more < 0 and away > t[LIMIT]:
        return -NEVER
    return floor + NUISANCE * more


@compiled
def loose_or(t: Any, unit: int, chances: int) -> int:
    """A loose unit, one time in so many and if there is one; else the unit."""
    if t[t[AT_WHOLE] + LOOSE] and draw(t, chances) == 0:
        return t[t[AT_LOOSE] + draw(t, t[t[AT_WHOLE] + LOOSE])]
    return unit


@compiled
def stood_or(t: Any, unit: int, h: int) -> int:
    """Every other time the group where the first of a unit stood, if anywhere; else h."""
    stood = t[t[AT_STOOD] + t[t[AT_UNIT_ITEM] + t[t[AT_UNIT_START] + unit]]]
    return stood if stood >= 0 and stood != t[t[AT_AT] + unit] and draw(t, 2) else h


@compiled
def mark(t: Any, g: int) -> None:
    """Keep the list of broken groups: g is in it when it has a breach."""
    at = t[t[AT_BROKEN_AT] + g]
    if t[t[AT_BREACH] + g] > 0 and at < 0:
        t[t[AT_BROKEN_AT] + g] = t[t[AT_WHOLE] + 1]
        t[t[AT_BROKEN] + t[t[AT_WHOLE] + 1]] = g
        t[t[AT_WHOLE] + 1] += 1
    elif t[t[AT_BREACH] + g] == 0 and at >= 0:
        t[t[AT_WHOLE] + 1] -= 1
        last = t[t[AT_BROKEN] + t[t[AT_WHOLE] + 1]]
        t[t[AT_BROKEN] + at] = last
        t[t[AT_BROKEN_AT] + last] = at
        t[t[AT_BROKEN_AT] + g] = -1


@compiled
def find_lowest(t: Any, r: Any) -> None:
    """The three used groups with the lowest scores, lowest first; -1 where there are fewer."""
    for k in range(3):
        t[t[AT_LOWEST] + k] = -1
    for g in range(t[G]):
        if t[t[AT_SIZE] + g]:
            h = g
            for k in range(3):
                other = t[t[AT_LOWEST] + k]
                if (
                    other < 0
                    or r[t[AT_WORTH] + h] / t[t[AT_SIZE] + h] < r[t[AT_WORTH] + other] / t[t[AT_SIZE] + other]
                ):
                    t[t[AT_LOWEST] + k] = h
                    h = other
                    if h < 0:
                        break


@compiled
def gain(t: Any, r: Any, g: int, size_g: int, worth_g: float, h: int, size_h: int, worth_h: float) -> float:
    """What the whole gains when two groups come to be worth so much; the second is not left empty."""
    more = worth_g + worth_h - r[t[AT_WORTH] + g] - r[t[AT_WORTH] + h]
    if r[WORST_FIRST] == 0.0:
        return more
    first = t[t[AT_LOWEST]]
    before = r[t[AT_WORTH] + first] / t[t[AT_SIZE] + first]
    after = 2.0
    for k in range(3):
        other = t[t[AT_LOWEST] + k]
        if other >= 0 and other != g and other != h:
            after = r[t[AT_WORTH] + other] / t[t[AT_SIZE] + other]
            break
    if size_g:
        after = min(after, worth_g / size_g)
    after = min(after, worth_h / size_h)
    return (1 - r[WORST_FIRST]) * more + r[WORST_FIRST] * t[N] * (after - before)


@entry
def value(t: Whole, r: Real) -> float:
    """What is maximised, times the number of people."""
    return value_now(t, r)


@compiled
def value_now(t: Any, r: Any) -> float:
    """What is maximised, times the number of people; while moves are limited less their nuisance."""
    nuisance = NUISANCE * t[t[AT_WHOLE] + AWAY]
    if r[WORST_FIRST] == 0.0 or t[t[AT_LOWEST]] < 0:
        return r[t[AT_TOTAL]] - nuisance
    first = t[t[AT_LOWEST]]
    lowest = r[t[AT_WORTH] + first] / t[t[AT_SIZE] + first]
    return (1 - r[WORST_FIRST]) * r[t[AT_TOTAL]] + r[WORST_FIRST] * t[N] * lowest - nuisance


@compiled
def loss(t: Any, r: Any, warmth: float) -> float:
    """How much may be lost this time (0 or less), as Metropolis' rule draws it: warmth times a logarithm."""
    return warmth * r[t[AT_LOGARITHM] + draw(t, LOGARITHMS)]


@compiled
def try_units(t: Any, r: Any, unit: int, h: int, other: int, floor: float, most: int) -> bool:
    """Bring a unit to group h, in exchange for another unit there (-1: none), if that is accepted.

    `most` is by how much hard rules may be broken more than now. Both groups are looked at as a whole.
    """
    g = t[t[AT_AT] + unit]
    people = t[t[AT_UNIT_START] + unit + 1] - t[t[AT_UNIT_START] + unit]
    others = t[t[AT_UNIT_START] + other + 1] - t[t[AT_UNIT_START] + other] if other >= 0 else 0
    if max(t[t[AT_SIZE] + g] + others, t[t[AT_SIZE] + h] + people) > t[ROOM]:
        return False
    exchange(t, t[G], g, unit, other)
    exchange(t, t[G] + 1, h, other, unit)
    breach_g = breach(t, r, t[G], g)
    before = t[t[AT_BREACH] + g] + t[t[AT_BREACH] + h]
    if breach_g > before + most:
        return False
    breach_h = breach(t, r, t[G] + 1, h)
    if breach_g + breach_h > before + most:
        return False
    worth_g = load(t, r, t[G], g)
    worth_h = load(t, r, t[G] + 1, h)
    if breach_g + breach_h == before and t[t[AT_WHOLE]] == 0:
        gained = gain(t, r, g, t[t[AT_SIZE] + t[G]], worth_g, h, t[t[AT_SIZE] + t[G] + 1], worth_h)
        if gained < floor:
            return False
    settle(t, r, t[G], g, breach_g)
    settle(t, r, t[G] + 1, h, breach_h)
    return True


@compiled
def try_swap(t: Any, r: Any, unit: int, other: int, floor: float) -> bool:
    """Exchange two people who are units of their own, while no rule is broken and none comes to be."""
    g = t[t[AT_AT] + unit]
    h = t[t[AT_AT] + other]
    i = t[t[AT_UNIT_ITEM] + t[t[AT_UNIT_START] + unit]]
    j = t[t[AT_UNIT_ITEM] + t[t[AT_UNIT_START] + other]]
    least = r[t[AT_WORTH] + g] + r[t[AT_WORTH] + h] + floor
    if r[WORST_FIRST] > 0.0:
        least = -1.0
    if not swap_gain(t, r, g, h, i, j, least):
        return False
    if r[WORST_FIRST] > 0.0:
        worth_g = r[t[AT_WORTH] + t[G]]
        worth_h = r[t[AT_WORTH] + t[G] + 1]
        if gain(t, r, g, t[t[AT_SIZE] + g], worth_g, h, t[t[AT_SIZE] + h], worth_h) < floor:
            return False
    exchange(t, t[G], g, unit, other)
    if breach(t, r, t[G], g) > 0:
        return False
    exchange(t, t[G] + 1, h, other, unit)
    if breach(t, r, t[G] + 1, h) > 0:
        return False
    settle(t, r, t[G], g, 0)
    settle(t, r, t[G] + 1, h, 0)
    return True


@compiled
def partner(t: Any, unit: int) -> int:
    """Somebody to change places with: alike in what the aims want alike, in something else, or anybody.

    While only some groups are active, from those.
    """
    pool = t[POOLS] - 1 if draw(t, 2) else draw(t, 1 + t[POOLS])
    if pool < 0 or pool == t[POOLS]:
        return t[t[AT_ACTIVE] + draw(t, t[ACTIVES])]
    value = t[t[AT_POOL_OF] + pool * t[N] + t[t[AT_UNIT_ITEM] + t[t[AT_UNIT_START] + unit]]]
    if t[ACTIVES] < t[MOVABLES]:
        other = unit
        for _ in range(LOOKS):
            other = t[t[AT_ACTIVE] + draw(t, t[ACTIVES])]
            if t[t[AT_POOL_OF] + pool * t[N] + t[t[AT_UNIT_ITEM] + t[t[AT_UNIT_START] + other]]] == value:
                break
        return other
    if value < 0:
        return draw(t, t[U])
    first = t[t[AT_POOL_START] + value]
    count = t[t[AT_POOL_START] + value + 1] - first
    return t[t[AT_UNIT_OF] + t[t[AT_POOL_ITEM] + first + draw(t, count)]]


@compiled
def sum_linear(t: Any, r: Any, g: int, h: int) -> float:
    """What the topic and staying would be worth to the people of group g in group h."""
    total = 0.0
    base = t[AT_MEMBER] + g * t[ROOM]
    for k in range(t[t[AT_SIZE] + g]):
        total += worth_linear(t, r, t[base + k], h)
    return total


@compiled
def may_be(t: Any, g: int, h: int) -> bool:
    """Whether all people of group g may be in group h."""
    size = t[t[AT_SIZE] + g]
    if size < t[t[AT_MINIMUM] + h] or size > t[t[AT_MAXIMUM] + h] or not t[t[AT_IS_OPEN] + h]:
        return False
    base = t[AT_MEMBER] + g * t[ROOM]
    for k in range(size):
        if not is_allowed(t, t[t[AT_UNIT_OF] + t[base + k]], h):
            return False
    return True


@compiled
def all_away(t: Any, g: int, h: int) -> int:
    """How many more people are not where they stood once all of group g are in group h."""
    more = 0
    base = t[AT_MEMBER] + g * t[ROOM]
    for k in range(t[t[AT_SIZE] + g]):
        stood = t[t[AT_STOOD] + t[base + k]]
        if stood == g:
            more += 1
        elif stood == h:
            more -= 1
    return more


@compiled
def try_rename(t: Any, r: Any, g: int, h: int, floor: float) -> bool:
    """Exchange all people of two groups, if that is accepted: their topics may suit each other's people."""
    if t[t[AT_TOPIC] + g] == t[t[AT_TOPIC] + h] and r[STAY] == 0.0:
        return False
    if not may_be(t, g, h) or not may_be(t, h, g):
        return False
    here = sum_linear(t, r, h, g)
    there = sum_linear(t, r, g, h)
    size_g = t[t[AT_SIZE] + g]
    size_h = t[t[AT_SIZE] + h]
    if t[LIMITED]:
        floor = least_gain(t, floor, all_away(t, g, h) + all_away(t, h, g))
    worth_g = r[t[AT_WORTH] + h] - r[t[AT_LINEAR_SUM] + h] + here
    worth_h = r[t[AT_WORTH] + g] - r[t[AT_LINEAR_SUM] + g] + there
    if gain(t, r, g, size_h, worth_g, h, size_g, worth_h) < floor:
        return False
    exchange(t, t[G], g, -1, -1)
    exchange(t, t[G] + 1, h, -1, -1)
    settle(t, r, t[G], h, 0)
    settle(t, r, t[G] + 1, g, 0)
    return True


@compiled
def list_active(t: Any) -> None:
    """List the units in the groups that may change."""
    count = 0
    for k in range(t[MOVABLES]):
        unit = t[t[AT_MOVABLE] + k]
        if t[t[AT_IS_ACTIVE] + t[t[AT_AT] + unit]]:
            t[t[AT_ACTIVE] + count] = unit
            count += 1
    t[ACTIVES] = count


@entry
def activate(t: Whole, r: Real, weak: int, near: int) -> None:
    """Choose the groups that change from here on: so many weak ones, and the nearest of each."""
    for g in range(t[G]):
        t[t[AT_IS_ACTIVE] + g] = 0
    for _ in range(weak):
        weakest = find_weak(t, r)
        if weakest >= 0:
            t[t[AT_IS_ACTIVE] + weakest] = 1
            for _ in range(near):
                nearest = find_nearest(t, r, weakest)
                if nearest >= 0:
                    t[t[AT_IS_ACTIVE] + nearest] = 1
    list_active(t)
    for g in range(t[G]):
        if t[t[AT_IS_ACTIVE] + g]:
            t[t[AT_KEPT_SIZE] + g] = t[t[AT_SIZE] + g]
            for k in range(t[t[AT_SIZE] + g]):
                t[t[AT_KEPT] + g * t[ROOM] + k] = t[t[AT_MEMBER] + g * t[ROOM] + k]


@compiled
def find_weak(t: Any, r: Any) -> int:
    """The weakest of some groups drawn at random that are not active yet; -1 if none is found."""
    weakest = -1
    lowest = 2.0
    for _ in range(DRAWN):
        g = draw(t, t[G])
        if t[t[AT_IS_ACTIVE] + g] == 0 and t[t[AT_SIZE] + g]:
            score = r[t[AT_WORTH] + g] / t[t[AT_SIZE] + g]
            if score < lowest:
                weakest = g
                lowest = score
    return weakest


@compiled
def find_nearest(t: Any, r: Any, g: int) -> int:
    """The group, not active yet, with which the best exchange of two people gains most or loses least."""
    nearest = -1
    most = -1e9
    for h in range(t[G]):
        if t[t[AT_IS_ACTIVE] + h]:
            continue
        both = r[t[AT_WORTH] + g] + r[t[AT_WORTH] + h]
        for k in range(t[t[AT_SIZE] + g]):
            i = t[t[AT_MEMBER] + g * t[ROOM] + k]
            if not is_allowed(t, t[t[AT_UNIT_OF] + i], h):
                continue
            for q in range(t[t[AT_SIZE] + h]):
                j = t[t[AT_MEMBER] + h * t[ROOM] + q]
                if is_allowed(t, t[t[AT_UNIT_OF] + j], g) and swap_gain(t, r, g, h, i, j, both + most):
                    most = r[t[AT_WORTH] + t[G]] + r[t[AT_WORTH] + t[G] + 1] - both
                    nearest = h
    return nearest


@entry
def take_back(t: Whole, r: Real) -> None:
    """Put the active groups back to where they were when they were chosen."""
    for g in range(t[G]):
        if t[t[AT_IS_ACTIVE] + g]:
            t[t[AT_SIZE] + t[G]] = t[t[AT_KEPT_SIZE] + g]
            for k in range(t[t[AT_KEPT_SIZE] + g]):
                t[t[AT_MEMBER] + t[G] * t[ROOM] + k] = t[t[AT_KEPT] + g * t[ROOM] + k]
            settle(t, r, t[G], g, breach(t, r, t[G], g))


@entry
def wander(t: Whole, r: Real, trials: int, warmth: float) -> int:
    """Exchanges and moves by annealing, while no rule is broken; returns how many were made.

    Kirkpatrick, Gelatt and Vecchi, "Optimization by simulated annealing", Science 220 (1983).
    While moves are limited every other change is of somebody who is not where they stood: few others may be.
    """
    made = 0
    hours = hours_aim(t)
    moves = LIMITED_MOVES if t[LIMITED] else MOVES
    t[t[AT_WHOLE] + WORK] += trials * WORK_OF_TRIAL
    for _ in range(trials):
        unit = t[t[AT_ACTIVE] + draw(t, t[ACTIVES])]
        floor = loss(t, r, warmth)
        if t[LIMITED]:
            if draw(t, TRADES) == 0:
                made += try_trade(t, r, unit, floor)
                continue
            unit = loose_or(t, unit, 2)
        g = t[t[AT_AT] + unit]
        kind = draw(t, 1000)
        if kind < RENAMES:
            h = t[t[AT_AT] + t[t[AT_ACTIVE] + draw(t, t[ACTIVES])]]
            if h != g:
                made += try_rename(t, r, g, h, floor)
        elif kind < RENAMES + moves:
            h = draw(t, t[G])
            if t[LIMITED]:
                h = stood_or(t, unit, h)
            made += try_move(t, r, unit, g, h, floor)
        else:
            if kind < t[TIMELY]:
                other = timely_partner(t, r, hours, unit, g)
            else:
                other = partner(t, unit)
            if t[LIMITED]:
                other = loose_or(t, other, 3)
            if other >= 0:
                made += try_exchange(t, r, unit, g, other, floor)
    return made


@compiled
def hours_aim(t: Any) -> int:
    """The first aim about meeting hours; -1 where there is none."""
    for aim in range(t[AIMS]):
        if t[t[AT_KIND] + aim] == HOURS:
            return aim
    return -1


@compiled
def timely_partner(t: Any, r: Any, aim: int, unit: int, g: int) -> int:
    """Somebody with whom both groups keep the hours that they share: found among some groups; else -1."""
    i = t[t[AT_UNIT_ITEM] + t[t[AT_UNIT_START] + unit]]
    looks = 0
    found = -1
    while looks < LOOKED_AT and found < 0:
        h = t[t[AT_AT] + t[t[AT_ACTIVE] + draw(t, t[ACTIVES])]]
        looks += 1
        if h == g or not could_share(t, r, aim, h, i):
            continue
        size = t[t[AT_SIZE] + h]
        first = draw(t, size)
        for k in range(size):
            j = t[t[AT_MEMBER] + h * t[ROOM] + (first + k) % size]
            looks += 1
            if keeps_hours(t, r, aim, g, i, j) and keeps_hours(t, r, aim, h, j, i):
                found = t[t[AT_UNIT_OF] + j]
                break
    t[t[AT_WHOLE] + WORK] += looks * WORK_OF_LOOK_AT
    return found


@compiled
def could_share(t: Any, r: Any, aim: int, h: int, i: int) -> bool:
    """Whether group h could share as many hours as before with person i in somebody's place."""
    words = t[SLOT_WORDS]
    first = t[AT_REACH] + (h * t[HOUR_AIMS] + t[t[AT_PLACE] + aim]) * REACHED * words
    before = 0
    after = 0
    for w in range(words):
        over = t[first + w]
        even = t[first + words + w]
        before += bits(over | even)
        after += bits(over | ((even | t[first + 2 * words + w]) & t[t[AT_FREE] + i * words + w]))
    return after >= before or after >= r[t[AT_TARGET] + aim]


@compiled
def keeps_hours(t: Any, r: Any, aim: int, g: int, out: int, into: int) -> bool:
    """Whether group g shares as many hours as before, or as many as are wanted, with one replaced."""
    place = t[t[AT_PLACE] + aim]
    words = t[SLOT_WORDS]
    first = t[AT_REACH] + (g * t[HOUR_AIMS] + place) * REACHED * words
    before = 0
    after = 0
    for w in range(words):
        x = t[t[AT_FREE] + out * words + w]
        y = t[t[AT_FREE] + into * words + w]
        over = t[first + w]
        even = t[first + words + w]
        under = t[first + 2 * words + w]
        before += bits(over | even)
        after += bits(over | (even & ~(x & ~y)) | (under & y & ~x))
    return after >= before or after >= r[t[AT_TARGET] + aim]


@compiled
def try_move(t: Any, r: Any, unit: int, g: int, h: int, floor: float) -> bool:
    """Move a unit from group g to group h, if both sizes and the aims allow it."""
    if g == h or not t[t[AT_IS_ACTIVE] + h] or not is_allowed(t, unit, h):
        return False
    if t[LIMITED]:
        floor = least_gain(t, floor, more_away(t, unit, h))
        if floor == NEVER:
            return False
    people = t[t[AT_UNIT_START] + unit + 1] - t[t[AT_UNIT_START] + unit]
    if t[t[AT_SIZE] + g] - people < t[t[AT_MINIMUM] + g] or t[t[AT_SIZE] + h] + people > t[t[AT_MAXIMUM] + h]:
        return False
    return try_units(t, r, unit, h, -1, floor, 0)


@compiled
def try_trade(t: Any, r: Any, unit: int, floor: float) -> bool:
    """Bring a loose unit back to where it stood, and another away in its stead, if both are accepted."""
    back = loose_or(t, -1, 1)
    if back < 0:
        return False
    h = t[t[AT_AT] + back]
    g = t[t[AT_STOOD] + t[t[AT_UNIT_ITEM] + t[t[AT_UNIT_START] + back]]]
    if g < 0 or g == h or not is_allowed(t, back, g):
        return False
    other = -1
    if draw(t, 3):
        other = loose_or(t, partner(t, back), 2)
        if t[t[AT_AT] + other] != g or not is_allowed(t, other, h):
            return False
    before = value_now(t, r)
    if not try_units(t, r, back, g, other, -NEVER, 0):
        return False
    lost = before - value_now(t, r)
    here = t[t[AT_AT] + unit]
    if draw(t, 1000) < LIMITED_MOVES:
        is_made = try_move(t, r, unit, here, draw(t, t[G]), floor + lost)
    else:
        is_made = try_exchange(t, r, unit, here, partner(t, unit), floor + lost)
    if not is_made:
        try_units(t, r, back, h, other, -NEVER, 0)
    return is_made


@compiled
def try_exchange(t: Any, r: Any, unit: int, g: int, other: int, floor: float) -> bool:
    """Exchange a unit of group g and another, one by one or as a whole, if that is accepted."""
    h = t[t[AT_AT] + other]
    if g == h or not is_allowed(t, unit, h) or not is_allowed(t, other, g):
        return False
    if t[LIMITED]:
        floor = least_gain(t, floor, more_away(t, unit, h) + more_away(t, other, g))
        if floor == NEVER:
            return False
    if t[t[AT_UNIT_START] + unit + 1] - t[t[AT_UNIT_START] + unit] == 1:
        if t[t[AT_UNIT_START] + other + 1] - t[t[AT_UNIT_START] + other] == 1:
            return try_swap(t, r, unit, other, floor)
    return try_units(t, r, unit, h, other, floor, 0)


@entry
def repair(t: Whole, r: Real, trials: int) -> int:
    """Somebody leaves or enters a group in which a rule is broken, until none is; returns the trials done."""
    movable = t[MOVABLES]
    for done in range(trials):
        if t[t[AT_WHOLE] + 1] == 0 or movable == 0:
            return done
        g = t[t[AT_BROKEN] + draw(t, t[t[AT_WHOLE] + 1])]
        most = 1 if draw(t, 1000) < REPAIR_UPHILL else 0
        if t[t[AT_SIZE] + g] and draw(t, 2) == 0:
            unit = t[t[AT_UNIT_OF] + t[t[AT_MEMBER] + g * t[ROOM] + draw(t, t[t[AT_SIZE] + g])]]
            h = draw(t, t[G])
        else:
            unit = t[t[AT_MOVABLE] + draw(t, movable)]
            h = g
        if t[LIMITED]:
            unit = loose_or(t, unit, 4)
            h = stood_or(t, unit, h)
        if t[t[AT_AT] + unit] == h or not is_allowed(t, unit, h):
            continue
        other = -1
        if t[t[AT_SIZE] + h] and draw(t, 2):
            other = t[t[AT_UNIT_OF] + t[t[AT_MEMBER] + h * t[ROOM] + draw(t, t[t[AT_SIZE] + h])]]
            if not is_allowed(t, other, t[t[AT_AT] + unit]):
                continue
        if t[LIMITED]:
            more = more_away(t, unit, h)
            if other >= 0:
                more += more_away(t, other, t[t[AT_AT] + unit])
            if least_gain(t, 0.0, more) == NEVER:
                continue
            if more > 0 and draw(t, STRAYS):
                most -= 1
        try_units(t, r, unit, h, other, 0.0, most)
    return trials


@entry
def place(t: Whole, r: Real, units: Whole, groups: Whole, count: int) -> None:
    """Place so many units that are nowhere yet, each in the group beside it."""
    for k in range(count):
        exchange(t, t[G], groups[k], -1, units[k])
        settle(t, r, t[G], groups[k], breach(t, r, t[G], groups[k]))


@entry
def construct(t: Whole, r: Real, order: Whole, count: int, seats: Whole, looks: int) -> None:
    """Place so many units that are nowhere yet, in this order, each into the best of some groups with a seat.

    `seats` is how many people each group should have; a unit that finds none goes where most room is.
    """
    for position in range(count):
        unit = order[position]
        people = t[t[AT_UNIT_START] + unit + 1] - t[t[AT_UNIT_START] + unit]
        best = -1
        best_breach = 0
        best_gain = 0.0
        for look in range(min(looks, t[G])):
            g = look if looks >= t[G] else draw(t, t[G])
            if not is_allowed(t, unit, g) or t[t[AT_SIZE] + g] + people > t[ROOM]:
                continue
            exchange(t, t[G], g, -1, unit)
            over = max(0, t[t[AT_SIZE] + t[G]] - seats[g])
            broken = breach(t, r, t[G], g) - t[t[AT_BREACH] + g] + 2 * over
            if best >= 0 and broken > best_breach:
                continue
            gained = load(t, r, t[G], g) - r[t[AT_WORTH] + g]
            if best < 0 or broken < best_breach or gained > best_gain:
                best = g
                best_breach = broken
                best_gain = gained
        if best < 0 or best_breach > 0:
            best = roomiest(t, unit, people, seats, best)
        exchange(t, t[G], best, -1, unit)
        settle(t, r, t[G], best, breach(t, r, t[G], best))


@compiled
def roomiest(t: Any, unit: int, people: int, seats: Any, best: int) -> int:
    """The allowed group with most free seats, if the unit fits in or no group is best yet.

    Where no allowed group has room at all, the smallest of all groups: the unit has nowhere to be.
    """
    found = -1
    smallest = 0
    for g in range(t[G]):
        if t[t[AT_SIZE] + g] < t[t[AT_SIZE] + smallest]:
            smallest = g
        has_room = is_allowed(t, unit, g) and t[t[AT_SIZE] + g] + people <= t[ROOM]
        if has_room and (found < 0 or seats[g] - t[t[AT_SIZE] + g] > seats[found] - t[t[AT_SIZE] + found]):
            found = g
    if found >= 0 and (best < 0 or seats[found] - t[t[AT_SIZE] + found] >= people):
        return found
    return best if best >= 0 else smallest


@entry
def soften(t: Whole, r: Real, share: float) -> None:
    """Look at the groups with so much softness from here on."""
    r[SOFT] = share
    r[t[AT_TOTAL]] = 0.0
    for g in range(t[G]):
        r[t[AT_WORTH] + g] = load(t, r, g, g)
        r[t[AT_TOTAL]] += r[t[AT_WORTH] + g]
    if r[WORST_FIRST] > 0.0:
        find_lowest(t, r)


@entry
def begin(t: Whole, r: Real) -> None:
    """Say of groups in which nobody is yet what they lack."""
    for g in range(t[G]):
        broken = breach(t, r, g, g)
        t[t[AT_WHOLE]] += broken - t[t[AT_BREACH] + g]
        t[t[AT_BREACH] + g] = broken
        mark(t, g)
