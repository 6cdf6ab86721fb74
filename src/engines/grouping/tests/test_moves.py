"""What a move would do, against scoring the changed grouping from scratch."""

import random

import pytest

from engines.grouping import (
    Alike,
    AllowedGroups,
    AtMost,
    Group,
    KeepTogether,
    Person,
    Problem,
    alternatives,
    effect,
    score,
    violations,
)
from engines.grouping.tests.cast import groups
from engines.grouping.tests.test_solve import varied


def placed(problem: Problem) -> dict[str, str]:
    dice = random.Random(5)
    return {person.id: dice.choice(problem.groups).id for person in problem.people}


def test_an_effect_is_what_scoring_both_groupings_says():
    problem = varied()
    assignment = placed(problem)
    for person in problem.people[:6]:
        for group in problem.groups:
            moved = {**assignment, person.id: group.id}

            told = effect(problem, assignment, person=person.id, to=group.id)

            assert (told.before, told.after) == (score(problem, assignment), score(problem, moved))
            assert told.violations == violations(problem, moved)
            known = set(violations(problem, assignment))
            assert told.broken == tuple(each for each in told.violations if each not in known)


def test_alternatives_name_every_other_group_with_its_total():
    problem = varied()
    assignment = placed(problem)
    for person in problem.people[:6]:
        now, others = alternatives(problem, assignment, person=person.id)

        assert now == pytest.approx(score(problem, assignment).total, abs=1e-9)
        assert [each.group for each in others] == [
            group.id for group in problem.groups if group.id != assignment[person.id]
        ]
        for each in others:
            moved = {**assignment, person.id: each.group}
            assert each.total == pytest.approx(score(problem, moved).total, abs=1e-9)


def test_the_last_person_may_leave_a_group():
    problem = Problem(
        (Person("a", categories={"area": "north"}), Person("b")),
        (Group("g0", 0, 2), Group("g1", 0, 2)),
        aims=(Alike(name="area", attribute="area"),),
    )

    told = effect(problem, {"a": "g0", "b": "g1"}, person="a", to="g1")

    assert (list(told.after.groups), told.broken) == (["g1"], ())


@pytest.mark.parametrize(
    ("rules", "breaking"),
    [
        ((), ["g1"]),
        ((KeepTogether(("a", "b")),), ["g1", "g2"]),
        ((AllowedGroups("a", ("g0", "g1")),), ["g1", "g2"]),
        ((AtMost("area", 1),), ["g1", "g2"]),
    ],
)
def test_alternatives_tell_what_breaks(rules, breaking):
    """a and b are in g0, which may lose one; g1 is full; g2 holds somebody of a's area."""
    north = {"area": "north"}
    problem = Problem(
        (Person("a", categories=north), Person("b"), Person("c"), Person("d", categories=north)),
        (Group("g0", 1, 2), Group("g1", 1, 1), Group("g2", 1, 2)),
        rules=rules,
    )

    _now, others = alternatives(problem, {"a": "g0", "b": "g0", "c": "g1", "d": "g2"}, person="a")

    assert [each.group for each in others if each.breaks] == breaking


def test_leaving_a_group_below_its_smallest_size_breaks():
    problem = Problem((Person("a"), Person("b"), Person("c")), groups(2, 1, 3))

    _now, [other] = alternatives(problem, {"a": "g0", "b": "g1", "c": "g1"}, person="a")

    assert other.breaks
