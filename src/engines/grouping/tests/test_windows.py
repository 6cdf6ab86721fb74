"""Many groups: only some of them change at a time, and the answer is as good and as repeatable."""

import random
from collections.abc import Mapping

import pytest

from engines.grouping import (
    Alike,
    Group,
    KeepApart,
    Locked,
    MeetingHours,
    Person,
    Problem,
    Proposal,
    SizeNear,
    search,
    solve,
    violations,
    walk,
)
from engines.grouping import layout as at
from engines.grouping.budget import Budget
from engines.grouping.opening import named
from engines.grouping.sheet import Sheet
from engines.grouping.table import memory_of
from engines.grouping.tests.cast import groups, people
from engines.grouping.tests.test_kernel import any_problem
from engines.grouping.windows import Windows

SECOND = Budget(seconds=1)


def many(number: int) -> Problem:
    """Two people to a group, for each somebody of the same area."""
    crowd = tuple(Person(f"p{i:03}", categories={"area": f"a{i % number:03}"}) for i in range(2 * number))
    sizes = tuple(Group(f"g{g:03}", 2, 2) for g in range(number))
    return Problem(crowd, sizes, (KeepApart("p000", "p001"),), (Alike(name="area", attribute="area"),))


def ground(
    problem: Problem, start: Mapping[str, str] | None = None, budget: Budget = SECOND
) -> "search._Ground":
    sheet = Sheet(problem)
    made = search._Ground(sheet, memory_of(sheet, 1), [True] * len(sheet.groups), budget)
    return search._constructed(made, start or {}, 1)


def opened(problem: Problem, groups: int, start: Mapping[str, str] | None = None) -> "search._Ground":
    """Everybody placed, with windows of so many groups."""
    made = ground(problem, start)
    made.windows = Windows(memory_of(made.sheet, 1), groups)
    walk.repair(made.t, made.r, 400)
    return made


def groups_changed(before: list[int], after: list[int]) -> set[int]:
    return {g for pair in zip(before, after, strict=True) for g in pair if pair[0] != pair[1]}


def test_outside_of_the_window_nobody_changes_places():
    made = opened(many(20), 5)
    before = made.places

    tried, changes = made.windows.wander(made.t, made.r, each=200, most=10**9, warmth=5.0)

    assert tried == 10 * 200
    assert changes
    assert 1 < len(groups_changed(before, made.places)) <= 5


def test_a_window_takes_no_more_trials_than_are_left():
    made = opened(many(20), 5)

    assert made.windows.wander(made.t, made.r, each=200, most=7, warmth=0.0)[0] == 7


def test_in_a_window_where_nobody_may_change_places_nothing_happens():
    crowd = people(6)
    locks = tuple(Locked(person.id, f"g{i // 2}") for i, person in enumerate(crowd))
    made = opened(Problem(crowd, groups(3, 2, 2), locks, (SizeNear(name="size", target=2),)), 2)

    assert made.windows.wander(made.t, made.r, each=200, most=7, warmth=5.0) == (1, 0)
    assert made.places == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize("seed", range(40))
def test_what_is_put_back_is_what_the_aims_and_rules_say_of_any_problem(seed):
    made = opened(any_problem(random.Random(seed), count=40, number=8), 5)
    if made.breach:
        return
    for warmth in (0.1, 0.02, 0.0):
        before = made.places
        made.windows.wander(made.t, made.r, each=30, most=10**9, warmth=warmth)
        assert len(groups_changed(before, made.places)) <= 5

    anew = ground(made.sheet.problem, named(made.sheet, made.places))

    assert not violations(made.sheet.problem, named(made.sheet, made.places))
    assert anew.places == made.places
    assert made.breach == anew.breach == 0
    assert made.value == pytest.approx(anew.value, abs=1e-9)


def test_many_groups_are_searched_in_windows_with_the_same_answer_each_time(monkeypatch):
    problem = many(search.WIDE)
    assert ground(problem).windows is not None
    assert ground(many(search.WIDE - 1)).windows is None
    monkeypatch.setattr(search, "WIDE", 40)
    monkeypatch.setattr(search, "WINDOW", (10, 60))

    one, other = (solve(many(40), seed=3, seconds=0.005, reasons=False) for _ in range(2))
    begun = solve(many(40), seed=3, trials=1, reasons=False)

    assert isinstance(one, Proposal)
    assert isinstance(begun, Proposal)
    assert one == other
    assert one.score.total > begun.score.total + 0.1


