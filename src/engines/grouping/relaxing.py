"""What to change so that rules which clash can hold: concrete changes, each tried before it is named."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from engines.grouping import rules as r
from engines.grouping.answer import Conflict, Relaxation, RelaxationCode
from engines.grouping.problem import Group, Problem, groups_in
from engines.grouping.proofs import Oracle
from engines.grouping.rules import Rule

MORE = 12
"""At most so many groups more or fewer are tried, and so many persons and groups to open to them."""

RULES = 24
"""Of at most so many rules it is tried one by one whether all others can hold without it."""


def relaxations(oracle: Oracle, conflict: Conflict) -> tuple[Relaxation, ...]:
    """The least change of each sort that ends a conflict; first those that make everything possible."""
    found = [
        replace(each, is_proven=oracle.of(relaxed(oracle.problem, each)) is True)
        for each in _helpful(oracle, conflict)
    ]
    found += _droppable(oracle, conflict)
    return tuple(sorted(found, key=lambda each: not each.is_proven))


def relaxed(problem: Problem, relaxation: Relaxation) -> Problem:
    """The problem with one change made. Of DROP_RULE the first of its rules is dropped."""
    number, named = relaxation.number, set(relaxation.groups)
    match relaxation.code:
        case RelaxationCode.RAISE_MAXIMUM:
            return _resized(problem, named, lambda group: replace(group, maximum=max(group.maximum, number)))
        case RelaxationCode.LOWER_MINIMUM:
            return _resized(problem, named, lambda group: replace(group, minimum=min(group.minimum, number)))
        case RelaxationCode.MORE_GROUPS:
            more = replace(problem, groups=(*problem.groups, *_more(problem, number)))
            share = len(problem.people) // len(more.groups)
            names = {group.id for group in more.groups}
            return _resized(more, names, lambda group: replace(group, minimum=min(group.minimum, share)))
        case RelaxationCode.FEWER_GROUPS:
            rules = tuple(_without(rule, named) for rule in problem.rules)
            return replace(
                problem, groups=tuple(each for each in problem.groups if each.id not in named), rules=rules
            )
        case RelaxationCode.OPEN_GROUP:
            rules = tuple(_opened(rule, relaxation.people[0], relaxation.groups[0]) for rule in problem.rules)
            return replace(problem, rules=rules)
        case RelaxationCode.DROP_RULE:
            return replace(
                problem, rules=tuple(each for each in problem.rules if each != relaxation.rules[0])
            )
    rules = tuple(_with(each, number) if each in relaxation.rules else each for each in problem.rules)
    return replace(problem, rules=rules)


def _helpful(oracle: Oracle, conflict: Conflict) -> Iterator[Relaxation]:
    """The changes after which the conflict's own rules can hold, the least of each sort."""
    own = replace(oracle.problem, rules=conflict.rules, aims=())

    def helps(relaxation: Relaxation) -> bool:
        return oracle.of(relaxed(own, relaxation)) is True

    if not own.groups:
        return
    people = len(own.people)
    yield from _least(helps, *(_larger(groups, people) for groups in _groups_for(own, conflict)))
    yield from _least(helps, *(_smaller(groups) for groups in _groups_for(own, conflict)))
    for rule in conflict.rules:
        yield from _least(helps, _softer(rule, people))
    yield from _first((Relaxation(RelaxationCode.MORE_GROUPS, number=k) for k in range(1, MORE + 1)), helps)
    yield from _first(_fewer(oracle.problem), helps)
    yield from _first(_openings(own), helps)


def _groups_for(problem: Problem, conflict: Conflict) -> list[list[Group]]:
    """The groups of a conflict, and all groups."""
    named = [group for group in problem.groups if group.id in conflict.groups]
    return [named, list(problem.groups)] if named else [list(problem.groups)]


def _larger(groups: list[Group], people: int) -> list[Relaxation]:
    names, highest = tuple(group.id for group in groups), min(group.maximum for group in groups)
    code = RelaxationCode.RAISE_MAXIMUM
    return [Relaxation(code, groups=names, number=number) for number in range(highest + 1, people + 1)]


def _smaller(groups: list[Group]) -> list[Relaxation]:
    names, lowest = tuple(group.id for group in groups), max(group.minimum for group in groups)
    code = RelaxationCode.LOWER_MINIMUM
    return [Relaxation(code, groups=names, number=number) for number in range(lowest - 1, -1, -1)]


