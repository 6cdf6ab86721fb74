"""For each aim by itself the most that any grouping could reach, by counting and sorting: proven, and cheap.

Everything is in people: an aim's ceiling is the largest possible sum over groups of people x score. Somebody
who has not answered never lowers it (`told` and `untold` below): they count in full.
"""

import heapq
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from engines.grouping import aims as a
from engines.grouping import rules as r
from engines.grouping.measures import mean_and_spread
from engines.grouping.sheet import Sheet

MANY = 1_000
"""With more different answers than this, pairs of them are not looked at: each is taken to suit all."""

CENTRES = 16
"""How many centres are tried for the spread of a number."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The least and the most people in a group that is used, and how many groups there are."""

    least: int
    most: int
    groups: int


def sizes_of(sheet: Sheet) -> Sizes:
    """The limits over all groups; a unit of several people needs no less than itself."""
    people = len(sheet.people)
    least = min(max(1, group.minimum) for group in sheet.groups)
    most = max(min(people, group.maximum) for group in sheet.groups)
    return Sizes(least, most, len(sheet.groups))


def ceiling_of(aim: a.Aim, sheet: Sheet, sizes: Sizes) -> float:
    """The most people in full that the aim could count, from 0 to all of them."""
    people = float(len(sheet.people))
    match aim:
        case a.Alike():
            is_set = any(aim.attribute in person.sets for person in sheet.people)
            ceiling = _alike_sets(aim, sheet, sizes) if is_set else _alike(aim, sheet, sizes)
        case a.AlikeNumbers():
            ceiling = _alike_numbers(aim, sheet, sizes)
        case a.DiverseNumbers():
            ceiling = _diverse_numbers(aim, sheet, sizes)
        case a.NobodyIsolated():
            ceiling = people - _isolated(aim, sheet, sizes)
        case a.CommonNeeds():
            ceiling = _common_needs(sheet, sizes)
        case a.Coverage():
            ceiling = _coverage(sheet, sizes)
        case a.MeetingHours():
            ceiling = _hours(aim, sheet, sizes)
        case _:
            ceiling = people
    return max(0.0, min(people, ceiling))


def at_most(sheet: Sheet, attribute: str, value: str) -> float:
    """The most people with a value that the rules allow in one group."""
    rules = [rule for rule in sheet.problem.rules_of(r.AtMost) if rule.attribute == attribute]
    return min((rule.maximum for rule in rules if rule.value in (None, value)), default=math.inf)


def _alike(aim: a.Alike, sheet: Sheet, sizes: Sizes) -> float:
    """Each value is cut into groups of its own; what is left over counts little, in a group of least size.

    Of people who are c in a group of n each counts (c - 1) / (n - 1). Who has not answered may stand for any
    value: to give them that of most others never lowers a group's score. They go where they help most.
    """
    values = [person.categories.get(aim.attribute) for person in sheet.people]
    counts = Counter(value for value in values if value is not None)
    wild = values.count(None)
    if wild >= len(counts) * sizes.least:
        return float(len(values))
    gains = [0.0]
    for value, count in sorted(counts.items()):
        limit = math.inf if wild else at_most(sheet, aim.attribute, value)
        worth = _cut(count + min(wild, sizes.least), sizes, limit)
        options = worth[count:]
        reach = min(wild, len(gains) + len(options) - 2)
        gains = [
            max(
                gains[u - k] + options[k] for k in range(max(0, u - len(gains) + 1), min(u + 1, len(options)))
            )
            for u in range(reach + 1)
        ]
    return max(gained + wild - u for u, gained in enumerate(gains))


def _cut(count: int, sizes: Sizes, limit: float) -> list[float]:
    """For 0 to so many people of one value what they could be worth, cut into groups at best."""
    most = int(min(sizes.most, limit, 2 * sizes.least - 1))  # a larger one might as well be two
    best = [0.0] * (count + 1)
    for k in range(1, count + 1):
        parts = range(1, min(k, most) + 1)
        best[k] = max((best[k - c] + c * min(1.0, _same(c, sizes.least)) for c in parts), default=0.0)
    return best


