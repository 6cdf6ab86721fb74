"""Which rounds there are: one by one from the best, by the circle, or all together where people are few."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from engines.pairing import exhaustive
from engines.pairing.counting import circle, fewest_repeats
from engines.pairing.couples import FEW, Couples
from engines.pairing.problem import Problem
from engines.pairing.seating import gathered, improve, part_the_barred, seated, sizes
from engines.pairing.worth import Worth

type Seating = list[list[int]]

MOST_DRAFTS, WORK = 12, 30_000
"""How often rounds are drawn up anew, and how many meetings may be weighed for it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One round: groups, who is left over, what it is worth, and whether it is proven the best."""

    groups: Seating
    left: list[int]
    value: int
    is_best: bool


@dataclass(frozen=True, slots=True)
class Drafts:
    """All rounds, and the worth by which they were made, which has noted none of them."""

    worth: Worth
    rounds: list[Draft]

    @property
    def value(self) -> tuple[int, int]:
        """What tells better from worse: fewer people left over, then more value."""
        return -sum(len(draft.left) for draft in self.rounds), sum(draft.value for draft in self.rounds)


def drafts(problem: Problem, seed: int) -> Drafts:
    """The best rounds found."""
    worth = Worth(problem, seed)
    if 2 <= worth.count <= exhaustive.MOST_PEOPLE:
        return _all_together(problem, worth)
    ready = []
    if problem.size == 2 and worth.count % 2 == 0 and problem.rounds < worth.count:
        ready = [_in_a_circle(problem, worth)]
        if all(draft.is_best for draft in ready[0].rounds):
            return ready[0]
    best = _one_by_one(problem, worth)
    if not _is_wanting(problem, best):
        return best
    best = max([best, *ready], key=_value)
    weight = worth.count**2 * problem.rounds * (problem.size - 1)
    for again in range(1, min(MOST_DRAFTS, WORK // weight) + 1):
        if not _is_wanting(problem, best):
            break
        other = Worth(problem, seed + again * 1_000_003)
        best = max(best, _one_by_one(problem, other), key=_value)
    return best


def _value(made: Drafts) -> tuple[int, int]:
    return made.value


def _is_wanting(problem: Problem, made: Drafts) -> bool:
    """Whether drawing up anew may help: pairs are the best already in each round, larger groups seldom."""
    return _repeats_in_vain(made) if problem.size == 2 else made.value < (0, 0)


def _repeats_in_vain(made: Drafts) -> bool:
    """Whether there are more repeats than numbers force."""
    worth = made.worth
    repeats = meetings = 0
    for draft in made.rounds:
        for group in draft.groups:
            meetings += len(group) * (len(group) - 1) // 2
            repeats += sum(worth.met[one][other] for one, other in combinations(group, 2))
            worth.meet(group)
    for draft in made.rounds:
        for group in draft.groups:
            worth.meet(group, -1)
    return repeats > 0 and repeats > fewest_repeats(worth, meetings)


def _all_together(problem: Problem, worth: Worth) -> Drafts:
    search = exhaustive.Search(worth, sizes(worth.count, problem.size))
    return _played(problem, worth, search.rounds(problem.rounds), search.most_of_one)


def _in_a_circle(problem: Problem, worth: Worth) -> Drafts:
    most = worth.count // 2 * worth.most()
    return _played(problem, worth, circle(worth.count, problem.rounds), lambda: most)


def _played(problem: Problem, worth: Worth, plan: list[Seating], most: Callable[[], int]) -> Drafts:
    """Rounds that are settled already, one after the other; `most` is what one can be worth now."""

    made = ((groups, sum(map(worth.total, groups)) == most()) for groups in plan)
    return _noted(problem, worth, made)


def _one_by_one(problem: Problem, worth: Worth) -> Drafts:
    """Each round the best after those before it."""
    make = _pairs if problem.size == 2 else _larger
    return _noted(problem, worth, make(problem, worth))


def _noted(problem: Problem, worth: Worth, made: Iterator[tuple[Seating, bool]]) -> Drafts:
    """Take as many rounds as are asked for, noting after each who has met, and forget that in the end."""
    rounds: list[Draft] = []
    for _, (groups, is_best) in zip(range(problem.rounds), made, strict=False):
        kept, loose = part_the_barred(worth, groups)
        left: list[int] = []
        if loose:
            kept, left = seated(worth, kept, loose, problem.size)
        value = sum(map(worth.total, kept))
        rounds.append(Draft(kept, left, value, is_best and not loose))
        for group in kept:
            worth.meet(group)
    for draft in rounds:
        for group in draft.groups:
            worth.meet(group, -1)
    return Drafts(worth, rounds)


def _larger(problem: Problem, worth: Worth) -> Iterator[tuple[Seating, bool]]:
    lengths = sizes(worth.count, problem.size)
    pairs = sum(length * (length - 1) // 2 for length in lengths)
    while True:
        groups = gathered(worth, lengths, range(worth.count))
        most = pairs * worth.most()
        if sum(map(worth.total, groups)) < most:
            improve(worth, groups)
        yield groups, sum(map(worth.total, groups)) == most


def _pairs(problem: Problem, worth: Worth) -> Iterator[tuple[Seating, bool]]:
    makes = Couples(worth)
    while True:
        groups, third, is_best = makes.best()
        yield (groups, is_best) if not third else _with_third(worth, groups, third[0], is_best)
        makes.revalue()


def _with_third(worth: Worth, groups: Seating, third: int, is_best: bool) -> tuple[Seating, bool]:
    """Make a trio. It is proven the best if the pairs are and nobody could bring more than the third does."""
    if not groups:
        return [[third]], False
    most = sum(map(worth.total, groups)) + 2 * worth.most()
    max(groups, key=lambda group: worth.joining(third, group)).append(third)
    if worth.count <= FEW:
        improve(worth, groups)
    return groups, is_best and sum(map(worth.total, groups)) == most
