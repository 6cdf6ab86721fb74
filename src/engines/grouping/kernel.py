"""The inner loops of the search: what a group is worth, and what it would be worth after a swap.

Everything here is compiled where it can be (`compiled.py`) and runs unchanged where it cannot, with the same
answers: only whole numbers below 2 ** 62 and plain arithmetic are used, no library's exp, no random of the
platform. `layout.py` says what lies where.
"""

import math
from typing import Any

from engines.grouping.compiled import compiled
from engines.grouping.layout import (
    AIMS,
    ALIKE,
    ALIKE_NUMBERS,
    ALIKE_SETS,
    AT_ANSWERED,
    AT_ASKS,
    AT_BEST,
    AT_CODE,
    AT_COLUMN,
    AT_COUNTS,
    AT_EXPERTS,
    AT_FREE,
    AT_HAS,
    AT_HAS_HOURS,
    AT_HAS_NUMBER,
    AT_HOME,
    AT_INTS,
    AT_KIND,
    AT_KNOWS,
    AT_LANE,
    AT_LEAST,
    AT_LINEAR,
    AT_LINEAR_SUM,
    AT_LIST_ITEM,
    AT_LIST_START,
    AT_MEMBER,
    AT_NEEDS,
    AT_NUMBER,
    AT_PART,
    AT_PLACE,
    AT_QUORUM,
    AT_REACH,
    AT_REALS,
    AT_SETS,
    AT_SHARE,
    AT_SIZE,
    AT_SLOT_MASK,
    AT_TALLY,
    AT_TARGET,
    AT_TOPIC,
    AT_VALUES,
    AT_WHOLE,
    AT_WORTH,
    BALANCED,
    COLUMNS,
    COMMON_NEEDS,
    COVERAGE,
    DIVERSE,
    DIVERSE_NUMBERS,
    ENOUGH,
    HOUR_AIMS,
    HOURS,
    INTS,
    ISOLATED,
    PROPORTIONAL,
    REACHED,
    ROOM,
    SET_WORDS,
    SHARES,
    SIZE,
    SLOT_WORDS,
    SOFT,
    STAY,
    TOPIC_WORDS,
    TOPICS,
    WORK,
    G,
    N,
)

WORK_OF_LOOK, WORK_OF_LOAD = 22, 3
"""Nanoseconds that it takes to look at an aim of two groups, and at one of one person when all is counted."""


WHOLE = 1 - 1e-9
"""From here on an aim counts as reached wholly."""

NEAR, FAR, NEARLY_ALL = 0.5, 0.25, 0.9
"""What a slot counts, while the search is soft, with one or two people too few; and above which quorum."""


@compiled
def bits(x: int) -> int:
    """The number of ones in a word of at most 62 bits."""
    x = x - ((x >> 1) & 0x5555555555555555)
    x = (x & 0x3333333333333333) + ((x >> 2) & 0x3333333333333333)
    x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0F
    x = x + (x >> 8)
    x = x + (x >> 16)
    x = x + (x >> 32)
    return x & 0x7F


@compiled
def draw(t: Any, limit: int) -> int:
    """A random whole number from 0 to limit - 1 (limit at most 2 ** 30).

    Two words of 32 bits by exclusive-or and shifts, Marsaglia, "Xorshift RNGs", Journal of Statistical
    Software 8 (2003), with the triple (10, 13, 10): the same on every machine.
    """
    x = t[t[AT_WHOLE] + 2]
    y = t[t[AT_WHOLE] + 3]
    x ^= (x << 10) & 0xFFFFFFFF
    t[t[AT_WHOLE] + 2] = y
    y = (y ^ (y >> 10)) ^ (x ^ (x >> 13))
    t[t[AT_WHOLE] + 3] = y
    return (y * limit) >> 32


@compiled
def enough(people: int, quorum: float) -> int:
    """The share `quorum` of people, rounded up, forgiving a rounding error."""
    exact = quorum * people - 1e-9
    down = int(exact)
    return down + 1 if down < exact else max(0, down)


