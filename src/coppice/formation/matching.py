"""Which thing of one set goes with which of another, so that all pairs together weigh most."""

import heapq
from collections import defaultdict
from collections.abc import Mapping

type Weights = Mapping[tuple[int, int], int]
"""How much a pair (one, other) weighs, above 0; pairs that are not named are never matched."""


def heaviest_matching(weights: Weights) -> dict[int, int]:
    """Return for each of the ones its other, each at most once, so that no other choice weighs more.

    The Hungarian method on the pairs that there are (Kuhn 1955, with shortest augmenting paths as in Edmonds
    and Karp 1972): the sum of `worth` and `price` proves that nothing is heavier. Equal choices fall the same
    way each time.
    """
    beside: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (one, other), weight in sorted(weights.items()):
        beside[one].append((other, weight))
    search = _Search(beside)
    for one in beside:
        search.seat(one)
    return search.holds


class _Search:
    """`worth` of each one and `price` of each other: worth + price >= weight, and equal where matched."""

    def __init__(self, beside: Mapping[int, list[tuple[int, int]]]) -> None:
        self.beside = beside
        self.worth = {one: max(weight for _, weight in pairs) for one, pairs in beside.items()}
        self.price: dict[int, int] = defaultdict(int)
        self.held_by: dict[int, int] = {}
        self.holds: dict[int, int] = {}

    def seat(self, root: int) -> None:
        """Match one more, or leave out whoever of those in reach loses least by it."""
        reached, came_from, closed = {root: 0}, {}, {}
        best, end = self.worth[root], ("left out", root)
        ways: list[tuple[int, int, int]] = []
        here: int | None = root
        while here is not None:
            far = reached[here] + self.worth[here]
            for other, weight in self.beside[here]:
                away = far + self.price[other] - weight
                if other not in closed and away < best:
                    heapq.heappush(ways, (away, other, here))
            here = None
            while ways and here is None:
                away, other, before = heapq.heappop(ways)
                if other in closed or away >= best:
                    continue
                closed[other], came_from[other] = away, before
                if other not in self.held_by:
                    best, end = away, ("free", other)
                    break
                here = self.held_by[other]
                reached[here] = away
                if away + self.worth[here] < best:
                    best, end = away + self.worth[here], ("left out", here)
        self._settle(reached, closed, best)
        self._turn(root, end, came_from)

    def _settle(self, reached: Mapping[int, int], closed: Mapping[int, int], best: int) -> None:
        for one, away in reached.items():
            self.worth[one] -= max(0, best - away)
        for other, away in closed.items():
            self.price[other] += max(0, best - away)

    def _turn(self, root: int, end: tuple[str, int], came_from: Mapping[int, int]) -> None:
        """Give each other on the way from the root to the end to the one who came for it."""
        kind, last = end
        if kind == "free":
            other = last
        elif last == root:
            return
        else:
            other = self.holds.pop(last)
        while True:
            one = came_from[other]
            before = self.holds.get(one)
            self.held_by[other], self.holds[one] = one, other
            if before is None:
                return
            other = before
