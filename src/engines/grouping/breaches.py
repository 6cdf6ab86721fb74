"""Which hard rules a grouping breaks."""

from collections.abc import Iterable, Iterator, Mapping

from engines.grouping import rules as r
from engines.grouping.answer import Violation, ViolationCode
from engines.grouping.problem import Group, Problem, people_in
from engines.grouping.scoring import members_of
from engines.grouping.sheet import Sheet


def violations(problem: Problem, assignment: Mapping[str, str]) -> tuple[Violation, ...]:
    """Every hard rule that a grouping (person's id -> group's id) breaks; empty when it may be used."""
    return violations_on(Sheet(problem), assignment)


def violations_on(sheet: Sheet, assignment: Mapping[str, str]) -> tuple[Violation, ...]:
    """The same on a sheet that is laid out already."""
    members = members_of(sheet, assignment)
    return (
        *_of_names(sheet, assignment),
        *_of_sizes(sheet.problem.groups, sheet, members),
        *(found for rule in sheet.problem.rules for found in _of_rule(rule, sheet, members, assignment)),
    )


def violations_among(
    sheet: Sheet, assignment: Mapping[str, str], *, groups: set[str], people: set[str]
) -> tuple[Violation, ...]:
    """Those of these groups (ids), and of rules that name these people (ids): quick where they are few."""
    numbers = {sheet.group_at[group] for group in groups}
    members = [here if g in numbers else [] for g, here in enumerate(members_of(sheet, assignment))]
    concerned = [rule for rule in sheet.problem.rules if _concerns(rule, people)]
    return (
        *_of_sizes([group for group in sheet.problem.groups if group.id in groups], sheet, members),
        *(found for rule in concerned for found in _of_rule(rule, sheet, members, assignment)),
    )


def _concerns(rule: r.Rule, people: set[str]) -> bool:
    named = people_in(rule)
    return not named or not people.isdisjoint(named)


def _of_names(sheet: Sheet, assignment: Mapping[str, str]) -> Iterator[Violation]:
    for name, group in assignment.items():
        if name not in sheet.person_at:
            yield Violation(ViolationCode.UNKNOWN_PERSON, people=(name,))
        if group not in sheet.group_at:
            yield Violation(ViolationCode.UNKNOWN_GROUP, people=(name,), groups=(group,))
    for person in sheet.problem.people:
        if assignment.get(person.id) not in sheet.group_at:
            yield Violation(ViolationCode.UNPLACED, people=(person.id,))


def _of_sizes(groups: Iterable[Group], sheet: Sheet, members: list[list[int]]) -> Iterator[Violation]:
    for group in groups:
        size = len(members[sheet.group_at[group.id]])
        if size < group.minimum and not (group.optional and size == 0):
            yield Violation(ViolationCode.TOO_SMALL, groups=(group.id,), amount=group.minimum - size)
        if size > group.maximum:
            yield Violation(ViolationCode.TOO_LARGE, groups=(group.id,), amount=size - group.maximum)


def _of_rule(
    rule: r.Rule, sheet: Sheet, members: list[list[int]], assignment: Mapping[str, str]
) -> Iterator[Violation]:
    match rule:
        case r.KeepApart():
            here = assignment.get(rule.first)
            if here is not None and here == assignment.get(rule.second):
                yield Violation(ViolationCode.NOT_APART, (rule.first, rule.second), (here,), rule=rule)
        case r.KeepTogether():
            places = {assignment.get(name) for name in rule.people}
            if len(places) > 1:
                found = tuple(sorted(place for place in places if place is not None))
                yield Violation(ViolationCode.NOT_TOGETHER, rule.people, found, rule=rule)
        case r.Locked():
            if assignment.get(rule.person) != rule.group:
                yield Violation(ViolationCode.NOT_LOCKED, (rule.person,), (rule.group,), rule=rule)
        case r.AllowedGroups():
            place = assignment.get(rule.person)
            if place is not None and place not in rule.groups:
                yield Violation(ViolationCode.NOT_ALLOWED, (rule.person,), (place,), rule=rule)
        case r.AtMost():
            yield from _too_many(rule, sheet, members)
        case r.AtLeast():
            yield from _too_few(rule, sheet, members)
        case _:
            lanes = sheet.hour_lanes()
            for g, here_people in _used(members):
                slots = lanes.count(here_people, rule.quorum)
                if slots < rule.count:
                    yield Violation(
                        ViolationCode.TOO_FEW_HOURS,
                        groups=(sheet.groups[g].id,),
                        amount=rule.count - slots,
                        rule=rule,
                    )


def _too_many(rule: r.AtMost, sheet: Sheet, members: list[list[int]]) -> Iterator[Violation]:
    for g, here in _used(members):
        people_with: dict[str, list[str]] = {}
        for person in (sheet.people[i] for i in here):
            for value in person.values_of(rule.attribute):
                if rule.value is None or rule.value == value:
                    people_with.setdefault(value, []).append(person.id)
        for value, people in sorted(people_with.items()):
            if len(people) > rule.maximum:
                yield Violation(
                    ViolationCode.TOO_MANY,
                    tuple(people),
                    (sheet.groups[g].id,),
                    amount=len(people) - rule.maximum,
                    value=value,
                    rule=rule,
                )


def _too_few(rule: r.AtLeast, sheet: Sheet, members: list[list[int]]) -> Iterator[Violation]:
    has = sheet.has(rule.attribute, rule.value)
    for g, here in _used(members):
        count = sum(has[i] for i in here)
        if count < rule.count:
            yield Violation(
                ViolationCode.TOO_FEW,
                groups=(sheet.groups[g].id,),
                amount=rule.count - count,
                value=rule.value,
                rule=rule,
            )


def _used(members: list[list[int]]) -> list[tuple[int, list[int]]]:
    return [(g, here) for g, here in enumerate(members) if here]