@compiled
def worth_linear(t: Any, r: Any, i: int, g: int) -> float:
    """What the topic and staying are worth for a person in a group, weighted."""
    return r[t[AT_LINEAR] + i * t[TOPICS] + t[t[AT_TOPIC] + g]] + (r[STAY] if t[t[AT_HOME] + i] == g else 0.0)


@compiled
def jaccard(t: Any, base: int, i: int, j: int) -> float:
    """The values that two people share, out of those that either has."""
    both = 0
    either = 0
    for w in range(t[SET_WORDS]):
        x = t[t[AT_SETS] + (base + i) * t[SET_WORDS] + w]
        y = t[t[AT_SETS] + (base + j) * t[SET_WORDS] + w]
        both += bits(x & y)
        either += bits(x | y)
    return both / either if either else 0.0


@compiled
def strictly(part: float, score: float) -> float:
    """What a score counts for: wholly, or less so when the aim is strict and not reached."""
    return score if part == 1.0 or score >= WHOLE else part * score


@compiled
def measure_numbers(kind: int, count: int, total: float, squares: float, tolerance: float) -> float:
    """An aim about standardised numbers, from their count, sum and sum of squares."""
    if count == 0:
        return 1.0
    mean = total / count
    if kind == BALANCED:
        return 1 - min(1.0, max(0.0, abs(mean) - tolerance))
    spread = math.sqrt(max(0.0, squares / count - mean * mean))
    return 1 - min(1.0, spread) if kind == ALIKE_NUMBERS else min(1.0, spread)


@compiled
def measure_count(kind: int, count: int, answered: int, target: float) -> float:
    """ENOUGH or PROPORTIONAL from how many have the value."""
    if kind == ENOUGH:
        return min(1.0, count / target)
    expected = answered * target
    low = int(expected)
    high = low if low == expected else low + 1
    off = max(0, low - count, count - high)
    return 1 - min(1.0, off / max(1.0, expected))


@compiled
def measure_pairs(t: Any, r: Any, kind: int, place: int, answered: int, same: float) -> float:
    """ALIKE, ALIKE_SETS or DIVERSE from the (ordered) pairs that are the same."""
    if kind == DIVERSE:
        top = r[t[AT_BEST] + place * (t[ROOM] + 1) + answered]
        return 1.0 if top == 0.0 else min(1.0, (1 - same / (answered * (answered - 1))) / top)
    return 1.0 if answered < 2 else same / (answered * (answered - 1))


