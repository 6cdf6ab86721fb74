"""Somebody new and somebody for a gap, against scoring the changed grouping anew."""

import random

import pytest

from engines.grouping import (
    Alike,
    AllowedGroups,
    AtLeast,
    AtMost,
    Group,
    KeepTogether,
    Person,
    Problem,
    arrivals,
    openings,
    score,
)
from engines.grouping.tests.cast import groups, people
from engines.grouping.tests.test_solve import varied


def placed(problem: Problem) -> dict[str, str]:
    dice = random.Random(5)
    return {person.id: dice.choice(problem.groups).id for person in problem.people}


def test_openings_tell_the_scores_without_and_with_somebody():
    problem = varied()
    newcomer, *others = [person.id for person in problem.people]
    assignment = {person: group for person, group in placed(problem).items() if person in others}

    found = openings(problem, assignment, person=newcomer)

    now = score(problem, assignment)
    for each in found:
        then = score(problem, {**assignment, newcomer: each.group})
        assert each.before == pytest.approx(now.groups.get(each.group, 0.0), abs=1e-9)
        assert each.after == pytest.approx(then.groups[each.group], abs=1e-9)
        size = list(assignment.values()).count(each.group)
        assert each.gain == pytest.approx((size + 1) * each.after - size * each.before, abs=1e-9)
    assert [each.gain for each in found if not each.breaks] == sorted(
        (each.gain for each in found if not each.breaks), reverse=True
    )


def test_full_groups_are_no_openings_and_those_that_break_something_come_last():
    problem = Problem(
        people=(
            Person("a", categories={"area": "north"}),
            Person("b", categories={"area": "south"}),
            Person("new", categories={"area": "north"}),
        ),
        groups=(Group("full", 1, 1), Group("same", 0, 3), Group("other", 0, 3), Group("closed", 0, 3)),
        rules=(AtMost("area", 1), AllowedGroups("new", ("full", "same", "other"))),
    )

    found = openings(problem, {"a": "same", "b": "full"}, person="new")

    assert [(each.group, each.breaks, each.room) for each in found] == [
        ("other", False, 3),
        ("same", True, 2),
        ("closed", True, 3),
    ]


def test_who_is_kept_together_opens_only_where_the_others_are():
    problem = Problem(
        people=people(3), groups=groups(2, 0, 3), rules=(KeepTogether(("p0", "p2")), KeepTogether(("p1",)))
    )

    found = openings(problem, {"p0": "g1", "p1": "g0"}, person="p2")

    assert [(each.group, each.breaks) for each in found] == [("g1", False), ("g0", True)]
    assert not any(each.breaks for each in openings(problem, {"p1": "g0"}, person="p2"))


def test_arrivals_are_moves_that_break_nothing_the_best_first():
    problem = Problem(
        people=tuple(
            Person(name, categories={"area": area})
            for name, area in (("a", "north"), ("b", "south"), ("c", "north"), ("d", "south"), ("e", "north"))
        ),
        groups=(Group("gap", 2, 4), Group("rich", 2, 4), Group("poor", 1, 4)),
        aims=(Alike(name="area", attribute="area"),),
    )
    assignment = {"a": "gap", "b": "rich", "c": "rich", "d": "rich", "e": "poor"}

    found = arrivals(problem, assignment, group="gap", at_most=5)

    before = score(problem, assignment).total
    told = {each.person: each for each in found}
    assert ([found[0].person], set(told)) == (["c"], {"b", "c", "d"})
    for each in found:
        after = score(problem, {**assignment, each.person: "gap"}).total
        assert each.gain / 5 == pytest.approx(after - before, abs=1e-9)
    assert arrivals(problem, assignment, group="gap", at_most=1) == found[:1]


def test_nobody_arrives_in_a_full_group_without_company_or_against_a_rule():
    base = Problem(people=people(5), groups=(Group("gap", 1, 2), Group("rich", 1, 4)))
    assignment = {"p0": "gap", "p1": "rich", "p2": "rich", "p3": "rich", "p4": "rich"}
    full = {**assignment, "p1": "gap"}
    bound = Problem(
        people=tuple(
            Person(f"p{i}", categories={"area": "north" if i in {0, 3} else f"{i}"}) for i in range(5)
        ),
        groups=base.groups,
        rules=(KeepTogether(("p1", "p2")), AtMost("area", 1), AllowedGroups("p4", ("rich",))),
    )

    assert arrivals(base, full, group="gap", at_most=9) == ()
    assert arrivals(bound, assignment, group="gap", at_most=9) == ()


def test_nobody_is_asked_whose_leaving_breaks_a_rule_at_home():
    problem = Problem(
        people=tuple(Person(f"p{i}", categories={"role": "nurse" if i == 1 else "other"}) for i in range(4)),
        groups=(Group("gap", 0, 2, optional=True), Group("rich", 1, 4)),
        rules=(AtLeast("role", "nurse", 1),),
    )
    assignment = {"p0": "gap", "p1": "rich", "p2": "rich", "p3": "rich"}

    assert [each.person for each in arrivals(problem, assignment, group="gap", at_most=9)] == ["p2", "p3"]
