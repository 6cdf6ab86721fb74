"""Two and two, for the most value: exact on few edges, then a look whether others would help."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice, takewhile

from engines.pairing.matching import Matcher
from engines.pairing.worth import Worth, members

FEW = 64
"""Up to so many people every edge is looked at from the start."""

NEAREST = 8
"""Otherwise everybody begins with so many edges, of the most value."""

MOST_PASSES = 8
"""How often left out edges are brought in; so many are hardly ever needed."""


class Couples:
    """Pairs of all people of a worth, round after round; what one round found out helps the next."""

    def __init__(self, worth: Worth) -> None:
        self.worth = worth
        self.near: list[dict[int, int]] = [{} for _ in range(worth.count + worth.count % 2)]
        self.prices: list[int] = []
        for one, other, value in _first_edges(worth):
            self._note(one, other, value)
        if worth.count % 2:
            for one in range(worth.count):
                self._note(one, worth.count, 0)

    def best(self) -> tuple[list[list[int]], list[int], bool]:
        """The pairs of most value, who is left over (one, where people are odd), and whether that is proven.

        The one left over is whoever leaves the most value to the others.
        """
        worth, count = self.worth, self.worth.count
        matcher = Matcher([list(edges.items()) for edges in self.near], self.prices)
        mate = matcher.match()
        is_best = count <= FEW
        for _ in range(0 if is_best else MOST_PASSES):
            helpful = list(_helpful(worth, matcher))
            if not helpful:
                is_best = True
                break
            for one, other, value in helpful:
                self._note(one, other, value)
                matcher.add(one, other, value)
            mate = matcher.match()
        self.prices = list(matcher.price)
        for price, people in matcher.blossoms():
            for one in people:
                self.prices[one] += price // 2
        pairs = [[one, mate[one]] for one in range(count) if one < mate[one] < count]
        return pairs, mate[count:], is_best

    def revalue(self) -> None:
        """Take in who has met since: they are worth less to each other, never more."""
        for one, met in enumerate(self.worth.met):
            for other in met:
                if other in self.near[one]:
                    self._note(one, other, self.worth.value(one, other))

    def _note(self, one: int, other: int, value: int) -> None:
        self.near[one][other] = self.near[other][one] = value


def _first_edges(worth: Worth) -> Iterator[tuple[int, int, int]]:
    count = worth.count
    for one in range(count):
        if count <= FEW:
            yield from ((one, other, worth.value(one, other)) for other in range(one))
            continue
        # A ring, so that there is a perfect matching in any case.
        yield one, (one + 1) % count, worth.value(one, (one + 1) % count)
        nearest = (
            (one, other, value)
            for value, people in worth.classes(one)
            for other in members(people, beginning=one)
        )
        yield from islice(nearest, NEAREST)


def _helpful(worth: Worth, matcher: Matcher) -> Iterator[tuple[int, int, int]]:
    """Edges that the prices do not pay for. Without any, no matching is worth more (weak duality)."""
    prices = matcher.price[: worth.count]
    ordered = sorted(range(worth.count), key=prices.__getitem__)
    rising = [prices[one] for one in ordered]
    cheapest = [0]
    for one in ordered:
        cheapest.append(cheapest[-1] | 1 << one)
    within = _within(worth, matcher)
    for one in range(worth.count):
        for value, people in _above(worth, one, prices[one] + rising[0]):
            least = 2 * value - prices[one]
            short = people & cheapest[bisect_left(rising, least)] & ~((1 << one) - 1)
            for other in members(short):
                extra = sum(price for price, some in within[one] if some >> other & 1)
                if prices[other] + extra < least:
                    yield one, other, value


def _above(worth: Worth, one: int, twice: int) -> Iterator[tuple[int, int]]:
    """Classes of somebody whose value, taken twice, is above a number."""
    return takewhile(lambda each: 2 * each[0] > twice, worth.classes(one))


def _within(worth: Worth, matcher: Matcher) -> list[list[tuple[int, int]]]:
    """For everybody the blossoms that hold them: price and set of people."""
    within: list[list[tuple[int, int]]] = [[] for _ in range(worth.count)]
    for price, people in matcher.blossoms():
        some = sum(1 << one for one in people)
        for one in people:
            if one < worth.count:
                within[one].append((price, some))
    return within
