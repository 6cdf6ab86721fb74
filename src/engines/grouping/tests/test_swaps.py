"""Exchanges of two people, against scoring every exchanged grouping from scratch."""

import random
from time import process_time

import pytest
from hypothesis import given, settings

from engines.grouping import (
    Alike,
    AllowedGroups,
    AtLeast,
    AtMost,
    Balanced,
    Board,
    Coverage,
    Group,
    KeepApart,
    KeepTogether,
    MeetingHours,
    Person,
    Problem,
    ProblemError,
    Proportional,
    best_swaps,
    exchange,
    problem_of,
    report,
    score,
    violations,
)
from engines.grouping.tests.cast import groups, published
from engines.grouping.tests.test_moves import placed
from engines.grouping.tests.test_solve import varied


def exchanged(assignment: dict[str, str], first: str, second: str) -> dict[str, str]:
    return {**assignment, first: assignment[second], second: assignment[first]}


def by_hand(problem: Problem, assignment: dict[str, str], person: str, most: int) -> list[tuple[str, float]]:
    """The best exchanges that add no violation in either group, from scoring each from scratch."""
    together = {
        name for rule in problem.rules_of(KeepTogether) if len(rule.people) > 1 for name in rule.people
    }
    known = amounts(problem, assignment)
    found = []
    for other in problem.people:
        if assignment.get(other.id) in (None, assignment[person]) or together & {person, other.id}:
            continue
        then = exchanged(assignment, person, other.id)
        after = amounts(problem, then)
        if all(after[key] <= known.get(key, 0) for key in after):
            found.append((-round(score(problem, then).total * len(assignment), 9), other.id, then))
    return [(name, score(problem, then).total) for _rank, name, then in sorted(found, key=lambda x: x[:2])][
        :most
    ]


def amounts(problem: Problem, assignment: dict[str, str]) -> dict[object, int]:
    """How far each group breaks rules about it, and each rule about names is broken."""
    found: dict[object, int] = {}
    for each in violations(problem, assignment):
        is_named = (
            each.rule is not None and not isinstance(each.rule, AtMost | AtLeast) and len(each.groups) != 1
        )
        key = each.rule if is_named or isinstance(each.rule, AllowedGroups) else each.groups
        found[key] = found.get(key, 0) + each.amount
    return found


def test_the_best_swaps_are_those_found_by_trying_every_one():
    problem = varied()
    assignment = {**placed(problem), "p7": "g2", "p8": "g0"}
    told = 0
    for person in problem.people:
        now, swaps = best_swaps(problem, assignment, person=person.id, most=4)

        expected = by_hand(problem, assignment, person.id, 4)
        assert now == pytest.approx(score(problem, assignment).total, abs=1e-9)
        assert [each.person for each in swaps] == [name for name, _total in expected]
        assert [each.total for each in swaps] == pytest.approx([total for _name, total in expected], abs=1e-9)
        assert all(each.group == assignment[each.person] for each in swaps)
        told += len(swaps)
    assert told > 20


@settings(max_examples=60, deadline=None)
@given(published())
def test_no_exchange_is_better_than_those_told_of_in_any_problem(drawn):
    spec, rows, assignment = drawn
    try:
        problem = problem_of({**spec, "hard": {}}, rows)
    except ProblemError:
        return
    for person in assignment:
        now, swaps = best_swaps(problem, assignment, person=person, most=2)

        every = [
            score(problem, exchanged(assignment, person, other)).total
            for other in assignment
            if assignment[other] != assignment[person]
        ]
        assert [each.total for each in swaps] == pytest.approx(sorted(every, reverse=True)[:2], abs=1e-9)
        assert now == pytest.approx(score(problem, assignment).total, abs=1e-9)


def test_an_exchange_is_what_scoring_both_groupings_says():
    problem = varied()
    assignment = placed(problem)
    for first, second in (("p0", "p9"), ("p1", "p12"), ("p5", "p20")):
        then = exchanged(assignment, first, second)

        told = exchange(problem, assignment, first=first, second=second)

        known = set(violations(problem, assignment))
        broken = tuple(each for each in violations(problem, then) if each not in known)
        touched = {assignment[first], assignment[second]}
        assert (told.before, told.after) == (score(problem, assignment), score(problem, then))
        assert (told.violations, told.broken) == (violations(problem, then), broken)
        assert told.reports == tuple(
            each
            for each in report(problem, then)
            if each.group in touched and assignment[first] != assignment[second]
        )
        assert Board(problem, assignment).broken({first: then[first], second: then[second]}) == broken