def _same(alike: int, size: int) -> float:
    """The share of the others who are alike, for one of so many in a group of so many at least."""
    return 1.0 if size < 2 else (alike - 1) / (size - 1)


def _alike_sets(aim: a.Alike, sheet: Sheet, sizes: Sizes) -> float:
    """Each person counts at most as much as the nearest others that a smallest group would hold."""
    answers = [frozenset(person.values_of(aim.attribute)) for person in sheet.people]
    told = Counter(answer for answer in answers if answer)
    untold = len(answers) - told.total()
    others = sizes.least - 1 - untold
    if others < 1 or len(told) > MANY:
        return float(len(answers))
    kinds = sorted(told.items(), key=lambda each: sorted(each[0]))
    total = 0.0
    for one, count in kinds:
        near = sorted(((len(one & two) / len(one | two), many) for two, many in kinds), reverse=True)
        total += count * _mean_of_first(near, others)
    return total + untold


def _mean_of_first(ranked: list[tuple[float, int]], others: int) -> float:
    """The mean of the best so many, where the first of all is the person themselves."""
    left, total = others + 1, -ranked[0][0]
    for worth, many in ranked:
        taken = min(left, many)
        total += taken * worth
        left -= taken
    return total / others


def _told(sheet: Sheet, attribute: str) -> tuple[list[float], int, float]:
    """The numbers that were given in order, how many people gave none, and the spread."""
    numbers = sorted(n for person in sheet.people if (n := person.numbers.get(attribute)) is not None)
    spread = mean_and_spread(numbers)[1] if numbers else 0.0
    return numbers, len(sheet.people) - len(numbers), spread


def _alike_numbers(aim: a.AlikeNumbers, sheet: Sheet, sizes: Sizes) -> float:
    """A person's half mean square distance to a group is at least that to the nearest of a smallest group.

    A group's deviation is the root of the mean of these over its people, and so at least the mean of their
    roots.
    """
    numbers, untold, spread = _told(sheet, aim.attribute)
    least = sizes.least - untold
    if spread == 0 or least < 2:
        return float(len(sheet.people))
    middle = mean_and_spread(numbers)[0]
    numbers = [(number - middle) / spread for number in numbers]
    sums, squares = [0.0, *accumulate(numbers)], [0.0, *accumulate(number**2 for number in numbers)]
    total, first = 0.0, 0
    for i, number in enumerate(numbers):
        first = max(first, i - least + 1)
        while (
            first < i
            and first + least < len(numbers)
            and numbers[first + least] - number < number - numbers[first]
        ):
            first += 1
        end = min(len(numbers), first + least)
        near = end - first
        square = squares[end] - squares[first] - 2 * number * (sums[end] - sums[first]) + near * number**2
        total += max(0.0, 1 - math.sqrt(max(0.0, square) / (2 * least)))
    return total + untold