@compiled
def load(t: Any, r: Any, row: int, g: int) -> float:
    """Fill a row's state from its members, as group g, and return what it is worth: aims times people."""
    size = t[t[AT_SIZE] + row]
    base = row * t[ROOM]
    worth = 0.0
    for k in range(size):
        worth += worth_linear(t, r, t[t[AT_MEMBER] + base + k], g)
    r[t[AT_LINEAR_SUM] + row] = worth
    if size == 0:
        return 0.0
    t[t[AT_WHOLE] + WORK] += WORK_OF_LOAD * size * t[AIMS]
    scores = 0.0
    for aim in range(t[AIMS]):
        kind = t[t[AT_KIND] + aim]
        place = t[t[AT_PLACE] + aim]
        slot = (row * t[AIMS] + aim) * INTS
        if kind == ALIKE or kind == DIVERSE:
            score = load_pairs(t, r, row, aim, slot)
        elif kind == ALIKE_NUMBERS or kind == DIVERSE_NUMBERS or kind == BALANCED:
            count = 0
            total = 0.0
            squares = 0.0
            for k in range(size):
                i = place * t[N] + t[t[AT_MEMBER] + base + k]
                if t[t[AT_HAS_NUMBER] + i]:
                    count += 1
                    total += r[t[AT_NUMBER] + i]
                    squares += r[t[AT_NUMBER] + i] * r[t[AT_NUMBER] + i]
            t[t[AT_INTS] + slot] = count
            r[t[AT_REALS] + (row * t[AIMS] + aim) * 2] = total
            r[t[AT_REALS] + (row * t[AIMS] + aim) * 2 + 1] = squares
            score = measure_numbers(kind, count, total, squares, r[t[AT_TARGET] + aim])
        elif kind == PROPORTIONAL or kind == ENOUGH:
            count = 0
            answered = 0
            for k in range(size):
                i = place * t[N] + t[t[AT_MEMBER] + base + k]
                count += t[t[AT_HAS] + i]
                answered += t[t[AT_ANSWERED] + i]
            t[t[AT_INTS] + slot] = answered
            t[t[AT_INTS] + slot + 1] = count
            score = measure_count(kind, count, answered, r[t[AT_TARGET] + aim])
        elif kind == ISOLATED:
            score = load_isolated(t, row, aim, slot)
        elif kind == COMMON_NEEDS:
            score = common_needs(t, r, row, aim, -1, -1)
        elif kind == COVERAGE:
            score = load_coverage(t, row, slot)
        elif kind == HOURS:
            score = load_hours(t, r, row, aim, slot)
        elif kind == SIZE:
            score = 1 - min(1.0, abs(size - r[t[AT_TARGET] + aim]) / r[t[AT_TARGET] + aim])
        else:
            score = load_sets(t, r, row, aim, slot)
        scores += r[t[AT_SHARE] + aim] * strictly(r[t[AT_PART] + aim], score)
    return worth + size * scores


@compiled
def load_pairs(t: Any, r: Any, row: int, aim: int, slot: int) -> float:
    """ALIKE and DIVERSE: counts of values, when kept, and pairs of the same."""
    base = row * t[ROOM]
    codes = t[t[AT_PLACE] + aim] * t[N]
    column = t[t[AT_COLUMN] + aim]
    answered = 0
    same = 0
    if column >= 0:
        first = row * t[COLUMNS] + column
        for v in range(t[t[AT_VALUES] + aim]):
            t[t[AT_COUNTS] + first + v] = 0
        for k in range(t[t[AT_SIZE] + row]):
            v = t[t[AT_CODE] + codes + t[t[AT_MEMBER] + base + k]]
            if v >= 0:
                answered += 1
                same += 2 * t[t[AT_COUNTS] + first + v]
                t[t[AT_COUNTS] + first + v] += 1
    else:
        for k in range(t[t[AT_SIZE] + row]):
            v = t[t[AT_CODE] + codes + t[t[AT_MEMBER] + base + k]]
            if v >= 0:
                answered += 1
                same += 2 * t[t[AT_TALLY] + v]
                t[t[AT_TALLY] + v] += 1
        for k in range(t[t[AT_SIZE] + row]):
            v = t[t[AT_CODE] + codes + t[t[AT_MEMBER] + base + k]]
            if v >= 0:
                t[t[AT_TALLY] + v] = 0
    t[t[AT_INTS] + slot] = answered
    t[t[AT_INTS] + slot + 1] = same
    return measure_pairs(t, r, t[t[AT_KIND] + aim], t[t[AT_PLACE] + aim], answered, same)