def _least(helps: Callable[[Relaxation], bool], *ladders: list[Relaxation]) -> Iterator[Relaxation]:
    """Of the first ladder of ever larger changes whose last one helps, the first that does, by halving."""
    ladder = next((each for each in ladders if each and helps(each[-1])), None)
    if ladder is None:
        return
    low, high = 0, len(ladder) - 1
    while low < high:
        middle = (low + high) // 2
        if helps(ladder[middle]):
            high = middle
        else:
            low = middle + 1
    yield ladder[high]


def _first(choices: Iterable[Relaxation], helps: Callable[[Relaxation], bool]) -> Iterator[Relaxation]:
    found = next((each for each in choices if helps(each)), None)
    if found is not None:
        yield found


def _softer(rule: Rule, people: int) -> list[Relaxation]:
    """Ever softer forms of a rule that counts."""
    match rule:
        case r.AtMost():
            code, numbers = RelaxationCode.ALLOW_MORE_OF_KIND, range(rule.maximum + 1, people + 1)
        case r.AtLeast():
            code, numbers = RelaxationCode.ASK_FEWER_OF_KIND, range(rule.count - 1, 0, -1)
        case r.SharedHours():
            code, numbers = RelaxationCode.ASK_FEWER_HOURS, range(rule.count - 1, 0, -1)
        case _:
            return []
    return [Relaxation(code, rules=(rule,), number=number) for number in numbers]


def _fewer(problem: Problem) -> Iterator[Relaxation]:
    """Ever more groups that are not used, the last first; none that somebody is bound to."""
    bound = {rule.group for rule in problem.rules_of(r.Locked)}
    for rule in problem.rules_of(r.AllowedGroups):
        bound.update(rule.groups)
    free = [group.id for group in reversed(problem.groups) if group.id not in bound]
    for count in range(1, min(MORE, len(free), len(problem.groups) - 1) + 1):
        yield Relaxation(RelaxationCode.FEWER_GROUPS, groups=tuple(sorted(free[:count])))


def _openings(problem: Problem) -> Iterator[Relaxation]:
    """A group more for one person whose groups are limited."""
    tried = 0
    for person in dict.fromkeys(
        rule.person for rule in problem.rules if isinstance(rule, r.Locked | r.AllowedGroups)
    ):
        theirs = {name for rule in problem.rules for name in groups_in(rule) if _binds(rule, person)}
        for group in problem.groups:
            if group.id not in theirs and tried < MORE:
                tried += 1
                yield Relaxation(RelaxationCode.OPEN_GROUP, people=(person,), groups=(group.id,))


def _droppable(oracle: Oracle, conflict: Conflict) -> Iterator[Relaxation]:
    """Any one rule of the conflict, if it has few only such as stand alone in the way of everything."""
    if not conflict.rules:
        return
    all_rules = oracle.problem.rules
    enough = [
        rule
        for rule in (conflict.rules if len(conflict.rules) <= RULES else ())
        if oracle.is_possible([other for other in all_rules if other != rule])
    ]
    rules = tuple(enough) or conflict.rules
    yield Relaxation(RelaxationCode.DROP_RULE, rules=rules, is_proven=bool(enough))


def _resized(problem: Problem, named: set[str], change: Callable[[Group], Group]) -> Problem:
    groups = tuple(change(group) if group.id in named else group for group in problem.groups)
    return replace(problem, groups=groups)


def _more(problem: Problem, number: int) -> list[Group]:
    sizes = Counter((group.minimum, group.maximum) for group in problem.groups)
    (minimum, maximum), _ = sizes.most_common(1)[0]
    names = {group.id for group in problem.groups}
    fresh = [f"+{k}" for k in range(1, number + len(names) + 1) if f"+{k}" not in names]
    return [Group(name, minimum, maximum) for name in fresh[:number]]


def _without(rule: Rule, gone: set[str]) -> Rule:
    if isinstance(rule, r.AllowedGroups):
        return replace(rule, groups=tuple(name for name in rule.groups if name not in gone))
    return rule


def _opened(rule: Rule, person: str, group: str) -> Rule:
    if not _binds(rule, person):
        return rule
    return r.AllowedGroups(person, tuple(dict.fromkeys((*groups_in(rule), group))))


def _binds(rule: Rule, person: str) -> bool:
    return isinstance(rule, r.Locked | r.AllowedGroups) and rule.person == person


def _with(rule: Rule, number: int) -> Rule:
    if isinstance(rule, r.AtMost):
        return replace(rule, maximum=number)
    assert isinstance(rule, r.AtLeast | r.SharedHours)
    return replace(rule, count=number)
