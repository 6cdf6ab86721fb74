"""Very few people: every way to seat them is looked at, over all rounds, and the best taken."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from engines.pairing.counting import fewest_repeats
from engines.pairing.worth import Worth

MOST_PEOPLE = 8
"""With more there are too many ways."""

MOST_STEPS = 150
"""So many rounds at most are gone into."""


def partitions(people: Sequence[int], lengths: Sequence[int]) -> Iterator[list[list[int]]]:
    """Every way to make groups of these lengths, each once."""
    if not people:
        yield []
        return
    first, others = people[0], people[1:]
    for length in sorted(set(lengths)):
        rest = list(lengths)
        rest.remove(length)
        for company in combinations(others, length - 1):
            left = [one for one in others if one not in company]
            for more in partitions(left, rest):
                yield [[first, *company], *more]


class Search:
    """Looks for the rounds of most value together; the best round first, back where no more can come."""

    def __init__(self, worth: Worth, lengths: Sequence[int]) -> None:
        self.worth = worth
        self.ways = list(partitions(range(worth.count), lengths))
        self.pairs = sum(length * (length - 1) // 2 for length in lengths)
        self.freely = max(sum(map(self._freely, way)) for way in self.ways)
        self.best: list[list[list[int]]] = []
        self.most: int | None = None
        self.steps = MOST_STEPS

    def most_of_one(self) -> int:
        """The most that one round can be worth now."""
        return max(map(self._value, self.ways))

    def rounds(self, count: int) -> list[list[list[int]]]:
        """So many rounds of most value."""
        self.goal = self._ceiling(count)
        self._go(count, [], 0)
        return self.best

    def _go(self, left: int, done: list[list[list[int]]], total: int) -> None:
        if not left:
            self.best, self.most = done, total
            return
        for value, way in sorted(((self._value(way), way) for way in self.ways), reverse=True):
            # Rounds may be taken in such an order that none is worth more than the one before it.
            if self._is_enough(total + left * value):
                return
            self.steps -= 1
            self._meet(way, 1)
            if not self._is_enough(total + value + self._ceiling(left - 1)):
                self._go(left - 1, [*done, way], total + value)
            self._meet(way, -1)

    def _is_enough(self, hope: int) -> bool:
        return self.most is not None and (self.steps <= 0 or hope <= self.most or self.most == self.goal)

    def _ceiling(self, left: int) -> int:
        """What so many more rounds are worth at most: as if nobody had met, less forced repeats."""
        return left * self.freely - self.worth.costs.met * fewest_repeats(self.worth, left * self.pairs)

    def _value(self, way: list[list[int]]) -> int:
        return sum(map(self.worth.total, way))

    def _freely(self, group: Sequence[int]) -> int:
        met = self.worth.met
        times = sum(met[one][other] for one, other in combinations(group, 2))
        return self.worth.total(group) + self.worth.costs.met * times

    def _meet(self, way: list[list[int]], times: int) -> None:
        for group in way:
            self.worth.meet(group, times)