@compiled
def load_isolated(t: Any, row: int, aim: int, slot: int) -> float:
    """ISOLATED: counts of the watched values, when kept, and how many of them are too few."""
    base = row * t[ROOM]
    starts = t[t[AT_PLACE] + aim] * (t[N] + 1)
    column = t[t[AT_COLUMN] + aim]
    first = row * t[COLUMNS] + column
    if column >= 0:
        for v in range(t[t[AT_VALUES] + aim]):
            t[t[AT_COUNTS] + first + v] = 0
    isolated = 0
    for k in range(t[t[AT_SIZE] + row]):
        i = starts + t[t[AT_MEMBER] + base + k]
        for q in range(t[t[AT_LIST_START] + i], t[t[AT_LIST_START] + i + 1]):
            v = t[t[AT_LIST_ITEM] + q]
            t[t[AT_TALLY] + v] += 1
            if t[t[AT_TALLY] + v] == 1:
                isolated += 1
            if t[t[AT_TALLY] + v] == t[t[AT_LEAST] + aim]:
                isolated -= 1
            if column >= 0:
                t[t[AT_COUNTS] + first + v] += 1
    for k in range(t[t[AT_SIZE] + row]):
        i = starts + t[t[AT_MEMBER] + base + k]
        for q in range(t[t[AT_LIST_START] + i], t[t[AT_LIST_START] + i + 1]):
            t[t[AT_TALLY] + t[t[AT_LIST_ITEM] + q]] = 0
    t[t[AT_INTS] + slot + 2] = isolated
    return 0.0 if isolated else 1.0


@compiled
def common_needs(t: Any, r: Any, row: int, aim: int, out: int, into: int) -> float:
    """COMMON_NEEDS of a row, with one person replaced by another (-1: none)."""
    base = row * t[ROOM]
    starts = t[t[AT_PLACE] + aim] * (t[N] + 1)
    answered = 0
    most = 0
    for k in range(t[t[AT_SIZE] + row]):
        i = t[t[AT_MEMBER] + base + k]
        if i == out:
            i = into
        answered += t[t[AT_ANSWERED] + int(r[t[AT_TARGET] + aim]) * t[N] + i]
        for q in range(t[t[AT_LIST_START] + starts + i], t[t[AT_LIST_START] + starts + i + 1]):
            v = t[t[AT_LIST_ITEM] + q]
            t[t[AT_TALLY] + v] += 1
            most = max(most, t[t[AT_TALLY] + v])
    for k in range(t[t[AT_SIZE] + row]):
        i = t[t[AT_MEMBER] + base + k]
        if i == out:
            i = into
        for q in range(t[t[AT_LIST_START] + starts + i], t[t[AT_LIST_START] + starts + i + 1]):
            t[t[AT_TALLY] + t[t[AT_LIST_ITEM] + q]] = 0
    return most / answered if answered else 1.0


@compiled
def load_coverage(t: Any, row: int, slot: int) -> float:
    """COVERAGE: topics that at least one, two and three people know, and how many needs are met."""
    base = row * t[ROOM]
    words = t[TOPIC_WORDS]
    met = 0
    asked = 0
    for w in range(words):
        once = 0
        twice = 0
        thrice = 0
        for k in range(t[t[AT_SIZE] + row]):
            x = t[t[AT_KNOWS] + t[t[AT_MEMBER] + base + k] * words + w]
            thrice |= twice & x
            twice |= once & x
            once |= x
        t[t[AT_EXPERTS] + (row * 3) * words + w] = once
        t[t[AT_EXPERTS] + (row * 3 + 1) * words + w] = twice
        t[t[AT_EXPERTS] + (row * 3 + 2) * words + w] = thrice
        for k in range(t[t[AT_SIZE] + row]):
            i = t[t[AT_MEMBER] + base + k] * words + w
            met += bits(t[t[AT_NEEDS] + i] & (twice | (once & ~t[t[AT_KNOWS] + i])))
    for k in range(t[t[AT_SIZE] + row]):
        asked += t[t[AT_ASKS] + t[t[AT_MEMBER] + base + k]]
    t[t[AT_INTS] + slot + 2] = asked
    return met / asked if asked else 1.0


