"""Groups as diverse as can be, by a distance for every two people: the maximally diverse grouping problem.

Annealing in `pairs.py`: a few coolings from chance, then many from near the best, of which the best is kept.
Kirkpatrick, Gelatt and Vecchi, "Optimization by simulated annealing", Science 220 (1983).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from engines.grouping import layout as at
from engines.grouping import pairs
from engines.grouping.budget import Budget
from engines.grouping.compiled import real, short, whole
from engines.grouping.problem import ProblemError
from engines.grouping.table import logarithm

FARTHEST = 2**31 - 1

HOTTEST, STEP, LIVELY = 0.4, 0.85, 0.8
"""Where cooling begins: from this share of what exchanges differ by, in such steps, until looking around once
makes so many exchanges."""

MOST_STEPS, ROUNDS = 40, 2
"""The most steps, and how often everybody is looked at in each."""

COLDEST, PARTS = 0.25, 200
"""The last temperature as a share of the first; it falls evenly, in about so many parts."""

WORK_OF_COOLING = 60
"""Nanoseconds of one cooling for each cube of a person."""

FRESH, NEAR = 0.15, (0.5, 0.6)
"""The share of coolings from chance; where those from the best begin, as shares of the first temperature."""


@dataclass(frozen=True, slots=True)
class Distances:
    """How far apart every two people are, and the bounds of each group's size.

    between: a row for each person, of whole numbers from 0 to 2 ** 31 - 1, the same both ways.
    """

    between: Sequence[int]
    minimums: tuple[int, ...]
    maximums: tuple[int, ...]

    def __post_init__(self) -> None:
        people, between = self.people, list(self.between)
        if people * people != len(between):
            raise ProblemError("the distances of everybody to everybody are needed")
        if between and not 0 <= min(between) <= max(between) <= FARTHEST:
            raise ProblemError(f"a distance is from 0 to {FARTHEST}")
        if any(between[i * people : (i + 1) * people] != between[i::people] for i in range(people)):
            raise ProblemError("a distance is the same both ways")
        if any(between[:: people + 1]):
            raise ProblemError("the distance is 0 from anybody to themselves")
        if len(self.minimums) != len(self.maximums):
            raise ProblemError("each group has a minimum and a maximum")
        if any(not 0 <= low <= high for low, high in zip(self.minimums, self.maximums, strict=True)):
            raise ProblemError("a minimum is from 0 to the maximum")
        if not sum(self.minimums) <= people <= sum(self.maximums):
            raise ProblemError("the groups do not hold this many people")

    @property
    def people(self) -> int:
        """How many people there are."""
        return round(sqrt(len(self.between)))


@dataclass(frozen=True, slots=True)
class Diversified:
    """The group of everybody, by number; the sum of distances within groups; what chance gives on average."""

    places: tuple[int, ...]
    total: int
    by_chance: float
    looks: int
    """How often somebody was looked at for an exchange or a move."""


def diversify(distances: Distances, *, seed: int = 0, seconds: float = 3.0) -> Diversified:
    """Group people so that the distances within groups add up to as much as the budget lets it find.

    seconds: the work that the machine of `bench/README.md` does in so many with compiled loops; counted, not
    timed, so that the same seed and seconds give the same answer on any machine, compiled or not.
    """
    ground = _Ground(distances, seed)
    if min(len(distances.minimums), distances.people) > 1:
        _anneal(ground, Budget(seconds=seconds).amount)
        ground.back()
    sizes = [ground.places.count(g) for g in range(len(distances.minimums))]
    together = sum(size * (size - 1) for size in sizes)
    people = max(2, distances.people)
    by_chance = sum(distances.between) * together / (2 * people * (people - 1))
    return Diversified(tuple(ground.places), ground.total, by_chance, ground.looks)


class _Ground:
    """A grouping in the making, and the best so far: the arrays that the loops work on."""

    def __init__(self, distances: Distances, seed: int) -> None:
        self.people, self.groups = distances.people, len(distances.minimums)
        self.room = max(distances.maximums)
        self.unlike = _unlike(distances)
        self.looks = 0
        chance = random.Random(seed)  # noqa: S311
        head, body = [0] * pairs.PAIRS_HEADER, list[int]()
        head[at.N], head[at.G], head[at.ROOM] = self.people, self.groups, self.room
        head[pairs.NEAREST] = 2 * _nearest(distances)
        order = list(range(self.people))
        chance.shuffle(order)
        places = self.groups * self.room
        sizes = _sizes(distances)
        members = []
        for size in sizes:
            members += [order.pop() for _ in range(size)] + [0] * (self.room - size)
        for table, numbers in (
            (at.AT_WHOLE, [0, 0, chance.getrandbits(32) | 1, chance.getrandbits(32), 0, 0]),
            (at.AT_SIZE, sizes),
            (at.AT_MEMBER, members),
            (at.AT_MINIMUM, distances.minimums),
            (at.AT_MAXIMUM, distances.maximums),
            (pairs.AT_SUM, [0] * (self.groups * places)),
            (pairs.AT_PROMISE, [0] * self.groups**2),
            (pairs.AT_CHANGE, [0] * places),
            (pairs.AT_FLOOR, [0] * at.LOGARITHMS),
        ):
            head[table] = len(head) + len(body)
            body += numbers
        self.t, self.d = whole(head + body), short(distances.between)
        self.r = real([logarithm((k + 0.5) / at.LOGARITHMS) for k in range(at.LOGARITHMS)])
        pairs.seat_pairs(self.t, self.d)
        self.best = self._seated()

    @property
    def total(self) -> int:
        """The sum of distances within groups."""
        return int(self.t[self.t[at.AT_WHOLE]])

    @property
    def spent(self) -> int:
        """The work done, in nanoseconds."""
        return int(self.t[self.t[at.AT_WHOLE] + at.WORK]) // 10

    @property
    def places(self) -> list[int]:
        """The group of everybody."""
        found = [0] * self.people
        for g in range(self.groups):
            first = self.t[at.AT_MEMBER] + g * self.room
            for i in self.t[first : first + self.t[self.t[at.AT_SIZE] + g]]:
                found[i] = g
        return found

    def mingle(self, rounds: int, warmth: float) -> int:
        """Look at everybody so many times; returns how many exchanges and moves were made."""
        self.looks += rounds * self.people
        return int(pairs.mingle(self.t, self.r, self.d, rounds, warmth))

    def keep(self) -> None:
        """Keep the grouping if it is the best."""
        if self.total > self.best[0]:
            self.best = self._seated()

    def back(self) -> None:
        """Go back to the best."""
        for table, numbers in zip((at.AT_SIZE, at.AT_MEMBER), self.best[1:], strict=True):
            self.t[self.t[table] : self.t[table] + len(numbers)] = numbers
        pairs.seat_pairs(self.t, self.d)

    def _seated(self) -> tuple[int, Any, Any]:
        """The total, the size of each group, and who sits where."""
        sizes, members = self.t[at.AT_SIZE], self.t[at.AT_MEMBER]
        return (
            self.total,
            self.t[sizes : sizes + self.groups],
            self.t[members : members + self.groups * self.room],
        )


def _nearest(distances: Distances) -> int:
    """The least distance between two people."""
    people, between = distances.people, distances.between
    rows = (between[i * people + i + 1 : (i + 1) * people] for i in range(people - 1))
    return min(map(min, rows), default=0)


def _unlike(distances: Distances) -> float:
    """By how much exchanges would differ (standard deviation) if all distances were independent."""
    pairs_of_all = max(1, distances.people * (distances.people - 1))
    mean = sum(distances.between) / pairs_of_all
    variance = sum(each * each for each in distances.between) / pairs_of_all - mean * mean
    return sqrt(max(0.0, variance) * 4 * distances.people / len(distances.minimums))


def _sizes(distances: Distances) -> list[int]:
    """Sizes within the bounds with the most pairs within groups: the more pairs, the more distances."""
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    for bounds in zip(distances.minimums, distances.maximums, strict=True):
        more: dict[int, tuple[int, tuple[int, ...]]] = {}
        for people, (together, sizes) in best.items():
            for size in range(bounds[0], min(bounds[1], distances.people - people) + 1):
                found = together + size * (size - 1), (*sizes, size)
                more[people + size] = max(more.get(people + size, found), found)
        best = more
    return list(best[distances.people][1])


def _anneal(ground: _Ground, amount: int) -> None:
    """Spend so much work on coolings, first from chance and then from the best."""
    hottest, hot = _probed(ground)
    count = max(1, round((amount - ground.spent) / (WORK_OF_COOLING * ground.people**3)))
    fresh = count - int(count * (1 - FRESH))
    for k in range(count):
        end = ground.spent + max(0, amount - ground.spent) // (count - k)
        if 0 < k < fresh:
            ground.mingle(ROUNDS, hottest)
        elif k:
            ground.back()
        _cool(ground, end, hot if k < fresh else hot * NEAR[k % len(NEAR)])
        ground.keep()


def _probed(ground: _Ground) -> tuple[float, float]:
    """Cool quickly; returns the temperature of chance, and the one where people begin to find their place."""
    hot = hottest = HOTTEST * ground.unlike
    for _ in range(MOST_STEPS):
        if ground.mingle(ROUNDS, hot) < LIVELY * ROUNDS * ground.people:
            break
        hot *= STEP
    return hottest, hot


def _cool(ground: _Ground, end: int, hot: float) -> None:
    """Anneal until so much is spent, and then on until nothing better is next to it."""
    begun = ground.spent
    rounds = 1
    while ground.spent < end:
        before = ground.spent
        ground.mingle(rounds, hot * (1 - (1 - COLDEST) * (before - begun) / (end - begun)))
        rounds = max(1, (end - begun) * rounds // (PARTS * (ground.spent - before)))
    while ground.mingle(1, 0.0):
        pass
