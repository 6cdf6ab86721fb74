"""A problem laid out by position, in an order that does not depend on how it was listed."""

import math
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from engines.grouping.problem import Group, Person, Problem
from engines.grouping.rules import AllowedGroups, KeepApart, KeepTogether, Locked


class Sheet:
    """The problem with numbers in place of ids: person i is `people[i]`, group g is `groups[g]`.

    People are ordered by what is known of them and only then by id, so renaming or shuffling them leads the
    search along the same way.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people = sorted(problem.people, key=_person_order)
        self.groups = sorted(problem.groups, key=_group_order)
        self.aims = sorted(problem.aims, key=repr)
        self.person_at = {person.id: i for i, person in enumerate(self.people)}
        self.group_at = {group.id: g for g, group in enumerate(self.groups)}
        self._rules: dict[type[Any], list[Any]] = {}
        self._answers: dict[str, list[tuple[str, ...]]] = {}
        self._values: dict[str, Counter[str]] = {}

    def rules_of[T](self, kind: type[T]) -> list[T]:
        """The problem's rules of one kind, looked for once."""
        if kind not in self._rules:
            self._rules[kind] = self.problem.rules_of(kind)
        return self._rules[kind]

    @cached_property
    def bonds(self) -> dict[str, list[int]]:
        """Person's id -> the places, among the keep-together rules, of those that name the person."""
        return _by_person((rule.people, place) for place, rule in enumerate(self.rules_of(KeepTogether)))

    @cached_property
    def place_rules(self) -> list[Locked | AllowedGroups]:
        """The rules that limit somebody's groups."""
        return [rule for rule in self.problem.rules if isinstance(rule, Locked | AllowedGroups)]

    @cached_property
    def limits(self) -> dict[str, list[int]]:
        """Person's id -> the places, among `place_rules`, of those about the person."""
        return _by_person(((rule.person,), place) for place, rule in enumerate(self.place_rules))

    @cached_property
    def enmities(self) -> dict[str, list[int]]:
        """Person's id -> the places, among the keep-apart rules, of those that name the person first."""
        return _by_person(((rule.first,), place) for place, rule in enumerate(self.rules_of(KeepApart)))

    @cached_property
    def spare(self) -> int:
        """How many people are left when every group that has to be used has its minimum; perhaps below 0."""
        return len(self.people) - sum(group.minimum for group in self.groups if not group.optional)

    @cached_property
    def unit_of(self) -> list[int]:
        """For each person the place of their unit."""
        found = [0] * len(self.people)
        for place, unit in enumerate(self.units):
            for i in unit:
                found[i] = place
        return found

    @cached_property
    def units(self) -> list[tuple[int, ...]]:
        """The people merged by keep-together rules; everybody is in exactly one unit."""
        leader = list(range(len(self.people)))

        def find(i: int) -> int:
            while leader[i] != i:
                leader[i] = leader[leader[i]]
                i = leader[i]
            return i

        for rule in self.problem.rules_of(KeepTogether):
            roots = [find(self.person_at[name]) for name in rule.people]
            for root in roots:
                leader[find(root)] = min(find(other) for other in roots)
        units: dict[int, list[int]] = {}
        for i in range(len(self.people)):
            units.setdefault(find(i), []).append(i)
        return [tuple(unit) for unit in units.values()]

    @cached_property
    def allowed(self) -> list[frozenset[int]]:
        """For each person the groups that locks and allowed-group rules leave."""
        everywhere = frozenset(range(len(self.groups)))
        allowed = [everywhere] * len(self.people)
        for rule in self.problem.rules_of(AllowedGroups):
            allowed[self.person_at[rule.person]] &= {self.group_at[name] for name in rule.groups}
        for lock in self.problem.rules_of(Locked):
            allowed[self.person_at[lock.person]] &= {self.group_at[lock.group]}
        return allowed

    @cached_property
    def unit_allowed(self) -> list[frozenset[int]]:
        """For each unit the groups that are allowed to all its people."""
        return [
            self.allowed[unit[0]]
            if len({id(self.allowed[i]) for i in unit}) == 1
            else frozenset.intersection(*(self.allowed[i] for i in unit))
            for unit in self.units
        ]

    @cached_property
    def foes(self) -> list[frozenset[int]]:
        """For each person those kept apart from them."""
        foes: list[set[int]] = [set() for _ in self.people]
        for rule in self.problem.rules_of(KeepApart):
            one, other = self.person_at[rule.first], self.person_at[rule.second]
            foes[one].add(other)
            foes[other].add(one)
        return [frozenset(each) for each in foes]

    def answers(self, attribute: str) -> list[tuple[str, ...]]:
        """For each person their values of the attribute."""
        if attribute not in self._answers:
            self._answers[attribute] = [person.values_of(attribute) for person in self.people]
        return self._answers[attribute]

    def has(self, attribute: str, value: str) -> list[bool]:
        """For each person whether they have the value."""
        return [value in values for values in self.answers(attribute)]

    def share(self, attribute: str, value: str) -> float:
        """The share of people with the value among those who have any."""
        answered = sum(map(bool, self.answers(attribute)))
        return self.values(attribute)[value] / answered if answered else 0.0

    def values(self, attribute: str) -> Counter[str]:
        """How many people have each value of the attribute."""
        if attribute not in self._values:
            self._values[attribute] = Counter(v for values in self.answers(attribute) for v in values)
        return self._values[attribute]

    def hour_lanes(self) -> "HourLanes":
        """Everybody's hours in a form that counts a group's free people quickly."""
        return HourLanes(self.people, self.problem.slots)


class HourLanes:
    """Counts in how many slots enough people are free.

    Each slot has a lane of bits in one whole number, so adding people's numbers counts all slots at once, and
    adding what lacks to the lane's top bit marks the lanes that reach a quorum.
    """

    def __init__(self, people: list[Person], slots: int) -> None:
        width = len(people).bit_length() + 2
        self.slots = slots
        self.top = 1 << (width - 1)
        self.ones = sum(1 << (width * slot) for slot in range(slots))
        self.tops = self.ones * self.top
        self.answered = [person.hours is not None for person in people]
        self.lanes = [sum(1 << (width * slot) for slot in person.hours or ()) for person in people]

    def count(self, members: list[int], quorum: float) -> int:
        """The number of slots in which the share `quorum` of the members who gave their hours is free."""
        total = answered = 0
        for i in members:
            total += self.lanes[i]
            answered += self.answered[i]
        return ((total + (self.top - enough(answered, quorum)) * self.ones) & self.tops).bit_count()


def enough(people: int, quorum: float) -> int:
    """How many of so many people the share `quorum` is: rounded up, forgiving a rounding error of floats."""
    return math.ceil(quorum * people - 1e-9)


def _by_person(named: Iterable[tuple[tuple[str, ...], int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for names, place in named:
        for name in names:
            found.setdefault(name, []).append(place)
    return found


def _person_order(person: Person) -> tuple[str, str]:
    known = (
        sorted(person.categories.items()),
        sorted(person.numbers.items()),
        sorted((attribute, sorted(values)) for attribute, values in person.sets.items()),
        person.needs,
        person.wishes,
        sorted(person.expertise.items()),
        None if person.hours is None else sorted(person.hours),
        person.earlier_group,
    )
    return repr(known), person.id


def _group_order(group: Group) -> tuple[str, int, int, bool, str]:
    return group.topic or "", group.minimum, group.maximum, group.optional, group.id