@compiled
def load_hours(t: Any, r: Any, row: int, aim: int, slot: int) -> float:
    """HOURS: the slots with more free people than the quorum, with just as many, and with one fewer."""
    place = t[t[AT_PLACE] + aim]
    words = t[SLOT_WORDS]
    first = t[AT_REACH] + (row * t[HOUR_AIMS] + place) * REACHED * words
    answered = told_hours(t, row)
    need = enough(answered, r[t[AT_QUORUM] + place])
    softness = softness_of(t, r, place)
    reached = 0
    one_less = 0
    two_less = 0
    for w in range(words):
        planes = count_free(t, row, w, -1, -1)
        even = just(t, w, planes, need)
        over = at_least(t, w, planes, need) & ~even
        t[first + w] = over
        t[first + words + w] = even
        t[first + 2 * words + w] = just(t, w, planes, need - 1)
        reached += bits(over | even)
        if softness > 0.0:
            t[first + 3 * words + w] = just(t, w, planes, need - 2)
            t[first + 4 * words + w] = just(t, w, planes, need - 3)
            one_less += bits(t[first + 2 * words + w])
            two_less += bits(t[first + 3 * words + w])
    t[t[AT_INTS] + slot] = answered
    return measure_hours(r[t[AT_TARGET] + aim], softness, reached, one_less, two_less)


@compiled
def measure_hours(target: float, softness: float, reached: int, one_less: int, two_less: int) -> float:
    """HOURS from the slots in which enough people are free, or one or two fewer.

    While the search is soft, slots that are nearly reached count in part: what needs several people to change
    would otherwise show no way there.
    """
    score = min(1.0, reached / target)
    if softness == 0.0:
        return score
    nearly = min(1.0, (reached + NEAR * one_less + FAR * two_less) / target)
    return (1 - softness) * score + softness * nearly


@compiled
def softness_of(t: Any, r: Any, place: int) -> float:
    """How soft an aim about hours is now: only where nearly all have to be free, so that one can block it."""
    return r[SOFT] if r[t[AT_QUORUM] + place] > NEARLY_ALL else 0.0


@compiled
def told_hours(t: Any, row: int) -> int:
    """How many members of a row gave their hours."""
    base = t[AT_MEMBER] + row * t[ROOM]
    answered = 0
    for k in range(t[t[AT_SIZE] + row]):
        answered += t[t[AT_HAS_HOURS] + t[base + k]]
    return answered


@compiled
def count_free(t: Any, row: int, w: int, out: int, into: int) -> int:
    """Count who is free in each slot of a word, all slots at once, with one person replaced (-1: none).

    Plane k holds the slots' k-th binary digits; adding somebody carries from plane to plane. Returns the
    number of planes.
    """
    base = t[AT_MEMBER] + row * t[ROOM]
    free = t[AT_FREE] + w
    lane = t[AT_LANE]
    planes = 0
    for k in range(t[t[AT_SIZE] + row] + 1):
        i = into if k == t[t[AT_SIZE] + row] else t[base + k]
        if i == out or i < 0:
            continue
        carry = t[free + i * t[SLOT_WORDS]]
        plane = 0
        while carry:
            if plane == planes:
                t[lane + plane] = 0
                planes += 1
            both = t[lane + plane] & carry
            t[lane + plane] ^= carry
            carry = both
            plane += 1
    return planes


@compiled
def just(t: Any, w: int, planes: int, count: int) -> int:
    """The slots of a word in which just so many people are free."""
    if count < 0 or count >> planes:
        return 0
    found = t[t[AT_SLOT_MASK] + w]
    for plane in range(planes):
        x = t[t[AT_LANE] + plane]
        found &= x if (count >> plane) & 1 else ~x
    return found


@compiled
def at_least(t: Any, w: int, planes: int, count: int) -> int:
    """The slots of a word in which at least so many people are free."""
    even = t[t[AT_SLOT_MASK] + w]
    if count <= 0:
        return even
    if count >> planes:
        return 0
    over = 0
    for k in range(planes):
        plane = planes - 1 - k
        x = t[t[AT_LANE] + plane]
        if (count >> plane) & 1:
            even &= x
        else:
            over |= even & x
            even &= ~x
    return over | even


