"""Rules that plainly cannot hold together, found before any search: each conflict is proven."""

from collections.abc import Iterator
from itertools import combinations, pairwise, product

from engines.grouping import rules as r
from engines.grouping.answer import Conflict, ConflictCode
from engines.grouping.matching import crowded_people, mutual_foes
from engines.grouping.problem import Group, Problem, groups_in, people_in
from engines.grouping.sheet import Sheet


def conflicts(problem: Problem) -> tuple[Conflict, ...]:
    """Every plain contradiction among sizes and hard rules; none does not promise that a grouping exists."""
    return conflicts_on(Sheet(problem))


def conflicts_on(sheet: Sheet) -> tuple[Conflict, ...]:
    """The same of a sheet that is laid out already."""
    return (
        *_of_sizes(sheet),
        *_of_units(sheet),
        *_of_places(sheet),
        *_of_foes(sheet),
        *_of_kinds(sheet),
        *_of_hours(sheet),
    )


def _of_sizes(sheet: Sheet) -> Iterator[Conflict]:
    people, groups = len(sheet.people), sheet.problem.groups
    names = tuple(group.id for group in groups)
    seats = sum(group.maximum for group in groups)
    fixed = [group for group in groups if not group.optional]
    minimum = sum(group.minimum for group in fixed)
    if seats < people:
        yield Conflict(ConflictCode.CAPACITY_SHORT, groups=names, needed=people, available=seats)
    elif minimum > people:
        must = tuple(group.id for group in fixed)
        yield Conflict(ConflictCode.MINIMUM_TOO_HIGH, groups=must, needed=minimum, available=people)
    else:
        most_seats = {minimum: sum(group.maximum for group in fixed)}
        for group in groups:
            if group.optional:
                for least, most in list(most_seats.items()):
                    if least + group.minimum <= people:
                        key = least + group.minimum
                        most_seats[key] = max(most_seats.get(key, 0), most + group.maximum)
        reach = max(most_seats.values())
        if reach < people:
            yield Conflict(ConflictCode.SIZES_DO_NOT_ADD_UP, groups=names, needed=people, available=reach)
    for group in fixed:
        allowed = sum(sheet.group_at[group.id] in groups for groups in sheet.allowed)
        if allowed < group.minimum <= people:
            code, rules = ConflictCode.GROUP_OUT_OF_REACH, _closing(sheet, group, people - group.minimum + 1)
            yield Conflict(code, groups=(group.id,), rules=rules, needed=group.minimum, available=allowed)


def _of_units(sheet: Sheet) -> Iterator[Conflict]:
    """What is wrong inside one set of people kept together."""
    for unit, allowed in zip(sheet.units, sheet.unit_allowed, strict=True):
        if len(unit) == 1:
            continue
        people, rules = _names(sheet, unit), _together_rules(sheet, unit)
        places = max((sheet.groups[g].maximum for g in allowed), default=0)
        if allowed and len(unit) > places:
            code = ConflictCode.TOGETHER_TOO_BIG
            largest = max(group.maximum for group in sheet.groups)
            limits = _limits(sheet, people) if places < largest else ()
            yield Conflict(code, people, rules=(*rules, *limits), needed=len(unit), available=places)
        if not allowed and all(sheet.allowed[i] for i in unit):
            code, limits = ConflictCode.TOGETHER_VS_ALLOWED, _limits(sheet, people)
            yield Conflict(code, people, rules=(*rules, *limits), needed=1)
        for one, other in combinations(unit, 2):
            if other in sheet.foes[one]:
                chain = _chain(sheet, one, other)
                apart = _apart_rules(sheet, {one, other})
                names = tuple(sorted({_id(sheet, one), _id(sheet, other), *_joints(chain)}))
                code = ConflictCode.TOGETHER_VS_APART
                yield Conflict(code, names, rules=(*chain, *apart), needed=2, available=1)
        yield from _too_many_alike(sheet, unit, rules, ConflictCode.TOGETHER_VS_AT_MOST)