def test_work_in_windows_counts_as_it_goes():
    made = ground(many(search.WIDE))

    made.wander(10**5, 0.1)

    assert made.trials * (search.WINDOW_MISSED + walk.WORK_OF_TRIAL) < made.spent
    assert made.t[at.ACTIVES] == made.t[at.MOVABLES]


def test_many_groups_that_are_begun_already_are_annealed_a_few_at_a_time(monkeypatch):
    monkeypatch.setattr(search, "WIDE", 40)
    problem = many(40)
    start = {person.id: f"g{i // 2:03}" for i, person in enumerate(problem.people)}
    start |= {"p001": "g001", "p002": "g000"}
    amount = search.MANY * len(problem.people) // 8
    monkeypatch.setattr(search, "MANY", search.MANY // 8)
    made = ground(problem, start, Budget(trials=amount))

    is_part = [made.is_part for _ in search._steps(made, amount, 1)]

    assert made.is_begun
    assert (is_part[0], is_part[-1]) == (False, True)


def free_at_times(number: int) -> Problem:
    """Two people to a group; each is free in one of three slots; all of a group have to share one."""
    crowd = tuple(Person(f"p{i:03}", hours=frozenset({i % 3})) for i in range(2 * number))
    sizes = tuple(Group(f"g{g:03}", 2, 2) for g in range(number))
    return Problem(crowd, sizes, aims=(MeetingHours(name="hours", quorum=1.0, target=1),), slots=3)


def free_at(made: "search._Ground", unit: int) -> set[int]:
    return set(made.sheet.people[made.sheet.units[unit][0]].hours or ())


def test_among_many_groups_a_partner_is_found_with_whom_no_shared_hour_is_lost():
    problem = free_at_times(30)
    shared = {p.id: f"g{(i % 3) * 10 + i // 6:03}" for i, p in enumerate(problem.people)}
    made = ground(problem, shared)

    found = [walk.timely_partner(made.t, made.r, 0, unit, made.places[unit]) for unit in range(60)]

    assert {other >= 0 for other in found} == {True}
    assert [free_at(made, other) for other in found] == [free_at(made, unit) for unit in range(60)]


def test_a_partner_is_looked_for_only_so_long():
    problem = free_at_times(3)
    shared = {p.id: f"g{i % 3:03}" for i, p in enumerate(problem.people)}
    made = ground(problem, shared)

    assert walk.timely_partner(made.t, made.r, 0, 0, made.places[0]) == -1
    assert made.t[made.t[at.AT_WHOLE] + at.WORK] >= walk.LOOKED_AT * walk.WORK_OF_LOOK_AT


@pytest.mark.parametrize(("trials", "window"), [(10_000, search.LOOKING_WINDOW), (9_999, search.WINDOW)])
def test_hours_are_looked_for_where_there_is_time(trials, window):
    problem = free_at_times(search.WIDE)

    made = ground(problem, budget=Budget(trials=trials * len(problem.people)))

    assert (made.window, made.t[at.TIMELY] > 0) == (window, window == search.LOOKING_WINDOW)


@pytest.mark.parametrize(("groups", "timely"), [(search.LOOKED, search.TIMELY), (search.LOOKED - 1, 0)])
def test_hours_are_looked_for_among_many_groups_only(groups, timely):
    problem = free_at_times(groups)

    made = ground(problem, budget=Budget(trials=10_000 * len(problem.people)))

    assert (made.t[at.TIMELY], made.windows) == (timely, None)


def test_who_looks_for_suitable_hours_loses_nothing_while_it_is_cold():
    draw = random.Random(4)
    crowd = tuple(Person(f"p{i:02}", hours=frozenset(draw.sample(range(6), 3))) for i in range(24))
    sizes = tuple(Group(f"g{g}", 4, 4) for g in range(6))
    aim = MeetingHours(name="hours", quorum=1.0, target=2)
    made = ground(Problem(crowd, sizes, aims=(aim,), slots=6))
    made.t[at.TIMELY] = 1_000
    before = made.value

    walk.wander(made.t, made.r, 4_000, 0.0)

    assert made.value > before
    assert sorted(made.places) == sorted(4 * [*range(6)])