@compiled
def load_sets(t: Any, r: Any, row: int, aim: int, slot: int) -> float:
    """ALIKE_SETS: the sum of likeness over ordered pairs."""
    base = row * t[ROOM]
    sets = t[t[AT_PLACE] + aim] * t[N]
    answered = 0
    alike = 0.0
    for k in range(t[t[AT_SIZE] + row]):
        i = t[t[AT_MEMBER] + base + k]
        if t[t[AT_ANSWERED] + int(r[t[AT_TARGET] + aim]) * t[N] + i]:
            answered += 1
            for q in range(k):
                alike += 2 * jaccard(t, sets, i, t[t[AT_MEMBER] + base + q])
    t[t[AT_INTS] + slot] = answered
    r[t[AT_REALS] + (row * t[AIMS] + aim) * 2] = alike
    return measure_pairs(t, r, ALIKE_SETS, 0, answered, alike)


@compiled
def count_value(t: Any, row: int, aim: int, v: int) -> int:
    """How many members of a row have the value of an aim about pairs."""
    if t[t[AT_COLUMN] + aim] >= 0:
        return t[t[AT_COUNTS] + row * t[COLUMNS] + t[t[AT_COLUMN] + aim] + v]
    base = row * t[ROOM]
    codes = t[t[AT_PLACE] + aim] * t[N]
    count = 0
    for k in range(t[t[AT_SIZE] + row]):
        count += t[t[AT_CODE] + codes + t[t[AT_MEMBER] + base + k]] == v
    return count


@compiled
def swap_gain(t: Any, r: Any, g: int, h: int, i: int, j: int, least: float) -> bool:
    """Whether person i of group g and j of group h, exchanged, make the two worth at least `least` together.

    Left off as soon as the aims not looked at yet could not make up for what is lost. What the groups would
    be worth lies in the two spare rows then. The state is only read.
    """
    size_g = t[t[AT_SIZE] + g]
    size_h = t[t[AT_SIZE] + h]
    here = r[t[AT_LINEAR_SUM] + g] + worth_linear(t, r, j, g) - worth_linear(t, r, i, g)
    there = r[t[AT_LINEAR_SUM] + h] + worth_linear(t, r, i, h) - worth_linear(t, r, j, h)
    rest = r[SHARES]
    for aim in range(t[AIMS]):
        if here + there + (size_g + size_h) * rest < least:
            return False
        t[t[AT_WHOLE] + WORK] += WORK_OF_LOOK
        share = r[t[AT_SHARE] + aim]
        kind = t[t[AT_KIND] + aim]
        part = r[t[AT_PART] + aim]
        here += size_g * share * strictly(part, swapped(t, r, aim, kind, g, size_g, i, j))
        there += size_h * share * strictly(part, swapped(t, r, aim, kind, h, size_h, j, i))
        rest -= share
    r[t[AT_WORTH] + t[G]] = here
    r[t[AT_WORTH] + t[G] + 1] = there
    return here + there >= least


