"""What it is worth that two people sit together, for pairs one by one and for sets of people at a time.

A set of people is a whole number with a bit for each of them, so that a thousand are looked at in one step.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import or_
from random import Random

from engines.pairing.problem import Person, Problem


@dataclass(frozen=True, slots=True)
class Costs:
    """What each thing takes away, so large that all that matters less never makes up for one more of it."""

    hours: int
    colleagues: int
    met: int
    never: int


class Worth:
    """Values of pairs for people 0 to n - 1, who stand in an order drawn from the seed.

    A value is needs that meet an offer less the costs of what should not be. `met` grows with the rounds.
    """

    def __init__(self, problem: Problem, seed: int) -> None:
        draw = Random(seed)  # noqa: S311 (the order is no secret)
        order = sorted(problem.people, key=lambda person: person.id)
        self.people = sorted(order, key=lambda _: draw.random())
        self.index = {person.id: place for place, person in enumerate(self.people)}
        self.count = len(self.people)
        self.all = (1 << self.count) - 1
        self.apart = self._sharing([person.circles for person in self.people])
        self.never = self._never(problem)
        self.free = self._free()
        self.digits = self._digits()
        self.met: list[Counter[int]] = [Counter() for _ in self.people]
        for group in problem.met:
            self.meet([self.index[one] for one in sorted(set(group)) if one in self.index])
        self.costs = self._costs(problem)

    def meet(self, group: Sequence[int], times: int = 1) -> None:
        """Note that these people have met; -1 takes it back."""
        for one, other in combinations(group, 2):
            self.met[one][other] += times
            self.met[other][one] += times

    def value(self, one: int, other: int) -> int:
        """What it is worth that these two sit together."""
        costs, value = self.costs, 0
        for place, digit in enumerate(self.digits[one]):
            value += (digit >> other & 1) << place
        if times := self.met[one][other]:
            value -= costs.met * times
        if self.apart[one] >> other & 1:
            value -= costs.colleagues
        if not self.free[one] >> other & 1:
            value -= costs.hours
        return value - costs.never if self.never[one] >> other & 1 else value

    def total(self, group: Iterable[int]) -> int:
        """What it is worth that these people sit together: the sum over each two of them."""
        return sum(self.value(one, other) for one, other in combinations(group, 2))

    def joining(self, one: int, group: Iterable[int]) -> int:
        """What it is worth that somebody comes to a group."""
        return sum(self.value(one, other) for other in group)

    def most(self) -> int:
        """The most that any two people are worth to each other; 0 without two."""
        return max((next(self.classes(one))[0] for one in range(self.count) if self.count > 1), default=0)

    def classes(self, one: int) -> Iterator[tuple[int, int]]:
        """Values in falling order, each with the set of all people to whom `one` has that value."""
        known: dict[int, int] = defaultdict(int)
        for other, times in self.met[one].items():
            known[times] |= 1 << other
        others = self.all & ~(1 << one)
        known[0] = others & ~reduce(or_, known.values(), 0) | known[0]
        never, apart, free = self.never[one], self.apart[one], self.free[one]
        for kept, barred in ((others & ~never, 0), (others & never, self.costs.never)):
            for times in sorted(known):
                here = kept & known[times]
                cost = barred + times * self.costs.met
                for rest, more in ((here & ~apart, 0), (here & apart, self.costs.colleagues)):
                    yield from self._by_need(one, rest & free, -cost - more)
                    yield from self._by_need(one, rest & ~free, -cost - more - self.costs.hours)

    def _by_need(self, one: int, people: int, value: int) -> Iterator[tuple[int, int]]:
        if not people:
            return
        parts = [(value, people)]
        digits = self.digits[one]
        for place in reversed(range(len(digits))):
            split = [
                (more, part)
                for worth, some in parts
                for more, part in (
                    (worth + (1 << place), some & digits[place]),
                    (worth, some & ~digits[place]),
                )
                if part
            ]
            parts = split
        yield from parts

    def _costs(self, problem: Problem) -> Costs:
        pairs = self.count * (problem.size + 1) * max(problem.rounds, 1)  # more than can ever sit together
        most = max((sum(1 << place for place in range(len(digits))) for digits in self.digits), default=0)
        times = 1 + problem.rounds + max((max(met.values(), default=0) for met in self.met), default=0)
        hours = most * pairs + 1
        colleagues = hours * (pairs + 1)
        met = colleagues * (pairs + 1)
        return Costs(hours=hours, colleagues=colleagues, met=met, never=met * (pairs * times + 1))

    def _sharing(self, lists: Sequence[Iterable[object] | None]) -> list[int]:
        """For everybody the set of people with one of the same things."""
        having: dict[object, int] = defaultdict(int)
        for place, things in enumerate(lists):
            for thing in things or ():
                having[thing] |= 1 << place
        return [reduce(or_, (having[thing] for thing in things or ()), 0) for things in lists]

    def _never(self, problem: Problem) -> list[int]:
        never = [0] * self.count
        for first, second in problem.never:
            if first in self.index and second in self.index:
                one, other = self.index[first], self.index[second]
                never[one] |= 1 << other
                never[other] |= 1 << one
        return never

    def _free(self) -> list[int]:
        unknown = sum(1 << place for place, person in enumerate(self.people) if person.hours is None)
        sharing = self._sharing([person.hours for person in self.people])
        return [
            self.all if person.hours is None else shared | unknown
            for person, shared in zip(self.people, sharing, strict=True)
        ]

    def _digits(self) -> list[list[int]]:
        """For everybody what others are worth by needs and offers: sets, one for each binary digit."""
        offering: dict[str, int] = defaultdict(int)
        needing: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for place, person in enumerate(self.people):
            for topic in person.offers:
                offering[topic] |= 1 << place
            for topic, weight in person.needs.items():
                needing[topic][weight] |= 1 << place
        return [self._digits_of(person, offering, needing) for person in self.people]

    def _digits_of(
        self, person: Person, offering: dict[str, int], needing: dict[str, dict[int, int]]
    ) -> list[int]:
        digits: list[int] = []
        for topic, weight in person.needs.items():
            if topic in offering:
                _add(digits, weight, offering[topic])
        for topic in person.offers:
            if topic in needing:
                for weight, people in needing[topic].items():
                    _add(digits, weight, people)
        return digits


def _add(digits: list[int], weight: int, people: int) -> None:
    """Add a weight to the numbers of all these people at once, as one adds by hand."""
    for place in range(weight.bit_length()):
        carry = people if weight >> place & 1 else 0
        while carry:
            if place >= len(digits):
                digits += [0] * (place + 1 - len(digits))
            digits[place], carry = digits[place] ^ carry, digits[place] & carry
            place += 1


def members(people: int, *, beginning: int = 0) -> Iterator[int]:
    """The people of a set, from one of them upward and then from the start."""
    for offset, rest in ((beginning, people >> beginning), (0, people & ((1 << beginning) - 1))):
        while rest:
            lowest = rest & -rest
            yield offset + lowest.bit_length() - 1
            rest ^= lowest
