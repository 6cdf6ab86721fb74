"""Why a problem that is impossible is so: smallest sets of rules that clash, and what to relax."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from engines.grouping import rules as r
from engines.grouping.answer import Conflict, ConflictCode, Relaxation
from engines.grouping.conflicts import conflicts
from engines.grouping.problem import Group, Person, Problem, groups_in, people_in
from engines.grouping.proofs import Oracle
from engines.grouping.relaxing import relaxations
from engines.grouping.rules import Rule

MANY = 60
"""Of more rules than these it is not tried one by one whether each is needed; a count names few too many."""

WITHOUT_MINIMUM = {
    ConflictCode.TOGETHER_TOO_BIG,
    ConflictCode.TOGETHER_VS_APART,
    ConflictCode.TOGETHER_VS_AT_MOST,
    ConflictCode.TOGETHER_VS_ALLOWED,
    ConflictCode.TOGETHER_VS_HOURS,
    ConflictCode.NOWHERE_ALLOWED,
    ConflictCode.LOCKED_VS_APART,
    ConflictCode.LOCKED_VS_AT_MOST,
}
"""Conflicts among few people, whatever the others do and however small a group may be."""

SETS = 3
"""At most so many sets of rules are named that only an exhaustive search finds, no rule in two of them."""

BRANCHES = 20_000
"""How many choices are looked through for the fewest rules of which every known grouping breaks one."""

EXPLAINED = 8
"""So many conflicts, at most, are explained."""

LEAST_WORK, EACH_PERSON = 600_000, 2_000
"""What may at least be done to explain a clash, even when it was much work to prove it."""

KIND_LOOKS, GROUP_LOOKS = 40, 24
"""Up to so many people of a kind, and groups, are tried one by one whether they are in a conflict."""

type Ask = Callable[[Sequence[Rule]], bool | None]


def explained(oracle: Oracle) -> tuple[Conflict, ...]:
    """The conflicts of a problem that is known to be impossible, each with ways to end it.

    Of many conflicts the first of each sort come first, and only EXPLAINED of them get a smallest set of
    rules and ways out; the others are as `conflicts` gives them.
    """
    oracle.work = max(oracle.work, LEAST_WORK + EACH_PERSON * len(oracle.problem.people))
    counted = _of_each_sort(conflicts(oracle.problem))
    chosen = counted[:EXPLAINED] if counted else list(_searched(oracle))
    found: dict[Conflict, tuple[Relaxation, ...]] = {}
    for left, conflict in zip(range(len(chosen) - 1, -1, -1), chosen, strict=True):
        # Each gets its share of the work, and what those before it left over.
        saved = oracle.work * left // (left + 1)
        oracle.work -= saved
        least = _shrunk(oracle, conflict) if counted else conflict
        if least not in found:
            found[least] = relaxations(oracle, least)
        oracle.work += saved
    told = [replace(each, relaxations=ways) for each, ways in found.items()]
    return (*told, *counted[EXPLAINED:])


def _of_each_sort(conflicts: Sequence[Conflict]) -> list[Conflict]:
    """The conflicts, the first of each code before the second of any."""
    seen: Counter[ConflictCode] = Counter()
    ranked = []
    for conflict in conflicts:
        ranked.append((seen[conflict.code], conflict))
        seen[conflict.code] += 1
    return [conflict for _, conflict in sorted(ranked, key=lambda each: each[0])]


def smallest(ask: Ask, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Those of some clashing rules that clash by themselves, none of which can be spared.

    Junker, "QuickXplain: preferred explanations and relaxations for over-constrained problems", AAAI 2004.
    All of them when whoever is asked does not know enough.

    ask: whether some rules can hold; None when that is not known.
    """
    named = tuple(rule for rule in rules if people_in(rule))
    if len(named) < len(rules) and ask(named) is False:
        rules = named
    parts = _parts(rules)
    if len(parts) > 1:
        parts = _explanation(lambda chosen: ask(_all_of(chosen)), (), False, parts)
    chosen = _explanation(ask, (), False, _all_of(parts))
    return chosen if ask(chosen) is False else tuple(rules)