@compiled
def swapped(t: Any, r: Any, aim: int, kind: int, g: int, size: int, out: int, into: int) -> float:
    """What an aim would be worth in group g with one person replaced by another."""
    place = t[t[AT_PLACE] + aim]
    slot = (g * t[AIMS] + aim) * INTS
    if kind == HOURS:
        return swapped_hours(t, r, g, aim, slot, out, into)
    if kind == ALIKE or kind == DIVERSE:
        answered = t[t[AT_INTS] + slot]
        same = t[t[AT_INTS] + slot + 1]
        leaves = t[t[AT_CODE] + place * t[N] + out]
        comes = t[t[AT_CODE] + place * t[N] + into]
        if leaves != comes:
            if leaves >= 0:
                same -= 2 * (count_value(t, g, aim, leaves) - 1)
                answered -= 1
            if comes >= 0:
                same += 2 * count_value(t, g, aim, comes)
                answered += 1
        return measure_pairs(t, r, kind, place, answered, same)
    if kind == ALIKE_NUMBERS or kind == DIVERSE_NUMBERS or kind == BALANCED:
        real = t[AT_REALS] + (g * t[AIMS] + aim) * 2
        i = place * t[N] + out
        j = place * t[N] + into
        x = r[t[AT_NUMBER] + i]
        y = r[t[AT_NUMBER] + j]
        count = t[t[AT_INTS] + slot] - t[t[AT_HAS_NUMBER] + i] + t[t[AT_HAS_NUMBER] + j]
        total = r[real] - x + y
        squares = r[real + 1] - x * x + y * y
        return measure_numbers(kind, count, total, squares, r[t[AT_TARGET] + aim])
    if kind == PROPORTIONAL or kind == ENOUGH:
        i = place * t[N] + out
        j = place * t[N] + into
        return measure_count(
            kind,
            t[t[AT_INTS] + slot + 1] - t[t[AT_HAS] + i] + t[t[AT_HAS] + j],
            t[t[AT_INTS] + slot] - t[t[AT_ANSWERED] + i] + t[t[AT_ANSWERED] + j],
            r[t[AT_TARGET] + aim],
        )
    if kind == ISOLATED:
        return swapped_isolated(t, g, aim, slot, out, into)
    if kind == COVERAGE:
        return swapped_coverage(t, g, slot, out, into)
    if kind == SIZE:
        return 1 - min(1.0, abs(size - r[t[AT_TARGET] + aim]) / r[t[AT_TARGET] + aim])
    if kind == COMMON_NEEDS:
        return common_needs(t, r, g, aim, out, into)
    return swapped_sets(t, r, g, aim, slot, out, into)


@compiled
def swapped_isolated(t: Any, g: int, aim: int, slot: int, out: int, into: int) -> float:
    """ISOLATED of a group with one person replaced."""
    starts = t[t[AT_PLACE] + aim] * (t[N] + 1)
    from_out = t[t[AT_LIST_START] + starts + out]
    to_out = t[t[AT_LIST_START] + starts + out + 1]
    from_into = t[t[AT_LIST_START] + starts + into]
    to_into = t[t[AT_LIST_START] + starts + into + 1]
    isolated = t[t[AT_INTS] + slot + 2]
    for q in range(from_out, to_out):
        v = t[t[AT_LIST_ITEM] + q]
        before = count_listed(t, g, aim, v)
        after = before - 1
        for p in range(from_into, to_into):
            after += t[t[AT_LIST_ITEM] + p] == v
        isolated += (0 < after < t[t[AT_LEAST] + aim]) - (0 < before < t[t[AT_LEAST] + aim])
    for p in range(from_into, to_into):
        v = t[t[AT_LIST_ITEM] + p]
        shared = False
        for q in range(from_out, to_out):
            shared = shared or t[t[AT_LIST_ITEM] + q] == v
        if not shared:
            before = count_listed(t, g, aim, v)
            isolated += (0 < before + 1 < t[t[AT_LEAST] + aim]) - (0 < before < t[t[AT_LEAST] + aim])
    return 0.0 if isolated else 1.0


@compiled
def count_listed(t: Any, row: int, aim: int, v: int) -> int:
    """How many members of a row list the value."""
    if t[t[AT_COLUMN] + aim] >= 0:
        return t[t[AT_COUNTS] + row * t[COLUMNS] + t[t[AT_COLUMN] + aim] + v]
    base = row * t[ROOM]
    starts = t[t[AT_PLACE] + aim] * (t[N] + 1)
    count = 0
    for k in range(t[t[AT_SIZE] + row]):
        i = starts + t[t[AT_MEMBER] + base + k]
        for q in range(t[t[AT_LIST_START] + i], t[t[AT_LIST_START] + i + 1]):
            count += t[t[AT_LIST_ITEM] + q] == v
    return count


