"""Groups of one round made into groups twice as large, such as pairs into fours."""

from engines.pairing.matching import Matcher
from engines.pairing.worth import Worth

FEW_GROUPS = 64
"""Up to so many groups every two of them are weighed."""

NEAREST, TRIED = 8, 32
"""Otherwise so many of so many others whom a group could join."""


def joined(worth: Worth, groups: list[list[int]]) -> tuple[list[list[int]], bool]:
    """Two groups each made one, for the most value; and whether it is proven that none is worth more.

    Of an odd number one comes to those two whom it suits best. Groups that must not come together stay apart.
    """
    count = len(groups)
    near = _edges(worth, groups)
    mate = Matcher([list(edges.items()) for edges in near]).match()
    made, apart = [], [groups[one] for one in mate[count:]]
    for one, other in enumerate(mate[:count]):
        if one < other < count:
            is_barred = near[one][other] <= -worth.costs.never
            made += [] if is_barred else [groups[one] + groups[other]]
            apart += [groups[one], groups[other]] if is_barred else []
    alone = []
    for group in apart:
        open_to = [each for each in made if _value(worth, group, each) > -worth.costs.never]
        if open_to and len(apart) == 1:
            max(open_to, key=lambda each: _value(worth, group, each)).extend(group)
        else:
            alone.append(list(group))
    return made + alone, count <= FEW_GROUPS and not apart


def _edges(worth: Worth, groups: list[list[int]]) -> list[dict[int, int]]:
    """For each group what it is worth to join others; an odd one out may stay alone."""
    count = len(groups)
    near: list[dict[int, int]] = [{} for _ in range(count + count % 2)]
    steps = range(1, count if count <= FEW_GROUPS else TRIED + 1)
    for one in range(count):
        valued = [(_value(worth, groups[one], groups[(one + step) % count]), -step) for step in steps]
        if count > FEW_GROUPS:
            # The next one always, so that all can be matched in any case.
            valued = sorted(valued[1:], reverse=True)[: NEAREST - 1] + valued[:1]
        for value, step in valued:
            other = (one - step) % count
            near[one][other] = near[other][one] = value
    for one in range(count if count % 2 else 0):
        near[one][count] = near[count][one] = 0
    return near


def _value(worth: Worth, group: list[int], other: list[int]) -> int:
    return sum(worth.joining(one, other) for one in group)
