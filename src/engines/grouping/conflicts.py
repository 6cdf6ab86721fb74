"""Rules that plainly cannot hold together, found before any search: each conflict is proven."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, pairwise

from engines.grouping import rules as r
from engines.grouping.answer import Conflict, ConflictCode
from engines.grouping.matching import crowded_people, most_places, mutual_foes
from engines.grouping.problem import Group, Problem, groups_in
from engines.grouping.sheet import Sheet

MOST_ALIKE = 24
"""At most so many conflicts of one sort (of sizes, units, places, foes, kinds or hours) are given."""


def conflicts(problem: Problem) -> tuple[Conflict, ...]:
    """The plain contradictions among sizes and hard rules; none does not promise that a grouping exists.

    Quick enough to be asked within a request. Of each sort the first MOST_ALIKE are given, and how people
    kept apart hang together is looked through up to `matching.FOE_LOOKS`.
    """
    return conflicts_on(Sheet(problem))


def conflicts_on(sheet: Sheet) -> tuple[Conflict, ...]:
    """The same of a sheet that is laid out already."""
    return tuple(_found(sheet))


def is_plainly_impossible(sheet: Sheet) -> bool:
    """Whether there is any; looks no further than the first."""
    return next(_found(sheet), None) is not None


def _found(sheet: Sheet) -> Iterator[Conflict]:
    for sort in (_of_sizes, _of_units, _of_places, _of_kinds, _of_hours, _of_foes):
        yield from islice(sort(sheet), MOST_ALIKE)


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
    limited = [allowed for allowed in sheet.allowed if len(allowed) < len(groups)]
    inside = Counter(g for allowed in limited for g in allowed)
    for group in fixed:
        allowed = people - len(limited) + inside[sheet.group_at[group.id]]
        if allowed < group.minimum <= people:
            code, rules = ConflictCode.GROUP_OUT_OF_REACH, _closing(sheet, group, people - group.minimum + 1)
            yield Conflict(code, groups=(group.id,), rules=rules, needed=group.minimum, available=allowed)


def _of_units(sheet: Sheet) -> Iterator[Conflict]:
    """What is wrong inside one set of people kept together."""
    largest = max((group.maximum for group in sheet.groups), default=0)
    for place, (unit, allowed) in enumerate(zip(sheet.units, sheet.unit_allowed, strict=True)):
        if len(unit) == 1:
            continue
        if len(allowed) == len(sheet.groups):
            places = largest
        else:
            places = max((sheet.groups[g].maximum for g in allowed), default=0)
        if allowed and len(unit) > places:
            people, code = _names(sheet, unit), ConflictCode.TOGETHER_TOO_BIG
            limits = _limits(sheet, people) if places < largest else ()
            rules = (*_together_rules(sheet, unit), *limits)
            yield Conflict(code, people, rules=rules, needed=len(unit), available=places)
        if not allowed and all(sheet.allowed[i] for i in unit):
            people, code = _names(sheet, unit), ConflictCode.TOGETHER_VS_ALLOWED
            rules = (*_together_rules(sheet, unit), *_limits(sheet, people))
            yield Conflict(code, people, rules=rules, needed=1)
        for one in unit:
            for other in sorted(sheet.foes[one]):
                if one < other and sheet.unit_of[other] == place:
                    yield _foes_together(sheet, one, other)
        code = ConflictCode.TOGETHER_VS_AT_MOST
        yield from _too_many_alike(sheet, unit, partial(_together_rules, sheet, unit), code)


def _foes_together(sheet: Sheet, one: int, other: int) -> Conflict:
    chain = _chain(sheet, one, other)
    names = tuple(sorted({_id(sheet, one), _id(sheet, other), *_joints(chain)}))
    rules = (*chain, *_apart_rules(sheet, {one, other}))
    return Conflict(ConflictCode.TOGETHER_VS_APART, names, rules=rules, needed=2, available=1)


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
            rules = partial(_keeping, sheet, people, units)
            yield from _too_many_alike(sheet, people, rules, ConflictCode.LOCKED_VS_AT_MOST)


def _foes_in(sheet: Sheet, g: int, units: list[tuple[int, ...]]) -> Iterator[Conflict]:
    """People kept apart, in different units that may only be in group g."""
    here = {sheet.unit_of[unit[0]] for unit in units}
    for unit in units:
        for one in unit:
            for other in sorted(sheet.foes[one]):
                theirs = sheet.unit_of[other]
                if theirs in here and theirs > sheet.unit_of[one]:
                    both = [unit, sheet.units[theirs]]
                    kept = _keeping(sheet, [*unit, *sheet.units[theirs]], both)
                    rules = (*kept, *_apart_rules(sheet, {one, other}))
                    names, where = _names(sheet, [one, other]), (sheet.groups[g].id,)
                    yield Conflict(ConflictCode.LOCKED_VS_APART, names, where, rules, needed=2, available=1)


def _of_foes(sheet: Sheet) -> Iterator[Conflict]:
    """More people who must all be apart than there can be groups for them."""
    crowd, groups, available = mutual_foes(sheet)
    if crowd and len(groups) > 1:
        names, rules = _names(sheet, crowd), _apart_rules(sheet, set(crowd))
        code = ConflictCode.APART_TOO_MANY
        if len(groups) < len(sheet.groups):
            code = ConflictCode.ALLOWED_VS_APART
            rules = (*rules, *_limits(sheet, names))
        where = tuple(sorted(sheet.groups[g].id for g in groups))
        yield Conflict(code, names, where, rules, needed=len(crowd), available=available)


def _of_kinds(sheet: Sheet) -> Iterator[Conflict]:
    """More people of a kind than the groups that there can be may hold, or fewer than all groups need."""
    everywhere = range(len(sheet.groups))
    for rule in sheet.rules_of(r.AtMost):
        places = most_places(sheet, everywhere, rule.maximum)
        for value, count in sorted(sheet.values(rule.attribute).items()):
            if rule.value in (None, value) and count > places:
                names = _having(sheet, rule.attribute, value)
                code = ConflictCode.TOO_MANY_OF_KIND
                yield Conflict(code, names, rules=(rule,), needed=count, available=places, value=value)
    used = tuple(g.id for g in sheet.problem.groups if g.minimum > 0 and not g.optional)
    for need in sheet.rules_of(r.AtLeast):
        having = sheet.values(need.attribute)[need.value]
        needed = need.count * len(used)
        if having < needed:
            names, code = _having(sheet, need.attribute, need.value), ConflictCode.TOO_FEW_OF_KIND
            yield Conflict(code, names, used, (need,), needed=needed, available=having, value=need.value)


def _of_hours(sheet: Sheet) -> Iterator[Conflict]:
    """People, or people kept together, who are never all free for long enough."""
    whole = [rule for rule in sheet.rules_of(r.SharedHours) if rule.quorum == 1]
    lanes = sheet.hour_lanes() if whole else None
    for rule in whole:
        assert lanes is not None
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
    sheet: Sheet, people: Sequence[int], rules: Callable[[], tuple[r.Rule, ...]], code: ConflictCode
) -> Iterator[Conflict]:
    for rule in sheet.rules_of(r.AtMost):
        kinds: dict[str, list[int]] = {}
        answers = sheet.answers(rule.attribute)
        for i in people:
            for value in answers[i]:
                kinds.setdefault(value, []).append(i)
        for value, alike in sorted(kinds.items()):
            if rule.value in (None, value) and len(alike) > rule.maximum:
                names, all_rules = _names(sheet, alike), (rule, *rules())
                most, count = rule.maximum, len(alike)
                yield Conflict(code, names, rules=all_rules, needed=count, available=most, value=value)


def _chain(sheet: Sheet, one: int, other: int) -> list[r.KeepTogether]:
    """The shortest chain of keep-together rules from one person to another of the same unit."""
    start, goal, rules = _id(sheet, one), _id(sheet, other), sheet.rules_of(r.KeepTogether)
    came: dict[str, tuple[str, int]] = {start: ("", -1)}
    used: set[int] = set()
    queue = [start]
    names = iter(queue)
    while goal not in came:
        name = next(names)
        for place in sheet.bonds[name]:
            if place not in used:
                used.add(place)
                fresh = [each for each in rules[place].people if each not in came]
                came.update((each, (name, place)) for each in fresh)
                queue += fresh
    chain: list[r.KeepTogether] = []
    while goal != start:
        goal, place = came[goal]
        chain.append(rules[place])
    return chain[::-1]


def _joints(chain: list[r.KeepTogether]) -> set[str]:
    """People who link one rule of a chain to the next."""
    return {min(set(one.people) & set(other.people)) for one, other in pairwise(chain)}


def _id(sheet: Sheet, i: int) -> str:
    return sheet.people[i].id


def _names(sheet: Sheet, people: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted(sheet.people[i].id for i in people))


def _having(sheet: Sheet, attribute: str, value: str) -> tuple[str, ...]:
    return _names(sheet, [i for i, has in enumerate(sheet.has(attribute, value)) if has])


def _together_rules(sheet: Sheet, unit: Iterable[int]) -> tuple[r.Rule, ...]:
    places = {place for i in unit for place in sheet.bonds.get(_id(sheet, i), ())}
    return tuple(sheet.rules_of(r.KeepTogether)[place] for place in sorted(places))


def _keeping(sheet: Sheet, people: Iterable[int], units: Iterable[tuple[int, ...]]) -> tuple[r.Rule, ...]:
    """The rules that keep people, each set of whom is a unit, in their one group."""
    bonds = (rule for unit in units for rule in _together_rules(sheet, unit))
    return (*_limits(sheet, _names(sheet, people)), *bonds)


def _apart_rules(sheet: Sheet, people: set[int]) -> tuple[r.Rule, ...]:
    names, rules = {_id(sheet, i) for i in people}, sheet.rules_of(r.KeepApart)
    places = (place for name in names for place in sheet.enmities.get(name, ()))
    return tuple(rules[place] for place in sorted(places) if rules[place].second in names)


def _limits(sheet: Sheet, people: Iterable[str]) -> tuple[r.Locked | r.AllowedGroups, ...]:
    """The rules that limit the groups of some people."""
    places = (place for name in people for place in sheet.limits.get(name, ()))
    return tuple(sheet.place_rules[place] for place in sorted(places))


def _closing(sheet: Sheet, group: Group, people: int) -> tuple[r.Rule, ...]:
    """Rules that keep so many people out of a group, one for each of them."""
    closing: dict[str, r.Rule] = {}
    for rule in sheet.place_rules:
        if len(closing) == people:
            break
        if group.id not in groups_in(rule):
            closing.setdefault(rule.person, rule)
    return tuple(closing.values())
