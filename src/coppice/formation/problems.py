"""A formation and its roster as a problem for the grouping engine: plain values, nothing of Django's."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coppice.formation.models import Formation
from coppice.formation.rules import (
    Field,
    Kind,
    RosterRow,
    Rule,
    answers_in,
    fields_of,
    number,
    rules_of,
    text,
)
from engines import grouping

MOST_VALUES = 30

EVEN_SIZES = "even sizes"
"""The aim that no rule names: communities of about one size. It weighs little, and no rule shows it."""

EVEN_SIZES_WEIGHT = 0.25


@dataclass(frozen=True)
class Source:
    """Where an engine's rule comes from: the place in the formation's rules, and the answer it is about."""

    rule: int
    value: str = ""


@dataclass(frozen=True)
class Draft:
    """A problem, and what its parts mean: `sources` of its rules, and the rule's place by the aim's name.

    An aim that no rule names (even sizes) has no place.
    """

    problem: grouping.Problem
    sources: Mapping[grouping.Rule, Source]
    aims: Mapping[str, int]


def draft(
    formation: Formation,
    *,
    roster: Sequence[RosterRow],
    groups: Sequence[grouping.Group],
    locks: Mapping[str, str],
) -> Draft:
    """Put a formation to the engine: people are enrollments (id as text), groups those given.

    `locks` maps people to the group that they stay in. Only fields that a rule names are handed over.
    """
    rules = rules_of(formation)
    named = {rule.field for rule in rules if rule.field}
    answers = {str(each.pk): answers_in(each, named) for each in roster}
    fields = {field.key: field for field in fields_of(answers.values()) if field.key in named}
    people = tuple(_person(name, answers[name], fields.values()) for name in answers)
    sources: dict[grouping.Rule, Source] = {}
    aims: dict[str, int] = {}
    found_aims: list[grouping.Aim] = []
    for place, rule in enumerate(rules):
        for hard, value in _hard(rule, people, roster):
            sources.setdefault(hard, Source(place, value))
        for aim in _aims(rule, place, people, fields):
            aims[aim.name] = place
            found_aims.append(aim)
    if people and len(groups) > 1:
        even = len(people) / len(groups)
        found_aims.append(grouping.SizeNear(name=EVEN_SIZES, target=even, weight=EVEN_SIZES_WEIGHT))
    locked = tuple(grouping.Locked(person, group) for person, group in locks.items())
    problem = grouping.Problem(
        people=people, groups=tuple(groups), rules=(*sources, *locked), aims=tuple(found_aims)
    )
    return Draft(problem=problem, sources=sources, aims=aims)


def _person(name: str, answers: Mapping[str, list[str | float]], fields: Iterable[Field]) -> grouping.Person:
    categories: dict[str, str] = {}
    sets: dict[str, frozenset[str]] = {}
    numbers: dict[str, float] = {}
    for field in fields:
        values = answers.get(field.key, [])
        if len(values) == 1:
            categories[field.key] = text(values[0])
        elif values:
            sets[field.key] = frozenset(text(value) for value in values)
        figure = number(values[0]) if field.is_number and values else None
        if figure is not None:
            numbers[field.key] = figure
    return grouping.Person(name, categories=categories, numbers=numbers, sets=sets)


def _hard(
    rule: Rule, people: Sequence[grouping.Person], roster: Sequence[RosterRow]
) -> Iterable[tuple[grouping.Rule, str]]:
    if rule.kind == Kind.APART:
        yield grouping.AtMost(rule.field, 1), ""
    if rule.kind == Kind.CHOSEN:
        sought = set(rule.organizations)
        chosen = [each for each in roster if any(house.pk in sought for house in each.organizations)]
        if len(chosen) > 1:
            yield grouping.KeepTogether(tuple(str(each.pk) for each in chosen)), ""
    if rule.kind == Kind.TOGETHER:
        for value, here in _by_value(rule.field, people).items():
            if len(here) > 1:
                yield grouping.KeepTogether(tuple(here)), value


def _by_value(field: str, people: Sequence[grouping.Person]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for person in people:
        for value in person.values_of(field):
            found.setdefault(value, []).append(person.id)
    return found


def _aims(
    rule: Rule, place: int, people: Sequence[grouping.Person], fields: Mapping[str, Field]
) -> Iterable[grouping.Aim]:
    """The aims of one rule; together they weigh as much as those of any other rule."""
    if rule.field not in fields:
        return
    name = str(place)
    is_number = fields[rule.field].is_number
    if rule.kind == Kind.ALIKE:
        kind = grouping.AlikeNumbers if is_number else grouping.Alike
        yield kind(name=name, attribute=rule.field)
    if rule.kind == Kind.ACCOMPANIED:
        yield grouping.NobodyIsolated(name=name, attribute=rule.field)
    if rule.kind == Kind.BALANCED and is_number:
        yield grouping.Balanced(name=name, attribute=rule.field)
    if rule.kind == Kind.BALANCED and not is_number:
        counts = Counter({value: len(here) for value, here in _by_value(rule.field, people).items()})
        values = sorted(value for value, _ in counts.most_common(MOST_VALUES))
        for value in values:
            yield grouping.Proportional(
                name=f"{name}:{value}", attribute=rule.field, value=value, weight=1 / len(values)
            )
