"""The question put to the engine: people, groups, hard rules and weighted aims."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engines.grouping import aims as a
from engines.grouping import rules as r
from engines.grouping.aims import Aim
from engines.grouping.rules import Rule

MOST_WHOLE, MOST_NUMBER, MOST_SLOTS = 10**12, 1e15, 10_000
"""Counts, numbers and slots read from outside go no further, so that they and their squares can be added."""


class ProblemError(ValueError):
    """The problem contradicts itself, for instance a rule that names nobody in it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be placed. Whatever is absent or None has not been answered.

    categories: attribute -> one value ("organization" -> "Eastside Pantry")
    numbers: attribute -> a finite number ("years" -> 7)
    sets: attribute -> several values ("languages" -> {"en", "es"})
    needs: topics in which the person wants help, in any order
    wishes: topics, best first
    expertise: topic -> level, usually 0 to 4; absent is 0
    hours: the slots (0 to the problem's `slots` - 1) in which the person is free
    earlier_group: id of the group that the person was in, which need not exist any more
    """

    id: str
    categories: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    sets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    needs: tuple[str, ...] | None = None
    wishes: tuple[str, ...] | None = None
    expertise: Mapping[str, int] = field(default_factory=dict)
    hours: frozenset[int] | None = None
    earlier_group: str | None = None

    def values_of(self, attribute: str) -> tuple[str, ...]:
        """The values that this person has in a category or a set, in alphabetical order."""
        if attribute in self.categories:
            return (self.categories[attribute],)
        return tuple(sorted(self.sets.get(attribute, ())))


@dataclass(frozen=True, slots=True)
class Group:
    """A place for `minimum` to `maximum` people, perhaps about a topic. An optional one may stay empty."""

    id: str
    minimum: int
    maximum: int
    topic: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """People to be placed into groups. The order of people, groups, rules and aims does not matter.

    slots: number of time slots that `Person.hours` counts in
    expert_level: level from which a person counts as knowing a topic
    worst_group_first: 0 aims at the weighted mean, 1 at the weakest group only, between at both

    Raises ProblemError when ids repeat, rules name unknown people or groups, or limits make no sense.
    """

    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    rules: tuple[Rule, ...] = ()
    aims: tuple[Aim, ...] = ()
    slots: int = 0
    expert_level: int = 3
    worst_group_first: float = 0.0

    def __post_init__(self) -> None:
        for complaint in _complaints(self):
            raise ProblemError(complaint)

    def rules_of[T](self, kind: type[T]) -> list[T]:
        """The rules of one kind, in the order given."""
        return [rule for rule in self.rules if isinstance(rule, kind)]


def _complaints(problem: Problem) -> Iterator[str]:
    yield from _repeated("person", [person.id for person in problem.people])
    yield from _repeated("group", [group.id for group in problem.groups])
    yield from _repeated("aim", [aim.name for aim in problem.aims])
    for group in problem.groups:
        if not 0 <= group.minimum <= group.maximum or group.maximum < 1:
            yield f"group {group.id}: a minimum of {group.minimum} and a maximum of {group.maximum}"
    for person in problem.people:
        if person.hours and not 0 <= min(person.hours) <= max(person.hours) < problem.slots:
            yield f"person {person.id}: hours outside the {problem.slots} slots"
    if not 0 <= problem.slots <= MOST_SLOTS:
        yield f"{problem.slots} slots"
    if not 0 <= problem.worst_group_first <= 1:
        yield "worst_group_first is not between 0 and 1"
    yield from _unknown_names(problem)
    yield from _impossible_limits(problem)


def _repeated(noun: str, names: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{noun} {name} appears twice"
        seen.add(name)


def _unknown_names(problem: Problem) -> Iterator[str]:
    people = {person.id for person in problem.people}
    groups = {group.id for group in problem.groups}
    for rule in problem.rules:
        for name in people_in(rule):
            if name not in people:
                yield f"{type(rule).__name__} names the unknown person {name}"
        for name in groups_in(rule):
            if name not in groups:
                yield f"{type(rule).__name__} names the unknown group {name}"


def people_in(rule: Rule) -> tuple[str, ...]:
    """The people (ids) that a rule names."""
    match rule:
        case r.KeepApart():
            return (rule.first, rule.second)
        case r.KeepTogether():
            return rule.people
        case r.Locked() | r.AllowedGroups():
            return (rule.person,)
    return ()


def groups_in(rule: Rule) -> tuple[str, ...]:
    """The groups (ids) that a rule names."""
    match rule:
        case r.Locked():
            return (rule.group,)
        case r.AllowedGroups():
            return rule.groups
    return ()


def _impossible_limits(problem: Problem) -> Iterator[str]:
    for rule in problem.rules:
        if isinstance(rule, r.KeepApart) and rule.first == rule.second:
            yield f"{rule.first} cannot be kept apart from themselves"
        if isinstance(rule, r.AtMost) and rule.maximum < 0:
            yield f"at most {rule.maximum} of {rule.attribute}"
        if isinstance(rule, r.SharedHours) and not 0 < rule.quorum <= 1:
            yield f"a quorum of {rule.quorum}"
    for aim in problem.aims:
        if not 0 <= aim.weight < float("inf"):
            yield f"aim {aim.name}: a weight of {aim.weight}"
        if isinstance(aim, a.SizeNear | a.MeetingHours) and aim.target <= 0:
            yield f"aim {aim.name}: a target of {aim.target}"
        if isinstance(aim, a.MeetingHours) and not 0 < aim.quorum <= 1:
            yield f"aim {aim.name}: a quorum of {aim.quorum}"
        if isinstance(aim, a.Balanced) and aim.tolerance < 0:
            yield f"aim {aim.name}: a tolerance of {aim.tolerance}"
        if isinstance(aim, a.EnoughOf) and aim.count < 1:
            yield f"aim {aim.name}: a count of {aim.count}"