def _of_places(sheet: Sheet) -> Iterator[Conflict]:
    """Locks and allowed groups against one another, against sizes, and against keeping apart."""
    for i, allowed in enumerate(sheet.allowed):
        if not allowed and sheet.groups:
            alone = (_id(sheet, i),)
            yield Conflict(ConflictCode.NOWHERE_ALLOWED, alone, rules=_limits(sheet, alone), needed=1)
    crowd, groups = crowded_people(sheet)
    if crowd:
        names = _names(sheet, crowd)
        bounds = _limits(sheet, names)
        only_locks = all(isinstance(rule, r.Locked) for rule in bounds)
        code = ConflictCode.LOCKED_OVER_MAXIMUM if only_locks else ConflictCode.ALLOWED_TOO_FEW_PLACES
        places = sum(sheet.groups[g].maximum for g in groups)
        where = tuple(sorted(sheet.groups[g].id for g in groups))
        yield Conflict(code, names, where, bounds, needed=len(names), available=places)
    bound: dict[int, list[tuple[int, ...]]] = {}
    for unit, limits in zip(sheet.units, sheet.unit_allowed, strict=True):
        if len(limits) == 1:
            bound.setdefault(min(limits), []).append(unit)
    for g, units in sorted(bound.items()):
        yield from _foes_in(sheet, g, units)
        if len(units) > 1:
            people = [i for unit in units for i in unit]
            limits_here = _limits(sheet, _names(sheet, people))
            rules: tuple[r.Rule, ...] = (*limits_here, *_binding(sheet, units))
            yield from _too_many_alike(sheet, people, rules, ConflictCode.LOCKED_VS_AT_MOST)


def _foes_in(sheet: Sheet, g: int, units: list[tuple[int, ...]]) -> Iterator[Conflict]:
    """People kept apart, in different units that may only be in group g."""
    for one_unit, other_unit in combinations(units, 2):
        mine = _names(sheet, one_unit + other_unit)
        for one, other in product(one_unit, other_unit):
            if other in sheet.foes[one]:
                bonds = _binding(sheet, [one_unit, other_unit])
                rules = (*_limits(sheet, mine), *bonds, *_apart_rules(sheet, {one, other}))
                names, where = _names(sheet, [one, other]), (sheet.groups[g].id,)
                yield Conflict(ConflictCode.LOCKED_VS_APART, names, where, rules, needed=2, available=1)


def _of_foes(sheet: Sheet) -> Iterator[Conflict]:
    """More people who must all be apart than there are groups for them."""
    crowd, groups = mutual_foes(sheet)
    if crowd and len(groups) > 1:
        names, rules = _names(sheet, crowd), _apart_rules(sheet, set(crowd))
        code = ConflictCode.APART_TOO_MANY
        if len(groups) < len(sheet.groups):
            code = ConflictCode.ALLOWED_VS_APART
            rules = (*rules, *_limits(sheet, names))
        where = tuple(sorted(sheet.groups[g].id for g in groups))
        yield Conflict(code, names, where, rules, needed=len(crowd), available=len(groups))


def _of_kinds(sheet: Sheet) -> Iterator[Conflict]:
    """More people of a kind than all groups may hold, or fewer than all groups need."""
    for rule in sheet.problem.rules_of(r.AtMost):
        places = sum(min(rule.maximum, group.maximum) for group in sheet.groups)
        for value, count in sorted(sheet.values(rule.attribute).items()):
            if rule.value in (None, value) and count > places:
                names = _having(sheet, rule.attribute, value)
                code = ConflictCode.TOO_MANY_OF_KIND
                yield Conflict(code, names, rules=(rule,), needed=count, available=places, value=value)
    used = tuple(g.id for g in sheet.problem.groups if g.minimum > 0 and not g.optional)
    for need in sheet.problem.rules_of(r.AtLeast):
        names = _having(sheet, need.attribute, need.value)
        needed = need.count * len(used)
        if len(names) < needed:
            code = ConflictCode.TOO_FEW_OF_KIND
            yield Conflict(code, names, used, (need,), needed=needed, available=len(names), value=need.value)


