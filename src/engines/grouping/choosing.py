"""Self-selection with limits: everybody has ranked topics, groups have limits, thin topics are dropped.

What is guaranteed of a choice, where the rules allow the change: no two people would both rather swap, and
nobody would rather be in another group that has room; least of all has anybody a topic that they did not rank
while one that they did has room. Equal claims are settled by lot, from the seed, and not by anybody's place
in a list.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace

from engines.grouping.aims import Wishes
from engines.grouping.allotment import allot
from engines.grouping.answer import Choice, Clash, Dropped, DroppedCode, NotFound, Proposal
from engines.grouping.clashes import explained
from engines.grouping.conflicts import conflicts
from engines.grouping.engine import review, solve
from engines.grouping.judge import Judge
from engines.grouping.opening import named
from engines.grouping.problem import Problem
from engines.grouping.proofs import Oracle
from engines.grouping.sheet import Sheet

RANKED, LOT = 0.01, 1e-5
"""What the first wish is worth beyond its utility, the others less by rank; the most that the lot adds."""

TRIALS = 200
"""The trials for each person with which rules are repaired that sizes and places alone do not settle."""


def choose(problem: Problem, *, seed: int = 0) -> Choice | Clash | NotFound:
    """Give everybody the best topic there is room for; optional groups that too few want are dropped.

    The sum of what the wishes are worth is as large as can be by places, sizes and single kinds alone (the
    utilities are those of the problem's aim `Wishes`, or its usual ones); other rules are then repaired with
    few changes. Other aims do not count. The same problem and seed give the same answer.
    """
    if conflicts(problem):
        return Clash(explained(Oracle(problem)))
    aims = [aim for aim in problem.aims if isinstance(aim, Wishes)] or [Wishes(name="wishes")]
    problem = replace(problem, aims=tuple(aims[:1]), worst_group_first=0.0)
    sheet = Sheet(problem)
    draw = random.Random(seed)  # noqa: S311
    found = allot(sheet, _worths(sheet, aims[0].utilities, draw), draw)
    assignment: Mapping[str, str] = {}
    if found is not None:
        assignment = named(sheet, found.places)
    proposal = review(problem, assignment, seed=seed)
    if proposal.violations:
        outcome = solve(problem, seed=seed, trials=TRIALS * len(sheet.people), start=assignment)
        if not isinstance(outcome, Proposal):
            return outcome
        proposal = outcome
    places = [sheet.group_at[proposal.assignment[sheet.people[unit[0]].id]] for unit in sheet.units]
    Exchange(sheet, places, draw).settle()
    proposal = review(problem, named(sheet, places), seed=seed, trials=proposal.trials)
    return Choice(proposal, met=_met(sheet, places), dropped=tuple(_dropped(sheet, places)))


def rank_of(wishes: tuple[str, ...] | None, topic: str | None) -> int:
    """1 for the best wish, 0 for a topic that was not ranked."""
    return wishes.index(topic) + 1 if wishes and topic in wishes else 0


def _worths(sheet: Sheet, utilities: tuple[float, ...], draw: random.Random) -> list[list[float]]:
    """What each group is worth to each unit; strictly less with every rank, by lot among equals."""
    places = {topic: k for k, topic in enumerate(dict.fromkeys(group.topic for group in sheet.groups))}
    rows = []
    for unit in sheet.units:
        row = [0.0] * len(places)
        for i in unit:
            wishes = sheet.people[i].wishes or ()
            for topic, k in places.items():
                rank = rank_of(wishes, topic)
                if rank:
                    utility = min(utilities[:rank]) if rank <= len(utilities) else 0.0
                    row[k] += utility + RANKED * (1 - (rank - 1) / len(wishes)) + LOT * draw.random()
        rows.append([row[places[group.topic]] for group in sheet.groups])
    return rows


class Exchange:
    """A grouping that holds every rule, and the changes that all whom they concern would rather have."""

    def __init__(self, sheet: Sheet, places: list[int], draw: random.Random) -> None:
        self.sheet = sheet
        self.places = places
        self.judge = Judge(sheet)
        self.members: list[list[int]] = [[] for _ in sheet.groups]
        for unit, g in zip(sheet.units, places, strict=True):
            self.members[g].extend(unit)
        self.order = list(range(len(sheet.units)))
        draw.shuffle(self.order)
        self.ranks = [[self._likings(unit, group.topic) for group in sheet.groups] for unit in sheet.units]

    def _likings(self, unit: tuple[int, ...], topic: str | None) -> float:
        """How a unit likes a topic, the more the better: the sum of ranks counted from the last."""
        total = 0.0
        for i in unit:
            wishes = self.sheet.people[i].wishes or ()
            rank = rank_of(wishes, topic)
            total += len(wishes) + 1 - rank if rank else 0
        return total

    def settle(self) -> None:
        """Change until nobody would rather change: every change serves all whom it concerns, so it ends."""
        while self._moved() or self._swapped():
            pass

    def _moved(self) -> bool:
        """Let everybody go to the best group that has room for them; whether anybody went."""
        moved = False
        for unit in self.order:
            for g in self._better(unit):
                if self._changed([(unit, g)]):
                    moved = True
                    break
        return moved

    def _better(self, unit: int) -> list[int]:
        """The groups that a unit may be in and likes better than its own, best first."""
        likes, here = self.ranks[unit], self.places[unit]
        better = [g for g in sorted(self.sheet.unit_allowed[unit]) if likes[g] > likes[here]]
        return sorted(better, key=lambda g: -likes[g])

    def _swapped(self) -> bool:
        """Let two units who would both rather be where the other is change places; whether any did."""
        wanting: dict[tuple[int, int], list[int]] = {}
        for unit in self.order:
            for g in self._better(unit):
                wanting.setdefault((self.places[unit], g), []).append(unit)
        swapped = False
        for (g, h), units in wanting.items():
            if g < h:
                for one in units:
                    for other in wanting.get((h, g), ()):
                        if (self.places[one], self.places[other]) == (g, h):
                            swapped |= self._changed([(one, h), (other, g)])
        return swapped

    def _changed(self, moves: list[tuple[int, int]]) -> bool:
        """Make these moves at once, if no rule comes to be broken."""
        after: dict[int, list[int]] = {}
        for unit, g in moves:
            here = self.places[unit]
            people = set(self.sheet.units[unit])
            after[here] = [i for i in after.get(here, self.members[here]) if i not in people]
            after[g] = [*after.get(g, self.members[g]), *self.sheet.units[unit]]
        if any(self._breaks(g, members) for g, members in after.items()):
            return False
        for unit, g in moves:
            self.places[unit] = g
        for g, members in after.items():
            self.members[g] = members
        return True

    def _breaks(self, g: int, members: list[int]) -> bool:
        if not members and self.sheet.groups[g].optional:
            return False
        return self.judge.breach(members, g) > 0


def _met(sheet: Sheet, places: list[int]) -> dict[str, int]:
    topic_of = {i: sheet.groups[g].topic for unit, g in zip(sheet.units, places, strict=True) for i in unit}
    ranks = {p.id: rank_of(p.wishes, topic_of[i]) for i, p in enumerate(sheet.people) if p.wishes}
    return {person.id: ranks[person.id] for person in sheet.problem.people if person.id in ranks}


def _dropped(sheet: Sheet, places: list[int]) -> Iterator[Dropped]:
    used = set(places)
    for group in sheet.problem.groups:
        g = sheet.group_at[group.id]
        if g not in used and group.optional:
            asking = [
                i
                for i, p in enumerate(sheet.people)
                if group.topic in (p.wishes or ()) and g in sheet.allowed[i]
            ]
            first = sum(rank_of(sheet.people[i].wishes, group.topic) == 1 for i in asking)
            code = DroppedCode.TOO_FEW_WISHED if len(asking) < group.minimum else DroppedCode.GAVE_WAY
            yield Dropped(group.id, group.topic, code, len(asking), first, group.minimum)