def _diverse_numbers(aim: a.DiverseNumbers, sheet: Sheet, sizes: Sizes) -> float:
    """The squares of a group's deviation add up from people's distances to any centre, at most those of all.

    A group of n makes use of n squared spreads and no more, so what one person far out brings beyond the
    largest group is lost; the rest is spread evenly at best, for the root is concave.
    """
    numbers, untold, spread = _told(sheet, aim.attribute)
    if spread == 0:
        return float(len(sheet.people))
    count = len(numbers)
    centres = [mean_and_spread(numbers)[0]]
    centres += [numbers[k * (count - 1) // CENTRES] for k in range(CENTRES + 1)]
    usable = min(
        math.fsum(min(float(sizes.most), ((number - centre) / spread) ** 2) for number in numbers)
        for centre in centres
    )
    return math.sqrt(min(1.0, usable / count)) * count + untold


def _isolated(aim: a.NobodyIsolated, sheet: Sheet, sizes: Sizes) -> float:
    """How many people at least are in groups where somebody is alone: too few have the value, or may meet."""
    counts = sheet.values(aim.attribute)
    lost = 0.0
    for value in set(counts if aim.values is None else aim.values) & set(counts):
        together = min(counts[value], sizes.most, at_most(sheet, aim.attribute, value))
        if together < aim.at_least:
            groups = math.ceil(counts[value] / max(1.0, together))
            lost = max(lost, float(sizes.least * groups))
    return lost


def _common_needs(sheet: Sheet, sizes: Sizes) -> float:
    """Nobody counts who needs nothing, and no more topics are common than there are groups."""
    told = [person.needs for person in sheet.people if person.needs is not None]
    counts = Counter(topic for needs in told for topic in set(needs))
    shared = sum(heapq.nlargest(sizes.groups, counts.values()))
    return min(shared, sum(map(bool, told))) + len(sheet.people) - len(told)


def _coverage(sheet: Sheet, sizes: Sizes) -> float:
    """Each expert meets the need of all others in a largest group, and of nobody else.

    A need that is not met costs its group at least one over the most needs that its people have on average.
    """
    expert = sheet.problem.expert_level
    needs = [set(person.needs or ()) for person in sheet.people]
    asked = Counter(topic for each in needs for topic in each)
    known = Counter(t for p in sheet.people for t, level in p.expertise.items() if level >= expert)
    lost = 0
    for topic, count in asked.items():
        met = min(count, known[topic] * (sizes.most - 1))
        alone = known[topic] == 1 and any(
            topic in each and person.expertise.get(topic, 0) >= expert
            for each, person in zip(needs, sheet.people, strict=True)
        )
        lost += max(count - met, int(alone))
    most = sorted(map(len, needs), reverse=True)[: sizes.least]
    return len(needs) - lost / max(1.0, sum(most) / len(most))


def _hours(aim: a.MeetingHours, sheet: Sheet, sizes: Sizes) -> float:
    """A slot serves only if enough people are free in it; people share it with those of a smallest group."""
    masks = [sum(1 << s for s in p.hours) for p in sheet.people if p.hours is not None]
    untold = len(sheet.people) - len(masks)
    least = max(1, sizes.least - untold)
    enough = math.ceil(aim.quorum * least - 1e-9)
    free = Counter(s for p in sheet.people for s in p.hours or ())
    useful = sum(1 << s for s, count in free.items() if count >= enough)
    if aim.quorum < 1:
        slots = math.fsum((mask & useful).bit_count() for mask in masks)
        return slots / (aim.quorum * aim.target) + untold
    counts = Counter(_unit_hours(sheet, useful))
    shared = _shared(counts, least)
    return math.fsum(count * min(1.0, shared[mask] / aim.target) for mask, count in counts.items()) + untold


def _unit_hours(sheet: Sheet, useful: int) -> list[int]:
    """For each person who gave hours the useful ones in which all their unit is free."""
    found: list[int] = []
    for unit in sheet.units:
        told = [hours for i in unit if (hours := sheet.people[i].hours) is not None]
        if told:
            mask = sum(1 << slot for slot in frozenset.intersection(*told)) & useful
            found.extend([mask] * len(told))
    return found


def _shared(counts: Counter[int], least: int) -> dict[int, int]:
    """For each set of hours how many of them the person could share with the nearest of a smallest group."""
    if len(counts) > MANY:
        return {mask: mask.bit_count() for mask in counts}
    return {
        mask: _nth(sorted(((mask & o).bit_count(), k) for o, k in counts.items()), least) for mask in counts
    }


def _nth(ranked: Sequence[tuple[int, int]], least: int) -> int:
    """The so-manieth largest of counted numbers, smallest first; the smallest if there are fewer."""
    totals = list(accumulate(many for _, many in reversed(ranked)))
    return ranked[-1 - min(bisect_left(totals, least), len(ranked) - 1)][0]