@compiled
def swapped_coverage(t: Any, g: int, slot: int, out: int, into: int) -> float:
    """COVERAGE of a group with one person replaced."""
    base = g * t[ROOM]
    words = t[TOPIC_WORDS]
    asked = t[t[AT_INTS] + slot + 2] - t[t[AT_ASKS] + out] + t[t[AT_ASKS] + into]
    if asked == 0:
        return 1.0
    met = 0
    for w in range(words):
        leaves = t[t[AT_KNOWS] + out * words + w]
        comes = t[t[AT_KNOWS] + into * words + w]
        once = t[t[AT_EXPERTS] + (g * 3) * words + w]
        twice = t[t[AT_EXPERTS] + (g * 3 + 1) * words + w]
        thrice = t[t[AT_EXPERTS] + (g * 3 + 2) * words + w]
        once &= ~leaves | twice
        twice &= ~leaves | thrice
        twice |= once & comes
        once |= comes
        for k in range(t[t[AT_SIZE] + g]):
            i = t[t[AT_MEMBER] + base + k] * words + w
            met += bits(t[t[AT_NEEDS] + i] & (twice | (once & ~t[t[AT_KNOWS] + i])))
        i = out * words + w
        met -= bits(t[t[AT_NEEDS] + i] & (twice | (once & ~t[t[AT_KNOWS] + i])))
        i = into * words + w
        met += bits(t[t[AT_NEEDS] + i] & (twice | (once & ~t[t[AT_KNOWS] + i])))
    return met / asked


@compiled
def swapped_hours(t: Any, r: Any, g: int, aim: int, slot: int, out: int, into: int) -> float:
    """HOURS of a group with one person replaced; counted anew when only one of the two gave their hours."""
    place = t[t[AT_PLACE] + aim]
    words = t[SLOT_WORDS]
    change = t[t[AT_HAS_HOURS] + into] - t[t[AT_HAS_HOURS] + out]
    softness = softness_of(t, r, place)
    reached = 0
    one_less = 0
    two_less = 0
    if change:
        need = enough(t[t[AT_INTS] + slot] + change, r[t[AT_QUORUM] + place])
        for w in range(words):
            planes = count_free(t, g, w, out, into)
            reached += bits(at_least(t, w, planes, need))
            if softness > 0.0:
                one_less += bits(just(t, w, planes, need - 1))
                two_less += bits(just(t, w, planes, need - 2))
        return measure_hours(r[t[AT_TARGET] + aim], softness, reached, one_less, two_less)
    first = t[AT_REACH] + (g * t[HOUR_AIMS] + place) * REACHED * words
    for w in range(words):
        x = t[t[AT_FREE] + out * words + w]
        y = t[t[AT_FREE] + into * words + w]
        over = t[first + w]
        even = t[first + words + w]
        under = t[first + 2 * words + w]
        more = y & ~x
        less = x & ~y
        reached += bits(over | (even & ~less) | (under & more))
        if softness > 0.0:
            lower = t[first + 3 * words + w]
            one_less += bits((under & ~(more | less)) | (even & less) | (lower & more))
            two_less += bits((lower & ~(more | less)) | (under & less) | (t[first + 4 * words + w] & more))
    return measure_hours(r[t[AT_TARGET] + aim], softness, reached, one_less, two_less)


@compiled
def swapped_sets(t: Any, r: Any, g: int, aim: int, slot: int, out: int, into: int) -> float:
    """ALIKE_SETS of a group with one person replaced."""
    base = g * t[ROOM]
    sets = t[t[AT_PLACE] + aim] * t[N]
    told = int(r[t[AT_TARGET] + aim]) * t[N]
    alike = r[t[AT_REALS] + (g * t[AIMS] + aim) * 2]
    for k in range(t[t[AT_SIZE] + g]):
        i = t[t[AT_MEMBER] + base + k]
        if i != out:
            alike += 2 * (jaccard(t, sets, into, i) - jaccard(t, sets, out, i))
    answered = t[t[AT_INTS] + slot] - t[t[AT_ANSWERED] + told + out] + t[t[AT_ANSWERED] + told + into]
    return measure_pairs(t, r, ALIKE_SETS, 0, answered, alike)