def _explanation[T](
    ask: Callable[[Sequence[T]], bool | None], held: tuple[T, ...], is_new: bool, parts: tuple[T, ...]
) -> tuple[T, ...]:
    """The parts that it takes beside those that are held; `is_new` when that was not asked yet."""
    if is_new and ask(held) is False:
        return ()
    if len(parts) == 1:
        return parts
    first, second = parts[: len(parts) // 2], parts[len(parts) // 2 :]
    of_second = _explanation(ask, held + first, True, second)
    of_first = _explanation(ask, held + of_second, bool(of_second), first)
    return of_first + of_second


def _parts(rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], ...]:
    """Rules about the same people together, directly or through others; each other rule by itself."""
    parts: list[tuple[set[str], list[Rule]]] = []
    for rule in dict.fromkeys(rules):
        names, joined = set(people_in(rule)), [rule]
        apart = []
        for part in parts:
            if names & part[0]:
                names |= part[0]
                joined = part[1] + joined
            else:
                apart.append(part)
        parts = [*apart, (names, joined)]
    return tuple(tuple(joined) for _, joined in parts)


def _all_of(parts: Sequence[tuple[Rule, ...]]) -> tuple[Rule, ...]:
    return tuple(rule for part in parts for rule in part)


def _shrunk(oracle: Oracle, conflict: Conflict) -> Conflict:
    """The same conflict with no rule that could be spared, and every rule that it takes."""
    if not conflict.rules or oracle.is_possible(()) is False:
        return conflict
    rules = conflict.rules
    if conflict.code in WITHOUT_MINIMUM:
        rules = smallest(partial(oracle.is_countable, _among(oracle.problem, conflict)), rules)
    core = smallest(oracle.is_possible, rules) if len(rules) <= MANY else rules
    if set(core) == set(conflict.rules):
        return conflict
    again = conflicts(replace(oracle.problem, rules=core))
    alike = [each for each in again if each.code == conflict.code] or list(again)
    rules = tuple(rule for rule in conflict.rules if rule in core)
    return replace(alike[0], rules=rules) if alike else _described(oracle, rules)


def _among(problem: Problem, conflict: Conflict) -> Problem:
    """Only the people of a conflict, in groups that need nobody else."""
    names = {*conflict.people, *(name for rule in conflict.rules for name in people_in(rule))}
    groups = tuple(replace(group, minimum=0) for group in problem.groups)
    people = tuple(person for person in problem.people if person.id in names)
    return replace(problem, people=people, groups=groups, rules=conflict.rules)


def _searched(oracle: Oracle) -> Iterator[Conflict]:
    """Sets of rules whose clash no count shows, no rule in two of them."""
    left = tuple(dict.fromkeys(oracle.problem.rules))
    for _ in range(SETS):
        core = _smaller(oracle, smallest(oracle.is_possible, left), left)
        yield _described(oracle, core)
        left = tuple(rule for rule in left if rule not in core)
        if not core or oracle.is_possible(left) is not False:
            return