def _of_hours(sheet: Sheet) -> Iterator[Conflict]:
    """People, or people kept together, who are never all free for long enough."""
    lanes = sheet.hour_lanes()
    for rule in sheet.problem.rules_of(r.SharedHours):
        if rule.quorum < 1:
            continue
        for unit in sheet.units:
            alone = [i for i in unit if lanes.count([i], 1.0) < rule.count]
            shared = lanes.count(list(unit), 1.0)
            for i in alone:
                free = lanes.count([i], 1.0)
                code = ConflictCode.TOO_FEW_HOURS
                yield Conflict(code, (_id(sheet, i),), rules=(rule,), needed=rule.count, available=free)
            if not alone and shared < rule.count:
                rules = (rule, *_together_rules(sheet, unit))
                code = ConflictCode.TOGETHER_VS_HOURS
                names = _names(sheet, unit)
                yield Conflict(code, names, rules=rules, needed=rule.count, available=shared)


def _too_many_alike(
    sheet: Sheet, people: tuple[int, ...] | list[int], rules: tuple[r.Rule, ...], code: ConflictCode
) -> Iterator[Conflict]:
    for rule in sheet.problem.rules_of(r.AtMost):
        kinds: dict[str, list[int]] = {}
        for i in people:
            for value in sheet.people[i].values_of(rule.attribute):
                kinds.setdefault(value, []).append(i)
        for value, alike in sorted(kinds.items()):
            if rule.value in (None, value) and len(alike) > rule.maximum:
                names = _names(sheet, alike)
                all_rules = (rule, *rules)
                count = len(alike)
                yield Conflict(
                    code, names, rules=all_rules, needed=count, available=rule.maximum, value=value
                )


def _chain(sheet: Sheet, one: int, other: int) -> list[r.KeepTogether]:
    """The shortest chain of keep-together rules from one person to another of the same unit."""
    goal = _id(sheet, other)
    chains: dict[str, list[r.KeepTogether]] = {_id(sheet, one): []}
    while goal not in chains:
        reached: dict[str, list[r.KeepTogether]] = {}
        for rule in sheet.problem.rules_of(r.KeepTogether):
            known = [chains[name] for name in rule.people if name in chains]
            if known:
                chain = [*min(known, key=len), rule]
                reached.update({name: chain for name in rule.people})  # noqa: C420
        chains = reached | chains
    return chains[goal]


def _joints(chain: list[r.KeepTogether]) -> set[str]:
    """People who link one rule of a chain to the next."""
    return {min(set(one.people) & set(other.people)) for one, other in pairwise(chain)}


def _id(sheet: Sheet, i: int) -> str:
    return sheet.people[i].id


def _names(sheet: Sheet, people: tuple[int, ...] | list[int]) -> tuple[str, ...]:
    return tuple(sorted(sheet.people[i].id for i in people))


def _having(sheet: Sheet, attribute: str, value: str) -> tuple[str, ...]:
    return _names(sheet, [i for i, has in enumerate(sheet.has(attribute, value)) if has])


def _together_rules(sheet: Sheet, unit: tuple[int, ...]) -> tuple[r.Rule, ...]:
    names = set(_names(sheet, unit))
    return tuple(rule for rule in sheet.problem.rules_of(r.KeepTogether) if names & set(rule.people))


def _binding(sheet: Sheet, units: list[tuple[int, ...]]) -> tuple[r.Rule, ...]:
    return tuple(rule for unit in units if len(unit) > 1 for rule in _together_rules(sheet, unit))


def _apart_rules(sheet: Sheet, people: set[int]) -> tuple[r.Rule, ...]:
    names = {sheet.people[i].id for i in people}
    return tuple(rule for rule in sheet.problem.rules_of(r.KeepApart) if names.issuperset(people_in(rule)))


def _limits(sheet: Sheet, people: tuple[str, ...]) -> tuple[r.Locked | r.AllowedGroups, ...]:
    """The rules that limit the groups of some people."""
    names = set(people)
    return tuple(rule for rule in _place_rules(sheet) if rule.person in names)


def _closing(sheet: Sheet, group: Group, people: int) -> tuple[r.Rule, ...]:
    """Rules that keep so many people out of a group, one for each of them."""
    closing: dict[str, r.Rule] = {}
    for rule in _place_rules(sheet):
        if group.id not in groups_in(rule) and len(closing) < people:
            closing.setdefault(rule.person, rule)
    return tuple(closing.values())


def _place_rules(sheet: Sheet) -> tuple[r.Locked | r.AllowedGroups, ...]:
    return tuple(rule for rule in sheet.problem.rules if isinstance(rule, r.Locked | r.AllowedGroups))