def test_what_a_move_breaks_is_named_as_by_its_whole_effect():
    problem = varied()
    assignment = placed(problem)
    board = Board(problem, assignment)
    named = 0
    for person in problem.people:
        for group in problem.groups:
            told = board.broken({person.id: group.id})

            assert told == board.effect({person.id: group.id}).broken
            named += len(told)
    assert named > 20


def test_a_board_after_a_change_says_what_a_new_one_would():
    problem = varied()
    assignment = placed(problem)
    moves = {"p0": assignment["p9"], "p9": assignment["p0"]}
    fresh, asked = Board(problem, assignment), Board(problem, assignment)
    asked.effect({"p3": "g0"})
    asked.best_swaps("p3")

    for board in (fresh.after(moves), asked.after(moves)):
        expected = Board(problem, {**assignment, **moves})
        assert board.alternatives("p5") == expected.alternatives("p5")
        assert board.best_swaps("p5") == expected.best_swaps("p5")
        assert board.reports() == report(problem, {**assignment, **moves})


def test_values_shared_out_count_the_same_one_by_one_and_together():
    dice = random.Random(7)
    languages = ("en", "es", "fr", "ht")
    people = tuple(
        Person(f"p{i}", sets={"languages": frozenset(dice.sample(languages, dice.randrange(4)))})
        for i in range(30)
    )
    aims = tuple(
        Proportional(name=value, attribute="languages", value=value, weight=weight)
        for weight, value in enumerate((*languages, "nobody's"), start=1)
    )
    problem = Problem(
        people, groups(4, 0, 30), aims=(*aims, Proportional(name="idle", attribute="x", value="y", weight=0))
    )
    assignment = placed(problem)

    board = Board(problem, assignment)
    now, others = board.alternatives("p0")
    _now, swaps = board.best_swaps("p0", most=40)

    assert now == pytest.approx(score(problem, assignment).total, abs=1e-9)
    for each in others:
        moved = {**assignment, "p0": each.group}
        assert each.total == pytest.approx(score(problem, moved).total, abs=1e-9)
    assert len(swaps) == sum(group != assignment["p0"] for group in assignment.values())
    for swap in swaps:
        then = exchanged(assignment, "p0", swap.person)
        assert swap.total == pytest.approx(score(problem, then).total, abs=1e-9)


NORTH = {"area": "north"}


@pytest.mark.parametrize(
    ("rules", "partners"),
    [
        ((), ["c", "d"]),
        ((KeepTogether(("a", "b")),), []),
        ((KeepTogether(("c", "e")),), ["d"]),
        ((AllowedGroups("a", ("g0", "g2")),), ["d"]),
        ((AllowedGroups("c", ("g1",)),), ["d"]),
        ((KeepApart("b", "c"),), ["d"]),
        ((KeepApart("a", "e"),), ["d"]),
    ],
)
def test_an_exchange_that_breaks_a_rule_is_not_offered(rules, partners):
    """a and b are in g0, c and e in g1, d alone in g2."""
    people = (Person("a", categories=NORTH), *map(Person, "bcde"))
    problem = Problem(people, (Group("g0", 2, 2), Group("g1", 1, 2), Group("g2", 1, 1)), rules=rules)
    assignment = {"a": "g0", "b": "g0", "c": "g1", "d": "g2", "e": "g1"}

    _now, swaps = best_swaps(problem, assignment, person="a", most=5)

    assert [each.person for each in swaps if each.person != "e"] == partners


def test_nobody_is_offered_when_none_is_asked_for():
    problem = Problem((Person("a"), Person("b")), groups(2, 1, 1))

    assert best_swaps(problem, {"a": "g0", "b": "g1"}, person="a", most=0) == (1.0, ())


def test_six_hundred_people_in_48_groups_are_looked_through_within_half_a_second_of_processor_time():
    dice = random.Random(3)
    topics = [f"t{k}" for k in range(12)]
    people = tuple(
        Person(
            f"p{i}",
            categories={"area": f"area {i % 9}"},
            numbers={"years": float(dice.randrange(30))},
            needs=tuple(dice.sample(topics, 3)),
            expertise={topic: dice.randrange(5) for topic in dice.sample(topics, 3)},
            hours=frozenset(dice.sample(range(40), 14)),
        )
        for i in range(600)
    )
    problem = Problem(
        people,
        groups(48, 10, 15),
        rules=(AtMost("area", 6),),
        aims=(
            Alike(name="area", attribute="area"),
            Balanced(name="years", attribute="years"),
            Coverage(name="known"),
            MeetingHours(name="hours", target=3, quorum=0.8),
        ),
        slots=40,
    )
    assignment = {f"p{i}": f"g{i % 48}" for i in range(600)}
    before = process_time()

    _now, swaps = best_swaps(problem, assignment, person="p0")

    assert process_time() - before < 0.5
    assert len(swaps) == 3