def _smaller(oracle: Oracle, core: tuple[Rule, ...], rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """A set with the fewest rules that clash, if the work suffices to know it; else the set given.

    Every grouping breaks a rule of whatever clashes. So the fewest rules of which every known grouping
    breaks one either clash, and are then a smallest set, or lead to a grouping that was not known
    (Ignatiev, Previti, Liffiton and Marques-Silva, "Smallest MUS extraction with minimal hitting set
    dualization", 2015).
    """
    without = [(rule, tuple(other for other in rules if other != rule)) for rule in core]
    needed = [frozenset({rule}) for rule, others in without if oracle.is_possible(others)]
    if len(needed) == len(core):
        return core
    saved = oracle.work // 2
    while oracle.work > saved:
        broken = [oracle.broken(known, rules) for known in oracle.groupings]
        corrections = [*needed, *(each for each in broken if each)]
        least = _hitting(corrections, len(core) - 1)
        if least is None:
            return core
        chosen = tuple(rule for rule in rules if rule in least)
        answer = oracle.is_possible(chosen)
        if answer is not True:
            return chosen if answer is False else core
        _widened(oracle, rules)
    return core


def _widened(oracle: Oracle, rules: tuple[Rule, ...]) -> None:
    """Go on from the last grouping to such as break fewer rules, of which more can be learned."""
    held = [rule for rule in rules if rule not in oracle.broken(oracle.groupings[-1], rules)]
    for rule in rules:
        if rule not in held and oracle.is_possible([*held, rule]):
            held.append(rule)


def _hitting(sets: list[frozenset[Rule]], most: int) -> frozenset[Rule] | None:
    """The fewest rules, at most so many, of which each set has one; None when none are found."""
    for size in range(most + 1):
        looks = BRANCHES
        stack: list[tuple[frozenset[Rule], int]] = [(frozenset(), size)]
        while stack and looks:
            chosen, left = stack.pop()
            looks -= 1
            open_sets = [each for each in sets if not each & chosen]
            if not open_sets:
                return chosen
            if left:
                fewest = min(open_sets, key=len)
                stack += [(chosen | {rule}, left - 1) for rule in sorted(fewest, key=repr)]
        if stack:
            return None
    return None


def _described(oracle: Oracle, core: tuple[Rule, ...]) -> Conflict:
    """What a set of clashing rules is about: the people and groups without whom it would not clash."""
    code = ConflictCode.RULES_VS_ONE_ANOTHER if len(core) > 1 else ConflictCode.RULE_VS_SIZES
    value = _kind(oracle, core)
    people = {name for rule in core for name in people_in(rule)}
    for rule in core:
        if isinstance(rule, r.AtMost | r.AtLeast | r.SharedHours):
            people.update(_counted(oracle, core, rule, value))
    named = {name for rule in core for name in groups_in(rule)}
    return Conflict(
        code,
        people=tuple(sorted(people)),
        groups=tuple(sorted(named | set(_sizes_in(oracle, core)))),
        rules=core,
        needed=max(1, len(core)),
        available=max(1, len(core)) - 1,
        value=value,
    )


def _kind(oracle: Oracle, core: tuple[Rule, ...]) -> str | None:
    """The one kind of people that the rules of a clash count; None when there are none or several."""
    kinds = {(each.attribute, each.value) for each in core if isinstance(each, r.AtMost | r.AtLeast)}
    if len(kinds) != 1:
        return None
    attribute, value = kinds.pop()
    if value is not None:
        return value
    for each in sorted({value for person in oracle.problem.people for value in person.values_of(attribute)}):
        alone = tuple(replace(rule, value=each) if isinstance(rule, r.AtMost) else rule for rule in core)
        if oracle.is_possible(alone) is False:
            return each
    return None


def _counted(oracle: Oracle, core: tuple[Rule, ...], rule: Rule, value: str | None) -> list[str]:
    """The people because of whose answers a rule of a clash cannot hold."""
    if isinstance(rule, r.SharedHours):
        answered = [person for person in oracle.problem.people if person.hours is not None]
        return _indispensable(oracle, core, answered) if rule.quorum == 1 else [each.id for each in answered]
    assert isinstance(rule, r.AtMost | r.AtLeast)
    wanted = rule.value or value
    having = [
        person
        for person in oracle.problem.people
        if (wanted in person.values_of(rule.attribute) if wanted else person.values_of(rule.attribute))
    ]
    if isinstance(rule, r.AtLeast):
        return [person.id for person in having]
    return _indispensable(oracle, core, having)


def _indispensable(oracle: Oracle, core: tuple[Rule, ...], people: list[Person]) -> list[str]:
    """Those of some people whose answers it takes: without those of the others the rules still clash."""
    if len(people) > KIND_LOOKS:
        return [person.id for person in people]
    problem = replace(oracle.problem, rules=core, aims=())
    kept = []
    for person in people:
        less = replace(problem, people=tuple(_silent(each, person.id) for each in problem.people))
        if oracle.of(less) is False:
            problem = less
        else:
            kept.append(person.id)
    return kept


def _silent(person: Person, name: str) -> Person:
    """The person, without answers if it is the one named."""
    return Person(person.id) if person.id == name else person


def _sizes_in(oracle: Oracle, core: tuple[Rule, ...]) -> list[str]:
    """The groups whose sizes it takes: with others of any size the rules still clash."""
    groups = list(oracle.problem.groups)
    if len(groups) > GROUP_LOOKS:
        return [group.id for group in groups]
    found = []
    for place, group in enumerate(groups):
        groups[place] = Group(group.id, 0, max(1, len(oracle.problem.people)))
        if oracle.is_possible(core, tuple(groups)) is not False:
            groups[place] = group
            found.append(group.id)
    return found
