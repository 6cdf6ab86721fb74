"""The choice of times with the least score: looked for by exchanges, then proven by branch and bound.

What a choice costs is the sum over people of (carried + burdens)²: of each time alone, plus twice a product
for each two times. All of it is at least 0, so that one more time never makes a choice cheaper.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engines.timefinding.burdens import Burdens

NODES = 100_000
"""So many unfinished choices are looked at before the proof is given up."""

EXACT = 2**53
"""Whole numbers up to here are exact in the arithmetic of real ones, which multiplies tables much faster."""

type Array = Any


@dataclass
class Costs:
    """`alone[i]` of each candidate, `together[i, j]` of two, and what is `carried` before; whole numbers."""

    carried: int
    alone: Array
    together: Array

    def of(self, chosen: Sequence[int]) -> int:
        """What a choice costs."""
        total = self.carried + sum(int(self.alone[i]) for i in chosen)
        return total + sum(int(self.together[i, j]) for n, i in enumerate(chosen) for j in chosen[:n])

    def added(self, chosen: Sequence[int]) -> Array:
        """What each candidate would add to a choice."""
        rows = list(chosen)
        return self.alone + self.together[rows].sum(axis=0) if rows else self.alone.copy()


@dataclass
class Best:
    """A choice of candidates, its cost, a bound that no choice is below, and the work done."""

    chosen: list[int]
    cost: int
    bound: int = 0
    nodes: int = field(default=0)

    @property
    def is_proven(self) -> bool:
        return self.bound >= self.cost


def costs_of(burdens: Burdens, allowed: Array) -> Costs:
    """The costs of the candidates that are allowed (their numbers), in that order."""
    table = burdens.of[:, allowed].astype(np.float64)
    carried = np.array([person.carried for person in burdens.problem.people], dtype=np.float64)
    together = 2 * (table.T @ table)
    alone = (table * table).sum(axis=0) + 2 * (carried @ table)
    total = float((carried * carried).sum())
    assert max(total, together.max(initial=0), alone.max(initial=0)) < EXACT
    return Costs(int(total), alone.astype(np.int64), together.astype(np.int64))


def choose(costs: Costs, take: int, *, repeats: bool, nodes: int = NODES) -> Best:
    """The choice of so many candidates that costs least; `is_proven` unless that took too many `nodes`."""
    best = _improved(costs, _greedy(costs, take, repeats), repeats)
    search = _Proof(costs, take, best, nodes, repeats=repeats)
    search.descend([], costs.carried, 0)
    best.bound = min(best.cost, search.open_bound)
    return best


def _greedy(costs: Costs, take: int, repeats: bool) -> list[int]:
    chosen: list[int] = []
    for _ in range(take):
        chosen.append(_cheapest(costs.added(chosen), () if repeats else chosen))
    return chosen


def _cheapest(added: Array, taken: Sequence[int]) -> int:
    added = added.copy()
    added[list(taken)] = EXACT
    return int(added.argmin())


def _improved(costs: Costs, chosen: list[int], repeats: bool) -> Best:
    """Exchange one time after the other for the cheapest beside the rest, until none is cheaper."""
    is_better, cost = True, costs.of(chosen)
    while is_better:
        is_better = False
        for place in range(len(chosen)):
            rest = [*chosen[:place], *chosen[place + 1 :]]
            other = [*rest, _cheapest(costs.added(rest), () if repeats else rest)]
            if costs.of(other) < cost:
                chosen, cost, is_better = other, costs.of(other), True
    return Best(sorted(chosen), cost)


class _Proof:
    """Looks at every choice in ascending order, but for those that cannot cost less than the best."""

    def __init__(self, costs: Costs, take: int, best: Best, nodes: int, *, repeats: bool) -> None:
        self.costs, self.take, self.best, self.most = costs, take, best, nodes
        self.first = 0 if repeats else 1
        self.open_bound = EXACT
        self.least_pair = int(costs.together.min(initial=0)) if repeats else _least_beside(costs.together)

    def descend(self, chosen: list[int], cost: int, first: int) -> None:
        """Look at all choices that begin with these and go on with candidates from `first` on."""
        self.best.nodes += 1
        left = self.take - len(chosen)
        added = self.costs.added(chosen)[first:]
        if (len(added) < left and self.first) or not len(added):
            return
        if left == 1:
            self._ended(chosen, cost, added, first)
            return
        floor = cost + (left - 1) * int(added.min()) + left * (left - 1) // 2 * self.least_pair
        for place in np.argsort(added, kind="stable").tolist():
            if floor + int(added[place]) >= self.best.cost:
                return
            if self.best.nodes >= self.most:
                self.open_bound = min(self.open_bound, floor + int(added[place]))
                return
            self.descend([*chosen, first + place], cost + int(added[place]), first + place + self.first)

    def _ended(self, chosen: list[int], cost: int, added: Array, first: int) -> None:
        place = int(added.argmin())
        if cost + int(added[place]) < self.best.cost:
            self.best.cost, self.best.chosen = cost + int(added[place]), [*chosen, first + place]


def _least_beside(together: Array) -> int:
    """The least that two different candidates cost together."""
    if len(together) < 2:
        return 0
    beside = together.copy()
    np.fill_diagonal(beside, EXACT)
    return int(beside.min())
