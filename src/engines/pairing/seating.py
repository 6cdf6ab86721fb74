"""Groups of any size: who comes to whom, step by step, and exchanges that make it better."""

from collections.abc import Iterable
from functools import reduce
from itertools import combinations
from operator import or_

from engines.pairing.worth import Worth, members

LOOKS = 15_000
"""So many exchanges at most are looked at to make a round better."""

FEW_ENOUGH = 24
"""Of so many people who would do equally well at first sight each is looked at closely."""


def sizes(people: int, size: int) -> list[int]:
    """The sizes of groups for so many people: as few as can be of another size than was asked for.

    Pairs: a trio where people are odd. Trios: a four for one left over, a pair for two. Fours: a five for
    one, two trios for two, a trio for three. Nobody is alone but the only one.
    """
    whole, rest = divmod(people, size)
    if not whole:
        return [rest] if rest else []
    if rest == 1:
        return [size] * (whole - 1) + [size + 1]
    if size == 4 and rest == 2:
        return [size] * (whole - 1) + [size - 1] * 2
    return [size] * whole + [rest] * bool(rest)


def gathered(worth: Worth, lengths: list[int], people: Iterable[int]) -> list[list[int]]:
    """Groups of these lengths: whoever is hardest to place begins one, whoever suits it best comes next."""
    left = sum(1 << one for one in people)
    known = [reduce(or_, (1 << other for other, times in met.items() if times), 0) for met in worth.met]
    easy = [
        (worth.free[one] & ~(worth.never[one] | worth.apart[one] | known[one])).bit_count()
        for one in range(worth.count)
    ]
    waiting = sorted(members(left), key=easy.__getitem__, reverse=True)
    groups = []
    for length in lengths:
        while not left >> waiting[-1] & 1:
            waiting.pop()
        group = [waiting.pop()]
        left ^= 1 << group[0]
        while len(group) < length:
            group.append(_best_of(worth, group, left, known, easy))
            left ^= 1 << group[-1]
        groups.append(group)
    return groups


def _best_of(worth: Worth, group: list[int], left: int, known: list[int], easy: list[int]) -> int:
    """Who of those left is worth most to a group: by sets first, then the last few one by one."""
    for table in (worth.never, known, worth.apart):
        left = left & ~reduce(or_, (table[one] for one in group)) or left
    for one in group:
        left = left & worth.free[one] or left
    for one in group:
        for digit in reversed(worth.digits[one]):
            left = left & digit or left
    few = [one for one, _ in zip(members(left, beginning=group[0]), range(FEW_ENOUGH), strict=False)]
    return max(few, key=lambda one: (worth.joining(one, group), -easy[one], -one))


def improve(worth: Worth, groups: list[list[int]]) -> None:
    """Exchange people of different groups, the least well placed first, as long as that pays."""
    place = {one: group for group in groups for one in group}
    looks = LOOKS
    waiting = sorted(place, key=lambda one: _having(worth, one, place), reverse=True)
    while waiting and looks > 0:
        one = waiting.pop()
        looks -= len(place)
        gains = [
            (_gain(worth, one, other, place), -other) for other in place if place[other] is not place[one]
        ]
        gain, other = max(gains, default=(0, 0))
        if gain > 0:
            _exchange(one, -other, place)
            waiting += [mover for mover in (*place[one], *place[-other]) if mover not in waiting]


def _having(worth: Worth, one: int, place: dict[int, list[int]]) -> int:
    return worth.joining(one, (each for each in place[one] if each != one))


def _gain(worth: Worth, one: int, other: int, place: dict[int, list[int]]) -> int:
    here = [each for each in place[one] if each != one]
    there = [each for each in place[other] if each != other]
    after = worth.joining(one, there) + worth.joining(other, here)
    return after - worth.joining(one, here) - worth.joining(other, there)


def _exchange(one: int, other: int, place: dict[int, list[int]]) -> None:
    here, there = place[one], place[other]
    here[here.index(one)], there[there.index(other)] = other, one
    place[one], place[other] = there, here


def part_the_barred(worth: Worth, groups: list[list[int]]) -> tuple[list[list[int]], list[int]]:
    """Take out of each group whoever must not sit with somebody in it; the groups, and who is loose then."""
    kept, loose = [], []
    for group in groups:
        rest = list(group)
        while any(_is_barred(worth, one, other) for one, other in combinations(rest, 2)):
            worst = max(rest, key=lambda one: sum(_is_barred(worth, one, other) for other in rest))
            rest.remove(worst)
            loose.append(worst)
        if len(rest) > 1:
            kept.append(rest)
        else:
            loose += rest
    return kept, loose


def seated(
    worth: Worth, groups: list[list[int]], loose: list[int], size: int
) -> tuple[list[list[int]], list[int]]:
    """Bring people who are loose into groups with least change: the groups, and who is left over.

    In order: where there is room, among themselves, from a group with one too many, one too many elsewhere.
    """
    groups = [list(group) for group in groups]
    rest = []
    for one in sorted(loose):
        if not _come(worth, one, [group for group in groups if len(group) < size]):
            rest.append(one)
    if len(rest) > 1:
        fresh = gathered(worth, sizes(len(rest), size), rest)
        improve(worth, fresh)
        fresh, rest = part_the_barred(worth, fresh)
        groups += fresh
    left = []
    for one in rest:
        ways = [_come_to_size, _take_one] if size > 2 else [_take_one, _come_to_size]
        if not any(way(worth, one, groups, size) for way in ways):
            left.append(one)
    return groups, left


def _come_to_size(worth: Worth, one: int, groups: list[list[int]], size: int) -> bool:
    return _come(worth, one, [group for group in groups if len(group) <= size])


def _come(worth: Worth, one: int, groups: list[list[int]]) -> bool:
    open_to = [group for group in groups if not any(_is_barred(worth, one, other) for other in group)]
    if not open_to:
        return False
    max(open_to, key=lambda group: (worth.joining(one, group), -len(group))).append(one)
    return True


def _take_one(worth: Worth, one: int, groups: list[list[int]], size: int) -> bool:
    """Make a pair of somebody and one of a group that is too large."""
    ways = [
        (worth.value(one, other) - worth.joining(other, set(group) - {other}), other, group)
        for group in groups
        if len(group) > size
        for other in group
        if not _is_barred(worth, one, other)
    ]
    if not ways:
        return False
    _, other, group = max(ways, key=lambda way: way[:2])
    group.remove(other)
    groups.append([one, other])
    return True


def _is_barred(worth: Worth, one: int, other: int) -> bool:
    return bool(worth.never[one] >> other & 1)
